"""The playground's page in a real browser, with the real bot behind it."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import RunningPlayground
from tests.browser.page import PlaygroundPage

pytestmark = pytest.mark.browser

Look = Callable[..., PlaygroundPage]


def look_up_the_first_sample(page: PlaygroundPage) -> None:
    page.find("welcome-lookup").click()
    page.wait_until(lambda: page.driver.find_elements(By.CSS_SELECTOR, '[data-testid="message"] table'))


def test_the_first_sample_shows_its_summary_to_whoever_asked(look: Look) -> None:
    page = look()
    look_up_the_first_sample(page)
    [message] = page.all("message")
    assert message.get_attribute("data-ephemeral") == "true"
    assert "Only visible to you" in message.text
    assert "Iron Man" in message.find_element(By.TAG_NAME, "table").text
    assert page.complaints() == []
    page.screenshot("playground.png")


def test_another_person_does_not_see_it(look: Look) -> None:
    page = look()
    look_up_the_first_sample(page)
    page.find("person-U0STEVE").click()
    page.wait_for("welcome")
    assert page.all("message") == []
    page.find("person-U0TONY").click()
    assert "Iron Man" in page.wait_for("message").text


def test_a_dismissed_answer_is_gone(look: Look) -> None:
    page = look()
    look_up_the_first_sample(page)
    page.find("dismiss").click()
    page.wait_for("welcome")


def test_the_keyboard_is_enough_to_look_a_call_up(look: Look) -> None:
    page = look()
    page.tab_to(lambda element: element.get_attribute("data-testid") == "composer")
    page.press("/")
    page.wait_for("suggestion")
    page.press(Keys.ENTER)
    assert page.find("composer").get_attribute("value") == "/callinfo "
    page.press("v1")  # the first sample's id begins so
    page.press(Keys.ARROW_DOWN, Keys.ARROW_UP, Keys.ENTER)
    page.wait_until(lambda: page.all("suggestion") == [])
    page.press(Keys.ENTER)
    page.message("Iron Man")
    assert page.focused() == "composer"


def test_the_keyboard_is_enough_to_be_somebody_else(look: Look) -> None:
    page = look()
    page.tab_to(lambda element: element.get_attribute("name") == "person")
    page.press(Keys.ARROW_DOWN)
    page.wait_until(lambda: page.driver.current_url.endswith("?as=U0STEVE"))


def test_escape_closes_the_suggestions_and_enter_then_sends_what_is_written(look: Look) -> None:
    page = look()
    page.say("/callinfo ")
    assert "Your latest calls" in page.message("Only visible to you").text


def test_what_is_not_a_command_is_told_beside_the_composer(look: Look) -> None:
    page = look()
    page.say("/nonsense")
    assert "/nonsense" in page.wait_for("composer-error").text
    assert page.find("composer").get_attribute("value") == "/nonsense"


def test_an_unmapped_person_is_told_whom_to_ask(look: Look) -> None:
    page = look(person="U0ROBIN")
    look_up = page.find("sample")
    look_up.click()
    page.find("send").click()
    assert "admin" in page.wait_for("message").text.lower()


def test_hostile_names_are_shown_letter_by_letter(look: Look) -> None:
    page = look()
    page.look_up("Names that attack")
    message = page.message("<!channel> *bold* @here")
    assert message.find_elements(By.CSS_SELECTOR, ".slack_broadcast, .slack_user, .slack_channel, a") == []


def test_colons_of_times_stay_and_emoji_are_characters(look: Look) -> None:
    page = look()
    page.say("ended after 00:00:00 :tada: # 1 & <b> `*x*` *bold*")
    message = page.message("ended after")
    assert "ended after 00:00:00 🎉 # 1 & <b> *x* bold" in message.text
    assert message.find_elements(By.TAG_NAME, "img") == []


def test_everybody_sees_a_message_and_can_answer_it_in_a_thread_by_keyboard(look: Look) -> None:
    page = look()
    page.say("who can look at this?")
    page.message("who can look at this?")
    page.find("person-U0STEVE").click()
    page.message("who can look at this?")
    page.tab_to(lambda element: element.get_attribute("data-testid") == "more")
    page.press(Keys.ENTER)
    page.wait_for("shortcut-callinfo_from_message")
    page.press(Keys.END, Keys.ENTER)
    page.wait_for("thread-composer")
    page.wait_until(lambda: page.focused() == "thread-composer")
    page.press("I can", Keys.ENTER)
    page.wait_until(lambda: page.find("replies").text == "1 reply")
    page.press(Keys.ESCAPE)
    page.wait_until(lambda: page.all("thread") == [])


def test_a_phone_needs_no_scrolling_sideways(look: Look) -> None:
    page = look(width=360, height=740)
    assert not page.is_scrolled_sideways()
    look_up_the_first_sample(page)
    assert not page.is_scrolled_sideways()
    page.say("and a_very_long_word" * 20)
    page.message("a_very_long_word")
    assert not page.is_scrolled_sideways()


def test_a_low_window_scrolls_its_parts_and_not_the_page(look: Look) -> None:
    page = look(width=780, height=430)
    look_up_the_first_sample(page)
    assert page.script("return document.documentElement.scrollHeight") == 430


def test_the_system_decides_on_dark_unless_a_person_does(look: Look) -> None:
    page = look(dark=True)
    ground = "return getComputedStyle(document.body).backgroundColor"
    assert page.script(ground) == "rgb(25, 27, 31)"
    page.find("theme-light").click()
    page.wait_until(lambda: page.script(ground) == "rgb(255, 255, 255)")
    page.open("U0TONY")
    assert page.script(ground) == "rgb(255, 255, 255)"


def test_everything_comes_from_this_machine(look: Look) -> None:
    page = look()
    look_up_the_first_sample(page)
    loaded = page.script("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert loaded
    assert [url for url in loaded if not url.startswith(page.url)] == []


def test_a_lost_connection_is_told(look: Look, playground: RunningPlayground) -> None:
    page = look()
    playground.stop()
    page.wait_for("reconnecting")
    page.say("is anybody there?")
    assert "Is it still running?" in page.wait_for("composer-error").text


def test_a_restarted_playground_is_found_again_with_the_calls_that_it_has_now(
    look: Look, playground: RunningPlayground
) -> None:
    page = look()
    page.say("written before")
    page.message("written before")
    offered = offers(page)
    playground.restart()
    page.wait_for("welcome")
    assert page.all("reconnecting") == []
    page.wait_until(lambda: offers(page) != offered)  # each start has session ids of its own
    page.look_up("One to one")
    page.message("Captain America")


def offers(page: PlaygroundPage) -> list[str | None]:
    """Return what the sample buttons say of their calls, with the session ids."""
    return [chip.get_attribute("title") for chip in page.all("sample")]
