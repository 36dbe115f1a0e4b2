"""Calls that are over, remembered for a minute: who looks at one again, or opens its details, costs no request.

By UID and session, never across UIDs: what CometChat shows one user is nothing that another may see. Who a person is
and whether they had a part in the call is asked at each look-up all the same. Refresh is answered from here too:
it stands only below a call that is not over, and of a call that is over all that may still come is a recording, or
another call in the same session; both are seen a minute later at the latest. Only what is shared with others is
asked for anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.cometchat import Answer, Call, SessionId, Uid
from bot.throttling.remembered import Memory

KEPT_SECONDS = 60.0
MOST_KEPT = 256
MOST_CHARACTERS = 16_000
"""An answer of more characters than these is not kept. They do for a call of 50 people; 256 such are about 7 MB."""
_UNDER_WAY = frozenset({None, "initiated", "ongoing"})


class OverCalls:
    """Remembers answers that are over. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._memory: Memory[tuple[Uid, SessionId], Answer] = Memory(
            seconds=KEPT_SECONDS, size=MOST_KEPT, clock=clock
        )

    def recall(self, uid: Uid, session_id: SessionId) -> Answer | None:
        """Return what CometChat answered that user within the last minute, where that is over."""
        kept = self._memory.recall((uid, session_id))
        return kept.value if kept else None

    def keep(self, uid: Uid, session_id: SessionId, answer: Answer) -> None:
        """Remember the answer where the whole of it is over."""
        if all(_is_over(call) for call in answer.calls) and _size(answer) <= MOST_CHARACTERS:
            self._memory.keep((uid, session_id), answer, self._memory.begin())


def _is_over(call: Call) -> bool:
    """Whether CometChat says so in every way it has: stricter than what a card calls over."""
    left = all(person.state != "ongoing" for person in call.participants)
    return call.ended_at is not None and call.status not in _UNDER_WAY and left


def _size(answer: Answer) -> int:
    """Return how many characters the answer has; `repr` leaves the recordings' addresses out."""
    addresses = sum(len(each.url or "") for call in answer.calls for each in call.recordings)
    return len(repr(answer)) + addresses
