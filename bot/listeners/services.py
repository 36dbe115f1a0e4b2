"""What listeners work with: the collaborators that the composition root passes in, and what several listeners do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.answers.audited_calls import AuditedCalls
from bot.answers.interaction import Interaction, Outcome
from bot.answers.responder import Responder
from bot.answers.tasks import Tasks
from bot.calls import problems
from bot.calls.local_days import LocalDays
from bot.calls.lookup import LookupResult
from bot.calls.problems import Problem
from bot.calls.share_claims import ShareClaims
from bot.cards.call_buttons import Place
from bot.cards.problem_card import Contacts
from bot.cards.summary import summary
from bot.identity.membership import Membership
from bot.links.audit_entries import AuditEntries
from bot.links.requests import LinkRequests
from bot.links.service import LinkService
from bot.links.whoami import Whoami
from bot.listeners.payloads.actions import Press
from bot.observability.audit import Deed
from bot.slack.messages import EphemeralMessages
from bot.slack.response_url import Replies
from bot.slack.views import Views
from bot.subscriptions.service import Subscriptions


@dataclass(frozen=True, slots=True)
class Services:
    """The collaborators of all listeners. `now` is the wall clock, in Unix seconds."""

    calls: AuditedCalls
    days: LocalDays
    membership: Membership
    whoami: Whoami
    links: LinkService
    link_requests: LinkRequests
    subscriptions: Subscriptions
    audit: AuditEntries
    tasks: Tasks
    responder: Responder
    replies: Replies
    views: Views
    shares: ShareClaims
    ephemeral: EphemeralMessages
    contacts: Contacts
    recording_hosts: tuple[str, ...]
    now: Callable[[], float]

    async def look_up_pressed(self, press: Press, *, fresh: bool = False) -> LookupResult | Problem:
        """Look up the call that a button is about, for the person who pressed it."""
        call = press.call
        if call is None:
            return problems.not_a_session_id("it is none that callinfo has put there")
        return await self.calls.look_up(press.interaction, call.session_id, which=call, fresh=fresh)

    def record(self, deed: Deed, interaction: Interaction, outcome: str, **columns: str) -> None:
        """Audit what was done; `columns` are further fields of `Entry`, by name."""
        self.audit.record(deed, interaction.user, outcome, interaction.reference, **columns)

    def summarised(
        self, interaction: Interaction, found: LookupResult | Problem, *, replace: bool = False
    ) -> Outcome | Problem:
        """Return the found call as the message that its viewer gets; a problem stays one."""
        if isinstance(found, Problem):
            return found
        place = Place(interaction.thread_ts, interaction.channel_name)
        card = summary(found, now=int(self.now()), place=place)
        return Outcome("found", card, found.upstream_status, replace=replace)
