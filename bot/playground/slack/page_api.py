"""What the page can request from the stand-in: its files, the workspace, and what a person does (stream.py: what they see).

The page is untrusted input like any other: elements are looked up in the stand-in's own copy. Other pages of
the same browser must not drive it, hence the Host check and the header on each POST (see security.py).
"""

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.playground.slack.dispatch import Delivery
from bot.playground.slack.interactions import Interactions
from bot.playground.slack.outside import outside_page
from bot.playground.slack.page_workspace import BeginCall, SampleCall, workspace_json
from bot.playground.slack.slackbot import Slackbot
from bot.playground.slack.state import State
from bot.playground.slack.stream import Stream
from bot.playground.slack.workspace import (
    APP_NAME,
    COMMAND,
    PEOPLE,
    Json,
    person,
)

SAY_AT_MOST = 4_000
"""Characters in one message of a person."""
_AT_NAME = re.compile(r"(?<!\S)@(?P<name>\w+)")


class PageApi:
    """The page's routes. `page` is the folder with index.html, or None; `incoming` lets a call come in."""

    def __init__(
        self,
        state: State,
        interactions: Interactions,
        slackbot: Slackbot,
        *,
        samples: Sequence[SampleCall],
        shortcuts: dict[str, str],
        global_shortcuts: dict[str, str],
        usage_hint: str,
        page: Path | None,
        incoming: BeginCall | None,
    ) -> None:
        self.stream = Stream(state, slackbot)
        self._slackbot = slackbot
        self._messages = state.messages
        self._interactions = interactions
        self._shortcuts = shortcuts
        self._global_shortcuts = global_shortcuts
        self._about = workspace_json(
            samples, shortcuts, global_shortcuts, usage_hint=usage_hint, can_ask=slackbot.can_ask
        )
        self._page = page
        self._incoming = incoming

    def add_to(self, app: web.Application) -> None:
        """Put the routes in."""
        app.router.add_get("/", self._index)
        if self._page is not None:
            app.router.add_static("/static/", self._page)
        app.router.add_get("/outside", self._outside)
        app.router.add_get("/api/workspace", self._workspace)
        app.router.add_get("/api/stream", self.stream.handle)
        for name in ("say", "action", "shortcut", "home", "submit", "close"):
            app.router.add_post(f"/api/{name}", getattr(self, f"_{name}"))
        if self._slackbot.can_ask:
            app.router.add_post("/api/slackbot/ask", self._ask)
            app.router.add_post("/api/slackbot/press", self._press)
        if self._incoming is not None:
            app.router.add_post("/api/call", partial(self._call, self._incoming))

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        if self._page is None:
            return web.Response(text="The stand-in Slack runs here, without its page.")
        return web.FileResponse(self._page / "index.html")

    async def _outside(self, request: web.Request) -> web.Response:
        return web.Response(text=outside_page(request.query.get("to", "")), content_type="text/html")

    async def _workspace(self, _request: web.Request) -> web.Response:
        # What was there before is gone for a page that is loaded now, unless Slack keeps it
        return web.json_response({**self._about, "loaded": self._messages.new_ts()})

    async def _say(self, request: web.Request) -> web.Response:
        asked = await _asked(request)
        who = person(_text(asked, "as"))
        text = _text(asked, "text").strip()
        thread_ts = _optional(asked, "thread_ts")
        if len(text) > SAY_AT_MOST:
            return _no(f"That is {len(text):,} characters; {SAY_AT_MOST:,} is the most.", 400)
        if text.startswith("/"):
            return await self._command(who.id, text, thread_ts)
        if thread_ts is not None and self._messages.root(thread_ts) is None:
            return _no("That thread is no longer here.", 404)
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")  # as Slack stores it
        self._messages.add(
            sender="person", user_id=who.id, user_name=who.name, text=escaped, thread_ts=thread_ts
        )
        return _yes()

    async def _command(self, user_id: str, text: str, thread_ts: str | None) -> web.Response:
        name, _, rest = text.partition(" ")
        if thread_ts is not None:
            return _no("Slash commands don’t work in threads.", 400)
        if name != COMMAND:
            return _no(f"{name} is not a command here. Try {COMMAND}.", 400)
        await self._interactions.command(user_id, _escaped_mentions(rest), name, {})
        return _yes()  # what went wrong is said in the channel, as Slack does

    async def _action(self, request: web.Request) -> web.Response:
        asked = await _asked(request)
        where = _optional(asked, "view_id") or _text(asked, "ts")
        await self._interactions.press(
            person(_text(asked, "as")).id,
            where,
            _text(asked, "action_id"),
            _text(asked, "block_id"),
            _value(asked),
            given=_values(asked),
        )
        return _yes()

    async def _ask(self, request: web.Request) -> web.Response:
        asked = await _asked(request)
        question = _text(asked, "text").strip()
        if not 0 < len(question) <= SAY_AT_MOST:
            return _no(f"A question has 1 to {SAY_AT_MOST:,} characters.", 400)
        await self._slackbot.ask(person(_text(asked, "as")).id, question)
        return _yes()

    async def _press(self, request: web.Request) -> web.Response:
        asked = await _asked(request)
        await self._slackbot.press(
            person(_text(asked, "as")).id,
            _text(asked, "ts"),
            _text(asked, "action_id"),
            _optional(asked, "block_id"),
            _optional(asked, "value"),
        )
        return _yes()

    async def _shortcut(self, request: web.Request) -> web.Response:
        asked = await _asked(request)
        user_id, callback_id, ts = (
            person(_text(asked, "as")).id,
            _text(asked, "callback_id"),
            _optional(asked, "ts"),
        )
        if callback_id not in (self._global_shortcuts if ts is None else self._shortcuts):
            return _no("There is no such shortcut.", 404)
        if ts is None:
            await self._interactions.global_shortcut(user_id, callback_id)
        else:
            await self._interactions.shortcut(user_id, ts, callback_id)
        return _yes()

    async def _home(self, request: web.Request) -> web.Response:
        asked = await _asked(request)
        delivery = await self._interactions.open_home(person(_text(asked, "as")).id)
        # Slack says nothing when the bot is not there, and shows what was published last; here one wants to know
        return (
            _yes() if delivery.error is None else _no(f"{APP_NAME} doesn’t answer ({delivery.error}).", 502)
        )

    async def _submit(self, request: web.Request) -> web.Response:
        asked = await _asked(request)
        delivery = await self._interactions.submit(
            person(_text(asked, "as")).id, _text(asked, "view_id"), _values(asked)
        )
        return _submitted(delivery)

    async def _close(self, request: web.Request) -> web.Response:
        asked = await _asked(request)
        await self._interactions.close(person(_text(asked, "as")).id, _text(asked, "view_id"))
        return _yes()

    async def _call(self, incoming: BeginCall, request: web.Request) -> web.Response:
        asked = await _asked(request)
        call = incoming(person(_text(asked, "as")).id, answered=asked.get("answered") is True)
        if call is None:
            return _no("A call is already coming in. Wait until it ends.", 409)
        steps = [{"after": step.after, "says": step.says} for step in call.steps]
        return web.json_response(
            {"ok": True, "session_id": call.session_id, "caller": call.caller, "steps": steps}
        )


def _escaped_mentions(text: str) -> str:
    """Mark up who is mentioned, as Slack does for a command with `should_escape`; other names stay plain."""
    names = {who.name.lower(): who for who in PEOPLE}

    def marked(match: re.Match[str]) -> str:
        who = names.get(match["name"].lower())
        return f"<@{who.id}|{who.name.lower()}>" if who else match[0]

    return _AT_NAME.sub(marked, text)


def _submitted(delivery: Delivery) -> web.Response:
    if delivery.errors:
        return web.json_response({"ok": False, "errors": dict(delivery.errors)})
    if delivery.error is not None:
        return _no(f"We had some trouble connecting ({delivery.error}). Try again?", 502)
    return _yes()


async def _asked(request: web.Request) -> Json:
    try:
        body = await request.json()
    except ValueError:
        raise web.HTTPBadRequest(text="not JSON") from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="not a JSON object")
    return body


def _text(asked: Json, name: str) -> str:
    value: Any = asked.get(name)
    if not isinstance(value, str) or not value:
        raise web.HTTPBadRequest(text=f"{name} is missing")
    return value


def _optional(asked: Json, name: str) -> str | None:
    return None if asked.get(name) is None else _text(asked, name)


def _values(asked: Json) -> dict[str, Json]:
    """Return what a view's inputs have, by block id and action id; nothing where there is no view."""
    values = asked.get("values", {})
    if not isinstance(values, dict) or not all(isinstance(inner, dict) for inner in values.values()):
        raise web.HTTPBadRequest(text="values must be objects by block id and action id")
    return values


def _value(asked: Json) -> str | list[str] | None:
    """Return what was chosen: one value, or the list of the checkboxes that are on."""
    value = asked.get("value")
    if value in (None, "") or (isinstance(value, list) and all(isinstance(each, str) for each in value)):
        return value
    return _text(asked, "value")


def _yes() -> web.Response:
    return web.json_response({"ok": True})


def _no(words: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": words}, status=status)
