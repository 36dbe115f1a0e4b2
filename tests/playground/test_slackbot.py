"""The playground's Slackbot: questions of fixed forms, an MCP client that keeps Slack's rules, and its page's API."""

import json
from datetime import date
from typing import Any

import aiohttp
import pytest

from bot.playground.run import Playground, playground
from bot.playground.slack.questions import ToolCall, questions, tool_call
from bot.playground.slack.slackbot import Entry
from tests.listeners.people import ALEX, ROBIN, STEVE, TONY, sample
from tests.playground.tiny_bot import scene

TODAY = date(2026, 11, 29)  # a Sunday
FORMS: list[tuple[str, ToolCall | None]] = [
    ("How long was my last call with Natasha?", ToolCall("recent_calls", {"with": "Natasha", "limit": 1})),
    ("when was my last Video call", ToolCall("recent_calls", {"kind": "video", "limit": 1})),
    ("Who was in my last call?", ToolCall("recent_calls", {"limit": 1}, "get_call")),
    (
        "What was said in my last call with Captain America?",
        ToolCall(
            "recent_calls", {"with": "Captain America", "outcome": "ended", "limit": 1}, "get_transcript"
        ),
    ),
    ("Which calls did I miss?", ToolCall("recent_calls", {"outcome": "missed"})),
    (
        "which audio calls did i miss with Bruce today?",
        ToolCall(
            "recent_calls", {"outcome": "missed", "kind": "audio", "with": "Bruce", "since": "2026-11-29"}
        ),
    ),
    (
        "Show my calls yesterday",
        ToolCall("recent_calls", {"since": "2026-11-28", "until": "2026-11-28"}),
    ),
    ("List my latest calls this week", ToolCall("recent_calls", {"since": "2026-11-23"})),
    ("Show my calls since 2026-11-01", ToolCall("recent_calls", {"since": "2026-11-01"})),
    ("Show call v1.eu.1", ToolCall("get_call", {"session_id": "v1.eu.1"})),
    ("What was said in session v1.eu.1?", ToolCall("get_transcript", {"session_id": "v1.eu.1"})),
    ("What is the weather?", None),
    ("", None),
]


@pytest.mark.parametrize(("question", "expected"), FORMS)
def test_the_same_question_is_always_the_same_call(question: str, expected: ToolCall | None) -> None:
    assert tool_call(question, TODAY) == expected


def test_each_example_is_of_a_known_form() -> None:
    assert None not in [tool_call(question, TODAY) for question in questions("superhero1")]


async def answer(ground: Playground, question: str, user: str = TONY) -> Entry:
    await ground.slack.slackbot.ask(user, question)
    *_, asked, answered = ground.slack.slackbot.conversation(user)
    assert (asked.sender, asked.text, answered.sender, answered.pending) == (
        "person",
        question,
        "slackbot",
        False,
    )
    return answered


@pytest.mark.parametrize(
    ("user", "uid"),
    [(TONY, "superhero1"), (STEVE, "superhero2"), (ROBIN, "superhero4"), (ALEX, "superhero3")],
)
async def test_each_example_is_answered_with_calls_and_slack_takes_the_blocks(
    ground: Playground, user: str, uid: str
) -> None:
    await ground.slack.command(ALEX, f"link <@{ROBIN}> superhero4")
    for question in questions(uid):
        answered = await answer(ground, question, user)
        assert not answered.failed, answered.text
        assert answered.blocks or "did I miss" in question or "was said" in question, answered.text
    assert answered.call
    assert answered.call.tool == "get_transcript"
    assert "The build is green" in answered.text
    assert ground.slack.refusals == []
    assert all(not ground.slack.slackbot.conversation(other) for other in {TONY, STEVE, ROBIN, ALEX} - {user})


async def test_who_was_in_the_last_call_is_two_calls_of_tools(ground: Playground) -> None:
    answered = await answer(ground, "Who was in my last call with Spiderman?")
    assert answered.call
    assert answered.call.tool == "get_call"
    assert "“Spiderman”" in answered.text
    assert answered.blocks
    (none,) = [await answer(ground, "Who was in my last call with Nobody?")]
    assert none.call
    assert none.call.tool == "recent_calls"


async def test_what_was_said_in_the_last_call_is_of_one_that_has_ended(ground: Playground) -> None:
    said = await answer(ground, "What was said in my last video call?")
    assert said.call
    assert said.call.tool == "get_transcript"
    assert "Ended on" in said.text
    assert "So far" not in said.text


async def test_a_button_puts_its_tool_s_answer_in_the_place_of_the_old_one(ground: Playground) -> None:
    answered = await answer(ground, "Show my calls")
    show = next(block["accessory"] for block in answered.blocks or [] if "accessory" in block)
    await ground.slack.slackbot.press(TONY, answered.ts, "tool:get_call", None, show["value"])
    shown = ground.slack.slackbot.conversation(TONY)[-1]
    assert shown.ts == answered.ts
    assert shown.call == ToolCall("get_call", json.loads(show["value"]))
    assert shown.blocks != answered.blocks
    for ts, action_id in (
        (answered.ts, "share_call"),
        (answered.ts, "tool:get_call"),
        ("0.0", "tool:get_call"),
    ):
        with pytest.raises(LookupError):
            await ground.slack.slackbot.press(STEVE, ts, action_id, None, show["value"])


async def test_a_problem_is_an_answer_too(ground: Playground) -> None:
    answered = await answer(ground, "Show my calls", ROBIN)
    assert answered.failed
    assert "not connected" in answered.text
    assert answered.blocks is None
    foreign = await answer(ground, f"Show call {sample(ground, 'Somebody else’s call').session_id}")
    assert foreign.failed


async def test_what_it_does_not_understand_is_answered_with_the_forms(ground: Playground) -> None:
    answered = await answer(ground, "How are you?")
    assert all(question in answered.text for question in questions("superhero1"))
    assert ground.cometchat.requests == []


@pytest.mark.parametrize("reply", [{}, {"error": {}}, {"result": {}}, {"result": {"content": 7}}])
async def test_a_bot_that_answers_nonsense_is_told_as_no_answer(reply: Any) -> None:
    async with scene() as it:
        it.bot.answer = reply
        await it.slack.slackbot.ask(TONY, "Show my calls")
        entry = it.slack.slackbot.conversation(TONY)[-1]
        assert (entry.failed, entry.pending, entry.blocks) == (True, False, None)
        assert "didn’t answer" in entry.text


async def test_no_bot_is_told_as_no_answer() -> None:
    async with scene() as it:
        it.slack.connect("http://127.0.0.1:9/slack/events")
        await it.slack.slackbot.ask(TONY, "Show my calls")
        assert it.slack.slackbot.conversation(TONY)[-1].failed


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "alert", "text": {"type": "mrkdwn", "text": "x"}}],
        [{"type": "section"}],
        [{"type": "divider"}] * 51,
    ],
)
async def test_blocks_that_slackbot_does_not_show_are_dropped_all_and_the_text_stays(
    blocks: list[Any],
) -> None:
    async with scene() as it:
        result = {"content": [{"type": "text", "text": "words"}], "_meta": {"slack": {"blocks": blocks}}}
        it.bot.answer = {"jsonrpc": "2.0", "id": 1, "result": result}
        await it.slack.slackbot.ask(TONY, "Show my calls")
        entry = it.slack.slackbot.conversation(TONY)[-1]
        assert (entry.text, entry.blocks, entry.failed) == ("words", None, False)
        assert [each.where for each in it.slack.refusals] == ["slackbot"]


async def test_the_page_asks_presses_and_sees_the_conversation(ground: Playground) -> None:
    async with aiohttp.ClientSession(headers={"X-Playground": "1"}) as http:

        async def post(name: str, **body: Any) -> tuple[int, Any]:
            async with http.post(f"{ground.slack.api_url}slackbot/{name}", json=body) as response:
                return response.status, await response.json()

        async with http.get(f"{ground.slack.api_url}workspace") as response:
            about = (await response.json())["slackbot"]
        assert about["questions"][TONY] == list(questions("superhero1"))
        assert await post("ask", **{"as": TONY, "text": "Show my calls"}) == (200, {"ok": True})
        assert (await post("ask", **{"as": TONY, "text": "x" * 5_000}))[0] == 400
        assert (await post("ask", **{"as": TONY, "text": "  "}))[0] == 400
        async with http.get(f"{ground.slack.api_url}stream", params={"as": TONY}) as stream:
            line = (await stream.content.readline()).decode()
        asked, answered = json.loads(line.removeprefix("data: "))["slackbot"]
        assert (asked["from"], asked["text"], asked["tool"]) == ("person", "Show my calls", None)
        assert answered["tool"] == {"name": "recent_calls", "arguments": {}}
        assert (answered["error"], answered["pending"]) == (False, False)
        block = next(each for each in answered["blocks"] if "accessory" in each)
        press = {
            "as": TONY,
            "ts": answered["ts"],
            "block_id": block["block_id"],
            **{k: block["accessory"][k] for k in ("action_id", "value")},
        }
        assert await post("press", **press) == (200, {"ok": True})
        assert (await post("press", **press))[0] == 404  # another answer has taken its place


async def test_by_socket_mode_there_is_no_slackbot() -> None:
    async with (
        playground(socket=True) as ground,
        aiohttp.ClientSession(headers={"X-Playground": "1"}) as http,
    ):
        async with http.get(f"{ground.slack.api_url}workspace") as response:
            assert (await response.json())["slackbot"] is None
        async with http.post(
            f"{ground.slack.api_url}slackbot/ask", json={"as": TONY, "text": "x"}
        ) as response:
            assert response.status == 404
