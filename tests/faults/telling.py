"""Faults of being told: nobody does anything, so they are not in the table of what people do. Values, and their page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.subscriptions.reasons import ended_because, refused_because
from bot.subscriptions.tellings import Why


@dataclass(frozen=True)
class Untold:
    """Why a call is not told as usual, and what comes of it.

    `status`, `body`, `headers` and `delay` are how Slack answers `chat.postMessage` `times` times; with `cometchat`,
    how CometChat answers a list. `reads` is what the subscriber reads instead, `log` the event with its reason.
    `told`: the call is told by itself a little later, once that is over.
    """

    name: str
    log: str
    to_do: str
    status: int | None = 200
    body: Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    times: int = 1
    channel: bool = False
    cometchat: bool = False
    unlinked: bool = False
    reads: str = ""
    told: bool = False


def _refuses(word: str) -> Mapping[str, object]:
    return {"ok": False, "error": word}


_INVITE = "Whoever subscribed invites callinfo, or stops the subscription. It ends by itself after a day."
_BY_ITSELF = "Nothing: callinfo tries again by itself."

UNTOLD = (
    Untold(
        "CometChat answers a look with an error",
        "looking failed: UnavailableError",
        _BY_ITSELF,
        status=500,
        cometchat=True,
        told=True,
    ),
    Untold(
        "Slack has had too many messages",
        "not told: ratelimited",
        "Nothing: callinfo waits as long as Slack says.",
        status=429,
        headers={"Retry-After": "1"},
        told=True,
    ),
    Untold("Slack is out of order", "not told: internal_error", _BY_ITSELF, status=503, told=True),
    Untold(
        "Slack doesn’t answer within 10 s",
        "not told: TimeoutError",
        "Nothing: callinfo tries again by itself. If the message is there, Slack takes it for the same.",
        status=None,
        delay=1.5,
        told=True,
    ),
    Untold(
        "callinfo isn’t in the channel",
        "not told: not_in_channel",
        _INVITE,
        body=_refuses("not_in_channel"),
        channel=True,
        reads=refused_because("not_in_channel"),
    ),
    Untold(
        "The channel is private, or gone",
        "not told: channel_not_found",
        _INVITE,
        body=_refuses("channel_not_found"),
        channel=True,
        reads=refused_because("channel_not_found"),
    ),
    Untold(
        "The channel is archived",
        "not told: is_archived",
        "Whoever subscribed chooses another channel. The subscription ends by itself after a day.",
        body=_refuses("is_archived"),
        channel=True,
        reads=refused_because("is_archived"),
    ),
    Untold(
        "The app’s messages tab is off",
        "not told: messages_tab_disabled",
        "Switch it on in the app’s settings (App Home). What is waiting is told then, up to three days later.",
        body=_refuses("messages_tab_disabled"),
    ),
    Untold(
        "The bot’s token was revoked",
        "not told: token_revoked",
        "Install the app again. What is waiting is told then.",
        body=_refuses("token_revoked"),
        told=True,
    ),
    Untold(
        "The subscriber’s link was removed",
        "audit: link_lost",
        "Link the person again; they subscribe again.",
        unlinked=True,
        reads=ended_because(Why.LINK_LOST),
    ),
)

_ABOUT = """\
## Being told

Nobody asked for anything at that moment, so there is no outcome and no reference. The line in the log is `not told` or
`looking failed`, with the reason beside it.
"""


def page() -> Iterator[str]:
    """Yield the lines of the page about these."""
    yield from (_ABOUT, "| fault | the subscriber reads | the log | to do |", "|---|---|---|---|")
    for each in UNTOLD:
        instead = f"“{each.reads}”" if each.reads else "**nothing**"
        reads = "the call, later" if each.told else instead
        yield f"| {each.name} | {reads} | `{each.log}` | {each.to_do} |"
    yield ""
