"""A person's latest calls, a row each with the way to its summary, and the buttons that turn the pages (pure).

The buttons' values say what was sought and which page, never whose calls they are: that is asked anew at each press.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.calls.call_ref import OneCall, one_call
from bot.calls.filters import MISSED, Sought, missed
from bot.calls.history import RecentCalls
from bot.cards.attendance import by_arrival
from bot.cards.buttons import PICK, block_id
from bot.cards.kit.blocks import Block, Button, actions, button, context, section
from bot.cards.kit.escaping import isolated, tidy
from bot.cards.kit.lines import Line, Mention, Moment, Words, rich, said
from bot.cards.kit.message import ONLY_YOU, Message, message
from bot.cards.list_notes import back, heading, none_at_all, notes, nothing, on
from bot.cards.words import how_long, kind, outcome, party, person, status_words
from bot.cometchat import Call, Participant, Party, Uid, lower_uid

OLDER = "recent_older"
NEWER = "recent_newer"

NAMED = 3
"""How many of the others a row names."""

_NOBODY = "Nobody else is recorded"
_SHOW = "Show the call with "
_LABEL = 75  # https://docs.slack.dev/reference/block-kit/block-elements/button-element
_NOT_JOINED = "you didn’t join"
_NOBODY_JOINED = frozenset({"unanswered", "missed", "cancelled", "busy", "initiated"})
"""Of a call that ended so, that says enough."""


def recent(listed: RecentCalls, *, now: int) -> Message:
    """Return the list as its owner sees it; `now` is Unix time, for calls that are not over."""
    title, besides = _title(listed), list(_notes(listed))
    told = [row(call, listed.viewer, now=now) for call in listed.calls]
    blocks = [rich([title]), *_rows(listed, told, _pick)]
    blocks += [rich(besides)] if besides else []
    blocks += _turning(listed)
    spoken = [said(title)]
    for number, (with_whom, what) in enumerate(told, 1):
        spoken.append(f"{number}. {said(with_whom)}: {said(what)}")
    spoken += [*(said(note) for note in besides), f"{ONLY_YOU}."]
    return message("\n".join(spoken), [*blocks, context(ONLY_YOU)])


def rows(listed: RecentCalls, *, now: int, action_id: str) -> list[Block]:
    """Return two blocks for each call, with a button that leads to that very call where it can be asked for."""
    told = [row(call, listed.viewer, now=now) for call in listed.calls]
    return _rows(listed, told, lambda wanted, _: _Way(action_id, wanted.to_text()))


@dataclass(frozen=True, slots=True)
class _Way:
    """What the button of a row is, and the block that it stands in, None where that says nothing."""

    action_id: str
    value: str
    block_id: str | None = None


def _pick(wanted: OneCall, number: int) -> _Way:
    """Return the way by `pick_call`, whose value is the session id alone: which of its calls, the block's id says."""
    return _Way(PICK, wanted.session_id, block_id(which=wanted.which, number=number))


def _rows(
    listed: RecentCalls, told: Sequence[tuple[Line, Line]], way_to: Callable[[OneCall, int], _Way]
) -> list[Block]:
    blocks: list[Block] = []
    ways = [one_call(call) for call in listed.calls]
    for number, (call, wanted, (with_whom, what)) in enumerate(zip(listed.calls, ways, told, strict=True)):
        blocks.append(rich([with_whom]))
        if wanted and not (wanted.nameless and ways.count(wanted) > 1):  # of two such, neither can be had
            way = way_to(wanted, number)
            show = button("Show", way.action_id, way.value, label=_label(call, with_whom))
            blocks.append(section(said(what), accessory=show, block_id=way.block_id))
        else:
            blocks.append(section(said(what)))
    return blocks


def _label(call: Call, with_whom: Line) -> str:
    """Return what tells a row's button from the others for who hears it; the names give way to the rest."""
    when = f", {Moment(call.began_at).fallback}" if call.began_at is not None else ""
    names = "".join(part.text for part in with_whom[1:] if isinstance(part, Words))
    names = names if names != _NOBODY else "nobody else recorded"
    return f"{_SHOW}{tidy(names, _LABEL - len(_SHOW) - len(when))}{when}"


def row(call: Call, viewer: Uid, *, now: int) -> tuple[Line, Line]:
    """Return with whom the call was, and when, what kind, how it ended and how long."""
    emoji, ended = outcome(call, now=now, viewer=viewer)
    began: Line = [Moment(call.began_at)] if call.began_at is not None else [Words("When is not recorded")]
    yours = _NOT_JOINED if call.status not in _NOBODY_JOINED and missed(call, viewer, now=now) else ""
    facts = " · ".join(part for part in (kind(call), ended, yours, how_long(call, now=now)) if part)
    return [Words(f"{emoji} "), Words(_others(call, viewer), bold=True)], [
        *began,
        Words(f" · {facts}"),
    ]


def described(sought: Sought, days: str = "") -> Line:
    """Return what is sought in words, nothing where every call will do. `days` are those of its `since` and `until`."""
    parts: list[list[Words | Moment | Mention]] = []
    if sought.ended == MISSED:
        parts.append([Words("missed")])
    elif sought.ended:
        parts.append([Words(status_words(sought.ended))])
    if sought.kind:
        parts.append([Words(sought.kind)])
    if sought.today:
        parts.append([Words("today")])
    if days:
        parts.append([Words(days)])
    if sought.mentioned:
        parts.append([Words("with "), Mention(sought.mentioned)])
    elif sought.with_whom:
        parts.append([Words(f"with “{isolated(tidy(sought.with_whom))}”")])
    line: list[Words | Moment | Mention] = []
    for part in parts:
        line += [Words(", "), *part] if line else part
    return line


def _title(listed: RecentCalls) -> Line:
    sought, page = described(listed.query.sought), listed.query.page
    if not listed.calls:
        return [Words(nothing(listed), bold=True), *_after(": ", sought), Words(".")]
    where = [Words(f", page {page}")] if page > 1 else []
    return [Words(heading(listed), bold=True), *_after(": ", sought), *where]


def _after(mark: str, line: Line) -> Line:
    return [Words(mark), *line] if line else []


def _notes(listed: RecentCalls) -> Iterator[Line]:
    """Yield what a person should know besides."""
    yield from notes(listed)
    if none_at_all(listed):
        yield [Words("To see one whose session id you have: /callinfo <session id>")]
    elif not (listed.calls or listed.newer or listed.older):
        yield [Words("To see all of your calls: /callinfo recent")]
    if listed.zone and not listed.zone.known:
        yield [Words("Today is UTC’s today here, since Slack doesn’t say in which time zone you are.")]


def _turning(listed: RecentCalls) -> list[Block]:
    buttons = turning(listed, back_id=NEWER, on_id=OLDER)
    return [actions(buttons)] if buttons else []


def turning(listed: RecentCalls, *, back_id: str, on_id: str) -> list[Button]:
    """Return the buttons to the pages before and after, where there are any."""
    wanted = ((f"◀ {back(listed)}", back_id, listed.newer), (f"{on(listed)} ▶", on_id, listed.older))
    return [button(text, action_id, query.to_text()) for text, action_id, query in wanted if query]


def _others(call: Call, viewer: Uid) -> str:
    """Return the called group, and the others by name: those who joined first, and how many more."""
    people: dict[str | int, Participant | Party] = {}
    for place, entry in enumerate(by_arrival(call.participants)):
        known = people.get(lower_uid(entry.uid))
        if known is None or not known.name:  # of several devices, one may not say whose it is
            people[lower_uid(entry.uid) or place] = entry
    for side in (call.initiator, call.receiver):
        if side and not side.group and party(side):
            people.setdefault(lower_uid(side.uid), side)
    others = [who for uid, who in people.items() if uid != viewer]
    told = ", ".join(person(who) for who in others[:NAMED])
    if more := len(others) - NAMED if len(others) > NAMED else 0:
        told += f" and {more} {'other' if more == 1 else 'others'}"
    groups = [party(side) for side in (call.initiator, call.receiver) if side and side.group]
    return ": ".join(part for part in (*groups, told) if part) or _NOBODY
