"""CometChat's Calls API, for one purpose: to read calls on behalf of a user.

`CometChat.get_call` and `CometChat.list_calls` are the ways in, `errors.py` draws the tree of what it raises. This package knows nothing of
Slack and could be published on its own.
"""

from bot.cometchat.client import Answer, CometChat
from bot.cometchat.errors import (
    BadAnswerError,
    CallProblemError,
    CometChatError,
    MisconfiguredError,
    NoAnswerInTimeError,
    NoSuchCallError,
    PlanRestrictedError,
    RateLimitedError,
    TooLargeError,
    UnavailableError,
    UnknownUidError,
    UnsafeRequestError,
)
from bot.cometchat.ids import (
    Home,
    InvalidSessionIdError,
    SessionId,
    Uid,
    home_of,
    lower_uid,
    parse_session_id,
    parse_uid,
)
from bot.cometchat.listing import Listing, Page
from bot.cometchat.models import Call, Participant, Party, Recording

__all__ = [
    "Answer",
    "BadAnswerError",
    "Call",
    "CallProblemError",
    "CometChat",
    "CometChatError",
    "Home",
    "InvalidSessionIdError",
    "Listing",
    "MisconfiguredError",
    "NoAnswerInTimeError",
    "NoSuchCallError",
    "Page",
    "Participant",
    "Party",
    "PlanRestrictedError",
    "RateLimitedError",
    "Recording",
    "SessionId",
    "TooLargeError",
    "Uid",
    "UnavailableError",
    "UnknownUidError",
    "UnsafeRequestError",
    "home_of",
    "lower_uid",
    "parse_session_id",
    "parse_uid",
]
