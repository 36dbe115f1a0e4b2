from typing import cast

import pytest

from bot.cometchat import Uid
from bot.identity import Identified, IdentityUnavailableError, OwnTeam, SlackUser
from bot.identity.links import Link, Links, StoreUnavailableError
from bot.identity.rules import Chain, SlackIdRule, StoredLink, UserMap, own_team_of
from bot.slack.workspace import Workspace, WorkspaceUnknownError
from bot.storage.store import open_store

TONY = SlackUser(None, "T01", "U0TONY")
STRANGER = SlackUser(None, "T99", "U0TONY")


async def own_team() -> str:
    return "T01"


async def unknown_team() -> str:
    raise IdentityUnavailableError


class Unknown:
    """A workspace that Slack has not named yet."""

    async def own_team(self) -> str:
        raise WorkspaceUnknownError


async def test_nobody_is_identified_by_their_workspace_while_slack_has_not_named_the_bot_s_own() -> None:
    with pytest.raises(IdentityUnavailableError):
        await SlackIdRule(own_team_of(cast("Workspace", Unknown()))).identify(TONY)


HERO1, HERO2 = Uid("superhero1"), Uid("superhero2")


@pytest.mark.parametrize(
    ("entries", "team", "user", "uid"),
    [
        pytest.param({"U0TONY": HERO1}, own_team, TONY, HERO1, id="a bare key names a member"),
        pytest.param({"U0TONY": HERO1}, own_team, STRANGER, None, id="and nobody of another workspace"),
        pytest.param({"U0TONY": HERO1, "T01:U0TONY": HERO2}, own_team, TONY, HERO2, id="a team's key wins"),
        pytest.param({"U0TONY": HERO1, "T99:U0TONY": HERO2}, own_team, STRANGER, HERO2, id="of any team"),
        pytest.param({"T01:U0TONY": HERO1}, unknown_team, TONY, HERO1, id="whatever the own workspace is"),
        pytest.param({}, own_team, TONY, None, id="who is not listed is nobody"),
    ],
)
async def test_the_map_names_members_and_with_a_team_anybody(
    entries: dict[str, Uid], team: OwnTeam, user: SlackUser, uid: Uid | None
) -> None:
    assert await UserMap(entries, team).identify(user) == (Identified(uid, "map") if uid else None)


@pytest.mark.parametrize("entries", [{"U0TONY": HERO1}, {"T02:U0TONY": HERO1}, {}])
async def test_nobody_is_let_in_by_a_bare_key_nor_called_unknown_while_the_own_workspace_is_unknown(
    entries: dict[str, Uid],
) -> None:
    with pytest.raises(IdentityUnavailableError):
        await UserMap(entries, unknown_team).identify(TONY)


async def test_by_slack_id_the_uid_is_the_lower_cased_user_id_of_a_member() -> None:
    rule = SlackIdRule(own_team)
    assert await rule.identify(TONY) == Identified(Uid("u0tony"), "slack-id")
    assert await rule.identify(STRANGER) is None
    assert await rule.identify(SlackUser(None, "T01", "")) is None


async def test_the_first_rule_that_knows_the_user_decides() -> None:
    chain = Chain([UserMap({"U0TONY": HERO1}, own_team)], SlackIdRule(own_team))
    assert await chain.identify(TONY) == Identified(HERO1, "map")
    assert await chain.identify(SlackUser(None, "T01", "U0STEVE")) == Identified(Uid("u0steve"), "slack-id")
    assert await chain.identify(STRANGER) is None


class NoStore:
    async def get(self, _: SlackUser) -> Link | None:
        raise StoreUnavailableError


STEVE = SlackUser(None, "T01", "U0STEVE")
MAP = UserMap({"U0TONY": HERO1}, own_team)
LINK = Link(TONY, Uid("superhero9"), "U0ALEX", 1, "admin")


async def test_a_link_comes_before_the_map_and_the_map_before_the_rule() -> None:
    async with open_store("sqlite://") as store:
        chain = Chain([StoredLink(store.links), MAP], SlackIdRule(own_team))
        assert await chain.identify(TONY) == Identified(HERO1, "map")
        await store.links.put(LINK)
        assert await chain.identify(TONY) == Identified(Uid("superhero9"), "link", LINK)
        assert await chain.identify(STEVE) == Identified(Uid("u0steve"), "slack-id")


async def test_without_the_store_the_map_still_works_and_nobody_falls_through_to_the_rule() -> None:
    chain = Chain([StoredLink(cast("Links", NoStore())), MAP], SlackIdRule(own_team))
    assert await chain.identify(TONY) == Identified(HERO1, "map")
    with pytest.raises(IdentityUnavailableError):
        await chain.identify(STEVE)
    with pytest.raises(IdentityUnavailableError):
        await chain.identify(STRANGER)


async def test_without_a_rule_nobody_is_let_in_who_is_not_named() -> None:
    async with open_store("sqlite://") as store:
        assert await Chain([StoredLink(store.links), MAP]).identify(STEVE) is None


async def test_while_the_own_workspace_is_unknown_a_link_still_works() -> None:
    async with open_store("sqlite://") as store:
        await store.links.put(LINK)
        bare = UserMap({"U0TONY": HERO1, "U0STEVE": Uid("superhero2")}, unknown_team)
        chain = Chain([StoredLink(store.links), bare], SlackIdRule(own_team))
        assert await chain.identify(TONY) == Identified(Uid("superhero9"), "link", LINK)
        with pytest.raises(IdentityUnavailableError):
            await chain.identify(STEVE)
