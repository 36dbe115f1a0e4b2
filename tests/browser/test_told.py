"""Being told of calls, in the real playground: switched on in Home, a call comes in, and the message is there."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.page import PlaygroundPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

Look = Callable[..., PlaygroundPage]


def switches(page: PlaygroundPage) -> list[WebElement]:
    """Return Home's two switches, once they are there."""
    return page.wait_until(lambda: page.find("home").find_elements(By.CSS_SELECTOR, "[type=checkbox]"))


def call(page: PlaygroundPage, how: str) -> None:
    """Let a call come in, with the keyboard."""
    page.find("call").send_keys(Keys.ENTER)
    page.wait_for(how).send_keys(Keys.ENTER)
    page.wait_until(lambda: "Natasha is calling" in page.find("call-says").text)


def test_who_switched_it_on_in_home_is_told_of_a_missed_call_and_can_stop_it(look: Look) -> None:
    page = look(person="U0STEVE")
    page.find("tab-home").click()
    switches(page)[0].click()
    page.wait_until(lambda: [each.is_selected() for each in switches(page)] == [True, False])
    page.find("tab-messages").click()
    page.wait_for("composer")
    call(page, "call-missed")
    page.find("person-U0TONY").click()  # a dot says when there is something to read
    page.wait_for("unread-U0STEVE")
    page.find("person-U0STEVE").click()
    told = page.message("Missed call from Natasha")
    assert "Direct message from callinfo" in told.text
    told.find_element(By.CSS_SELECTOR, '[data-testid="overflow"]').click()
    page.wait_until(lambda: page.driver.find_elements(By.CSS_SELECTOR, '[role="menuitem"]'))[0].click()
    page.find("tab-home").click()
    page.wait_until(lambda: [each.is_selected() for each in switches(page)] == [False, False])
    assert page.complaints() == []


@pytest.mark.parametrize(
    ("how", "last", "command"),
    [
        ("call-missed", "did not answer", "subscribe missed"),
        ("call-taken", "recording is ready", "subscribe ended"),
    ],
)
def test_who_is_not_told_of_a_call_reads_how_they_would_be(
    look: Look, how: str, last: str, command: str
) -> None:
    page = look(person="U0ROBIN")
    call(page, how)
    page.wait_until(lambda: "is calling" not in page.find("call-says").text)
    page.wait_until(lambda: "takes the call" not in page.find("call-says").text)
    page.wait_until(lambda: last in page.find("call-says").text)
    page.find("person-U0ALEX").click()  # the line goes on to say it of Robin
    page.wait_until(
        lambda: f"Robin isn’t told of it. To be told, type /callinfo {command}" in page.find("call-says").text
    )


def test_who_subscribes_in_the_welcome_is_told_and_the_story_says_nothing_else(look: Look) -> None:
    page = look()
    page.find("welcome-subscribe").click()
    page.message("I’ll message you when you miss a call")
    call(page, "call-missed")
    page.message("Missed call from Natasha")
    page.driver.execute_async_script("setTimeout(arguments[0], 4000)")  # by then it's said of who isn't told
    assert "isn’t told" not in page.find("call-says").text


def test_a_channel_is_told_when_a_call_has_ended_and_of_its_recording_in_the_thread(look: Look) -> None:
    page = look()
    page.say("/callinfo subscribe ended here")
    page.wait_for("message")
    call(page, "call-taken")
    page.wait_until(lambda: "takes the call" in page.find("call-says").text)
    page.wait_until(lambda: "has ended" in page.find("call-says").text)
    page.wait_until(lambda: "recording is ready" in page.find("call-says").text)
    page.find("person-U0STEVE").click()
    card = page.message("Natasha")
    assert card.get_attribute("data-ephemeral") == "false"
    page.wait_for("replies").click()
    assert "ecording" in page.message("ecording", within="thread").text
    assert page.complaints() == []


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_wrong_with_the_form_the_list_and_what_is_told(look: Look, width: int) -> None:
    page = look(width=width, height=844)
    page.say("/callinfo subscribe")
    page.wait_until(lambda: page.find("modal").find_element(By.CSS_SELECTOR, "[type=checkbox]"))
    wrong = page.violations()
    page.find("modal-submit").click()
    page.wait_until(lambda: page.all("modal") == [])
    page.say("/callinfo subscriptions")
    page.message("Your subscriptions")
    call(page, "call-missed")
    page.message("Missed call from Natasha")
    wrong += page.violations()
    page.be_dark(dark=True)
    wrong += page.violations("color-contrast")
    page.find("tab-home").click()
    switches(page)
    wrong += page.violations()
    assert wrong == []
    assert not page.is_scrolled_sideways()
