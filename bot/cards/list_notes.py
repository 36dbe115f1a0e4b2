"""What a person should know of a list of theirs besides its calls, and what leads to its other pages (pure).

One wording for the message, the modal and the Home tab; how each of them looks is its own module's.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.calls.history import HistoryPage
from bot.cards.kit.lines import Line, Words
from bot.cometchat import Uid


def heading(listed: HistoryPage) -> str:
    """Return what the calls are, as far as is known."""
    return "Your calls" if listed.oldest_first else "Your latest calls"


def nothing(listed: HistoryPage) -> str:
    """Return what stands in the heading's place where there are no calls."""
    if listed.newer or listed.older:
        return "No calls here"
    return "No calls yet" if none_at_all(listed) else "No calls match"


def none_at_all(listed: HistoryPage) -> bool:
    """Whether the person has no calls, as far as CometChat says: none were left out, or are on another page."""
    return not (listed.calls or listed.newer or listed.older) and listed.request.filter.matches_all


def back(listed: HistoryPage) -> str:
    """Return what the button to the page before is called; what is there is newer only as long as the newest come first."""
    return "Back" if listed.oldest_first else "Newer"


def on(listed: HistoryPage) -> str:
    """Return what the button to the page after is called."""
    return "More" if listed.oldest_first else "Older"


def notes(listed: HistoryPage, *, button: bool = True) -> Iterator[Line]:
    """Yield what is to be known of any list; `button` says that the one to the page after stands below."""
    if listed.oldest_first:
        yours = "these may not be your latest" if listed.calls else "your latest may be on another page"
        yield [Words(f"CometChat lists the oldest calls first, so {yours}.")]
    if listed.cut_short:
        which = "other" if listed.oldest_first else "older"
        again = f"; {on(listed)} tries again" if button else ""
        yield [Words(f"callinfo couldn’t get the {which} calls from CometChat just now{again}.")]
    elif listed.looked_through is not None:
        where = "on" if listed.oldest_first else "further back"
        further = f"; {on(listed)} looks {where}" if button else ""
        yield [Words(f"{_looked_through(listed, listed.looked_through)}{further}.")]
    elif none_at_all(listed):
        yield _how_calls_come(listed.viewer)


def _looked_through(listed: HistoryPage, many: int) -> str:
    if not many:
        return "None of the calls that CometChat gave here is yours"
    if listed.request.filter.matches_all:
        return "There may be more of your calls"
    more = "more " if listed.newer else ""
    looked = f"callinfo looked through {many} {more}of your calls"
    return f"{looked} for these" if listed.calls else f"{looked} and found no such call"


def _how_calls_come(viewer: Uid) -> Line:
    return [
        Words("The calls that "),
        Words(viewer, code=True),
        Words(" makes or gets in CometChat show here by themselves."),
    ]
