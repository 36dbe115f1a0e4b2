"""The Home tab in the real playground: opened, read and pressed in, with the mouse and with the keyboard."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.page import PlaygroundPage

pytestmark = pytest.mark.browser

Look = Callable[..., PlaygroundPage]


def home(page: PlaygroundPage, containing: str) -> WebElement:
    """Return the Home tab, once it has this text."""
    return page.wait_until(lambda: page.find("home") if containing in page.find("home").text else None)


def open_home(page: PlaygroundPage, containing: str) -> WebElement:
    """Open the Home tab with the mouse."""
    page.find("tab-home").click()
    return home(page, containing)


def test_a_person_sees_their_calls_and_opens_one(look: Look) -> None:
    page = look()
    shown = open_home(page, "Release stand-up")
    assert "You are Iron Man (superhero1)" in shown.text
    assert page.driver.find_element(By.TAG_NAME, "h1").text == "callinfo"
    page.screenshot("home.png")
    page.press_button("found_call", of=shown)
    page.wait_until(lambda: "Share to" in page.find("modal").text)
    page.press(Keys.ESCAPE)
    page.wait_until(lambda: page.all("modal") == [])
    assert page.driver.switch_to.active_element.get_attribute("data-action") == "found_call"
    page.find("tab-messages").click()
    page.wait_for("composer")
    assert page.complaints() == []


def test_the_tabs_are_turned_by_the_arrow_keys_and_the_buttons_reached_by_tab(look: Look) -> None:
    page = look()
    page.tab_to(lambda element: element.get_attribute("data-testid") == "tab-messages")
    page.press(Keys.ARROW_RIGHT)
    assert page.focused() == "tab-home"
    assert page.find("tab-home").get_attribute("aria-selected") == "true"
    home(page, "Release stand-up")
    page.tab_to(lambda element: element.get_attribute("data-action") == "found_call")
    page.press(Keys.ENTER)
    page.wait_until(lambda: "Share to" in page.find("modal").text)
    page.press(Keys.ESCAPE)
    page.wait_until(lambda: page.all("modal") == [])
    page.tab_to(lambda element: element.get_attribute("data-testid") == "composer" or _is_person(element))
    assert page.complaints() == []


def _is_person(element: WebElement) -> bool:
    return element.get_attribute("name") == "person"


def test_who_is_not_linked_asks_there_and_an_admin_approves_there(look: Look) -> None:
    robin = look(person="U0ROBIN")
    alex = robin.in_another_window("U0ALEX")
    open_home(alex, "No open requests.")

    robin.to_front()
    shown = open_home(robin, "You’re not connected to CometChat yet")
    assert "Your latest calls" not in shown.text
    robin.press_button("ask_admin", of=shown)
    home(robin, "Request sent to @Alex")

    alex.to_front()
    alex.find("tab-messages").click()
    shown = open_home(alex, "@Robin requested access")
    alex.press_button("approve_link", of=shown)
    alex.wait_until(lambda: alex.focused() == "input-uid")
    alex.press("superhero4", Keys.ENTER)
    shown = home(alex, "@Robin is now linked to superhero4 in CometChat")
    assert "No open requests." in shown.text
    assert "Linked people" in shown.text

    robin.to_front()
    robin.find("tab-messages").click()
    open_home(robin, "(superhero4)")
    assert robin.complaints() == []


def test_another_person_sees_their_own_tab_and_nothing_of_the_one_before(look: Look) -> None:
    page = look(person="U0ALEX")
    open_home(page, "Access requests")
    page.driver.find_element(By.CSS_SELECTOR, '[data-testid="person-U0ROBIN"]').click()
    shown = home(page, "You’re not connected to CometChat yet")
    assert "Access requests" not in shown.text
    assert "superhero3" not in shown.text


def test_on_a_phone_the_tab_is_no_wider_than_the_screen(look: Look) -> None:
    page = look(width=360, height=740, dark=True)
    open_home(page, "Release stand-up")
    assert not page.is_scrolled_sideways()
