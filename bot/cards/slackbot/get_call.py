"""The answer of get_call: one call, with everybody in it, and the blocks of its card (pure)."""

from __future__ import annotations

from typing import Any

from bot.calls.call_ref import ref_in
from bot.calls.local_days import Zone
from bot.calls.lookup import LookupResult
from bot.cards.attendance import Attendee, attendees
from bot.cards.durations import duration
from bot.cards.kit.blocks import Block, actions, button
from bot.cards.kit.escaping import escaped_text, tidy
from bot.cards.slackbot.answer import (
    DATA_NOTE,
    GET_CALL,
    ToolAnswer,
    call_arguments,
    clock_note,
    data,
    iso,
    quoted,
    spoken,
    within_limits,
)
from bot.cards.slackbot.facts import CALL, PERSON, TIME, call_facts, call_sentences
from bot.cards.summary import call_card
from bot.cards.words import may_change, state_words
from bot.cometchat import Call, Uid, lower_uid

SHOWN = 50
"""How many participants are told of."""
_KNOWN = {True: "yes", False: "no", None: "not known"}

OUTPUT: dict[str, Any] = {
    "type": "object",
    "properties": {
        **CALL,
        "participants": {
            "type": "array",
            "description": f"Those who joined first, at most {SHOWN}, the person themself included.",
            "items": {
                "type": "object",
                "properties": {
                    **PERSON["properties"],
                    "is_the_person": {"type": "boolean", "description": "Whether it is the person who asks."},
                    "state": {"type": "string", "description": "What they did, such as “took part”."},
                    "joined_at": TIME,
                    "left_at": TIME,
                    "seconds": {"type": ["number", "null"], "description": "Their time in the call."},
                },
                "required": ["name", "uid", "is_the_person", "state", "joined_at", "left_at", "seconds"],
            },
        },
        "more_participants": {"type": "integer"},
        "calls_in_session": {
            "type": "integer",
            "description": "How many of the person’s calls are in this session.",
        },
        "newer_in_session": {"type": "integer", "description": "How many of these are newer than this one."},
        "recorded": {"type": ["boolean", "null"]},
        "transcribed": {"type": ["boolean", "null"]},
        "time_zone": {"type": "string"},
    },
    "required": [
        *CALL,
        "participants",
        "more_participants",
        "calls_in_session",
        "newer_in_session",
        "time_zone",
    ],
}


def get_call(found: LookupResult, zone: Zone, *, now: int) -> ToolAnswer:
    """Return the answer. `now` is Unix time."""
    call, viewer = found.call, found.viewer
    people = attendees(call, now=now)
    more = max(0, len(people) - SHOWN) + call.unlisted
    text = [call_sentences(call, viewer, zone, now=now), clock_note(now, zone), DATA_NOTE]
    if people:
        text.append("Who was in it:")
        text += [f"- {_sentence(who, call, viewer, zone)}" for who in people[:SHOWN]]
    if more:
        text.append(f"and {more} more people.")
    if found.of > 1:
        text.append(f"This session has {found.of} of the person’s calls; newer than this one: {found.newer}.")
    text.append(f"Recording: {_KNOWN[call.has_recording]}. Transcript: {_KNOWN[call.has_transcription]}.")
    text += [escaped_text(found.hint)] if found.hint else []
    return ToolAnswer(
        "\n".join(text),
        {
            **call_facts(call, viewer, zone, now=now),
            "session_id": data(found.session_id),
            "participants": [_facts(who, call, viewer, zone) for who in people[:SHOWN]],
            "more_participants": more,
            "calls_in_session": found.of,
            "newer_in_session": found.newer,
            "recorded": call.has_recording,
            "transcribed": call.has_transcription,
            "time_zone": str(zone.tz),
        },
        _blocks(found, now=now),
    )


def _blocks(found: LookupResult, *, now: int) -> tuple[Block, ...]:
    """Return the card that everybody gets to whom the call is theirs, with buttons that Slackbot knows."""
    arguments = call_arguments(ref_in(found.session_id, found.call))
    buttons = [button("Refresh", GET_CALL, arguments)] if may_change(found.call, now=now) else []
    people, below = attendees(found.call, now=now), [actions(buttons)] if buttons else []
    card = call_card(found, people, now=now, viewer=found.viewer, buttons=below)
    return within_limits([Block(block) for block in card.blocks])


def _facts(who: Attendee, call: Call, viewer: Uid, zone: Zone) -> dict[str, Any]:
    return {
        "name": data(who.name or "", 60) or None,
        "uid": data(who.uid, 100),
        "is_the_person": lower_uid(who.uid) == viewer,
        "state": escaped_text(state_words(who, call)),
        "joined_at": iso(who.joined_at, zone),
        "left_at": iso(who.left_at, zone),
        "seconds": None if who.seconds is None else round(who.seconds),
    }


def _sentence(who: Attendee, call: Call, viewer: Uid, zone: Zone) -> str:
    name = tidy(who.name or "")
    name = quoted(name) if name else "somebody without a name"
    you = ", the person who asks" if lower_uid(who.uid) == viewer else ""
    parts = [f"{name} (UID {quoted(who.uid, 100)}{you}): {escaped_text(state_words(who, call))}"]
    if who.joined_at is not None:
        parts.append(f"joined on {spoken(who.joined_at, zone)}")
    if who.left_at is not None:
        parts.append(f"left on {spoken(who.left_at, zone)}")
    if who.joined and who.seconds is not None:
        parts.append(f"{duration(who.seconds)} ({round(who.seconds)} seconds) in the call")
    return ", ".join(parts) + "."
