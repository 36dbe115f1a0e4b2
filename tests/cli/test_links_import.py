import asyncio

from bot.identity.links import Link
from bot.storage.importing import Plan, Row, import_links
from bot.storage.links import StoredLinks
from bot.storage.store import Store
from tests.storage.people import link, user


def rows(*links: Link) -> list[Row]:
    return [Row(line, each) for line, each in enumerate(links, 2)]


async def run(store: Store, *links: Link, confirmed: bool = False, dry_run: bool = False) -> Plan:
    return await import_links(store.database, "T1", rows(*links), confirmed=confirmed, dry_run=dry_run)


async def there(store: Store) -> dict[str, str]:
    page = await StoredLinks(store.database).page("T1", limit=1_000)
    return {each.user.user_id: each.uid for each in page.links}


async def test_an_import_makes_replaces_and_leaves_alone_and_can_be_repeated(store: Store) -> None:
    await store.links.put(link("U1", "a"))
    await store.links.put(link("U2", "b"))
    wanted = [link("U1", "a", how="import"), link("U2", "c", how="import"), link("U3", "d", how="import")]
    done = await run(store, *wanted)
    assert (done.made, done.replaced, done.unchanged, done.troubles) == (1, 1, 1, ())
    assert await there(store) == {"U1": "a", "U2": "c", "U3": "d"}
    assert await StoredLinks(store.database).get(user("U1")) == link("U1", "a"), (
        "what was right stays as it was"
    )
    again = await run(store, *wanted)
    assert (again.made, again.replaced, again.unchanged) == (0, 0, 3)
    assert [(each.deed, each.subject, each.replaced) for each in await store.audit.latest(9)] == [
        ("import", "U3", ""),
        ("import", "U2", "b"),
    ]


async def test_an_import_answers_the_requests_of_those_it_links(store: Store) -> None:
    await store.links.put(link("U2", "b"))
    for user_id in ("U1", "U2", "U3"):
        await store.requests.request(user(user_id), at=1_000)
    await run(store, link("U1", "a"), link("U2", "b"))
    still_open = [
        user_id
        for user_id in ("U1", "U2", "U3")
        if await store.requests.decline_request(user(user_id), "U9", at=1_001)
    ]
    assert still_open == ["U3"]


async def test_two_people_may_exchange_their_uids(store: Store) -> None:
    await run(store, link("U1", "a"), link("U2", "b"))
    done = await run(store, link("U1", "b"), link("U2", "a"))
    assert (done.replaced, done.troubles) == (2, ())
    assert await there(store) == {"U1": "b", "U2": "a"}


async def test_a_uid_for_two_changes_nothing_unless_confirmed(store: Store) -> None:
    await store.links.put(link("U1", "a"))
    wanted = [link("U2", "a"), link("U3", "b"), link("U4", "b")]
    done = await run(store, *wanted)
    assert [trouble.line for trouble in done.troubles] == [2, 3, 4]
    assert await there(store) == {"U1": "a"}
    assert await store.audit.latest(9) == ()
    assert (await run(store, *wanted, confirmed=True)).made == 3
    assert await there(store) == {"U1": "a", "U2": "a", "U3": "b", "U4": "b"}
    assert (await run(store, *wanted)).unchanged == 3, "what is confirmed needs no confirmation again"


async def test_a_dry_run_says_the_same_and_changes_nothing(store: Store) -> None:
    done = await run(store, link("U1", "a"), dry_run=True)
    assert done.made == 1
    assert await there(store) == {}


async def test_an_import_amid_single_changes_loses_none_of_them(store: Store) -> None:
    many = [link(f"U{number}", f"hero-{number}", how="import") for number in range(1_200)]
    links = StoredLinks(store.database, change_within=None)
    await asyncio.gather(
        run(store, *many),
        *(links.put(link(f"UX{number}", f"other-{number}")) for number in range(50)),
    )
    page = await links.page("T1", limit=5_000)
    assert page.total == 1_250
