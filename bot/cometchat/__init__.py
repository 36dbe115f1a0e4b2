"""CometChat's Calls API: read calls on behalf of a user.

`CometChat` is the client, errors.py lists what it raises. The package knows nothing of Slack, and these names are its
face: it could be published on its own.
"""

from bot.cometchat.client import CometChat, SessionCalls
from bot.cometchat.errors import (
    BadAnswerError,
    CallProblemError,
    CometChatError,
    FileGoneError,
    MisconfiguredError,
    NoAnswerInTimeError,
    NoSuchCallError,
    PlanRestrictedError,
    RateLimitedError,
    TooLargeError,
    UnavailableError,
    UnknownUidError,
    UnsafeRequestError,
    UntrustedAddressError,
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
from bot.cometchat.models import Call, Participant, Party, Recording, Transcription
from bot.cometchat.transcript_file import FILE_SECONDS, MAX_FILE, TrustedAddresses
from bot.cometchat.transcriptions import TranscriptionPage

__all__ = [
    "FILE_SECONDS",
    "MAX_FILE",
    "BadAnswerError",
    "Call",
    "CallPage",
    "CallProblemError",
    "CallQuery",
    "CallsApp",
    "CometChat",
    "CometChatError",
    "FileGoneError",
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
    "Transcription",
    "TranscriptionPage",
    "TrustedAddresses",
    "Uid",
    "UnavailableError",
    "UnknownUidError",
    "UnsafeRequestError",
    "UntrustedAddressError",
    "app_of",
    "lower_uid",
    "parse_session_id",
    "parse_uid",
]
