"""Buttons, confirm dialogs and modals of the page: a real browser, the stand-in Slack, and a bot of a few lines.

Selenium blocks, so what a person does runs in a thread, while the stand-in and the bot run in the test's loop.
"""

import asyncio
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from bot.playground.run import PAGE
from tests.browser.page import PlaygroundPage
from tests.playground.tiny_bot import ASK, Scene, TinyBot, scene

pytestmark = pytest.mark.browser

TONY = "U0TONY"
CONFIRM = {
    "title": {"type": "plain_text", "text": "Share it?"},
    "text": {"type": "mrkdwn", "text": "*Everyone* will see it."},
    "confirm": {"type": "plain_text", "text": "Share"},
    "deny": {"type": "plain_text", "text": "Not now"},
}


def button(action_id: str, **more: Any) -> dict[str, Any]:
    text = {"type": "plain_text", "text": action_id}
    return {"type": "button", "action_id": action_id, "value": "v1.eu.1", "text": text, **more}


def post(on: Scene, *buttons: dict[str, Any]) -> None:
    row = {"type": "actions", "block_id": "row", "elements": list(buttons)}
    on.slack.post(None, "a card", blocks=[row], bot=True)


def opened(driver: webdriver.Chrome, on: Scene) -> PlaygroundPage:
    page = PlaygroundPage(driver, on.slack.api_url.removesuffix("api/"))
    page.open(TONY)
    return page


def click(page: PlaygroundPage, action_id: str) -> None:
    page.wait_until(lambda: page.driver.find_element(By.CSS_SELECTOR, f'[data-action="{action_id}"]')).click()


def pressed(bot: TinyBot) -> list[str]:
    return [bot.payload["actions"][0]["action_id"]] if bot.forms else []


async def test_a_press_is_sent_and_the_button_is_busy_meanwhile(chromium: webdriver.Chrome) -> None:
    async with scene(page=PAGE) as on:
        post(on, button("refresh_call"))
        on.bot.delay = 1.0

        def person() -> None:
            page = opened(chromium, on)
            click(page, "refresh_call")
            page.wait_until(lambda: chromium.find_element(By.CSS_SELECTOR, '[aria-busy="true"]'))
            page.wait_until(lambda: pressed(on.bot) == ["refresh_call"])

        await asyncio.to_thread(person)


@pytest.mark.parametrize("answer", ["deny", "escape"])
async def test_a_confirm_dialog_that_is_declined_sends_nothing(
    chromium: webdriver.Chrome, answer: str
) -> None:
    async with scene(page=PAGE) as on:
        post(on, button("share_call", confirm=CONFIRM))

        def person() -> None:
            page = opened(chromium, on)
            click(page, "share_call")
            assert "Everyone will see it." in page.wait_for("confirm").text
            page.press(Keys.ESCAPE) if answer == "escape" else page.find("confirm-deny").click()
            page.wait_until(lambda: page.all("confirm") == [])

        await asyncio.to_thread(person)
        assert pressed(on.bot) == []


async def test_a_confirm_dialog_that_is_accepted_by_keyboard_sends_the_press(
    chromium: webdriver.Chrome,
) -> None:
    async with scene(page=PAGE) as on:
        post(on, button("share_call", confirm=CONFIRM))

        def person() -> None:
            page = opened(chromium, on)
            click(page, "share_call")
            page.wait_until(lambda: page.focused() == "confirm-go")
            page.press(Keys.ENTER)
            page.wait_until(lambda: pressed(on.bot) == ["share_call"])

        await asyncio.to_thread(person)


async def test_a_modal_tells_errors_beside_the_field_keeps_what_was_typed_and_closes(
    chromium: webdriver.Chrome,
) -> None:
    async with scene(page=PAGE) as on:
        post(on, button("ask"))
        page = await asyncio.to_thread(opened, chromium, on)
        await asyncio.to_thread(click, page, "ask")
        await asyncio.to_thread(page.wait_until, lambda: on.bot.forms)
        answer = await on.call("views.open", trigger_id=on.bot.payload["trigger_id"], view=ASK)
        assert answer["ok"]
        wrong = {"response_action": "errors", "errors": {"session_id": "That is no session id."}}
        on.bot.answer = wrong

        def submit_nonsense() -> None:
            page.wait_for("modal")
            page.wait_until(lambda: page.focused() == "input-session_id")
            page.press("nonsense", Keys.ENTER)
            assert page.wait_for("error-session_id").text == "That is no session id."
            assert page.find("input-session_id").get_attribute("value") == "nonsense"

        await asyncio.to_thread(submit_nonsense)
        assert on.bot.payload["view"]["state"]["values"]["session_id"]["session_id"]["value"] == "nonsense"
        on.bot.answer = None

        def submit_again() -> None:
            page.press(Keys.ENTER)
            page.wait_until(lambda: page.all("modal") == [])

        await asyncio.to_thread(submit_again)


async def test_a_modal_is_updated_in_place_and_escape_closes_it(chromium: webdriver.Chrome) -> None:
    loading, loaded = (
        {
            "type": "modal",
            "callback_id": "callinfo_details",
            "title": {"type": "plain_text", "text": "Call details"},
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}],
        }
        for text in ("Loading…", "*Iron Man* was there")
    )
    async with scene(page=PAGE) as on:
        post(on, button("call_details"))
        page = await asyncio.to_thread(opened, chromium, on)
        await asyncio.to_thread(click, page, "call_details")
        await asyncio.to_thread(page.wait_until, lambda: on.bot.forms)
        answer = await on.call("views.open", trigger_id=on.bot.payload["trigger_id"], view=loading)
        await asyncio.to_thread(page.wait_until, lambda: "Loading…" in page.find("modal").text)
        await on.call("views.update", view_id=answer["view"]["id"], view=loaded)
        await asyncio.to_thread(page.wait_until, lambda: "Iron Man was there" in page.find("modal").text)

        def close() -> None:
            page.press(Keys.ESCAPE)
            page.wait_until(lambda: page.all("modal") == [])

        await asyncio.to_thread(close)


async def test_a_pushed_modal_lies_on_top_and_closing_it_leads_back_to_what_was_typed(
    chromium: webdriver.Chrome,
) -> None:
    pushed = {"type": "modal", "title": {"type": "plain_text", "text": "Are you sure?"}, "blocks": []}
    async with scene(page=PAGE) as on:
        post(on, button("ask"))
        page = await asyncio.to_thread(opened, chromium, on)
        await asyncio.to_thread(click, page, "ask")
        await asyncio.to_thread(page.wait_until, lambda: on.bot.forms)
        await on.call("views.open", trigger_id=on.bot.payload["trigger_id"], view=ASK)
        on.bot.answer = {"response_action": "push", "view": pushed}

        def go_there_and_back() -> None:
            page.wait_until(lambda: page.focused() == "input-session_id")
            page.press("v1.eu.1", Keys.ENTER)
            page.wait_until(lambda: len(page.all("modal")) == 2)
            assert page.all("modal")[-1].text.startswith("Are you sure?")
            page.press(Keys.ESCAPE)
            page.wait_until(lambda: len(page.all("modal")) == 1)
            assert page.focused() == "input-session_id"
            assert page.find("input-session_id").get_attribute("value") == "v1.eu.1"
            page.press(Keys.ESCAPE)
            page.wait_until(lambda: page.all("modal") == [])

        await asyncio.to_thread(go_there_and_back)


async def test_attachments_are_shown_and_their_buttons_work(chromium: webdriver.Chrome) -> None:
    row = {"type": "actions", "block_id": "row", "elements": [button("refresh_call")]}
    alert = {
        "color": "b3122f",
        "pretext": "An alert",
        "title": "Call dropped",
        "title_link": "https://alerts.example/7",
        "text": "in session `v1.eu.1`",
    }
    async with scene(page=PAGE) as on:
        on.slack.post(None, "", attachments=[alert, {"fallback": "only a fallback"}])
        on.slack.post(None, "", attachments=[{"blocks": [row]}], bot=True)

        def person() -> None:
            page = opened(chromium, on)
            message = page.message("An alert")
            assert "in session v1.eu.1" in message.text
            assert "only a fallback" in message.text
            link = message.find_element(By.LINK_TEXT, "Call dropped")
            assert link.get_attribute("href") == f"{on.slack.url}outside?to=https%3A%2F%2Falerts.example%2F7"
            attachment = message.find_element(By.CSS_SELECTOR, ".attachment")
            assert attachment.value_of_css_property("border-left-color") == "rgba(179, 18, 47, 1)"
            click(page, "refresh_call")
            page.wait_until(lambda: pressed(on.bot) == ["refresh_call"])

        await asyncio.to_thread(person)


PLAIN = {"type": "plain_text", "text": "A title"}
OPTIONS = [{"text": {"type": "plain_text", "text": each}, "value": each} for each in ("stop", "mute")]


def rich(text: str) -> dict[str, Any]:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
    }


def chart(kind: str) -> dict[str, Any]:
    series = [{"name": "In the call", "data": [{"label": f"{at}:00", "value": at} for at in range(6)]}]
    axis = {"categories": [f"{at}:00" for at in range(6)], "x_label": "Time", "y_label": "People"}
    return {
        "type": "data_visualization",
        "title": "People in the call",
        "chart": {"type": kind, "series": series, "axis_config": axis},
    }


EVERY_BLOCK: list[dict[str, Any]] = [
    {"type": "header", "text": PLAIN},
    {"type": "divider"},
    {"type": "markdown", "text": "**Some** markdown"},
    rich("Some rich text"),
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "In <#C0SUPPORT> of *late*"}]},
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "A missed call"},
        "accessory": {"type": "overflow", "action_id": "unsubscribe", "options": OPTIONS},
    },
    {"type": "table", "rows": [[rich("Who"), rich("In call")], [rich("Iron Man"), rich("9 min")]]},
    {
        "type": "data_table",
        "caption": "Calls by day",
        "page_size": 2,
        "rows": [
            [{"type": "raw_text", "text": "Day"}, {"type": "raw_text", "text": "Calls"}],
            *(
                [{"type": "raw_text", "text": f"Day {day}"}, {"type": "raw_number", "value": day}]
                for day in range(3)
            ),
        ],
    },
    {"type": "card", "title": PLAIN, "subtitle": PLAIN, "body": PLAIN, "actions": [button("in_card")]},
    {
        "type": "container",
        "title": {"type": "plain_text", "text": "A container"},
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Inside of it"}}],
    },
    chart("area"),
    chart("bar"),
    {"type": "actions", "elements": [{"type": "checkboxes", "action_id": "switches", "options": OPTIONS}]},
]


@pytest.mark.parametrize("width", [1280, 390])
async def test_every_block_is_shown_pressed_by_keyboard_and_to_axes_content(
    chromium: webdriver.Chrome, width: int
) -> None:
    async with scene(page=PAGE) as on:
        on.slack.post(None, "all blocks", blocks=EVERY_BLOCK, bot=True)

        def person() -> None:
            page = opened(chromium, on)
            page.emulate(width=width, height=844, dark=False)
            message = page.message("A missed call")
            for words in ("Some rich text", "#support", "9 min", "Day 0", "People in the call", "markdown"):
                assert words in message.text, words
            assert "can't be shown" not in message.text
            assert "Day 2" not in message.text
            assert "Inside of it" not in message.text
            assert page.violations() == []
            page.be_dark(dark=True)
            assert page.violations("color-contrast") == []
            assert not page.is_scrolled_sideways()
            message.find_element(By.XPATH, ".//button[text()='Next']").send_keys(Keys.ENTER)
            page.wait_until(lambda: "Day 2" in message.text)
            message.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
            page.wait_until(lambda: "Inside of it" in message.text)
            page.script("arguments[0].scrollIntoView({block: 'nearest'})", page.find("overflow"))
            page.driver.execute_async_script(  # scrolling closes a menu, and is only told of with the next frame
                "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))"
            )
            page.find("overflow").send_keys(Keys.ENTER)
            page.wait_for("option-mute")
            page.press(Keys.ARROW_DOWN, Keys.ENTER)
            page.wait_until(lambda: pressed(on.bot) == ["unsubscribe"])
            assert on.bot.payload["actions"][0]["selected_option"]["value"] == "mute"
            boxes = page.find("choose-switches").find_elements(By.TAG_NAME, "input")
            boxes[1].send_keys(Keys.SPACE)
            page.wait_until(lambda: pressed(on.bot) == ["switches"])
            assert [each["value"] for each in on.bot.payload["actions"][0]["selected_options"]] == ["mute"]

        await asyncio.to_thread(person)
