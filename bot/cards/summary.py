"""The summary of a call (pure): what it was, who, when, and a bar for each person. For everyone it is `share.py`'s."""

from __future__ import annotations

from collections.abc import Sequence

from bot.calls.lookup import LookupResult
from bot.cards.attendance import Attendee, attendees
from bot.cards.call_buttons import call_buttons
from bot.cards.kit.blocks import Block, context, header
from bot.cards.kit.escaping import escaped
from bot.cards.kit.lines import DAY_AND_TIME, TIME, Line, Moment, Words, as_text, rich
from bot.cards.kit.message import Message, code, message
from bot.cards.participants import SHOWN, participants_table, participants_text
from bot.cards.words import how_long, kind, may_change, outcome, party
from bot.cometchat import Call, Uid

_VERBS = {"meet": "started a meeting with", "presenter": "presented to"}
_A_MINUTE = 60
_HALF_A_DAY = 12 * 3600


def summary(found: LookupResult, *, now: int, thread_ts: str | None = None) -> Message:
    """Return the card for the person who asked, with its buttons.

    `now` is Unix time: a call that is not over is shown as of then. `thread_ts` is the thread it was asked in.
    """
    buttons = call_buttons(
        found.session_id, over=not may_change(found.call), thread_ts=thread_ts, which=found.which
    )
    notes = ["Asked in a thread, where Share posts it if Slack allows"] if thread_ts else []
    return call_card(found, now=now, viewer=found.viewer, notes=notes, buttons=buttons)


def call_card(
    found: LookupResult,
    *,
    now: int,
    viewer: Uid | None,
    opening: Line | None = None,
    notes: Sequence[str] = (),
    buttons: Block | None = None,
) -> Message:
    """Return a call as a message; the `viewer` is marked as "you"."""
    call = found.call
    people = attendees(call, now=now)
    title = headline(call, now=now, viewer=viewer)
    lines = [*([opening] if opening else []), *facts(found, people, now=now)]
    blocks = [header(f"{outcome(call, now=now)[0]} {title}")]
    if lines:
        blocks.append(rich(lines))
    if people:
        blocks.append(participants_table(call, people, viewer=viewer, now=now))
    if rest := the_rest(call, people):
        blocks.append(context(rest))
    if buttons:
        blocks.append(buttons)
    blocks.append(context(" · ".join([code(found.session_id), *notes])))
    if found.hint:
        blocks.append(context(escaped(found.hint)))
    text = [
        as_text([Words(title)]),
        *map(as_text, lines),
        *participants_text(call, people, viewer=viewer),
        rest,
        f"Session id: {as_text([Words(found.session_id)])}",
        *(f"{note}." for note in notes),
        as_text([Words(found.hint)]) if found.hint else "",
    ]
    return message("\n".join(line for line in text if line), blocks)


def headline(call: Call, *, now: int, viewer: Uid | None = None) -> str:
    """Return what kind of call it was, how it ended, from the viewer's side if there is one, and how long it took."""
    parts = [kind(call), outcome(call, now=now, viewer=viewer)[1], how_long(call, now=now)]
    return " · ".join(part for part in parts if part)


def facts(found: LookupResult, people: tuple[Attendee, ...], *, now: int) -> list[Line]:
    """Return the lines between the headline and the participants."""
    call = found.call
    lines: list[Line] = [line for line in (_who_called_whom(call), _when(call)) if line]
    nobody = (
        bool(people) and not call.unlisted and not any(who.joined for who in people)
    )  # the headline says it
    known = [] if nobody else [fact for fact in (_turnout(call, people), _recorded(call)) if fact]
    if known:
        lines.append([Words(" · ".join(known))])
    if found.of > 1:
        shown = "the newest is not shown" if found.newer else "the newest is shown"
        number = _ordinal(found.of - found.newer)
        lines.append([Words(f"{number} of {found.of} calls in this session: {shown}")])
    if may_change(call):
        lines.append([Words("As of "), Moment(now, TIME)])
    return lines


def _who_called_whom(call: Call) -> Line | None:
    caller, called = party(call.initiator), party(call.receiver)
    verb = _VERBS.get(call.mode or "call", "called")
    the = "the group " if call.receiver_type == "group" else ""
    if caller and called:
        return [Words(caller, bold=True), Words(f" {verb} {the}"), Words(called, bold=True)]
    if caller:
        return [Words("Started by "), Words(caller, bold=True)]
    return [Words(f"With {the}"), Words(called, bold=True)] if called else None


def _when(call: Call) -> Line | None:
    if call.began_at is None:
        return None
    if call.ended_at is None or call.ended_at <= call.began_at:
        return [Moment(call.began_at)]
    lasted = call.ended_at - call.began_at
    if lasted < _A_MINUTE:  # the same time twice would say less than the headline's seconds
        return [Moment(call.began_at)]
    return [
        Moment(call.began_at),
        Words(" – "),
        Moment(call.ended_at, TIME if lasted < _HALF_A_DAY else DAY_AND_TIME),
    ]


def _turnout(call: Call, people: tuple[Attendee, ...]) -> str:
    if people:
        them = f"the first {len(people)} people" if call.unlisted else len(people)
        return f"{sum(who.joined for who in people)} of {them} joined"
    return f"{call.joined_count} joined" if call.joined_count else ""


def _recorded(call: Call) -> str:
    return {True: "Recorded", False: "Not recorded", None: ""}[call.has_recording]


def the_rest(call: Call, people: tuple[Attendee, ...]) -> str:
    """Return how many people are not shown, nothing where all are."""
    return f"and {len(people) - SHOWN + call.unlisted} more" if len(people) > SHOWN else ""


def _ordinal(number: int) -> str:
    teens = 11 <= number % 100 <= 13  # noqa: PLR2004 - 11th, 12th, 13th
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
