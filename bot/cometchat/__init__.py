"""CometChat's Calls API: read calls on behalf of a user.

`CometChat` is the client, errors.py lists what it raises. The package knows nothing of Slack, and these names are its
face: it could be published on its own.
"""

from bot.cometchat.client import CometChat, SessionCalls
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
    CallsApp,
    InvalidSessionIdError,
    SessionId,
    Uid,
    app_of,
    lower_uid,
    parse_session_id,
    parse_uid,
)
from bot.cometchat.listing import CallPage, CallQuery
from bot.cometchat.models import Call, Participant, Party, Recording

__all__ = [
    "BadAnswerError",
    "Call",
    "CallPage",
    "CallProblemError",
    "CallQuery",
    "CallsApp",
    "CometChat",
    "CometChatError",
    "InvalidSessionIdError",
    "MisconfiguredError",
    "NoAnswerInTimeError",
    "NoSuchCallError",
    "Participant",
    "Party",
    "PlanRestrictedError",
    "RateLimitedError",
    "Recording",
    "SessionCalls",
    "SessionId",
    "TooLargeError",
    "Uid",
    "UnavailableError",
    "UnknownUidError",
    "UnsafeRequestError",
    "app_of",
    "lower_uid",
    "parse_session_id",
    "parse_uid",
]
