"""What listeners work with, passed in by the composition root; and how they look calls up and audit it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.answers.interaction import Interaction, Outcome
from bot.answers.responder import Responder
from bot.answers.tasks import Tasks
from bot.calls.call_ref import OneCall
from bot.calls.filters import Query
from bot.calls.history import PAGE, Recent, RecentCalls
from bot.calls.local_days import Days
from bot.calls.lookup import Found, Lookup
from bot.calls.problems import Problem
from bot.calls.share_claims import Shares
from bot.cards.problem import Helpers
from bot.cards.summary import summary
from bot.cometchat import SessionId
from bot.links.requests import LinkRequests
from bot.links.service import Linking
from bot.links.whoami import Whoami
from bot.observability.audit import Audit, Deed, Entry
from bot.slack.response_url import Replies
from bot.slack.views import Views


@dataclass(frozen=True, slots=True)
class Services:
    """The collaborators of all listeners. `now` is the wall clock, in Unix seconds."""

    lookup: Lookup
    recent: Recent
    days: Days
    whoami: Whoami
    linking: Linking
    link_requests: LinkRequests
    audit: Audit
    tasks: Tasks
    responder: Responder
    replies: Replies
    views: Views
    shares: Shares
    helpers: Helpers
    recording_hosts: tuple[str, ...]
    now: Callable[[], float]

    async def look_up(
        self,
        interaction: Interaction,
        session_id: SessionId,
        *,
        which: OneCall | None = None,
        anew: bool = False,
    ) -> Found | Problem:
        """Look a call up for the person, and audit it, unless it was refused before CometChat was asked.

        `which` says which of the session's calls is meant, else it is the newest. `anew`, for what others will see, takes
        nothing from a cache.
        """
        found = await self.lookup(interaction.user, session_id, which=which, anew=anew)
        if isinstance(found, Problem):
            if found.quiet:
                return found
            self.record("look_up", interaction, found.kind, uid=found.uid or "", session_id=session_id)
        else:
            self.record("look_up", interaction, "found", uid=found.viewer, session_id=session_id)
        return found

    async def list_calls(
        self, interaction: Interaction, query: Query, *, many: int = PAGE
    ) -> RecentCalls | Problem:
        """List the person's latest calls, and audit it, unless it was refused before CometChat was asked."""
        listed = await self.recent(interaction.user, query, many=many)
        if isinstance(listed, Problem):
            if not listed.quiet:
                self.record("list", interaction, listed.kind, uid=listed.uid or "")
        else:
            self.record("list", interaction, "listed", uid=listed.viewer)
        return listed

    def record(
        self, deed: Deed, interaction: Interaction, outcome: str, *, uid: str, session_id: str = ""
    ) -> None:
        """Audit what the person did with a call, or with a list of calls."""
        entry = Entry(
            at=int(self.now()),
            deed=deed,
            team_id=interaction.user.team_id,
            user_id=interaction.user.user_id,
            outcome=outcome,
            reference=interaction.reference,
            uid=uid,
            session_id=session_id,
        )
        self.audit.record(entry)

    def summarised(
        self, interaction: Interaction, found: Found | Problem, *, replace: bool = False
    ) -> Outcome | Problem:
        """Return the call as a message to its viewer; a problem stays one."""
        if isinstance(found, Problem):
            return found
        card = summary(found, now=int(self.now()), thread_ts=interaction.thread_ts)
        return Outcome("found", card, found.upstream_status, replace=replace)
