"""The people of a call, as a table with a bar each, and as sentences (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cards.attendance import Attendee, Span, axis
from bot.cards.kit.blocks import Block, table
from bot.cards.kit.lines import TIME, Line, Moment, Words, as_text, cell
from bot.cards.timeline import bar
from bot.cards.words import duration, person, state_words
from bot.cometchat import Call, Uid, lower_uid

SHOWN = 10
"""How many people a summary shows: those who joined first."""

BAR_WIDTH = 12
_NOTHING: Line = [Words("–")]  # Slack refuses an empty cell


def participants_table(call: Call, people: tuple[Attendee, ...], *, viewer: Uid | None, now: int) -> Block:
    """Return the table of the first people; columns in which nobody has anything are left out."""
    whole_call = axis(call, people, now=now)
    shown = people[:SHOWN]
    columns: list[tuple[str, list[Line]]] = [
        ("Who", [_who(who, viewer) for who in shown]),
        ("State", [[Words(state_words(who, call))] for who in shown]),
        ("Joined", [_joined(who) for who in shown]),
        ("Time in call", [_time_in_call(who) for who in shown]),
        ("Start → end", [_bar(who, whole_call) for who in shown]),
    ]
    kept = [(title, lines) for title, lines in columns if any(line != _NOTHING for line in lines)]
    header = [cell([Words(title)]) for title, _ in kept]
    rows = zip(*([cell(line) for line in lines] for _, lines in kept), strict=True)
    return table([header, *rows], wrapped=[title in {"Who", "State"} for title, _ in kept])


def participants_text(call: Call, people: tuple[Attendee, ...], *, viewer: Uid | None) -> Iterator[str]:
    """Yield a sentence for each person that the table shows."""
    yield from map(as_text, participant_lines(call, people, viewer=viewer))


def participant_lines(call: Call, people: tuple[Attendee, ...], *, viewer: Uid | None) -> Iterator[Line]:
    """Yield a line for each person that the table shows, for where there can be no table."""
    for who in people[:SHOWN]:
        parts: list[Words | Moment] = [
            Words(f"{_name(who, viewer)}: {state_words(who, call)}"),
            *presence(who),
        ]
        if who.joined and who.seconds is not None:
            parts.append(Words(f", {duration(who.seconds)} in the call"))
        yield parts


def presence(who: Attendee) -> list[Words | Moment]:
    """Return when the person joined and left, each whole_call of time where there were several."""
    parts: list[Words | Moment] = []
    if len(who.spans) > 1:
        for number, (start, end) in enumerate(who.spans):
            parts += [Words(" and from " if number else ", there from "), Moment(start, TIME)]
            parts += [Words(" to "), Moment(end, TIME)]
        return parts
    if who.joined_at is not None:
        parts += [Words(", joined "), Moment(who.joined_at, TIME)]
    if who.left_at is not None:
        parts += [Words(", left "), Moment(who.left_at, TIME)]
    return parts


def _name(who: Attendee, viewer: Uid | None) -> str:
    return f"{person(who)} (you)" if lower_uid(who.uid) == viewer else person(who)


def _who(who: Attendee, viewer: Uid | None) -> Line:
    return [Words(_name(who, viewer))]


def _joined(who: Attendee) -> Line:
    return [Moment(who.joined_at, TIME)] if who.joined_at is not None else _NOTHING


def _time_in_call(who: Attendee) -> Line:
    return [Words(duration(who.seconds))] if who.joined and who.seconds is not None else _NOTHING


def _bar(who: Attendee, whole_call: Span | None) -> Line:
    return [Words(bar(who.spans, whole_call, BAR_WIDTH))] if who.spans and whole_call else _NOTHING
