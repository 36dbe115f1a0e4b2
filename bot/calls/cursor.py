"""Where a page of a person's list begins or ends in CometChat's list, as buttons carry it (pure).

It comes back from outside, and holds neither who asks nor on whose behalf.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from bot.calls.filters import EVERY_CALL, CallFilter
from bot.cometchat import Call

_CURSOR = re.compile(
    r"(?P<order>\^)?(?P<back>-)?(?P<page>[1-9][0-9]{0,4})\.(?P<index>[0-9]{1,5})"
    r"(?:~(?P<mark>[0-9a-f]{8}@[0-9]{0,12}))?(?:#(?P<number>[1-9][0-9]{0,4}))?"
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position in CometChat's list: a page, counted from 1, and an index on it. The page of ours begins there.

    If `back`, it ends before that. Calls come and go between two requests: `mark` names the last call before the
    position (if `back`, the first after it), "" where it has no id. Where that is found, it decides.
    `number` is the number of our page. `oldest_first`: an earlier page showed that CometChat lists the oldest first.
    """

    page: int = 1
    index: int = 0
    mark: str = ""
    back: bool = False
    number: int = 1
    oldest_first: bool = False

    @property
    def at_start(self) -> bool:
        """Whether it is the start of the list."""
        return (self.page, self.index, self.back) == (1, 0, False)

    def to_text(self) -> str:
        """Return it as text: at most 42 characters."""
        order, back = "^" if self.oldest_first else "", "-" if self.back else ""
        mark = f"~{self.mark}" if self.mark else ""
        number = f"#{self.number}" if self.number > 1 else ""
        return f"{order}{back}{self.page}.{self.index}{mark}{number}"

    @staticmethod
    def from_text(text: str) -> Cursor | None:
        """Parse what `to_text` returned, None for any other text."""
        match = _CURSOR.fullmatch(text)
        if match is None:
            return None
        return Cursor(
            page=int(match["page"]),
            index=int(match["index"]),
            mark=match["mark"] or "",
            back=match["back"] is not None,
            number=int(match["number"] or 1),
            oldest_first=match["order"] is not None,
        )


START = Cursor()


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which calls are wanted, and from where on."""

    filter: CallFilter = EVERY_CALL
    cursor: Cursor = START

    def to_text(self) -> str:
        """Return it as a button's value: at most 200 characters."""
        return f"{self.cursor.to_text()}|{self.filter.to_text()}"

    @staticmethod
    def from_text(text: str) -> PageRequest | None:
        """Parse what `to_text` returned, None for any other text, such as an earlier version's."""
        cursor_text, _, filter_text = text.partition("|")
        cursor, call_filter = Cursor.from_text(cursor_text), CallFilter.from_text(filter_text)
        return PageRequest(call_filter, cursor) if cursor and call_filter else None


def mark_of(call: Call) -> str:
    """Return a few characters that identify the call within a list, "" if it has no id of its own."""
    if not call.mid:
        return ""
    which = f"{call.session_id} {call.mid}".encode(errors="replace")
    began = "" if call.began_at is None else call.began_at
    return f"{hashlib.sha256(which).hexdigest()[:8]}@{began}"
