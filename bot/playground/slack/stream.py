"""What one person sees, as the page gets it: the whole state, again at every change."""

import asyncio
import json
from contextlib import suppress

from aiohttp import web

from bot.playground.slack.homes import Home
from bot.playground.slack.messages import Message
from bot.playground.slack.modals import Modal
from bot.playground.slack.slackbot import Entry, Slackbot
from bot.playground.slack.state import State
from bot.playground.slack.workspace import PEOPLE, Json, conversations, person

_HEARTBEAT = 15.0  # seconds


class Stream:
    """Server-sent events, one stream a page. `close` ends them all."""

    def __init__(self, state: State, slackbot: Slackbot) -> None:
        self._state = state
        self._slackbot = slackbot
        self._closing = False
        self._shown: dict[str, str] = {}  # by person, the newest message that a page has shown them

    def close(self) -> None:
        """End all streams."""
        self._closing = True
        self._state.changes.announce()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Send the state at once and at every change; LookupError when `as` names nobody."""
        user_id = person(request.query.get("as", "")).id
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        # A page that went away has no transport, or shows that when something is sent to it.
        with self._state.changes.watch() as changed, suppress(ConnectionResetError):
            chunk = self._event(user_id)
            while not self._closing and request.transport is not None:
                await response.write(chunk)
                try:
                    async with asyncio.timeout(_HEARTBEAT):
                        await changed.wait()
                except TimeoutError:
                    chunk = b": still here\n\n"
                    continue
                changed.clear()
                if request.transport is not None:  # what nobody is shown stays unread
                    chunk = self._event(user_id)
        return response

    def _event(self, user_id: str) -> bytes:
        replies = self._state.messages.reply_counts()
        shown = {
            "messages": [
                _message(message, replies[message.ts]) for message in self._state.messages.seen_by(user_id)
            ],
            "unread": self._unread(user_id),
            "modals": [_modal(modal) for modal in self._state.modals.stack(user_id)],
            "home": _home(self._state.homes.of(user_id)),
            "slackbot": [_entry(entry) for entry in self._slackbot.conversation(user_id)],
        }
        return f"data: {json.dumps(shown, separators=(',', ':'))}\n\n".encode()

    def _unread(self, user_id: str) -> list[str]:
        """Note that this person sees theirs now, and return the others who have a message that no page has shown."""
        newest = {who.id: self._state.messages.newest_for(who.id) for who in PEOPLE}
        if newest.get(user_id, "") > self._shown.get(user_id, ""):
            self._shown[user_id] = newest[user_id]
            self._state.changes.announce()  # for those who show a dot on this person
        return [each for each, ts in newest.items() if ts > self._shown.get(each, "")]


def _message(message: Message, replies: int) -> Json:
    return {
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "from": message.sender,
        "user": {"id": message.user_id, "name": message.user_name},
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "ephemeral": message.ephemeral,
        "direct": message.direct,
        "edited": message.edited,
        "reply_count": replies,
        "pending": False,  # Slack shows nothing while a command is under way
    }


def _modal(modal: Modal) -> Json:
    view = modal.view
    return {
        "view_id": modal.view_id,
        "opened": modal.opened,
        "callback_id": modal.callback_id,
        "title": modal.title,
        "submit": view["submit"]["text"] if view.get("submit") else None,
        "close": view["close"]["text"] if view.get("close") else None,
        "blocks": modal.blocks,
        "errors": dict(modal.errors),
        "conversation": modal.channel_id,
        "conversations": [{"id": key, "name": name} for key, name in conversations(modal.user_id).items()],
    }


def _entry(entry: Entry) -> Json:
    return {
        "ts": entry.ts,
        "from": entry.sender,
        "text": entry.text,
        "blocks": entry.blocks,
        "error": entry.failed,
        "pending": entry.pending,
        "tool": {"name": entry.call.tool, "arguments": entry.call.arguments} if entry.call else None,
    }


def _home(home: Home | None) -> Json | None:
    return None if home is None else {"view_id": home.view_id, "blocks": home.blocks}
