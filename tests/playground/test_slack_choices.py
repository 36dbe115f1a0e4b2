"""What one chooses in a modal of the stand-in: an option, a day, a conversation, and where its response URL leads."""

import pytest

from tests.playground.test_slack_page import snapshot
from tests.playground.tiny_bot import STEVE, TONY, Json, Scene, scene

TEXT: Json = {"type": "plain_text", "text": "x"}
OPTIONS = [{"text": TEXT, "value": value} for value in ("audio", "video")]
RADIO: Json = {"type": "radio_buttons", "options": OPTIONS, "initial_option": OPTIONS[1]}
SELECT: Json = {"type": "static_select", "options": OPTIONS}
DAY: Json = {"type": "datepicker", "initial_date": "2026-01-31"}
WHERE: Json = {
    "type": "conversations_select",
    "response_url_enabled": True,
    "default_to_current_conversation": True,
}


def asked(block_id: str, element: Json, **more: object) -> Json:
    element = {**element, "action_id": "it"}
    return {"type": "input", "block_id": block_id, "label": TEXT, "element": element, **more}


def modal(*blocks: Json) -> Json:
    return {"type": "modal", "title": TEXT, "submit": TEXT, "blocks": list(blocks)}


async def opened(it: Scene, view: Json) -> str:
    """Let the bot open a modal after a command; return the view's id."""
    await it.slack.command(TONY, "x")
    answer = await it.call("views.open", trigger_id=it.bot.forms[-1]["trigger_id"], view=view)
    return str(answer["view"]["id"])


def values(it: Scene) -> Json:
    found: Json = it.bot.payload["view"]["state"]["values"]
    return {block_id: inner["it"] for block_id, inner in found.items()}


async def test_what_nobody_touched_has_its_initial_value() -> None:
    async with scene() as it:
        view_id = await opened(it, modal(asked("kind", RADIO), asked("day", DAY), asked("where", WHERE)))
        await it.slack.submit(TONY, view_id)

        assert values(it) == {
            "kind": {"type": "radio_buttons", "selected_option": OPTIONS[1]},
            "day": {"type": "datepicker", "selected_date": "2026-01-31"},
            "where": {"type": "conversations_select", "selected_conversation": "C0SUPPORT"},
        }


async def test_what_was_chosen_is_sent() -> None:
    async with scene() as it:
        view_id = await opened(
            it,
            modal(asked("kind", SELECT), asked("day", DAY), asked("where", {"type": "conversations_select"})),
        )
        chosen = {"kind": {"it": "audio"}, "day": {"it": "2026-02-01"}, "where": {"it": "D0TONY"}}
        await it.slack.submit(TONY, view_id, chosen)

        assert values(it) == {
            "kind": {"type": "static_select", "selected_option": OPTIONS[0]},
            "day": {"type": "datepicker", "selected_date": "2026-02-01"},
            "where": {"type": "conversations_select", "selected_conversation": "D0TONY"},
        }
        assert it.bot.payload["response_urls"] == []


@pytest.mark.parametrize(
    ("element", "given"),
    [
        (SELECT, "none of them"),
        (DAY, ""),
        (DAY, "2026-02-30"),
        ({"type": "datepicker"}, None),
        (WHERE, "D0STEVE"),
        ({"type": "conversations_select"}, None),
    ],
)
async def test_a_choice_that_is_required_is_asked_for_by_slack_itself(
    element: Json, given: str | None
) -> None:
    async with scene() as it:
        view_id = await opened(it, modal(asked("it", element)))
        before = len(it.bot.forms)
        typed = {} if given is None else {"it": {"it": given}}
        delivery = await it.slack.submit(TONY, view_id, typed)
        assert delivery.errors == {"it": "Please complete this required field."}
        assert len(it.bot.forms) == before


async def test_an_optional_choice_may_be_left_open() -> None:
    async with scene() as it:
        elsewhere = {"type": "conversations_select", "response_url_enabled": True}
        blocks = (
            asked("day", {"type": "datepicker"}, optional=True),
            asked("where", elsewhere, optional=True),
        )
        await it.slack.submit(TONY, await opened(it, modal(*blocks)))
        assert values(it) == {
            "day": {"type": "datepicker", "selected_date": None},
            "where": {"type": "conversations_select", "selected_conversation": None},
        }
        assert it.bot.payload["response_urls"] == []


async def test_a_chosen_conversation_comes_with_a_response_url_that_leads_there() -> None:
    async with scene() as it:
        view = modal(asked("where", WHERE))
        for where in ("C0SUPPORT", "D0TONY"):
            view_id = await opened(it, view)
            await it.slack.submit(TONY, view_id, {"where": {"it": where}})
            (found,) = it.bot.payload["response_urls"]
            url = found.pop("response_url")
            assert found == {"block_id": "where", "action_id": "it", "channel_id": where}
            for kind in ("ephemeral", "in_channel"):
                text = f"{kind} in {where}"
                assert await it.respond(url, text=text, response_type=kind) == (200, "ok")

        seen = {message.text: message for message in it.slack.seen_by(TONY) if " in " in message.text}
        assert [(each.text, each.channel_id, each.ephemeral) for each in seen.values()] == [
            ("ephemeral in C0SUPPORT", "C0SUPPORT", True),
            ("in_channel in C0SUPPORT", "C0SUPPORT", False),
            ("ephemeral in D0TONY", "C0SUPPORT", True),
            ("in_channel in D0TONY", "D0TONY", False),
        ]
        assert [message.text for message in it.slack.seen_by(STEVE)] == ["in_channel in C0SUPPORT"]


async def test_over_a_home_tab_there_is_no_current_conversation() -> None:
    async with scene() as it:
        home = {"type": "home", "blocks": [{"type": "actions", "elements": [{**SELECT, "action_id": "it"}]}]}
        view = (await it.call("views.publish", user_id=TONY, view=home))["view"]
        await it.slack.press(TONY, view["id"], "it", value="video")
        assert it.bot.payload["actions"][0]["selected_option"] == OPTIONS[1]
        trigger_id = it.bot.payload["trigger_id"]
        opened = await it.call("views.open", trigger_id=trigger_id, view=modal(asked("where", WHERE)))
        delivery = await it.slack.submit(TONY, opened["view"]["id"])
        assert delivery.errors == {"where": "Please complete this required field."}


async def test_the_page_is_told_which_conversations_there_are() -> None:
    async with scene() as it:
        await opened(it, modal(asked("where", WHERE)))
        (shown,) = (await snapshot(it, TONY))["modals"]
        assert shown["conversation"] == "C0SUPPORT"
        assert shown["conversations"] == [
            {"id": "C0SUPPORT", "name": "#support"},
            {"id": "D0TONY", "name": "callinfo"},
        ]


async def test_a_day_and_a_conversation_can_be_chosen_outside_of_an_input() -> None:
    async with scene() as it:
        elements = [{**DAY, "action_id": "day"}, {"type": "conversations_select", "action_id": "where"}]
        view_id = await opened(it, modal({"type": "actions", "elements": elements}))
        await it.slack.press(TONY, view_id, "day", value="2026-02-01")
        assert it.bot.payload["actions"][0]["selected_date"] == "2026-02-01"
        await it.slack.press(TONY, view_id, "where", value="D0TONY")
        assert it.bot.payload["actions"][0]["selected_conversation"] == "D0TONY"
