"""What listeners work with, passed in by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.answering import Answering
from bot.cards.summary import summary
from bot.interactions import Interaction, Outcome
from bot.lookup import Found, Lookup
from bot.modals import Modals
from bot.problems import Problem
from bot.reply import Replies
from bot.shares import Shares


@dataclass(frozen=True, slots=True)
class Services:
    """The collaborators of all listeners. `now` is the wall clock, in Unix seconds."""

    lookup: Lookup
    answering: Answering
    replies: Replies
    modals: Modals
    shares: Shares
    recording_hosts: tuple[str, ...]
    now: Callable[[], float]

    def summarised(
        self, interaction: Interaction, found: Found | Problem, *, replace: bool = False
    ) -> Outcome | Problem:
        """Return the found call as the message that its viewer gets; a problem stays one."""
        if isinstance(found, Problem):
            return found
        card = summary(found, now=int(self.now()), thread_ts=interaction.thread_ts)
        return Outcome("found", card, found.upstream_status, replace=replace)
