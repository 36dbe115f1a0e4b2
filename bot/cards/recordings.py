"""Links to recordings, in modals only, for people who were in the call (pure).

Everybody who has a recording's address can watch it, so a link leads only to known hosts, by https.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from bot.calls.lookup import LookupResult
from bot.calls.status import was_there
from bot.cards.call_buttons import RECORDING, may_watch
from bot.cards.durations import duration
from bot.cards.headline import headline
from bot.cards.kit.blocks import Block, Button, actions, header, link_button
from bot.cards.kit.lines import Line, Moment, Words, rich
from bot.cards.kit.modal import DETAILS_VIEW, View, modal
from bot.cometchat import Call, Uid

TITLE = "Recording"
MAX_SHOWN = 20
_ANYONE = "Anyone with the link can watch."
_NOBODY_ELSE = "There is no recording here that you can watch. Only people who were in the call can."
_MAX_URL = 2000
_UNFIT = frozenset(' "<>\\^`{|}')
_HTTPS_PORTS = frozenset({None, 443})


def recordings(found: LookupResult, hosts: Sequence[str], *, now: int) -> View:
    """Return the modal that leads to the recordings on `hosts` or below them; `now` is Unix time."""
    blocks = [header(headline(found.call, now=now, viewer=found.viewer))]
    blocks += recording_blocks(found, hosts) or [rich([[Words(_NOBODY_ELSE)]])]
    return modal(TITLE, blocks, callback_id=DETAILS_VIEW)


def recording_blocks(
    found: LookupResult, hosts: Sequence[str], *, more: Sequence[Button] = (), block_id: str = ""
) -> list[Block]:
    """Return when each recording was, and the buttons to watch them and the `more` beside these, for who was there."""
    call = found.call
    watch = watch_buttons(call, found.viewer, hosts)
    lines = list(recording_lines(call, hosts)) if may_watch(found) else []
    lines += [[Words(_ANYONE)]] if watch else []
    buttons = [*watch, *more]
    return [
        *([rich(lines)] if lines else []),
        *([actions(buttons, block_id=block_id or None)] if buttons else []),
    ]


def watch_buttons(call: Call, viewer: Uid, hosts: Sequence[str]) -> list[Button]:
    """Return a button for each recording, for people who were in the call; only to https on one of `hosts`, or below one.

    Slack tells of each press, by an id with a number, and the browser does the rest.
    """
    if not was_there(call, viewer):
        return []
    urls = [_safe_url(each.url, hosts) for each in call.recordings[:MAX_SHOWN]]
    only = len(urls) == 1
    return [
        link_button("Watch recording" if only else f"Watch recording {number}", f"{RECORDING}_{number}", url)
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
