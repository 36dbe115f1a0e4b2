"""Makes the audit's entries of what people do in Slack: the one place that fills in who, when and in which interaction.

The entry of a changed link is stored in the transaction of the change, by the store of links; all others by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.identity import SlackUser
from bot.identity.links import Link
from bot.observability.audit import Audit, Deed, Entry


class AuditEntries:
    """Makes entries and passes them on. `now` is the wall clock, in Unix seconds.

    `reference` is the interaction's. `columns` are further fields of `Entry`, by name.
    """

    def __init__(self, audit: Audit, now: Callable[[], float]) -> None:
        self._audit = audit
        self._now = now

    def record(self, deed: Deed, by: SlackUser, outcome: str, reference: str, **columns: str) -> None:
        """Log and store an entry."""
        self._audit.record(self._entry(deed, by, outcome, reference, **columns))

    def log(self, entry: Entry) -> None:
        """Log an entry that was stored with its change."""
        self._audit.log(entry)

    def linked(self, by: SlackUser, link: Link, before: Link | None, reference: str) -> Entry:
        """Return the entry of a link that was made, in place of the one `before`."""
        replaced = before.uid if before else ""
        entry = self._entry(
            "link", by, "linked", reference, uid=link.uid, subject=link.user.user_id, replaced=replaced
        )
        return replace(entry, at=link.made_at)

    def unlinked(self, deed: Deed, by: SlackUser, link: Link, outcome: str, reference: str) -> Entry:
        """Return the entry of a link that was removed."""
        return self._entry(deed, by, outcome, reference, uid=link.uid, subject=link.user.user_id)

    def _entry(self, deed: Deed, by: SlackUser, outcome: str, reference: str, **columns: Any) -> Entry:
        return Entry(
            at=int(self._now()),
            deed=deed,
            team_id=by.team_id,
            user_id=by.user_id,
            outcome=outcome,
            reference=reference,
            **columns,
        )
