"""Find a call, in the real playground: from the menu beside the message box to a call that everybody sees."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from tests.browser.page import PlaygroundPage

pytestmark = pytest.mark.browser

Look = Callable[..., PlaygroundPage]


def open_form(page: PlaygroundPage) -> None:
    """Choose the shortcut with the mouse."""
    page.find("shortcuts").click()
    page.wait_for("shortcut-callinfo_find").click()
    page.wait_for("input-find_kind")


def modal_reads(page: PlaygroundPage, words: str) -> str:
    """Return what the modal says, once it has these words."""
    return page.wait_until(lambda: text if words in (text := page.find("modal").text) else None)


def test_a_call_is_found_chosen_and_shared_to_a_conversation(look: Look) -> None:
    page = look(person="U0STEVE")
    robin = page.in_another_window("U0ROBIN")
    page.to_front()
    open_form(page)
    Select(page.find("input-find_kind")).select_by_visible_text("Video")
    page.find("input-find_with").send_keys("wolver")
    page.find("modal-submit").click()
    assert "Release stand-up" in modal_reads(page, "with “wolver”")
    page.press_button("found_call")
    modal_reads(page, "Share to")
    assert Select(page.find("input-share_to")).first_selected_option.text == "#support"
    page.find("modal-submit").click()
    modal_reads(page, "Call shared.")
    robin.to_front()
    assert "Shared by @Steve" in robin.message("Shared by").text
    assert robin.complaints() == []


def test_the_form_is_filled_in_and_sent_with_the_keyboard_alone(look: Look) -> None:
    page = look()
    page.tab_to(lambda element: element.get_attribute("data-testid") == "shortcuts")
    page.press(Keys.ENTER)
    page.wait_until(lambda: page.focused() == "shortcut-callinfo_find")
    page.press(Keys.ENTER)
    page.wait_until(lambda: page.focused() == "input-find_kind")
    page.press("A")  # the first option that begins so
    page.tab_to(lambda element: element.get_attribute("data-testid") == "input-find_with")
    page.press("nobody at all", Keys.ENTER)
    modal_reads(page, "No calls match")
    page.press_button("find_change")
    field = page.wait_for("input-find_with")
    assert field.get_attribute("value") == "nobody at all"
    page.press(Keys.ESCAPE)
    page.wait_until(lambda: page.all("modal") == [])
    assert page.complaints() == []


def test_days_the_wrong_way_round_are_told_beside_the_input(look: Look) -> None:
    page = look(width=360, height=740, dark=True)
    open_form(page)
    for name, day in (("find_from", "2026-02-02"), ("find_to", "2026-02-01")):
        page.script(
            "const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;"
            "set.call(arguments[0], arguments[1]);"
            "arguments[0].dispatchEvent(new Event('input', { bubbles: true }));",
            page.find(f"input-{name}"),
            day,
        )
    page.find("modal-submit").click()
    assert page.wait_for("error-find_to").text
    assert page.find("input-find_to").get_attribute("aria-invalid") == "true"
    assert not page.is_scrolled_sideways()
