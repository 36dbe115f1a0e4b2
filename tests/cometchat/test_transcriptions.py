"""The list of a session's transcriptions: the request, and what any response means."""

import json
from typing import Any

import pytest
from pydantic import SecretStr

from bot.cometchat import (
    BadAnswerError,
    CometChat,
    SessionId,
    Transcription,
    Uid,
    UnavailableError,
    UnsafeRequestError,
)
from bot.cometchat.parsing import parse_call
from bot.cometchat.transcriptions import list_transcriptions_request, parse_transcription_page
from bot.playground.cometchat import StandInCometChat
from bot.playground.samples import APP_ID, call_json
from bot.playground.spoken import spoken

UID = Uid("superhero1")
URL = "https://transcripts.cometchat.io/app/transcript_x.json"
AT = 1_763_812_800


def page(document: Any, status: int = 200, number: int = 1) -> Any:
    return parse_transcription_page(status, {}, json.dumps(document).encode(), page=number)


def test_a_request_is_on_behalf_of_the_user_and_names_its_page() -> None:
    parts = list_transcriptions_request(
        SessionId("a b?".replace(" ", "_").replace("?", "")), UID, "key", page=2
    )
    assert parts.path == "/calls/a_b/transcriptions?page=2&perPage=100"
    assert parts.headers["onBehalfOf"] == "superhero1"


@pytest.mark.parametrize(
    ("session_id", "uid", "number"), [("a/b", "superhero1", 1), ("a", "", 1), ("a", "superhero1", 0)]
)
def test_an_unsafe_request_is_never_made(session_id: str, uid: str, number: int) -> None:
    with pytest.raises(UnsafeRequestError):
        list_transcriptions_request(SessionId(session_id), Uid(uid), "key", page=number)


def test_every_key_is_optional_but_the_address() -> None:
    listed = [
        {"tid": "t", "mid": "m", "startTime": AT, "endTime": str(AT + 60), "transcriptUrl": URL},
        {"transcriptUrl": URL, "transcriptDate": "2025-11-22T12:00:00.000Z"},
        {"transcriptUrl": URL, "transcriptDate": "2025-11-22T12:00:00"},
        {"transcript_url": URL, "transcriptDate": "yesterday", "startTime": None},
        {"tid": "being written"},
        "junk",
        None,
    ]
    assert page({"data": listed}).transcriptions == (
        Transcription("t", "m", AT, AT + 60, URL),
        Transcription(started_at=AT, url=URL),
        Transcription(started_at=AT, url=URL),
        Transcription(url=URL),
    )


@pytest.mark.parametrize("data", [None, "", [], {}, "odd", 7])
def test_a_list_without_any_is_empty_and_the_last(data: Any) -> None:
    assert page({"data": data}).transcriptions == ()
    assert page({"data": data}).last


def test_an_object_in_place_of_a_list_is_one() -> None:
    assert len(page({"data": {"transcriptUrl": URL}}).transcriptions) == 1


@pytest.mark.parametrize(
    ("pagination", "number", "last"),
    [
        ({"total_pages": 2}, 1, False),
        ({"total_pages": 2}, 2, True),
        ({"total": 1}, 1, True),
        ({"total": 5}, 1, False),
        ({}, 1, False),
        (None, 1, False),
    ],
)
def test_the_pagination_says_whether_a_page_follows(
    pagination: Any,
    number: int,
    last: bool,  # noqa: FBT001 - a table
) -> None:
    document = {"data": [{"transcriptUrl": URL}], "meta": {"pagination": pagination}}
    assert page(document, number=number).last is last


def test_no_such_call_is_no_transcription_and_other_errors_are_raised() -> None:
    assert page({"error": {"code": "ERR_CALL_SESSION_NOT_FOUND"}}, 404).last
    with pytest.raises(UnavailableError):
        page({}, 500)
    with pytest.raises(BadAnswerError):
        page([])


def test_a_call_has_its_newest_ones_in_it_and_says_so_whatever_its_flag() -> None:
    call = parse_call({"hasTranscription": False, "transcriptions": [{"transcriptUrl": URL, "tid": "t"}]})
    assert call.has_transcription
    assert call.transcriptions == (Transcription("t", url=URL),)
    assert URL not in repr(call)
    assert parse_call({"transcriptions": "odd", "hasTranscription": False}).has_transcription is False


async def test_all_pages_are_listed_the_newest_first() -> None:
    api = StandInCometChat(api_key="key", app_id=APP_ID)
    api.serve("standup", [call_json(sessionId="standup")])
    api.transcribe("standup", *(spoken(f"t{number}", AT + number, 60, []) for number in range(150)))
    await api.start()
    async with CometChat(api.base_url, SecretStr("key")) as client:
        pages = [await client.list_transcriptions(SessionId("standup"), UID, page=each) for each in (1, 2)]
    await api.close()
    assert [each.last for each in pages] == [False, True]
    tids = [each.tid for page in pages for each in page.transcriptions]
    assert tids == [f"t{number}" for number in reversed(range(150))]
    assert api.without_on_behalf_of == 0
