"""The audit of links: what an entry says of an attempt to make, change, remove or ask for one.

The entry of a change is stored with it, by the store of links; that of an attempt that changed none, by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.identity import SlackUser
from bot.identity.links import Link
from bot.observability.audit import Audit, Deed, Entry


class LinkAudit:
    """Makes entries and hands them on. `now` is the wall clock, in Unix seconds; `reference` is an interaction's."""

    def __init__(self, audit: Audit, now: Callable[[], float]) -> None:
        self._audit = audit
        self._now = now

    def log(self, entry: Entry) -> None:
        """Log an entry that was stored with its change."""
        self._audit.log(entry)

    def record(
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

    def linked(self, by: SlackUser, link: Link, before: Link | None, reference: str) -> Entry:
        """Return the entry of a link that was made, in place of the one `before`."""
        replaced = before.uid if before else ""
        entry = self._entry("link", by, "linked", reference, uid=link.uid, subject=link.user)
        return replace(entry, at=link.made_at, replaced=replaced)

    def unlinked(self, deed: Deed, by: SlackUser, link: Link, outcome: str, reference: str) -> Entry:
        """Return the entry of a link that was removed."""
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
