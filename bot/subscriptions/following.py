"""Follows hints: whose calls are looked for because of an event.

An event with UIDs wakes these people's looks. One with a session alone is followed by its people's names, else by asking
for the session on behalf of one subscriber after another until one may see it. Whoever finds the call wakes the others who
are in it (`looking.py`). Whom an event wakes is told nothing but what their own list of calls says.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cachetools import TTLCache

from bot.calls.missed import RINGS_SECONDS
from bot.cometchat import (
    BadAnswerError,
    CallProblemError,
    NoSuchCallError,
    RateLimitedError,
    SessionId,
    Uid,
    UnknownUidError,
)
from bot.cometchat.events import name_digest
from bot.identity import SlackUser
from bot.subscriptions.budget import Budget
from bot.subscriptions.hints import Hint, HintStore, StoredHint
from bot.subscriptions.looks import Awaited, LookStore, Wake
from bot.subscriptions.standing import NotKnownNowError, Standing
from bot.throttling.client import ThrottledClient
from bot.throttling.concurrency import TooBusyError

CLAIM_SECONDS = 20.0
AT_ONCE = 200
PUT_OFF_SECONDS = 10.0
"""When a hint is followed again for which nobody was found, or too little was left of the budget."""
GIVEN_UP_SECONDS = 90.0
"""How old a hint may become. After that, the next turn finds its call, if there are turns."""

ASKING_SECONDS = 1.0
"""How long one round asks CometChat whose sessions these are. Then hints that have come meanwhile are followed."""

EARLY_SECONDS = 25.0
"""How long a recording's or a transcript's event waits for that of the call's end."""

MISSED_SECONDS = RINGS_SECONDS + 5
"""After so long a call that nobody took is missed, by an event that it rings and none that says more."""

_FOR_LOOKS = 0.5
"""The share of the saved budget that is kept for looks: below it, nobody is asked whose a session is."""

_SEEN_SECONDS = 600.0
_MOST_UNNAMED = 20
"""How many of those whom an event does not name are asked for its session: it may be of people who never subscribed."""

_MOST_SEEN, _MOST_ASKED = 10_000, 1_000
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
        standing: Standing,
        budget: Budget,
        *,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hints = hints
        self._looks = looks
        self._client = client
        self._standing = standing
        self._budget = budget
        self._now = now
        self._clock = clock
        self._seen_by: TTLCache[SessionId, Uid] = TTLCache(_MOST_SEEN, _SEEN_SECONDS, clock)
        self._asked: TTLCache[SessionId, dict[Uid, float]] = TTLCache(_MOST_ASKED, GIVEN_UP_SECONDS, clock)

    async def follow(self) -> int:
        """Follow hints that are due; return how many these were. Raises StoreUnavailableError."""
        now = self._now()
        claimed = await self._hints.claim(now, now + CLAIM_SECONDS, AT_ONCE)
        if not claimed:
            return 0
        subscribers = dict(await self._looks.subscribers())
        groups = _grouped(claimed) if subscribers else []
        told = await self._looks.told_of({group.session_id for group in groups if group.session_id})
        by_name = _by_name(subscribers)
        whom = {group: self._whom(group, subscribers, told, by_name) for group in groups}
        await self._looks.wake([wake for group, uids in whom.items() for wake in group.wakes(uids)])
        until = self._clock() + ASKING_SECONDS
        later = [
            each.id
            for group, uids in sorted(whom.items(), key=self._last_asked)
            if not await self._ask_for_the_rest(group, uids, subscribers, until)
            for each in group.hints
            if now - each.hint.received_at < GIVEN_UP_SECONDS
        ]
        if later:
            # What there was no time for goes on at once, together with what has come meanwhile
            await self._hints.put_off(later, now if self._clock() >= until else now + PUT_OFF_SECONDS)
        await self._hints.followed([each.id for each in claimed if each.id not in set(later)])
        return len(claimed)

    def _whom(
        self,
        group: _Group,
        subscribers: Mapping[Uid, str],
        told: Mapping[SessionId, frozenset[Uid]],
        by_name: Mapping[str, Sequence[Uid]],
    ) -> frozenset[Uid]:
        """Return the subscribers whom hints are about by their UIDs, by what was told, or by their names."""
        uids = {uid for each in group.hints for uid in each.hint.uids}
        if group.session_id:
            uids |= told.get(group.session_id, frozenset())
            uids |= {self._seen_by[group.session_id]} if group.session_id in self._seen_by else set()
            uids |= {uid for name in group.names for uid in by_name.get(name, ())}
        return frozenset(uids & subscribers.keys())

    async def _ask_for_the_rest(
        self, group: _Group, uids: frozenset[Uid], subscribers: Mapping[Uid, str], until: float
    ) -> bool:
        """Wake somebody who may see the session, if nobody was; return whether anybody is woken now.

        Those who were woken wake the others who are in the call.
        """
        if uids or group.session_id is None:
            return True
        if group.is_early(self._now()) or self._clock() >= until:
            return False
        # A subscriber whose known name the event does not list may have been called and not have come: asked once
        unnamed = [uid for uid, name in subscribers.items() if name and group.names]
        likely = [uid for uid, name in subscribers.items() if not (name and group.names)]
        seer = await self._probe(group.session_id, likely, until)
        if not seer:
            asked = self._asked.get(group.session_id, {})
            rest = [uid for uid in unnamed[:_MOST_UNNAMED] if uid not in asked]
            seer = await self._probe(group.session_id, rest, until)
        await self._looks.wake(group.wakes(frozenset({seer} if seer else ())))
        return bool(seer)

    async def _probe(self, session_id: SessionId, subscribers: Iterable[Uid], until: float) -> Uid | None:
        """Return a subscriber who may see the session, None where none was found within the budget and the time."""
        asked = self._asked.setdefault(session_id, {})
        # Whoever was asked a while ago may see it by now, but first the others
        for uid in sorted(subscribers, key=lambda each: asked.get(each, 0.0)):
            if uid in asked and self._clock() < asked[uid] + PUT_OFF_SECONDS - 1:
                return None
            if self._budget.available() < self._budget.saved * _FOR_LOOKS or self._clock() >= until:
                return None
            asked[uid] = self._clock()
            try:
                if not await self._holds(uid):
                    continue
                self._budget.spend()
                found = await self._client.get_call(_PROBER, session_id, uid, fresh=True)
            except (NoSuchCallError, UnknownUidError, BadAnswerError):
                continue
            except (NotKnownNowError, RateLimitedError, TooBusyError):  # nobody was asked
                del asked[uid]
                return None
            except CallProblemError:
                return None
            if any(call.involves(uid) for call in found.calls):
                self._seen_by[session_id] = uid
                return uid
        return None

    async def _holds(self, uid: Uid) -> bool:
        """Whether somebody has subscribed to that UID's calls who is still linked to it, or still an admin.

        Raises NotKnownNowError.
        """
        for subscription in await self._looks.subscriptions_for(uid):
            if await self._standing.viewer(subscription, asking_slack=False) == uid:
                return True
        return False

    def _last_asked(self, whom: tuple[_Group, object]) -> float:
        """Return when anybody was asked for the group's session last, by the clock; 0 for never."""
        session_id = whom[0].session_id
        return max(self._asked.get(session_id, {}).values(), default=0.0) if session_id else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Hints of one session, or one hint without a session."""

    session_id: SessionId | None
    hints: tuple[StoredHint, ...]

    @property
    def names(self) -> frozenset[str]:
        """The digests of the names of those who are said to have been in the call."""
        return frozenset(name for each in self.hints for name in each.hint.names)

    def is_early(self, now: float) -> bool:
        """Whether the event that the call has ended may still come: a recording's names nobody."""
        return all(
            _awaited(each.hint).what != "end" and now - each.hint.received_at < EARLY_SECONDS
            for each in self.hints
        )

    def wakes(self, uids: frozenset[Uid]) -> list[Wake]:
        """Return what wakes these."""
        awaited = tuple(dict.fromkeys(_awaited(each.hint) for each in self.hints))
        at = min(_look_at(each.hint) for each in self.hints)
        return [Wake(uid, awaited, at) for uid in sorted(uids)]


def _grouped(claimed: Sequence[StoredHint]) -> list[_Group]:
    """Return the hints by session; those without one each by itself."""
    groups: defaultdict[object, list[StoredHint]] = defaultdict(list)
    for each in claimed:
        groups[each.hint.session_id or each.id].append(each)
    return [_Group(hints[0].hint.session_id, tuple(hints)) for hints in groups.values()]


def _by_name(subscribers: Mapping[Uid, str]) -> Mapping[str, Sequence[Uid]]:
    """Return subscribers by the digests of their names, as far as these are known."""
    found: defaultdict[str, list[Uid]] = defaultdict(list)
    for uid, name in subscribers.items():
        if name:
            found[name_digest(name)].append(uid)
    return found


def _awaited(hint: Hint) -> Awaited:
    # Of a session, the hour will do: repeats are one, and yesterday's call is not today's
    at = int(hint.received_at) // 3_600 * 3_600 if hint.session_id else int(_look_at(hint))
    return Awaited(_WHAT.get(hint.trigger, "end"), hint.session_id or "", at, spread=True)


def _look_at(hint: Hint) -> float:
    """Return the Unix time from which there is something to see."""
    return hint.received_at + (MISSED_SECONDS if hint.trigger == "call_initiated" else 0)
