"""Look-ups and lists of calls, each with its entry in the audit."""

from __future__ import annotations

from bot.answers.interaction import Interaction
from bot.calls.call_ref import CallRef
from bot.calls.cursor import PageRequest
from bot.calls.history import PAGE_SIZE, CallHistory, HistoryPage
from bot.calls.lookup import Lookup, LookupResult
from bot.calls.problems import Problem
from bot.cometchat import SessionId
from bot.links.audit_entries import AuditEntries
from bot.observability.audit import Deed


class AuditedCalls:
    """Asks the use cases for the person of an interaction, and audits what came of it.

    What is refused before CometChat was asked has no entry.
    """

    def __init__(self, lookup: Lookup, history: CallHistory, audit: AuditEntries) -> None:
        self._lookup = lookup
        self._history = history
        self._audit = audit

    async def look_up(
        self,
        interaction: Interaction,
        session_id: SessionId,
        *,
        which: CallRef | None = None,
        fresh: bool = False,
    ) -> LookupResult | Problem:
        """Look a call up: the session's newest, or just `which`. `fresh` skips caches, for what others will see."""
        found = await self._lookup(interaction.user, session_id, which=which, fresh=fresh)
        if isinstance(found, Problem):
            self._record_problem("look_up", interaction, found, session_id)
        else:
            self._record("look_up", interaction, "found", found.viewer, session_id)
        return found

    async def list_page(
        self, interaction: Interaction, request: PageRequest, *, size: int = PAGE_SIZE
    ) -> HistoryPage | Problem:
        """List a page of the person's calls."""
        page = await self._history(interaction.user, request, size=size)
        if isinstance(page, Problem):
            self._record_problem("list", interaction, page)
        else:
            self._record("list", interaction, "listed", page.viewer)
        return page

    def _record_problem(
        self, deed: Deed, interaction: Interaction, problem: Problem, session_id: str = ""
    ) -> None:
        if not problem.quiet:
            self._record(deed, interaction, problem.kind, problem.uid or "", session_id)

    def _record(
        self, deed: Deed, interaction: Interaction, outcome: str, uid: str, session_id: str = ""
    ) -> None:
        self._audit.record(
            deed, interaction.user, outcome, interaction.reference, uid=uid, session_id=session_id
        )
