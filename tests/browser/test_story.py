"""The story people come for, in the real playground: a message with a session id becomes a call, then everyone's.

From the ⋮ menu of a message to the summary, its details and the card that all see, as several people.
"""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.page import PlaygroundPage

pytestmark = pytest.mark.browser

Look = Callable[..., PlaygroundPage]
GET_CALL_INFO = "shortcut-callinfo_from_message"
QUESTION = "Can somebody look at this call?"

# Where the bars of the timeline begin, in CSS pixels: one number for each line but the scale's
BARS_BEGIN_AT = """
  const text = document.querySelector('[data-testid="modal"] pre span').firstChild;
  const starts = [...text.data.matchAll(/^[^░█\\n]+(?=[░█])/gm)].map((match) => match.index + match[0].length);
  return starts.map((start) => {
    const range = document.createRange();
    range.setStart(text, start);
    range.setEnd(text, start + 1);
    return range.getBoundingClientRect().left;
  });
"""


def sample(page: PlaygroundPage, title: str) -> str:
    """Return the session id of the sample with this title."""
    ids: dict[str, str] = page.script(
        "const { samples } = await (await fetch('/api/workspace')).json();"
        "return Object.fromEntries(samples.map((sample) => [sample.title, sample.session_id]));"
    )
    return ids[title]


def ask_about(page: PlaygroundPage, text: str) -> WebElement:
    """Post a message, and use the shortcut on it."""
    page.say(text)
    message = page.message(text)
    page.choose(GET_CALL_INFO, message)
    return message


def summary(page: PlaygroundPage, of: str = "Iron Man", *, within: str = "") -> WebElement:
    """Return the summary that only this person sees, once it is there."""
    message = page.message(of, within=within)
    assert message.get_attribute("data-ephemeral") == "true"
    return message


def share(page: PlaygroundPage, message: WebElement) -> None:
    """Press Share, and say yes."""
    page.press_button("share_call", of=message)
    page.wait_for("confirm-go").click()


def cards_of_everyone(page: PlaygroundPage) -> list[WebElement]:
    """Return the bot's messages that all people see, now."""
    return [
        message
        for message in page.all("message")
        if message.get_attribute("data-from") == "app" and message.get_attribute("data-ephemeral") == "false"
    ]


def filled_details(page: PlaygroundPage) -> WebElement:
    """Return the modal with a call's details, once it is filled."""
    return page.wait_until(
        lambda: modal if (modal := page.find("modal")).find_element(By.TAG_NAME, "pre") else None
    )


def test_a_message_is_looked_up_and_shared_with_everyone(look: Look) -> None:
    tony = look()
    steve = tony.in_another_window("U0STEVE")
    tony.to_front()
    ask_about(tony, f"{QUESTION} session {sample(tony, 'Release stand-up')}")
    mine = summary(tony)
    assert "Only visible to you" in mine.text
    assert "Iron Man (you)" in mine.text

    tony.press_button("share_call", of=mine)
    assert "Everyone in #support will see" in tony.wait_for("confirm").text
    tony.find("confirm-deny").click()
    tony.wait_until(lambda: tony.all("confirm") == [])
    assert cards_of_everyone(tony) == []

    share(tony, mine)
    tony.message("Shared by @Tony")
    tony.wait_until(lambda: "Only visible to you" not in tony.channel())

    steve.to_front()
    card = steve.message("Shared by @Tony")
    assert cards_of_everyone(steve) == [card]
    assert "Iron Man" in card.text
    assert "(you)" not in card.text
    assert "Only visible to you" not in card.text
    (details,) = card.find_elements(By.CSS_SELECTOR, "[data-action]")
    assert details.text == "Details"
    assert steve.complaints() == []
    steve.screenshot("shared.png")


def test_details_open_in_a_modal_with_an_aligned_timeline_and_the_recording(look: Look) -> None:
    page = look()
    ask_about(page, f"{QUESTION} {sample(page, 'Release stand-up')}")
    page.press_button("call_details", of=summary(page))
    modal = filled_details(page)
    assert "Captain America" in modal.text
    assert len(set(page.script(BARS_BEGIN_AT))) == 1
    page.screenshot("details.png")
    modal.find_element(By.PARTIAL_LINK_TEXT, "Watch").click()
    reads_outside(page, "Here CometChat would play the recording.\nhttps://recordings-eu.cometchat.io/")
    page.find("modal-close").click()
    page.wait_until(lambda: page.all("modal") == [])
    assert "Watch" not in summary(page).text


def reads_outside(page: PlaygroundPage, words: str) -> None:
    """Look at the tab that a link has opened, and go back."""
    page.wait_until(lambda: len(page.driver.window_handles) == 2)
    page.driver.switch_to.window(page.driver.window_handles[1])
    page.wait_until(lambda: words in page.driver.find_element(By.TAG_NAME, "main").text.replace("\n\n", "\n"))
    assert page.driver.current_url.startswith(page.url)
    assert page.driver.find_elements(By.TAG_NAME, "a") == []
    page.driver.close()
    page.to_front()


def test_on_a_phone_the_timeline_scrolls_inside_itself(look: Look) -> None:
    page = look(width=360, height=740)
    page.look_up("Release stand-up")
    page.press_button("call_details", of=summary(page))
    timeline = filled_details(page).find_element(By.TAG_NAME, "pre")
    assert page.script("return arguments[0].scrollWidth > arguments[0].clientWidth", timeline)
    assert not page.is_scrolled_sideways()
    assert len(set(page.script(BARS_BEGIN_AT))) == 1


def test_who_asks_about_the_same_message_gets_an_answer_of_their_own(look: Look) -> None:
    page = look()
    page.say(f"{QUESTION} {sample(page, 'Release stand-up')}")
    page.message(QUESTION)
    page.open("U0STEVE")
    page.choose(GET_CALL_INFO, page.message(QUESTION))
    assert "Captain America (you)" in summary(page).text
    page.open("U0ROBIN")
    page.choose(GET_CALL_INFO, page.message(QUESTION))
    assert "You’re not connected to CometChat yet" in page.message("Only visible to you").text
    assert "Iron Man" not in page.channel()


def test_in_a_thread_the_answer_and_the_shared_card_stay_there(look: Look) -> None:
    page = look()
    page.say("The customer heard nobody.")
    page.choose("reply-in-thread", page.message("heard nobody"))
    page.wait_for("thread-composer").send_keys(f"It was {sample(page, 'Release stand-up')}", Keys.ENTER)
    page.choose(GET_CALL_INFO, page.message("It was", within="thread"))
    mine = summary(page, within="thread")
    assert "Share in thread" in mine.text
    page.press_button("share_call", of=mine)
    assert "Anyone in #support who opens this thread will see" in page.wait_for("confirm").text
    page.find("confirm-go").click()
    page.message("Shared by @Tony", within="thread")
    page.wait_until(lambda: page.find("replies").text == "2 replies")
    assert "Shared by" not in page.channel()
    page.open("U0STEVE")
    page.find("replies").click()
    page.message("Shared by @Tony", within="thread")


def test_several_ids_are_a_list_to_pick_from(look: Look) -> None:
    page = look()
    ids = [sample(page, title) for title in ("One to one", "Release stand-up", "Going on now")]
    ask_about(page, "One of " + " or ".join(ids))
    choices = page.message("mentions 3 calls")
    shows = choices.find_elements(By.CSS_SELECTOR, '[data-action="pick_call"]')
    assert len(shows) == len(ids)
    shows[1].click()
    assert "Release stand-up" in summary(page).text
    assert "mentions 3 calls" in page.channel()  # still there for another


def test_without_an_id_a_modal_asks_for_one_and_says_what_is_wrong_with_it(look: Look) -> None:
    page = look()
    ask_about(page, "They say the call broke off.")
    page.wait_until(lambda: page.focused() == "input-session_id")
    page.press("not an id", Keys.ENTER)
    assert "not a session id" in page.wait_for("error-session_id").text
    field = page.find("input-session_id")
    assert field.get_attribute("aria-invalid") == "true"
    field.clear()
    field.send_keys(sample(page, "Release stand-up"), Keys.ENTER)
    summary(page)
    assert page.all("modal") == []


def test_refresh_puts_the_call_as_it_is_now_in_the_place_of_the_message(look: Look) -> None:
    page = look()
    page.look_up("Going on now")
    before = summary(page, "As of")
    ts = before.get_attribute("data-ts")
    page.script("arguments[0].querySelector('.bk-context').id = 'before'", before)
    page.press_button("refresh_call", of=before)
    page.wait_until(lambda: page.driver.find_elements(By.ID, "before") == [])
    [after] = page.all("message")
    assert after.get_attribute("data-ts") == ts
    assert "As of" in after.text
