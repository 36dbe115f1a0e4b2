"""The use case of the Home tab: what it shows to one person, each part as soon as it is known.

Only the viewer decides what is in it: their own link, their own calls, and for an admin the requests and links. A part
that can't be had is a problem in words; the others are there all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeVar

import structlog

from bot.calls.history import HistoryPage
from bot.calls.problems import Problem, ProblemKind, crashed
from bot.identity import SlackUser
from bot.identity.requests import OpenRequests
from bot.links.requests import LinkRequests
from bot.links.results import ActingAs, LinkList
from bot.links.service import LinkService
from bot.links.whoami import Whoami

log = structlog.get_logger()

FIRST_SECONDS = 1.0
"""How long the first view waits for slow parts; the second view has them all."""

Part = TypeVar("Part")
ListCalls = Callable[[], Awaitable[HistoryPage | Problem]]
"""Lists the person's latest calls, as `/callinfo recent` does."""
ReadSwitches = Callable[[], Awaitable["Switches | Problem"]]
"""Reads which switches the person's subscriptions turn on."""


class Absent(Enum):
    """Why a part is not there: still LOADING, or NOT_THEIRS, as the admin section is not most people's."""

    LOADING = auto()
    NOT_THEIRS = auto()


@dataclass(frozen=True, slots=True)
class AdminSection:
    """What only admins see: the open requests, and a page of the links."""

    requests: OpenRequests | Problem
    links: LinkList | Problem


@dataclass(frozen=True, slots=True)
class Switches:
    """Which of the tab's two switches are on: a direct message at each missed call, and at each ended one."""

    missed: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True)
class HomeTab:
    """What a person's Home tab shows."""

    acting: ActingAs | Problem | Absent = Absent.LOADING
    calls: HistoryPage | Problem | Absent = Absent.LOADING
    admin: AdminSection | Problem | Absent = Absent.LOADING
    switches: Switches | Problem | Absent = Absent.LOADING


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks, and at which page of the links. `list_calls` and `read_switches` are about just that person."""

    user: SlackUser
    reference: str
    list_calls: ListCalls
    read_switches: ReadSwitches
    offset: int = 0
    prefix: str = ""


class HomeTabs:
    """Reads Home tabs. `first` is in seconds."""

    def __init__(
        self,
        whoami: Whoami,
        links: LinkService,
        link_requests: LinkRequests,
        *,
        first: float = FIRST_SECONDS,
    ) -> None:
        self._whoami = whoami
        self._links = links
        self._link_requests = link_requests
        self._first = first

    async def read(self, visit: Visit) -> AsyncGenerator[HomeTab, None]:
        """Yield the tab once if all is known soon, else a second time when it is."""
        acting = asyncio.create_task(_safely(self._whoami(visit.user), visit))
        calls = asyncio.create_task(_safely(_if_linked(visit.list_calls, acting), visit))
        admin = asyncio.create_task(_safely(self._admin_section(visit), visit))
        switches = asyncio.create_task(_safely(_if_linked(visit.read_switches, acting), visit))
        tasks: tuple[asyncio.Task[object], ...] = (acting, calls, admin, switches)
        try:
            _, late = await asyncio.wait(tasks, timeout=self._first)
            yield HomeTab(_so_far(acting), _so_far(calls), _so_far(admin), _so_far(switches))
            if late:
                await asyncio.wait(late)
                yield HomeTab(acting.result(), calls.result(), admin.result(), switches.result())
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _admin_section(self, visit: Visit) -> AdminSection | Problem | Absent:
        if problem := await self._link_requests.require_admin(visit.user):
            return Absent.NOT_THEIRS if problem.kind is ProblemKind.NOT_AN_ADMIN else problem
        requests, links = await asyncio.gather(
            self._link_requests.list_open(visit.user),
            self._links.page(visit.user, prefix=visit.prefix, offset=visit.offset, reference=visit.reference),
        )
        return AdminSection(requests, links)


async def _if_linked(
    read: Callable[[], Awaitable[Part]], acting: asyncio.Task[ActingAs | Problem]
) -> Part | Absent:
    """Return what is read for a person who has a link; for others, looking does not count as a look-up."""
    return await read() if isinstance(await acting, ActingAs) else Absent.NOT_THEIRS


async def _safely(reading: Awaitable[Part], visit: Visit) -> Part | Problem:
    """Return what is read; a bug costs its own part only."""
    try:
        return await reading
    except Exception:
        log.exception("crashed", reference=visit.reference, kind="home")
        return crashed()


def _so_far(task: asyncio.Task[Part]) -> Part | Absent:
    return task.result() if task.done() else Absent.LOADING
