"""Which calls are told, and in which message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.cometchat import Call, Uid
from bot.subscriptions.decisions import MOST_MESSAGES, Decision, decide
from bot.subscriptions.looks import LAG_SECONDS
from bot.subscriptions.subscription import Occasion, Subscription
from bot.subscriptions.tellings import MessageKind, MessageState, Telling
from tests.parts import near_misses
from tests.subscriptions.calls import NOW, STEVE, TONY, call, subscription, taken

POSTED, WAITING = MessageState("calls", posted=True), MessageState("calls", posted=False)


def decided(
    calls: Sequence[Call],
    *,
    told: Sequence[Telling] = (),
    messages: dict[str, MessageState] | None = None,
    of: Subscription | None = None,
    now: int = NOW,
) -> Decision:
    return decide(of or subscription(), TONY, None, calls, told=told, messages=messages or {}, now=now)


def told_before(decision: Decision, state: MessageState = POSTED) -> dict[str, Any]:
    """Return what a later decision knows of an earlier one."""
    return {
        "told": decision.tellings,
        "messages": {
            each.message_id: replace(state, kind=message.kind)
            for each in decision.tellings
            for message in decision.messages
            if message.id == each.message_id
        },
    }


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        ([call("missed")], ["missed"]),
        ([call("ended", **taken(NOW - 50, NOW - 10))], ["ended"]),
        ([call("goes-on", **taken(NOW - 50, NOW - 10, status="ongoing", endedAt=None))], []),
        ([call("rings", NOW - 5, status="initiated")], []),
        ([call("rang", NOW - 65, status="initiated")], ["rang"]),
        ([call("before", NOW - 3_601)], []),
        ([call("ended-before", NOW - 9_000, **taken(NOW - 9_000, NOW - 3_601))], []),
        ([call("ended-since", NOW - 9_000, **taken(NOW - 9_000, NOW - 3_599))], ["ended-since"]),
        ([call("x", initiator=None, receiver=None, participants=[])], []),
        ([call("not/openable")], []),
        ([call("timeless", initiatedAt=None)], []),
    ],
)
def test_calls_that_are_over_since_the_subscription_was_made_are_told(
    calls: list[Call], told: list[str]
) -> None:
    decision = decided(calls)
    assert [each.call.session_id for each in decision.tellings] == told
    assert [each.id for each in decision.messages] == [each.message_id for each in decision.tellings]


@pytest.mark.parametrize("stranger", near_misses(TONY))
def test_nobody_is_told_of_a_call_of_somebody_whose_uid_looks_alike(stranger: str) -> None:
    people = [{"uid": stranger, "name": "Tony", "state": "unanswered"}, {"uid": STEVE}]
    assert not decided([call("theirs", receiver=stranger, participants=people)]).tellings
    group = call("group", receiver=TONY, receiverType="group", participants=people)
    assert not decided([group]).tellings


def test_calls_older_than_a_day_and_those_over_in_a_mute_are_never_told() -> None:
    old = subscription(made_at=0)
    assert not decided([call("old", NOW - 86_401)], of=old).tellings
    assert decided([call("newer", NOW - 86_399)], of=old).tellings
    muted = subscription(muted_until=NOW + 60)
    assert not decided([call("quiet", NOW - 30)], of=muted).tellings
    assert not decided([call("quiet", NOW - 30)], of=muted, now=NOW + 90).tellings
    assert decided([call("loud", NOW + 61, now=NOW + 90)], of=muted, now=NOW + 90).tellings


def test_a_call_that_began_before_what_is_remembered_is_not_told_again_and_again() -> None:
    began = NOW - 2 * 86_400
    assert decided([call("long", began, **taken(began, NOW - 10))]).tellings
    assert not decided([call("longer", began - 1, **taken(began - 1, NOW - 10))]).tellings


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({}, {}),
        ({"mid": None}, {}),
        ({}, {"mid": None}),
        ({"mid": None}, {"mid": None, "startedAt": NOW - 60}),
        ({"startedAt": NOW - 60, "initiatedAt": None, "mid": None}, {"mid": "later"}),
        ({"startedAt": NOW - 50}, {"mid": None}),
    ],
)
def test_a_call_is_told_once_whatever_its_record_lacks(first: dict[str, Any], then: dict[str, Any]) -> None:
    decision = decided([call("one", **first)])
    assert len(decision.tellings) == 1
    again = decided([call("one", **then)], **told_before(decision))
    assert (again.tellings, again.messages) == ([], [])
    twice = decided([call("one", **first), call("one", **then)])
    assert len(twice.tellings) == 1


def test_two_calls_of_a_session_are_two() -> None:
    decision = decided([call("room", mid="a"), call("room", mid="b", initiatedAt=NOW - 50)])
    assert len({each.key for each in decision.tellings}) == 2


def test_missed_calls_of_one_caller_within_ten_minutes_are_one_message() -> None:
    first = decided([call("one", NOW - 700), call("two", NOW - 400)])
    assert len(first.messages) == 1
    later = decided([call("three", NOW - 101)], **told_before(first))
    assert (later.messages, [each.message_id for each in later.tellings]) == ([], [first.messages[0].id])
    assert later.due == {first.messages[0].id: NOW}
    much_later = decided([call("four", NOW - 99)], **told_before(first))
    assert len(much_later.messages) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"initiator": "superhero3", "participants": [{"uid": "superhero3"}]},
        {"initiator": None},
        taken(NOW - 300, NOW - 200),
    ],
)
def test_other_calls_have_messages_of_their_own(other: dict[str, Any]) -> None:
    assert len(decided([call("one", NOW - 400), call("two", NOW - 300, **other)]).messages) == 2


def test_nobody_knows_whether_calls_without_a_caller_are_of_the_same() -> None:
    calls = [call(each, NOW - 400, initiator=None) for each in ("one", "two")]
    assert len(decided(calls).messages) == 2


def test_a_summary_of_many_calls_takes_no_other_call() -> None:
    first = decided([call("one", NOW - 200)])
    known = told_before(first)
    known["messages"] = {first.messages[0].id: MessageState("morning", posted=True)}
    assert len(decided([call("two", NOW - 100)], **known).messages) == 1


def test_many_calls_at_once_are_one_message() -> None:
    def calls(many: int) -> list[Call]:
        return [call(f"call-{number}", NOW - 900, **taken(NOW - 800, NOW - 10)) for number in range(many)]

    assert len(decided(calls(MOST_MESSAGES)).messages) == MOST_MESSAGES
    (message,) = decided(calls(MOST_MESSAGES + 1)).messages
    assert (message.kind, message.due_at) == (MessageKind.CATCH_UP, NOW)


def test_a_record_that_lags_waits_and_is_told_when_it_is_complete_or_has_waited_long() -> None:
    lagging = decided([call("one", **taken(NOW - 50, NOW - 10, endedAt=None, totalDurationInMinutes=None))])
    (message,) = lagging.messages
    assert message.due_at == NOW + LAG_SECONDS
    still = call("one", **taken(NOW - 50, NOW - 10, endedAt=None, totalDurationInMinutes=None, mode="meet"))
    waits = decided([still], **told_before(lagging, WAITING), now=NOW + 5)
    assert (len(waits.changed), waits.due) == (1, {})
    whole = call("one", **taken(NOW - 50, NOW - 10))
    ready = decided([whole], **told_before(lagging, WAITING), now=NOW + 5)
    assert ready.due == {message.id: NOW + 5}
    assert ready.changed[0].call.ended_at == NOW - 10
    late = decided([whole], **told_before(lagging), now=NOW + 90)
    assert late.due == {message.id: NOW + 90}


def test_what_comes_later_updates_and_what_a_copy_has_not_heard_of_takes_nothing_back() -> None:
    first = decided([call("one", **taken(NOW - 50, NOW - 10))])
    recorded = call("one", **taken(NOW - 50, NOW - 10, hasRecording=True))
    second = decided([recorded], **told_before(first))
    assert [each.call.has_recording for each in second.changed] == [True]
    known = {**told_before(first), "told": second.changed}
    assert not decided([call("one", **taken(NOW - 50, NOW - 10))], **known).changed
    assert not decided([call("one", status="ongoing", startedAt=NOW - 50)], **known).changed


def test_no_address_of_a_recording_is_kept() -> None:
    recording = {"rid": "1", "recording_url": "https://recordings.example/secret.mp4"}
    secret = call("one", **taken(NOW - 50, NOW - 10, recordings=[recording]))
    (telling,) = decided([secret]).tellings
    assert telling.call.has_recording
    assert "secret" not in repr(telling) + str(telling.call.recordings)


def test_the_occasion_is_the_viewers(  # a call that others took has ended for them
) -> None:
    people = [{"uid": TONY, "state": "unanswered"}, {"uid": STEVE, "isJoined": True, "state": "ended"}]
    others = call("group", **taken(NOW - 50, NOW - 10, participants=people))
    of_steve = decide(subscription(made_for=STEVE), Uid(STEVE), None, [others], told=(), messages={}, now=NOW)
    assert [each.occasion for each in decided([others]).tellings] == [Occasion.MISSED]
    assert [each.occasion for each in of_steve.tellings] == [Occasion.ENDED]
