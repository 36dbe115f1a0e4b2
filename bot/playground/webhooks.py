"""CometChat's webhook: its events in the shapes of its documentation, and how they are sent.

What varies between its pages varies here: a session event names people by their names alone, the events of a ring name
users and no session, times and flags are strings in places. Delivered once, unless the bot doesn't answer with 200 in time and
`repeats` says that `retryOnFailure` is on.

https://www.cometchat.com/docs/rest-api/webhooks
"""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.playground.samples.build import APP_ID, REGION, JsonObject, Person

PATIENCE = 2.0
"""Seconds that CometChat waits for the 200."""
REPEATED_AFTER = (10.0, 30.0)
"""Seconds after which an event is sent again that got no 200."""


def session_event(trigger: str, session_id: str, **data: Any) -> JsonObject:
    """Return an event of a session, such as `call_ended` or `recording_generated`; `data` is what else it says."""
    return _envelope(trigger, {"sessionId": session_id, **data}) | {"type": "call"}


def started(session_id: str, at: int) -> JsonObject:
    """Return that a call has started. `at` is in Unix seconds, here as below."""
    return session_event("call_started", session_id, created_at=at)


def joined(session_id: str, person: Person, at: int) -> JsonObject:
    """Return that somebody has joined."""
    return session_event("call_participant_joined", session_id, occupant=_occupant(person, joined_at=at))


def left(session_id: str, person: Person, joined_at: int, at: int) -> JsonObject:
    """Return that somebody has left."""
    occupant = _occupant(person, joined_at=joined_at, left_at=at)
    return session_event("call_participant_left", session_id, occupant=occupant)


def ended(session_id: str, people: Sequence[Person], joined_at: int, at: int) -> JsonObject:
    """Return that a call has ended."""
    occupants = [_occupant(each, joined_at=joined_at, left_at=at) for each in people]
    return session_event("call_ended", session_id, destroyed_at=at, all_occupants=occupants)


def recorded(session_id: str, begun: int, seconds: float, url: str) -> JsonObject:
    """Return that a recording is ready."""
    times = {"startTime": str(begun), "duration": f"{seconds:.6f}"}
    return session_event("recording_generated", session_id, recording_url=url, **times)


def rung(trigger: str, caller: str, callee: str, at: int, *, by: str | None = None) -> JsonObject:
    """Return an event of a ring, `call_initiated` or `call_unanswered`, between two UIDs; `by` is who acted."""
    message = {
        "id": str(at % 100_000),
        "conversationId": "_user_".join(sorted((caller, callee))),
        "sender": by or caller,
        "receiverType": "user",
        "receiver": callee if (by or caller) == caller else caller,
        "category": "call",
        "type": "audio",
        "data": {"action": trigger.removeprefix("call_")},
        "sentAt": at,
        "updatedAt": at,
    }
    return _envelope(trigger, {"call": message})


def _envelope(trigger: str, data: JsonObject) -> JsonObject:
    return {"trigger": trigger, "data": data, "appId": APP_ID, "region": REGION, "webhook": "callinfo"}


def _occupant(person: Person, **times: int) -> JsonObject:
    return {"name": person.name, **times, "audio_call": "true"}


@dataclass(frozen=True)
class Webhook:
    """Where events go, and with which Basic Auth; `repeats` are the seconds after which a failed one is sent again."""

    url: str
    user: str
    password: str
    repeats: tuple[float, ...] = ()

    async def send(self, event: JsonObject) -> int:
        """Send an event; return the last status, 0 where no answer came in time."""
        status = await self._post(event)
        for pause in self.repeats:
            if status == HTTPStatus.OK:
                break
            await asyncio.sleep(pause)
            status = await self._post(event)
        return status

    async def _post(self, event: JsonObject) -> int:
        credentials = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        try:
            async with (
                asyncio.timeout(PATIENCE),
                aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
                session.post(
                    self.url, json=event, headers={"Authorization": f"Basic {credentials}"}
                ) as response,
            ):
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0
