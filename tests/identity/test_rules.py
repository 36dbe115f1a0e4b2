import pytest

from bot.cometchat import Uid
from bot.identity import Chain, Identified, IdentityUnavailableError, SlackIdRule, SlackUser, UserMap

TONY = SlackUser(None, "T01", "U0TONY")
STRANGER = SlackUser(None, "T99", "U0TONY")


async def own_team() -> str:
    return "T01"


async def unknown_team() -> str:
    raise IdentityUnavailableError


async def test_a_key_without_a_team_means_the_bot_s_own_workspace_only() -> None:
    rule = UserMap({"U0TONY": Uid("superhero1")}, own_team)
    assert await rule.identify(TONY) == Identified(Uid("superhero1"), "map")
    assert await rule.identify(STRANGER) is None


async def test_a_key_with_a_team_means_that_team_and_wins() -> None:
    rule = UserMap(
        {"U0TONY": Uid("superhero1"), "T01:U0TONY": Uid("superhero2"), "T99:U0TONY": Uid("other")}, own_team
    )
    assert await rule.identify(TONY) == Identified(Uid("superhero2"), "map")
    assert await rule.identify(STRANGER) == Identified(Uid("other"), "map")


async def test_a_user_who_is_not_listed_is_nobody() -> None:
    assert await UserMap({}, unknown_team).identify(TONY) is None


async def test_nobody_is_let_in_by_a_bare_key_while_the_own_workspace_is_unknown() -> None:
    with pytest.raises(IdentityUnavailableError):
        await UserMap({"U0TONY": Uid("superhero1")}, unknown_team).identify(TONY)


async def test_a_key_with_a_team_works_while_the_own_workspace_is_unknown() -> None:
    rule = UserMap({"T01:U0TONY": Uid("superhero1")}, unknown_team)
    assert await rule.identify(TONY) == Identified(Uid("superhero1"), "map")


async def test_by_slack_id_the_uid_is_the_lower_cased_user_id_of_a_member() -> None:
    rule = SlackIdRule(own_team)
    assert await rule.identify(TONY) == Identified(Uid("u0tony"), "slack-id")
    assert await rule.identify(STRANGER) is None


async def test_the_first_rule_that_knows_the_user_decides() -> None:
    chain = Chain([UserMap({"U0TONY": Uid("superhero1")}, own_team), SlackIdRule(own_team)])
    assert await chain.identify(TONY) == Identified(Uid("superhero1"), "map")
    assert await chain.identify(SlackUser(None, "T01", "U0STEVE")) == Identified(Uid("u0steve"), "slack-id")
    assert await chain.identify(STRANGER) is None
