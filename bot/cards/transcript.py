"""The Transcript modal: who said what and when, with a search, for a person who was in the call (pure).

Its private metadata say which call it is about and what was searched for, never whose call: that is decided at each press.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.calls.call_ref import WHICH, CallRef, ref_in
from bot.calls.lookup import LookupResult
from bot.calls.search_form import SearchState
from bot.calls.transcript import LONGEST_TURN, Turn
from bot.calls.transcript_lookup import Fault, TranscriptResult
from bot.calls.transcript_pages import LONGEST_QUERY, Shown, TurnPage, marked, page_of, tidy_query
from bot.cards.call_buttons import DETAILS, TRANSCRIPT, page_id
from bot.cards.headline import headline
from bot.cards.kit.blocks import Block, actions, button, divider, link, rich_line, rich_text, words
from bot.cards.kit.escaping import isolated, tidy
from bot.cards.kit.inputs import text_input
from bot.cards.kit.limits.numbers import PRIVATE_METADATA
from bot.cards.kit.lines import TIME, Line, Moment, Words, rich
from bot.cards.kit.modal import View, modal
from bot.cards.next_steps import RETRY

TRANSCRIPT_VIEW = "callinfo_transcript"
SEARCH = "transcript_search"
"""What the ids of the block and the action of what is searched for begin with."""
TITLE = "Transcript"
_MAX_LINKS = 10
_BLOCK = "callinfo_transcript"
_ID = re.compile(rf"{_BLOCK}:(?P<page>[0-9]{{0,5}})(?::(?P<which>{WHICH}))?")
FAULTS = {
    Fault.UNTRUSTED: "The transcript file isn’t on CometChat’s servers, so callinfo didn’t open it.",
    Fault.GONE: "The transcript file no longer exists.",
    Fault.LATE: "The transcript file took longer than 5 seconds to load.",
    Fault.TOO_LARGE: "The transcript file is over 5 MB, too large to show here.",
    Fault.UNAVAILABLE: "The server with the transcript file isn’t responding right now.",
    Fault.NOT_UNDERSTOOD: "callinfo can’t read this transcript file.",
}
MAY_PASS = frozenset({Fault.LATE, Fault.UNAVAILABLE})
"""Faults that may have passed in a minute."""


@dataclass(frozen=True, slots=True)
class Shows:
    """What a Transcript modal shows: of which call, and what was searched for, "" for all.

    `about` is what a modal of "Find a call" was about, if it showed this one instead. `searches` counts how often what
    is searched for has changed in it.
    """

    call: CallRef | None
    query: str = ""
    about: SearchState | None = None
    searches: int = 0

    @property
    def search_block(self) -> str:
        """The id of what one searches with: another after each search, as Slack keeps what is typed under an id."""
        return f"{SEARCH}:{self.searches}" if self.searches else SEARCH

    def searched(self, query: str) -> Shows:
        """Return what the modal shows after a search for that, "" for all."""
        return replace(self, query=query, searches=self.searches + 1)

    def to_text(self) -> str:
        """Return it for the private metadata: at most 3,000 characters."""
        call = self.call.to_text() if self.call else ""
        shows = {"call": call, "query": self.query, "searches": self.searches}
        about = {"about": self.about.to_text()} if self.about else {}
        text = json.dumps({**shows, **about}, ensure_ascii=False)
        return text if len(text) <= PRIVATE_METADATA else json.dumps(shows, ensure_ascii=False)

    @staticmethod
    def from_text(text: str) -> Shows:
        """Parse what `to_text` returned; any other text is about no call."""
        try:
            said = json.loads(text)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            return Shows(None)
        call, query, about, searches = (said.get(key) for key in ("call", "query", "about", "searches"))
        return Shows(
            CallRef.from_text(call) if isinstance(call, str) else None,
            tidy_query(query) if isinstance(query, str) else "",
            SearchState.from_text(about) if isinstance(about, str) else None,
            searches if isinstance(searches, int) else 0,
        )


def transcript_id(which: str, page: int | None = None) -> str:
    """Return the id of a block whose button leads to the transcript of that one of a session's calls.

    `page` is one of what the modal shows; None leads to the whole transcript.
    """
    return ":".join([_BLOCK, "" if page is None else str(page), *([which] if which else [])])


def transcript_page(block_id: str) -> int | None:
    """Return the page that a block's id names, None for the whole transcript."""
    match = _ID.fullmatch(block_id)
    return int(match["page"]) if match and match["page"] else None


def is_about_transcript(block_id: str) -> bool:
    """Return whether a block's id is one of a button that leads to a transcript."""
    return _ID.fullmatch(block_id) is not None


def transcript_which(block_id: str) -> str:
    """Return which of a session's calls a block's id names, empty where it names none."""
    match = _ID.fullmatch(block_id)
    return (match["which"] or "") if match else ""


def transcript(read: TranscriptResult, shows: Shows, *, now: int, number: int = 0) -> View:
    """Return the modal with that page of the transcript, or of what `shows` says is searched for.

    `now` is Unix time.
    """
    query = shows.query
    page = page_of(read.turns, query, number)
    blocks = [rich(_head(read, page, query, now=now))]
    if read.turns:
        blocks.append(_search(shows))
    for shown in page.shown:
        blocks += [divider()] if shown.gap else []
        blocks.append(rich(_turn(shown, read.found, query)))
    call = ref_in(read.found.session_id, read.found.call)
    blocks += [retry_transcript(call, page.number)] if MAY_PASS.intersection(read.faults) else []
    blocks += [*_page_buttons(read.found, page, query), *_links(read)]
    about = replace(shows, call=call)
    submit = "Search" if read.turns else None
    return modal(TITLE, blocks, callback_id=TRANSCRIPT_VIEW, submit=submit, private_metadata=about.to_text())


def retry_transcript(call: CallRef, page: int | None = None) -> Block:
    """Return the button that reads that page of the transcript again, None for all of it without a search."""
    return actions([button("Try again", RETRY, call.session_id)], block_id=transcript_id(call.which, page))


def elapsed(seconds: int) -> str:
    """Return a time in a call: "4:05", "1:02:03"."""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def speaker(turn: Turn) -> str:
    """Return the name of who speaks."""
    return isolated(tidy(turn.speaker)) or "Unknown speaker"


def _head(read: TranscriptResult, page: TurnPage, query: str, *, now: int) -> Iterator[Line]:
    call = read.found.call
    yield [Words(headline(call, now=now, viewer=read.found.viewer), bold=True)]
    if call.began_at is not None:
        yield [Moment(call.began_at)]
    if read.faults and read.turns:
        yield [Words("Part of the transcript is missing:")]
    for fault in dict.fromkeys(read.faults):
        yield [Words(FAULTS[fault])]
    if not read.turns and not read.faults:
        yield [Words("This transcript is empty.")]
    if query:
        sought = isolated(tidy(query, LONGEST_QUERY)) or "…"
        yield [Words(f"{_found(page)} “"), Words(sought, bold=True), Words("”.")]
    if page.pages > 1:
        yield [Words(f"Page {page.number + 1} of {page.pages}")]


def _found(page: TurnPage) -> str:
    match page.finds:
        case 0:
            return "No one said"
        case 1:
            return "Said once:"
        case many:
            return f"{many} of {page.turns} turns mention"


def _search(shows: Shows) -> Block:
    hint = "Finds turns with all of these words, and shows what was said before and after."
    label, block_id = "Search the transcript", shows.search_block
    return text_input(block_id, label, hint=hint, max_length=LONGEST_QUERY, initial=shows.query)


def _turn(shown: Shown, found: LookupResult, query: str) -> Iterator[Line]:
    turn, began = shown.turn, found.call.began_at
    title: list[Words | Moment] = [Words(speaker(turn), bold=True)]
    if turn.uid == found.viewer:
        title.append(Words(" (you)"))
    if turn.at is not None:
        passed = f" · {elapsed(turn.at - began)}" if began is not None else ""
        title += [Words(f"{passed} · "), Moment(turn.at, TIME)]
    yield title
    text = isolated(tidy(turn.text, LONGEST_TURN))
    parts = marked(text, query) if shown.found else [(text, False)]
    yield [Words(part, bold=bold) for part, bold in parts if part] or [Words("…")]


def _page_buttons(found: LookupResult, page: TurnPage, query: str) -> Iterator[Block]:
    """Yield buttons to the pages before and after, to the whole transcript, and to the details of the call."""
    for number, text in ((page.number - 1, "◀ Earlier"), (page.number + 1, "Later ▶")):
        if 0 <= number < page.pages:
            there = transcript_id(found.which, number)
            yield actions([button(text, TRANSCRIPT, found.session_id)], block_id=there)
    if query:
        whole = button("Full transcript", TRANSCRIPT, found.session_id)
        yield actions([whole], block_id=transcript_id(found.which))
    yield actions([button("Details", DETAILS, found.session_id)], block_id=page_id(0, found.which))


def _links(read: TranscriptResult) -> list[Block]:
    """Return the links to the files, for this reader alone: whoever has one can read it."""
    links = read.links[:_MAX_LINKS]
    names = ["Open the file"] if len(links) == 1 else [f"Open file {at}" for at in range(1, len(links) + 1)]
    lines = [
        rich_line([link(url, name), words(" · Anyone with the link can read it")])
        for url, name in zip(links, names, strict=True)
    ]
    return [rich_text(lines)] if lines else []
