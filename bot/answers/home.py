"""Answers in the Home tab: all of it is drawn anew, for the person who did something there, with what there is to say.

What there is comes from home_tab.py, how it looks from cards/home.py, and that nothing older goes over it is homes.py's.
What is said stays for some seconds, whatever else is drawn meanwhile: a look, or what the person does next. What others
change in a tab, such as a link, takes it away.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot.answers.home_order import MOST_KEPT, Homes
from bot.answers.interaction import Interaction
from bot.calls.cursor import PageRequest
from bot.calls.history import HistoryPage
from bot.calls.problems import Problem
from bot.cards.home import home
from bot.cards.kit.message import Message
from bot.cards.kit.modal import View
from bot.cards.link_buttons import Place
from bot.cards.problem import Helpers
from bot.identity import SlackUser
from bot.links.home_tab import HomeTab, HomeTabs, Visit
from bot.slack.home_views import HomeFailedError

log = structlog.get_logger()

SAID_SECONDS = 10.0
"""How long what is said in a tab stays there."""

MOST_SAID = 3

ListCalls = Callable[[Interaction, PageRequest], Awaitable[HistoryPage | Problem]]
"""Lists calls of whoever did something, and audits it."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Which pages a tab shows: of the links from `links` on, and that of the calls."""

    links: Place
    calls: PageRequest


FIRST = Pages(Place(0, ""), PageRequest())


@dataclass(frozen=True, slots=True)
class Shown:
    """What the log says of a Home tab that was drawn; a `quiet` one is none of a line's worth."""

    facts: dict[str, str]
    quiet: bool


@dataclass(slots=True)
class _Last:
    """What was drawn last."""

    tab: HomeTab = field(default_factory=HomeTab)


class Said:
    """What was said in Home tabs of late. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._said: OrderedDict[SlackUser, list[tuple[float, Message]]] = OrderedDict()

    def add(self, user: SlackUser, said: Message) -> None:
        """Keep what is said to that person now; of very many people, the last."""
        self._forget()
        others = [each for each in self._said.pop(user, []) if each[1] != said]
        self._said[user] = [(self._clock(), said), *others][:MOST_SAID]
        if len(self._said) > MOST_KEPT:
            self._said.popitem(last=False)

    def of_late(self, user: SlackUser) -> tuple[Message, ...]:
        """Return what was said to that person of late, the newest first."""
        since = self._forget()
        return tuple(said for at, said in self._said.get(user, ()) if at > since)

    def take_back(self, user: SlackUser) -> None:
        """Take back what was said to that person: it may hold no more."""
        self._said.pop(user, None)

    def _forget(self) -> float:
        """Forget people to whom nothing was said of late, several KB each; return since when that is."""
        since = self._clock() - SAID_SECONDS
        while self._said and next(iter(self._said.values()))[0][0] <= since:
            self._said.popitem(last=False)
        return since


class HomeAnswers:
    """Draws Home tabs. `now` is the wall clock, in Unix seconds."""

    def __init__(
        self,
        *,
        tabs: HomeTabs,
        homes: Homes,
        list_calls: ListCalls,
        helpers: Helpers,
        now: Callable[[], float],
    ) -> None:
        self._tabs = tabs
        self._homes = homes
        self._list_calls = list_calls
        self._helpers = helpers
        self._now = now
        self._said = Said()

    async def show(
        self, interaction: Interaction, said: Message | None = None, pages: Pages = FIRST
    ) -> Shown:
        """Show the person their Home tab, with `said` at its top.

        Raises HomeFailedError when Slack does not take it.
        """
        last = _Last()
        if said:
            self._said.add(interaction.user, said)
        shown = await self._homes.show(
            interaction.user,
            lambda: self._draw(interaction, pages, last),
            told=interaction.home_hash,
            arrived=interaction.arrived,
            needed=said is not None or pages != FIRST,
        )
        if not shown:
            return Shown({"home": "left to a later look"}, quiet=True)
        parts = {"acting": last.tab.acting, "calls": last.tab.calls, "desk": last.tab.desk}
        problems = {name: part for name, part in parts.items() if isinstance(part, Problem)}
        quiet = "calls" in problems and problems["calls"].quiet
        return Shown({name: problem.kind for name, problem in problems.items()}, quiet=quiet)

    async def renew(self, user: SlackUser, reference: str) -> None:
        """Draw that person's tab anew, for what is in it is out of date; nobody waits for it. Raises nothing.

        Also where none is known to be there: it may be of another process, or of one before this. `reference` is that
        of the interaction that has shown it.
        """
        self._said.take_back(user)
        interaction = Interaction(
            kind="home", arrived=time.monotonic(), user=user, in_home=True, reference=reference
        )
        try:
            await self.show(interaction)
        except HomeFailedError as error:
            log.warning("home not renewed", reference=reference, reason=str(error))
        except Exception:
            log.exception("crashed", reference=reference, kind="home")

    async def _draw(self, interaction: Interaction, pages: Pages, last: _Last) -> AsyncGenerator[View, None]:
        # Once, however long it takes to read the rest
        notices = self._said.of_late(interaction.user)
        visit = Visit(
            user=interaction.user,
            reference=interaction.reference,
            list_calls=lambda: self._list_calls(interaction, pages.calls),
            offset=pages.links.offset,
            prefix=pages.links.prefix,
        )
        async for tab in self._tabs.read(visit):
            last.tab = tab
            yield home(
                tab,
                reader=interaction.user.user_id,
                helpers=self._helpers,
                reference=interaction.reference,
                now=int(self._now()),
                notices=notices,
            )
