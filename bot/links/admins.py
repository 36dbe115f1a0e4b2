"""Who counts as an admin, and may manage links.

Admins are those that `CALLINFO_ADMINS` names, and the admins and owners of the bot's own workspace.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from enum import Enum, auto
from typing import TypeVar

from bot.calls.problems import Problem, too_many_look_ups
from bot.identity import IdentityUnavailableError, OwnTeam, SlackUser
from bot.identity.links import StoreUnavailableError
from bot.links import problems
from bot.links.validation import unlinkable
from bot.slack.users import People, PeopleUnavailableError, Profile
from bot.throttling.rate_limiter import RateLimiter

Result = TypeVar("Result")


class AdminStatus(Enum):
    """Whether a person is an admin. UNKNOWN counts as no; a later try may say more."""

    ADMIN = auto()
    NOT_ADMIN = auto()
    UNKNOWN = auto()


def counts_as_admin(profile: Profile) -> bool:
    """Return whether Slack's word makes the person an admin. Deactivated accounts and bots are no admins."""
    return profile.admin and not (profile.deactivated or profile.bot)


class Admins:
    """Knows the admins. `named` are Slack user ids of the bot's own workspace.

    What others attempt counts as a look-up, so that nobody fills the audit.
    """

    def __init__(
        self,
        named: Sequence[str],
        people: People,
        own_team: OwnTeam,
        rate_limiter: RateLimiter,
    ) -> None:
        self.named = tuple(named)
        self._people = people
        self._own_team = own_team
        self._rate_limiter = rate_limiter

    async def require_admin(self, by: SlackUser) -> Problem | None:
        """Return None for an admin, else what to tell the person."""
        match await self.status(by):
            case AdminStatus.ADMIN:
                return None
            case AdminStatus.UNKNOWN:
                return problems.ADMIN_UNKNOWN
            case _:
                return problems.NOT_AN_ADMIN

    async def only_admins(self, by: SlackUser, work: Callable[[], Awaitable[Result]]) -> Result | Problem:
        """Do the work if `by` is an admin; return its result, or what to tell the person."""
        if problem := await self.require_admin(by):
            return await self.count_refused(by, problem)
        return await unless_unavailable(work)

    async def count_refused(self, by: SlackUser, result: Result) -> Result | Problem:
        """Count an attempt that changed nothing as a look-up; return its result, or that the limit is reached."""
        reached = await self._rate_limiter.hit(by)
        return too_many_look_ups(reached) if reached else result

    async def status(self, user: SlackUser) -> AdminStatus:
        """Return whether the person is an admin. Slack is asked, at most once a minute, about those not named."""
        try:
            if not await self.is_member(
                user
            ):  # admins of other workspaces, and namesakes there, have no say here
                return AdminStatus.NOT_ADMIN
        except IdentityUnavailableError:
            return AdminStatus.UNKNOWN
        if user.user_id in self.named:
            return AdminStatus.ADMIN
        try:
            profile = await self._people.profile(user.user_id)
        except PeopleUnavailableError:
            return AdminStatus.UNKNOWN
        if profile and user.team_id in profile.teams and counts_as_admin(profile):
            return AdminStatus.ADMIN
        return AdminStatus.NOT_ADMIN

    async def is_named(self, user: SlackUser) -> bool:
        """Return whether `CALLINFO_ADMINS` names the person. Does not ask Slack about them."""
        with suppress(IdentityUnavailableError):
            return user.user_id in self.named and await self.is_member(user)
        return False

    async def is_member(self, user: SlackUser) -> bool:
        """Return whether the user is of the bot's own workspace. Raises IdentityUnavailableError."""
        if user.unresolved:
            raise IdentityUnavailableError("whether the user is a member is not known")
        return user.team_id == await self._own_team()

    async def can_be_linked(self, user: SlackUser) -> bool:
        """Return whether an admin could link the user from Slack; True while that is not known."""
        try:
            if not await self.is_member(user):
                return False
        except IdentityUnavailableError:
            return True
        return await unlinkable(self._people, user) is None

    async def to_notify(self, user: SlackUser) -> tuple[str, ...]:
        """Return the admins that the user's request goes to, never the user.

        They are those named, else some that Slack names; none while it is away.
        """
        try:
            admins = self.named or await self._people.admins(counts_as_admin)
        except PeopleUnavailableError:
            return ()
        return tuple(admin for admin in admins if admin != user.user_id)


async def unless_unavailable(work: Callable[[], Awaitable[Result]]) -> Result | Problem:
    """Return what `work` returns, or what to tell the person while the store is unavailable."""
    try:
        return await work()
    except StoreUnavailableError:
        return problems.LINKS_UNAVAILABLE
