"""Home tabs in order: never older data over newer, whatever comes twice, late or all at once.

Of one person, one tab is drawn at a time: what is published next was read after what is there. Who opens the tab again
and again waits for one drawing, the last. Another process's view is told by its hash: then all is read anew.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.identity import SlackUser
from bot.slack.views import ViewConflictError

MOST_KEPT = 2_000
"""Of how many people it is known what was published last; without, Slack is not asked whether that is still there."""

View = dict[str, Any]
Draw = Callable[[], AsyncGenerator[View, None]]
"""Reads all that there is to show, anew at each call, and yields it: first what is known soon, then the whole."""


class Views(Protocol):
    """How a view is published; `slack/views.py` is it."""

    async def publish(self, user_id: str, view: View, seen: str) -> str:
        """Replace the view of that hash ("" for any), return the new one's; raises ViewConflictError or ViewFailedError."""
        ...


@dataclass(slots=True)
class _Tab:
    """One person's tab. `wanted` is the number of the last drawing that was asked for."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    drawing: int = 0
    wanted: int = 0
    hash: str = ""
    at: float = 0.0

    def seen(self, told: str, arrived: float) -> str:
        """Return the hash of the last view that is known to have been there, by Slack's word then or our own later."""
        return told if told and arrived >= self.at else self.hash


@dataclass(frozen=True, slots=True)
class _Drawing:
    """One drawing of a tab."""

    user: SlackUser
    tab: _Tab
    number: int
    draw: Draw
    needed: bool

    @property
    def overtaken(self) -> bool:
        """Whether another drawing was asked for since, which begins to read later."""
        return self.tab.wanted > self.number


class Homes:
    """Shows Home tabs. `clock` is monotonic, in seconds."""

    def __init__(self, views: Views, clock: Callable[[], float] = time.monotonic) -> None:
        self._views = views
        self._clock = clock
        self._tabs: OrderedDict[SlackUser, _Tab] = OrderedDict()

    async def show(
        self, user: SlackUser, draw: Draw, *, told: str = "", arrived: float, needed: bool = False
    ) -> bool:
        """Show what is drawn; return False where a later drawing shows it instead.

        `told` is the hash of the view that Slack says was there, by the `clock` when that `arrived`. A `needed` one is
        drawn though others wait: it has something to say. Raises ViewFailedError.
        """
        with self._tab(user) as tab:
            tab.wanted += 1
            drawing = _Drawing(user, tab, tab.wanted, draw, needed)
            try:
                return await self._shown(drawing, lambda: tab.seen(told, arrived))
            except ViewConflictError:
                # By another process, and what that has read may be newer than what was drawn here: read anew, and
                # put over whatever is there, since Slack does not say what that is
                return await self._shown(drawing, None)

    async def _shown(self, drawing: _Drawing, seen: Callable[[], str] | None) -> bool:
        """Draw it over what was `seen`, None for whatever is there."""
        tab = drawing.tab
        async with aclosing(drawing.draw()) as views:
            async with tab.turn:
                if drawing.overtaken and not drawing.needed:
                    return False
                before = seen() if seen else ""  # what is there before anything is read
                await self._publish(drawing, await anext(views), before)
            async for view in views:
                async with tab.turn:
                    if drawing.overtaken:
                        return False
                    await self._publish(drawing, view, tab.hash if seen else "")
        return True

    async def _publish(self, drawing: _Drawing, view: View, seen: str) -> None:
        drawing.tab.hash = await self._views.publish(drawing.user.user_id, view, seen)
        drawing.tab.at = self._clock()

    @contextmanager
    def _tab(self, user: SlackUser) -> Iterator[_Tab]:
        """Give the person's tab; of those that nobody draws, the oldest are forgotten."""
        tab = self._tabs.setdefault(user, _Tab())
        self._tabs.move_to_end(user)
        tab.drawing += 1
        try:
            yield tab
        finally:
            tab.drawing -= 1
            while len(self._tabs) > MOST_KEPT and not next(iter(self._tabs.values())).drawing:
                self._tabs.popitem(last=False)
