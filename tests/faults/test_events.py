"""Each fault of CometChat's events, through the front door; `events.py` says what is expected."""

import pytest
from structlog.testing import capture_logs

from bot.playground import webhooks
from bot.playground.run import WEBHOOK_PASSWORD, playground
from tests.faults.events import EVENTS, Event
from tests.inbound.test_cometchat_events import basic, post

RUNG = webhooks.rung("call_unanswered", "superhero1", "superhero2", 1_763_812_800)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
async def test_an_event_that_is_not_taken_gets_that_status_and_one_line_in_the_log(event: Event) -> None:
    away = {} if event.store else {"database_url": "postgresql://u:s3cret@127.0.0.1:9/x?sslmode=disable"}
    with capture_logs() as logs:
        async with playground(**away) as ground:  # type: ignore[arg-type] # a setting's value
            headers = basic(password=event.password or WEBHOOK_PASSWORD)
            answers = [
                await post(ground.bot_url, RUNG if event.body is None else event.body, headers)
                for _ in range(2)
            ]
    assert [each.status_code for each in answers] == [event.status] * 2
    first, *more = [line for line in logs if line["event"] == "event refused"]
    assert (first["status"], first["reason"]) == (event.status, event.reason)
    assert [line["more"] for line in more] == [1]  # the second one is counted, as the bot ends
