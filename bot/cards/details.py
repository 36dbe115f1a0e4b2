"""The Details modal: everything that is known about a call (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeGuard

from bot.calls.lookup import LookupResult
from bot.calls.status import was_there
from bot.cards.attendance import Attendee, attendees, axis
from bot.cards.call_buttons import DETAILS, page_id
from bot.cards.durations import duration
from bot.cards.headline import headline
from bot.cards.kit.blocks import Block, actions, button, context, divider, header
from bot.cards.kit.escaping import tidy
from bot.cards.kit.lines import Line, Moment, Words, rich
from bot.cards.kit.modal import DETAILS_VIEW, View, modal
from bot.cards.participants import stays
from bot.cards.recordings import recordings
from bot.cards.timeline import chart
from bot.cards.words import is_over, person, state_words
from bot.cometchat import Call

PAGE = 50
"""How many participants a page of the modal shows; a modal takes 100 blocks."""

TITLE = "Call details"


def details(found: LookupResult, *, now: int, page: int = 0, recording_hosts: Sequence[str] = ()) -> View:
    """Return the modal. Links to recordings lead only to https on `recording_hosts` or below them."""
    call = found.call
    people = attendees(call, now=now)
    page = min(page, max(0, (len(people) - 1) // PAGE))
    shown = people[page * PAGE : (page + 1) * PAGE]
    blocks = [header(headline(call, now=now, viewer=found.viewer)), rich(_times(call))]
    if people:
        blocks += [header(_people_title(call, people, page)), *_people(shown, call)]
        blocks += chart(shown, axis(call, people, now=now))
        blocks += _page_buttons(found, people, page)
        if call.unlisted:
            blocks.append(context(f"and {call.unlisted} more people, whom callinfo does not show"))
    if call.recordings and was_there(call, found.viewer):
        blocks += [header("Recordings"), recordings(call.recordings, recording_hosts)]
    blocks += [divider(), rich(_ids(found, shown))]
    return modal(TITLE, blocks, callback_id=DETAILS_VIEW)


def _times(call: Call) -> Iterator[Line]:
    """Yield every time and total that the call has."""
    for name, at in (("Rang", call.initiated_at), ("Started", call.started_at), ("Ended", call.ended_at)):
        if at is not None:
            yield [Words(f"{name}: ", bold=True), Moment(at)]
    totals = (("Duration", call.minutes), ("Audio", call.audio_minutes), ("Video", call.video_minutes))
    lasted = call.started_at is not None and (call.ended_at or 0) > call.started_at
    over = (
        is_over(call) and not call.inferred and not (call.minutes == 0 and lasted)
    )  # until then the API's totals are 0
    known = [f"{name} {duration(minutes * 60)}" for name, minutes in totals if _is_known(minutes, over=over)]
    if known:
        yield [Words("Totals: ", bold=True), Words(" · ".join(known))]
    if call.joined_count is not None:
        yield [Words("Devices that joined: ", bold=True), Words(str(call.joined_count))]
    yield [Words("Recording: ", bold=True), Words(_YES_NO[call.has_recording])]
    yield [Words("Transcript: ", bold=True), Words(_YES_NO[call.has_transcription])]


def _is_known(minutes: float | None, *, over: bool) -> TypeGuard[float]:
    return minutes is not None if over else bool(minutes)


_YES_NO = {True: "yes", False: "no", None: "not known"}


def _people_title(call: Call, people: Sequence[Attendee], page: int) -> str:
    if len(people) <= PAGE:
        return f"Participants ({len(people)})"
    first = page * PAGE + 1
    return f"Participants {first} to {min(first + PAGE - 1, len(people))} of {len(people) + call.unlisted}"


def _people(people: Sequence[Attendee], call: Call) -> Iterator[Block]:
    """Yield ten people a block: a long block is hard to read on a phone, and near Slack's limits."""
    for start in range(0, len(people), 10):
        yield rich([_person(who, call) for who in people[start : start + 10]])


def _person(who: Attendee, call: Call) -> Line:
    parts: list[Words | Moment] = [*_named(who), Words(f" – {state_words(who, call)} "), *stays(who, call)]
    if who.joined and (times := list(_times_of(who))):
        parts.append(Words("".join(f", {each}" for each in times)))
    return parts


def _times_of(who: Attendee) -> Iterator[str]:
    """Yield the time in the call, and those of audio and video where they say more."""
    whole = duration(who.seconds) if who.seconds is not None else None
    if whole:
        yield f"{whole} in all"
    for name, minutes in (("audio", who.audio_minutes), ("video", who.video_minutes)):
        if minutes and duration(minutes * 60) != whole:
            yield f"{duration(minutes * 60)} {name}"
        elif minutes:
            yield f"all of it {name}"
    if who.devices > 1:
        yield f"{who.devices} devices"


def _named(who: Attendee) -> list[Words | Moment]:
    """Return the name, and the UID beside it, which tells namesakes apart."""
    uid = tidy(who.uid, 100)
    named = [Words(person(who), bold=True)]
    return [*named, Words(" "), Words(uid, code=True)] if who.name and uid else [*named]


def _page_buttons(found: LookupResult, people: Sequence[Attendee], page: int) -> list[Block]:
    """Return buttons to the pages before and after; the block's id says which page, of which call."""
    pages = (len(people) - 1) // PAGE + 1
    others = [
        (number, text)
        for number, text in ((page - 1, "◀ Previous"), (page + 1, "Next ▶"))
        if 0 <= number < pages
    ]
    return [
        actions([button(text, DETAILS, found.session_id)], block_id=page_id(number, found.which))
        for number, text in others
    ]


def _ids(found: LookupResult, shown: Sequence[Attendee]) -> Iterator[Line]:
    call = found.call
    parties = (("Caller id", call.initiator), ("Group id" if call.with_group else "Called id", call.receiver))
    ids = [("Session id", found.session_id), ("Call id", call.mid)]
    ids += [(name, party.uid) for name, party in parties if party]
    ids += [(f"Device of {tidy(who.uid, 100) or '–'}", device) for who in shown for device in who.device_ids]
    for name, value in ids:
        if value and (text := tidy(value, 255)):
            yield [Words(f"{name}: ", bold=True), Words(text, code=True)]
