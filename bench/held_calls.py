"""The calls that the stand-in CometChat holds for people with subscriptions: put there as they happen, read as the API has them. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

PREFIX = "sub"
"""What the UIDs of people with subscriptions begin with."""
_PER_PAGE = 100

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HeldCall:
    """A call that is over. Times are Unix seconds."""

    session_id: str
    uids: tuple[str, str]
    began_at: int
    ended_at: int
    recorded: bool = False

    def as_json(self) -> Json:
        """Return it as Get Call and List Calls have it."""
        minutes = (self.ended_at - self.began_at) / 60
        recording = {
            "rid": f"rec-{self.session_id}",
            "recording_url": f"https://recordings-us.cometchat.io/{self.session_id}.mp4",
            "startTime": self.began_at,
            "endTime": self.ended_at,
        }
        return {
            "sessionId": self.session_id,
            "mid": f"mid-{self.session_id}",
            "type": "audio",
            "mode": "call",
            "status": "ended",
            "initiator": self.uids[0],
            "receiver": self.uids[1],
            "receiverType": "user",
            "totalParticipants": 2,
            "totalAudioMinutes": minutes,
            "totalVideoMinutes": 0,
            "totalDurationInMinutes": minutes,
            "hasRecording": self.recorded,
            "recordings": [recording] if self.recorded else [],
            "initiatedAt": self.began_at,
            "startedAt": self.began_at,
            "endedAt": self.ended_at,
            "participants": [
                {
                    "uid": uid,
                    "name": name_of(uid),
                    "isJoined": True,
                    "state": "ended",
                    "joinedAt": self.began_at,
                    "leftAt": self.ended_at,
                    "totalAudioMinutes": minutes,
                }
                for uid in self.uids
            ],
        }


@dataclass
class HeldCalls:
    """All of them, and how often each person's list was asked for."""

    listed: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    _calls: dict[str, HeldCall] = field(default_factory=dict)
    _of: defaultdict[str, dict[str, HeldCall]] = field(default_factory=lambda: defaultdict(dict))

    def hold(self, call: HeldCall) -> None:
        """Hold a call, or how it is now."""
        self._calls[call.session_id] = call
        for uid in call.uids:
            self._of[uid][call.session_id] = call

    def page(self, uid: str, number: int, size: int | None) -> Json:
        """Return List Calls' response for that user, the newest call first."""
        self.listed[uid] += 1
        size = size or _PER_PAGE
        calls = sorted(self._of[uid].values(), key=lambda call: call.began_at, reverse=True)
        shown = calls[(number - 1) * size : number * size]
        pagination = {"total": len(calls), "count": len(shown), "per_page": size, "current_page": number}
        pages = {"total_pages": -(-len(calls) // size)}
        return {
            "data": [each.as_json() for each in shown],
            "meta": {"pagination": pagination | pages},
        }

    def session(self, session_id: str, uid: str) -> Json | None:
        """Return Get Call's response, None where that user was not in it."""
        call = self._calls.get(session_id)
        return {"data": [call.as_json()]} if call and uid in call.uids else None


def name_of(uid: str) -> str:
    """Return what CometChat calls a user."""
    return f"Member {uid}"
