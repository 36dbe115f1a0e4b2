"""Who may see what, as the requester and the admin live it in the real playground: asked for, linked, unlinked.

Robin is linked to nobody at first; Alex is the admin.
"""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.page import PlaygroundPage

pytestmark = pytest.mark.browser

Look = Callable[..., PlaygroundPage]
DIRECT = "Direct message from callinfo, only you see it"


def ask_for_the_first_sample(page: PlaygroundPage) -> None:
    page.find("sample").click()
    page.find("send").click()


def ask_an_admin(page: PlaygroundPage) -> None:
    """Ask for a call without being linked, and then to be linked."""
    ask_for_the_first_sample(page)
    page.press_button("ask_admin", of=page.message("You’re not connected to CometChat yet"))
    page.message("Request sent to @Alex")


def direct(page: PlaygroundPage, containing: str) -> WebElement:
    """Return the direct message with this text, once it is there."""
    message = page.message(containing)
    assert DIRECT in message.text
    assert "Only visible to you" not in message.text
    return message


def approve(page: PlaygroundPage, uid: str) -> None:
    """Approve Robin's request as an admin who first enters what is no UID."""
    page.press_button("approve_link", of=direct(page, "@Robin requested access"))
    page.wait_until(lambda: page.focused() == "input-uid")
    assert "Which CometChat user is @Robin?" in page.find("modal").text
    page.press("no uid!", Keys.ENTER)
    assert "not a CometChat UID" in page.wait_for("error-uid").text
    field = page.find("input-uid")
    assert field.get_attribute("aria-invalid") == "true"
    field.clear()
    field.send_keys(uid, Keys.ENTER)
    page.wait_until(lambda: page.all("modal") == [])


def test_who_is_not_linked_asks_an_admin_and_then_sees_the_call(look: Look) -> None:
    robin = look(person="U0ROBIN")
    alex = robin.in_another_window("U0ALEX")
    robin.to_front()
    ask_an_admin(robin)
    assert "Iron Man" not in robin.channel()

    alex.to_front()
    request = direct(alex, "@Robin requested access")
    assert "Name: Robin" in request.text
    assert "Title: Support engineer" in request.text
    approve(alex, "superhero4")
    decided = direct(alex, "@Robin is now linked to superhero4 in CometChat")
    assert "I’ve told them" in decided.text
    assert "requested access" not in alex.channel()  # nothing left to decide twice

    robin.to_front()
    direct(robin, "@Alex connected you to CometChat as superhero4")
    ask_for_the_first_sample(robin)
    assert "Wolverine (you)" in robin.message("Iron Man").text
    assert robin.complaints() == []


def test_a_direct_message_is_seen_by_one_person_and_told_to_their_screen_reader(look: Look) -> None:
    robin = look(person="U0ROBIN")
    alex = robin.in_another_window("U0ALEX")
    robin.to_front()
    ask_an_admin(robin)
    assert robin.all("direct") == []
    alex.to_front()
    message = direct(alex, "@Robin requested access")
    news = alex.find("announcements").get_attribute("textContent") or ""
    assert "callinfo, direct message: Robin requested access" in news

    alex.tab_to(lambda element: element == message.find_element(By.CSS_SELECTOR, '[data-testid="more"]'))
    alex.press(Keys.ENTER)
    alex.wait_for("shortcut-callinfo_from_message")
    assert alex.all("reply-in-thread") == []  # the answer would be the whole channel's
    alex.press(Keys.ESCAPE)
    alex.open("U0TONY")
    assert alex.all("direct") == []


def test_a_declined_request_is_told_to_who_asked(look: Look) -> None:
    page = look(person="U0ROBIN")
    ask_an_admin(page)
    page.open("U0ALEX")
    page.press_button("decline_link", of=direct(page, "@Robin requested access"))
    page.wait_for("confirm-go").click()
    direct(page, "You declined the request from @Robin")
    page.open("U0ROBIN")
    declined = direct(page, "declined your request")
    assert "@Alex" not in declined.text


def test_an_admin_links_lists_and_unlinks_by_command(look: Look) -> None:
    page = look(person="U0ALEX")
    page.say("/callinfo link @Robin superhero4")
    page.message("@Robin is now linked to superhero4 in CometChat")
    page.say("/callinfo links")
    assert "@Robin → superhero4 · by @Alex" in page.message("Linked people").text
    page.say("/callinfo whoami")
    page.message("You are superhero3 in CometChat.")

    page.open("U0ROBIN")
    page.say("/callinfo whoami")
    assert "Linked by @Alex" in page.message("You are superhero4 in CometChat.").text

    page.open("U0ALEX")
    page.say("/callinfo unlink @Robin")
    page.message("@Robin is no longer linked to superhero4")
    page.say("/callinfo links")
    page.message("No links yet.")
    page.open("U0ROBIN")
    ask_for_the_first_sample(page)
    page.message("You’re not connected to CometChat yet")
    assert "Iron Man" not in page.channel()


def test_two_people_get_one_uid_only_once_an_admin_confirms_it(look: Look) -> None:
    page = look(person="U0ALEX")
    page.say("/callinfo link @Robin superhero4")
    page.message("@Robin is now linked to superhero4 in CometChat")
    page.say("/callinfo link @Steve superhero4")
    question = page.message("@Steve isn’t linked yet: superhero4 already belongs to @Robin.")
    page.press_button("link_anyway", of=question)
    sure = page.wait_for("confirm-go")
    assert "see every call of this CometChat user" in sure.find_element(By.XPATH, "ancestor::dialog").text
    sure.click()
    page.message("@Steve is now linked to superhero4 in CometChat")


@pytest.mark.parametrize("command", ["link @Robin superhero1", "unlink @Steve", "links"])
def test_who_is_no_admin_is_refused(look: Look, command: str) -> None:
    page = look(person="U0ROBIN")
    page.say(f"/callinfo {command}")
    refused = page.message("Only admins can manage links.")
    assert "superhero" not in refused.text
    page.say("/callinfo whoami")
    page.message("You’re not connected to CometChat yet")
