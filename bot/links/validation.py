"""May this person be linked, and is there such a CometChat user? Slack and CometChat are asked, and may be away.

An admin has said who it is: what can't be asked now holds nobody up, it is only told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.calls.problems import Problem
from bot.cometchat import CallProblemError, Uid, UnknownUidError
from bot.identity import SlackUser
from bot.links import problems as link_problems
from bot.slack.users import People, PeopleUnavailableError, Profile

PROFILES_SECONDS = 1.0
"""How long a list of people waits for Slack to say who of them has left."""


class Users(Protocol):
    """What is needed of CometChat; `cometchat.CometChat` is it."""

    async def check_user(self, uid: Uid) -> None:
        """Return when CometChat knows the user; raises UnknownUidError, or another CallProblemError."""
        ...


class Linkable:
    """Knows who and what can be linked."""

    def __init__(self, people: People, users: Users) -> None:
        self._people = people
        self._users = users

    async def profile(self, user: SlackUser, *, anew: bool = False) -> Profile | None:
        """Return what Slack says of the person, None where it says nothing, or can't be asked."""
        try:
            return await self._people.profile(user.user_id, anew=anew)
        except PeopleUnavailableError:
            return None

    async def unfit(self, by: SlackUser, subject: SlackUser) -> Problem | None:
        """Return why the admin `by` can't link that person; of kind DEACTIVATED for one who has left."""
        if subject.team_id != by.team_id:
            return link_problems.of_another_workspace()
        try:
            profile = await self._people.profile(subject.user_id)
        except PeopleUnavailableError:
            return None
        if profile is None:
            return link_problems.nobody_of_that_id()
        if profile.deactivated:
            return link_problems.deactivated(had_a_link=False)
        if profile.bot:
            return link_problems.a_bot()
        return None if subject.team_id in profile.teams else link_problems.of_another_workspace()

    async def checked(self, uid: Uid) -> bool | Problem:
        """Return whether CometChat has confirmed the UID, a problem where it knows no such user."""
        try:
            await self._users.check_user(uid)
        except UnknownUidError as error:
            problem = link_problems.no_such_uid(uid)
            return replace(problem, uid=uid, upstream_status=error.status, upstream_code=error.code)
        except CallProblemError:
            return False
        return True

    async def who_left(self, users: Sequence[SlackUser], *, anew: bool = False) -> tuple[SlackUser, ...]:
        """Return those of whom Slack says, in time, that their account is deactivated.

        It is asked `anew` before a link goes for that: somebody may have come back within the minute.
        """
        asking = {user: asyncio.create_task(self.profile(user, anew=anew)) for user in users}
        if asking:
            await asyncio.wait(asking.values(), timeout=PROFILES_SECONDS)
        for task in asking.values():
            task.cancel()  # those that are not done
        done = {user: task.result() for user, task in asking.items() if task.done() and not task.cancelled()}
        return tuple(user for user, profile in done.items() if profile and profile.deactivated)
