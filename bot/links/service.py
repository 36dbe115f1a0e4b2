"""The use case of links: who may make, change and see them, and who is told. Requests for one are `link_requests.py`'s.

Knows nothing of Slack's payloads and blocks. Whatever a listener asks for, it is done only for an admin, and the UID
only ever comes from one. Every attempt to change something is audited, and what shows the link is told of its change.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

from bot.calls.problems import Problem, ProblemKind
from bot.cometchat import Uid, parse_uid
from bot.identity import Identity, IdentityUnavailableError, SlackUser
from bot.identity.links import (
    Link,
    Links,
    RequestSettledError,
    StoreUnavailableError,
    UidTakenError,
)
from bot.identity.requests import Requests
from bot.links import problems as link_problems
from bot.links.audit_entries import LinkAudit
from bot.links.deciding import for_admin
from bot.links.policy import Admins
from bot.links.results import Linked, Listed, Taken, Unlinked
from bot.links.validation import Linkable
from bot.observability.audit import Entry

PAGE = 10
"""How many links a page of the list has."""


class Notices(Protocol):
    """How people are told; answers/notices.py has them."""

    async def linked(self, link: Link) -> bool:
        """Tell a person that they are linked; return whether they got the message."""
        ...


Changed = Callable[[SlackUser, str], object]
"""Takes note, at once, that a person's link or request was changed, by the interaction of that reference."""


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
    """Manages links. `now` is the wall clock, in Unix seconds; a `reference` is an interaction's, for the audit.

    `changed` is told of every link that was made, changed or removed, or may have been: the store does not know where
    that took too long. Not of those of people who have left, which a mere look removes: they see nothing any more.
    """

    def __init__(
        self,
        *,
        links: Links,
        requests: Requests,
        identity: Identity,
        admins: Admins,
        linkable: Linkable,
        notices: Notices,
        audit: LinkAudit,
        changed: Changed,
        now: Callable[[], float],
    ) -> None:
        self._links = links
        self._requests = requests
        self._identity = identity
        self._admins = admins
        self._linkable = linkable
        self._notices = notices
        self._audit = audit
        self._changed = changed
        self._now = now

    async def link(self, wish: Wish) -> Linked | Taken | Problem:
        """Make the link, and tell the person."""
        result = await for_admin(self._admins, wish.by, lambda: self._link(wish))
        match result:
            case Linked(link=link, replaced=before):
                self._audit.log(self._audit.linked(wish.by, link, before, wish.reference))
                return replace(result, told=await self._notices.linked(link))
            case Taken(uid=uid):
                self._audit.record(
                    "link", wish.by, "uid_taken", wish.reference, uid=uid, subject=wish.subject
                )
            case _:
                uid = result.uid or Uid("")
                self._audit.record(
                    "link", wish.by, result.kind, wish.reference, uid=uid, subject=wish.subject
                )
        return result

    async def unlink(self, by: SlackUser, subject: SlackUser, *, reference: str = "") -> Unlinked | Problem:
        """Remove the subject's link."""
        result = await for_admin(self._admins, by, lambda: self._unlink(by, subject, reference))
        if isinstance(result, Problem):
            self._audit.record("unlink", by, result.kind, reference, subject=subject)
        return result

    async def page(
        self, by: SlackUser, *, prefix: str = "", offset: int = 0, reference: str = ""
    ) -> Listed | Problem:
        """Return a page of the links of the admin's workspace; those who have left Slack lose theirs."""
        return await for_admin(self._admins, by, lambda: self._page(by, prefix, max(0, offset), reference))

    async def forget_workspace(self, team_id: str, at: int) -> None:
        """Remove the links of a workspace that callinfo was removed from at that Unix time; later ones stay.

        Raises StoreUnavailableError.
        """

        def gone(link: Link) -> Entry:
            return self._audit.unlinked("uninstall", SlackUser(None, team_id, ""), link, "unlinked", "")

        for link in await self._links.remove_team(team_id, until=at, audited=gone):
            self._audit.log(gone(link))

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
                audited=lambda before: self._audit.linked(wish.by, link, before, wish.reference),
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
            self._changed(wish.subject, wish.reference)
            return replace(link_problems.links_unavailable(), uid=uid)
        self._changed(wish.subject, wish.reference)
        return Linked(link, replaced, checked=checked, told=False)

    async def _remove_who_left(self, by: SlackUser, subject: SlackUser, reference: str) -> bool:
        removed = await self._remove(by, subject, "deactivated", reference)
        await self._requests.withdraw_request(subject)
        return removed is not None

    async def _remove(self, by: SlackUser, subject: SlackUser, outcome: str, reference: str) -> Link | None:
        """Remove the link, with its audit entry; return it."""

        def gone(link: Link) -> Entry:
            return self._audit.unlinked("unlink", by, link, outcome, reference)

        removed = await self._links.remove(subject, audited=gone)
        if removed:
            self._audit.log(gone(removed))
        return removed

    async def _unlink(self, by: SlackUser, subject: SlackUser, reference: str) -> Unlinked | Problem:
        try:
            removed = await self._remove(by, subject, "unlinked", reference)
        except StoreUnavailableError:
            self._changed(subject, reference)
            raise
        if removed is None:
            return link_problems.nothing_to_unlink()
        self._changed(subject, reference)
        with suppress(IdentityUnavailableError):
            return Unlinked(removed, await self._identity.identify(subject))
        return Unlinked(removed, None)

    async def _page(self, by: SlackUser, prefix: str, offset: int, reference: str) -> Listed:
        page = await self._links.page(by.team_id, prefix=prefix, offset=offset, limit=PAGE)
        if offset and not page.links:  # what was there has moved up
            offset = min(offset, max(0, page.total - 1) // PAGE * PAGE)
            page = await self._links.page(by.team_id, prefix=prefix, offset=offset, limit=PAGE)
        left = await self._linkable.who_left([link.user for link in page.links])
        left = await self._linkable.who_left(left, anew=True)
        for user in left:
            await self._remove_who_left(by, user, reference)
        if left:  # what was further on has moved up
            offset = min(offset, max(0, page.total - len(left) - 1) // PAGE * PAGE)
            page = await self._links.page(by.team_id, prefix=prefix, offset=offset, limit=PAGE)
        return Listed(page, prefix, offset, left)
