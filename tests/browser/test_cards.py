"""How the cards look in a real browser: short, and whole on a phone."""

from collections.abc import Callable

import pytest
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.page import PlaygroundPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

Look = Callable[..., PlaygroundPage]
HIGHEST = {"Release stand-up": 440, "One to one": 220, "Rejected": 200, "Busy": 200, "Cancelled": 200}
"""CSS pixels on a wide screen, with who posted it and when."""


def looked_up(page: PlaygroundPage, title: str) -> WebElement:
    """Look a sample up, and return the answer."""
    before = page.all("message")
    newest = before[-1].get_attribute("data-ts") if before else None
    page.look_up(title)
    page.wait_for("message")
    return page.wait_for_news(newest)


def test_a_card_takes_no_more_room_than_what_it_says(look: Look) -> None:
    page = look()
    heights = {title: looked_up(page, title).size["height"] for title in HIGHEST}
    assert {title: height for title, height in heights.items() if height > HIGHEST[title]} == {}


@pytest.mark.parametrize("person", ["U0TONY", "U0STEVE"])
def test_no_card_is_cut_off_on_a_phone(look: Look, person: str) -> None:
    page = look(person=person, width=390, height=844)
    cut = []
    for title in [chip.get_attribute("data-sample") or "" for chip in page.all("sample")]:
        answer = looked_up(page, title)
        wide = page.script(
            "return [...arguments[0].querySelectorAll('*')]"
            ".filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX === 'auto').length",
            answer,
        )
        if wide or page.is_scrolled_sideways():
            cut.append(title)
    assert cut == []
