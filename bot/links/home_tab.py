"""The use case of the Home tab: what one person is told there, each part as soon as it is known.

Nothing but who has opened it decides what is in it: their own link, their own calls, and for an admin what admins may
see. A part that can't be had is a problem in words, and the others are there all the same. Knows nothing of Slack's
payloads and blocks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeVar

import structlog

from bot.calls import problems
from bot.calls.history import HistoryPage
from bot.calls.problems import Problem, ProblemKind
from bot.identity import SlackUser
from bot.identity.requests import OpenRequests
from bot.links.requests import LinkRequests
from bot.links.results import Acting, Listed
from bot.links.service import Linking
from bot.links.whoami import Whoami

log = structlog.get_logger()

FIRST_SECONDS = 1.0
"""How long the first look waits for parts that take long; the second has them all."""

Part = TypeVar("Part")
Listing = Callable[[], Awaitable[HistoryPage | Problem]]
"""Lists the person's latest calls, as `/callinfo recent` does."""


class Unread(Enum):
    """Why a part is not there: it is LOOKING still, or it is NOT_THEIRS, as an admin's desk is not most people's."""

    LOOKING = auto()
    NOT_THEIRS = auto()


@dataclass(frozen=True, slots=True)
class Desk:
    """What is for admins alone: the requests that nobody has decided yet, and a page of the links."""

    waiting: OpenRequests | Problem
    links: Listed | Problem


@dataclass(frozen=True, slots=True)
class HomeTab:
    """What a person's Home tab tells."""

    acting: Acting | Problem | Unread = Unread.LOOKING
    calls: HistoryPage | Problem | Unread = Unread.LOOKING
    desk: Desk | Problem | Unread = Unread.LOOKING


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks, at which page of the links; `list_calls` lists the calls of just that person."""

    user: SlackUser
    reference: str
    list_calls: Listing
    offset: int = 0
    prefix: str = ""


class HomeTabs:
    """Reads Home tabs. `first` is in seconds."""

    def __init__(
        self,
        whoami: Whoami,
        linking: Linking,
        link_requests: LinkRequests,
        *,
        first: float = FIRST_SECONDS,
    ) -> None:
        self._whoami = whoami
        self._linking = linking
        self._link_requests = link_requests
        self._first = first

    async def read(self, visit: Visit) -> AsyncGenerator[HomeTab, None]:
        """Yield what there is to tell: once where all is known soon, else a second time when it is."""
        acting = asyncio.create_task(_safely(self._whoami(visit.user), visit))
        calls = asyncio.create_task(_safely(_calls(visit, acting), visit))
        desk = asyncio.create_task(_safely(self._desk(visit), visit))
        tasks: tuple[asyncio.Task[object], ...] = (acting, calls, desk)
        try:
            _, late = await asyncio.wait(tasks, timeout=self._first)
            yield HomeTab(_so_far(acting), _so_far(calls), _so_far(desk))
            if late:
                await asyncio.wait(late)
                yield HomeTab(acting.result(), calls.result(), desk.result())
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _desk(self, visit: Visit) -> Desk | Problem | Unread:
        if problem := await self._link_requests.may_decide(visit.user):
            return Unread.NOT_THEIRS if problem.kind is ProblemKind.NOT_AN_ADMIN else problem
        waiting, links = await asyncio.gather(
            self._link_requests.waiting(visit.user),
            self._linking.page(
                visit.user, prefix=visit.prefix, offset=visit.offset, reference=visit.reference
            ),
        )
        return Desk(waiting, links)


async def _calls(visit: Visit, acting: asyncio.Task[Acting | Problem]) -> HistoryPage | Problem | Unread:
    """Return the calls of one who has a link; nobody else is counted for having looked."""
    return await visit.list_calls() if isinstance(await acting, Acting) else Unread.NOT_THEIRS


async def _safely(reading: Awaitable[Part], visit: Visit) -> Part | Problem:
    """Return what is read; a bug takes its own part only."""
    try:
        return await reading
    except Exception:
        log.exception("crashed", reference=visit.reference, kind="home")
        return problems.crashed()


def _so_far(task: asyncio.Task[Part]) -> Part | Unread:
    return task.result() if task.done() else Unread.LOOKING
