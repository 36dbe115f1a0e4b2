"""The Details modal: everything that is known of a call, for people who want to read (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    DividerBlock,
    HeaderBlock,
    InteractiveElement,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextSectionElement,
)

from bot.cards.attendance import Attendee, attendees, axis
from bot.cards.buttons import DETAILS, button
from bot.cards.chart import chart
from bot.cards.durations import duration
from bot.cards.foreign import tidy
from bot.cards.lines import Line, Moment, Words, rich
from bot.cards.modal import View, modal
from bot.cards.participants import presence
from bot.cards.words import deed, kind, outcome, person
from bot.cometchat import Call, Recording
from bot.lookup import Found

VIEW = "callinfo_details"
PAGE = 50
"""How many participants a page of the modal shows; a modal takes 100 blocks."""

_PAGE_BLOCK = "callinfo_page"
_PAGE_ID = re.compile(rf"{_PAGE_BLOCK}:(?P<page>[0-9]{{1,3}})")
_TITLE = "Call details"


def loading() -> View:
    """Return the modal as it is opened, before anything is known."""
    return modal(_TITLE, [rich([[Words("Loading…")]])], callback_id=VIEW)


def page_of(block_id: str) -> int:
    """Return the page that a button in the modal asks for, 0 for any other block."""
    match = _PAGE_ID.fullmatch(block_id)
    return int(match["page"]) if match else 0


def details(found: Found, *, now: int, page: int = 0, recording_hosts: Sequence[str] = ()) -> View:
    """Return the filled modal. Links to recordings lead to https on `recording_hosts` or below them, else nowhere."""
    call = found.call
    people = attendees(call, now=now)
    page = min(page, max(0, (len(people) - 1) // PAGE))
    shown = people[page * PAGE : (page + 1) * PAGE]
    emoji, ended = outcome(call)
    blocks: list[Block] = [_header(f"{emoji} {kind(call)} · {ended}"), rich(_times(call))]
    if people:
        blocks += [_header(_people_title(people, page)), *_people(shown, call)]
        blocks += chart(shown, axis(call, people, now=now))
        blocks += _turning(found, people, page)
    blocks += _recordings(call, recording_hosts)
    blocks += [DividerBlock(), rich(_ids(found))]
    return modal(_TITLE, blocks, callback_id=VIEW)


def _times(call: Call) -> Iterator[Line]:
    """Yield every time and total that the call has."""
    for name, at in (("Rang", call.initiated_at), ("Started", call.started_at), ("Ended", call.ended_at)):
        if at is not None:
            yield [Words(f"{name}: ", bold=True), Moment(at)]
    totals = (("Duration", call.minutes), ("Audio", call.audio_minutes), ("Video", call.video_minutes))
    told = [f"{name} {duration(minutes * 60)}" for name, minutes in totals if minutes is not None]
    if told:
        yield [Words("Totals: ", bold=True), Words(" · ".join(told))]
    if call.joined_count is not None:
        yield [Words("Devices that joined: ", bold=True), Words(str(call.joined_count))]
    yield [Words("Recording: ", bold=True), Words(_YES_NO[call.has_recording])]
    yield [Words("Transcript: ", bold=True), Words(_YES_NO[call.has_transcription])]


_YES_NO = {True: "yes", False: "no", None: "not known"}


def _people_title(people: Sequence[Attendee], page: int) -> str:
    if len(people) <= PAGE:
        return f"Participants ({len(people)})"
    first = page * PAGE + 1
    return f"Participants {first} to {min(first + PAGE - 1, len(people))} of {len(people)}"


def _people(people: Sequence[Attendee], call: Call) -> Iterator[Block]:
    """Yield ten people a block: one long block would be hard to read on a phone and near Slack's limits."""
    for start in range(0, len(people), 10):
        yield rich([_person(who, call) for who in people[start : start + 10]])


def _person(who: Attendee, call: Call) -> Line:
    parts: list[Words | Moment] = [
        Words(person(who), bold=True),
        Words(f" – {deed(who, call)}"),
        *presence(who),
    ]
    if who.joined:
        told = [f"{duration(who.seconds)} in all"] if who.seconds is not None else []
        for name, minutes in (("audio", who.audio_minutes), ("video", who.video_minutes)):
            told += [f"{duration(minutes * 60)} {name}"] if minutes else []
        told += [f"{who.devices} devices"] if who.devices > 1 else []
        parts.append(Words("".join(f", {each}" for each in told)))
    return [part for part in parts if not (isinstance(part, Words) and not part.text)]


def _turning(found: Found, people: Sequence[Attendee], page: int) -> list[Block]:
    """Return a button for the page before and the one after; the block's id says which page it asks for."""
    pages = (len(people) - 1) // PAGE + 1
    wanted = [
        (number, text)
        for number, text in ((page - 1, "◀ Previous"), (page + 1, "Next ▶"))
        if 0 <= number < pages
    ]
    blocks: list[Block] = []
    for number, text in wanted:
        element: InteractiveElement = button(text, DETAILS, found.session_id)
        blocks.append(ActionsBlock(block_id=f"{_PAGE_BLOCK}:{number}", elements=[element]))
    return blocks


def _recordings(call: Call, hosts: Sequence[str]) -> list[Block]:
    if not call.recordings:
        return []
    lines = [_recording(number, recording, hosts) for number, recording in enumerate(call.recordings[:20], 1)]
    return [_header("Recordings"), RichTextBlock(elements=lines)]


def _recording(number: int, recording: Recording, hosts: Sequence[str]) -> RichTextSectionElement:
    """Return when and how long; the length comes from the times, since the API's unit contradicts itself."""
    elements: list[RichTextElementParts.Text | RichTextElementParts.Date | RichTextElementParts.Link] = []
    elements.append(RichTextElementParts.Text(text=f"{number}. "))
    start, end = recording.started_at, recording.ended_at
    if start is not None:
        moment = Moment(start)
        elements.append(
            RichTextElementParts.Date(timestamp=start, format=moment.form, fallback=moment.fallback)
        )
    if start is not None and end is not None and end > start:
        elements.append(RichTextElementParts.Text(text=f", {duration(end - start)}"))
    if url := _safe_url(recording.url, hosts):
        elements.append(RichTextElementParts.Text(text=" · "))
        elements.append(RichTextElementParts.Link(url=url, text="Watch (whoever has this link can)"))
    return RichTextSectionElement(elements=elements)


def _safe_url(url: str | None, hosts: Sequence[str]) -> str | None:
    """Return the address if it is https on one of the hosts, or below one, and nothing odd."""
    if (
        not url
        or len(url) > _MAX_URL
        or not url.isascii()
        or not url.isprintable()
        or set(url) & set(' "<>\\^`{|}')
    ):
        return None
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    known = any(host == each or host.endswith(f".{each}") for each in hosts)
    return (
        url if parts.scheme == "https" and known and port in {None, 443} and parts.username is None else None
    )


_MAX_URL = 2000


def _ids(found: Found) -> Iterator[Line]:
    call = found.call
    parties = (("Caller id", call.initiator), ("Group id" if call.with_group else "Called id", call.receiver))
    ids = [("Session id", found.session_id), ("Call id", call.mid)]
    ids += [(name, party.uid) for name, party in parties if party]
    ids += [
        (f"Device of {tidy(entry.uid, 100) or '–'}", entry.device_id) for entry in call.participants[:PAGE]
    ]
    for name, value in ids:
        if value and (shown := tidy(value, 255)):
            yield [Words(f"{name}: ", bold=True), Words(shown, code=True)]


def _header(text: str) -> HeaderBlock:
    return HeaderBlock(text=PlainTextObject(text=text, emoji=False))
