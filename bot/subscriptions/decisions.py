"""Decides which of a person's calls are told for a subscription, and in which message (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.cometchat import Call, Uid, lower_uid
from bot.subscriptions.looks import LAG_SECONDS
from bot.subscriptions.subscription import Occasion, Subscription
from bot.subscriptions.tellings import (
    REMEMBERED_SECONDS,
    TOLD_SECONDS,
    MessageKind,
    MessageState,
    NewMessage,
    Telling,
    grown,
    is_open,
    key_of,
    may_lag,
    new_message_id,
    over_at,
    tellable,
)

MOST_MESSAGES = 5
"""More calls than this at once are told in one message."""

TOGETHER_SECONDS = 600
"""Missed calls of one caller that begin within this time are told in one message."""


@dataclass(slots=True)
class Decision:
    """What a look changes: new tellings and messages, calls of which more is known, and when messages are due for that."""

    tellings: list[Telling] = field(default_factory=list)
    messages: list[NewMessage] = field(default_factory=list)
    changed: list[Telling] = field(default_factory=list)
    due: dict[str, float] = field(default_factory=dict)


def decide(
    subscription: Subscription,
    viewer: Uid,
    whom: Uid | None,
    calls: Sequence[Call],
    *,
    told: Sequence[Telling],
    messages: Mapping[str, MessageState],
    now: float,
) -> Decision:
    """Return what that look changes for the subscription, at that Unix time.

    `calls` are those that CometChat listed for the viewer, with the status that their whole record shows. `told` are the
    tellings of the subscription so far, `messages` their messages by id. `whom` is the UID of the mentioned person.
    """
    decision, fresh = Decision(), list[Telling]()
    for call in sorted(calls, key=lambda call: call.began_at or 0):
        if not call.involves(viewer):
            continue
        if known := next((each for each in (*told, *fresh) if each.is_of(call)), None):
            _note_change(decision, known, call, messages, now)
        elif telling := _new(subscription, viewer, whom, call, now):
            fresh.append(telling)
    if len(fresh) > MOST_MESSAGES:
        _add_message(decision, fresh, MessageKind.CATCH_UP, now)
        return decision
    groups = _groups(told, messages)
    for telling in fresh:
        _place(decision, telling, groups, now)
    return decision


def _new(subscription: Subscription, viewer: Uid, whom: Uid | None, call: Call, now: float) -> Telling | None:
    """Return the telling of a call that was not told yet, None where it shall not be."""
    occasion = subscription.wanted.occasion(call, viewer, whom, now=now)
    over, key = over_at(call), key_of(call)
    if occasion is None or key is None or over is None:
        return None
    if (call.began_at or 0) < now - REMEMBERED_SECONDS:
        return None
    earliest = max(subscription.made_at, subscription.muted_until, now - TOLD_SECONDS)
    return Telling(subscription.id, key, "", occasion, tellable(call)) if over >= earliest else None


def _note_change(
    decision: Decision, known: Telling, call: Call, messages: Mapping[str, MessageState], now: float
) -> None:
    """Note what is known of a told call by now; one that shall be told when its record is complete waits for that."""
    more = grown(known.call, tellable(call))
    if is_open(call) or more == known.call:
        return
    decision.changed.append(replace(known, call=more))
    state = messages.get(known.message_id)
    if state and (state.posted or not may_lag(more)):
        decision.due[known.message_id] = now


def _groups(told: Sequence[Telling], messages: Mapping[str, MessageState]) -> dict[str, list[Telling]]:
    """Return the tellings by message, of those messages that can take another call."""
    groups: dict[str, list[Telling]] = {}
    for each in told:
        state = messages.get(each.message_id)
        if state and state.kind == MessageKind.CALLS:
            groups.setdefault(each.message_id, []).append(each)
    return groups


def _place(decision: Decision, telling: Telling, groups: dict[str, list[Telling]], now: float) -> None:
    """Put the call into a message with others of its caller, or into one of its own."""
    for message_id, group in groups.items():
        if all(_belong_together(telling, other) for other in group):
            joined = replace(telling, message_id=message_id)
            group.append(joined)
            decision.tellings.append(joined)
            decision.due[message_id] = now
            return
    due_at = now + LAG_SECONDS if may_lag(telling.call) else now
    placed = _add_message(decision, [telling], MessageKind.CALLS, due_at)
    groups[placed[0].message_id] = placed


def _add_message(
    decision: Decision, tellings: Sequence[Telling], kind: MessageKind, due_at: float
) -> list[Telling]:
    message_id = new_message_id()
    placed = [replace(each, message_id=message_id) for each in tellings]
    decision.messages.append(NewMessage(message_id, tellings[0].subscription_id, kind, due_at))
    decision.tellings += placed
    return placed


def _belong_together(one: Telling, other: Telling) -> bool:
    if one.occasion is not Occasion.MISSED or other.occasion is not Occasion.MISSED:
        return False
    callers = [each.call.initiator.uid if each.call.initiator else "" for each in (one, other)]
    began = [each.call.began_at or 0 for each in (one, other)]
    same = callers[0] != "" and lower_uid(callers[0]) == lower_uid(callers[1])
    return same and abs(began[0] - began[1]) <= TOGETHER_SECONDS
