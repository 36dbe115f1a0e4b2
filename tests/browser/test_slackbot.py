"""The conversation with Slackbot in the real playground: asked in words, answered by callinfo's tools, pressed further."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.page import PlaygroundPage

pytestmark = pytest.mark.browser

Look = Callable[..., PlaygroundPage]


def answer(page: PlaygroundPage, containing: str) -> WebElement:
    """Return the last answer, once it has these words."""
    return page.wait_until(
        lambda: next((each for each in page.all("answer")[-1:] if containing in each.text), None)
    )


def test_a_question_is_answered_and_a_press_shows_the_call_in_the_same_place(look: Look) -> None:
    page = look()
    page.find("tab-slackbot").click()
    page.wait_for("slackbot-composer").send_keys("Show my video calls with Spiderman", Keys.ENTER)
    listed = answer(page, "Release stand-up")
    assert "recent_calls" in listed.text
    assert page.find("question").text.endswith("Show my video calls with Spiderman")
    page.press_button("tool:get_call", of=listed)
    shown = answer(page, "32 min")
    page.wait_until(lambda: "5 of 7 joined" in page.all("answer")[-1].text)
    assert shown.get_attribute("data-ts") == listed.get_attribute("data-ts")
    assert len(page.all("answer")) == 1
    assert page.complaints() == []


def test_the_examples_are_asked_with_the_keyboard_and_each_person_has_answers_of_their_own(
    look: Look,
) -> None:
    page = look(person="U0ROBIN")
    page.tab_to(lambda element: element.get_attribute("data-testid") == "tab-messages")
    page.press(Keys.ARROW_LEFT)
    assert page.focused() == "tab-slackbot"
    page.tab_to(lambda element: element.get_attribute("data-testid") == "ask")
    page.press(Keys.ENTER)
    refused = answer(page, "recent_calls")
    assert refused.get_attribute("data-error") == "true"
    assert page.focused() == "slackbot-composer"
    page.find("person-U0TONY").click()
    page.wait_until(lambda: page.all("answer") == [])


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.timeout(120)
def test_axe_finds_nothing_wrong_with_the_conversation(look: Look, width: int) -> None:
    page = look(width=width, height=844)
    page.find("tab-slackbot").click()
    page.find("ask").click()
    answer(page, "recent_calls")
    tools = page.wait_until(lambda: page.driver.find_elements(By.CSS_SELECTOR, "details.tool > summary"))
    tools[0].send_keys(Keys.ENTER)
    assert page.violations() == []
    page.be_dark(dark=True)
    assert page.violations("color-contrast") == []
    assert not page.is_scrolled_sideways()
