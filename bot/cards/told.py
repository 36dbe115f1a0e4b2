"""What a subscription tells (pure): a missed call, a call that has ended, what comes later, and that it has ended itself.

Everything that is told can be stopped or muted from a menu. In a channel nobody is "you", and nothing that is told has a
link to a recording or a word of a transcript: whoever presses a button is looked up anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from bot.calls.call_ref import CallRef, ref_of
from bot.calls.missed import missed
from bot.cards.attendance import attendees
from bot.cards.call_buttons import DETAILS, PICK, RECORDING, TRANSCRIPT, block_id
from bot.cards.headline import call_name, ending, sentence
from bot.cards.kit.blocks import Block, Button, Menu, actions, button, overflow, section
from bot.cards.kit.lines import (
    DAY_AND_TIME,
    TIME,
    Channel,
    Line,
    Mention,
    Moment,
    Part,
    Words,
    as_text,
    rich,
    styled,
)
from bot.cards.kit.message import Message, lines_message, message
from bot.cards.subscriptions import UNSUBSCRIBE, promise
from bot.cards.words import outcome, party
from bot.cometchat import Call, Uid
from bot.subscriptions.subscription import Subscription

Together = Literal["morning", "catch_up"]
"""Why several calls come in one message: they were kept for the morning, or were many since the last look."""

SHOWN = 8
"""How many calls such a message shows."""

_MUTE = "mute:"
_MUTED = re.compile(rf"{_MUTE}(?P<id>[A-Za-z0-9_-]{{8,64}})")
_FRESH_SECONDS = 12 * 3600
_TWO = 2


def muted_id(value: str) -> str:
    """Return the subscription that a menu's value mutes, "" for a value that stops one."""
    match = _MUTED.fullmatch(value)
    return match["id"] if match else ""


def told(subscription: Subscription, calls: Sequence[Call], *, viewer: Uid, now: int) -> Message:
    """Return what tells of one call, or of several missed calls of one caller, the oldest first.

    `viewer` is on whose behalf CometChat was asked; `now` is Unix time.
    """
    lines = [_line(subscription, calls, viewer, now), *_whose(subscription)]
    aloud = [_aloud(subscription, calls, viewer, now), *map(as_text, lines[1:])]
    return message("\n".join(aloud), [rich(lines), _buttons(subscription, calls[-1])])


def told_together(
    subscription: Subscription, calls: Sequence[Call], *, viewer: Uid, now: int, why: Together
) -> Message:
    """Return what tells of many calls at once, the oldest first."""
    opening = {
        "morning": "Good morning. Overnight: ",
        "catch_up": "Since I last looked: ",
    }[why]
    title: Line = [Words(f"{opening}{_counted(subscription, calls, viewer, now)}")]
    lines = [title, *_whose(subscription)]
    blocks: list[Block] = [rich(lines)]
    text = [as_text(line) for line in lines]
    shown = calls[-SHOWN:]
    for number, call in enumerate(shown):
        row = as_text(_line(subscription, [call], viewer, now, dated=True))
        ref = _ref(subscription, call)
        look = _look(subscription, ref, label=True) if ref else None
        which = block_id(which=ref.which, number=number) if ref else None
        blocks.append(section(row, accessory=look, block_id=which))
        text.append(row)
    if more := len(calls) - len(shown):
        rest: Line = [Words(f"and {more} earlier. "), *_how_to_see_all(subscription)]
        blocks.append(rich([rest]))
        text.append(as_text(rest))
    return message("\n".join(text), [*blocks, actions([_menu(subscription)])])


def recording_ready(subscription: Subscription, call: Call) -> Message:
    """Return the reply in the thread of a call whose recording is there."""
    words = "🎬 Recording ready. Only people who were in the call can watch it."
    return _ready(subscription, call, words, "Recording", RECORDING)


def transcript_ready(subscription: Subscription, call: Call) -> Message:
    """Return the reply in the thread of a call whose transcript is there."""
    words = "📝 Transcript ready. Only people who were in the call can open it."
    return _ready(subscription, call, words, "Transcript", TRANSCRIPT)


def subscription_ended(subscription: Subscription, because: str) -> Message:
    """Return the direct message to whoever made a subscription that has ended by itself; `because` is a sentence."""
    return lines_message([[Words("🔕 "), *_promise(subscription, kept=False)], styled(because)])


def channel_refuses(subscription: Subscription, because: str) -> Message:
    """Return the direct message to the owner of a subscription whose channel takes no message; `because`: two sentences."""
    channel = subscription.channel_id or ""
    lines: list[Line] = [
        [Words("⚠️ I couldn’t post in "), Channel(channel), Words(". "), *styled(because)],
        [Words("Unless that’s fixed within a day, this subscription ends: "), *_promise(subscription)],
    ]
    return lines_message(lines, [actions([_menu(subscription)])])


def _line(
    subscription: Subscription, calls: Sequence[Call], viewer: Uid, now: int, *, dated: bool = False
) -> Line:
    """Return the calls in one line."""
    if _is_missed(subscription, calls[-1], viewer, now):
        return list(_missed_line(subscription, calls, now, dated=dated))
    return list(_ended_line(subscription, calls[-1], _reader(subscription, viewer), now, dated=dated))


def _aloud(subscription: Subscription, calls: Sequence[Call], viewer: Uid, now: int) -> str:
    """Return the same for a screen reader, or a notification on a phone."""
    call = calls[-1]
    if _is_missed(subscription, call, viewer, now):
        return as_text(_line(subscription, calls, viewer, now))
    people = attendees(call, now=now)
    said = sentence(call, people, now=now, viewer=_reader(subscription, viewer))
    return " ".join([as_text([Words(said)]), *(f"{each}." for each in _later(subscription, call))])


def _missed_line(
    subscription: Subscription, calls: Sequence[Call], now: int, *, dated: bool
) -> Iterator[Part]:
    call, many = calls[-1], len(calls)
    who = _who_missed(subscription)
    yield Words("📵 ")
    if who is None:
        yield Words(f"{many} missed calls" if many > 1 else "Missed call", bold=True)
    else:
        yield who
        yield Words(f" missed {f'{many} calls' if many > 1 else 'a call'}")
    if caller := party(call.initiator):
        yield Words(" from ")
        yield Words(caller, bold=True)
    if call.with_group and (group := party(call.receiver)):
        yield Words(" in ")
        yield Words(group, bold=True)
    before = " · "
    for each in calls[-SHOWN:]:
        if each.began_at is not None:
            yield Words(before)
            yield _moment(each.began_at, now, dated=dated)
            before = ", "


def _ended_line(
    subscription: Subscription, call: Call, viewer: Uid | None, now: int, *, dated: bool
) -> Iterator[Part]:
    emoji, _ = outcome(call, now=now)
    yield Words(f"{emoji} ")
    yield Words(call_name(call, now=now, viewer=viewer), bold=True)
    joined = sum(who.joined for who in attendees(call, now=now))
    people = f"{joined} people" if joined > _TWO else ""
    facts = (ending(call, now=now, viewer=viewer), people, *_later(subscription, call))
    yield Words(f" · {' · '.join(each for each in facts if each)}")
    if dated and call.began_at is not None:
        yield Words(" · ")
        yield Moment(call.began_at)


def _later(subscription: Subscription, call: Call) -> list[str]:
    """Return what there is of the call by now; in a channel it comes as replies in the thread."""
    if subscription.channel_id:
        return []
    return [
        word
        for word, is_there in (("Recorded", call.has_recording), ("Transcript", call.has_transcription))
        if is_there
    ]


def _is_missed(subscription: Subscription, call: Call, viewer: Uid, now: int) -> bool:
    return subscription.wanted.missed and missed(call, viewer, now=now)


def _reader(subscription: Subscription, viewer: Uid) -> Uid | None:
    """Return who the reader is in the call, None for people in a channel, and for an admin who is told of another's."""
    return None if subscription.channel_id or subscription.uid else viewer


def _who_missed(subscription: Subscription) -> Part | None:
    """Return who missed a call, None where that is the reader."""
    if subscription.uid:
        return Words(subscription.uid, code=True)
    return Mention(subscription.owner.user_id) if subscription.channel_id else None


def _whose(subscription: Subscription) -> list[Line]:
    """Return whose calls are told, where they are not the subscriber's."""
    if not subscription.uid:
        return []
    by: Line = [Words(", subscribed by "), Mention(subscription.owner.user_id)]
    return [
        [Words("Calls of "), Words(subscription.uid, code=True), *(by if subscription.channel_id else [])]
    ]


def _counted(subscription: Subscription, calls: Sequence[Call], viewer: Uid, now: int) -> str:
    not_taken = sum(_is_missed(subscription, call, viewer, now) for call in calls)
    parts = ((not_taken, "missed"), (len(calls) - not_taken, "ended"))
    return (
        ", ".join(f"{many} {word} {'call' if many == 1 else 'calls'}" for many, word in parts if many) + "."
    )


def _moment(at: int, now: int, *, dated: bool) -> Moment:
    return Moment(at, DAY_AND_TIME if dated or abs(now - at) > _FRESH_SECONDS else TIME)


def _how_to_see_all(subscription: Subscription) -> Line:
    """Return where the owner finds the others, nothing in a channel or for another's calls."""
    if subscription.channel_id or subscription.uid:
        return []
    return [Words("See all: "), Words("/callinfo recent", code=True)]


def _buttons(subscription: Subscription, call: Call) -> Block:
    """Return the button that shows the call, if it can be looked up, and the menu."""
    ref = _ref(subscription, call)
    return _row(subscription, ref, _look(subscription, ref) if ref else None)


def _row(subscription: Subscription, ref: CallRef | None, look: Button | None) -> Block:
    """Return the menu, after the button that looks at the call that `ref` names, if there is one."""
    menu = _menu(subscription)
    return actions([look, menu] if look else [menu], block_id=block_id(which=ref.which) if ref else None)


def _ref(subscription: Subscription, call: Call) -> CallRef | None:
    """Return what the button is about, None for none: an admin had no part in the calls of another UID."""
    return None if subscription.uid and not subscription.channel_id else ref_of(call)


def _look(subscription: Subscription, ref: CallRef, *, label: bool = False) -> Button:
    """Return Show in one's own messages, Details in a channel, where it opens for the person who presses."""
    own = subscription.channel_id is None and subscription.uid is None
    text, action_id = ("Show", PICK) if own else ("Details", DETAILS)
    return button(text, action_id, ref.session_id, label=f"{text} this call" if label else None)


def _menu(subscription: Subscription) -> Menu:
    return overflow(
        UNSUBSCRIBE,
        {subscription.id: "Stop these", f"{_MUTE}{subscription.id}": "Mute for a day"},
    )


def _ready(subscription: Subscription, call: Call, words: str, button_text: str, action_id: str) -> Message:
    ref = _ref(subscription, call)
    look = button(button_text, action_id, ref.session_id) if ref else None
    return lines_message([[Words(words)], *_whose(subscription)], [_row(subscription, ref, look)])


def _promise(subscription: Subscription, *, kept: bool = True) -> Line:
    return promise(subscription.wanted, channel_id=subscription.channel_id, uid=subscription.uid, kept=kept)
