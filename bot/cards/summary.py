"""The summary of a call (pure): what it was, who began it and when, who was there. For everyone it is `share.py`'s."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.calls.lookup import LookupResult
from bot.cards.attendance import Attendee, attendees
from bot.cards.call_buttons import Place, block_id, call_buttons, details_button, neighbour_buttons
from bot.cards.headline import headline, in_the_call, missed_since, sentence, turnout, when, who_began
from bot.cards.kit.blocks import Block, Button, context, header, section
from bot.cards.kit.escaping import escaped
from bot.cards.kit.lines import TIME, Line, Moment, Part, Words, as_text, rich
from bot.cards.kit.message import Message, code, message
from bot.cards.participants import (
    SHOWN,
    absentees,
    names,
    participants_table,
    participants_text,
    tells_apart,
)
from bot.cards.words import may_change
from bot.cometchat import Call, Uid


def summary(found: LookupResult, *, now: int, place: Place | None = None) -> Message:
    """Return the card for the person who asked, with its buttons.

    `now` is Unix time: a call that is not over is shown as of then. `place` is where it was asked for.
    """
    place, call = place or Place(), found.call
    people = attendees(call, now=now)
    buttons = call_buttons(
        found,
        place=place,
        over=not may_change(call, now=now),
        details=not (tells_apart(call, people, now=now) and the_rest(call, people)),  # they stand beside it
    )
    return call_card(
        found,
        people,
        now=now,
        viewer=found.viewer,
        buttons=[buttons, *neighbour_buttons(found, place)],
        more=details_button(found.session_id),
    )


def call_card(
    found: LookupResult,
    people: Sequence[Attendee],
    *,
    now: int,
    viewer: Uid | None,
    buttons: Sequence[Block],
    more: Button | None = None,
    footer: Sequence[Line] = (),
) -> Message:
    """Return a call as a message; the `viewer` is marked as "you".

    `more` stands beside the number of people who are not shown, the session id after the `footer`.
    """
    call = found.call
    with_table = tells_apart(call, people, now=now)
    blocks = [header(headline(call, now=now, viewer=viewer))]
    lines = list(facts(found, people, now=now, viewer=viewer, in_table=with_table))
    blocks += [rich(lines)] if lines else []
    rest = ""
    if with_table:
        blocks.append(participants_table(call, people, viewer=viewer, now=now))
        rest = the_rest(call, people)
    if rest and not more:
        blocks.append(context(rest))
    elif rest:
        blocks.append(section(escaped(rest), accessory=more, block_id=block_id(which=found.which, number=0)))
    if may_change(call, now=now):
        footer = [*footer, [Words("As of "), Moment(now, TIME)]]
    blocks += [*buttons, context(" · ".join([*map(as_text, footer), code(found.session_id)]))]
    blocks += [context(escaped(found.hint))] if found.hint else []
    text = [
        *_aloud(found, people, now=now, viewer=viewer, in_table=with_table),
        *(participants_text(call, people, viewer=viewer) if with_table else ()),
        f"{rest}." if rest else "",
        *(f"{as_text(line)}." for line in footer),
        as_text([Words(found.hint)]) if found.hint else "",
    ]
    return message("\n".join(line for line in text if line), blocks)


def facts(
    found: LookupResult, people: Sequence[Attendee], *, now: int, viewer: Uid | None, in_table: bool
) -> Iterator[Line]:
    """Yield the lines below the headline; `in_table`: those who joined are named below."""
    call = found.call
    if opening := opening_line(call, now=now, viewer=viewer):
        yield opening
    there = [turnout(call, people), _names(call, people, viewer, in_table=in_table)]
    known = [": ".join(fact for fact in there if fact), recorded(call), transcribed(call)]
    if known := [fact for fact in known if fact]:
        yield [Words(" · ".join(known))]
    if absent := absentees(call, people, viewer):
        yield [Words(" · ".join(absent))]
    if place := place_in_session(found):
        yield [Words(place)]


def opening_line(call: Call, *, now: int, viewer: Uid | None) -> Line:
    """Return who began the call and when, and why the viewer missed it."""
    since = [Words(missed_since(call, now=now, viewer=viewer))]
    return _joined([who_began(call, now=now, viewer=viewer), when(call), since])


def place_in_session(found: LookupResult) -> str:
    """Return which of the session's calls it is, nothing for the only one."""
    return f"Call {found.of - found.newer} of {found.of} in this session" if found.of > 1 else ""


def recorded(call: Call) -> str:
    """Return that the call was recorded, if it was."""
    return "Recorded" if call.has_recording else ""


def transcribed(call: Call) -> str:
    """Return that there is a transcript, if there is, and nothing more of it."""
    return "Transcript" if call.has_transcription else ""


def the_rest(call: Call, people: Sequence[Attendee]) -> str:
    """Return how many of those who joined a table does not show, nothing where it shows all."""
    more = sum(who.joined for who in people) - SHOWN + call.unlisted
    return f"and {more} more" if more > 0 else ""


def _names(call: Call, people: Sequence[Attendee], viewer: Uid | None, *, in_table: bool) -> str:
    """Return who is in the call now, else who joined if no table has them; nothing of two people."""
    if here := in_the_call(call, people):
        return names(here, viewer)
    if in_table or not turnout(call, people):
        return ""
    return names([who for who in people if who.joined], viewer)


def _aloud(
    found: LookupResult, people: Sequence[Attendee], *, now: int, viewer: Uid | None, in_table: bool
) -> Iterator[str]:
    """Yield the same as sentences, for a screen reader."""
    call = found.call
    yield as_text([Words(sentence(call, people, now=now, viewer=viewer))])
    since = [Words(missed_since(call, now=now, viewer=viewer))]
    opening = [who_began(call, now=now, viewer=viewer, aloud=True), when(call, to=" to "), since]
    if line := _joined(opening, ", "):
        yield f"{as_text(line)}."
    named = _names(call, people, viewer, in_table=in_table)
    there = named and f"{'In the call now' if in_the_call(call, people) else 'Joined'}: {named}"
    for each in (
        there,
        *absentees(call, people, viewer),
        recorded(call),
        transcribed(call),
        place_in_session(found),
    ):
        if each:
            yield as_text([Words(f"{each}.")])


def _joined(lines: Sequence[Line], mark: str = " · ") -> Line:
    """Return the lines that are not empty as one."""
    parts: list[Part] = []
    for line in lines:
        if any(not isinstance(part, Words) or part.text for part in line):
            parts += [*([Words(mark)] if parts else []), *line]
    return parts
