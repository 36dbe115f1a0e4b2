import asyncio

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import StandInSlack
from bot.slack.workspace import SlackUnreachableError, TokenRefusedError, Workspace, WorkspaceUnknownError


def workspace(slack: StandInSlack, token: str = "xoxb-playground") -> Workspace:
    return Workspace(AsyncWebClient(token=token, base_url=slack.web_api_url, timeout=1))


async def test_the_own_team_is_asked_for_once(slack: StandInSlack) -> None:
    own = workspace(slack)
    assert [await own.own_team(), await own.own_team()] == ["T0PLAYGROUND", "T0PLAYGROUND"]
    assert [each.target for each in slack.received] == ["auth.test"]


async def test_people_who_ask_at_once_share_one_answer(slack: StandInSlack) -> None:
    own = workspace(slack)
    assert set(await asyncio.gather(own.own_team(), own.own_team())) == {"T0PLAYGROUND"}
    assert [each.target for each in slack.received] == ["auth.test"]


async def test_a_revoked_token_is_told_by_slack_s_word(slack: StandInSlack) -> None:
    slack.revoke_token("token_revoked")
    with pytest.raises(TokenRefusedError, match="token_revoked"):
        await workspace(slack).learn()


async def test_a_wrong_token_is_refused(slack: StandInSlack) -> None:
    with pytest.raises(TokenRefusedError, match="invalid_auth"):
        await workspace(slack, token="xoxb-wrong").learn()


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_slack_in_trouble_says_nothing_about_the_token(slack: StandInSlack, status: int) -> None:
    slack.fail("auth.test", status=status)
    with pytest.raises(SlackUnreachableError):
        await workspace(slack).learn()


async def test_a_web_page_in_slack_s_place_says_nothing_about_the_token(slack: StandInSlack) -> None:
    slack.fail("auth.test", status=200, body="<html>maintenance</html>")
    with pytest.raises(SlackUnreachableError):
        await workspace(slack).learn()


@pytest.mark.parametrize("body", ['{"ok": true}', '{"ok": false, "error": "service_unavailable"}'])
async def test_an_answer_without_a_team_is_no_answer(slack: StandInSlack, body: str) -> None:
    slack.fail("auth.test", status=200, body=body)
    with pytest.raises(SlackUnreachableError):
        await workspace(slack).learn()


async def test_slack_out_of_reach_can_be_asked_again_later(slack: StandInSlack) -> None:
    slack.fail("auth.test", status=500, times=1)
    now = 0.0
    own = Workspace(AsyncWebClient(token="xoxb-playground", base_url=slack.web_api_url), lambda: now)
    for _ in range(3):
        with pytest.raises(WorkspaceUnknownError):
            await own.own_team()
    assert len(slack.received) == 1, "nobody waits for a Slack that has just failed"
    now = 6.0
    assert await own.own_team() == "T0PLAYGROUND"


async def test_nothing_listening_is_out_of_reach() -> None:
    own = Workspace(AsyncWebClient(token="xoxb-x", base_url="http://127.0.0.1:9/", timeout=1))
    with pytest.raises(SlackUnreachableError):
        await own.learn()
