"""The two switches of the Home tab: a direct message at a missed call, and at an ended one, without any filter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.calls.problems import Problem
from bot.identity import SlackUser
from bot.links.home_tab import Switches
from bot.subscriptions.results import Subscribed
from bot.subscriptions.service import Subscriptions
from bot.subscriptions.subscription import Subscription, Wanted


@dataclass(frozen=True, slots=True)
class Switched:
    """What was made and ended so that the switches are as they were set."""

    made: tuple[Subscribed, ...]
    ended: tuple[Subscription, ...]


def switches_of(own: Iterable[Subscription]) -> Switches:
    """Return which switches a person's own subscriptions turn on."""
    plain = [each.wanted for each in own if _is_plain(each)]
    return Switches(any(each.missed for each in plain), any(each.ended for each in plain))


async def read_switches(subscriptions: Subscriptions, user: SlackUser) -> Switches | Problem:
    """Return which switches are on."""
    listing = await subscriptions.listing(user)
    return listing if isinstance(listing, Problem) else switches_of(listing.own)


async def set_switches(
    subscriptions: Subscriptions, user: SlackUser, wanted: Switches, reference: str
) -> Switched | Problem:
    """End and make subscriptions until the switches are as `wanted`; stop at the first problem."""
    listing = await subscriptions.listing(user)
    if isinstance(listing, Problem):
        return listing
    plain = [each for each in listing.own if _is_plain(each)]
    ended: list[Subscription] = []
    for each in plain:
        if (each.wanted.missed and not wanted.missed) or (each.wanted.ended and not wanted.ended):
            result = await subscriptions.unsubscribe(user, each.id, reference=reference)
            if isinstance(result, Problem):
                return result
            ended += result.subscriptions
    on = switches_of(each for each in plain if each not in ended)
    made: list[Subscribed] = []
    for one in (
        *([Wanted(missed=True, ended=False)] if wanted.missed and not on.missed else []),
        *([Wanted(missed=False, ended=True)] if wanted.ended and not on.ended else []),
    ):
        subscribed = await subscriptions.subscribe(user, one, reference=reference)
        if isinstance(subscribed, Problem):
            return subscribed
        made.append(subscribed)
    return Switched(tuple(made), tuple(ended))


def _is_plain(subscription: Subscription) -> bool:
    """Whether a switch stands for it: one's own calls, told directly, none left out."""
    wanted = subscription.wanted
    every = Wanted(missed=wanted.missed, ended=wanted.ended)
    return subscription.uid is None and subscription.channel_id is None and wanted == every
