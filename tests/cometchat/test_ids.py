import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cometchat import CallsApp, InvalidSessionIdError, SessionId, app_of, parse_session_id, parse_uid

SERVER_MADE = "v1.eu.2574867aa2e6e417.17158459999d7fa95b1b4faea599f11eb5ecf07611b0b335c3"


@pytest.mark.parametrize(
    "text", [SERVER_MADE, "standup", "b7683aaf-090a-4204-8f84-7ddd652923aa", "a.b", "café"]
)
def test_any_single_path_segment_is_a_session_id_and_stays_as_it_is(text: str) -> None:
    assert parse_session_id(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "a/b",
        "a\\b",
        "a?b",
        "a#b",
        "a%2Fb",
        "a b",
        "a\nb",
        "a\u200bb",
        "a\u00a0b",
        "\ud800",
        "x" * 256,
    ],
)
def test_what_can_not_be_one_path_segment_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(InvalidSessionIdError, match="it "):
        parse_session_id(text)


@pytest.mark.parametrize(
    ("text", "uid"), [("superhero1", "superhero1"), ("SuperHero1", "superhero1"), (" a_b-c ", "a_b-c")]
)
def test_a_uid_is_kept_in_lower_case_as_cometchat_keeps_it(text: str, uid: str) -> None:
    assert parse_uid(text) == uid


@pytest.mark.parametrize(
    "text", ["", " ", "me@example.com", "a b", "ü", "\u212aelvin", "x" * 101, "a\r\nX-Evil: 1"]
)
def test_what_cometchat_can_not_have_as_a_uid_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="UID"):
        parse_uid(text)


def test_a_server_made_id_names_its_app_and_region() -> None:
    assert app_of(SessionId(SERVER_MADE)) == CallsApp(app_id="2574867aa2e6e417", region="eu")
    assert app_of(SessionId("v1.us.2547167fe69871fd.standup")) == CallsApp(
        app_id="2547167fe69871fd", region="us"
    )


@given(st.text(max_size=40).filter(lambda text: not text.startswith("v1.")))
def test_other_ids_name_no_app(text: str) -> None:
    assert app_of(SessionId(text)) is None
