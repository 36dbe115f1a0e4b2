"""axe finds nothing to say about the page: in no state, in neither theme, at neither width.

Each test walks through states as somebody would, so that what is checked is what people come to see.
"""

from collections.abc import Callable, Iterator

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.page import PlaygroundPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

Look = Callable[..., PlaygroundPage]
BOTH_WIDTHS = pytest.mark.parametrize(("width", "height"), [(1280, 860), (390, 844)], ids=["wide", "phone"])


def found(page: PlaygroundPage, states: Iterator[str]) -> list[str]:
    """Go through the states, and return what axe finds wrong in each, and what is wider than its place."""
    wrong = []
    for state in states:
        wrong += [f"{state}: {violation}" for violation in page.violations()]
        page.be_dark(dark=True)
        page.wait_until(lambda: page.script("return document.documentElement.dataset.theme") == "dark")
        wrong += [f"{state}, dark: {violation}" for violation in page.violations("color-contrast")]
        page.be_dark(dark=False)
        if page.is_scrolled_sideways():
            wrong.append(f"{state}: scrolls sideways")
    return wrong


def close_modal(page: PlaygroundPage) -> None:
    page.press(Keys.ESCAPE)
    page.wait_until(lambda: page.all("modal") == [])


def looking_up(page: PlaygroundPage) -> Iterator[str]:
    yield "welcome"
    page.find("composer").send_keys("/callinfo ")
    page.wait_for("suggestion")
    yield "suggestions"
    page.press(Keys.ESCAPE)
    page.find("composer").clear()
    page.find("welcome-lookup").click()
    summary = page.message("Release stand-up")
    yield "a summary, and what to do next"
    page.press_button("call_details", of=summary)
    page.wait_until(lambda: page.find("modal").find_element(By.TAG_NAME, "pre"))
    yield "details"
    close_modal(page)
    page.press_button("share_call", of=summary)
    page.wait_for("confirm")
    yield "the question before sharing"
    page.find("confirm-go").click()
    card = page.message("Shared by @Tony")
    yield "a shared card"
    page.choose("reply-in-thread", card)
    page.wait_for("thread-composer")
    yield "a thread"
    page.find("close-thread").click()
    for title in ("Fifty people", "Names that attack", "Going on now", "CometChat is down", "Missed"):
        newest = page.all("message")[-1].get_attribute("data-ts")
        page.look_up(title)
        page.wait_for_news(newest)
        yield title
    page.say("/nonsense")
    page.wait_for("composer-error")
    yield "not a command"


def searching(page: PlaygroundPage) -> Iterator[str]:
    page.say("/callinfo recent")
    page.wait_for("message")
    yield "the latest calls"
    page.say("/callinfo help")
    page.wait_until(lambda: len(page.all("message")) == 2)
    yield "help"
    page.find("shortcuts").click()
    page.wait_for("shortcut-callinfo_find")
    yield "the menu of shortcuts"
    page.find("shortcut-callinfo_find").click()
    page.wait_for("input-find_kind")
    yield "the search form"
    page.find("modal-submit").click()
    page.press_button("found_call")
    page.wait_for("input-share_to")
    yield "a call that was found"
    close_modal(page)
    page.say("They say the call broke off.")
    page.choose("shortcut-callinfo_from_message", page.message("broke off"))
    page.wait_until(lambda: page.focused() == "input-session_id")
    page.press("not an id", Keys.ENTER)
    page.wait_for("error-session_id")
    yield "an error beside a field"
    close_modal(page)


def linking(page: PlaygroundPage) -> Iterator[str]:
    page.find("person-U0ROBIN").click()
    page.find("tab-home").click()
    page.press_button("ask_admin")
    page.wait_for("unread-U0ALEX")
    yield "Home of who is not linked, and a dot on the admin"
    page.find("person-U0ALEX").click()
    page.wait_until(lambda: page.find("home").find_element(By.CSS_SELECTOR, '[data-action="approve_link"]'))
    yield "Home of an admin, with a request"
    page.find("tab-messages").click()
    page.wait_for("direct")
    yield "a direct message"
    page.press_button("approve_link")
    page.wait_for("input-uid")
    yield "the form of an approval"
    close_modal(page)


@BOTH_WIDTHS
@pytest.mark.parametrize("walk", [looking_up, searching, linking], ids=lambda walk: walk.__name__)
def test_axe_finds_nothing_wrong_on_the_way(
    look: Look, walk: Callable[[PlaygroundPage], Iterator[str]], width: int, height: int
) -> None:
    page = look(width=width, height=height)
    assert found(page, walk(page)) == []
