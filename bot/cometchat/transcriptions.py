"""A session's transcriptions as pure functions: the request for a page of them, and what the response means.

`meta.pagination` may be missing, and `page` be ignored: callers stop where a page has nothing new. The files themselves
are transcript_file.py's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.cometchat.errors import NoSuchCallError, UnsafeRequestError
from bot.cometchat.ids import SessionId, Uid
from bot.cometchat.listing import MAX_PAGE, is_last_page
from bot.cometchat.models import Transcription
from bot.cometchat.parsing import parse_transcriptions
from bot.cometchat.wire import RequestParts, accepted, get_call_request

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class TranscriptionPage:
    """The transcriptions of a page, the newest first as the API gives them. `last`: the API says that no page follows."""

    transcriptions: tuple[Transcription, ...]
    last: bool


def list_transcriptions_request(
    session_id: SessionId, on_behalf_of: Uid, api_key: str, *, page: int = 1
) -> RequestParts:
    """Return the request for a page of a session's transcriptions, `page` counted from 1; raises UnsafeRequestError."""
    if not 1 <= page <= MAX_PAGE:
        raise UnsafeRequestError("no such page")
    call = get_call_request(session_id, on_behalf_of, api_key)
    query = urlencode({"page": page, "perPage": PER_PAGE})
    return RequestParts(f"{call.path}/transcriptions?{query}", call.headers)


def parse_transcription_page(
    status: int, headers: Mapping[str, str], body: bytes, *, page: int = 1
) -> TranscriptionPage:
    """Return the page, which may be empty: the API may say so by an error.

    `headers` have lower-case names, `body` is decoded. Raises a CallProblemError.
    """
    try:
        document = accepted(status, headers, body)
    except NoSuchCallError:
        return TranscriptionPage((), last=True)
    data = document.get("data")
    found = parse_transcriptions([data] if isinstance(data, dict) else data)
    listed = len(data) if isinstance(data, list) else len(found)
    last = not listed or is_last_page(document.get("meta"), page, listed)
    return TranscriptionPage(found, last=last)
