"""One press twice posts once: by this process's memory, and by the store where several processes share it."""

import pytest

from bot.calls.share_claims import KEPT_SECONDS, MAX_KEPT, ClaimResult, ShareClaims
from bot.identity.links import StoreUnavailableError
from bot.storage.share_claims import UNPOSTED_SECONDS, StoredShareClaims
from bot.storage.store import Store

KEY = ("T1", "C1", "1763812800.000100", "standup")


class NoStore:
    """A store that is away."""

    async def claim(self, what: str) -> ClaimResult:
        raise StoreUnavailableError(what)

    async def posted(self, what: str) -> None:
        raise StoreUnavailableError(what)

    async def release(self, what: str) -> None:
        raise StoreUnavailableError(what)


async def test_a_share_is_made_once() -> None:
    shares = ShareClaims(NoStore())
    assert [await shares.claim(KEY), await shares.claim(KEY)] == [ClaimResult.FIRST, ClaimResult.TAKEN]
    await shares.posted(KEY)
    assert await shares.claim(KEY) is ClaimResult.POSTED
    assert await shares.claim((*KEY[:3], "another")) is ClaimResult.FIRST


async def test_a_share_that_did_not_happen_can_be_made_again() -> None:
    shares = ShareClaims(NoStore())
    await shares.claim(KEY)
    await shares.release(KEY)
    assert await shares.claim(KEY) is ClaimResult.FIRST


async def test_a_share_is_forgotten_once_its_buttons_are_dead() -> None:
    now = 0.0
    shares = ShareClaims(NoStore(), lambda: now)
    await shares.claim(KEY)
    now = KEPT_SECONDS - 1
    assert await shares.claim(KEY) is ClaimResult.TAKEN
    now = KEPT_SECONDS
    assert await shares.claim(KEY) is ClaimResult.FIRST


async def test_the_memory_is_bounded() -> None:
    shares = ShareClaims(NoStore(), lambda: 0.0)
    for number in range(MAX_KEPT + 10):
        assert await shares.claim((str(number),)) is ClaimResult.FIRST
        await shares.posted((str(number),))
    assert await shares.claim(("0",)) is ClaimResult.FIRST
    assert await shares.claim((str(MAX_KEPT),)) is ClaimResult.POSTED


@pytest.fixture
def two(store: Store) -> tuple[ShareClaims, ShareClaims]:
    """Return what two processes on one database have."""
    one, other = (StoredShareClaims(store.database, within=None) for _ in range(2))
    return ShareClaims(one), ShareClaims(other)


async def test_two_processes_share_once(two: tuple[ShareClaims, ShareClaims]) -> None:
    one, other = two
    assert await one.claim(KEY) is ClaimResult.FIRST
    assert await other.claim(KEY) is ClaimResult.TAKEN
    await one.posted(KEY)
    assert await other.claim(KEY) is ClaimResult.POSTED
    assert await other.claim((*KEY[:3], "another")) is ClaimResult.FIRST


async def test_what_one_process_gives_back_another_can_share(two: tuple[ShareClaims, ShareClaims]) -> None:
    one, other = two
    await one.claim(KEY)
    assert await other.claim(KEY) is ClaimResult.TAKEN
    await one.release(KEY)
    assert await other.claim(KEY) is ClaimResult.FIRST


@pytest.mark.parametrize(("posted", "kept"), [(True, KEPT_SECONDS), (False, UNPOSTED_SECONDS)])
async def test_the_claim_of_a_process_that_died_before_it_posted_is_given_up_soon(
    store: Store, *, posted: bool, kept: int
) -> None:
    now = 1_000.0
    claims = StoredShareClaims(store.database, now=lambda: now, within=None)
    assert await claims.claim("x") is ClaimResult.FIRST
    if posted:
        await claims.posted("x")
    now += kept - 1
    assert await claims.claim("x") is (ClaimResult.POSTED if posted else ClaimResult.TAKEN)
    now += 1
    assert await claims.claim("x") is ClaimResult.FIRST
