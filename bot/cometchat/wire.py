"""The protocol of CometChat's Calls API as pure functions: what to send, and what an answer means.

No clock, no network. The facts behind each tolerance: the API's document says one thing, its samples another,
so keys may be missing, null or "", `data` may be an array or an object, and an error may come with status 200.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import quote

from pydantic_core import from_json

from bot.cometchat.errors import (
    BadAnswerError,
    CallProblemError,
    MisconfiguredError,
    NoSuchCallError,
    PlanRestrictedError,
    RateLimitedError,
    TooLargeError,
    UnavailableError,
    UnknownUidError,
    UnsafeRequestError,
)
from bot.cometchat.ids import SessionId, Uid, parse_session_id, parse_uid
from bot.cometchat.models import Call
from bot.cometchat.parsing import parse_call

MAX_BODY = 1024 * 1024
"""The largest answer that is read, in bytes, before and after it is unpacked."""

_What = Literal["key", "app", "base URL"]
_Meaning = type[CallProblemError] | _What
# The code decides first (https://www.cometchat.com/docs/rest-api/error-codes), a string names what is misconfigured
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
_OTHER_STATUSES: dict[int, _Meaning] = {
    HTTPStatus.PAYMENT_REQUIRED: PlanRestrictedError,
    HTTPStatus.TOO_MANY_REQUESTS: RateLimitedError,
}
_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,63}")
_TOO_LARGE = object()
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_SECONDS = re.compile(r"[0-9]{1,9}")
_LONGEST_PAUSE = 3600


@dataclass(frozen=True, slots=True)
class RequestParts:
    """A GET request, less the host: an encoded path below the base URL, and headers (the key stays out of repr)."""

    path: str
    headers: Mapping[str, str] = field(repr=False)


def get_call_request(session_id: SessionId, on_behalf_of: Uid, api_key: str) -> RequestParts:
    """Return the request for a session's calls.

    The API reads every call of the app when `onBehalfOf` is missing, so both ids are checked once more here:
    raises UnsafeRequestError, before anything is sent.
    """
    try:
        segment = quote(parse_session_id(session_id), safe="")
    except ValueError as error:
        raise UnsafeRequestError(str(error)) from None
    return RequestParts(f"/calls/{segment}", user_headers(on_behalf_of, api_key))


def check_user_request(uid: Uid, api_key: str) -> RequestParts:
    """Return a request that CometChat refuses for a user it does not know: one call of that user's list.

    Raises UnsafeRequestError, before anything is sent.
    """
    headers = user_headers(uid, api_key)
    return RequestParts(f"/calls?uid={headers['onBehalfOf']}&perPage=1", headers)


def user_headers(on_behalf_of: Uid, api_key: str) -> dict[str, str]:
    """Return the headers of a request on behalf of that user; raises UnsafeRequestError for what is no UID."""
    try:
        uid = parse_uid(on_behalf_of)
    except ValueError as error:
        raise UnsafeRequestError(str(error)) from None
    return {
        "apiKey": api_key,
        "onBehalfOf": uid,
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
    }


def parse_calls(status: int, headers: Mapping[str, str], body: bytes) -> tuple[Call, ...]:
    """Return the calls of a session, the newest first, at least one; those whose beginning is not known stand last.

    `headers` have lower-case names, `body` is as it came over the wire. Raises a CallProblemError.
    """
    calls = [parse_call(raw) for raw in calls_in(accepted(status, headers, body).get("data"), status)]
    return tuple(sorted(calls, key=lambda call: call.began_at or 0, reverse=True))


def parse_known(status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Return when CometChat knows the user, with or without calls; raises a CallProblemError."""
    try:
        accepted(status, headers, body)
    except NoSuchCallError:  # a user without calls is a user
        return


def accepted(status: int, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """Return the answer's document; raises a CallProblemError where it is a refusal, or none."""
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:  # a redirect: not the API's host
        raise MisconfiguredError("base URL", status=status)
    document = _document(headers, body)
    if document is _TOO_LARGE and status < HTTPStatus.BAD_REQUEST:
        raise TooLargeError("larger than 1 MiB once unpacked", status=status)
    error = document.get("error") if isinstance(document, dict) else None
    if status >= HTTPStatus.BAD_REQUEST or error:
        raise _refusal(status, headers, error)
    if not isinstance(document, dict):
        raise BadAnswerError("not a JSON object", status=status)
    return document


def calls_in(data: Any, status: int) -> list[dict[str, Any]]:
    """Return the calls of `data`, an array by the API's document and an object by its newer pages; at least one.

    Raises NoSuchCallError where there is none, BadAnswerError where it is no such thing.
    """
    if isinstance(data, dict):
        data = [data]
    if data is None or data == "":
        data = []
    if not isinstance(data, list):
        raise BadAnswerError("data is neither an array nor an object", status=status)
    calls = [item for item in data if isinstance(item, dict) and item]
    if not calls and any(item for item in data):
        raise BadAnswerError("data holds no calls", status=status)
    if not calls:
        raise NoSuchCallError(status=status)
    return calls


def _document(headers: Mapping[str, str], body: bytes) -> Any:
    """Return the body as JSON, None where it is none, _TOO_LARGE where that can't be told."""
    try:
        unpacked = _unpacked(headers, body)
        if len(unpacked) > MAX_BODY:
            return _TOO_LARGE
        with suppress(
            ValueError
        ):  # pydantic's reader is three times as fast as json, which takes more for JSON
            return from_json(unpacked)
        return json.loads(unpacked.decode("utf-8-sig"))
    except (
        ValueError,
        RecursionError,
    ):  # not UTF-8, not JSON, a number of thousands of digits, nested too deep
        return None


def _unpacked(headers: Mapping[str, str], body: bytes) -> bytes:
    """Return the body, of one that is larger than MAX_BODY no more than shows that; raises ValueError."""
    if headers.get("content-encoding", "identity").strip().lower() in {"", "identity"}:
        return body
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        unpacked = unpacker.decompress(body, MAX_BODY + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if len(unpacked) <= MAX_BODY and not unpacker.eof:
        raise ValueError("cut off")
    return unpacked


def _refusal(status: int, headers: Mapping[str, str], error: Any) -> CallProblemError:
    """Say what a refusal means: by its code first, by the status second."""
    said = error.get("code") if isinstance(error, dict) else None
    code = said if isinstance(said, str) and _CODE.fullmatch(said) else None
    meaning = _by_code(code) or _by_status(status, code)
    if isinstance(meaning, str):
        return MisconfiguredError(meaning, status=status, code=code)
    if meaning is RateLimitedError:
        return RateLimitedError(_retry_after(headers), status=status, code=code)
    return meaning(status=status, code=code)


def _by_code(code: str | None) -> _Meaning | None:
    """Return what a code means; every AUTH_… that is not known otherwise is about the key, ERR_APP_… about the app."""
    if code is None:
        return None
    prefixes: dict[str, _Meaning] = {"AUTH_": "key", "ERR_APP_": "app"}
    by_prefix = (meaning for prefix, meaning in prefixes.items() if code.startswith(prefix))
    return _BY_CODE.get(code) or next(by_prefix, None)


def _by_status(status: int, code: str | None) -> _Meaning:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return NoSuchCallError if code else "key"  # a code nobody has documented: this user may not see it
    if status == HTTPStatus.NOT_FOUND:
        return NoSuchCallError if code else "base URL"  # some other server's 404 is not the API's answer
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return UnavailableError
    return _OTHER_STATUSES.get(status, BadAnswerError)


def _retry_after(headers: Mapping[str, str]) -> int | None:
    """Read `Retry-After`: seconds as CometChat documents it, or a date as RFC 9110 (10.2.3) allows.

    A date is held against the answer's own `Date`, since our clock may be another.
    """
    said = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(said):
        return min(int(said), _LONGEST_PAUSE)
    until, now = _http_date(said), _http_date(headers.get("date", ""))
    if until is None or now is None:
        return None
    return min(max(0, math.ceil((until - now).total_seconds())), _LONGEST_PAUSE)


def _http_date(text: str) -> datetime | None:
    """Return the time that a header names, None where it names none."""
    try:
        named = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return named if named.tzinfo else named.replace(tzinfo=UTC)
