"""The page's API: what it shows, what it lets one do, and whom it keeps out."""

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.playground.slack import stream
from tests.playground.tiny_bot import ASK, CARD, STEVE, TONY, Json, Scene, scene


@dataclass(frozen=True)
class OneSample:
    session_id: str = "v1.eu.1"
    title: str = "A call"
    about: str = "It ended"
    group: str = "Calls"
    uids: frozenset[str] = frozenset({"superhero2", "superhero9"})


async def snapshot(it: Scene, user_id: str) -> Json:
    """Return the first state of that person's stream."""
    async with it.http.get(f"{it.slack.api_url}stream", params={"as": user_id}) as response:
        return await next_state(response)


async def next_state(response: aiohttp.ClientResponse) -> Json:
    line = await response.content.readline()
    await response.content.readline()
    found: Json = json.loads(line.removeprefix(b"data: "))
    return found


async def test_the_workspace_says_who_is_here_and_what_to_try() -> None:
    async with (
        scene(samples=[OneSample()], usage_hint="[id]") as it,
        it.http.get(f"{it.slack.api_url}workspace") as response,
    ):
        found = await response.json()
        assert found["team"] == {"id": "T0PLAYGROUND", "name": "Playground"}
        assert found["channel"] == {"id": "C0SUPPORT", "name": "support"}
        assert found["app"] == {
            "id": "A0CALLINFO",
            "name": "callinfo",
            "command": "/callinfo",
            "usage_hint": "[id]",
        }
        assert found["shortcuts"] == [{"callback_id": "callinfo_from_message", "name": "Get call info"}]
        assert [(who["name"], who["admin"]) for who in found["people"]] == [
            ("Tony", False),
            ("Steve", False),
            ("Robin", False),
            ("Alex", True),
        ]
        assert {"text": "recent", "about": "Your latest calls", "admins_only": False} in found["commands"]
        assert found["samples"] == [
            {
                "session_id": "v1.eu.1",
                "title": "A call",
                "about": "It ended",
                "group": "Calls",
                "whose": ["Steve"],
            }
        ]


async def test_a_page_that_is_loaded_anew_can_tell_what_was_there_before() -> None:
    async with scene() as it:
        it.bot.answer = CARD
        await it.slack.command(TONY, "x")
        await it.call("views.open", trigger_id=it.bot.forms[0]["trigger_id"], view=ASK)
        async with it.http.get(f"{it.slack.api_url}workspace") as response:
            loaded = (await response.json())["loaded"]
        await it.slack.command(TONY, "y")
        state = await snapshot(it, TONY)
        assert [message["ts"] < loaded for message in state["messages"]] == [True, False]
        assert [modal["opened"] < loaded for modal in state["modals"]] == [True]


async def test_the_stream_says_who_else_has_a_message_that_no_page_has_shown() -> None:
    async with scene() as it:
        it.bot.answer = CARD
        it.slack.post(STEVE, "for all")
        assert (await snapshot(it, TONY))["unread"] == []
        await it.slack.command(STEVE, "x")
        async with it.http.get(f"{it.slack.api_url}stream", params={"as": TONY}) as response:
            assert (await next_state(response))["unread"] == [STEVE]
            assert (await snapshot(it, STEVE))["unread"] == []
            assert (await next_state(response))["unread"] == []


async def test_what_is_chosen_outside_of_a_form_is_sent_at_once() -> None:
    options = [{"text": {"type": "plain_text", "text": each}, "value": each} for each in ("stop", "mute")]
    boxes = {"type": "checkboxes", "action_id": "told", "options": options}
    menu = {"type": "overflow", "action_id": "more", "options": options}
    row = {"type": "actions", "block_id": "row", "elements": [boxes, menu]}
    async with scene() as it:
        press = {"as": TONY, "ts": it.slack.post(None, "x", [row], bot=True), "block_id": "row"}
        assert (await it.page("action", **press, action_id="told", value=["stop", "mute"]))[0] == 200
        assert it.bot.payload["actions"][0]["selected_options"] == options
        assert (await it.page("action", **press, action_id="told", value=[]))[0] == 200
        assert it.bot.payload["actions"][0]["selected_options"] == []
        assert (await it.page("action", **press, action_id="more", value="mute"))[0] == 200
        assert it.bot.payload["actions"][0]["selected_option"] == options[1]
        for wrong in (["other"], [1], {"stop": "mute"}):
            assert (await it.page("action", **press, action_id="told", value=wrong))[0] in (400, 404)
        assert len(it.bot.forms) == 3


async def test_the_stream_shows_each_person_what_they_see_and_each_change() -> None:
    async with scene() as it:
        root = it.slack.post(STEVE, "first")
        it.bot.answer = CARD
        async with it.http.get(f"{it.slack.api_url}stream", params={"as": TONY}) as response:
            assert response.content_type == "text/event-stream"
            assert len((await next_state(response))["messages"]) == 1
            await it.slack.command(TONY, "x")
            seen = (await next_state(response))["messages"]
        it.slack.post(TONY, "second", thread_ts=root)

        assert seen[1]["blocks"] == CARD["blocks"]
        assert {key: seen[1][key] for key in ("from", "user", "text", "ephemeral", "pending")} == {
            "from": "app",
            "user": {"id": "U0CALLINFO", "name": "callinfo"},
            "text": "a call",
            "ephemeral": True,
            "pending": False,
        }
        others = (await snapshot(it, STEVE))["messages"]
        assert [message["text"] for message in others] == ["first", "second"]
        assert [message["reply_count"] for message in others] == [1, 0]
        assert [message["thread_ts"] for message in others] == [None, root]


async def test_the_stream_shows_open_modals() -> None:
    async with scene() as it:
        await it.slack.command(TONY, "x")
        await it.call("views.open", trigger_id=it.bot.forms[0]["trigger_id"], view=ASK)

        (modal,) = (await snapshot(it, TONY))["modals"]
        assert (modal["title"], modal["submit"], modal["close"]) == ("Which call?", "Look up", None)
        assert modal["callback_id"] == "callinfo_ask_session"
        assert modal["blocks"][0]["block_id"] == "session_id"
        assert modal["errors"] == {}


async def test_saying_something_posts_it_escaped_as_slack_stores_it() -> None:
    async with scene() as it:
        assert await it.page("say", **{"as": TONY}, text="a <b> & c") == (200, {"ok": True})
        (shown,) = it.slack.seen_by(STEVE)
        assert (shown.text, shown.sender) == ("a &lt;b&gt; &amp; c", "person")


async def test_saying_the_command_runs_it() -> None:
    async with scene() as it:
        await it.page("say", **{"as": TONY}, text="/callinfo v1.eu.1")

        assert (it.bot.forms[0]["user_id"], it.bot.forms[0]["text"]) == (TONY, "v1.eu.1")
        assert it.slack.seen_by(STEVE) == []


@pytest.mark.parametrize(
    ("text", "in_thread", "said"),
    [
        ("/giphy cat", False, "/giphy is not a command here. Try /callinfo."),
        ("/callinfos x", False, "/callinfos is not a command here. Try /callinfo."),
        ("/callinfo x", True, "Slash commands don’t work in threads."),
        ("x" * 4_001, False, "That is 4,001 characters; 4,000 is the most."),
    ],
)
async def test_what_slack_would_not_take_is_said_in_words(text: str, in_thread: bool, said: str) -> None:  # noqa: FBT001 - pytest passes parameters by name
    async with scene() as it:
        ts = it.slack.post(STEVE, "first")
        more = {"thread_ts": ts} if in_thread else {}
        status, answer = await it.page("say", **{"as": TONY}, text=text, **more)

        assert (status, answer) == (400, {"ok": False, "error": said})
        assert it.bot.forms == []


async def test_a_thread_that_is_gone_is_told() -> None:
    async with scene() as it:
        status, answer = await it.page("say", **{"as": TONY}, text="x", thread_ts="1763812800.000100")

        assert (status, answer["error"]) == (404, "That thread is no longer here.")
        assert it.slack.seen_by(TONY) == []


async def test_a_press_is_built_from_the_stand_ins_own_copy() -> None:
    async with scene() as it:
        ts = it.slack.post(None, CARD["text"], CARD["blocks"], bot=True)
        press = {"as": TONY, "ts": ts, "block_id": "buttons", "action_id": "share_call"}
        assert (await it.page("action", **press))[0] == 200
        assert it.bot.payload["actions"][0]["value"] == "v1.eu.1"
        assert (await it.page("action", **press, value="forged"))[0] == 404
        assert (await it.page("action", **{**press, "block_id": "other"}))[0] == 404
        assert len(it.bot.forms) == 1


async def test_the_page_uses_shortcuts_and_modals() -> None:
    async with scene() as it:
        ts = it.slack.post(STEVE, "first")
        shortcut = {"as": TONY, "ts": ts, "callback_id": "callinfo_from_message"}
        assert (await it.page("shortcut", **shortcut))[0] == 200
        assert (await it.page("shortcut", **{**shortcut, "callback_id": "other"}))[0] == 404
        opened = await it.call("views.open", trigger_id=it.bot.payload["trigger_id"], view=ASK)
        view = {"as": TONY, "view_id": opened["view"]["id"]}
        assert await it.page("submit", **view, values={}) == (
            200,
            {"ok": False, "errors": {"session_id": "Please complete this required field."}},
        )
        assert (await it.page("submit", **view, values={"session_id": "x"}))[0] == 400
        it.bot.status = 500
        values = {"session_id": {"session_id": "x"}}
        status, answer = await it.page("submit", **view, values=values)
        assert (status, answer["ok"]) == (502, False)
        it.bot.status, it.bot.answer = 200, {"response_action": "update", "view": ASK}
        assert await it.page("submit", **view, values=values) == (200, {"ok": True})
        assert await it.page("close", **view) == (200, {"ok": True})
        assert (await it.page("close", **view))[0] == 404


@pytest.mark.parametrize("body", [{}, {"as": TONY}, {"as": TONY, "text": 5}, {"as": "U0NOBODY", "text": "x"}])
async def test_nonsense_from_the_page_is_a_4xx_in_words(body: Json) -> None:
    async with scene() as it:
        status, answer = await it.page("say", **body)

        assert 400 <= status < 500
        assert answer["ok"] is False
        assert answer["error"]


@pytest.mark.parametrize(("body", "said"), [("{", "not JSON"), ("[]", "not a JSON object")])
async def test_a_body_that_is_no_object_is_a_400(body: str, said: str) -> None:
    async with (
        scene() as it,
        it.http.post(f"{it.slack.api_url}say", data=body, headers={"X-Playground": "1"}) as response,
    ):
        assert response.status == 400
        assert (await response.json())["error"] == said


async def test_another_web_page_can_not_drive_it() -> None:
    async with scene() as it:
        body = {"as": TONY, "text": "x"}
        async with it.http.post(f"{it.slack.api_url}say", json=body) as response:
            assert response.status == 403
        for host in ("evil.example", "127.0.0.1.evil.example", "["):
            async with it.http.get(f"{it.slack.api_url}workspace", headers={"Host": host}) as response:
                assert response.status in (400, 403)
        async with it.http.get(f"{it.slack.api_url}workspace", headers={"Host": "localhost:1"}) as response:
            assert response.status == 200
        assert it.slack.seen_by(TONY) == []


async def test_the_page_is_served_and_confined(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "page.js").write_text("1")
    async with scene(page=tmp_path) as it:
        async with it.http.get(it.slack.url) as response:
            assert (response.content_type, await response.text()) == ("text/html", "<!doctype html>")
            assert response.headers["Content-Security-Policy"] == (
                "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
            )
        async with it.http.get(f"{it.slack.url}static/page.js") as response:
            assert response.status == 200
        async with it.http.get(f"{it.slack.url}static/../secret") as response:
            assert response.status == 404


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://recordings-eu.cometchat.io/a/rec.mp4", "Here CometChat would play the recording."),
        ("https://recordings-eu.cometchat.io.evil.example/", "Here Slack would open this address."),
        ("https://example.com/?a=1&b=<script>alert(1)</script>", "Here Slack would open this address."),
    ],
)
async def test_what_leads_off_this_machine_is_told_and_not_opened(address: str, said: str) -> None:
    async with (
        scene() as it,
        it.http.get(f"{it.slack.url}outside", params={"to": address}) as response,
    ):
        told = await response.text()
        assert (response.status, response.content_type) == (200, "text/html")
        assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert said in told
    assert html.escape(address) in told
    assert not re.search(r"<(script|a)\b", told)


async def test_without_its_page_it_says_so() -> None:
    async with scene() as it, it.http.get(it.slack.url) as response:
        assert await response.text() == "The stand-in Slack runs here, without its page."


async def test_a_stream_without_news_says_that_it_is_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_HEARTBEAT", 0.01)
    async with scene() as it, it.http.get(f"{it.slack.api_url}stream", params={"as": TONY}) as response:
        await next_state(response)
        assert await response.content.readline() == b": still here\n"


async def test_closing_ends_open_streams_at_once() -> None:
    async with scene() as it, it.http.get(f"{it.slack.api_url}stream", params={"as": TONY}) as response:
        await next_state(response)
        await it.slack.close()

        assert await response.content.read() == b""
