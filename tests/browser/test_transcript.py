"""A transcript, in the real playground: from the summary to what was said, searched by hand."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.page import PlaygroundPage

pytestmark = pytest.mark.browser

Look = Callable[..., PlaygroundPage]


def modal_reads(page: PlaygroundPage, words: str) -> str:
    """Return what the modal says, once it has these words."""
    return page.wait_until(lambda: text if words in (text := page.find("modal").text) else None)


def test_what_was_said_is_read_searched_and_left_for_the_details(look: Look) -> None:
    page = look()
    page.look_up("Release stand-up")
    page.press_button("call_transcript", of=page.message("Release stand-up"))
    said = modal_reads(page, "The build is green since last night")
    assert "Iron Man (you)" in said
    assert "Anyone with the link can read it" in said
    page.find("input-transcript_search").send_keys("migration", Keys.ENTER)
    found = modal_reads(page, "Said once:")
    assert "What about the migration?" in found
    assert "Loud and clear" not in found
    assert page.find("input-transcript_search:1").get_attribute("value") == "migration"
    page.find("input-transcript_search:1").send_keys(" and")
    page.press_button("call_transcript", of=page.find("modal"))
    modal_reads(page, "Loud and clear")
    assert page.find("input-transcript_search:2").get_attribute("value") == ""
    assert not page.is_scrolled_sideways()
    page.press_button("call_details", of=page.find("modal"))
    modal_reads(page, "Participants")
    page.press(Keys.ESCAPE)
    page.wait_until(lambda: page.all("modal") == [])
    assert page.complaints() == []


def test_three_hours_are_paged_on_a_phone(look: Look) -> None:
    page = look(width=360, height=740, dark=True)
    page.look_up("Transcript of three hours")
    page.press_button("call_transcript", of=page.message("3 h"))
    modal_reads(page, "Page 1 of 135")
    page.press_button("call_transcript", of=page.find("modal"))
    modal_reads(page, "Page 2 of 135")
    assert not page.is_scrolled_sideways()
