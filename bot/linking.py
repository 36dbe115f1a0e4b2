"""The use case of links: who may make, change, see and ask for them, and who is told.

Knows nothing of Slack's payloads and blocks. Authorisation stands here: whatever a listener asks for, it is done only
for an admin, and the UID only ever comes from one. Every attempt to change something is audited.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from bot import link_problems, problems
from bot.admins import Admins, Standing
from bot.audit import Audit, Deed, Entry
from bot.cometchat import Uid, parse_uid
from bot.identity import Identity, IdentityUnavailableError, SlackUser
from bot.identity.links import (
    Link,
    Links,
    Requested,
    RequestSettledError,
    StoreUnavailableError,
    UidTakenError,
)
from bot.link_results import Acting, Asked, Linked, Listed, Taken, Unlinked
from bot.linkable import Linkable
from bot.people import Profile
from bot.problems import Problem, ProblemKind

PAGE = 10
"""How many links a page of the list has."""

Result = TypeVar("Result")


class Notices(Protocol):
    """How people are told; `notices.DirectNotices` is it. Each says whether, or who of them, got the message."""

    async def linked(self, link: Link) -> bool:
        """Tell a person that they are linked."""
        ...

    async def declined(self, user: SlackUser) -> bool:
        """Tell a person that their request was declined."""
        ...

    async def requested(
        self, user: SlackUser, profile: Profile | None, admins: Sequence[str]
    ) -> tuple[str, ...]:
        """Tell the admins that a person asks to be linked."""
        ...


@dataclass(frozen=True, slots=True)
class Wish:
    """The link that an admin `by` wants; `typed` is what they typed for a UID.

    `confirmed`: the seal of the `Sharing` that the admin was shown, and says yes to. `requested`: only while the subject's request is open, so that of two
    admins who approve at once one does. `reference` is the interaction's, for the audit.
    """

    by: SlackUser
    subject: SlackUser
    typed: str
    confirmed: str = ""
    requested: bool = False
    reference: str = ""


class Linking:
    """Manages links. `now` is the wall clock, in Unix seconds; a `reference` is an interaction's, for the audit."""

    def __init__(
        self,
        *,
        links: Links,
        identity: Identity,
        admins: Admins,
        linkable: Linkable,
        notices: Notices,
        audit: Audit,
        now: Callable[[], float],
    ) -> None:
        self._links = links
        self._identity = identity
        self._admins = admins
        self._linkable = linkable
        self._notices = notices
        self._audit = audit
        self._now = now

    async def link(self, wish: Wish) -> Linked | Taken | Problem:
        """Make the link, and tell the person."""
        result = await self._for_admin(wish.by, lambda: self._link(wish))
        match result:
            case Linked(link=link, replaced=before):
                self._audit.log(self._linked(wish, link, before))
                return replace(result, told=await self._notices.linked(link))
            case Taken(uid=uid):
                self._record("link", wish.by, "uid_taken", wish.reference, uid=uid, subject=wish.subject)
            case _:
                uid = result.uid or Uid("")
                self._record("link", wish.by, result.kind, wish.reference, uid=uid, subject=wish.subject)
        return result

    async def unlink(self, by: SlackUser, subject: SlackUser, *, reference: str = "") -> Unlinked | Problem:
        """Remove the subject's link."""
        result = await self._for_admin(by, lambda: self._unlink(by, subject, reference))
        if isinstance(result, Problem):
            self._record("unlink", by, result.kind, reference, subject=subject)
        return result

    async def page(
        self, by: SlackUser, *, prefix: str = "", offset: int = 0, reference: str = ""
    ) -> Listed | Problem:
        """Return a page of the links of the admin's workspace; those who have left Slack lose theirs."""
        return await self._for_admin(by, lambda: self._page(by, prefix, max(0, offset), reference))

    async def may_decide(self, by: SlackUser) -> Problem | None:
        """Return None for an admin, else what to tell the person."""
        match await self._admins.standing(by):
            case Standing.ADMIN:
                return None
            case Standing.UNKNOWN:
                return link_problems.admin_unknown()
            case _:
                return link_problems.not_an_admin()

    async def whoami(self, user: SlackUser) -> Acting | Problem:
        """Return who the user is in CometChat."""
        try:
            identified = await self._identity.identify(user)
            if identified is None:
                return problems.not_linked()
            link = await self._links.get(user) if identified.rule == "link" else None
        except (IdentityUnavailableError, StoreUnavailableError):
            return problems.identity_unavailable()
        return Acting(identified, link)

    async def ask(self, user: SlackUser, *, reference: str = "") -> Asked | Acting | Problem:
        """Ask the admins to link the user, once until one of them has decided."""
        result = await self._unless_unavailable(lambda: self._ask(user))
        match result:
            case Asked():
                outcome = "asked"
            case Acting():
                outcome = "linked_already"
            case _:
                outcome = result.kind
        self._record("request", user, outcome, reference)
        return result

    async def decline(self, by: SlackUser, subject: SlackUser, *, reference: str = "") -> Problem | None:
        """Decline the subject's request, and tell them; return what went wrong."""
        problem = await self._for_admin(by, lambda: self._decline(by, subject))
        self._record("decline", by, problem.kind if problem else "declined", reference, subject=subject)
        if problem is None:
            await self._notices.declined(subject)
        return problem

    async def forget_workspace(self, team_id: str, at: int) -> None:
        """Remove the links of a workspace that callinfo was removed from at that Unix time; later ones stay.

        Raises StoreUnavailableError.
        """

        def gone(link: Link) -> Entry:
            return self._unlinked("uninstall", SlackUser(None, team_id, ""), link, "unlinked", "")

        for link in await self._links.remove_team(team_id, until=at, audited=gone):
            self._audit.log(gone(link))

    async def _for_admin(self, by: SlackUser, work: Callable[[], Awaitable[Result]]) -> Result | Problem:
        if problem := await self.may_decide(by):
            return problem
        return await self._unless_unavailable(work)

    async def _unless_unavailable(self, work: Callable[[], Awaitable[Result]]) -> Result | Problem:
        try:
            return await work()
        except StoreUnavailableError:
            return link_problems.links_unavailable()

    async def _link(self, wish: Wish) -> Linked | Taken | Problem:
        try:
            uid = parse_uid(wish.typed)
        except ValueError:
            return link_problems.not_a_uid()
        unfit, checked = await asyncio.gather(
            self._linkable.unfit(wish.by, wish.subject), self._linkable.checked(uid)
        )
        if unfit and unfit.kind is ProblemKind.DEACTIVATED:
            unfit = await self._left(wish)
        problem = unfit or (checked if isinstance(checked, Problem) else None)
        return replace(problem, uid=uid) if problem else await self._put(wish, uid, checked=checked is True)

    async def _left(self, wish: Wish) -> Problem | None:
        """Return that the subject has left, once Slack has said so anew: what is known may be a minute old."""
        if not await self._linkable.who_left([wish.subject], anew=True):
            return None
        had_a_link = await self._remove_who_left(wish.by, wish.subject, wish.reference)
        return link_problems.deactivated(had_a_link=had_a_link)

    async def _put(self, wish: Wish, uid: Uid, *, checked: bool) -> Linked | Taken | Problem:
        link = Link(wish.subject, uid, made_by=wish.by.user_id, made_at=int(self._now()), how="admin")
        try:
            replaced = await self._links.put(
                link,
                confirmed=wish.confirmed,
                asked_for=wish.requested,
                audited=lambda before: self._linked(wish, link, before),
            )
        except UidTakenError as error:
            left = await self._linkable.who_left(error.sharing.others, anew=True)
            for user in left:
                await self._remove_who_left(wish.by, user, wish.reference)
            if left:  # whoever is left over, if anybody, is another question
                return await self._put(wish, uid, checked=checked)
            return Taken(wish.subject, uid, error.sharing, wish.requested)
        except RequestSettledError:
            return replace(link_problems.already_settled(), uid=uid)
        except StoreUnavailableError:
            return replace(link_problems.links_unavailable(), uid=uid)
        return Linked(link, replaced, checked=checked, told=False)

    async def _remove_who_left(self, by: SlackUser, subject: SlackUser, reference: str) -> bool:
        removed = await self._remove(by, subject, "deactivated", reference)
        await self._links.withdraw_request(subject)
        return removed is not None

    async def _remove(self, by: SlackUser, subject: SlackUser, outcome: str, reference: str) -> Link | None:
        """Remove the link, with its audit entry; return it."""

        def gone(link: Link) -> Entry:
            return self._unlinked("unlink", by, link, outcome, reference)

        removed = await self._links.remove(subject, audited=gone)
        if removed:
            self._audit.log(gone(removed))
        return removed

    async def _unlink(self, by: SlackUser, subject: SlackUser, reference: str) -> Unlinked | Problem:
        removed = await self._remove(by, subject, "unlinked", reference)
        if removed is None:
            return link_problems.nothing_to_unlink()
        with suppress(IdentityUnavailableError):
            return Unlinked(removed, await self._identity.identify(subject))
        return Unlinked(removed, None)

    async def _page(self, by: SlackUser, prefix: str, offset: int, reference: str) -> Listed:
        page = await self._links.page(by.team_id, prefix=prefix, offset=offset, limit=PAGE)
        left = await self._linkable.who_left([link.user for link in page.links])
        left = await self._linkable.who_left(left, anew=True)
        for user in left:
            await self._remove_who_left(by, user, reference)
        if left or (offset and not page.links):  # what was further on has moved up
            offset = min(offset, max(0, page.total - len(left) - 1) // PAGE * PAGE)
            page = await self._links.page(by.team_id, prefix=prefix, offset=offset, limit=PAGE)
        return Listed(page, prefix, offset, left)

    async def _ask(self, user: SlackUser) -> Asked | Acting | Problem:
        acting = await self.whoami(user)
        if isinstance(acting, Acting) or acting.kind is not ProblemKind.NOT_LINKED:
            return acting
        if problem := await self._may_not_ask(user):
            return problem
        profile, admins = await asyncio.gather(self._linkable.profile(user), self._admins.to_ask())
        reached = await self._notices.requested(user, profile, admins)
        if not reached:
            await self._links.withdraw_request(user)
            return link_problems.nobody_to_ask()
        with suppress(StoreUnavailableError):  # the admins have it: at worst the person may ask again soon
            await self._links.request_sent(user, int(self._now()))
        return Asked(reached)

    async def _may_not_ask(self, user: SlackUser) -> Problem | None:
        """Return why the user can't ask; where they can, the request is noted."""
        try:
            is_member = await self._admins.is_member(user)
        except IdentityUnavailableError:
            return problems.identity_unavailable()
        if not is_member:
            return link_problems.of_another_workspace()
        match await self._links.request(user, int(self._now())):
            case Requested.NOTED:
                return None
            case Requested.DECLINED:
                return link_problems.just_declined()
            case _:
                return link_problems.already_asked()

    async def _decline(self, by: SlackUser, subject: SlackUser) -> Problem | None:
        """Close the request, once."""
        declined = await self._links.decline_request(subject, by.user_id, int(self._now()))
        return None if declined else link_problems.already_settled()

    def _record(
        self,
        deed: Deed,
        by: SlackUser,
        outcome: str,
        reference: str,
        *,
        uid: str = "",
        subject: SlackUser | None = None,
    ) -> None:
        """Audit what changed no link."""
        self._audit.record(self._entry(deed, by, outcome, reference, uid=uid, subject=subject))

    def _linked(self, wish: Wish, link: Link, before: Link | None) -> Entry:
        replaced = before.uid if before else ""
        entry = self._entry("link", wish.by, "linked", wish.reference, uid=link.uid, subject=link.user)
        return replace(entry, at=link.made_at, replaced=replaced)

    def _unlinked(self, deed: Deed, by: SlackUser, link: Link, outcome: str, reference: str) -> Entry:
        return self._entry(deed, by, outcome, reference, uid=link.uid, subject=link.user)

    def _entry(
        self,
        deed: Deed,
        by: SlackUser,
        outcome: str,
        reference: str,
        *,
        uid: str = "",
        subject: SlackUser | None = None,
    ) -> Entry:
        return Entry(
            at=int(self._now()),
            deed=deed,
            team_id=by.team_id,
            user_id=by.user_id,
            outcome=outcome,
            reference=reference,
            uid=uid,
            subject=subject.user_id if subject else "",
        )
