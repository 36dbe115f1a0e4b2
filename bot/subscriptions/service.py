"""The use case of subscriptions: people make, end, mute and list them.

Everybody only for their own calls; an admin also for those of another UID. Every attempt to change something is audited.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol, TypeVar

from bot.calls import problems as call_problems
from bot.calls.lookup import resolve_uid
from bot.calls.problems import Problem, ProblemKind
from bot.cometchat import Uid, parse_uid
from bot.identity import Identity, IdentityUnavailableError, SlackUser
from bot.identity.links import StoreUnavailableError
from bot.links import problems as link_problems
from bot.links.admins import Admins, AdminStatus
from bot.links.audit_entries import AuditEntries
from bot.links.validation import LinkValidation
from bot.links.whoami import Whoami
from bot.observability.audit import Deed
from bot.subscriptions import problems
from bot.subscriptions.results import Ended, Listing, Muted, Subscribed
from bot.subscriptions.subscription import Subscription, Wanted, new_id
from bot.throttling.rate_limiter import RateLimiter

Result = TypeVar("Result")


class TooManySubscriptionsError(Exception):
    """The person has as many subscriptions as one may have."""


class SubscriptionStore(Protocol):
    """A store of subscriptions. Every method raises StoreUnavailableError."""

    async def add(self, subscription: Subscription) -> Subscription:
        """Store the subscription, or return the one that wants the same there, with the new one's quiet hours.

        That is not muted any more. Raises TooManySubscriptionsError.
        """
        ...

    async def get(self, subscription_id: str) -> Subscription | None:
        """Return the subscription, None where there is none."""
        ...

    async def of_owner(self, owner: SlackUser) -> tuple[Subscription, ...]:
        """Return a person's subscriptions, the oldest first."""
        ...

    async def for_admins(self, team_id: str, channel_id: str | None) -> tuple[Subscription, ...]:
        """Return the workspace's subscriptions to that channel, and those of another UID, the oldest first."""
        ...

    async def remove(self, subscription_ids: tuple[str, ...]) -> None:
        """End subscriptions, with all that is still to be told of them."""
        ...

    async def mute(self, subscription_id: str, until: int) -> None:
        """Tell nothing until that Unix time."""
        ...

    async def remove_team(self, team_id: str, until: int) -> None:
        """End all subscriptions of a workspace that were made until that Unix time."""
        ...


class Subscriptions:
    """Manages subscriptions. `now` is the wall clock, in Unix seconds; a `reference` is an interaction's, for the audit.

    `wake` is called after there is one more, so that its calls are looked for.
    """

    def __init__(
        self,
        *,
        store: SubscriptionStore,
        identity: Identity,
        whoami: Whoami,
        admins: Admins,
        validation: LinkValidation,
        rate_limiter: RateLimiter,
        audit: AuditEntries,
        now: Callable[[], float],
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._identity = identity
        self._whoami = whoami
        self._admins = admins
        self._validation = validation
        self._rate_limiter = rate_limiter
        self._audit = audit
        self._now = now
        self._wake = wake

    async def subscribe(
        self,
        user: SlackUser,
        wanted: Wanted,
        *,
        channel_id: str | None = None,
        uid: str | None = None,
        quiet_hours: bool = True,
        reference: str = "",
    ) -> Subscribed | Problem:
        """Subscribe the person; `uid` is what an admin typed for somebody else's UID.

        The same subscription twice is one: the second time it takes over `quiet_hours`, and ends a mute.
        """
        if not (wanted.missed or wanted.ended):
            return problems.NOTHING_WANTED
        whose = await self._own(user) if uid is None else await self._chosen(user, uid)
        if isinstance(whose, Problem):
            return self._refused("subscribe", user, whose, reference)
        if problem := await self._unknown_mention(user, wanted):
            return self._refused("subscribe", user, replace(problem, uid=whose), reference)
        subscription = Subscription(
            id=new_id(),
            owner=user,
            made_for=whose,
            uid=None if uid is None else whose,
            channel_id=channel_id,
            wanted=wanted,
            made_at=int(self._now()),
            quiet_hours=quiet_hours,
        )
        try:
            stored = await _unless_unavailable(lambda: self._store.add(subscription))
        except TooManySubscriptionsError:
            stored = problems.TOO_MANY
        if isinstance(stored, Problem):
            return self._refused("subscribe", user, replace(stored, uid=whose), reference)
        self._audit.record("subscribe", user, "subscribed", reference, uid=whose)
        self._wake()
        return Subscribed(stored, new=stored.id == subscription.id)

    async def unsubscribe(
        self, user: SlackUser, subscription_id: str, *, reference: str = ""
    ) -> Ended | Problem:
        """End a subscription: its owner's wish, or an admin's."""
        found = await self._managed(user, subscription_id)
        if isinstance(found, Problem):
            return self._refused("unsubscribe", user, found, reference)
        return await self._end(user, (found,), reference)

    async def unsubscribe_all(
        self, user: SlackUser, *, channel_id: str | None = None, reference: str = ""
    ) -> Ended | Problem:
        """End all of the person's own subscriptions, or those to one channel."""
        own = await _for(user, lambda: self._store.of_owner(user))
        if isinstance(own, Problem):
            return self._refused("unsubscribe", user, own, reference)
        ending = tuple(each for each in own if channel_id in {None, each.channel_id})
        return await self._end(user, ending, reference)

    async def mute(
        self, user: SlackUser, subscription_id: str, until: int, *, reference: str = ""
    ) -> Muted | Problem:
        """Tell nothing until that Unix time; calls that are over by then are never told."""
        found = await self._managed(user, subscription_id)
        if isinstance(found, Problem):
            return self._refused("mute", user, found, reference)
        result = await _unless_unavailable(lambda: self._store.mute(found.id, until))
        if isinstance(result, Problem):
            return self._refused("mute", user, result, reference)
        self._record("mute", user, found, "muted", reference)
        return Muted(replace(found, muted_until=until))

    async def listing(self, user: SlackUser, *, channel_id: str | None = None) -> Listing | Problem:
        """Return the person's subscriptions, and for an admin those of others that they may end."""

        async def read() -> Listing:
            own = await self._store.of_owner(user)
            if await self._admins.status(user) is not AdminStatus.ADMIN:
                return Listing(own)
            others = await self._store.for_admins(user.team_id, channel_id)
            return Listing(own, tuple(each for each in others if each.owner != user))

        return await _for(user, read)

    async def forget_workspace(self, team_id: str, at: int) -> None:
        """End the subscriptions of a workspace that uninstalled callinfo at that Unix time, but none made later.

        Raises StoreUnavailableError.
        """
        await self._store.remove_team(team_id, at)

    async def _own(self, user: SlackUser) -> Uid | Problem:
        uid = await resolve_uid(user, self._rate_limiter, self._identity)
        if isinstance(uid, Problem) and uid.kind is ProblemKind.NOT_LINKED:
            return await self._whoami.without_a_link(user)
        return uid

    async def _chosen(self, user: SlackUser, typed: str) -> Uid | Problem:
        """Return the UID that an admin chose."""
        if problem := await self._admins.require_admin(user):
            words = problems.NOT_AN_ADMIN if problem.kind is ProblemKind.NOT_AN_ADMIN else problem
            return await self._admins.count_refused(user, words)
        try:
            uid = parse_uid(typed)
        except ValueError:
            return link_problems.NOT_A_UID
        checked = await self._validation.check_uid(uid)
        return checked if isinstance(checked, Problem) else uid

    async def _unknown_mention(self, user: SlackUser, wanted: Wanted) -> Problem | None:
        """Return why the calls with the mentioned person can't be told, None if they can."""
        if wanted.mentioned is None:
            return None
        try:
            identified = await self._identity.identify(replace(user, user_id=wanted.mentioned))
        except IdentityUnavailableError:
            return call_problems.mentioned_unavailable()
        return None if identified else problems.MENTIONED_NOT_LINKED

    async def _managed(self, user: SlackUser, subscription_id: str) -> Subscription | Problem:
        """Return the subscription if the person may change it."""
        found = await _for(user, lambda: self._store.get(subscription_id))
        if isinstance(found, Problem):
            return found
        if found and found.owner == user:
            return found
        problem = problems.NO_SUCH_SUBSCRIPTION
        if found and found.owner.team_id == user.team_id:
            match await self._admins.status(user):
                case AdminStatus.ADMIN:
                    return found
                case AdminStatus.UNKNOWN:
                    problem = link_problems.ADMIN_UNKNOWN
                case AdminStatus.NOT_ADMIN:
                    pass
        return await self._admins.count_refused(user, problem)

    async def _end(
        self, user: SlackUser, ending: tuple[Subscription, ...], reference: str
    ) -> Ended | Problem:
        if ending:
            ids = tuple(each.id for each in ending)
            result = await _unless_unavailable(lambda: self._store.remove(ids))
            if isinstance(result, Problem):
                return self._refused("unsubscribe", user, result, reference)
        for each in ending:
            self._record("unsubscribe", user, each, "unsubscribed", reference)
        return Ended(ending)

    def _record(
        self, deed: Deed, user: SlackUser, subscription: Subscription, outcome: str, reference: str
    ) -> None:
        owner = subscription.owner
        subject = "" if owner == user else owner.user_id
        self._audit.record(deed, user, outcome, reference, uid=subscription.made_for, subject=subject)

    def _refused(self, deed: Deed, user: SlackUser, problem: Problem, reference: str) -> Problem:
        if not problem.quiet:
            self._audit.record(deed, user, problem.kind, reference, uid=problem.uid or "")
        return problem


async def _for(user: SlackUser, work: Callable[[], Awaitable[Result]]) -> Result | Problem:
    """Return what `work` returns, or what to tell the person while Slack can't say who they are, or the store is away."""
    if user.unresolved:
        return call_problems.identity_unavailable()
    return await _unless_unavailable(work)


async def _unless_unavailable(work: Callable[[], Awaitable[Result]]) -> Result | Problem:
    """Return what `work` returns, or what to tell the person while the store is unavailable."""
    try:
        return await work()
    except StoreUnavailableError:
        return problems.UNAVAILABLE
