"""Is this machine's clock right? Slack's answers have the time in `Date`; api.test needs no token for one.

A request whose timestamp is far from our clock is refused (`slack_requests.py`), and so would every one of Slack's be.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from bot.checks.desk import Desk, SlackRefusedError, SlackUnreachableError
from bot.checks.finding import Verdict, failed, ok, skipped
from bot.inbound.slack_requests import ACCEPTED_SECONDS

TOLERATED_SECONDS = 60.0


async def check_clock(desk: Desk) -> Verdict:
    """Hold our clock against Slack's."""
    sent = desk.now()
    try:
        answer = await desk.ask_slack("api.test")
    except (SlackUnreachableError, SlackRefusedError):
        return skipped("Slack gave no answer to hold the clock against.")
    said = next((value for name, value in answer.headers.items() if str(name).lower() == "date"), "")
    try:
        theirs = parsedate_to_datetime(str(said)).timestamp()
    except (ValueError, OverflowError):
        return skipped("Slack's answer did not name the time.")
    off = off_by(theirs, sent, desk.now())
    if abs(off) <= TOLERATED_SECONDS:
        return ok("This machine's clock agrees with Slack's.")
    return failed(
        f"This machine's clock is {abs(off):,.0f} seconds {'ahead of' if off > 0 else 'behind'} Slack's; from "
        f"{ACCEPTED_SECONDS:.0f} on, every request of Slack's is refused.",
        "Set the clock, and let it be kept right (NTP).",
    )


def off_by(theirs: float, sent: float, received: float) -> float:
    """Return how far our clock is ahead, in seconds: 0 where their whole second lies between our two looks at it."""
    if theirs + 1 < sent:
        return sent - theirs - 1
    return min(0.0, received - theirs)
