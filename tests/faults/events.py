"""Faults of CometChat's events: nobody reads of them, since the calls are found all the same. Values, and their page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """A post to the webhook that is not taken: `status` is the response, `reason` what the log's `event refused` says.

    `password` and `body` are what is sent; None for what is right. `store`: the database is away.
    """

    name: str
    status: int
    reason: str
    to_do: str
    password: str | None = None
    body: bytes | None = None
    store: bool = True


EVENTS = (
    Event(
        "User or password is another one",
        401,
        "user or password is wrong",
        "Many in a row are CometChat’s own: `python -m bot webhooks` prints what to enter in its dashboard. "
        "A few now and then are strangers’.",
        password="another",
    ),
    Event("The body is no JSON object", 400, "body is no JSON object", "Nothing.", body=b"[]"),
    Event("The body is larger than 256 KiB", 413, "body is too large", "Nothing.", body=b" " * 300_000),
    Event(
        "The database is away, or too slow",
        503,
        "database unavailable",
        "As for the database above. CometChat may send the event again.",
        store=False,
    ),
)

_ABOUT = """\
## CometChat’s events

They only say that it is time to look. So nobody misses anything: callinfo looks by itself every `CALLINFO_POLL_SECONDS`,
unless that is 0.
The line in the log is `event refused`; equal ones within a minute are one more line, with their number.
"""


def page() -> Iterator[str]:
    """Yield the lines of the page about these."""
    yield from (_ABOUT, "| fault | CometChat gets | the log | to do |", "|---|---|---|---|")
    for each in EVENTS:
        yield f"| {each.name} | {each.status} | `reason={each.reason}` | {each.to_do} |"
    yield ""
