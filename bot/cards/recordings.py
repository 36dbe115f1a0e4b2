"""Links to recordings, in the Details modal only, for people who were in the call (pure).

Everybody who has a recording's address can watch it, so a link leads only to known hosts, by https.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.cards.durations import duration
from bot.cards.kit.blocks import Block, Run, link, rich_line, rich_text, words
from bot.cards.kit.escaping import tidy
from bot.cards.kit.lines import Moment, piece
from bot.cometchat import Recording

MAX_SHOWN = 20
_MAX_URL = 2000
_UNFIT = frozenset(' "<>\\^`{|}')
_HTTPS_PORTS = frozenset({None, 443})


def recordings(found: Sequence[Recording], hosts: Sequence[str]) -> Block:
    """Return a line for each recording; the link only to https on one of `hosts`, or below one."""
    return rich_text(_line(number, each, hosts) for number, each in enumerate(found[:MAX_SHOWN], 1))


def _line(number: int, recording: Recording, hosts: Sequence[str]) -> Run:
    """Return when and how long; the length comes from the times, since the API's unit contradicts itself."""
    start, end = recording.started_at, recording.ended_at
    pieces = [words(f"{number}. "), piece(Moment(start)) if start is not None else words("time not known")]
    if start is not None and end is not None and end > start:
        pieces.append(words(f", {duration(end - start)}"))
    pieces.append(words(" · "))
    if url := _safe_url(recording.url, hosts):
        pieces.append(link(url, "Watch (whoever has this link can)"))
    else:
        pieces.append(words("no link that callinfo trusts"))
    if rid := tidy(recording.rid or "", 100):
        pieces.append(words(f" · {rid}"))
    return rich_line(pieces)


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
