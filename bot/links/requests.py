"""The use case of requests: a person asks the admins for a link, and an admin declines. Approving is `service.py`'s.

Of two admins who decide at once, one does. Every request, and every attempt to decline one, is audited.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from bot.calls.problems import Problem, ProblemKind, identity_unavailable, not_linked_yourself
from bot.identity import IdentityUnavailableError, SlackUser
from bot.identity.links import StoreUnavailableError
from bot.identity.requests import OpenRequests, RequestResult, Requests
from bot.links import problems
from bot.links.admins import Admins, AdminStatus, unless_unavailable
from bot.links.audit_entries import AuditEntries
from bot.links.changes import LinkChanges
from bot.links.results import ActingAs, RequestSent
from bot.links.service import Notifier
from bot.links.validation import LinkValidation
from bot.links.whoami import Whoami

OPEN_SHOWN = 10
"""How many open requests an admin sees at once."""


class LinkRequests:
    """Manages requests. `now` is the wall clock, in Unix seconds; a `reference` is an interaction's, for the audit."""

    def __init__(
        self,
        *,
        requests: Requests,
        whoami: Whoami,
        admins: Admins,
        validation: LinkValidation,
        notifier: Notifier,
        audit: AuditEntries,
        changes: LinkChanges,
        now: Callable[[], float],
    ) -> None:
        self._requests = requests
        self._whoami = whoami
        self._admins = admins
        self._validation = validation
        self._notifier = notifier
        self._audit = audit
        self._changes = changes
        self._now = now

    async def require_admin(self, by: SlackUser) -> Problem | None:
        """Return None for an admin, else what to tell the person."""
        return await self._admins.require_admin(by)

    async def open_approval(self, by: SlackUser) -> Problem | None:
        """Return None where an admin wants to approve a request, else what to tell the person."""
        problem = await self._admins.require_admin(by)
        return await self._admins.count_refused(by, problem) if problem else None

    async def ask(self, user: SlackUser, *, reference: str = "") -> RequestSent | ActingAs | Problem:
        """Ask the admins to link the user; once, until one of them has decided."""
        result = await unless_unavailable(lambda: self._ask(user))
        if not isinstance(result, RequestSent):
            result = await self._admins.count_refused(user, result)
        if isinstance(result, Problem) and result.quiet:
            return result
        match result:
            case RequestSent():
                outcome = "asked"
            case ActingAs():
                outcome = "linked_already"
            case _:
                outcome = result.kind
        self._audit.record("request", user, outcome, reference)
        return result

    async def decline(self, by: SlackUser, subject: SlackUser, *, reference: str = "") -> Problem | None:
        """Decline the subject's request, and notify them; return what went wrong."""
        problem = await self._admins.only_admins(by, lambda: self._decline(by, subject))
        if problem and problem.quiet:
            return problem
        outcome = problem.kind if problem else "declined"
        self._audit.record("decline", by, outcome, reference, subject=subject.user_id)
        if problem is None:
            self._changes.announce(subject, reference)
            await self._notifier.declined(subject)
        return problem

    async def list_open(self, by: SlackUser) -> OpenRequests | Problem:
        """Return the open requests of the admin's workspace, the oldest first, and how many there are."""
        return await self._admins.only_admins(
            by, lambda: self._requests.open_requests(by.team_id, limit=OPEN_SHOWN)
        )

    async def _ask(self, user: SlackUser) -> RequestSent | ActingAs | Problem:
        acting = await self._whoami(user)
        if isinstance(acting, ActingAs) or acting.kind is not ProblemKind.NOT_LINKED:
            return acting
        if await self._admins.status(user) is AdminStatus.ADMIN:
            return not_linked_yourself()  # though Slack may have been too slow to say so before
        if problem := await self._record(user):
            return problem
        profile, admins = await asyncio.gather(self._validation.profile(user), self._admins.to_notify(user))
        reached = await self._notifier.requested(user, profile, admins)
        if not reached:
            await self._requests.withdraw_request(user)
            return problems.NOBODY_TO_ASK
        with suppress(StoreUnavailableError):  # the admins have it: at worst the person may ask again soon
            await self._requests.request_sent(user, int(self._now()))
        return RequestSent(reached)

    async def _record(self, user: SlackUser) -> Problem | None:
        """Record the request; return why the user can't ask."""
        try:
            is_member = await self._admins.is_member(user)
        except IdentityUnavailableError:
            return identity_unavailable()
        if not is_member:
            return problems.OF_ANOTHER_WORKSPACE
        if problem := await self._validation.check_person(user):
            return problem
        match await self._requests.request(user, int(self._now())):
            case RequestResult.RECORDED:
                return None
            case RequestResult.DECLINED:
                return problems.JUST_DECLINED
            case _:
                return problems.ALREADY_ASKED

    async def _decline(self, by: SlackUser, subject: SlackUser) -> Problem | None:
        """Close the request, once."""
        declined = await self._requests.decline_request(subject, by.user_id, int(self._now()))
        return None if declined else problems.ALREADY_SETTLED
