"""What `/callinfo` can do: the answer to `help`, and to what it does not understand."""

from __future__ import annotations

from bot.cards.kit.lines import styled
from bot.cards.kit.message import Message, lines_message

_LINES = (
    "*See who was in a CometChat call, when, and how it ended*",
    "*/callinfo <session id>* – a call that you took part in",
    "*⋯ › Get call info* on a message that mentions a call – the same, also in threads",
    "*/callinfo recent* – your latest calls; narrow them as you like, for example *recent missed*, *recent video today* or *recent with natasha*",
    "*⚡ › Find a call* beside the message box – search your calls by kind, day and person, and share one",
    "*/callinfo whoami* – which CometChat user you act as",
    "*/callinfo help* – this",
    "For admins: */callinfo link @user <uid>*, */callinfo unlink @user*, */callinfo links [first letters]* – who is whom in CometChat",
    "A session id looks like v1.eu.2574867aa2e6e417.1715845999…, or is whatever your app called the call.",
)


def usage() -> Message:
    """Return the usage."""
    return lines_message(map(styled, _LINES))
