"""The modals of "Find a call": the form, what was found, and the call that was chosen, to be shared (pure).

The first two know what was filled in, the last the call as well; never whose calls they are: that is asked anew.
"""

from __future__ import annotations

from dataclasses import replace

from bot.calls.call_ref import ref_in
from bot.calls.filters import KINDS, LONGEST_NAME, MISSED
from bot.calls.history import HistoryPage
from bot.calls.lookup import LookupResult
from bot.calls.search_form import ENDINGS, SearchForm, SearchState
from bot.cards.attendance import attendees
from bot.cards.kit.blocks import Block, Button, actions, button, context, header
from bot.cards.kit.inputs import choice, conversation, day, line
from bot.cards.kit.lines import Line, Words, rich
from bot.cards.kit.message import ONLY_YOU, Message, message
from bot.cards.kit.modal import View, modal
from bot.cards.list_notes import notes, nothing, on
from bot.cards.participants import participant_lines
from bot.cards.recent import described, rows, turning
from bot.cards.summary import facts, headline, the_rest
from bot.cards.words import outcome, status_words

FORM_VIEW = "callinfo_find"
FOUND_VIEW = "callinfo_found"
CHOSEN_VIEW = "callinfo_chosen"
FOUND_CALL = "found_call"
BACK = "find_back"
CHANGE = "find_change"
FURTHER = "find_older"
NEARER = "find_newer"

KIND, ENDED, WITH_WHOM, FIRST, LAST = "find_kind", "find_ended", "find_with", "find_from", "find_to"
CONVERSATION = "share_to"
ANY = "any"

TITLE = "Find a call"


def form(filled: SearchForm) -> View:
    """Return the form, filled in as it was."""
    kinds = {ANY: "Audio and video", **{kind: kind.capitalize() for kind in KINDS}}
    endings = {ANY: "In any way", **{each: _ending(each) for each in ENDINGS}}
    blocks = [
        choice(KIND, "Kind", kinds, chosen=filled.kind or ANY),
        choice(ENDED, "How it ended", endings, chosen=filled.ended or ANY),
        line(
            WITH_WHOM,
            "With whom",
            hint="A name, the beginning of one, or a CometChat UID.",
            written=filled.with_whom,
            max_length=LONGEST_NAME,
        ),
        day(FIRST, "From", chosen=filled.first),
        day(LAST, "To", chosen=filled.last),
    ]
    return modal(TITLE, blocks, callback_id=FORM_VIEW, submit="Search")


def _ending(status: str) -> str:
    words = "missed by you" if status == MISSED else status_words(status)
    return words[0].upper() + words[1:]


def working() -> View:
    """Return what shows while the answer takes longer than Slack waits for."""
    return modal(TITLE, [rich([[Words("Just a moment…")]])], callback_id=FOUND_VIEW)


def found(listed: HistoryPage, filled: SearchForm, *, zone_known: bool, now: int) -> View:
    """Return the calls that were found, each with a button; `now` is Unix time."""
    sought = described(listed.request.filter, _days(filled))
    lines: list[Line] = [[Words("Your calls" if listed.calls else nothing(listed), bold=True)]]
    if sought:
        lines[0] = [*lines[0], Words(": "), *sought]
    after = list(notes(listed))
    if listed.older and not listed.cut_short and listed.looked_through is None:
        after.append([Words(f"There are more: press {on(listed)}, or change the search.")])
    if filled.dated and not zone_known:
        after.append([Words("Days are UTC’s here, since Slack doesn’t say in which time zone you are.")])
    blocks: list[Block] = [rich(lines), *rows(listed, now=now, action_id=FOUND_CALL)]
    blocks += [rich(after)] if after else []
    pages = turning(listed, back_id=NEARER, on_id=FURTHER)
    blocks.append(actions([*pages, change_button()]))
    about = SearchState(filled, page=listed.request if listed.newer else None)
    return modal(TITLE, blocks, callback_id=FOUND_VIEW, private_metadata=about.to_text())


def change_button() -> Button:
    """Return the button that leads back to the form."""
    return button("Change the search", CHANGE, "change")


def back_button(text: str = "◀ Back to the list") -> Button:
    """Return the button that lists the calls anew."""
    return button(text, BACK, "back")


def _days(filled: SearchForm) -> str:
    named = (("from", filled.first), ("to", filled.last))
    return " ".join(f"{word} {each.day} {each:%b} {each.year}" for word, each in named if each)


def chosen(call: LookupResult, about: SearchState, *, now: int) -> View:
    """Return the call, and where it can be shared to; Slack has no tables in modals, so people are lines.

    `about` says which call of its session that is, for it to be just this one that is shared.
    """
    people = attendees(call.call, now=now)
    blocks = [header(f"{outcome(call.call, now=now)[0]} {headline(call.call, now=now)}")]
    lines = [
        *facts(call, people, now=now),
        *participant_lines(call.call, people, viewer=call.viewer),
        *([[Words(rest)]] if (rest := the_rest(people)) else []),
        [Words("Session id: "), Words(call.session_id, code=True)],
        *([[Words(call.hint)]] if call.hint else []),
    ]
    blocks += [
        rich(lines),
        actions([back_button()]),
        conversation(
            CONVERSATION,
            "Share it to",
            hint="Everyone there will see what you see above, less what is marked as yours.",
        ),
    ]
    return modal(
        TITLE,
        blocks,
        callback_id=CHOSEN_VIEW,
        submit="Share",
        private_metadata=replace(about, call=ref_in(call.session_id, call.call)).to_text(),
    )


def shared(*, before: bool) -> View:
    """Return that the call was shared, now or `before`."""
    return modal(TITLE, [rich([[Words(_shared(before=before))]])], callback_id=FOUND_VIEW)


def shared_elsewhere(*, before: bool) -> Message:
    """Return the same for one who does not look at the modal any more."""
    words = _shared(before=before)
    return message(f"{words}\n{ONLY_YOU}.", [rich([[Words(words)]]), context(ONLY_YOU)])


def _shared(*, before: bool) -> str:
    return "This call was shared there already." if before else "The call was shared."
