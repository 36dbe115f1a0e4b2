"""Looks for the calls of one UID: lists them on behalf of it, and decides what is told for each of its subscriptions.

Who is told of a call is decided here, as in `calls/history.py`: CometChat is asked on behalf of the UID that the
subscriber's own link has now, and in its response a call without that UID does not exist.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

import structlog

from bot.calls.status import settled
from bot.cometchat import (
    BadAnswerError,
    Call,
    CallPage,
    CallProblemError,
    CallQuery,
    RateLimitedError,
    Uid,
    UnknownUidError,
)
from bot.cometchat.ids import lower_uid, parse_uid
from bot.identity import SlackUser
from bot.subscriptions.decisions import decide
from bot.subscriptions.looks import (
    NEVER,
    TURNS,
    Awaited,
    Findings,
    Look,
    LookOutcome,
    LookStore,
    Wake,
    open_since,
    repeated,
)
from bot.subscriptions.standing import NotKnownNowError, Standing
from bot.subscriptions.subscription import Subscription
from bot.subscriptions.tellings import Why, may_lag
from bot.throttling.client import ThrottledClient
from bot.throttling.concurrency import TooBusyError

log = structlog.get_logger()

PER_PAGE = 20
"""Calls that a look reads at once: more than a person has between two looks."""

MOST_PAGES = 10

_PAGE_SECONDS = 10.0
"""What one more page and storing may take. With less left of the claim, no further page is read."""

RETRY_SECONDS = 20.0
"""When a look that failed is repeated."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look, and how many pages it read."""

    outcome: LookOutcome
    pages: int = 1


@dataclass(frozen=True, slots=True)
class _Holding:
    """A subscription that holds. `whom` is the UID of the mentioned person; None where that person has none."""

    subscription: Subscription
    whom: Uid | None


class Looker:
    """Looks for calls. `now` is the wall clock, in Unix seconds; `found` is called when there is something to tell."""

    def __init__(
        self,
        store: LookStore,
        client: ThrottledClient,
        standing: Standing,
        *,
        ended: Callable[[Subscription, Why], None] = lambda *_: None,
        found: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._client = client
        self._standing = standing
        self._ended = ended
        self._found = found
        self._now = now

    async def look(self, look: Look, turn: float) -> Looked:
        """Look, and store what was found; `turn` is when it is due again by itself. Raises StoreUnavailableError."""
        began_at = self._now()
        findings = Findings(due_at=turn)
        holding = await self._holding(look, findings)
        calls, pages = list[Call](), 1
        if holding:
            try:
                calls, pages = await self._calls(holding[0].subscription.owner, look, findings, began_at)
            except TooBusyError:
                return await self._failed(look, "busy", turn)
            except RateLimitedError as error:
                pause = max(float(error.retry_after or 0), RETRY_SECONDS)
                await self._store.postpone(look, max(turn if look.reason in TURNS else 0.0, began_at + pause))
                return Looked("rate_limited")
            except CallProblemError as error:
                return await self._failed(look, error.code or str(error), turn)
        now = self._now()
        for each in holding:
            self._decide(look, each, calls, findings, now)
        await self._await(look, calls, findings, now)
        if not await self._store.finish(look, findings, began_at):
            return Looked("failed")
        for subscription, why in findings.ended:
            self._ended(subscription, why)
        if findings.messages or findings.due or findings.ended:
            self._found()
        if findings.ended:
            return Looked("ended", pages)
        return Looked("found" if findings.tellings or findings.changed else "nothing", pages)

    async def _failed(self, look: Look, reason: str, turn: float) -> Looked:
        """Repeat soon what a hint asked for; for the rest, the next turn will do."""
        log.warning("looking failed", reason=reason, why=look.reason)
        await self._store.postpone(look, turn if look.reason in TURNS else self._now() + RETRY_SECONDS)
        return Looked("failed")

    async def _holding(self, look: Look, findings: Findings) -> list[_Holding]:
        """Return the subscriptions that hold; note those that end, and that it is not known of some now."""
        holding = []
        for subscription in look.subscriptions:
            try:
                viewer = await self._standing.viewer(subscription, asking_slack=False)
                if isinstance(viewer, Why):
                    findings.ended.append((subscription, viewer))
                    continue
                holding.append(_Holding(subscription, await self._standing.mentioned(subscription)))
            except NotKnownNowError:
                findings.complete = False
        return holding

    async def _calls(
        self, user: SlackUser, look: Look, findings: Findings, now: float
    ) -> tuple[list[Call], int]:
        """Return the UID's newest calls, as far back as the look has to see, and on how many pages these were.

        Raises a CallProblemError, or TooBusyError.
        """
        since, seen = look.since(now), set[object]()
        calls, pages = list[Call](), 1

        def take(page: CallPage) -> bool:
            new = [call for call in page.calls if _identity(call) not in seen]
            seen.update(_identity(call) for call in new)
            calls.extend(settled(call, now=now) for call in new if call.involves(look.uid))
            return bool(new)

        first = await self._page(user, look.uid, 1)
        take(first)
        for number in _rest(first, since):
            if self._now() >= look.claimed_until - _PAGE_SECONDS:
                findings.complete = False
                break
            page, pages = await self._page(user, look.uid, number), pages + 1
            if not take(page) or _ends(page, first, since):
                break
        return calls, pages

    async def _page(self, user: SlackUser, uid: Uid, number: int) -> CallPage:
        try:
            return await self._client.list_calls(user, CallQuery(page=number, per_page=PER_PAGE), uid)
        except UnknownUidError as error:  # as if there were no calls: a failure would be repeated without end
            log.warning("looking failed", reason=error.code or str(error))
            return CallPage((), HTTPStatus.NOT_FOUND, last=True)
        except BadAnswerError as error:
            # CometChat may refuse a page past the last one
            status = error.status or HTTPStatus.INTERNAL_SERVER_ERROR
            if number == 1 or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            return CallPage((), status, last=True)

    def _decide(
        self, look: Look, holding: _Holding, calls: Sequence[Call], findings: Findings, now: float
    ) -> None:
        subscription = holding.subscription
        if subscription.wanted.mentioned and holding.whom is None:
            return  # that person has no UID, so no call is with them
        decision = decide(
            subscription,
            look.uid,
            holding.whom,
            calls,
            told=look.tellings.get(subscription.id, ()),
            messages=look.messages,
            now=now,
        )
        findings.tellings += decision.tellings
        findings.messages += decision.messages
        findings.changed += decision.changed
        findings.due |= decision.due

    async def _await(self, look: Look, calls: Sequence[Call], findings: Findings, now: float) -> None:
        """Note what is looked for again, and wake the others whom a hint did not name."""
        wakes = []
        for item in look.awaited:
            if item.spread:
                others = {uid for call in item.of_session(calls) for uid in _users(call)} - {look.uid}
                wakes += [Wake(uid, (replace(item, spread=False),), now) for uid in others]
        await self._store.wake(wakes)
        left = [
            replace(item, spread=item.spread and not item.of_session(calls))
            for item in look.awaited
            if not item.is_met(calls)
        ]
        lagging = {each.call.session_id or "" for each in findings.tellings if may_lag(each.call)}
        left += [Awaited("end", each, int(now)) for each in lagging - {item.session_id for item in left}]
        if look.reason in TURNS and not lagging:  # what a hint asked for has its own time
            findings.awaited, findings.again = tuple(left), look.again
        else:
            findings.wake_at, findings.again = repeated(look.again, left, now)
            findings.awaited = tuple(left) if findings.wake_at < NEVER else ()
        if not findings.complete:
            again_at = now + RETRY_SECONDS
            if findings.due_at < NEVER:
                findings.due_at = min(findings.due_at, again_at)
            else:  # no turn comes by itself
                findings.wake_at = min(findings.wake_at, again_at)
        findings.open_since = open_since(calls, now)
        findings.name = next((name for call in calls if (name := _name_of(look.uid, call))), "")


def _rest(first: CallPage, since: int) -> range:
    """Return the numbers of the pages to read after the first, those with the newest calls first."""
    if first.oldest_first and first.pages:
        return range(first.pages, 1, -1)[: MOST_PAGES - 1]
    return range(0) if _ends(first, first, since) else range(2, MOST_PAGES + 1)


def _ends(page: CallPage, first: CallPage, since: int) -> bool:
    """Whether the pages read after this one have no call that began at or after that Unix time."""
    old = [call.began_at is not None and call.began_at < since for call in page.calls]
    if first.oldest_first:
        return all(old) if first.pages else page.last
    return page.last or not old or (old[-1] if page.newest_first else all(old) and not page.oldest_first)


def _identity(call: Call) -> object:
    return (call.session_id, call.mid) if call.mid else call


def _users(call: Call) -> Iterator[Uid]:
    """Yield the UIDs of a call's two sides and participants."""
    sides = [side.uid for side in (call.initiator, call.receiver) if side and not side.group]
    for said in (*sides, *(each.uid for each in call.participants)):
        try:
            yield parse_uid(said)
        except ValueError:
            continue


def _name_of(uid: Uid, call: Call) -> str:
    """Return what the call says that user is called."""
    sides = [(side.uid, side.name) for side in (call.initiator, call.receiver) if side and not side.group]
    people = [*sides, *((each.uid, each.name) for each in call.participants)]
    return next((name for each, name in people if name and lower_uid(each) == uid), "")
