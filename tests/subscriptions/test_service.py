"""Subscriptions are made, ended, muted and listed: who may do what, on both databases."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.calls.problems import Problem, ProblemKind
from bot.cometchat import Uid
from bot.identity import IdentityUnavailableError, SlackUser
from bot.identity.links import StoreUnavailableError
from bot.storage.store import Store
from bot.storage.subscriptions import StoredSubscriptions
from bot.subscriptions.results import Ended, Listing, Muted, Subscribed
from bot.subscriptions.subscription import MOST_SUBSCRIPTIONS, Subscription, Wanted
from tests.subscriptions.scene import ADMIN, ROBIN, STEVE, TEAM, TONY, Scene

pytestmark = pytest.mark.usefixtures("patient")

MISSED, ENDED = Wanted(missed=True, ended=False), Wanted(missed=False, ended=True)
VIDEO = Wanted(missed=False, ended=True, kind="video", longer_seconds=600, with_whom="<@U0STEVE>")
NAMESAKE = SlackUser(None, "T02", TONY.user_id)


@pytest.fixture
async def scene(store: Store) -> Scene:
    return await Scene(store).everybody_linked()


async def subscribed(scene: Scene, user: SlackUser, wanted: Wanted = MISSED, **how: Any) -> Subscription:
    result = await scene.service.subscribe(user, wanted, **how)
    assert isinstance(result, Subscribed), result
    return result.subscription


async def own(scene: Scene, user: SlackUser) -> tuple[Subscription, ...]:
    listing = await scene.service.listing(user)
    assert isinstance(listing, Listing)
    return listing.own


def kind(result: object) -> object:
    return result.kind if isinstance(result, Problem) else result


async def test_a_subscription_comes_back_whole_and_is_its_owner_s(scene: Scene) -> None:
    made = await subscribed(scene, TONY, VIDEO, channel_id="C1", quiet_hours=False)
    assert await own(scene, TONY) == (made,)
    assert (made.owner, made.made_for, made.uid, made.channel_id) == (TONY, "superhero1", None, "C1")
    assert (made.wanted, made.quiet_hours, made.made_at) == (VIDEO, False, int(scene.world.now))
    assert await own(scene, STEVE) == await own(scene, NAMESAKE) == ()
    assert scene.woken == 1
    assert [(each.deed, each.outcome, each.uid) for each in scene.audit.kept] == [
        ("subscribe", "subscribed", "superhero1")
    ]


async def test_the_same_twice_is_one_which_takes_over_the_quiet_hours_and_is_not_muted_any_more(
    scene: Scene,
) -> None:
    first = await subscribed(scene, TONY, channel_id=None)
    await scene.service.mute(TONY, first.id, int(scene.world.now) + 86_400)
    again = await scene.service.subscribe(TONY, MISSED, quiet_hours=False)
    assert isinstance(again, Subscribed)
    assert (again.new, again.subscription.id, again.subscription.quiet_hours) == (False, first.id, False)
    assert again.subscription.muted_until == 0
    assert await own(scene, TONY) == (again.subscription,)


async def test_another_wish_place_or_owner_is_another_subscription(scene: Scene) -> None:
    for wanted, channel_id in [(MISSED, None), (ENDED, None), (MISSED, "C1"), (VIDEO, None)]:
        await subscribed(scene, TONY, wanted, channel_id=channel_id)
    await subscribed(scene, STEVE)
    assert (len(await own(scene, TONY)), len(await own(scene, STEVE))) == (4, 1)


async def test_after_the_link_has_changed_the_same_wish_is_a_new_subscription(scene: Scene) -> None:
    before = await subscribed(scene, TONY)
    scene.world.now += 60
    await scene.link(TONY, Uid("superhero9"))
    after = await subscribed(scene, TONY)
    assert (after.made_for, after.made_at - before.made_at) == ("superhero9", 60)
    assert await own(scene, TONY) == (after,)


async def test_a_person_has_no_more_than_so_many(scene: Scene) -> None:
    for number in range(MOST_SUBSCRIPTIONS):
        await subscribed(scene, TONY, channel_id=f"C{number}")
    refused = await scene.service.subscribe(TONY, MISSED, channel_id="CMORE")
    assert kind(refused) is ProblemKind.TOO_MANY_SUBSCRIPTIONS
    assert (await subscribed(scene, TONY, channel_id="C0")).channel_id == "C0", "the same one is no more"
    await scene.service.unsubscribe_all(TONY, channel_id="C1")
    await subscribed(scene, TONY, channel_id="CMORE")


@pytest.mark.parametrize(
    ("user", "wanted", "uid", "problem"),
    [
        (ROBIN, MISSED, None, ProblemKind.NOT_LINKED),
        (TONY, Wanted(missed=False, ended=False), None, ProblemKind.NOT_UNDERSTOOD),
        (TONY, MISSED, "superhero2", ProblemKind.NOT_AN_ADMIN),
        (TONY, MISSED, "superhero1", ProblemKind.NOT_AN_ADMIN),
        (NAMESAKE, MISSED, "superhero2", ProblemKind.NOT_AN_ADMIN),
        (ADMIN, MISSED, "not a uid", ProblemKind.NOT_A_UID),
        (ADMIN, MISSED, "superhero99", ProblemKind.NO_SUCH_UID),
        (
            TONY,
            Wanted(missed=True, ended=True, with_whom="<@U0ROBIN>"),
            None,
            ProblemKind.MENTIONED_NOT_LINKED,
        ),
    ],
)
async def test_nobody_subscribes_to_what_they_may_not_be_told(
    scene: Scene, user: SlackUser, wanted: Wanted, uid: str | None, problem: ProblemKind
) -> None:
    assert kind(await scene.service.subscribe(user, wanted, uid=uid)) is problem
    assert await scene.store.subscriptions.of_owner(user) == ()
    assert not scene.woken


async def test_an_admin_subscribes_to_another_user_s_calls_which_is_audited(scene: Scene) -> None:
    made = await subscribed(scene, ADMIN, uid="Support-Desk", channel_id="C1", reference="REF")
    assert (made.uid, made.made_for) == ("support-desk", "support-desk")
    (entry,) = scene.audit.kept
    assert (entry.deed, entry.user_id, entry.uid, entry.reference) == (
        "subscribe",
        "U0ADMIN",
        "support-desk",
        "REF",
    )


async def test_while_slack_is_away_nobody_is_an_admin(scene: Scene) -> None:
    scene.world.slack_up = False
    refused = await scene.service.subscribe(ADMIN, MISSED, uid="support-desk")
    assert kind(refused) is ProblemKind.ADMIN_UNKNOWN
    theirs = await subscribed(scene, TONY)
    assert kind(await scene.service.unsubscribe(ADMIN, theirs.id)) is ProblemKind.ADMIN_UNKNOWN


async def test_its_owner_and_an_admin_end_or_mute_a_subscription_and_nobody_else(scene: Scene) -> None:
    one, two = await subscribed(scene, TONY, MISSED), await subscribed(scene, TONY, ENDED)
    until = int(scene.world.now) + 86_400
    for stranger in (STEVE, ROBIN, NAMESAKE):
        assert kind(await scene.service.unsubscribe(stranger, one.id)) is ProblemKind.NO_SUCH_SUBSCRIPTION
        assert kind(await scene.service.mute(stranger, one.id, until)) is ProblemKind.NO_SUCH_SUBSCRIPTION
    muted = await scene.service.mute(TONY, one.id, until)
    assert isinstance(muted, Muted)
    assert muted.subscription.muted_until == until
    assert await own(scene, TONY) == (muted.subscription, two) or await own(scene, TONY) == (
        two,
        muted.subscription,
    )
    assert await scene.service.unsubscribe(ADMIN, one.id) == Ended((muted.subscription,))
    assert kind(await scene.service.unsubscribe(TONY, one.id)) is ProblemKind.NO_SUCH_SUBSCRIPTION
    assert await own(scene, TONY) == (two,)
    entry = scene.audit.kept[-2]
    assert (entry.deed, entry.user_id, entry.subject, entry.uid) == (
        "unsubscribe",
        "U0ADMIN",
        "U0TONY",
        "superhero1",
    )


async def test_unsubscribing_ends_all_of_one_s_own_or_those_of_one_channel(scene: Scene) -> None:
    direct = await subscribed(scene, TONY)
    here = await subscribed(scene, TONY, channel_id="C1")
    there = await subscribed(scene, TONY, channel_id="C2")
    theirs = await subscribed(scene, STEVE, channel_id="C1")
    assert await scene.service.unsubscribe_all(TONY, channel_id="C1") == Ended((here,))
    ended = await scene.service.unsubscribe_all(TONY)
    assert isinstance(ended, Ended)
    assert {each.id for each in ended.subscriptions} == {direct.id, there.id}
    assert await scene.service.unsubscribe_all(TONY) == Ended(())
    assert await own(scene, STEVE) == (theirs,)


async def test_an_admin_is_shown_those_of_the_channel_and_those_of_other_uids(scene: Scene) -> None:
    theirs = await subscribed(scene, TONY, channel_id="C1")
    await subscribed(scene, TONY)
    of_desk = await subscribed(scene, ADMIN, uid="support-desk")
    for user, others in [(ADMIN, (theirs,)), (STEVE, ())]:
        listing = await scene.service.listing(user, channel_id="C1")
        assert isinstance(listing, Listing)
        assert listing.others == others
    scene.world.admins = {STEVE.user_id}
    listing = await scene.service.listing(STEVE)
    assert isinstance(listing, Listing)
    assert listing.others == (of_desk,)


async def test_a_workspace_that_goes_takes_its_subscriptions_along_but_not_those_made_since(
    scene: Scene,
) -> None:
    await subscribed(scene, TONY)
    scene.world.now += 10
    later = await subscribed(scene, STEVE)
    await scene.service.forget_workspace(TEAM, later.made_at - 1)
    assert (await own(scene, TONY), await own(scene, STEVE)) == ((), (later,))
    await scene.service.forget_workspace("T02", later.made_at)
    assert await own(scene, STEVE) == (later,)


async def test_while_the_store_takes_no_changes_nothing_is_muted_or_ended(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await subscribed(scene, TONY)

    async def away(*_: object) -> None:
        raise StoreUnavailableError

    for name in ("mute", "remove"):
        monkeypatch.setattr(StoredSubscriptions, name, away)
    assert kind(await scene.service.mute(TONY, made.id, 1)) is ProblemKind.SUBSCRIPTIONS_UNAVAILABLE
    assert kind(await scene.service.unsubscribe(TONY, made.id)) is ProblemKind.SUBSCRIPTIONS_UNAVAILABLE
    assert await own(scene, TONY) == (made,)
    refused = [(each.deed, each.outcome) for each in scene.audit.kept[1:]]
    assert refused == [
        ("mute", "subscriptions_unavailable"),
        ("unsubscribe", "subscriptions_unavailable"),
    ]


async def test_with_whom_is_said_to_be_unknown_for_now_while_links_can_t_be_read(scene: Scene) -> None:
    identify = scene.identity.identify

    async def unknown(user: SlackUser) -> object:
        if user == STEVE:
            raise IdentityUnavailableError("away")
        return await identify(user)

    vars(scene.identity)["identify"] = unknown
    refused = await scene.service.subscribe(TONY, VIDEO)
    assert kind(refused) is ProblemKind.IDENTITY_UNAVAILABLE
    assert await own(scene, TONY) == ()


@pytest.mark.parametrize(
    "work",
    [
        lambda service: service.subscribe(TONY, MISSED),
        lambda service: service.unsubscribe(TONY, "x"),
        lambda service: service.unsubscribe_all(TONY),
        lambda service: service.mute(TONY, "x", 1),
        lambda service: service.listing(TONY),
    ],
)
async def test_while_the_store_is_away_people_are_told_so(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, work: Callable[..., Awaitable[object]]
) -> None:
    async def away(*_: object) -> None:
        raise StoreUnavailableError

    for name in ("add", "get", "of_owner"):
        monkeypatch.setattr(StoredSubscriptions, name, away)
    assert kind(await work(scene.service)) is ProblemKind.SUBSCRIPTIONS_UNAVAILABLE
