"""Who may decide about links, and what people are told where they may not, or where the store can't be asked.

Authorisation stands here; what there is to decide is `linking.py`'s and `link_requests.py`'s.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.calls.problems import Problem
from bot.identity import SlackUser
from bot.identity.links import StoreUnavailableError
from bot.links import problems as link_problems
from bot.links.policy import Admins, Standing

Result = TypeVar("Result")


async def may_decide(admins: Admins, by: SlackUser) -> Problem | None:
    """Return None for an admin, else what to tell the person."""
    match await admins.standing(by):
        case Standing.ADMIN:
            return None
        case Standing.UNKNOWN:
            return link_problems.admin_unknown()
        case _:
            return link_problems.not_an_admin()


async def for_admin(admins: Admins, by: SlackUser, work: Callable[[], Awaitable[Result]]) -> Result | Problem:
    """Return what `work` returns, which is done only for an admin, or what to tell the person."""
    if problem := await may_decide(admins, by):
        return problem
    return await unless_unavailable(work)


async def unless_unavailable(work: Callable[[], Awaitable[Result]]) -> Result | Problem:
    """Return what `work` returns, or what to tell the person while the store can't be asked."""
    try:
        return await work()
    except StoreUnavailableError:
        return link_problems.links_unavailable()
