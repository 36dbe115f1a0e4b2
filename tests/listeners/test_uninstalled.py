"""callinfo is removed from the workspace: Slack's events, through the front door."""

import asyncio
import json
import time
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.identity.links import Link, StoreUnavailableError
from bot.listeners.payloads.events import happened_at, uninstalled_team
from bot.playground.run import SIGNING_SECRET, Playground, playground
from bot.playground.slack import sign
from bot.storage.links import StoredLinks
from tests.listeners.people import ALEX, ROBIN, audited
from tests.plain_http import plain_http

LINK = "link <@U0ROBIN|robin> superhero4"


async def linked(ground: Playground) -> bool:
    delivery = await ground.slack.command(ROBIN, "whoami")
    return "superhero4" in str(delivery.message)


@pytest.mark.parametrize(
    ("event", "facts"), [("app_uninstalled", {}), ("tokens_revoked", {"tokens": {"bot": ["U0CALLINFO"]}})]
)
async def test_the_links_of_the_workspace_go(
    ground: Playground, event: str, facts: dict[str, object]
) -> None:
    await ground.slack.command(ALEX, LINK)
    assert await linked(ground)
    with capture_logs() as logs:
        assert (await ground.slack.event(event, **facts)).status == 200
        await audited(logs, "uninstall")
    assert not await linked(ground)
    (line,) = [each for each in logs if each.get("deed") == "uninstall"]
    assert (line["outcome"], line["team_id"]) == ("unlinked", "T0PLAYGROUND")
    assert (line["subject"], line["uid"]) == (ROBIN, "superhero4")


async def test_every_link_that_goes_is_in_the_audit(ground: Playground) -> None:
    ground.cometchat.uids.update(f"user{number}" for number in range(12))
    for number in range(12):
        await ground.slack.command(ALEX, f"link <@U0CROWD{number}> user{number}")
    await ground.slack.command(ALEX, LINK)
    with capture_logs() as logs:
        await ground.slack.event("app_uninstalled")
        await audited(logs, "uninstall")
    gone = [each["subject"] for each in logs if each.get("deed") == "uninstall"]
    assert sorted(gone) == sorted([ROBIN, *(f"U0CROWD{number}" for number in range(12))])


async def test_an_event_that_is_late_leaves_what_was_linked_since(ground: Playground) -> None:
    await ground.slack.command(ALEX, LINK)
    an_hour_ago = int(time.time()) - 3_600
    body = json.dumps(
        {
            "type": "event_callback",
            "team_id": "T0PLAYGROUND",
            "event_id": "Ev1",
            "event_time": an_hour_ago,
            "event": {"type": "app_uninstalled"},
        }
    )
    headers = {"Content-Type": "application/json", **sign(SIGNING_SECRET, body, time.time())}
    async with plain_http() as client:
        assert (
            await client.post(f"{ground.bot_url}/slack/events", content=body, headers=headers)
        ).status_code == 200
    await asyncio.sleep(0.3)
    assert await linked(ground)


@pytest.mark.parametrize(
    ("event_time", "at"),
    [(900, 900), (2_000, 1_000), (-5, 1_000), ("900", 1_000), (None, 1_000), (True, 1_000)],
)
def test_when_it_happened_is_a_number_and_never_in_the_future(event_time: object, at: int) -> None:
    said = happened_at({"event_time": event_time}, 1_000.5)
    assert (said, type(said)) == (at, int)


async def test_a_person_s_own_token_is_none_of_ours(ground: Playground) -> None:
    await ground.slack.command(ALEX, LINK)
    odd: list[object] = [{"oauth": ["U0ROBIN"]}, {"bot": []}, "odd", None]
    for tokens in odd:
        assert (await ground.slack.event("tokens_revoked", tokens=tokens)).status == 200
    assert await linked(ground)


async def test_a_store_that_is_away_for_a_moment_does_not_keep_the_links(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ground.slack.command(ALEX, LINK)
    monkeypatch.setattr("bot.listeners.uninstalled.PAUSES", (0.01, 0.01))
    original, failures = StoredLinks.remove_team, iter([True])

    async def away_once(self: StoredLinks, team_id: str, **named: Any) -> tuple[Link, ...]:
        if next(failures, False):
            raise StoreUnavailableError
        return await original(self, team_id, **named)

    monkeypatch.setattr(StoredLinks, "remove_team", away_once)
    with capture_logs() as logs:
        await ground.slack.event("app_uninstalled")
        await audited(logs, "uninstall")
    assert not await linked(ground)


async def test_a_store_that_stays_away_is_told_in_the_log_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object, **__: object) -> int:
        raise StoreUnavailableError

    monkeypatch.setattr("bot.listeners.uninstalled.PAUSES", (0.01, 60.0))
    monkeypatch.setattr(StoredLinks, "remove_team", away)
    with capture_logs() as logs:
        async with playground() as ground:
            assert (await ground.slack.event("app_uninstalled")).status == 200
        (line,) = [each for each in logs if each["event"] == "links of a removed workspace are still there"]
        assert not [each for each in logs if each["event"] == "drain cut short"]
    assert (line["log_level"], line["team"]) == ("error", "T0PLAYGROUND")
    assert line["fix"] == "python -m bot links remove --all --team T0PLAYGROUND"


async def test_an_event_that_names_no_workspace_removes_nothing(ground: Playground) -> None:
    await ground.slack.command(ALEX, LINK)
    for team_id in ("", None, ["T0PLAYGROUND"]):
        assert uninstalled_team({"team_id": team_id}) == ""
    assert await linked(ground)


async def test_slack_s_check_of_the_address_is_answered(ground: Playground) -> None:
    """https://docs.slack.dev/reference/events/url_verification: the challenge comes back."""
    body = json.dumps({"type": "url_verification", "challenge": "c4all", "token": "x"})
    headers = {"Content-Type": "application/json", **sign(SIGNING_SECRET, body, time.time())}
    async with plain_http() as client:
        answer = await client.post(f"{ground.bot_url}/slack/events", content=body, headers=headers)
    assert (answer.status_code, "c4all" in answer.text) == (200, True)


async def test_an_event_that_nobody_listens_to_is_no_failure(ground: Playground) -> None:
    assert (await ground.slack.event("team_join", user={})).status in {200, 404}
