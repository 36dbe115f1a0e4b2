"""The use case of requests: a person asks the admins for a link, and an admin declines. `linking.py` makes the link.

Knows nothing of Slack's payloads and blocks. Of two admins who decide at once, one does. Every request, and every
attempt to decline one, is audited, and what shows a request is told that it was declined.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from bot.calls import problems
from bot.calls.problems import Problem, ProblemKind
from bot.identity import IdentityUnavailableError, SlackUser
from bot.identity.links import StoreUnavailableError
from bot.identity.requests import OpenRequests, Requested, Requests
from bot.links import problems as link_problems
from bot.links.audit_entries import LinkAudit
from bot.links.deciding import for_admin, may_decide, unless_unavailable
from bot.links.policy import Admins
from bot.links.results import Acting, Asked
from bot.links.service import Changed
from bot.links.validation import Linkable
from bot.links.whoami import Whoami
from bot.slack.users import Profile

WAITING = 10
"""How many open requests an admin sees at once."""


class Notices(Protocol):
    """How people are told; answers/notices.py has them."""

    async def declined(self, user: SlackUser) -> bool:
        """Tell a person that their request was declined; return whether they got the message."""
        ...

    async def requested(
        self, user: SlackUser, profile: Profile | None, admins: Sequence[str]
    ) -> tuple[str, ...]:
        """Tell the admins that a person asks to be linked; return who of them got the message."""
        ...


class LinkRequests:
    """Manages requests. `now` is the wall clock, in Unix seconds; a `reference` is an interaction's, for the audit."""

    def __init__(
        self,
        *,
        requests: Requests,
        whoami: Whoami,
        admins: Admins,
        linkable: Linkable,
        notices: Notices,
        audit: LinkAudit,
        changed: Changed,
        now: Callable[[], float],
    ) -> None:
        self._requests = requests
        self._whoami = whoami
        self._admins = admins
        self._linkable = linkable
        self._notices = notices
        self._audit = audit
        self._changed = changed
        self._now = now

    async def may_decide(self, by: SlackUser) -> Problem | None:
        """Return None for an admin, else what to tell the person."""
        return await may_decide(self._admins, by)

    async def ask(self, user: SlackUser, *, reference: str = "") -> Asked | Acting | Problem:
        """Ask the admins to link the user, once until one of them has decided."""
        result = await unless_unavailable(lambda: self._ask(user))
        match result:
            case Asked():
                outcome = "asked"
            case Acting():
                outcome = "linked_already"
            case _:
                outcome = result.kind
        self._audit.record("request", user, outcome, reference)
        return result

    async def decline(self, by: SlackUser, subject: SlackUser, *, reference: str = "") -> Problem | None:
        """Decline the subject's request, and tell them; return what went wrong."""
        problem = await for_admin(self._admins, by, lambda: self._decline(by, subject))
        self._audit.record("decline", by, problem.kind if problem else "declined", reference, subject=subject)
        if problem is None:
            self._changed(subject, reference)
            await self._notices.declined(subject)
        return problem

    async def waiting(self, by: SlackUser) -> OpenRequests | Problem:
        """Return the open requests of the admin's workspace, the oldest first, and how many there are."""
        return await for_admin(
            self._admins, by, lambda: self._requests.open_requests(by.team_id, limit=WAITING)
        )

    async def _ask(self, user: SlackUser) -> Asked | Acting | Problem:
        acting = await self._whoami(user)
        if isinstance(acting, Acting) or acting.kind is not ProblemKind.NOT_LINKED:
            return acting
        if problem := await self._may_not_ask(user):
            return problem
        profile, admins = await asyncio.gather(self._linkable.profile(user), self._admins.to_ask())
        reached = await self._notices.requested(user, profile, admins)
        if not reached:
            await self._requests.withdraw_request(user)
            return link_problems.nobody_to_ask()
        with suppress(StoreUnavailableError):  # the admins have it: at worst the person may ask again soon
            await self._requests.request_sent(user, int(self._now()))
        return Asked(reached)

    async def _may_not_ask(self, user: SlackUser) -> Problem | None:
        """Return why the user can't ask; where they can, the request is noted."""
        try:
            is_member = await self._admins.is_member(user)
        except IdentityUnavailableError:
            return problems.identity_unavailable()
        if not is_member:
            return link_problems.of_another_workspace()
        match await self._requests.request(user, int(self._now())):
            case Requested.NOTED:
                return None
            case Requested.DECLINED:
                return link_problems.just_declined()
            case _:
                return link_problems.already_asked()

    async def _decline(self, by: SlackUser, subject: SlackUser) -> Problem | None:
        """Close the request, once."""
        declined = await self._requests.decline_request(subject, by.user_id, int(self._now()))
        return None if declined else link_problems.already_settled()
