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


@pytest.mark.parametrize(
    ("status", "body", "error", "word"),
    [
        (200, '{"ok": false, "error": "token_revoked"}', TokenRefusedError, "token_revoked"),
        (200, '{"ok": false, "error": "invalid_auth"}', TokenRefusedError, "invalid_auth"),
        (200, '{"ok": false, "error": "service_unavailable"}', SlackUnreachableError, ""),
        (200, '{"ok": true}', SlackUnreachableError, ""),
        (200, "<html>maintenance</html>", SlackUnreachableError, ""),
        (200, '{"ok": tr', SlackUnreachableError, ""),
        (502, '{"ok": tr', SlackUnreachableError, ""),
        (429, None, SlackUnreachableError, ""),
        (500, None, SlackUnreachableError, ""),
        (503, None, SlackUnreachableError, ""),
    ],
)
async def test_only_a_refusal_by_slack_says_that_the_token_is_wrong(
    slack: StandInSlack, status: int, body: str | None, error: type[Exception], word: str
) -> None:
    slack.fail("auth.test", status=status, body=body)
    with pytest.raises(error, match=word or None):
        await workspace(slack).learn()


@pytest.mark.parametrize(("revoked", "token"), [(True, "xoxb-playground"), (False, "xoxb-wrong")])
async def test_the_stand_in_refuses_a_revoked_and_a_wrong_token(
    slack: StandInSlack, *, revoked: bool, token: str
) -> None:
    if revoked:
        slack.revoke_token("token_revoked")
    with pytest.raises(TokenRefusedError):
        await workspace(slack, token=token).learn()


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
