"""Requests for a link, on SQLite and on PostgreSQL."""

import pytest

from bot.identity import SlackUser
from bot.identity.requests import LastRequest, OpenRequest, OpenRequests, RequestResult
from bot.storage.link_requests import DECLINED_SECONDS, REQUEST_SECONDS, UNSENT_SECONDS
from bot.storage.store import Store
from tests.storage.people import link, user

pytestmark = pytest.mark.usefixtures("patient")


async def test_a_person_has_one_open_request(store: Store) -> None:
    assert await store.requests.request(user("U1"), at=1_000) is RequestResult.RECORDED
    assert await store.requests.request(user("U1"), at=1_001) is RequestResult.OPEN
    assert await store.requests.request(user("U2"), at=1_001) is RequestResult.RECORDED


async def test_a_request_is_settled_once(store: Store) -> None:
    assert not await store.requests.decline_request(user("U1"), "UADMIN", at=1_000)
    await store.requests.request(user("U1"), at=1_000)
    assert await store.requests.decline_request(user("U1"), "UADMIN", at=1_010)
    assert not await store.requests.decline_request(user("U1"), "UOTHER", at=1_011)


async def test_a_declined_person_may_ask_again_an_hour_later(store: Store) -> None:
    await store.requests.request(user("U1"), at=1_000)
    await store.requests.decline_request(user("U1"), "UADMIN", at=1_010)
    for moment in (1_011, 1_010 + DECLINED_SECONDS - 1):
        assert await store.requests.request(user("U1"), at=moment) is RequestResult.DECLINED
    assert await store.requests.request(user("U1"), at=1_010 + DECLINED_SECONDS) is RequestResult.RECORDED
    assert await store.requests.decline_request(user("U1"), "UOTHER", at=9_000)


async def test_who_was_linked_and_unlinked_may_ask_at_once(store: Store) -> None:
    await store.requests.request(user("U1"), at=1_000)
    await store.links.put(link("U1", "superhero1"), asked_for=True)
    await store.links.remove(user("U1"))
    assert await store.requests.last_request(user("U1"), at=1_002) is None
    assert await store.requests.request(user("U1"), at=1_002) is RequestResult.RECORDED


async def test_a_request_that_nobody_settled_may_be_made_again_the_next_day(store: Store) -> None:
    await store.requests.request(user("U1"), at=1_000)
    await store.requests.request_sent(user("U1"), at=1_001)
    assert await store.requests.request(user("U1"), at=1_000 + REQUEST_SECONDS - 1) is RequestResult.OPEN
    assert await store.requests.request(user("U1"), at=1_000 + REQUEST_SECONDS) is RequestResult.RECORDED
    await store.requests.request_sent(user("U1"), at=1_000 + REQUEST_SECONDS)
    assert await store.requests.request(user("U1"), at=1_000 + REQUEST_SECONDS + 1) is RequestResult.OPEN


async def test_a_request_whose_messages_the_bot_did_not_live_to_send_may_be_made_again_soon(
    store: Store,
) -> None:
    await store.requests.request(user("U1"), at=1_000)
    assert await store.requests.request(user("U1"), at=1_000 + UNSENT_SECONDS - 1) is RequestResult.OPEN
    assert await store.requests.request(user("U1"), at=1_000 + UNSENT_SECONDS) is RequestResult.RECORDED


async def test_a_person_s_last_request_is_known_as_long_as_it_counts(store: Store) -> None:
    requests = store.requests
    assert await requests.last_request(user("U1"), at=1_000) is None
    await requests.request(user("U1"), at=1_000)
    under_way = LastRequest(1_000, delivered=False, if_repeated=RequestResult.OPEN)
    assert await requests.last_request(user("U1"), at=1_001) == under_way
    await requests.request_sent(user("U1"), at=1_001)
    waiting = LastRequest(1_000, delivered=True, if_repeated=RequestResult.OPEN)
    assert await requests.last_request(user("U1"), at=999 + REQUEST_SECONDS) == waiting
    overdue = LastRequest(1_000, delivered=True, if_repeated=RequestResult.RECORDED)
    assert await requests.last_request(user("U1"), at=1_000 + REQUEST_SECONDS) == overdue
    await requests.decline_request(user("U1"), "UADMIN", at=2_000)
    declined = LastRequest(2_000, delivered=True, if_repeated=RequestResult.DECLINED)
    assert await requests.last_request(user("U1"), at=1_999 + DECLINED_SECONDS) == declined
    assert await requests.last_request(user("U1"), at=2_000 + DECLINED_SECONDS) is None
    assert await requests.last_request(user("U2"), at=2_000) is None


async def test_a_withdrawn_request_was_never_made(store: Store) -> None:
    await store.requests.request(user("U1"), at=1_000)
    await store.requests.withdraw_request(user("U1"))
    assert not await store.requests.decline_request(user("U1"), "UADMIN", at=1_001)
    assert await store.requests.request(user("U1"), at=1_001) is RequestResult.RECORDED


async def test_the_open_requests_of_a_workspace_are_listed_the_oldest_first(store: Store) -> None:
    for number in range(4):
        await store.requests.request(user(f"U{number}"), at=1_000 - number)
    await store.requests.decline_request(user("U1"), "UADMIN", at=1_010)
    await store.links.put(link("U2", "superhero1"), asked_for=True)
    await store.requests.request(SlackUser(None, "T9", "U9"), at=1_000)
    found = await store.requests.open_requests(user("U0").team_id, limit=10)
    assert found == OpenRequests((OpenRequest(user("U3"), 997), OpenRequest(user("U0"), 1_000)), 2)
    few = await store.requests.open_requests(user("U0").team_id, limit=1)
    assert few == OpenRequests((OpenRequest(user("U3"), 997),), 2)
