"""The Home tab: drawn as a whole when a person opens it, does something in it, or is linked by an admin.

For each person one view is published at a time, and the last drawing wins: somebody who opens the tab many times waits
for one drawing. links/home_tab.py reads what it shows, cards/home.py lays it out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import structlog
from cachetools import LRUCache, TTLCache

from bot.answers.audited_calls import AuditedCalls
from bot.answers.interaction import Interaction
from bot.calls.cursor import PageRequest
from bot.calls.problems import Problem
from bot.cards.home import home
from bot.cards.kit.message import Message
from bot.cards.kit.modal import View
from bot.cards.links import LinksQuery
from bot.cards.problem_card import Contacts
from bot.identity import SlackUser
from bot.links.home_tab import HomeTab, HomeTabs, Visit
from bot.slack.views import ViewConflictError, ViewFailedError, Views
from bot.subscriptions.service import Subscriptions
from bot.subscriptions.switches import read_switches

log = structlog.get_logger()

NOTICE_SECONDS = 10.0
"""How long a tab says what came of the last presses in it, whatever else is drawn meanwhile."""

MOST_NOTICES = 3

MOST_KEPT = 2_000
"""People whose tab is remembered."""

Draw = Callable[[], AsyncGenerator[View, None]]
"""Reads what a tab shows and yields views: one with what is known soon, then the whole."""


@dataclass(slots=True)
class _Tab:
    """One person's tab: how often it was to be drawn, and the hash of what was published last, `at` then."""

    user_id: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    drawings: int = 0
    hash: str = ""
    at: float = 0.0


class LastDrawingWins:
    """Publishes tabs so that older data never replaces newer. `clock` is monotonic, in seconds."""

    def __init__(self, views: Views, clock: Callable[[], float] = time.monotonic) -> None:
        self._views = views
        self._clock = clock
        self._tabs: LRUCache[SlackUser, _Tab] = LRUCache(MOST_KEPT)

    async def show(self, user: SlackUser, draw: Draw, *, seen: str = "", arrived: float) -> bool:
        """Publish what is drawn; return False where a later drawing does instead. Raises ViewFailedError.

        `seen` is the hash of the view that Slack said was there, by the `clock` when that `arrived`.
        """
        tab = self._tabs.setdefault(user, _Tab(user.user_id))
        tab.drawings += 1
        number = tab.drawings
        try:
            return await self._draw(
                tab, number, draw, lambda: seen if arrived >= tab.at and seen else tab.hash
            )
        except ViewConflictError:
            # Another process has published something, perhaps newer than what was read here: read again. Slack does
            # not say what is there, so it is replaced whatever it is
            return await self._draw(tab, number, draw, lambda: "")

    async def _draw(self, tab: _Tab, number: int, draw: Draw, replaces: Callable[[], str]) -> bool:
        async with aclosing(draw()) as views:
            async with tab.lock:
                if tab.drawings > number:
                    return False
                hash_before = replaces()  # of what is there before anything is read
                await self._publish(tab, await anext(views), hash_before)
            async for view in views:
                async with tab.lock:
                    if tab.drawings > number:
                        return False
                    await self._publish(tab, view, replaces())
        return True

    async def _publish(self, tab: _Tab, view: View, replaces: str) -> None:
        tab.hash = await self._views.publish(tab.user_id, view, replaces)
        tab.at = self._clock()


class Notices:
    """What came of each person's last presses in their Home tab. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._of: TTLCache[SlackUser, tuple[Message, ...]] = TTLCache(MOST_KEPT, NOTICE_SECONDS, clock)

    def add(self, user: SlackUser, notice: Message) -> None:
        """Show the notice to that person, for a while."""
        others = [each for each in self.of(user) if each != notice]
        self._of[user] = (notice, *others)[:MOST_NOTICES]

    def of(self, user: SlackUser) -> tuple[Message, ...]:
        """Return that person's notices, the newest first."""
        return self._of.get(user, ())

    def clear(self, user: SlackUser) -> None:
        """Show no more of them: others have changed what they are about."""
        self._of.pop(user, None)


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of the links and of the calls that a tab shows."""

    links: LinksQuery
    calls: PageRequest


FIRST = Pages(LinksQuery(0, ""), PageRequest())


@dataclass(frozen=True, slots=True)
class Shown:
    """What the log says of a drawing; a `quiet` one is not worth a line."""

    facts: dict[str, str]
    quiet: bool


class Home:
    """Draws Home tabs. `now` is the wall clock, in Unix seconds."""

    def __init__(
        self,
        *,
        tabs: HomeTabs,
        views: Views,
        calls: AuditedCalls,
        subscriptions: Subscriptions,
        contacts: Contacts,
        now: Callable[[], float],
    ) -> None:
        self._tabs = tabs
        self._views = LastDrawingWins(views)
        self._calls = calls
        self._subscriptions = subscriptions
        self._contacts = contacts
        self._now = now
        self._notices = Notices()

    async def show(
        self, interaction: Interaction, notice: Message | None = None, pages: Pages = FIRST
    ) -> Shown:
        """Draw the person's tab, with the `notice` at its top. Raises ViewFailedError."""
        if notice:
            self._notices.add(interaction.user, notice)
        read = [HomeTab()]
        shown = await self._views.show(
            interaction.user,
            lambda: self._draw(interaction, pages, read),
            seen=interaction.home_hash,
            arrived=interaction.arrived,
        )
        if not shown:
            return Shown({"home": "left to a later look"}, quiet=True)
        parts: dict[str, Any] = {"acting": read[-1].acting, "calls": read[-1].calls, "admin": read[-1].admin}
        problems = {name: part for name, part in parts.items() if isinstance(part, Problem)}
        quiet = "calls" in problems and problems["calls"].quiet
        return Shown({name: problem.kind for name, problem in problems.items()}, quiet=quiet)

    async def redraw(self, user: SlackUser, reference: str) -> None:
        """Draw the person's tab, because what it shows has changed; nobody waits for it. Raises nothing.

        They may have opened it by another process, or before a restart. `reference` is that of the change.
        """
        self._notices.clear(user)
        interaction = Interaction(
            kind="home", arrived=time.monotonic(), user=user, in_home=True, reference=reference
        )
        try:
            await self.show(interaction)
        except ViewFailedError as error:
            log.warning("home not renewed", reference=reference, reason=str(error))
        except Exception:
            log.exception("crashed", reference=reference, kind="home")

    async def _draw(
        self, interaction: Interaction, pages: Pages, read: list[HomeTab]
    ) -> AsyncGenerator[View, None]:
        notices = self._notices.of(interaction.user)  # the same in all views, however long the last takes
        visit = Visit(
            user=interaction.user,
            reference=interaction.reference,
            list_calls=lambda: self._calls.list_page(interaction, pages.calls),
            read_switches=lambda: read_switches(self._subscriptions, interaction.user),
            offset=pages.links.offset,
            prefix=pages.links.prefix,
        )
        async for tab in self._tabs.read(visit):
            read.append(tab)
            yield home(
                tab,
                reader=interaction.user.user_id,
                contacts=self._contacts,
                reference=interaction.reference,
                now=int(self._now()),
                notices=notices,
            )
