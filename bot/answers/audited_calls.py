"""Look-ups and lists of calls, each with its entry in the audit."""

from __future__ import annotations

from bot.answers.interaction import Interaction
from bot.calls.call_ref import CallRef, TranscriptRef
from bot.calls.cursor import PageRequest
from bot.calls.history import PAGE_SIZE, CallHistory, HistoryPage
from bot.calls.lookup import Lookup, LookupResult
from bot.calls.problems import Problem, ProblemKind
from bot.calls.transcript_lookup import TranscriptLookup, TranscriptResult
from bot.cometchat import SessionId
from bot.links.audit_entries import AuditEntries
from bot.links.whoami import Whoami
from bot.observability.audit import Deed


class AuditedCalls:
    """Asks the use cases for the person of an interaction, and audits what came of it.

    What is refused before CometChat was asked has no entry.
    """

    def __init__(
        self,
        lookup: Lookup,
        history: CallHistory,
        transcripts: TranscriptLookup,
        audit: AuditEntries,
        whoami: Whoami,
    ) -> None:
        self._lookup = lookup
        self._history = history
        self._transcripts = transcripts
        self._audit = audit
        self._whoami = whoami

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
            found = await self._for_the_person(interaction, found)
            found = found.looking_at(which or CallRef(session_id))
            self._record_problem("look_up", interaction, found, session_id)
        else:
            self._record("look_up", interaction, "found", found.viewer, session_id)
        return found

    async def read_transcript(
        self, interaction: Interaction, session_id: SessionId, *, which: CallRef | None = None
    ) -> TranscriptResult | Problem:
        """Read the transcript of a call: of the session's newest, or of `which`."""
        read = await self._transcripts(interaction.user, session_id, which=which)
        if isinstance(read, Problem):
            read = await self._for_the_person(interaction, read)
            read = read.looking_at(TranscriptRef(which or CallRef(session_id)))
            self._record_problem("transcript", interaction, read, session_id)
        else:
            self._record("transcript", interaction, "found", read.found.viewer, session_id)
        return read

    async def list_page(
        self, interaction: Interaction, request: PageRequest, *, size: int = PAGE_SIZE
    ) -> HistoryPage | Problem:
        """List a page of the person's calls."""
        page = await self._history(interaction.user, request, size=size)
        if isinstance(page, Problem):
            page = (await self._for_the_person(interaction, page)).looking_at(request)
            self._record_problem("list", interaction, page)
        else:
            self._record("list", interaction, "listed", page.viewer)
        return page

    async def _for_the_person(self, interaction: Interaction, problem: Problem) -> Problem:
        """Return the problem, with advice that the person can follow where they have no link that works."""
        match problem.kind:
            case ProblemKind.NOT_LINKED:
                return await self._whoami.without_a_link(interaction.user)
            case ProblemKind.UNKNOWN_UID:
                return await self._whoami.with_an_unknown_uid(interaction.user, problem)
            case _:
                return problem

    def _record_problem(
        self, deed: Deed, interaction: Interaction, problem: Problem, session_id: str = ""
    ) -> None:
        if not problem.quiet:
            self._record(deed, interaction, problem.kind, problem.uid or "", session_id)

    def _record(
        self, deed: Deed, interaction: Interaction, outcome: str, uid: str, session_id: str = ""
    ) -> None:
        asked: Deed = "asked" if interaction.kind == "slackbot" else deed
        self._audit.record(
            asked, interaction.user, outcome, interaction.reference, uid=uid, session_id=session_id
        )
