"""Links to recordings, in modals only, for people who were in the call (pure).

Everybody who has a recording's address can watch it, so a link leads only to known hosts, by https.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from bot.calls.status import was_there
from bot.cards.durations import duration
from bot.cards.kit.blocks import Button, link_button
from bot.cards.kit.lines import Line, Moment, Words
from bot.cometchat import Call, Uid

WATCH = "watch_recording"
"""The action id of such a button, with a number: Slack tells of each press, and the browser does the rest."""

MAX_SHOWN = 20
_MAX_URL = 2000
_UNFIT = frozenset(' "<>\\^`{|}')
_HTTPS_PORTS = frozenset({None, 443})


def watch_buttons(call: Call, viewer: Uid, hosts: Sequence[str]) -> list[Button]:
    """Return a button for each recording, for people who were in the call; only to https on one of `hosts`, or below one."""
    if not was_there(call, viewer):
        return []
    urls = [_safe_url(each.url, hosts) for each in call.recordings[:MAX_SHOWN]]
    only = len(urls) == 1
    return [
        link_button("Watch recording" if only else f"Watch recording {number}", f"{WATCH}_{number}", url)
        for number, url in enumerate(urls, 1)
        if url
    ]


def recording_lines(call: Call, hosts: Sequence[str]) -> Iterator[Line]:
    """Yield a line for each recording: when it was and how long, which the times say, since the API's unit is unclear."""
    for number, each in enumerate(call.recordings[:MAX_SHOWN], 1):
        title = "Recording" if len(call.recordings) == 1 else f"Recording {number}"
        start, end = each.started_at, each.ended_at
        line: list[Words | Moment] = [Words(title, bold=True), Words(" · ")]
        line.append(Words("time unknown") if start is None else Moment(start))
        if start is not None and end is not None and end > start:
            line.append(Words(f" · {duration(end - start)}"))
        if not _safe_url(each.url, hosts):
            line.append(Words(" · no link that callinfo trusts"))
        yield line


def _safe_url(url: str | None, hosts: Sequence[str]) -> str | None:
    """Return the address if it is https on one of the hosts, or below one, and nothing odd."""
    if not url or len(url) > _MAX_URL or not (url.isascii() and url.isprintable()) or _UNFIT & set(url):
        return None
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    known = any(host == each or host.endswith(f".{each}") for each in hosts)
    sound = parts.scheme == "https" and parts.username is None and port in _HTTPS_PORTS
    return url if known and sound else None
