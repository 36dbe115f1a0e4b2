"""The same suite on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import insert

from bot.identity.links import (
    CONFIRM_ANY,
    Link,
    LinksPage,
    RequestSettledError,
    StoreUnavailableError,
    UidConflict,
    UidTakenError,
)
from bot.identity.requests import RequestResult
from bot.observability.audit import Entry
from bot.storage.links import StoredLinks, row_of
from bot.storage.store import Store
from bot.storage.tables import links
from tests.storage.people import link, user

pytestmark = pytest.mark.usefixtures("patient")


async def test_who_was_never_linked_has_no_link(store: Store) -> None:
    assert await store.links.get(user("U1")) is None
    assert await store.links.remove(user("U1")) is None


async def test_a_link_is_found_as_it_was_made(store: Store) -> None:
    made = link("U1", "superhero1", enterprise_id="E1", how="import", made_by="cli")
    assert await store.links.put(made) is None
    assert await StoredLinks(store.database).get(made.user) == made


async def test_a_link_is_of_its_workspace_only(store: Store) -> None:
    await store.links.put(link("U1", "superhero1"))
    assert await store.links.get(user("U1", "T2")) is None
    await store.links.put(link("U1", "superhero1", "T2"))  # the same UID elsewhere is nobody's business


async def test_a_workspace_that_joins_an_organisation_keeps_its_links_and_its_one_user_a_uid(
    store: Store,
) -> None:
    made = link("U1", "superhero1")
    await store.links.put(made)
    assert await store.links.get(user("U1", enterprise_id="E1")) == made
    with pytest.raises(UidTakenError):
        await store.links.put(link("U2", "superhero1", enterprise_id="E1"))
    await store.links.put(link("U1", "superhero1", enterprise_id="E1"))
    (kept,) = (await store.links.page("T1")).links
    assert kept.user.enterprise_id == "E1"


async def test_a_new_link_returns_the_one_that_it_replaces(store: Store) -> None:
    first, second = link("U1", "superhero1"), link("U1", "superhero2", made_by="UOTHER")
    await store.links.put(first)
    assert await store.links.put(second) == first
    assert await store.links.get(first.user) == second
    assert await store.links.remove(first.user) == second
    assert await store.links.get(first.user) is None


async def test_a_uid_that_another_has_is_refused_until_an_admin_confirms_it(store: Store) -> None:
    await store.links.put(link("U1", "superhero1"))
    with pytest.raises(UidTakenError) as refused:
        await store.links.put(link("U2", "superhero1"))
    assert refused.value.conflict.others == (user("U1"),)
    assert await store.links.get(user("U2")) is None
    await store.links.put(link("U2", "superhero1"), confirmed=CONFIRM_ANY)
    assert await store.links.get(user("U2")) == link("U2", "superhero1")


async def test_a_confirmation_holds_for_what_the_admin_was_shown_and_for_nothing_newer(store: Store) -> None:
    await store.links.put(link("U1", "superhero1"))
    with pytest.raises(UidTakenError) as refused:
        await store.links.put(link("U2", "superhero1"))
    shown = refused.value.conflict
    assert shown == UidConflict((user("U1"),), None)
    await store.links.put(link("U3", "superhero1"), confirmed=CONFIRM_ANY)
    with pytest.raises(UidTakenError) as refused:
        await store.links.put(link("U2", "superhero1"), confirmed=shown.fingerprint())
    shown = refused.value.conflict
    assert shown == UidConflict((user("U1"), user("U3")), None)
    await store.links.put(link("U2", "superhero2"))
    with pytest.raises(UidTakenError) as refused:
        await store.links.put(link("U2", "superhero1"), confirmed=shown.fingerprint())
    shown = refused.value.conflict
    assert shown.current == "superhero2"
    assert await store.links.put(link("U2", "superhero1"), confirmed=shown.fingerprint()) == link(
        "U2", "superhero2"
    )


async def test_a_link_that_was_asked_for_closes_the_request_with_it_or_not_at_all(store: Store) -> None:
    await store.links.put(link("U1", "superhero1"))
    with pytest.raises(RequestSettledError):
        await store.links.put(link("U2", "superhero2"), asked_for=True)
    assert await store.links.get(user("U2")) is None
    assert await store.requests.request(user("U2"), 1) is RequestResult.RECORDED
    with pytest.raises(UidTakenError):
        await store.links.put(link("U2", "superhero1"), asked_for=True)
    assert await store.requests.request(user("U2"), 2) is RequestResult.OPEN, "as before"
    await store.links.put(link("U2", "superhero2"), asked_for=True)
    with pytest.raises(RequestSettledError):
        await store.links.put(link("U2", "superhero3"), asked_for=True)
    assert await store.links.get(user("U2")) == link("U2", "superhero2")


async def test_a_change_whose_audit_can_not_be_stored_is_not_made(store: Store) -> None:
    def broken(_: Link | None) -> Entry:
        raise ZeroDivisionError

    await store.links.put(link("U1", "superhero1"))
    with pytest.raises(ZeroDivisionError):
        await store.links.put(link("U1", "superhero2"), audited=broken)
    with pytest.raises(ZeroDivisionError):
        await store.links.remove(user("U1"), audited=broken)
    assert await store.links.get(user("U1")) == link("U1", "superhero1")


async def test_making_a_link_again_needs_no_new_confirmation(store: Store) -> None:
    await store.links.put(link("U1", "superhero1"))
    await store.links.put(link("U2", "superhero1"), confirmed=CONFIRM_ANY)
    for user_id in ("U1", "U2", "U1"):
        await store.links.put(link(user_id, "superhero1", made_by="UOTHER"))
    with pytest.raises(UidTakenError):
        await store.links.put(link("U3", "superhero1"))


async def test_a_confirmation_is_for_one_uid_not_for_one_person(store: Store) -> None:
    await store.links.put(link("U1", "superhero1"))
    await store.links.put(link("U2", "superhero1"), confirmed=CONFIRM_ANY)
    await store.links.put(link("U3", "superhero3"))
    with pytest.raises(UidTakenError):
        await store.links.put(link("U2", "superhero3"))


async def test_a_uid_whose_first_user_has_gone_is_still_taken_by_the_second(store: Store) -> None:
    await store.links.put(link("U1", "superhero1"))
    await store.links.put(link("U2", "superhero1"), confirmed=CONFIRM_ANY)
    await store.links.remove(user("U1"))
    with pytest.raises(UidTakenError):
        await store.links.put(link("U3", "superhero1"))


async def test_the_database_itself_refuses_a_second_unconfirmed_user_of_a_uid(store: Store) -> None:
    await store.links.put(link("U1", "superhero1"))

    async def stored(user_id: str, *, confirmed: bool) -> None:
        row = row_of(link(user_id, "superhero1"), confirmed=confirmed)
        await store.database.execute(insert(links).values(row), within=None)

    await stored("U2", confirmed=True)
    with pytest.raises(StoreUnavailableError, match=r"IntegrityError|UniqueViolation"):
        await stored("U3", confirmed=False)
    assert (await store.links.page("T1")).total == 2


async def test_links_are_paged_by_user_id(store: Store) -> None:
    made = [link(f"U{number:02}", f"hero-{number}") for number in range(25)]
    for each in reversed(made):
        await store.links.put(each)
    await store.links.put(link("U99", "elsewhere", "T2"))
    assert await store.links.page("T1") == LinksPage(tuple(made[:10]), 25)
    assert await store.links.page("T1", offset=20) == LinksPage(tuple(made[20:]), 25)
    assert await store.links.page("T3") == LinksPage((), 0)


@pytest.mark.parametrize(
    ("prefix", "found"),
    [("U1", ["U1", "U12"]), ("u1", ["U1", "U12"]), ("SUPER_", ["U2"]), ("%", []), ("_", []), ("ero", [])],
)
async def test_links_are_found_by_the_first_letters_as_they_stand(
    store: Store, prefix: str, found: list[str]
) -> None:
    for user_id, uid in (("U1", "ahero"), ("U12", "superhero"), ("U2", "super_hero")):
        await store.links.put(link(user_id, uid))
    page = await store.links.page("T1", prefix=prefix)
    assert [each.user.user_id for each in page.links] == found
    assert page.total == len(found)


async def test_removing_a_workspace_leaves_the_others(store: Store) -> None:
    for number in range(3):
        await store.links.put(link(f"U{number}", f"hero-{number}"))
    await store.links.put(link("U1", "hero-1", "T2"))
    await store.requests.request(user("U9"), at=1_000)
    assert {each.uid for each in await store.links.remove_team("T1")} == {"hero-0", "hero-1", "hero-2"}
    assert await store.links.remove_team("T1") == ()
    assert await store.links.get(user("U1")) is None
    assert await store.links.get(user("U1", "T2")) is not None
    assert await store.requests.request(user("U9"), at=1_001) is RequestResult.RECORDED, (
        "its requests are gone too"
    )
