"""Lines of a card, written once and rendered twice: as blocks for the eye, as `text` for a screen reader (pure).

Slack reads a message's `text` aloud, not its blocks, so the two must say the same. A line is a sequence of words,
moments and mentions. These are tuples, because a card has dozens of them and tuples take half the time to make.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.cards.kit import blocks
from bot.cards.kit.blocks import Block, Piece, Run
from bot.cards.kit.escaping import escaped_text

DAY_AND_TIME = "{date_short_pretty} at {time}"
TIME = "{time}"
_STYLED = re.compile(r"(\*[^*]+\*|`[^`]+`)")
_FALLBACKS = {DAY_AND_TIME: "%b %-d, %Y at %H:%M UTC", TIME: "%H:%M UTC"}


class Words(NamedTuple):
    """Text that is shown as it is: neither Slack's mrkdwn nor `:emoji:` is parsed in it."""

    text: str
    bold: bool = False
    code: bool = False


class Moment(NamedTuple):
    """A time (Unix seconds) that each viewer sees in their own zone.

    `form` is in Slack's date tokens (https://docs.slack.dev/messaging/formatting-message-text#date-formatting).
    """

    at: int
    form: str = DAY_AND_TIME

    @property
    def fallback(self) -> str:
        """The time in UTC, for clients that know no date tokens."""
        return _in_utc(self.at, self.form)


class Mention(NamedTuple):
    """A Slack user, by id. It notifies nobody in an ephemeral message."""

    user_id: str


class Channel(NamedTuple):
    """A Slack channel, by id: whoever may see it reads its name."""

    channel_id: str


Part = Words | Moment | Mention | Channel
Line = Sequence[Part]


def mentions(user_ids: Iterable[str]) -> list[Words | Mention]:
    """Return mentions with commas between them."""
    parts: list[Words | Mention] = []
    for user_id in user_ids:
        parts += [*([Words(", ")] if parts else []), Mention(user_id)]
    return parts


def styled(text: str) -> list[Words]:
    """Return a text of our own, never one that others wrote, with *bold* and `code` parts."""
    parts = [part for part in _STYLED.split(text) if part]
    return [
        Words(part[1:-1], bold=part[0] == "*", code=part[0] == "`")
        if _STYLED.fullmatch(part)
        else Words(part)
        for part in parts
    ]


def rich(lines: Iterable[Line]) -> Block:
    """Return the lines as one block of rich text, which parses nothing, so nothing in it needs escaping."""
    return blocks.rich_text(_run(line) for line in lines)


def as_text(line: Line) -> str:
    """Return the line for a message's `text`, escaped."""
    return "".join([_part_text(part) for part in line])


def piece(part: Part) -> Piece:
    """Return a part of a line for rich text."""
    if isinstance(part, Words):
        return blocks.words(part.text, bold=part.bold, code=part.code)
    if isinstance(part, Moment):
        return blocks.date(part.at, part.form, part.fallback)
    if isinstance(part, Channel):
        return blocks.channel(part.channel_id)
    return blocks.user(part.user_id)


@lru_cache(maxsize=1_000)  # each is needed twice: for the blocks, and for the text
def _in_utc(at: int, form: str) -> str:
    return time.strftime(_FALLBACKS[form], time.gmtime(at))


def _run(line: Line) -> Run:
    return blocks.rich_line([piece(part) for part in line])


def _part_text(part: Part) -> str:
    if isinstance(part, Words):
        return escaped_text(part.text)
    if isinstance(part, Moment):
        return f"<!date^{part.at}^{part.form}|{part.fallback}>"
    return f"<#{part.channel_id}>" if isinstance(part, Channel) else f"<@{part.user_id}>"
