from typing import cast

import pytest

from bot.cometchat import Uid
from bot.identity import (
    Chain,
    Identified,
    IdentityUnavailableError,
    SlackIdRule,
    SlackUser,
    StoredLink,
    UserMap,
)
from bot.identity.links import Link, Links, StoreUnavailableError
from bot.storage.store import open_store

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
    assert await rule.identify(SlackUser(None, "T01", "")) is None


async def test_the_first_rule_that_knows_the_user_decides() -> None:
    chain = Chain([UserMap({"U0TONY": Uid("superhero1")}, own_team)], SlackIdRule(own_team))
    assert await chain.identify(TONY) == Identified(Uid("superhero1"), "map")
    assert await chain.identify(SlackUser(None, "T01", "U0STEVE")) == Identified(Uid("u0steve"), "slack-id")
    assert await chain.identify(STRANGER) is None


class NoStore:
    async def get(self, _: SlackUser) -> Link | None:
        raise StoreUnavailableError


STEVE = SlackUser(None, "T01", "U0STEVE")
MAP = UserMap({"U0TONY": Uid("superhero1")}, own_team)
LINK = Link(TONY, Uid("superhero9"), "U0ALEX", 1, "admin")


async def test_a_link_comes_before_the_map_and_the_map_before_the_rule() -> None:
    async with open_store("sqlite://") as store:
        chain = Chain([StoredLink(store.links), MAP], SlackIdRule(own_team))
        assert await chain.identify(TONY) == Identified(Uid("superhero1"), "map")
        await store.links.put(LINK)
        assert await chain.identify(TONY) == Identified(Uid("superhero9"), "link", LINK)
        assert await chain.identify(STEVE) == Identified(Uid("u0steve"), "slack-id")


async def test_without_the_store_the_map_still_works_and_nobody_falls_through_to_the_rule() -> None:
    chain = Chain([StoredLink(cast("Links", NoStore())), MAP], SlackIdRule(own_team))
    assert await chain.identify(TONY) == Identified(Uid("superhero1"), "map")
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
        bare = UserMap({"U0TONY": Uid("superhero1"), "U0STEVE": Uid("superhero2")}, unknown_team)
        chain = Chain([StoredLink(store.links), bare], SlackIdRule(own_team))
        assert await chain.identify(TONY) == Identified(Uid("superhero9"), "link", LINK)
        with pytest.raises(IdentityUnavailableError):
            await chain.identify(STEVE)
