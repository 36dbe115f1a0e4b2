from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.session_ids import found_in
from bot.cometchat import parse_session_id
from bot.listeners.payloads.texts import texts_of

ID = "v1.eu.2574867aa2e6e417.17158459999d7fa95b1b4faea599f11eb5ecf07611b0b335c3"
OTHER = "v1.us.31780434a95d45.1692368168aefba73a1e5938ad7a02f8e61ea1c9a287a08aeb"
UUID = "b7683aaf-090a-4204-8f84-7ddd652923aa"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (f"see {ID}.", [ID]),
        (f"({ID}), {OTHER}! {ID}", [ID, OTHER]),
        (f"<https://{ID}|{ID}>", [ID]),
        (f"<https://app.example/calls/{ID}?tab=1|the call>", [ID]),
        (f"https://app.example/?next=%2Fcalls%2F{ID}%3Fa", [ID]),
        ("v1.eu.2574867aa2e6e417.standup, as always", ["v1.eu.2574867aa2e6e417.standup"]),
        ("session: standup", ["standup"]),
        ("Session ID = “standup”", ["standup"]),
        ('{"sessionId": "team-room", "x": 1}', ["team-room"]),
        ("https://app.example/?sessionId=standup&amp;x=1", ["standup"]),
        ("the session is `standup`", ["standup"]),
        (f"session {UUID} failed", [UUID]),
        (f"call id #{UUID}", [UUID]),
        (f"session: {ID}", [ID]),
        ("the session was great", []),
        ("call: yes, room: 5", []),
        (UUID, []),
        (f"{ID[:40]}… was cut", []),
        (f"{ID[:40]}... was cut", []),
        ("session: https://app.example/", []),
        (f"x{ID}", []),
        ("", []),
        (f"*Session:* {ID}", [ID]),
        (f"*Session ID:*\n{UUID}", [UUID]),
        ("_Session:_ standup", ["standup"]),
        (f"*Session ID*\n{UUID}", [UUID]),
        (f"*session* {UUID}", [UUID]),
        (f"see {ID}.json and {OTHER}-rec", [ID, OTHER]),
        (f"_{ID}_ session_{OTHER}", [ID, OTHER]),
        ("Session: - ", []),
        ("Session: :white_check_mark: ok", []),
        ("Session: 🟢 live", []),
        ("Session: <@U0TONY>", []),
        ("session: <!date^1715845999^{time}|x>", []),
        ("sessionId=null", []),
    ],
)
def test_a_server_made_id_counts_anywhere_and_others_after_a_word_that_says_so(
    text: str, ids: list[str]
) -> None:
    assert list(found_in([text])) == ids


@given(st.lists(st.text(max_size=80), max_size=4))
def test_whatever_a_message_says_what_is_found_are_ids_without_repeats(texts: list[str]) -> None:
    found = found_in(texts)
    assert len(set(found)) == len(found)
    assert all(parse_session_id(each) == each for each in found)


filler = st.text(
    st.characters(exclude_categories=["L", "N", "Cs"], exclude_characters="_-./…%<>|&"), max_size=10
)
stamp_and_digits = st.from_regex(r"[0-9]{10}[0-9a-f]{40}", fullmatch=True)
planted = st.builds(lambda tail: f"v1.eu.2574867aa2e6e417.{tail}", stamp_and_digits)


@given(st.lists(st.tuples(filler, planted), min_size=1, max_size=12))
def test_every_id_that_a_text_mentions_is_found_in_order(parts: list[tuple[str, str]]) -> None:
    text = "".join(f"{before} {session_id} " for before, session_id in parts)
    assert list(found_in([text])) == list(dict.fromkeys(session_id for _, session_id in parts))


def nested(leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.sampled_from(["text", "elements", "fields", "value", "fallback", "url", "blocks", "title"])
    return st.recursive(
        leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
    )


@given(nested(st.text(max_size=20) | st.integers() | st.none()), planted)
def test_an_id_is_found_however_deep_a_message_has_it(noise: Any, session_id: str) -> None:
    message = {"blocks": [{"elements": [noise, {"elements": [{"url": f"https://x.example/{session_id}"}]}]}]}
    assert session_id in found_in(texts_of(message))


def test_slack_s_own_words_for_structure_are_not_read() -> None:
    message = {"type": "message", "ts": ID, "user": ID, "bot_profile": {"name": ID}, "text": "nothing"}
    assert list(texts_of(message)) == ["nothing"]


def test_a_message_is_read_in_the_order_that_people_read_it() -> None:
    message = {"attachments": [{"text": "3", "title": "2"}], "blocks": [{"text": {"text": "1"}}], "text": "0"}
    assert list(texts_of(message)) == ["0", "1", "2", "3"]


@given(nested(st.text(max_size=5) | st.booleans() | st.floats()))
def test_no_message_s_shape_breaks_the_reading(message: Any) -> None:
    assert all(isinstance(text, str) for text in texts_of(message))


def test_a_field_s_title_says_what_its_value_is() -> None:
    message = {"attachments": [{"fields": [{"title": "Session ID", "value": UUID, "short": True}]}]}
    assert list(found_in(texts_of(message))) == [UUID]


@pytest.mark.parametrize(
    "piece", ["v1.eu.aaaa.", "session: ", "session id is ", "v1.eu.aaaa.a.", "<<<<", "%25", "((("]
)
def test_a_text_made_to_take_long_is_read_to_its_bound_and_no_further(piece: str) -> None:
    assert "never-read" not in found_in([piece * 20_000 + "a…", "session: never-read"])


@given(
    st.sampled_from(["session: ", "session id=", "session is `", "v1.eu.2574867aa2e6e417."]),
    st.text(max_size=300),
)
def test_whatever_follows_a_word_that_promises_an_id_never_breaks_the_search(before: str, text: str) -> None:
    assert all(parse_session_id(each) for each in found_in([before + text]))
