"""The modals of "Find a call": the form, the calls that were found, and the one that was chosen, to be shared (pure).

Their private metadata hold what was filled in, and the chosen call; never whose calls they are: that is decided at
each press.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.calls.call_ref import ref_in
from bot.calls.filters import KINDS, LONGEST_NAME, MISSED
from bot.calls.history import HistoryPage
from bot.calls.lookup import LookupResult
from bot.calls.problems import Problem, ProblemKind
from bot.calls.search_form import ENDINGS, SearchForm, SearchState
from bot.cards.attendance import attendees
from bot.cards.call_buttons import block_id, details_button, transcript_buttons
from bot.cards.headline import headline
from bot.cards.kit.blocks import Block, Button, actions, button, header
from bot.cards.kit.inputs import conversation_select, date_picker, select, text_input
from bot.cards.kit.lines import Line, Words, rich
from bot.cards.kit.modal import View, modal
from bot.cards.list_notes import notes, nothing, on_label
from bot.cards.participants import participant_lines, tells_apart
from bot.cards.problem_card import Contacts, problem_blocks
from bot.cards.recent import described, page_buttons, rows
from bot.cards.recordings import watch_buttons
from bot.cards.summary import facts, the_rest
from bot.cards.words import status_words

FORM_VIEW = "callinfo_find"
FOUND_VIEW = "callinfo_found"
CHOSEN_VIEW = "callinfo_chosen"
FOUND_CALL = "found_call"
BACK = "find_back"
CHANGE = "find_change"
OLDER = "find_older"
NEWER = "find_newer"

KIND, ENDED, WITH_WHOM, FIRST, LAST = "find_kind", "find_ended", "find_with", "find_from", "find_to"
CONVERSATION = "share_to"
ANY = "any"

TITLE = "Find a call"


def form(filled: SearchForm) -> View:
    """Return the form, with what was filled in before."""
    kinds = {ANY: "Audio and video", **{kind: kind.capitalize() for kind in KINDS}}
    endings = {ANY: "Any outcome", **{each: _ending(each) for each in ENDINGS}}
    blocks = [
        select(KIND, "Kind", kinds, chosen=filled.kind or ANY),
        select(ENDED, "How it ended", endings, chosen=filled.ended or ANY),
        text_input(
            WITH_WHOM,
            "With whom",
            hint="The start of a name, or a CometChat UID.",
            max_length=LONGEST_NAME,
            initial=filled.with_whom,
        ),
        date_picker(FIRST, "From", chosen=filled.first),
        date_picker(LAST, "To", chosen=filled.last),
    ]
    return modal(TITLE, blocks, callback_id=FORM_VIEW, submit="Search")


def found(listed: HistoryPage, filled: SearchForm, *, zone_known: bool, now: int) -> View:
    """Return the calls that were found, each with a button; `now` is Unix time."""
    narrowed = described(listed.request.filter, _days(filled))
    lines: list[Line] = [[Words("Your calls" if listed.calls else nothing(listed), bold=True)]]
    if narrowed:
        lines[0] = [*lines[0], Words(": "), *narrowed]
    after = list(notes(listed))
    if listed.older and not listed.cut_short and listed.looked_through is None:
        after.append([Words(f"There are more. Press {on_label(listed)}, or change the search.")])
    if filled.dated and not zone_known:
        after.append([Words("Days are in UTC, because Slack doesn’t share your time zone.")])
    blocks: list[Block] = [rich(lines), *rows(listed, now=now, action_id=FOUND_CALL)]
    blocks += [rich(after)] if after else []
    blocks.append(actions([*page_buttons(listed, back_id=NEWER, on_id=OLDER), _change_button()]))
    about = SearchState(filled, page=listed.request if listed.newer else None)
    return modal(TITLE, blocks, callback_id=FOUND_VIEW, private_metadata=about.to_text())


def chosen(call: LookupResult, about: SearchState, *, now: int, recording_hosts: Sequence[str] = ()) -> View:
    """Return the call, and where it can be shared to. Slack has no tables in modals, so people are lines.

    The metadata name this very call of its session, so that it is the one that is shared.
    """
    people, ref = attendees(call.call, now=now), ref_in(call.session_id, call.call)
    apart = tells_apart(call.call, people, now=now)
    lines = list(facts(call, people, now=now, viewer=call.viewer, in_table=apart))
    if apart:
        lines += participant_lines(call.call, people, viewer=call.viewer)
        lines += [[Words(rest)]] if (rest := the_rest(call.call, people)) else []
    lines += [[Words(call.session_id, code=True)], *([[Words(call.hint)]] if call.hint else [])]
    buttons = [_back_button("◀ Back to the list"), details_button(call.session_id)]
    buttons += watch_buttons(call.call, call.viewer, recording_hosts)[:1]
    buttons += transcript_buttons(call)
    blocks = [
        header(headline(call.call, now=now, viewer=call.viewer)),
        rich(lines),
        actions(buttons, block_id=block_id(which=ref.which)),
        conversation_select(CONVERSATION, "Share to", hint="Everyone there will see this summary."),
    ]
    return modal(
        TITLE,
        blocks,
        callback_id=CHOSEN_VIEW,
        submit="Share",
        private_metadata=replace(about, call=ref).to_text(),
    )


def find_problem(problem: Problem, reference: str, contacts: Contacts, about: SearchState) -> View:
    """Return a problem within "Find a call", with buttons back to what the modal was about."""
    blocks = problem_blocks(problem, reference, contacts, leads_back=True)
    # A share that may have been made must not be repeated from this window
    if problem.kind is not ProblemKind.SHARE_UNCONFIRMED:
        again = "◀ Back to the list" if about.call or about.page else "Search again"
        blocks.append(actions([_back_button(again), _change_button()]))
    return modal(TITLE, blocks, callback_id=FOUND_VIEW, private_metadata=about.to_text())


def _ending(status: str) -> str:
    words = "missed by you" if status == MISSED else status_words(status)
    return words[0].upper() + words[1:]


def _change_button() -> Button:
    """Return the button that leads back to the form."""
    return button("Change the search", CHANGE, "change")


def _back_button(text: str) -> Button:
    """Return the button that lists the calls again."""
    return button(text, BACK, "back")


def _days(filled: SearchForm) -> str:
    named = (("from", filled.first), ("to", filled.last))
    return " ".join(f"{word} {each.day} {each:%b} {each.year}" for word, each in named if each)
