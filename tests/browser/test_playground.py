"""What the playground does for whoever tries callinfo: it says what is next, whose a call is, and who has news."""

import re
from collections.abc import Callable

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.page import PlaygroundPage

pytestmark = pytest.mark.browser

Look = Callable[..., PlaygroundPage]


def chips(page: PlaygroundPage) -> list[str]:
    return [chip.text for chip in page.all("sample")]


def test_the_green_sample_is_sent_at_once_and_a_line_says_whom_to_be_until_that_is_done(look: Look) -> None:
    page = look()
    page.find("welcome-lookup").click()
    page.message("Iron Man (you)")
    assert page.focused() == "composer"
    assert page.find("next").text.startswith("Next: be Steve")
    page.look_up("One to one")
    page.message("4 min 5 s")
    page.find("next-go").click()
    page.wait_until(lambda: "You are Steve now" in page.find("next").text)
    assert page.driver.current_url.endswith("?as=U0STEVE")
    page.find("next-go").click()
    page.message("Captain America (you)")
    assert page.all("next") == []


def test_samples_come_in_groups_and_say_whose_they_are_where_they_are_not_yours(look: Look) -> None:
    page = look()
    groups = [group.text for group in page.all("sample-group")]
    assert groups == ["Calls", "Transcripts", "Privacy", "When things go wrong", "Odd data"]
    assert "Missed · Steve, Alex" in chips(page)
    assert "Busy" in chips(page)
    page.find("person-U0STEVE").click()
    page.wait_until(lambda: "Busy · Tony, Alex" in chips(page))
    assert "Missed" in chips(page)
    page.all("sample-group")[groups.index("Privacy")].click()
    assert "Somebody else’s call" in chips(page)
    assert page.all("sample-group")[groups.index("Privacy")].get_attribute("aria-pressed") == "true"


def test_a_dot_says_who_has_a_message_until_they_see_it(look: Look) -> None:
    page = look(person="U0ROBIN")
    page.find("tab-home").click()
    page.press_button("ask_admin")
    page.wait_for("unread-U0ALEX")
    assert page.all("unread-U0TONY") == []
    label = page.find("person-U0ALEX").get_attribute("textContent") or ""
    assert "new message" in label
    page.find("person-U0ALEX").click()
    page.wait_until(lambda: page.all("unread-U0ALEX") == [])


@pytest.mark.parametrize("width", [1280, 390])
def test_the_dot_takes_no_room_from_the_words(look: Look, width: int) -> None:
    page = look(person="U0ROBIN", width=width, height=844)
    page.find("tab-home").click()
    boxes = (
        "return [...document.querySelectorAll('.person-words *')].map((e) => [e.clientWidth, e.clientHeight])"
    )
    before = page.script(boxes)
    page.press_button("ask_admin")
    page.wait_for("unread-U0ALEX")
    assert page.script(boxes) == before
    names = (
        "return [...document.querySelectorAll('.person strong')].every((e) => e.scrollWidth <= e.clientWidth)"
    )
    assert page.script(names)


def test_a_call_that_comes_in_is_none_of_the_look_ups(look: Look) -> None:
    page = look()
    assert page.find("try-toggle").text == "Look up:"
    assert "A call comes in" not in page.driver.find_element(By.CSS_SELECTOR, ".try ul").text
    page.all("sample-group")[1].click()
    assert page.find("call").text == "A call comes in"


def test_the_welcome_is_read_from_its_top_where_it_is_too_long(look: Look) -> None:
    page = look(width=360, height=740)
    where = "const list = document.querySelector('.messages'); return [list.scrollTop, list.scrollHeight > list.clientHeight]"
    assert page.script(where) == [0, True]
    assert page.find("welcome-lookup").text == "Show Release stand-up"


def test_the_uid_that_the_admin_needs_stands_beside_the_person(look: Look) -> None:
    assert "superhero4" in look().find("person-U0ROBIN").text


@pytest.mark.parametrize(
    ("person", "typed", "chosen"),
    [
        ("U0TONY", "/callinfo rec", "/callinfo recent"),
        ("U0TONY", "/callinfo who", "/callinfo whoami"),
        ("U0ALEX", "/callinfo link", "/callinfo link @Robin superhero4"),
    ],
)
def test_a_subcommand_is_completed_before_any_call(look: Look, person: str, typed: str, chosen: str) -> None:
    page = look(person=person)
    page.find("composer").send_keys(typed)
    page.wait_for("suggestion")
    page.press(Keys.ENTER)
    page.wait_until(lambda: page.find("composer").get_attribute("value") == chosen)


def test_the_command_alone_is_sent_with_enter_whatever_could_follow(look: Look) -> None:
    page = look()
    page.find("composer").send_keys("/callinfo ")
    assert page.wait_for("suggestion").text.startswith("/callinfo recent")
    page.press(Keys.ENTER)
    page.wait_for("message")
    assert page.find("composer").get_attribute("value") == ""


def test_what_only_admins_may_do_is_offered_to_admins(look: Look) -> None:
    page = look()
    page.find("composer").send_keys("/callinfo unlink @")
    page.find("person-U0ALEX").click()
    page.find("composer").click()
    page.wait_for("suggestion")
    page.find("person-U0TONY").click()
    page.find("composer").click()
    page.wait_until(lambda: page.all("suggestion") == [])


def test_the_suggestions_are_walked_with_the_keyboard_also_in_the_list_itself(look: Look) -> None:
    page = look()
    page.find("composer").send_keys("/callinfo rece")
    page.wait_for("suggestion")
    page.press(Keys.SHIFT + Keys.TAB)
    assert page.driver.switch_to.active_element.get_attribute("role") == "listbox"
    page.press(Keys.ARROW_DOWN, Keys.ENTER)
    page.wait_until(lambda: page.find("composer").get_attribute("value") == "/callinfo recent missed")
    assert page.focused() == "composer"


def test_only_what_slack_keeps_survives_a_reload(look: Look) -> None:
    page = look()
    page.say("for everyone")
    page.message("for everyone")
    page.look_up("Release stand-up")
    page.press_button("call_details", of=page.message("Iron Man"))
    page.wait_for("modal")
    page.open("U0TONY")
    assert [message.text.splitlines()[-1] for message in page.all("message")] == ["for everyone"]
    assert page.all("modal") == []


def test_what_a_screen_reader_says_has_the_times_of_the_readers_zone(look: Look) -> None:
    page = look()
    page.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Pacific/Kiritimati"})
    page.open("U0TONY")
    page.look_up("Release stand-up")
    shown = re.search(
        r"Today at \d+:\d\d [AP]M|Yesterday at \d+:\d\d [AP]M", page.message("Release stand-up").text
    )
    assert shown
    assert shown[0] in (page.find("announcements").get_attribute("textContent") or "")


def test_a_low_window_leaves_room_for_the_messages(look: Look) -> None:
    page = look(width=640, height=450)
    page.find("welcome-lookup").click()
    page.message("Iron Man")
    assert page.script("return document.querySelector('.messages').clientHeight") > 200
    page.find("try-toggle").click()
    page.wait_for("sample")
    assert not page.is_scrolled_sideways()


def test_a_dialog_is_scrolled_with_the_keyboard(look: Look) -> None:
    page = look(width=640, height=450)
    page.say("/callinfo recent")
    page.find("shortcuts").click()
    page.wait_for("shortcut-callinfo_find").click()
    page.wait_for("input-find_kind")
    body = page.driver.find_element(By.CSS_SELECTOR, ".dialog-body")
    assert page.script("return arguments[0].scrollHeight > arguments[0].clientHeight", body)
    page.script("arguments[0].focus()", body)
    page.press(Keys.END)
    page.wait_until(lambda: page.script("return arguments[0].scrollTop > 0", body))
    page.tab_to(lambda element: element == body or element.get_attribute("data-testid") == "input-find_kind")
