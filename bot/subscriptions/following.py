"""Follows hints: whose calls are looked for because of an event.

An event with UIDs wakes these people's looks. One with a session alone is followed by its people's names, else by asking
for the session on behalf of one subscriber after another until one may see it. Whoever finds the call wakes the others who
are in it (`looking.py`). Whom an event wakes is told nothing but what their own list of calls says.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from cachetools import TTLCache

from bot.cometchat import CallProblemError, NoSuchCallError, SessionId, Uid, UnknownUidError
from bot.cometchat.events import name_digest
from bot.identity import SlackUser
from bot.subscriptions.budget import Budget
from bot.subscriptions.hints import Hint, HintStore, StoredHint
from bot.subscriptions.looks import Awaited, LookStore
from bot.throttling.client import ThrottledClient
from bot.throttling.concurrency import TooBusyError

CLAIM_SECONDS = 20.0
AT_ONCE = 200
PUT_OFF_SECONDS = 10.0
"""When a hint is followed again for which nobody was found, or nothing was left of the budget."""
GIVEN_UP_SECONDS = 90.0
"""How old a hint may become. After that, the next turn finds its call."""

RINGS_SECONDS = 65
"""After so long a call that nobody took is missed, by an event that it rings and none that says more."""

_SEEN_SECONDS = 600.0
_MOST_SEEN = 10_000
_PROBER = SlackUser(None, "", "")
"""For whom CometChat is asked while it is not known who is meant: it has places of its own in the concurrency limit."""

_WHAT: Mapping[str, Literal["end", "recording", "transcript"]] = {
    "recording_generated": "recording",
    "transcription_generated": "transcript",
}


class Follower:
    """Follows hints. `now` is the wall clock, in Unix seconds, `clock` a monotonic one."""

    def __init__(
        self,
        hints: HintStore,
        looks: LookStore,
        client: ThrottledClient,
        budget: Budget,
        *,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hints = hints
        self._looks = looks
        self._client = client
        self._budget = budget
        self._now = now
        self._seen_by: TTLCache[SessionId, Uid] = TTLCache(_MOST_SEEN, _SEEN_SECONDS, clock)
        self._in_vain: TTLCache[tuple[SessionId, Uid], bool] = TTLCache(
            _MOST_SEEN, PUT_OFF_SECONDS - 1, clock
        )

    async def follow(self) -> int:
        """Follow hints that are due; return how many these were. Raises StoreUnavailableError."""
        now = self._now()
        claimed = await self._hints.claim(now, now + CLAIM_SECONDS, AT_ONCE)
        if not claimed:
            return 0
        subscribers = dict(await self._looks.subscribers())
        later: list[int] = []
        for group in _grouped(claimed):
            if not await self._follow(group, subscribers):
                later += [each.id for each in group if now - each.hint.received_at < GIVEN_UP_SECONDS]
        if later:
            await self._hints.put_off(later, now + PUT_OFF_SECONDS)
        await self._hints.followed([each.id for each in claimed if each.id not in set(later)])
        return len(claimed)

    async def _follow(self, group: Sequence[StoredHint], subscribers: Mapping[Uid, str]) -> bool:
        """Wake whom these hints are about, which name the same session or none; return whether anybody was found."""
        session_id = group[0].hint.session_id
        if not subscribers:
            return True
        awaited = list(dict.fromkeys(_awaited(each.hint) for each in group))
        at = min(_look_at(each.hint) for each in group)
        named = {uid for each in group for uid in each.hint.uids}
        if session_id:
            named |= set(await self._looks.told_of(session_id))
            named |= {self._seen_by[session_id]} if session_id in self._seen_by else set()
        if await self._looks.wake(sorted(named), awaited, at):
            return True
        if session_id is None:
            return True  # they have not subscribed
        called = {name for each in group for name in each.hint.names}
        alike = {uid: name_digest(name) for uid, name in subscribers.items() if name}
        alike = {uid: name for uid, name in alike.items() if name in called}
        if alike:
            await self._looks.wake(sorted(alike), awaited, at)
            if called == set(alike.values()):
                return True
            # Those whose name is not known may be the others
            subscribers = {uid: name for uid, name in subscribers.items() if not name}
        seer = await self._probe(session_id, subscribers)
        return bool(seer and await self._looks.wake([seer], awaited, at)) or bool(alike)

    async def _probe(self, session_id: SessionId, subscribers: Iterable[Uid]) -> Uid | None:
        """Return a subscriber who may see the session, None where none was found within the budget."""
        for uid in subscribers:
            if (session_id, uid) in self._in_vain:
                continue
            if not self._budget.available():
                return None
            self._budget.spend()
            try:
                found = await self._client.get_call(_PROBER, session_id, uid, fresh=True)
            except (NoSuchCallError, UnknownUidError):
                self._in_vain[session_id, uid] = True
                continue
            except (CallProblemError, TooBusyError):
                return None
            if any(call.involves(uid) for call in found.calls):
                self._seen_by[session_id] = uid
                return uid
            self._in_vain[session_id, uid] = True
        return None


def _grouped(claimed: Sequence[StoredHint]) -> list[list[StoredHint]]:
    """Return the hints by session; those without one each by itself."""
    groups: defaultdict[object, list[StoredHint]] = defaultdict(list)
    for each in claimed:
        groups[each.hint.session_id or each.id].append(each)
    return list(groups.values())


def _awaited(hint: Hint) -> Awaited:
    # The time only counts where there is no session; the same otherwise, so that repeats are one
    at = 0 if hint.session_id else int(hint.received_at)
    return Awaited(_WHAT.get(hint.trigger, "end"), hint.session_id or "", at, spread=True)


def _look_at(hint: Hint) -> float:
    """Return the Unix time at which there is something to see."""
    return hint.received_at + (RINGS_SECONDS if hint.trigger == "call_initiated" else 0)
