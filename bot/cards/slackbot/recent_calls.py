"""The answer of recent_calls: a person's calls, as text, structured content and rows with a button each (pure)."""

from __future__ import annotations

import json
from typing import Any

from bot.calls.history import HistoryPage
from bot.calls.local_days import Zone
from bot.cards.kit.blocks import Block, actions, button
from bot.cards.kit.lines import Line, Words, as_text, rich
from bot.cards.list_notes import heading, notes, nothing
from bot.cards.recent import rows
from bot.cards.slackbot.answer import (
    DATA_NOTE,
    GET_CALL,
    RECENT_CALLS,
    ToolAnswer,
    call_arguments,
    clock_note,
    iso,
    within_limits,
)
from bot.cards.slackbot.facts import CALL, call_facts, call_sentences

OUTPUT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "calls": {
            "type": "array",
            "items": {"type": "object", "properties": CALL, "required": list(CALL)},
            "description": "The newest first.",
        },
        "more": {"type": "boolean", "description": "Whether there are, or may be, more such calls."},
        "next_until": {
            "type": ["string", "null"],
            "description": "With the same arguments and this as `until`, the tool goes on with older calls.",
        },
        "time_zone": {"type": "string"},
    },
    "required": ["calls", "more", "next_until", "time_zone"],
}


def recent_calls(listed: HistoryPage, zone: Zone, arguments: dict[str, Any], *, now: int) -> ToolAnswer:
    """Return the answer. `arguments` are the tool's, as they were understood; `now` is Unix time."""
    until, more = _next_until(listed, zone), _has_more(listed)
    title = heading(listed) if listed.calls else nothing(listed)
    after = list(notes(listed, button=False))
    many = len(listed.calls)
    text = [
        f"{title}: {many} {'call' if many == 1 else 'calls'}." if many else f"{title}.",
        clock_note(now, zone),
    ]
    if many:
        text.append(DATA_NOTE)
    text += [
        f"{number}. {call_sentences(call, listed.viewer, zone, now=now)}"
        for number, call in enumerate(listed.calls, 1)
    ]
    text += map(as_text, after)
    if until:
        text.append(
            f"There are older calls. To get them, call recent_calls with the same arguments and until {until}."
        )
    return ToolAnswer(
        "\n".join(text),
        {
            "calls": [call_facts(call, listed.viewer, zone, now=now) for call in listed.calls],
            "more": more,
            "next_until": until,
            "time_zone": str(zone.tz),
        },
        _blocks(listed, title, after, {**arguments, "until": until} if until else None, now=now),
    )


def _blocks(
    listed: HistoryPage, title: str, after: list[Line], older: dict[str, Any] | None, *, now: int
) -> tuple[Block, ...]:
    listing = rows(listed, now=now, action_id=GET_CALL, value_of=call_arguments, with_details=False)
    blocks = [rich([[Words(title, bold=True)]]), *listing, *([rich(after)] if after else [])]
    if older:
        blocks.append(actions([button("Older", RECENT_CALLS, json.dumps(older, ensure_ascii=False))]))
    return within_limits(blocks)


def _has_more(listed: HistoryPage) -> bool:
    return listed.older is not None or listed.cut_short or listed.looked_through is not None


def _next_until(listed: HistoryPage, zone: Zone) -> str | None:
    """Return the start of the oldest call where older ones follow: `until` leaves that one out, and what follows stays."""
    if listed.older is None or listed.oldest_first or not listed.calls:
        return None
    return iso(listed.calls[-1].began_at, zone)
