"""The Details modal: everything that is known about a call (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.calls.call_ref import ref_in
from bot.calls.lookup import LookupResult
from bot.calls.missed import WITHOUT_LENGTH
from bot.calls.search_form import SearchState
from bot.cards.attendance import Attendee, attendees, axis
from bot.cards.call_buttons import DETAILS, page_id, transcript_buttons
from bot.cards.durations import duration
from bot.cards.find import BACK, FOUND_CALL
from bot.cards.headline import headline, seconds_long, turnout
from bot.cards.kit.blocks import Block, Button, actions, button, divider, header
from bot.cards.kit.escaping import tidy
from bot.cards.kit.lines import Line, Moment, Words, rich
from bot.cards.kit.modal import DETAILS_VIEW, View, modal
from bot.cards.participants import absent_words, all_stayed, named, stays
from bot.cards.recordings import recording_blocks
from bot.cards.summary import opening_line, place_in_session, recorded, transcribed
from bot.cards.timeline import chart
from bot.cards.transcript import transcript_id
from bot.cards.words import state_words
from bot.cometchat import Call, Uid

PAGE = 50
"""How many participants a page of the modal shows; a modal takes 100 blocks."""

TITLE = "Call details"

_COUPLE = 2
_USUAL = frozenset({"took part", "in the call"})
"""What the times of somebody who joined say as well."""


def details(
    found: LookupResult,
    *,
    now: int,
    page: int = 0,
    ids: bool = False,
    recording_hosts: Sequence[str] = (),
    about: SearchState | None = None,
) -> View:
    """Return the modal, with the `ids` or without.

    Recordings are linked only on `recording_hosts` or below them. `about` is what a modal of "Find a call" was about,
    if it showed this one instead: a button leads back there.
    """
    call = found.call
    people = attendees(call, now=now)
    page = min(page, max(0, (len(people) - 1) // PAGE))
    shown = people[page * PAGE : (page + 1) * PAGE]
    blocks = [header(headline(call, now=now, viewer=found.viewer))]
    lines = list(_facts(found, people, now=now))
    blocks += [rich(lines)] if lines else []
    transcript = transcript_buttons(found)
    blocks += recording_blocks(found, recording_hosts, more=transcript, block_id=transcript_id(found.which))
    if sum(who.joined for who in people) > _COUPLE and not all_stayed(call, people, now=now):
        blocks += chart(shown, axis(call, people, now=now))
    if people:
        blocks += [header(_people_title(call, people, page)), *_people(shown, call, found.viewer)]
        blocks += _page_buttons(found, people, page, ids=ids)
    if call.unlisted:
        blocks.append(rich([[Words(f"and {call.unlisted} more people, whom callinfo does not show")]]))
    if ids:
        blocks += [divider(), rich(_ids(found, shown))]
    blocks.append(
        actions(list(_buttons(found, about, ids=ids)), block_id=page_id(page, found.which, ids=not ids))
    )
    return modal(TITLE, blocks, callback_id=DETAILS_VIEW, private_metadata=about.to_text() if about else "")


def _facts(found: LookupResult, people: Sequence[Attendee], *, now: int) -> Iterator[Line]:
    """Yield who began the call and when, for how long it rang, who was there and what there is besides."""
    call = found.call
    if opening := opening_line(call, now=now, viewer=found.viewer):
        yield opening
    there = (turnout(call, people), "" if call.recordings else recorded(call))
    transcript = "" if transcript_buttons(found) else transcribed(call)
    rows = ((_rang(call), *_media(call, now=now)), (*there, transcript), (place_in_session(found),))
    for row in rows:
        if known := [fact for fact in row if fact]:
            yield [Words(" · ".join(known))]


def _rang(call: Call) -> str:
    """Return for how long the call rang before it was taken, or until it ended if nobody took it."""
    until = call.started_at
    if until is None and call.status in WITHOUT_LENGTH:
        until = call.ended_at
    if call.initiated_at is None or until is None or until <= call.initiated_at:
        return ""
    return f"Rang for {duration(until - call.initiated_at)}"


def _media(call: Call, *, now: int) -> Iterator[str]:
    """Yield the totals of audio and video, where they are known and not just the call's length."""
    if call.status in WITHOUT_LENGTH:
        return
    long = seconds_long(call, now=now)
    for name, minutes in (("Audio", call.audio_minutes), ("Video", call.video_minutes)):
        if minutes and (long is None or duration(minutes * 60) != duration(long)):
            yield f"{name} {duration(minutes * 60)}"


def _people_title(call: Call, people: Sequence[Attendee], page: int) -> str:
    if len(people) <= PAGE:
        return f"Participants ({len(people)})"
    first = page * PAGE + 1
    return f"Participants {first} to {min(first + PAGE - 1, len(people))} of {len(people) + call.unlisted}"


def _people(people: Sequence[Attendee], call: Call, viewer: Uid) -> Iterator[Block]:
    """Yield ten people a block: a long block is hard to read on a phone, and near Slack's limits."""
    for start in range(0, len(people), 10):
        yield rich([_person(who, call, viewer) for who in people[start : start + 10]])


def _person(who: Attendee, call: Call, viewer: Uid) -> Line:
    """Return the name, the UID beside it, which tells namesakes apart, and when the person was there or what they did."""
    uid, state = tidy(who.uid, 100), state_words(who, call)
    line: list[Words | Moment] = [Words(named(who, viewer), bold=True)]
    line += [Words(" "), Words(uid, code=True)] if who.name and uid else []
    if there := stays(who, call):
        line += [Words(" · "), *there]
    facts = ["" if state in _USUAL else state] if who.joined else [absent_words(who, call)]
    facts.append(duration(who.seconds) if who.seconds is not None and who.joined else "")
    if who.audio_minutes and who.video_minutes:
        facts.append(f"video {duration(who.video_minutes * 60)}")
    facts.append(f"{who.devices} devices" if who.devices > 1 else "")
    said = "".join(f" · {fact}" for fact in facts if fact)
    return [*line, *([Words(said)] if said else [])]


def _page_buttons(found: LookupResult, people: Sequence[Attendee], page: int, *, ids: bool) -> list[Block]:
    """Return buttons to the pages before and after; the block's id says which page, of which call."""
    pages = (len(people) - 1) // PAGE + 1
    others = [
        (number, text)
        for number, text in ((page - 1, "◀ Previous"), (page + 1, "Next ▶"))
        if 0 <= number < pages
    ]
    return [
        actions([button(text, DETAILS, found.session_id)], block_id=page_id(number, found.which, ids=ids))
        for number, text in others
    ]


def _buttons(found: LookupResult, about: SearchState | None, *, ids: bool) -> Iterator[Button]:
    """Yield the buttons below all else. Those of Details go by the block's id: the same page, with ids or without."""
    if about and about.call:
        yield button("◀ Back", FOUND_CALL, ref_in(found.session_id, found.call).to_text())
    elif about:
        yield button("◀ Back to the list", BACK, "back")
    yield button("Hide ids" if ids else "Show ids", DETAILS, found.session_id)


def _ids(found: LookupResult, shown: Sequence[Attendee]) -> Iterator[Line]:
    call = found.call
    parties = (("Caller id", call.initiator), ("Group id" if call.with_group else "Called id", call.receiver))
    ids = [("Session id", found.session_id), ("Call id", call.mid)]
    ids += [(name, party.uid) for name, party in parties if party]
    ids += [(f"Recording {number}", each.rid) for number, each in enumerate(call.recordings[:20], 1)]
    ids += [(f"Device of {tidy(who.uid, 100) or '–'}", device) for who in shown for device in who.device_ids]
    for name, value in ids:
        if value and (text := tidy(value, 255)):
            yield [Words(f"{name}: ", bold=True), Words(text, code=True)]
    if call.joined_count is not None:
        yield [Words("Devices that joined: ", bold=True), Words(str(call.joined_count))]
