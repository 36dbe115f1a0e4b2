"""Slack's messages and our acks, as values."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbound.deduplication import Response
from bot.inbound.slack_requests import MAX_BODY, RefusedRequestError
from bot.inbound.socket_mode.wire import Disconnect, Envelope, Hello, ack, parse

COMMAND = Envelope("e1", {"command": "/callinfo"}, accepts_payload=True)
EVENT = Envelope("e2", {"type": "event_callback", "event_id": "Ev1"}, accepts_payload=False)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"type": "hello", "num_connections": 4, "debug_info": {"host": "h"}}, Hello(4)),
        ({"type": "hello", "num_connections": "many"}, Hello(1)),
        ({"type": "disconnect", "reason": "warning"}, Disconnect("warning")),
        ({"type": "disconnect", "reason": "refresh_requested"}, Disconnect("refresh_requested")),
        ({"type": "disconnect", "reason": "<script>"}, Disconnect("other")),
        ({"type": "disconnect", "reason": ["warning"]}, Disconnect("other")),
        ({"type": "disconnect"}, Disconnect("other")),
        (
            {
                "type": "slash_commands",
                "envelope_id": "e1",
                "payload": {"command": "/callinfo"},
                "accepts_response_payload": True,
            },
            COMMAND,
        ),
        (
            {"type": "of_tomorrow", "envelope_id": "e3", "payload": {}},
            Envelope("e3", {}, accepts_payload=False),
        ),
        ({"type": "of_tomorrow"}, None),
        ({"type": "interactive", "envelope_id": "", "payload": {}}, None),
        ({"type": "interactive", "envelope_id": 5, "payload": {}}, None),
    ],
)
def test_what_slack_says_is_understood_and_what_is_new_is_tolerated(said: Any, meant: Any) -> None:
    assert parse(json.dumps(said)) == meant


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 400),
        ("not json", 400),
        ("[]", 400),
        ("[" * 50_000, 400),
        ('{"envelope_id": "e1", "payload": []}', 400),
        ('{"envelope_id": "e1", "payload": "' + "x" * MAX_BODY + '"}', 413),
    ],
    ids=["nothing", "words", "list", "deep", "payload", "large"],
)
def test_what_slack_does_not_send_is_refused(text: str, status: int) -> None:
    with pytest.raises(RefusedRequestError) as caught:
        parse(text)
    assert caught.value.status == status


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
NAMES = st.sampled_from(["type", "envelope_id", "payload", "reason", "num_connections", "event_id"])
WORDS = ANY_JSON | st.sampled_from(["hello", "disconnect", "interactive", "e1"])


@given(st.text() | ANY_JSON.map(json.dumps) | st.dictionaries(NAMES, WORDS).map(json.dumps))
def test_whatever_comes_is_a_message_or_nothing_or_refused(text: str) -> None:
    try:
        said = parse(text)
    except RefusedRequestError:
        return
    if isinstance(said, Envelope):
        assert len(said.identity) == 32
        assert json.loads(ack(said, Response(200, b"")) or "") == {"envelope_id": said.envelope_id}


@pytest.mark.parametrize(
    ("reason", "unwanted"),
    [
        ("warning", False),
        ("refresh_requested", False),
        ("other", False),
        ("link_disabled", True),
        ("too_many_websockets", True),
    ],
)
def test_most_connections_that_end_are_to_be_replaced_at_once(reason: str, unwanted: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert Disconnect(reason).is_unwanted is unwanted


def test_deliveries_of_one_event_are_the_same_and_of_two_commands_never() -> None:
    again = Envelope("e9", {"event_id": "Ev1", "event_time": 1}, accepts_payload=False)
    assert EVENT.identity == again.identity
    assert COMMAND.identity != Envelope("e2", COMMAND.payload, accepts_payload=True).identity
    assert COMMAND.identity == Envelope("e1", {}, accepts_payload=True).identity
    assert EVENT.identity != Envelope("Ev1", {}, accepts_payload=False).identity
    assert Envelope("e1", {"event_id": 5}, accepts_payload=False).event_id == ""


@pytest.mark.parametrize(
    ("envelope", "answer", "said"),
    [
        (COMMAND, Response(200, b""), {"envelope_id": "e1"}),
        (COMMAND, Response(200, b'{"text": "hi"}'), {"envelope_id": "e1", "payload": {"text": "hi"}}),
        (COMMAND, Response(200, "hé".encode()), {"envelope_id": "e1", "payload": {"text": "hé"}}),
        (EVENT, Response(200, b'{"text": "hi"}'), {"envelope_id": "e2"}),
    ],
)
def test_an_ack_has_the_answer_in_it_where_slack_takes_one(
    envelope: Envelope, answer: Response, said: dict[str, Any]
) -> None:
    text = ack(envelope, answer)
    assert text is not None
    assert json.loads(text) == said


def test_an_event_that_nobody_listens_to_is_acked_lest_it_comes_again() -> None:
    assert ack(EVENT, Response(404, b'{"error": "unhandled request"}')) == '{"envelope_id": "e2"}'
    assert ack(EVENT, Response(400, b"")) is None


@pytest.mark.parametrize("status", [400, 404, 503])
def test_there_is_no_ack_for_what_was_not_done(status: int) -> None:
    assert ack(COMMAND, Response(status, b"no")) is None
