"""What the metrics count of requests to CometChat."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from bot.cometchat import (
    BadAnswerError,
    CallProblemError,
    CometChat,
    FileGoneError,
    MisconfiguredError,
    NoAnswerInTimeError,
    NoSuchCallError,
    PlanRestrictedError,
    RateLimitedError,
    SessionId,
    Uid,
    UnavailableError,
    UnknownUidError,
    UntrustedAddressError,
)
from bot.identity import SlackUser
from bot.inbound.metric_labels import LABELS
from bot.observability.metrics import OTHER, Metrics
from bot.playground.cometchat import StandInCometChat
from bot.playground.samples import APP_ID
from bot.throttling.client import ThrottledClient, outcome_of
from tests.listeners.people import TONY
from tests.scraping import told, value
from tests.throttling.people import noted

STANDUP, TONY_S = SessionId("standup"), Uid("superhero1")
PERSON = SlackUser(None, "T01", TONY)


@pytest.mark.parametrize(
    ("error", "label"),
    [
        (NoSuchCallError(), "not_found"),
        (UnknownUidError(), "unknown_uid"),
        (MisconfiguredError("key"), "refused_key"),
        (MisconfiguredError("app"), "misconfigured"),
        (MisconfiguredError("base URL"), "misconfigured"),
        (RateLimitedError(3), "rate_limited"),
        (PlanRestrictedError(), "plan_restricted"),
        (UnavailableError(status=502), "server_error"),
        (UnavailableError("ClientConnectorError"), "unreachable"),
        (NoAnswerInTimeError(), "timeout"),
        (BadAnswerError(), "bad_answer"),
        (FileGoneError(status=404), "no_file"),
        (UntrustedAddressError(), "untrusted"),
    ],
    ids=str,
)
def test_every_way_in_which_cometchat_fails_has_a_label(error: CallProblemError, label: str) -> None:
    assert outcome_of(error) == label


def test_no_kind_of_problem_with_cometchat_was_forgotten() -> None:
    known = {"RateLimitedError": (3,), "MisconfiguredError": ("key",)}
    # Not those that another test defines
    kinds = [
        kind for kind in CallProblemError.__subclasses__() if kind.__module__ == CallProblemError.__module__
    ]
    labels = {outcome_of(kind(*known.get(kind.__name__, ()))) for kind in kinds}
    assert len(labels) == len(kinds) > 0


async def test_a_request_to_cometchat_is_counted_with_what_became_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.observability.metrics.KEPT_SECONDS", 0.0)
    metrics = Metrics(LABELS)
    async with (
        stand_in() as api,
        CometChat(api.base_url, SecretStr("key"), pause=lambda: 0.0) as client,
    ):
        measured = ThrottledClient(client, metrics, noted())
        await measured.check_user(TONY_S)
        with pytest.raises(UnknownUidError):
            await measured.check_user(Uid("nobody"))
        api.hang(STANDUP, times=1)
        asking = asyncio.create_task(measured.get_call(PERSON, STANDUP, TONY_S))
        async with asyncio.timeout(8):
            while not api.in_flight:  # noqa: ASYNC110 - the stand-in tells nobody
                await asyncio.sleep(0.01)
        assert value(told(metrics), "callinfo_upstream_requests_in_flight") == 1
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.sleep(0)
        api.answer(STANDUP, status=502, times=1, body="")
        api.answer(STANDUP, status=429, body="{}")
        with pytest.raises(RateLimitedError):  # after the one retry
            await measured.get_call(PERSON, STANDUP, TONY_S)
    text, requests = told(metrics), "callinfo_upstream_requests_total"
    assert value(text, requests, request="check_user", outcome="found") == 1
    assert value(text, requests, request="check_user", outcome="unknown_uid") == 1
    assert value(text, requests, request="get_call", outcome="rate_limited") == 1
    assert value(text, requests, request="get_call", outcome=OTHER) == 1
    assert value(text, requests) == 4
    assert value(text, "callinfo_upstream_requests_in_flight") == 0


@asynccontextmanager
async def stand_in() -> AsyncIterator[StandInCometChat]:
    api = StandInCometChat(api_key="key", app_id=APP_ID)
    await api.start()
    try:
        yield api
    finally:
        await api.close()
