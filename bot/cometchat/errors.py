"""What can go wrong with CometChat's API.

    CometChatError
    ├── CallProblemError            callers handle these
    │   ├── NoSuchCallError         no such call, or not for this user: the same error
    │   ├── UnknownUidError         the user does not exist or is deactivated
    │   ├── MisconfiguredError      key, app or base URL are wrong (`.what` says which)
    │   ├── RateLimitedError        too many requests (`.retry_after` in seconds, where known)
    │   ├── PlanRestrictedError     the app's plan does not include this
    │   ├── UnavailableError        CometChat is down or can't be reached
    │   ├── NoAnswerInTimeError     the request took too long
    │   ├── FileGoneError           a transcript's file is not there (any more)
    │   ├── UntrustedAddressError   a transcript's file would be elsewhere than with CometChat: nothing was sent there
    │   └── BadAnswerError          the response makes no sense
    │       └── TooLargeError       it is larger than client.MAX_BODY, or a file than transcript_file.MAX_FILE
    └── UnsafeRequestError          a bug in the caller: the request is never sent

None carries the API's own message, which may echo parts of the key.
"""

from __future__ import annotations

from typing import Literal


class CometChatError(Exception):
    """The base of all errors of this package."""


class UnsafeRequestError(CometChatError):
    """A bug: a request without a valid UID, or with an id that is not one path segment."""


class CallProblemError(CometChatError):
    """The request failed. `status` is the HTTP status and `code` CometChat's error code, if there were any."""

    def __init__(self, reason: str = "", *, status: int | None = None, code: str | None = None) -> None:
        super().__init__(reason or type(self).__name__)
        self.status = status
        self.code = code


class NoSuchCallError(CallProblemError):
    """There is no such call for this user."""


class UnknownUidError(CallProblemError):
    """The user on whose behalf the request was made does not exist or is deactivated."""


class MisconfiguredError(CallProblemError):
    """No request can succeed before an operator fixes the configuration."""

    def __init__(
        self,
        what: Literal["key", "app", "base URL"],
        *,
        status: int | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(what, status=status, code=code)
        self.what = what


class RateLimitedError(CallProblemError):
    """Too many requests: try again in `retry_after` seconds (None: unknown)."""

    def __init__(
        self, retry_after: int | None, *, status: int | None = None, code: str | None = None
    ) -> None:
        super().__init__(status=status, code=code)
        self.retry_after = retry_after


class PlanRestrictedError(CallProblemError):
    """The app's plan does not include this."""


class UnavailableError(CallProblemError):
    """CometChat is down or can't be reached."""


class NoAnswerInTimeError(CallProblemError):
    """No complete response came in time."""


class FileGoneError(CallProblemError):
    """The file of a transcript is not there."""


class UntrustedAddressError(CallProblemError):
    """An address, or a redirect, leads elsewhere than to CometChat, or into a private network."""


class BadAnswerError(CallProblemError):
    """The response makes no sense: not JSON, an unknown shape, an unknown error."""


class TooLargeError(BadAnswerError):
    """The response is larger than client.MAX_BODY, or the file than transcript_file.MAX_FILE."""
