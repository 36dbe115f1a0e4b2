"""When calls are looked for, what is awaited, quiet hours and budgets: the pure parts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.cometchat import Call
from bot.subscriptions.budget import Budget
from bot.subscriptions.looks import MARGIN_SECONDS, NEVER, Awaited, Look, open_since, repeated
from bot.subscriptions.quiet_hours import quiet_until
from bot.subscriptions.reasons import ended_because, refused_because
from bot.subscriptions.subscription import Occasion
from bot.subscriptions.tellings import (
    TOLD_SECONDS,
    MessageState,
    Telling,
    Why,
    call_from_text,
    call_to_text,
    over_at,
    subscription_from_text,
    subscription_to_text,
    tellable,
)
from tests.subscriptions.calls import NOW, TONY, call, subscription, taken
from tests.throttling.people import Clock

ENDED = call("one", **taken(NOW - 50, NOW - 10))
GOES_ON = call("one", **taken(NOW - 50, NOW - 10, status="ongoing", endedAt=None))
LAGS = call("one", **taken(NOW - 50, NOW - 10, totalDurationInMinutes=None, endedAt=None))
OF_NO_LENGTH = call("one", **taken(NOW - 50, NOW - 10, totalDurationInMinutes=None, startedAt=None))
RANG = call("one", status="initiated", endedAt=NOW - 10)
RECORDED = call("one", **taken(NOW - 50, NOW - 10, hasRecording=True))
RECORDED_BEFORE = call("one", NOW - 90_000, **taken(NOW - 90_000, NOW - 86_400, hasRecording=True))
WRITTEN = call("one", **taken(NOW - 50, NOW - 10, hasTranscription=True))


@pytest.mark.parametrize(
    ("awaited", "calls", "met"),
    [
        (Awaited("end", "one", 0), [ENDED], True),
        (Awaited("end", "one", 0), [], False),
        (Awaited("end", "one", 0), [GOES_ON], False),
        (Awaited("end", "one", 0), [LAGS], False),
        (Awaited("end", "one", 0), [OF_NO_LENGTH], False),
        (Awaited("end", "one", 0), [RANG], True),
        (Awaited("end", "other", 0), [ENDED], False),
        (Awaited("recording", "one", 0), [ENDED], False),
        (Awaited("recording", "one", 0), [RECORDED], True),
        (Awaited("transcript", "one", 0), [RECORDED], False),
        (Awaited("transcript", "one", 0), [WRITTEN], True),
        (Awaited("end", "one", NOW), [ENDED, RECORDED_BEFORE], True),
        (Awaited("end", "one", NOW), [RECORDED_BEFORE], False),
        (Awaited("recording", "one", NOW), [ENDED, RECORDED_BEFORE], False),
        (Awaited("end", "", NOW), [ENDED], True),
        (Awaited("end", "", NOW), [GOES_ON], False),
        (Awaited("end", "", NOW + 600), [ENDED], False),
    ],
)
def test_a_hint_is_met_by_a_call_that_is_as_complete_as_it_will_be(
    awaited: Awaited, calls: list[Call], *, met: bool
) -> None:
    assert awaited.is_met(calls) is met


@pytest.mark.parametrize("awaited", [Awaited("end", "one", 0, spread=True), Awaited("recording", "", NOW)])
def test_what_is_awaited_comes_back_as_it_was_stored(awaited: Awaited) -> None:
    back = Awaited.from_text(awaited.to_text())
    assert (back, back.spread) == (awaited, awaited.spread)


def test_what_is_not_found_is_looked_for_again_three_times() -> None:
    left = [Awaited("end", "one", 0)]
    assert [repeated(again, left, NOW) for again in range(4)] == [
        (NOW + 5, 1),
        (NOW + 15, 2),
        (NOW + 60, 3),
        (NEVER, 0),
    ]
    assert repeated(0, [], NOW) == (NEVER, 0)


def look(**facts: Any) -> Look:
    known: dict[str, Any] = {
        "uid": TONY,
        "claimed_until": 1.0,
        "looked_at": NOW - 60,
        "open_since": 0,
        "awaited": (),
        "again": 0,
        "reason": "poll",
        "subscriptions": (subscription(),),
        "tellings": {},
        "messages": {},
    }
    return Look(**(known | facts))


def test_a_look_reads_back_to_the_last_one_to_calls_that_went_on_and_to_those_that_are_awaited() -> None:
    assert look().since(NOW) == NOW - 60 - MARGIN_SECONDS
    assert look(open_since=NOW - 5_000).since(NOW) == NOW - 5_000
    assert look(looked_at=0).since(NOW) == NOW - TOLD_SECONDS
    told = Telling("S1", "key", "M1", Occasion.ENDED, call("one", NOW - 9_000))
    known = {"tellings": {"S1": (told,)}, "messages": {"M1": MessageState("calls", posted=True)}}
    assert look(**known).since(NOW) == NOW - 60 - MARGIN_SECONDS
    waits = look(**known, awaited=(Awaited("recording", "one", 0),))
    assert waits.since(NOW) == NOW - 9_000


def test_calls_that_may_still_end_are_remembered_but_not_those_that_rang_for_ever() -> None:
    going = call("goes-on", NOW - 7_000, status="ongoing", startedAt=NOW - 7_000)
    ringing = call("rings", NOW - 10, status="initiated")
    forever = call("for-ever", NOW - 8_000, status="initiated")
    assert open_since([ENDED, going, ringing, forever], NOW) == NOW - 7_000
    assert open_since([ENDED, forever], NOW) == 0


def test_what_is_stored_of_calls_and_subscriptions_comes_back() -> None:
    kept = tellable(RECORDED)
    assert call_from_text(call_to_text(kept)) == kept
    assert subscription_from_text(subscription_to_text(subscription())) == subscription()


@pytest.mark.parametrize(
    ("facts", "at"),
    [
        (taken(NOW - 50, NOW - 10), NOW - 10),
        (taken(NOW - 50, NOW - 10, endedAt=None), NOW - 10),
        ({}, NOW - 60),
        ({"initiatedAt": None}, None),
    ],
)
def test_a_call_was_over_at_its_end_or_when_it_was_last_heard_of(
    facts: dict[str, Any], at: int | None
) -> None:
    assert over_at(call("one", **facts)) == at


KOLKATA, BERLIN = ZoneInfo("Asia/Kolkata"), ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("zone", "at", "until"),
    [
        (UTC, "2026-03-28 21:59", None),
        (UTC, "2026-03-28 22:00", "2026-03-29 07:00"),
        (UTC, "2026-03-29 06:59", "2026-03-29 07:00"),
        (UTC, "2026-03-29 07:00", None),
        (UTC, "2026-12-31 23:30", "2027-01-01 07:00"),
        (KOLKATA, "2026-03-28 17:00", "2026-03-29 01:30"),
        (KOLKATA, "2026-03-28 12:00", None),
        (BERLIN, "2026-03-28 22:00", "2026-03-29 05:00"),  # an hour is left out that night
        (BERLIN, "2026-10-24 21:00", "2026-10-25 06:00"),  # and one comes twice
    ],
)
def test_quiet_hours_are_those_of_the_clock_where_the_person_is(
    zone: ZoneInfo, at: str, until: str | None
) -> None:
    def unix(said: str) -> float:
        return datetime.fromisoformat(said).replace(tzinfo=UTC).timestamp()

    assert quiet_until(unix(at), zone) == (unix(until) if until else None)


def test_what_is_awaited_for_later_is_looked_for_then_and_no_later() -> None:
    now, left = 1_000.0, Awaited("end", "session", 0)
    soon, later = Awaited("end", "", 1_010), Awaited("end", "", 1_100)
    assert repeated(0, [soon], now) == (1_010, 0)
    assert repeated(2, [left, soon, later], now) == (1_010, 2)
    assert repeated(2, [left, later], now) == (1_060, 3)
    assert repeated(3, [left, later], now) == (1_100, 0)
    assert repeated(3, [left], now) == (NEVER, 0)


def test_a_budget_allows_so_many_a_minute_of_which_some_may_come_at_once() -> None:
    clock = Clock()
    budget = Budget(60, clock)
    budget.spend(10)
    assert budget.available() == 0
    clock.now += 2
    assert budget.available() == 2
    clock.now += 600
    assert budget.available() == 10 == budget.saved


def test_every_end_has_its_words_and_every_refusal_something_to_do() -> None:
    assert all(ended_because(why) for why in Why if why is not Why.LEFT)
    assert "/invite" in refused_because("not_in_channel")
    assert "every hour" in refused_because("something_new")
