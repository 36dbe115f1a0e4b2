"""What can go wrong with CometChat's API.

    CometChatError
    ├── CallProblemError            a caller handles these
    │   ├── NoSuchCallError         no such call, or none for this user: the two are never told apart
    │   ├── UnknownUidError         the user acted for does not exist or is deactivated
    │   ├── MisconfiguredError      key, app or base URL are wrong (`.what` says which)
    │   ├── RateLimitedError        too many requests (`.retry_after` seconds, where said)
    │   ├── PlanRestrictedError     the app's plan does not allow it
    │   ├── UnavailableError        CometChat is in trouble or can't be reached
    │   ├── NoAnswerInTimeError     the whole request took too long
    │   └── BadAnswerError          the answer makes no sense
    │       └── TooLargeError       it is larger than what is read
    └── UnsafeRequestError          a bug in the caller: such a request is never sent

None of them carries the API's own message: it may echo parts of the key.
"""

from __future__ import annotations

from typing import Literal


class CometChatError(Exception):
    """The base of all that this package raises."""


class UnsafeRequestError(CometChatError):
    """A bug: a request without a UID to act for, or with an id that is not one path segment."""


class CallProblemError(CometChatError):
    """The call can't be had; `status` is the HTTP status and `code` CometChat's code, where there were any."""

    def __init__(self, reason: str = "", *, status: int | None = None, code: str | None = None) -> None:
        super().__init__(reason or type(self).__name__)
        self.status = status
        self.code = code


class NoSuchCallError(CallProblemError):
    """No such call for this user."""


class UnknownUidError(CallProblemError):
    """The UID that was acted for does not exist or is deactivated."""


class MisconfiguredError(CallProblemError):
    """The request can't succeed before an operator mends the configuration."""

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
    """CometChat asks for a pause of `retry_after` seconds (None: it did not say how long)."""

    def __init__(
        self, retry_after: int | None, *, status: int | None = None, code: str | None = None
    ) -> None:
        super().__init__(status=status, code=code)
        self.retry_after = retry_after


class PlanRestrictedError(CallProblemError):
    """The plan of the CometChat app does not include this."""


class UnavailableError(CallProblemError):
    """CometChat is in trouble or can't be reached."""


class NoAnswerInTimeError(CallProblemError):
    """No whole answer came within the time a request may take."""


class BadAnswerError(CallProblemError):
    """The answer makes no sense: not JSON, of an unknown shape, an unknown refusal."""


class TooLargeError(BadAnswerError):
    """The calls that were asked for are larger than what is read (wire.MAX_BODY), as they came or unpacked."""
