"""What is counted when people, Slack and CometChat do what they do; and that nobody can name a label."""

import asyncio
import os
import signal
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import ProcessCollector

from bot import __version__
from bot.inbound.metric_labels import LABELS
from bot.observability.metrics import OTHER, Metrics
from bot.playground.run import SIGNING_SECRET, Playground, playground
from bot.playground.slack import sign
from tests.listeners.people import ALEX, ROBIN, TONY, sample, summary_of
from tests.plain_http import plain_http
from tests.process import process
from tests.scraping import counted, samples, scraped, told, value


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.observability.metrics.KEPT_SECONDS", 0.0)


async def test_prometheus_gets_the_text_format_that_it_is_told(ground: Playground) -> None:
    async with plain_http() as client:
        answer = await client.get(f"{ground.bot_url}/metrics", headers={"Accept": "text/html, */*;q=0.1"})
        head = await client.head(f"{ground.bot_url}/metrics")
        posted = await client.post(f"{ground.bot_url}/metrics", content=b"x")
    assert (answer.status_code, head.status_code, posted.status_code) == (200, 200, 405)
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert value(answer.text, "callinfo_build_info", version=__version__) == 1
    assert value(answer.text, "callinfo_store_up") == 1
    assert value(answer.text, "callinfo_draining") == 0
    assert "_created" not in answer.text


async def test_a_command_is_counted_and_timed_once(ground: Playground) -> None:
    await ground.slack.command(TONY, ground.samples[0].session_id)
    text = await scraped(ground.bot_url)
    assert value(text, "callinfo_interactions_total", kind="command", outcome="found") == 1
    assert value(text, "callinfo_interactions_total") == 1
    assert value(text, "callinfo_ack_duration_seconds_count", kind="command") == 1
    assert value(text, "callinfo_answer_duration_seconds_count", kind="command") == 1
    assert 0 < value(text, "callinfo_answer_duration_seconds_sum") < 5  # seconds, no milliseconds
    assert value(text, "callinfo_upstream_requests_total", request="get_call", outcome="found") == 1
    assert value(text, "callinfo_upstream_request_duration_seconds_count", request="get_call") == 1
    assert value(text, "callinfo_interactions_in_flight") == 0
    assert value(text, "callinfo_upstream_requests_in_flight") == 0


async def test_each_way_in_is_a_kind_of_its_own(ground: Playground) -> None:
    session_id = ground.samples[0].session_id
    message = await summary_of(ground, TONY, session_id)
    await ground.slack.press(TONY, message.ts, "call_details")
    await counted(ground.bot_url, "callinfo_interactions_total", kind="details", outcome="details")
    await ground.slack.press(TONY, message.ts, "share_call")
    await counted(ground.bot_url, "callinfo_interactions_total", kind="share", outcome="shared")
    await ground.slack.command(ROBIN, session_id)
    text = await scraped(ground.bot_url)
    assert value(text, "callinfo_interactions_total", outcome="not_linked") == 1
    assert value(text, "callinfo_interactions_total", kind=OTHER) == 0
    assert value(text, "callinfo_interactions_total", outcome=OTHER) == 0


async def test_who_waits_for_an_ack_is_in_flight_and_so_is_what_goes_on_after_it(ground: Playground) -> None:
    card = await summary_of(ground, TONY, sample(ground, "Going on now").session_id)
    ground.cometchat.held = asyncio.Event()
    asking = asyncio.create_task(ground.slack.command(TONY, ground.samples[0].session_id))
    await ground.slack.press(TONY, card.ts, "call_details")  # acked at once, filled later
    text = await counted(ground.bot_url, "callinfo_upstream_requests_in_flight", least=2)
    assert value(text, "callinfo_interactions_in_flight") == 2
    ground.cometchat.held.set()
    await asking
    await counted(ground.bot_url, "callinfo_interactions_total", kind="details")
    text = await counted(ground.bot_url, "callinfo_interactions_in_flight", least=0, most=0)
    assert value(text, "callinfo_upstream_requests_in_flight") == 0


async def test_an_interaction_that_outlives_its_ack_is_in_flight_once() -> None:
    async with playground(callinfo_answer_within=0.1) as ground:
        ground.cometchat.held = asyncio.Event()
        delivery = await ground.slack.command(TONY, ground.samples[0].session_id)
        assert "This is taking" in str(delivery.message)
        text = await scraped(ground.bot_url)
        assert value(text, "callinfo_interactions_in_flight") == 1
        assert value(text, "callinfo_interactions_total") == 0
        ground.cometchat.held.set()
        text = await counted(ground.bot_url, "callinfo_interactions_total", outcome="found")
        ack = value(text, "callinfo_ack_duration_seconds_sum")
        assert 0.1 <= ack < value(text, "callinfo_answer_duration_seconds_sum")


async def test_what_slack_does_not_take_is_counted_by_the_way_it_went(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.slack.fail("response_url", status=404, times=9)
    await ground.slack.press(TONY, card.ts, "share_call")
    await counted(ground.bot_url, "callinfo_reply_failures_total", route="response_url")
    ground.slack.recover()
    ground.slack.fail("views.update", status=500, times=9)
    await ground.slack.press(TONY, card.ts, "call_details")
    text = await counted(ground.bot_url, "callinfo_reply_failures_total", route="views")
    assert value(text, "callinfo_reply_failures_total", route="views") == 1  # of two tries
    ground.slack.recover()
    ground.slack.fail("chat.postMessage", status=500, times=9)
    await ground.slack.command(ALEX, f"link <@{ROBIN}> superhero4")
    await counted(ground.bot_url, "callinfo_reply_failures_total", route="chat")


@pytest.mark.parametrize("tries", [1, 2])
async def test_a_modal_that_was_closed_is_no_failure(ground: Playground, tries: int) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.slack.fail("views.update", status=500, times=tries - 1)
    ground.slack.fail("views.update", status=200, body={"ok": False, "error": "not_found"})
    await ground.slack.press(TONY, card.ts, "call_details")
    text = await counted(ground.bot_url, "callinfo_interactions_total", kind="details")
    assert value(text, "callinfo_reply_failures_total") == 0


async def test_a_reply_that_takes_too_long_is_a_failure(ground: Playground) -> None:
    card = await summary_of(ground, TONY, sample(ground, "Going on now").session_id)
    ground.slack.fail("response_url", status=None, delay=4.0, times=9)
    await ground.slack.press(TONY, card.ts, "refresh_call")
    await counted(ground.bot_url, "callinfo_reply_failures_total", route="response_url")


async def test_what_is_not_slack_s_is_counted_by_status(ground: Playground) -> None:
    async with plain_http() as client:
        await client.post(f"{ground.bot_url}/slack/events", content=b"x")
    body = urlencode({"command": "/another", "text": "x"})  # Slack's by its signature, but not for us
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with plain_http() as client:
        signed = headers | sign(SIGNING_SECRET, body, time.time())
        await client.post(f"{ground.bot_url}/slack/events", content=body, headers=signed)
    text = await scraped(ground.bot_url)
    assert value(text, "callinfo_refused_requests_total", status="401") == 1
    assert value(text, "callinfo_refused_requests_total", status="404") == 1
    assert value(text, "callinfo_refused_requests_total") == 2


async def test_a_database_out_of_reach_shows() -> None:
    async with playground(database_url="postgresql://nobody@127.0.0.1:9/none") as ground:
        await ground.slack.command(TONY, "standup")
        assert value(await scraped(ground.bot_url), "callinfo_store_up") == 0


async def test_metrics_are_told_while_the_bot_drains() -> None:
    async with process(CALLINFO_ANSWER_WITHIN="0.1") as bot:
        bot.cometchat.held = asyncio.Event()
        await bot.slack.command(TONY, bot.samples[0].session_id)
        bot.child.send_signal(signal.SIGTERM)
        text = await counted(bot.url, "callinfo_draining")
        assert value(text, "callinfo_interactions_in_flight") == 1
        assert value(text, "process_resident_memory_bytes") > 10_000_000
        bot.cometchat.held.set()
        assert await bot.exited() == 0


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20), st.integers()), max_size=10))
def test_no_value_from_outside_becomes_a_label(values: list[tuple[str, str, int]]) -> None:
    metrics = Metrics(LABELS)
    for odd, other, number in values:
        metrics.ended(odd, other, ack=0.1, total=0.1)
        metrics.ended("command", other, ack=0.1, total=0.1)
        metrics.upstream_answered(odd, other, seconds=0.1)
        metrics.rate_limited(odd)
        metrics.reply_failed(odd)
        metrics.refused(number)
    assert_bounded(metrics, told(metrics))


def test_the_series_are_no_more_after_a_flood_of_values() -> None:
    metrics = Metrics(LABELS)
    metrics.ended("x", "x", ack=0.1, total=0.1)
    metrics.upstream_answered("x", "x", seconds=0.1)
    metrics.rate_limited("x")
    metrics.reply_failed("x")
    metrics.refused(999)
    before = len(samples(told(metrics)))
    for number in range(2_000):
        metrics.ended(f"kind {number}", f"{number}", ack=0.1, total=0.1)
        metrics.upstream_answered(f"{number}", f"{number}", seconds=0.1)
        metrics.rate_limited(f"U{number}")
        metrics.reply_failed(f"https://{number}")
        metrics.refused(1_000 + number)
    assert len(samples(told(metrics))) == before
    assert value(told(metrics), "callinfo_interactions_total", kind=OTHER, outcome=OTHER) == 2_001


async def test_hostile_input_through_the_front_door_names_no_label(ground: Playground) -> None:
    marked = 'm4rk"}\n'
    for text in (marked, f"link <@U1|{marked}> {marked}", f"links {marked}", f"unlink {marked}", "a b c"):
        await ground.slack.command(TONY, text)
    forms: list[dict[str, str]] = [
        {"command": "/callinfo", "text": marked, "user_id": marked, "team_id": marked},
        {"command": marked, "text": marked},
        {"payload": '{"type": "block_actions", "actions": [{"action_id": "m4rk"}]}'},
        {"payload": '{"type": "view_submission", "view": {"callback_id": "m4rk"}}'},
    ]
    async with plain_http() as client:
        for form in forms:
            body = urlencode(form)
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            headers |= sign(SIGNING_SECRET, body, time.time())
            await client.post(
                f"{ground.bot_url}/slack/events?m4rk={quote(marked)}", content=body, headers=headers
            )
            await client.request("M4RK", f"{ground.bot_url}/slack/events")
    text = await counted(ground.bot_url, "callinfo_interactions_total", least=6)
    assert "m4rk" not in text.lower()
    assert_bounded(Metrics(LABELS), text)


def test_a_limited_look_up_is_counted_by_scope() -> None:
    metrics = Metrics(LABELS)
    metrics.rate_limited("user")
    assert value(told(metrics), "callinfo_rate_limited_total", scope="user") == 1
    assert value(told(metrics), "callinfo_rate_limited_total") == 1


def test_process_metrics_that_cannot_be_read_cost_only_themselves(tmp_path: Path) -> None:
    folder = tmp_path / str(os.getpid())
    (folder / "fd").mkdir(parents=True)
    (folder / "stat").write_text("1 (python) S " + "0 " * 60)
    (folder / "limits").write_text("Max open files            unlimited  unlimited  files\n")
    (tmp_path / "stat").write_text("btime 1763812800\n")
    text = told(Metrics(LABELS, ProcessCollector(registry=None, proc=str(tmp_path), pid=os.getpid)))
    assert value(text, "callinfo_build_info") == 1
    assert "process_" not in text


def test_the_text_is_made_at_most_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.observability.metrics.KEPT_SECONDS", 1.0)
    now = 0.0
    metrics = Metrics(LABELS, clock=lambda: now)
    assert value(told(metrics), "callinfo_draining") == 0
    metrics.drain()
    now = 0.9
    assert value(told(metrics), "callinfo_draining") == 0
    now = 1.0
    assert value(told(metrics), "callinfo_draining") == 1


def assert_bounded(metrics: Metrics, text: str) -> None:
    """Check each label of each sample against the closed sets."""
    labelled = [each for each in samples(text) if each.labels]
    for each in labelled:
        sets = metrics.labels.get(
            each.name.removesuffix("_bucket").removesuffix("_count").removesuffix("_sum")
        )
        for label, said in each.labels.items():
            if sets and label in sets:
                assert said in sets[label] | {OTHER}
            else:
                assert label == "le" or (each.name, said) == ("callinfo_build_info", __version__)
