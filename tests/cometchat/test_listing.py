import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cometchat import (
    BadAnswerError,
    CallPage,
    CallProblemError,
    CallQuery,
    MisconfiguredError,
    RateLimitedError,
    Uid,
    UnknownUidError,
    UnsafeRequestError,
)
from bot.cometchat.client import MAX_BODY
from bot.cometchat.listing import MAX_PER_PAGE, list_calls_request, parse_page
from bot.cometchat.parsing import MAX_PEOPLE
from bot.playground.samples import call_json, participant_json

UID = Uid("superhero1")
FIRST = CallQuery()


def body(document: object) -> bytes:
    return json.dumps(document).encode()


def page(document: object, *, status: int = 200, listing: CallQuery = FIRST) -> CallPage:
    return parse_page(status, {}, body(document), listing)


def test_the_request_names_the_user_twice_and_what_is_sought() -> None:
    parts = list_calls_request(CallQuery(3, 20, "video", "ended"), UID, "key")
    assert parts.path == "/calls?uid=superhero1&page=3&perPage=20&type=video&status=ended"
    assert (parts.headers["onBehalfOf"], parts.headers["apiKey"]) == ("superhero1", "key")
    assert list_calls_request(FIRST, UID, "key").path == "/calls?uid=superhero1&page=1&perPage=40"


@given(st.text())
def test_whoever_is_no_user_there_is_no_request_that_would_list_all_calls(text: str) -> None:
    try:
        parts = list_calls_request(FIRST, Uid(text), "key")
    except UnsafeRequestError:
        return
    uid = parts.headers["onBehalfOf"]
    assert uid
    assert f"uid={uid}&page=1" in parts.path


@pytest.mark.parametrize(
    "listing",
    [
        CallQuery(0),
        CallQuery(100_001),
        CallQuery(1, 0),
        CallQuery(1, MAX_PER_PAGE + 1),
        CallQuery(type="audio&uid=superhero2"),
        CallQuery(status=""),
    ],
)
def test_what_no_listing_can_be_is_never_sent(listing: CallQuery) -> None:
    with pytest.raises(UnsafeRequestError):
        list_calls_request(listing, UID, "key")


@pytest.mark.parametrize(
    "document",
    [{"data": []}, {"data": None}, {"data": ""}, {}, {"data": {}}, {"data": [{}]}, {"data": [], "meta": 1}],
)
def test_a_list_without_calls_is_an_empty_page(document: object) -> None:
    assert page(document) == CallPage((), 200, last=True)


def test_a_user_without_calls_may_be_refused_like_one_without_that_call() -> None:
    refused = {"error": {"code": "ERR_CALL_SESSION_NOT_FOUND", "message": "none"}}
    assert page(refused, status=404) == CallPage((), 404, last=True)


def test_calls_come_newest_first_whatever_the_order_of_the_answer() -> None:
    raw = [call_json(mid=str(at), startedAt=at) for at in (1_700_000_100, 1_700_000_300, 1_700_000_200)]
    shuffled, ordered = page({"data": raw}), page({"data": sorted(raw, key=lambda call: -call["startedAt"])})
    assert [call.mid for call in shuffled.calls] == ["1700000300", "1700000200", "1700000100"]
    assert list(shuffled.calls) == list(ordered.calls)
    assert (shuffled.newest_first, ordered.newest_first) == (False, True)
    assert not page({"data": raw[:1]}).newest_first, "one call shows no order"


def test_an_api_that_gives_the_oldest_first_is_noticed_unless_that_is_all_there_is() -> None:
    raw = [call_json(mid=str(at), startedAt=at) for at in range(1_700_000_000, 1_700_000_005)]
    assert page({"data": raw}).oldest_first
    assert page({"data": raw, "meta": {"pagination": {"total_pages": 2}}}).oldest_first
    assert not page({"data": raw, "meta": {"pagination": {"total_pages": 1}}}).oldest_first
    last = {"data": raw, "meta": {"pagination": {"total_pages": 2}}}
    assert page(last, listing=CallQuery(2)).oldest_first, "it is not all there is"
    assert not page({"data": raw[::-1]}).oldest_first
    assert not page({"data": raw[:2]}).oldest_first, "two may be so by chance"
    assert not page({"data": [raw[0], *raw]}).oldest_first


def test_one_call_may_come_as_an_object_and_junk_among_calls_is_passed_over() -> None:
    assert len(page({"data": call_json()}).calls) == 1
    assert len(page({"data": [None, 7, call_json(), "x", {}]}).calls) == 1


@pytest.mark.parametrize(
    ("pagination", "number", "last"),
    [
        ({"total_pages": 1}, 1, True),
        ({"total_pages": 2}, 1, False),
        ({"total_pages": "2"}, 2, True),
        ({"total_pages": None, "total": 1}, 1, True),
        ({"total": 2}, 1, False),
        ({"total": 2}, 2, False),
        ({"total_pages": 0}, 1, False),
        ({"total_pages": -1, "total": "many"}, 1, False),
        ({"current_page": 1}, 1, False),
        (None, 1, False),
        ([], 1, False),
    ],
)
def test_whether_more_follow_is_believed_where_it_is_said_and_left_open_where_not(
    pagination: object, number: int, *, last: bool
) -> None:
    document = {"data": [call_json()], "meta": {"pagination": pagination}}
    assert page(document, listing=CallQuery(number)).last is last


@pytest.mark.parametrize("meta", [None, [], "x", {"pagination": 7}])
def test_an_odd_meta_says_nothing(meta: object) -> None:
    assert not page({"data": [call_json()], "meta": meta}).last


@pytest.mark.parametrize(
    ("status", "document", "error"),
    [
        (404, {"error": {"code": "ERR_UID_NOT_FOUND"}}, UnknownUidError),
        (401, {"error": {"code": "AUTH_ERR_APIKEY_NOT_FOUND"}}, MisconfiguredError),
        (404, {}, MisconfiguredError),
        (429, {}, RateLimitedError),
        (200, {"error": {"code": "ERR_TOO_MANY_REQUESTS"}}, RateLimitedError),
        (200, {"data": "calls"}, BadAnswerError),
        (200, {"data": [1, 2]}, BadAnswerError),
        (200, [], BadAnswerError),
    ],
)
def test_refusals_and_nonsense_mean_what_they_mean_for_one_call(
    status: int, document: object, error: type[CallProblemError]
) -> None:
    with pytest.raises(error):
        page(document, status=status)


def test_a_page_of_the_largest_calls_stays_within_what_is_read() -> None:
    people = [
        participant_json(
            f"cometchat-uid-{number}", name="A rather long name", avatar="https://a.b/" + "x" * 60
        )
        for number in range(50)
    ]
    assert len(body({"data": [call_json(participants=people)] * MAX_PER_PAGE})) < MAX_BODY


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.fixed_dictionaries({}, optional={"data": json_values, "meta": json_values, "error": json_values}))
def test_whatever_comes_is_a_page_or_one_of_our_errors(document: dict[str, Any]) -> None:
    with suppress(CallProblemError):
        assert isinstance(page(document), CallPage)


def test_of_an_answer_without_end_only_some_calls_are_read_the_newest() -> None:
    read = page({"data": [{"startedAt": number, "initiator": UID} for number in range(1, 20_000)]})
    starts = [call.began_at for call in read.calls]
    assert starts == [*range(19_999, 19_999 - len(starts), -1)]
    assert 5_000 < len(starts) < 6_000
    assert read.oldest_first


def test_a_page_of_very_large_calls_is_read_whole() -> None:
    people = [{"uid": f"u{number}"} for number in range(2 * MAX_PEOPLE)]
    read = page({"data": [{"startedAt": number, "participants": people} for number in range(MAX_PER_PAGE)]})
    assert [len(call.participants) for call in read.calls] == [MAX_PEOPLE] * MAX_PER_PAGE
    many = page({"data": [{"startedAt": number, "participants": people[:500]} for number in range(150)]})
    assert len(many.calls) == MAX_PER_PAGE
