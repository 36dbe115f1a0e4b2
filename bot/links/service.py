"""The use case of links: admins make, change, remove and list them. Requests for one are in `requests.py`.

Whatever a listener asks for is done only for an admin, and the UID only ever comes from one. Every attempt to change
something is audited.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

from bot.calls.problems import Problem, ProblemKind
from bot.cometchat import Uid, parse_uid
from bot.identity import Identity, IdentityUnavailableError, SlackUser
from bot.identity.links import (
    Link,
    Links,
    LinksPage,
    RequestSettledError,
    StoreUnavailableError,
    UidTakenError,
)
from bot.identity.requests import Requests
from bot.links import problems
from bot.links.admins import Admins
from bot.links.audit_entries import AuditEntries
from bot.links.changes import LinkChanges
from bot.links.results import Linked, LinkList, UidTaken, Unlinked
from bot.links.validation import LinkValidation
from bot.observability.audit import Entry
from bot.slack.users import Profile

PAGE = 10
"""How many links a page of the list has."""


class Notifier(Protocol):
    """Notifies people by direct message."""

    async def linked(self, link: Link) -> bool:
        """Notify a person that they are linked; return whether they got the message."""
        ...

    async def declined(self, user: SlackUser) -> bool:
        """Notify a person that their request was declined; return whether they got the message."""
        ...

    async def requested(
        self, user: SlackUser, profile: Profile | None, admins: Sequence[str]
    ) -> tuple[str, ...]:
        """Notify the admins that a person asks to be linked; return those who got the message."""
        ...


@dataclass(frozen=True, slots=True)
class ProposedLink:
    """The link that an admin `by` wants; `typed` is what they typed for a UID.

    `confirmed` is the fingerprint of the `UidConflict` that the admin was shown and has confirmed. `requested`: only
    while the subject's request is open, so that of two admins who approve at once one does. `reference` is the
    interaction's, for the audit.
    """

    by: SlackUser
    subject: SlackUser
    typed: str
    confirmed: str = ""
    requested: bool = False
    reference: str = ""


class LinkService:
    """Manages links. `now` is the wall clock, in Unix seconds; a `reference` is an interaction's, for the audit.

    `configured` returns to whom the configuration gives a UID.
    """

    def __init__(
        self,
        *,
        links: Links,
        requests: Requests,
        identity: Identity,
        admins: Admins,
        validation: LinkValidation,
        notifier: Notifier,
        audit: AuditEntries,
        changes: LinkChanges,
        now: Callable[[], float],
        configured: Callable[[Uid], Awaitable[tuple[SlackUser, ...]]],
    ) -> None:
        self._links = links
        self._configured = configured
        self._requests = requests
        self._identity = identity
        self._admins = admins
        self._validation = validation
        self._notifier = notifier
        self._audit = audit
        self._changes = changes
        self._now = now

    async def link(self, proposed: ProposedLink) -> Linked | UidTaken | Problem:
        """Make the link, and notify the person."""
        by, reference = proposed.by, proposed.reference
        result = await self._admins.only_admins(by, lambda: self._link(proposed))
        if isinstance(result, Linked):
            self._audit.log(self._audit.linked(by, result.link, result.replaced, reference))
            if result.link.made_by_themself:
                return result
            return replace(result, notified=await self._notifier.linked(result.link))
        if isinstance(result, Problem) and result.quiet:
            return result
        outcome = "uid_taken" if isinstance(result, UidTaken) else result.kind
        subject = proposed.subject.user_id
        self._audit.record("link", by, outcome, reference, uid=result.uid or "", subject=subject)
        return result

    async def unlink(self, by: SlackUser, subject: SlackUser, *, reference: str = "") -> Unlinked | Problem:
        """Remove the subject's link."""
        result = await self._admins.only_admins(by, lambda: self._unlink(by, subject, reference))
        if isinstance(result, Problem) and not result.quiet:
            self._audit.record("unlink", by, result.kind, reference, subject=subject.user_id)
        return result

    async def page(
        self, by: SlackUser, *, prefix: str = "", offset: int = 0, reference: str = ""
    ) -> LinkList | Problem:
        """Return a page of the links of the admin's workspace. Links of deactivated accounts on it are removed."""
        return await self._admins.only_admins(by, lambda: self._page(by, prefix, max(0, offset), reference))

    async def forget_workspace(self, team_id: str, at: int) -> None:
        """Remove the links of a workspace that uninstalled callinfo at that Unix time, but none made later.

        Raises StoreUnavailableError.
        """

        def entry(link: Link) -> Entry:
            return self._audit.unlinked("uninstall", SlackUser(None, team_id, ""), link, "unlinked", "")

        for link in await self._links.remove_team(team_id, until=at, audited=entry):
            self._audit.log(entry(link))

    async def _link(self, proposed: ProposedLink) -> Linked | UidTaken | Problem:
        try:
            uid = parse_uid(proposed.typed)
        except ValueError:
            return problems.NOT_A_UID
        problem, checked = await asyncio.gather(
            self._validation.check_subject(proposed.by, proposed.subject), self._validation.check_uid(uid)
        )
        if problem and problem.kind is ProblemKind.DEACTIVATED:
            problem = await self._deactivated(proposed)
        if problem is None and isinstance(checked, Problem):
            problem = checked
        if problem:
            return replace(problem, uid=uid)
        return await self._put(proposed, uid, checked=checked is True)

    async def _deactivated(self, proposed: ProposedLink) -> Problem | None:
        """Ask Slack again, for the cached profile may be a minute old; if it is still so, remove the link."""
        if not await self._validation.deactivated([proposed.subject], fresh=True):
            return None
        had_a_link = await self._remove_deactivated(proposed.by, proposed.subject, proposed.reference)
        return problems.deactivated(had_a_link=had_a_link)

    async def _put(self, proposed: ProposedLink, uid: Uid, *, checked: bool) -> Linked | UidTaken | Problem:
        by, subject, reference = proposed.by, proposed.subject, proposed.reference
        link = Link(subject, uid, made_by=by.user_id, made_at=int(self._now()), how="admin")
        try:
            others = [user for user in await self._configured(uid) if user != subject]
            replaced = await self._links.put(
                link,
                configured=await self._validation.linkable(others),
                confirmed=proposed.confirmed,
                asked_for=proposed.requested,
                audited=lambda before: self._audit.linked(by, link, before, reference),
            )
        except UidTakenError as error:
            gone = await self._validation.deactivated(error.conflict.others, fresh=True)
            for user in gone:
                await self._remove_deactivated(by, user, reference)
            if gone:  # those who remain, if any, are another conflict
                return await self._put(proposed, uid, checked=checked)
            return UidTaken(subject, uid, error.conflict, proposed.requested)
        except RequestSettledError:
            return replace(problems.ALREADY_SETTLED, uid=uid)
        except (StoreUnavailableError, IdentityUnavailableError):
            self._changes.announce(subject, reference)
            return replace(problems.LINKS_UNAVAILABLE, uid=uid)
        self._changes.announce(subject, reference)
        return Linked(link, replaced, checked=checked, notified=False)

    async def _unlink(self, by: SlackUser, subject: SlackUser, reference: str) -> Unlinked | Problem:
        try:
            removed = await self._remove(by, subject, "unlinked", reference)
        except StoreUnavailableError:
            self._changes.announce(subject, reference)
            raise
        if removed is None:
            return problems.nothing_to_unlink(subject.user_id)
        self._changes.announce(subject, reference)
        with suppress(IdentityUnavailableError):
            return Unlinked(removed, await self._identity.identify(subject))
        return Unlinked(removed, None)

    async def _page(self, by: SlackUser, prefix: str, offset: int, reference: str) -> LinkList:
        page, offset = await self._read_page(by, prefix, offset)
        gone = await self._validation.deactivated([link.user for link in page.links])
        gone = await self._validation.deactivated(gone, fresh=True)
        for user in gone:
            await self._remove_deactivated(by, user, reference)
        if gone:
            page, offset = await self._read_page(by, prefix, offset)
        return LinkList(page, prefix, offset, gone)

    async def _read_page(self, by: SlackUser, prefix: str, offset: int) -> tuple[LinksPage, int]:
        """Return the page from `offset` on, or the last one if there are fewer links by now, and its offset."""
        page = await self._links.page(by.team_id, prefix=prefix, offset=offset, limit=PAGE)
        if offset and not page.links:
            offset = min(offset, max(0, page.total - 1) // PAGE * PAGE)
            page = await self._links.page(by.team_id, prefix=prefix, offset=offset, limit=PAGE)
        return page, offset

    async def _remove_deactivated(self, by: SlackUser, subject: SlackUser, reference: str) -> bool:
        """Remove the link and the request of a deactivated account; return whether there was a link."""
        removed = await self._remove(by, subject, "deactivated", reference)
        await self._requests.withdraw_request(subject)
        return removed is not None

    async def _remove(self, by: SlackUser, subject: SlackUser, outcome: str, reference: str) -> Link | None:
        """Remove the link, with its audit entry; return it."""

        def entry(link: Link) -> Entry:
            return self._audit.unlinked("unlink", by, link, outcome, reference)

        removed = await self._links.remove(subject, audited=entry)
        if removed:
            self._audit.log(entry(removed))
        return removed
