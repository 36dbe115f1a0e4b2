"""What listeners work with, passed in by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.answers.interaction import Interaction, Outcome
from bot.answers.responder import Answering
from bot.answers.tasks import Tasks
from bot.calls.call_ref import CallRef
from bot.calls.cursor import PageRequest
from bot.calls.history import PAGE_SIZE, CallHistory, HistoryPage
from bot.calls.local_days import LocalDays
from bot.calls.lookup import Lookup, LookupResult
from bot.calls.problems import Problem
from bot.calls.share_claims import ShareClaims
from bot.cards.problem import Helpers
from bot.cards.summary import summary
from bot.cometchat import SessionId
from bot.links.requests import LinkRequests
from bot.links.service import Linking
from bot.links.whoami import Whoami
from bot.observability.audit import Audit, Deed, Entry
from bot.slack.response_url import Replies
from bot.slack.views import Modals


@dataclass(frozen=True, slots=True)
class Services:
    """The collaborators of all listeners. `now` is the wall clock, in Unix seconds."""

    lookup: Lookup
    recent: CallHistory
    days: LocalDays
    whoami: Whoami
    linking: Linking
    link_requests: LinkRequests
    audit: Audit
    tasks: Tasks
    answering: Answering
    replies: Replies
    modals: Modals
    shares: ShareClaims
    helpers: Helpers
    recording_hosts: tuple[str, ...]
    now: Callable[[], float]

    async def look_up(
        self,
        interaction: Interaction,
        session_id: SessionId,
        *,
        which: CallRef | None = None,
        anew: bool = False,
    ) -> LookupResult | Problem:
        """Look a call up for whoever did that, and audit it, unless it was refused before anything was looked up.

        It is the session's newest, or just `which`. `anew` is for what others will see.
        """
        found = await self.lookup(interaction.user, session_id, which=which, fresh=anew)
        if isinstance(found, Problem):
            if found.quiet:
                return found
            self.record("look_up", interaction, found.kind, uid=found.uid or "", session_id=session_id)
        else:
            self.record("look_up", interaction, "found", uid=found.viewer, session_id=session_id)
        return found

    async def list_calls(
        self, interaction: Interaction, query: PageRequest, *, many: int = PAGE_SIZE
    ) -> HistoryPage | Problem:
        """List the latest calls of whoever did that, and audit it, unless it was refused before anything was asked."""
        listed = await self.recent(interaction.user, query, size=many)
        if isinstance(listed, Problem):
            if not listed.quiet:
                self.record("list", interaction, listed.kind, uid=listed.uid or "")
        else:
            self.record("list", interaction, "listed", uid=listed.viewer)
        return listed

    def record(
        self, deed: Deed, interaction: Interaction, outcome: str, *, uid: str, session_id: str = ""
    ) -> None:
        """Audit what was done with a call, or with the list of them."""
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
        self, interaction: Interaction, found: LookupResult | Problem, *, replace: bool = False
    ) -> Outcome | Problem:
        """Return the found call as the message that its viewer gets; a problem stays one."""
        if isinstance(found, Problem):
            return found
        card = summary(found, now=int(self.now()), thread_ts=interaction.thread_ts)
        return Outcome("found", card, found.upstream_status, replace=replace)
