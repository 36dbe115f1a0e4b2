"""The Calls API's protocol as pure functions: what to send, and what a response means.

The API's document says one thing and its samples another: keys may be missing, null or "", `data` may be an array or
an object, and an error may come with status 200.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import quote

from bot.cometchat.errors import (
    BadAnswerError,
    CallProblemError,
    MisconfiguredError,
    NoSuchCallError,
    PlanRestrictedError,
    RateLimitedError,
    UnavailableError,
    UnknownUidError,
    UnsafeRequestError,
)
from bot.cometchat.ids import SessionId, Uid, parse_session_id, parse_uid
from bot.cometchat.models import Call
from bot.cometchat.parsing import bounded_calls, parse_call

_Misconfigured = Literal["key", "app", "base URL"]
_Meaning = type[CallProblemError] | _Misconfigured
# https://www.cometchat.com/docs/rest-api/error-codes; a string says what is misconfigured
_BY_CODE: dict[str, _Meaning] = {
    "ERR_CALL_SESSION_NOT_FOUND": NoSuchCallError,
    "ERR_CALL_NOT_A_PART": NoSuchCallError,
    "ERR_GROUP_NOT_JOINED": NoSuchCallError,
    "ERR_NOT_A_MEMBER": NoSuchCallError,
    "ERR_UID_NOT_FOUND": UnknownUidError,
    "AUTH_ERR_INVALID_APPID": "app",
    "ERR_API_NOT_FOUND": "base URL",
    "ERR_INVALID_API_VERSION": "base URL",
    "ERR_TOO_MANY_REQUESTS": RateLimitedError,
    "ERR_PLAN_RESTRICTION": PlanRestrictedError,
    "ERR_SUBSCRIPTION_EXPIRED": PlanRestrictedError,
    "ERR_EXCEPTION": UnavailableError,
    "ERR_OPERATION_FAILED": UnavailableError,
    "ERR_MISSION_FAILED": UnavailableError,
}
_BY_PREFIX: dict[str, _Meaning] = {"AUTH_": "key", "ERR_APP_": "app"}
_BY_STATUS: dict[int, _Meaning] = {
    HTTPStatus.PAYMENT_REQUIRED: PlanRestrictedError,
    HTTPStatus.TOO_MANY_REQUESTS: RateLimitedError,
}
_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,63}")
_SECONDS = re.compile(r"[0-9]{1,9}")
_LONGEST_RETRY_AFTER = 3600


@dataclass(frozen=True, slots=True)
class RequestParts:
    """A GET request: an encoded path below the base URL, and headers (which hold the key: not in `repr`)."""

    path: str
    headers: Mapping[str, str] = field(repr=False)


def get_call_request(session_id: SessionId, on_behalf_of: Uid, api_key: str) -> RequestParts:
    """Return the request for a session's calls.

    Without `onBehalfOf` the API returns every call of the app, so both ids are checked again here: raises
    UnsafeRequestError.
    """
    try:
        segment = quote(parse_session_id(session_id), safe="")
    except ValueError as error:
        raise UnsafeRequestError(str(error)) from None
    return RequestParts(f"/calls/{segment}", user_headers(on_behalf_of, api_key))


def check_user_request(uid: Uid, api_key: str) -> RequestParts:
    """Return a request that fails for an unknown user: a list with one of that user's calls.

    Raises UnsafeRequestError.
    """
    headers = user_headers(uid, api_key)
    return RequestParts(f"/calls?uid={headers['onBehalfOf']}&perPage=1", headers)


def user_headers(on_behalf_of: Uid, api_key: str) -> dict[str, str]:
    """Return the headers of a request on behalf of that user; raises UnsafeRequestError if it is no UID."""
    try:
        uid = parse_uid(on_behalf_of)
    except ValueError as error:
        raise UnsafeRequestError(str(error)) from None
    return {"apiKey": api_key, "onBehalfOf": uid, "Accept": "application/json"}


def parse_calls(
    status: int, headers: Mapping[str, str], body: bytes, viewer: Uid | None = None
) -> tuple[Call, ...]:
    """Return the calls of a session, at least one, the newest first; calls without a start time come last.

    `headers` have lower-case names, `body` is decoded. Raises a CallProblemError.
    """
    found = calls_in(accepted(status, headers, body).get("data"), status)
    calls = [parse_call(raw, viewer) for raw in bounded_calls(found)]
    return tuple(sorted(calls, key=lambda call: call.began_at or 0, reverse=True))


def parse_known(status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Return if CometChat knows the user, with or without calls; raises a CallProblemError."""
    try:
        accepted(status, headers, body)
    except NoSuchCallError:  # a user without calls is a user
        return


def accepted(status: int, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """Return the response's JSON object; raises a CallProblemError if it is an error, or no such object."""
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:  # a redirect: not the API's host
        raise MisconfiguredError("base URL", status=status)
    document = _document(body)
    error = document.get("error") if isinstance(document, dict) else None
    if status >= HTTPStatus.BAD_REQUEST or error:
        raise _problem(status, headers, error)
    if not isinstance(document, dict):
        raise BadAnswerError("not a JSON object", status=status)
    return document


def calls_in(data: Any, status: int) -> list[dict[str, Any]]:
    """Return the calls of `data`, at least one: an array in the API's document, an object on its newer pages.

    Raises NoSuchCallError if there are none, BadAnswerError for any other type.
    """
    if isinstance(data, dict):
        data = [data]
    if data is None or data == "":
        data = []
    if not isinstance(data, list):
        raise BadAnswerError("data is neither an array nor an object", status=status)
    calls = [item for item in data if isinstance(item, dict) and item]
    if not calls and any(data):
        raise BadAnswerError("data holds no calls", status=status)
    if not calls:
        raise NoSuchCallError(status=status)
    return calls


def _document(body: bytes) -> Any:
    """Return the body as JSON, None if it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        # Not UTF-8, not JSON, a number of thousands of digits, nested too deep
        return None


def _problem(status: int, headers: Mapping[str, str], error: Any) -> CallProblemError:
    """Return what an error response means: by its code first, else by the status."""
    said = error.get("code") if isinstance(error, dict) else None
    code = said if isinstance(said, str) and _CODE.fullmatch(said) else None
    meaning = _by_code(code) or _by_status(status, code)
    if isinstance(meaning, str):
        return MisconfiguredError(meaning, status=status, code=code)
    if meaning is RateLimitedError:
        return RateLimitedError(_retry_after(headers), status=status, code=code)
    return meaning(status=status, code=code)


def _by_code(code: str | None) -> _Meaning | None:
    if code is None:
        return None
    by_prefix = (meaning for prefix, meaning in _BY_PREFIX.items() if code.startswith(prefix))
    return _BY_CODE.get(code) or next(by_prefix, None)


def _by_status(status: int, code: str | None) -> _Meaning:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return NoSuchCallError if code else "key"  # an undocumented code: this user may not see the call
    if status == HTTPStatus.NOT_FOUND:
        return NoSuchCallError if code else "base URL"  # without a code it is another server's 404
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return UnavailableError
    return _BY_STATUS.get(status, BadAnswerError)


def _retry_after(headers: Mapping[str, str]) -> int | None:
    """Read `Retry-After`: seconds, as CometChat documents it, or a date (RFC 9110, 10.2.3).

    A date is compared with the response's own `Date`: our clock may be wrong.
    """
    said = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(said):
        return min(int(said), _LONGEST_RETRY_AFTER)
    until, now = _http_date(said), _http_date(headers.get("date", ""))
    if until is None or now is None:
        return None
    return min(max(0, math.ceil((until - now).total_seconds())), _LONGEST_RETRY_AFTER)


def _http_date(text: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
