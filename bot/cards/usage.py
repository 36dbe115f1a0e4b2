"""What `/callinfo` can do: the answer to `help`, and to what it does not understand."""

from __future__ import annotations

from bot.cards.kit.lines import Line, Words
from bot.cards.kit.message import Message, lines_message

_LINES: tuple[Line, ...] = (
    [Words("See who was in a CometChat call, when, and how it ended", bold=True)],
    [Words("/callinfo <session id>", bold=True), Words(" – a call that you took part in")],
    [
        Words("⋯ › Get call info", bold=True),
        Words(" on a message that mentions a call – the same, also in threads"),
    ],
    [
        Words("/callinfo recent", bold=True),
        Words(" – your latest calls; narrow them as you like, for example "),
        Words("recent missed", bold=True),
        Words(", "),
        Words("recent video today", bold=True),
        Words(" or "),
        Words("recent with natasha", bold=True),
    ],
    [
        Words("⚡ › Find a call", bold=True),
        Words(" beside the message box – search your calls by kind, day and person, and share one"),
    ],
    [Words("/callinfo whoami", bold=True), Words(" – which CometChat user you act as")],
    [Words("/callinfo help", bold=True), Words(" – this")],
    [
        Words("For admins: "),
        Words("/callinfo link @user <uid>", bold=True),
        Words(", "),
        Words("/callinfo unlink @user", bold=True),
        Words(", "),
        Words("/callinfo links [first letters]", bold=True),
        Words(" – who is whom in CometChat"),
    ],
    [
        Words(
            "A session id looks like v1.eu.2574867aa2e6e417.1715845999…, or is whatever your app called the call."
        )
    ],
)


def usage() -> Message:
    """Return the usage."""
    return lines_message(_LINES)
