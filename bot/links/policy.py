"""Who may manage links, and who and what may be linked.

Admins are those that `CALLINFO_ADMINS` names, and the admins and owners of the bot's own workspace.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from enum import Enum, auto
from typing import Protocol, TypeVar

from bot.calls.problems import Problem, too_many_look_ups
from bot.cometchat import CallProblemError, Uid, UnknownUidError
from bot.identity import IdentityUnavailableError, OwnTeam, SlackUser
from bot.identity.links import StoreUnavailableError
from bot.links import problems
from bot.slack.users import People, PeopleUnavailableError, Profile
from bot.throttling.rate_limiter import RateLimiter

PROFILES_SECONDS = 1.0
"""How long a list of people waits for Slack to say whose account is deactivated."""

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

    async def count_refused(self, by: SlackUser, problem: Problem) -> Problem:
        """Count a refused attempt as a look-up; return its problem, or that the limit is reached."""
        reached = await self._rate_limiter.hit(by)
        return too_many_look_ups(reached) if reached else problem

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


async def unlinkable(people: People, user: SlackUser) -> Problem | None:
    """Return why Slack's word makes it impossible to link the user, None if it is possible or Slack can't be asked."""
    try:
        profile = await people.profile(user.user_id)
    except PeopleUnavailableError:
        return None
    return unlinkable_by(profile, user)


def unlinkable_by(profile: Profile | None, user: SlackUser) -> Problem | None:
    """Return why a user of that profile can't be linked, None if they can; a profile of None is nobody's."""
    if profile is None:
        return problems.NOBODY_OF_THAT_ID
    if profile.deactivated:
        return problems.deactivated(had_a_link=False)
    if profile.bot:
        return problems.A_BOT
    if profile.stranger or user.team_id not in profile.teams:
        return problems.OF_ANOTHER_WORKSPACE
    return None


class Users(Protocol):
    """What is needed of CometChat."""

    async def check_user(self, uid: Uid) -> None:
        """Return if CometChat has an active user of that UID. Raises UnknownUidError, or another CallProblemError."""
        ...


class LinkValidation:
    """Checks who and what may be linked. An admin has vouched for it, so what can't be checked now does not block."""

    def __init__(self, people: People, users: Users) -> None:
        self._people = people
        self._users = users

    async def check_subject(self, by: SlackUser, subject: SlackUser) -> Problem | None:
        """Return why the admin `by` can't link that person, None if they can."""
        if subject.team_id != by.team_id:
            return problems.OF_ANOTHER_WORKSPACE
        return await self.check_person(subject)

    async def check_person(self, user: SlackUser) -> Problem | None:
        """Return why nobody can link that member, None if somebody can, or Slack can't be asked."""
        return await unlinkable(self._people, user)

    async def linkable(self, users: Sequence[SlackUser]) -> tuple[SlackUser, ...]:
        """Return those who can be linked, as far as Slack can be asked."""
        reasons = await asyncio.gather(*(unlinkable(self._people, user) for user in users))
        return tuple(user for user, reason in zip(users, reasons, strict=True) if reason is None)

    async def check_uid(self, uid: Uid) -> bool | Problem:
        """Return True if CometChat has that user, False if it can't be asked now, else the problem."""
        try:
            await self._users.check_user(uid)
        except UnknownUidError as error:
            problem = problems.no_such_uid(uid)
            return replace(problem, uid=uid, upstream_status=error.status, upstream_code=error.code)
        except CallProblemError:
            return False
        return True

    async def profile(self, user: SlackUser, *, fresh: bool = False) -> Profile | None:
        """Return the person's Slack profile, None where there is none, or Slack can't be asked."""
        try:
            return await self._people.profile(user.user_id, anew=fresh)
        except PeopleUnavailableError:
            return None

    async def deactivated(self, users: Sequence[SlackUser], *, fresh: bool = False) -> tuple[SlackUser, ...]:
        """Return those whose account is deactivated, as far as Slack says so within PROFILES_SECONDS.

        `fresh` bypasses the cache, and has to before a link is removed: the person may have come back within the minute.
        """
        asking = {user: asyncio.create_task(self.profile(user, fresh=fresh)) for user in users}
        if asking:
            await asyncio.wait(asking.values(), timeout=PROFILES_SECONDS)
        for task in asking.values():
            task.cancel()  # those that are not done
        done = {user: task.result() for user, task in asking.items() if task.done() and not task.cancelled()}
        return tuple(user for user, profile in done.items() if profile and profile.deactivated)
