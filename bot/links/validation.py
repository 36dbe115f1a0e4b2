"""Who may be linked, and to which UID."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.calls.problems import Problem
from bot.cometchat import CallProblemError, Uid, UnknownUidError
from bot.identity import SlackUser
from bot.links import problems
from bot.slack.users import People, PeopleUnavailableError, Profile

PROFILES_SECONDS = 1.0
"""How long a list of people waits for Slack to say whose account is deactivated."""


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
            return await self._people.profile(user.user_id, fresh=fresh)
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
