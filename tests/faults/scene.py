"""One cell: a person who acts through the stand-in Slack, and all that this person sees."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.calls.lookup import LookupResult
from bot.cards.call_buttons import DETAILS, PICK, REFRESH, SHARE, TRANSCRIPT, call_buttons
from bot.cards.call_buttons import Place as Shown
from bot.cards.kit.blocks import actions, button, overflow
from bot.cards.pick import pick
from bot.cards.subscriptions import UNSUBSCRIBE
from bot.cometchat import SessionId, Uid
from bot.cometchat.parsing import parse_call
from bot.playground.samples import call_json, session_id
from bot.playground.slack import Message, StandInSlack
from bot.playground.slack.dispatch import Delivery
from bot.playground.slack.workspace import TEAM_ID
from tests.faults.model import Entry, Place
from tests.process import NOW

LAST = frozenset({"interaction", "reply failed"})
"""The events that end an interaction: there is one of them for each."""

_PROMISES = ("This is taking longer than usual.",)
_LOOKING = "Loading…"
_WITHIN = 60.0
_BUTTONS = {
    Entry.STOP: UNSUBSCRIBE,
    Entry.PICK: PICK,
    Entry.SHARE: SHARE,
    Entry.DETAILS: DETAILS,
    Entry.TRANSCRIPT: TRANSCRIPT,
    Entry.REFRESH: REFRESH,
}


@dataclass(frozen=True)
class Seen:
    """What one cell came to: the answers with their places, promises apart, and the lines in the log."""

    delivery: Delivery
    answers: tuple[tuple[Place, str], ...]
    promises: int
    lines: tuple[dict[str, Any], ...]


@dataclass
class Scene:
    """A person who is about to do something. `log` are the lines of the bot's log, as they come."""

    slack: StandInSlack
    log: Sequence[dict[str, Any]]
    user: str
    entry: Entry
    key: str
    _where: str = ""
    _told: str = ""
    _messages: dict[str, Message] = field(default_factory=dict)
    _views: set[tuple[str, str]] = field(default_factory=set)

    @property
    def session_id(self) -> SessionId:
        """The call that is asked for, which no other cell asks for."""
        return SessionId(session_id(f"{self.key} {self.entry}", NOW))

    async def prepare(self) -> None:
        """Put in place what the person acts on, while nothing fails yet."""
        sid, other = self.session_id, SessionId(session_id(f"{self.key} {self.entry} other", NOW))
        match self.entry:
            case Entry.SHORTCUT:
                self._where = self.slack.post(self.user, f"What was {sid}?")
            case Entry.SEVERAL:
                self._where = self.slack.post(self.user, f"{sid} or {other}?")
            case Entry.ASKING:
                self._where = self.slack.post(self.user, "What was that call?")
            case Entry.SUBMISSION:
                ts = self.slack.post(self.user, "What was that call?")
                await self.slack.shortcut(self.user, ts)
                await self.slack.wait_for(lambda: self.slack.modals(self.user))
                self._where = self.slack.modals(self.user)[-1].view_id
                await self._ended(0)
            case Entry.PICK:
                card = pick((sid, other), thread_ts=None).as_json()
                self._where = self.slack.post(None, "a list", card["blocks"], bot=True)
            case Entry.TRANSCRIPT:
                row = actions([button("Transcript", TRANSCRIPT, sid)])
                self._where = self.slack.post(None, "a card", [row], bot=True)
            case Entry.SHARE | Entry.DETAILS | Entry.REFRESH:
                call = parse_call(call_json(sessionId=sid, mid=None))  # so that any answer about it will do
                found = LookupResult(SessionId(sid), Uid("superhero1"), call, 1, None, 200)
                buttons = call_buttons(found, place=Shown(), over=False)
                self._where = self.slack.post(None, "a card", [buttons], bot=True)
            case Entry.STOP:
                await self.slack.command(self.user, "subscribe missed")
                await self._ended(0)
                menu = overflow(UNSUBSCRIBE, {_subscription_in(self.slack.seen_by(self.user)): "Stop these"})
                self._where = self.slack.post(None, "what is told", [actions([menu])], bot=True)
            case _:
                pass

    async def play(self) -> Seen:
        """Act, wait for the end, and return what the person has seen."""
        self._messages = {each.ts: each for each in self.slack.seen_by(self.user)}
        self._views = {(each.view_id, each.hash) for each in self.slack.modals(self.user)}
        before = len(self._own_lines())
        delivery = await self._act()
        lines = await self._ended(before) if delivery.status == 200 else self._refused()
        answers = tuple(self._answers(delivery))
        promises = [text for _, text in answers if text.startswith(_PROMISES)]
        told = tuple((place, text) for place, text in answers if text not in promises)
        return Seen(delivery, told, len(promises) + self._first_looks(), lines)

    async def _act(self) -> Delivery:
        match self.entry:
            case Entry.COMMAND | Entry.SLOW_COMMAND:
                return await self.slack.command(self.user, self.session_id)
            case Entry.RECENT | Entry.SUBSCRIBE | Entry.SUBSCRIBE_HERE | Entry.SUBSCRIBE_FORM:
                typed = self.entry.value.strip("`").removeprefix("/callinfo ")
                return await self.slack.command(self.user, typed)
            case Entry.HOME | Entry.QUESTION:
                return await (self.slack.open_home(self.user) if self.entry is Entry.HOME else self._ask())
            case Entry.SHORTCUT | Entry.SEVERAL | Entry.ASKING:
                return await self.slack.shortcut(self.user, self._where)
            case Entry.SUBMISSION:
                filled = {"session_id": {"session_id": self.session_id}}
                return await self.slack.submit(self.user, self._where, filled)
            case _:
                value = self.session_id if self.entry is Entry.PICK else None
                if self.entry is Entry.STOP:
                    message = next(each for each in self.slack.seen_by(self.user) if each.ts == self._where)
                    value = (message.blocks or [])[0]["elements"][0]["options"][0]["value"]
                return await self.slack.press(self.user, self._where, _BUTTONS[self.entry], value=value)

    async def _ask(self) -> Delivery:
        """Let Slackbot call a tool for the person."""
        who = {"slack": {"user_id": self.user, "team_id": TEAM_ID}}
        called = {"name": "get_call", "arguments": {"session_id": self.session_id}, "_meta": who}
        delivery = await self.slack.slackbot.request("tools/call", called)
        if delivery.error is None:
            self._told = delivery.parsed()["result"]["content"][0]["text"]
        return delivery

    def _own_lines(self) -> list[dict[str, Any]]:
        return [line for line in self.log if line.get("user") == self.user and line["event"] in LAST]

    def _refused(self) -> tuple[dict[str, Any], ...]:
        """Return the line of a request that was refused before it was known whose it is."""
        return tuple([line for line in self.log if line["event"] == "request refused"][:1])

    async def _ended(self, before: int) -> tuple[dict[str, Any], ...]:
        async with asyncio.timeout(_WITHIN):
            while len(self._own_lines()) <= before:  # noqa: ASYNC110 - a log announces nothing
                await asyncio.sleep(0.02)
        return tuple(self._own_lines()[before:])

    def _answers(self, delivery: Delivery) -> Iterator[tuple[Place, str]]:
        """Yield all that the person sees now and did not see before."""
        yield from self._in_messages(delivery)
        if self._told:
            yield Place.SLACKBOT, self._told
        for words in delivery.errors.values():
            yield Place.BESIDE, words
        for modal in self.slack.modals(self.user):
            words = _read(modal.view)
            if (modal.view_id, modal.hash) not in self._views and "Loading…" not in words:
                yield Place.WINDOW, words
        if home := self.slack.home(self.user):
            yield Place.TAB, _read(home.view)

    def _in_messages(self, delivery: Delivery) -> Iterator[tuple[Place, str]]:
        own_answer = str((delivery.message or {}).get("text"))
        for message in self.slack.seen_by(self.user):
            known = self._messages.get(message.ts)
            if known and (known == message or message.ts != self._where):
                continue  # a card that changes in front of everybody is its presser's answer
            if message.sender == "slack":
                yield Place.SLACK, message.text
            elif known:
                yield Place.CARD, message.text
            elif message.only_for == self.user:
                yield Place.ANSWER if message.text == own_answer else Place.MESSAGE, message.text
            elif f"Shared by <@{self.user}>" in message.text:
                yield Place.CHANNEL, message.text

    def _first_looks(self) -> int:
        """Return how often the person's Home tab said that it was not the whole yet."""
        published = [each.body for each in self.slack.received if each.target == "views.publish"]
        return sum(each["user_id"] == self.user and _LOOKING in str(each["view"]) for each in published)


def _subscription_in(messages: Sequence[Message]) -> str:
    """Return the id of the subscription that the last message confirms; one of none where the database is away."""
    for block in (messages[-1].blocks or []) if messages else []:
        for element in block.get("elements", []):
            if element.get("action_id") == UNSUBSCRIBE:
                return str(element["value"])
    return "0123456789abcdef"


def _read(view: Any) -> str:
    return " ".join(" ".join(words_in(view)).split())


def words_in(block: Any) -> Iterator[str]:
    """Yield what a view or a block shows: its texts, and mentions as `<@…>`."""
    if isinstance(block, list):
        for each in block:
            yield from words_in(each)
    elif isinstance(block, dict):
        if block.get("type") == "user":
            yield f"<@{block['user_id']}>"
        for value in block.values():
            if isinstance(value, dict | list):
                yield from words_in(value)
        if isinstance(block.get("text"), str):
            yield block["text"]


def everything(seen: Seen) -> str:
    """Return all that a cell has put anywhere, to look for secrets in."""
    return json.dumps(
        [seen.answers, seen.lines, seen.delivery.body, dict(seen.delivery.errors)], default=repr
    )
