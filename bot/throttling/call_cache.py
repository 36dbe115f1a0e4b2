"""A cache of ended calls: looking at one again within a minute, or at its details, costs no request.

By UID and session, never across UIDs: what CometChat shows one user is nothing that another may see. Who a person is,
and whether they took part in the call, is checked at each look-up anyway. All that may still come of an ended call is a
recording, or another call in its session; both show a minute later. What is shared is always fetched.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from cachetools import TTLCache

from bot.cometchat import Call, SessionCalls, SessionId, Uid

TTL_SECONDS = 60.0
MAX_ENTRIES = 12_000
"""Calls, participants, recordings and transcriptions in total: about 7 MB."""
_UNDER_WAY = frozenset({None, "initiated", "ongoing"})


class EndedCallsCache:
    """Keeps responses whose calls have all ended. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._cache: TTLCache[tuple[Uid, SessionId], SessionCalls] = TTLCache(
            MAX_ENTRIES, TTL_SECONDS, timer=clock, getsizeof=_entries
        )

    def get(self, uid: Uid, session_id: SessionId) -> SessionCalls | None:
        """Return the cached response."""
        return self._cache.get((uid, session_id))

    def put(self, uid: Uid, session_id: SessionId, response: SessionCalls) -> None:
        """Cache the response if all of its calls have ended."""
        if all(_has_ended(call) for call in response.calls) and _entries(response) <= MAX_ENTRIES:
            self._cache[uid, session_id] = response


def _has_ended(call: Call) -> bool:
    """Whether the API says so in every way it can: stricter than what a card shows as ended."""
    everybody_left = all(person.state != "ongoing" for person in call.participants)
    return call.ended_at is not None and call.status not in _UNDER_WAY and everybody_left


def _entries(response: SessionCalls) -> int:
    return sum(
        1 + len(call.participants) + len(call.recordings) + len(call.transcriptions)
        for call in response.calls
    )
