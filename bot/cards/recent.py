"""A person's latest calls, a row each with a button that shows it, and the buttons to other pages (pure).

A button's value says which filter and which page, never whose calls they are: that is decided at each press.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.calls.call_ref import CallRef, ref_of
from bot.calls.filters import MISSED, CallFilter
from bot.calls.history import HistoryPage
from bot.calls.missed import NOT_TAKEN, missed
from bot.cards.call_buttons import PICK, block_id, details_button
from bot.cards.headline import ending, people_besides
from bot.cards.kit.blocks import Block, Button, actions, button, section
from bot.cards.kit.escaping import isolated, tidy
from bot.cards.kit.lines import Line, Mention, Moment, Words, as_text, rich
from bot.cards.kit.message import Message, message
from bot.cards.list_notes import back_label, heading, none_at_all, notes, nothing, on_label
from bot.cards.next_steps import find_button, help_button
from bot.cards.summary import recorded, transcribed
from bot.cards.words import kind, outcome, party, person, status_words
from bot.cometchat import Call, Uid

OLDER = "recent_older"
NEWER = "recent_newer"

NAMED = 3
"""How many of the others a row names."""

_NOBODY = "Nobody else is recorded"
_SHOW = "Show the call with "
_LABEL = 75  # https://docs.slack.dev/reference/block-kit/block-elements/button-element
_NOT_JOINED = "you didn’t join"
"""Statuses that say enough: no need to add that the person didn't join."""


def recent(listed: HistoryPage, *, now: int, next_steps: bool = True) -> Message:
    """Return the list. `now` is Unix time, for calls that are not over.

    `next_steps`: with the buttons *Find a call* and *Help*, which the Home tab has elsewhere.
    """
    title, after = _title(listed), list(_notes(listed))
    texts = [row(call, listed.viewer, now=now) for call in listed.calls]
    blocks = [rich([title]), *_rows(listed, texts, _pick)]
    blocks += [rich(after)] if after else []
    buttons = page_buttons(listed, back_id=NEWER, on_id=OLDER)
    buttons += [find_button(), help_button()] if next_steps else []
    blocks += [actions(buttons)] if buttons else []
    text = [as_text(title)]
    for number, (with_whom, what) in enumerate(texts, 1):
        text.append(f"{number}. {as_text(with_whom)}: {as_text(what)}")
    text += [as_text(note) for note in after]
    return message("\n".join(text), blocks)


def rows(
    listed: HistoryPage,
    *,
    now: int,
    action_id: str,
    value_of: Callable[[CallRef], str] = CallRef.to_text,
    with_details: bool = True,
) -> list[Block]:
    """Return two blocks for each call, with a button that shows that very call, if it can be looked up.

    `with_details`: the only call of a list has a button to its Details, too.
    """
    texts = [row(call, listed.viewer, now=now) for call in listed.calls]
    return _rows(listed, texts, lambda ref: _RowButton(action_id, value_of(ref)), with_details=with_details)


@dataclass(frozen=True, slots=True)
class _RowButton:
    """The button of a row."""

    action_id: str
    value: str


def _pick(ref: CallRef) -> _RowButton:
    """Return the button `pick_call`, whose value is the session id alone; the block's id says which of its calls."""
    return _RowButton(PICK, ref.session_id)


def _rows(
    listed: HistoryPage,
    texts: Sequence[tuple[Line, Line]],
    button_for: Callable[[CallRef], _RowButton],
    *,
    with_details: bool = True,
) -> list[Block]:
    blocks: list[Block] = []
    refs = [ref_of(call) for call in listed.calls]
    for number, (call, ref, (with_whom, what)) in enumerate(zip(listed.calls, refs, texts, strict=True)):
        blocks.append(rich([with_whom]))
        if not ref or (ref.nameless and refs.count(ref) > 1):  # two such can't be told apart
            blocks.append(section(as_text(what)))
            continue
        made = button_for(ref)
        show = button("Show", made.action_id, made.value, label=_label(call, with_whom))
        made_id = block_id(which=ref.which, number=number)
        if len(refs) > 1 or not with_details:
            blocks.append(section(as_text(what), accessory=show, block_id=made_id))
        else:
            buttons = [show, details_button(ref.session_id)]
            blocks += [section(as_text(what)), actions(buttons, block_id=made_id)]
    return blocks


def _label(call: Call, with_whom: Line) -> str:
    """Return what tells a row's button from the others in a screen reader; long names are shortened."""
    when = f", {Moment(call.began_at).fallback}" if call.began_at is not None else ""
    names = "".join(part.text for part in with_whom[1:] if isinstance(part, Words))
    names = names if names != _NOBODY else "nobody else recorded"
    return f"{_SHOW}{tidy(names, _LABEL - len(_SHOW) - len(when))}{when}"


def row(call: Call, viewer: Uid, *, now: int) -> tuple[Line, Line]:
    """Return with whom the call was, and when, what kind, how it ended and how long."""
    emoji, _ = outcome(call, now=now, viewer=viewer)
    began: Line = [Moment(call.began_at)] if call.began_at is not None else [Words("Time unknown")]
    yours = _NOT_JOINED if call.status not in NOT_TAKEN and missed(call, viewer, now=now) else ""
    known = (
        kind(call),
        ending(call, now=now, viewer=viewer),
        yours,
        recorded(call).lower(),
        transcribed(call).lower(),
    )
    facts = " · ".join(part for part in known if part)
    return [Words(f"{emoji} "), Words(_others(call, viewer), bold=True)], [
        *began,
        Words(f" · {facts}"),
    ]


def described(call_filter: CallFilter, days: str = "") -> Line:
    """Return the filter in words, nothing for a filter that lets all through. `days` are its `since` and `until`."""
    parts: list[list[Words | Moment | Mention]] = []
    if call_filter.ended == MISSED:
        parts.append([Words("missed")])
    elif call_filter.ended:
        parts.append([Words(status_words(call_filter.ended))])
    if call_filter.kind:
        parts.append([Words(call_filter.kind)])
    if call_filter.today:
        parts.append([Words("today")])
    if days:
        parts.append([Words(days)])
    if call_filter.mentioned:
        parts.append([Words("with "), Mention(call_filter.mentioned)])
    elif call_filter.with_whom:
        parts.append([Words(f"with “{isolated(tidy(call_filter.with_whom))}”")])
    line: list[Words | Moment | Mention] = []
    for part in parts:
        line += [Words(", "), *part] if line else part
    return line


def _title(listed: HistoryPage) -> Line:
    narrowed, page = described(listed.request.filter), listed.request.cursor.number
    if not listed.calls:
        return [Words(nothing(listed), bold=True), *_after(": ", narrowed), Words(".")]
    where = [Words(f", page {page}")] if page > 1 else []
    return [Words(heading(listed), bold=True), *_after(": ", narrowed), *where]


def _after(mark: str, line: Line) -> Line:
    return [Words(mark), *line] if line else []


def _notes(listed: HistoryPage) -> Iterator[Line]:
    """Yield the notes below the list."""
    yield from notes(listed)
    if none_at_all(listed):
        yield [Words("If you have a session id: /callinfo <session id>")]
    elif not (listed.calls or listed.newer or listed.older):
        yield [Words("To see all of your calls: /callinfo recent")]
    if listed.zone and not listed.zone.known:
        yield [Words("“Today” is in UTC, because Slack doesn’t share your time zone.")]


def page_buttons(listed: HistoryPage, *, back_id: str, on_id: str) -> list[Button]:
    """Return the buttons to the pages before and after, where there are any."""
    pages = (
        (f"◀ {back_label(listed)}", back_id, listed.newer),
        (f"{on_label(listed)} ▶", on_id, listed.older),
    )
    return [button(text, action_id, query.to_text()) for text, action_id, query in pages if query]


def _others(call: Call, viewer: Uid) -> str:
    """Return the called group, and the others by name: those who joined first, and how many more."""
    others = people_besides(viewer, call)
    names = ", ".join(person(who) for who in others[:NAMED])
    if more := len(others) - NAMED + call.unlisted if len(others) > NAMED else 0:
        names += f" and {more} {'other' if more == 1 else 'others'}"
    groups = [party(side) for side in (call.initiator, call.receiver) if side and side.group]
    return ": ".join(part for part in (*groups, names) if part) or _NOBODY
