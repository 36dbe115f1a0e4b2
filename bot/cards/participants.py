"""The people of a call: a table of those who joined, a line for the others, and both as sentences (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.cards.attendance import Attendee, Span, axis
from bot.cards.durations import duration, rounded, spoken
from bot.cards.kit.blocks import Block, cell, table
from bot.cards.kit.lines import TIME, Line, Moment, Words, as_text
from bot.cards.timeline import ABSENT, bar
from bot.cards.words import is_here, person, state_words
from bot.cometchat import Call, Uid, lower_uid

SHOWN = 10
"""How many people a summary shows: those who stayed longest."""

STAYED_SECONDS = 30
"""Who was away for no longer than that stayed to the end."""

BAR_WIDTH = 8  # with two more columns no wider than a phone
NAMED = 5
_A_MINUTE = 60
_NOTHING = "–"  # Slack refuses an empty cell
_ENDED_BEFORE = frozenset({"cancelled", "busy", "initiated"})
"""Statuses of calls that ended, or may end, before anybody had a chance to answer."""


def most_present(people: Sequence[Attendee], viewer: Uid | None) -> list[Attendee]:
    """Return those who joined, as a summary shows them: in the order they did, or of many those who stayed longest.

    The viewer is among them, if they joined.
    """
    joined = [who for who in people if who.joined]
    if len(joined) <= SHOWN:
        return joined
    by_length = sorted(joined, key=lambda who: -(who.seconds or 0))
    shown, others = by_length[:SHOWN], by_length[SHOWN:]
    own = [who for who in others if lower_uid(who.uid) == viewer]
    return [*shown[: SHOWN - len(own)], *own]


def all_stayed(call: Call, people: Sequence[Attendee], *, now: int) -> bool:
    """Whether everybody who joined was there from the start to the end, give or take half a minute."""
    whole = axis(call, tuple(people), now=now)
    joined = [who for who in people if who.joined]
    if whole is None or call.unlisted:
        return False
    least = whole[1] - whole[0] - STAYED_SECONDS
    return all(who.seconds is not None and who.seconds >= least for who in joined)


def tells_apart(call: Call, people: Sequence[Attendee], *, now: int) -> bool:
    """Whether a table of the people says more than their names do."""
    joined = [who for who in people if who.joined]
    return any(who.seconds is not None for who in joined) and not all_stayed(call, people, now=now)


def participants_table(call: Call, people: Sequence[Attendee], *, viewer: Uid | None, now: int) -> Block:
    """Return the table of those who joined. Columns that say nothing are left out: no times, or only full bars."""
    whole_call = axis(call, tuple(people), now=now)
    shown = most_present(people, viewer)
    bars = [_bar(who, whole_call) for who in shown]
    columns = [["Who", *(named(who, viewer) for who in shown)]]
    columns.append(["In call", *(_time_in_call(who) for who in shown)])
    if any(ABSENT in text for text in bars):
        columns.append(["Timeline", *(text or _NOTHING for text in bars)])
    rows = zip(*([cell(text) for text in column] for column in columns), strict=True)
    return table([*rows], wrapped=[title == "Who" for title, *_ in columns])


def absentees(call: Call, people: Sequence[Attendee], viewer: Uid | None) -> list[str]:
    """Return those who did not join, by what they did instead; nobody of whom the headline says enough."""
    said = {"called", ""}
    if not call.with_group and not any(who.joined for who in people):
        said |= {"no answer", "didn’t join", "declined"}
    by_state: dict[str, list[Attendee]] = {}
    for who in people:
        state = "" if who.joined else absent_words(who, call)
        if state not in said:
            by_state.setdefault(state, []).append(who)
    return [f"{state[0].upper()}{state[1:]}: {names(who, viewer)}" for state, who in by_state.items()]


def absent_words(who: Attendee, call: Call) -> str:
    """Return what somebody who did not join did, nothing where the call ended before they had a chance to."""
    state = state_words(who, call)
    return "" if call.status in _ENDED_BEFORE and state in {"no answer", "didn’t join"} else state


def names(people: Sequence[Attendee], viewer: Uid | None) -> str:
    """Return the names of the people, the viewer first, or of a few of them and how many more there are."""
    ordered = sorted(people, key=lambda who: lower_uid(who.uid) != viewer)
    listed = [named(who, viewer) for who in ordered]
    if len(listed) <= NAMED + 1:
        return ", ".join(listed)
    return f"{', '.join(listed[:NAMED])} and {len(listed) - NAMED} more"


def named(who: Attendee, viewer: Uid | None) -> str:
    """Return a person's name; the viewer's is marked."""
    return f"{person(who)} (you)" if lower_uid(who.uid) == viewer else person(who)


def participant_lines(call: Call, people: Sequence[Attendee], *, viewer: Uid | None) -> Iterator[Line]:
    """Yield a line for each person that the table shows, for where there can be no table."""
    for who in most_present(people, viewer):
        yield [Words(named(who, viewer), bold=True), *_stay(who, call)]


def participants_text(call: Call, people: Sequence[Attendee], *, viewer: Uid | None) -> Iterator[str]:
    """Yield the same as sentences, for a screen reader."""
    for who in most_present(people, viewer):
        long = [Words(f", {spoken(who.seconds)}")] if who.seconds is not None else []
        there = stays(who, call, aloud=True)
        yield as_text(
            [Words(named(who, viewer)), *long, *([Words(", ")] if there else []), *there, Words(".")]
        )


def stays(who: Attendee, call: Call, *, aloud: bool = False) -> list[Words | Moment]:
    """Return from when to when the person was there, each time that they were; `aloud` in words instead of dashes."""
    parts: list[Words | Moment] = []
    for number, (start, end) in enumerate(who.spans, 1):
        and_ = "" if number == 1 else " and " if aloud else ", "
        if number == len(who.spans) and is_here(who, call):
            parts += [Words(f"{and_}since "), Moment(start, TIME)]
            continue
        brief = end - start < _A_MINUTE
        before = f"{and_}{'at ' if brief else 'from '}" if aloud else and_
        parts += [*([Words(before)] if before else []), Moment(start, TIME)]
        parts += [] if brief else [Words(" to " if aloud else "–"), Moment(end, TIME)]
    if not who.spans and who.joined_at is not None:
        return [Words("joined "), Moment(who.joined_at, TIME)]
    if not who.spans and who.left_at is not None:
        return [Words("left "), Moment(who.left_at, TIME)]
    return parts


def _stay(who: Attendee, call: Call) -> list[Words | Moment]:
    there = stays(who, call)
    long = [Words(f" · {duration(who.seconds)}")] if who.seconds is not None else []
    return [*([Words(" · ")] if there else []), *there, *long]


def _time_in_call(who: Attendee) -> str:
    return rounded(who.seconds) if who.seconds is not None else _NOTHING


def _bar(who: Attendee, whole_call: Span | None) -> str:
    return bar(who.spans, whole_call, BAR_WIDTH) if who.spans and whole_call else ""
