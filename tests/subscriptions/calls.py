"""Calls as the API tells of them, for the tests of what is told."""

from __future__ import annotations

from typing import Any

from bot.calls.status import settled
from bot.cometchat import Call, Uid
from bot.cometchat.parsing import parse_call
from bot.identity import SlackUser
from bot.subscriptions.subscription import Subscription, Wanted

NOW = 1_763_812_800
TONY, STEVE = Uid("superhero1"), Uid("superhero2")
OWNER = SlackUser(None, "T01", "U0TONY")
BOTH = Wanted(missed=True, ended=True)


def person(uid: str, **facts: Any) -> dict[str, Any]:
    return {"uid": uid, "name": f"N {uid}", **facts}


def raw(session_id: str, at: int, **facts: Any) -> dict[str, Any]:
    """Return a video call of Steve's to Tony that began to ring then."""
    return {
        "sessionId": session_id,
        "mid": f"mid {session_id}",
        "type": "video",
        "status": "unanswered",
        "initiatedAt": at,
        "initiator": STEVE,
        "receiver": TONY,
        "receiverType": "user",
        "participants": [person(STEVE), person(TONY, state="unanswered")],
        **facts,
    }


def taken(start: int, end: int, **facts: Any) -> dict[str, Any]:
    """Return what a call says that was taken then and ended then."""
    both = [person(each, isJoined=True, state="ended", joinedAt=start, leftAt=end) for each in (STEVE, TONY)]
    return {
        "status": "ended",
        "startedAt": start,
        "endedAt": end,
        "totalDurationInMinutes": (end - start) / 60,
        "participants": both,
        **facts,
    }


def call(session_id: str, at: int = NOW - 60, *, now: int = NOW, **facts: Any) -> Call:
    return settled(parse_call(raw(session_id, at, **facts)), now=now)


def subscription(wanted: Wanted = BOTH, **facts: Any) -> Subscription:
    """Return a subscription of Tony's, made an hour ago."""
    made: dict[str, Any] = {
        "id": "S1",
        "owner": OWNER,
        "made_for": TONY,
        "uid": None,
        "channel_id": None,
        "made_at": NOW - 3_600,
    }
    return Subscription(wanted=wanted, **(made | facts))
