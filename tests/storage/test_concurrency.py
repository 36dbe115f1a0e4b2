"""Many changes at once, through two engines, as two processes make them."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot.identity.links import CONFIRM_ANY, Link, UidTakenError
from bot.identity.requests import RequestResult
from bot.storage.database import Database
from bot.storage.link_requests import StoredRequests
from bot.storage.links import LinkRecord, StoredLinks, from_row
from bot.storage.store import open_store
from bot.storage.tables import links
from tests.storage.people import link, user

CHANGES = 400


@pytest.fixture
async def two(url: str) -> AsyncIterator[tuple[StoredLinks, StoredLinks]]:
    """Two stores; the changes of the test queue for minutes rather than give up."""
    async with open_store(url) as one, open_store(url) as other:
        yield (
            StoredLinks(one.database, change_within=None),
            StoredLinks(other.database, change_within=None),
        )


async def rows(database: Database) -> list[LinkRecord]:
    return [from_row(row) for row in await database.fetch(select(links), within=None)]


async def test_400_changes_at_once_lose_none_and_leave_no_uid_twice(
    two: tuple[StoredLinks, StoredLinks],
) -> None:
    choose = random.Random(4)  # noqa: S311 - a test that can be repeated
    made: list[Link] = []
    refused: list[tuple[Link, UidTakenError]] = []
    left: list[Link] = []  # what each change says that it replaced or removed

    async def change(number: int) -> None:
        stored = two[number % 2]
        user_id = f"U{choose.randrange(40)}"
        if number % 5 == 4:
            before = await stored.remove(user(user_id))
        else:
            new = link(user_id, f"hero-{choose.randrange(60)}", made_at=number)
            try:
                before = await stored.put(new, confirmed=CONFIRM_ANY if number % 7 == 0 else "")
            except UidTakenError as taken:
                refused.append((new, taken))
                return
            made.append(new)
        if before:
            left.append(before)

    await asyncio.gather(*(change(number) for number in range(CHANGES)))

    there = await rows(two[0]._database)
    assert len(made) > CHANGES / 3
    # Every link that was made is there still, or exactly one later change says that it took its place
    assert Counter(made) == Counter(left) + Counter(each.link for each in there)
    assert all(taken.conflict.others and new.user not in taken.conflict.others for new, taken in refused)
    by_uid: dict[str, list[bool]] = defaultdict(list)
    for each in there:
        by_uid[each.link.uid].append(each.confirmed)
    assert all(confirmed.count(False) <= 1 for confirmed in by_uid.values())


async def test_100_people_who_are_given_one_uid_at_once_do_not_share_it(
    two: tuple[StoredLinks, StoredLinks],
) -> None:
    outcomes = await asyncio.gather(
        *(two[number % 2].put(link(f"U{number}", "superhero1")) for number in range(100)),
        return_exceptions=True,
    )
    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, UidTakenError) for outcome in outcomes) == 99
    assert len(await rows(two[0]._database)) == 1


async def test_two_admins_who_press_at_once_settle_a_request_once(
    two: tuple[StoredLinks, StoredLinks],
) -> None:
    requests = [StoredRequests(each._database, change_within=None) for each in two]
    opened = await asyncio.gather(
        *(requests[number % 2].request(user("U1"), at=1_000) for number in range(20))
    )
    assert Counter(opened) == {RequestResult.RECORDED: 1, RequestResult.OPEN: 19}
    settled = await asyncio.gather(
        *(
            requests[number % 2].decline_request(user("U1"), f"UADMIN{number}", at=1_001)
            for number in range(20)
        )
    )
    assert sorted(settled) == [False] * 19 + [True]
