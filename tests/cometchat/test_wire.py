import json
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cometchat import (
    BadAnswerError,
    CallProblemError,
    InvalidSessionIdError,
    MisconfiguredError,
    NoSuchCallError,
    PlanRestrictedError,
    RateLimitedError,
    SessionId,
    Uid,
    UnavailableError,
    UnknownUidError,
    UnsafeRequestError,
    parse_session_id,
)
from bot.cometchat.wire import check_user_request, get_call_request, parse_calls, parse_known
from bot.playground.samples import call_json

NESTED = json.loads("[" * 300 + "]" * 300)

UID = Uid("superhero1")


def body(document: object) -> bytes:
    return json.dumps(document).encode()


def refusal(status: int, code: str | None, **headers: str) -> CallProblemError:
    error = {"error": {"code": code, "message": "The API key abcdef123 is wrong"}} if code else {}
    with pytest.raises(CallProblemError) as caught:
        parse_calls(status, headers, body(error))
    return caught.value


def test_the_request_names_the_user_it_acts_for_and_one_path_segment() -> None:
    parts = get_call_request(SessionId("v1.eu.app:1"), UID, "key")
    assert parts.path == "/calls/v1.eu.app%3A1"
    assert parts.headers["onBehalfOf"] == "superhero1"
    assert parts.headers["apiKey"] == "key"


@pytest.mark.parametrize("uid", ["", " ", "a b", "me@example.com"])
def test_without_a_usable_uid_there_is_no_request(uid: str) -> None:
    with pytest.raises(UnsafeRequestError):
        get_call_request(SessionId("standup"), Uid(uid), "key")


def test_the_key_does_not_show_in_the_request_s_repr() -> None:
    assert "s3cret" not in repr(get_call_request(SessionId("standup"), UID, "s3cret"))


@given(st.text())
def test_whatever_the_id_the_path_is_calls_and_one_segment(text: str) -> None:
    try:
        parts = get_call_request(SessionId(text), UID, "key")
    except UnsafeRequestError:
        with pytest.raises(InvalidSessionIdError):
            parse_session_id(text)
        return
    root, calls, segment = parts.path.split("/")
    assert (root, calls) == ("", "calls")
    assert unquote(segment) == text
    assert segment.strip(".")
    assert not set(segment) & set("?#\\ ")


@pytest.mark.parametrize("data", [[call_json()], call_json()])
def test_data_may_be_an_array_or_an_object(data: object) -> None:
    (call,) = parse_calls(200, {}, body({"data": data}))
    assert call.status == "ended"
    assert call.participants


@pytest.mark.parametrize(
    "document", [{"data": []}, {"data": None}, {"data": {}}, {"data": ""}, {}, {"data": [{}]}]
)
def test_a_200_without_a_call_means_no_such_call(document: object) -> None:
    with pytest.raises(NoSuchCallError):
        parse_calls(200, {}, body(document))


def test_the_calls_of_a_session_come_newest_first_whatever_their_order() -> None:
    documents = [
        {"mid": "old", "initiatedAt": 1715840000},
        {"mid": "new", "initiatedAt": 1715840000, "startedAt": 1715860000},
        {"mid": "middle", "initiatedAt": 1715850000},
    ]
    assert [call.mid for call in parse_calls(200, {}, body({"data": documents}))] == ["new", "middle", "old"]


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "ERR_CALL_SESSION_NOT_FOUND", NoSuchCallError),
        (400, "ERR_CALL_NOT_A_PART", NoSuchCallError),
        (401, "ERR_GROUP_NOT_JOINED", NoSuchCallError),
        (404, "ERR_NOT_A_MEMBER", NoSuchCallError),
        (403, "ERR_OF_SOME_KIND", NoSuchCallError),
        (404, "ERR_OF_SOME_KIND", NoSuchCallError),
        (404, None, MisconfiguredError),
        (401, "ERR_APP_SUSPENDED", MisconfiguredError),
        (404, "ERR_APP_NOT_FOUND", MisconfiguredError),
        (404, "ERR_UID_NOT_FOUND", UnknownUidError),
        (401, "AUTH_ERR_APIKEY_NOT_FOUND", MisconfiguredError),
        (401, None, MisconfiguredError),
        (403, None, MisconfiguredError),
        (404, "ERR_API_NOT_FOUND", MisconfiguredError),
        (429, "ERR_TOO_MANY_REQUESTS", RateLimitedError),
        (429, None, RateLimitedError),
        (403, "ERR_PLAN_RESTRICTION", PlanRestrictedError),
        (402, None, PlanRestrictedError),
        (500, "ERR_EXCEPTION", UnavailableError),
        (503, None, UnavailableError),
        (500, "ERR_CALL_SESSION_NOT_FOUND", NoSuchCallError),
        (200, "ERR_CALL_SESSION_NOT_FOUND", NoSuchCallError),
        (200, "ERR_OF_SOME_KIND", BadAnswerError),
        (400, None, BadAnswerError),
        (418, "lower case", BadAnswerError),
    ],
)
def test_a_refusal_is_told_by_its_code_first_and_its_status_second(
    status: int, code: str | None, kind: type[CallProblemError]
) -> None:
    document = {"error": {"code": code, "message": "words"}} if code else {}
    with pytest.raises(kind) as caught:
        parse_calls(status, {}, body(document))
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("AUTH_ERR_EMPTY_APIKEY", "key"),
        ("AUTH_ERR_NO_ACCESS", "key"),
        ("AUTH_ERR_SOMETHING_NEW", "key"),
        ("AUTH_ERR_INVALID_APPID", "app"),
        ("ERR_INVALID_API_VERSION", "base URL"),
    ],
)
def test_a_wrong_configuration_is_told_apart(code: str, what: str) -> None:
    error = refusal(401, code)
    assert isinstance(error, MisconfiguredError)
    assert error.what == what


def test_cometchat_s_own_words_are_never_kept_since_they_echo_the_key() -> None:
    error = refusal(401, "AUTH_ERR_APIKEY_NOT_FOUND")
    assert "abcdef123" not in f"{error!r} {error} {vars(error)}"


LATER = "Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "999999999"}, 3600),
        ({}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": LATER, "date": "Sun, 06 Nov 1994 08:49:07 GMT"}, 30),
        ({"retry-after": LATER, "date": "Sun, 06 Nov 1994 08:49:07 -0000"}, 30),
        ({"retry-after": LATER, "date": "Sun, 06 Nov 1994 09:49:07 GMT"}, 0),
        ({"retry-after": LATER, "date": "Sun, 06 Nov 1994 01:49:07 GMT"}, 3600),
        ({"retry-after": LATER}, None),
        ({"retry-after": LATER, "date": "today"}, None),
        ({"retry-after": "Sun, 99 Nov 99999999999 08:49:37 GMT", "date": LATER}, None),
    ],
)
def test_the_pause_that_cometchat_asks_for_is_read_in_seconds_or_as_a_date_by_its_own_clock(
    header: dict[str, str], seconds: int | None
) -> None:
    with pytest.raises(RateLimitedError) as caught:
        parse_calls(429, header, b"{}")
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_means_a_wrong_base_url(status: int) -> None:
    with pytest.raises(MisconfiguredError, match="base URL"):
        parse_calls(status, {"location": "https://evil.example/"}, b"")


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (200, b"<html>hello</html>", BadAnswerError),
        (404, b"<html>not here</html>", MisconfiguredError),
        (502, b"<html>bad gateway</html>", UnavailableError),
        (200, b"\xff\xfe\x00", BadAnswerError),
        (200, b"[]", BadAnswerError),
        (200, b"null", BadAnswerError),
        (200, b'{"data": "text"}', BadAnswerError),
        (200, b'{"data": [1, "two"]}', BadAnswerError),
        (200, b"[" * 100_000, BadAnswerError),
        (200, b'{"data": ' + b"9" * 5000 + b"}", BadAnswerError),
        (200, b"", BadAnswerError),
    ],
)
def test_an_answer_that_makes_no_sense_is_told_so(
    status: int, answer: bytes, kind: type[CallProblemError]
) -> None:
    with pytest.raises(kind):
        parse_calls(status, {}, answer)


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + json.dumps({"data": call_json(mid="told")}).encode(),
        json.dumps({"data": call_json(mid="told"), "note": "\ud83d"}).encode(),
        json.dumps({"data": call_json(mid="told"), "meta": NESTED}).encode(),
    ],
    ids=["a byte order mark", "half of an emoji", "three hundred levels"],
)
def test_what_only_a_patient_reader_takes_for_json_is_read(body: bytes) -> None:
    assert [call.mid for call in parse_calls(200, {}, body)] == ["told"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
CALL_KEYS = [*sorted(call_json()), "recordings", "hasTranscription", "totalDuration"]


@given(st.dictionaries(st.sampled_from(CALL_KEYS), json_values, max_size=12))
def test_any_values_under_the_known_keys_give_a_call_or_no_call_and_never_a_crash(
    raw: dict[str, Any],
) -> None:
    try:
        calls = parse_calls(200, {}, json.dumps({"data": raw}).encode())
    except CallProblemError:
        assert not raw
        return
    assert len(calls) == 1


@given(st.binary(max_size=300), st.integers(200, 599))
def test_any_bytes_with_any_status_give_calls_or_a_problem(answer: bytes, status: int) -> None:
    try:
        parse_calls(status, {}, answer)
    except CallProblemError as problem:
        told = problem.status
    else:
        told = status
    assert told in {status, None}


def test_a_user_is_checked_by_their_own_list_of_calls() -> None:
    parts = check_user_request(Uid("SuperHero1"), "key")
    assert parts.path == "/calls?uid=superhero1&perPage=1"
    assert parts.headers["onBehalfOf"] == "superhero1"


@pytest.mark.parametrize("uid", ["", "a b", "a/b", "a&b=c"])
def test_a_user_who_can_t_be_is_not_asked_about(uid: str) -> None:
    with pytest.raises(UnsafeRequestError):
        check_user_request(Uid(uid), "key")


@pytest.mark.parametrize(
    ("status", "document"),
    [(200, {"data": []}), (200, {"data": [call_json()]}), (404, {"error": {"code": "ERR_SOMETHING_ELSE"}})],
)
def test_a_user_with_or_without_calls_is_known(status: int, document: object) -> None:
    parse_known(status, {}, body(document))


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (404, "ERR_UID_NOT_FOUND", UnknownUidError),
        (401, "AUTH_ERR_APIKEY_NOT_FOUND", MisconfiguredError),
        (302, None, MisconfiguredError),
        (429, None, RateLimitedError),
        (500, None, UnavailableError),
        (400, None, BadAnswerError),
    ],
)
def test_a_refusal_about_a_user_means_what_it_means_about_a_call(
    status: int, code: str | None, error: type[CallProblemError]
) -> None:
    with pytest.raises(error):
        parse_known(status, {}, body({"error": {"code": code}} if code else {}))
