"""What a list of calls says besides the calls: its heading, notes, and the names of its paging buttons (pure).

One wording for the message, the modal and the Home tab.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.calls.history import HistoryPage
from bot.cards.kit.lines import Line, Words
from bot.cometchat import Uid


def heading(listed: HistoryPage) -> str:
    """Return the heading of a list with calls."""
    return "Your calls" if listed.oldest_first else "Your latest calls"


def nothing(listed: HistoryPage) -> str:
    """Return the heading of a list without calls."""
    if listed.newer or listed.older:
        return "No calls here"
    return "No calls yet" if none_at_all(listed) else "No calls match"


def none_at_all(listed: HistoryPage) -> bool:
    """Whether the person has no calls, as far as CometChat says: none were left out, or are on another page."""
    return not (listed.calls or listed.newer or listed.older) and listed.request.filter.matches_all


def back_label(listed: HistoryPage) -> str:
    """Return the label of the button to the page before, which is newer only where the newest calls come first."""
    return "Back" if listed.oldest_first else "Newer"


def on_label(listed: HistoryPage) -> str:
    """Return the label of the button to the page after."""
    return "More" if listed.oldest_first else "Older"


def notes(listed: HistoryPage, *, button: bool = True) -> Iterator[Line]:
    """Yield the notes of any list; `button`: the button to the page after is below."""
    if listed.oldest_first:
        yours = "these may not be your latest" if listed.calls else "your latest may be on another page"
        yield [Words(f"CometChat lists the oldest calls first, so {yours}.")]
    if listed.cut_short:
        which = "other" if listed.oldest_first else "older"
        again = f" Press {on_label(listed)} to try again." if button else ""
        yield [Words(f"CometChat didn’t return the {which} calls.{again}")]
    elif listed.looked_through is not None:
        where = "further" if listed.oldest_first else "further back"
        further = f" Press {on_label(listed)} to look {where}." if button else ""
        yield [Words(f"{_looked_through(listed, listed.looked_through)}.{further}")]
    elif none_at_all(listed):
        yield _how_calls_come(listed.viewer)


def _looked_through(listed: HistoryPage, many: int) -> str:
    if not many:
        return "None of the calls that CometChat returned are yours"
    if listed.request.filter.matches_all:
        return "You may have more calls"
    more = "more " if listed.newer else ""
    searched = f"Searched {many} {more}of your calls"
    return searched if listed.calls else f"{searched} and found no match"


def _how_calls_come(viewer: Uid) -> Line:
    return [
        Words("Calls that "),
        Words(viewer, code=True),
        Words(" makes or gets in CometChat will show up here."),
    ]
