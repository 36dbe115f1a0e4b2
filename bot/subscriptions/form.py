"""What is chosen in the form that subscribes (pure)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.calls.filters import KINDS, LONGEST_NAME, MISSED
from bot.calls.typed_text import without_controls
from bot.subscriptions.subscription import Wanted
from bot.subscriptions.typed import ENDED

QUIET = "quiet"
ANY = "any"

LENGTHS = (60, 300, 600, 1_800, 3_600)
"""How long a call has to take, in seconds, that the form offers."""

_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}")


_AT_FIRST = Wanted(missed=True, ended=False)


@dataclass(frozen=True, slots=True)
class SubscribeForm:
    """What is chosen. `channel_id` is "" for a direct message."""

    wanted: Wanted = _AT_FIRST
    channel_id: str = ""
    quiet_hours: bool = True

    @staticmethod
    def of(
        *,
        which: Collection[str],
        kind: str,
        longer: str,
        with_whom: str,
        channel_id: str,
        quiet: Collection[str],
    ) -> SubscribeForm:
        """Return the form as Slack sends it; impossible values count as not chosen."""
        wanted = Wanted(
            missed=MISSED in which,
            ended=ENDED in which,
            kind=kind if kind in KINDS else None,
            longer_seconds=int(longer) if longer in map(str, LENGTHS) and ENDED in which else 0,
            with_whom=" ".join(without_controls(with_whom).split())[:LONGEST_NAME],
        )
        return SubscribeForm(wanted, channel_id if _CHANNEL.fullmatch(channel_id) else "", QUIET in quiet)
