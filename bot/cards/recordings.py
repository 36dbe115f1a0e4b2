"""Recordings, for the one place that links to them (pure): the Details modal of somebody who was in the call.

Whoever has a recording's address can watch it, so it leads nowhere but to hosts that are known, by https.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from slack_sdk.models.blocks import RichTextBlock, RichTextElementParts, RichTextSectionElement

from bot.cards.durations import duration
from bot.cards.foreign import tidy
from bot.cards.lines import Moment
from bot.cometchat import Recording

MOST_SHOWN = 20
_MAX_URL = 2000
_UNFIT = frozenset(' "<>\\^`{|}')
_HTTPS_PORTS = frozenset({None, 443})


def recordings(found: Sequence[Recording], hosts: Sequence[str]) -> RichTextBlock:
    """Return a line for each recording; the link only to https on one of `hosts`, or below one."""
    return RichTextBlock(
        elements=[_line(number, each, hosts) for number, each in enumerate(found[:MOST_SHOWN], 1)]
    )


def _line(number: int, recording: Recording, hosts: Sequence[str]) -> RichTextSectionElement:
    """Return when and how long; the length comes from the times, since the API's unit contradicts itself."""
    elements: list[RichTextElementParts.Text | RichTextElementParts.Date | RichTextElementParts.Link] = []
    elements.append(RichTextElementParts.Text(text=f"{number}. "))
    start, end = recording.started_at, recording.ended_at
    if start is not None:
        moment = Moment(start)
        elements.append(
            RichTextElementParts.Date(timestamp=start, format=moment.form, fallback=moment.fallback)
        )
    else:
        elements.append(RichTextElementParts.Text(text="time not known"))
    if start is not None and end is not None and end > start:
        elements.append(RichTextElementParts.Text(text=f", {duration(end - start)}"))
    elements.append(RichTextElementParts.Text(text=" · "))
    if url := _safe_url(recording.url, hosts):
        elements.append(RichTextElementParts.Link(url=url, text="Watch (whoever has this link can)"))
    else:
        elements.append(RichTextElementParts.Text(text="no link that callinfo trusts"))
    if rid := tidy(recording.rid or "", 100):
        elements.append(RichTextElementParts.Text(text=f" · {rid}"))
    return RichTextSectionElement(elements=elements)


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
