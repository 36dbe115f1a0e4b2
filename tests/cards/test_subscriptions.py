"""The cards of subscriptions: what one promises, the list, and the form."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.ask_session import Origin
from bot.cards.kit.limits import violations
from bot.cards.kit.lines import as_text
from bot.cards.subscriptions import (
    form,
    muted,
    promise,
    subscribed,
    subscriptions,
    unsubscribed,
)
from bot.cometchat import Uid
from bot.identity import SlackUser
from bot.subscriptions.form import SubscribeForm
from bot.subscriptions.results import Listing, Subscribed
from bot.subscriptions.subscription import Subscription, Wanted
from tests.cards.hostile import CHANNEL, NASTY, assert_known_to_the_sdk, assert_sound

NOW = 1_763_812_800
STEVE, TONY = SlackUser(None, "T01", "U0STEVE"), SlackUser(None, "T01", "U0TONY")
MENTIONS = ("<@U0STEVE>", "<@U0TONY>", "<@U012AB3CD>", f"<#{CHANNEL}>")
MISSED, ENDED = Wanted(missed=True, ended=False), Wanted(missed=False, ended=True)
MINE = Subscription("abcdefgh12345678", STEVE, Uid("superhero2"), None, None, MISSED, NOW)
LONGEST_UID = Uid("x" * 100)


@pytest.mark.parametrize(
    ("subscription", "reader", "words"),
    [
        (MINE, STEVE, "🔕 I’ll no longer message you when you miss a call."),
        (MINE, TONY, "🔕 I’ll no longer message <@U0STEVE> when they miss a call."),
        (
            replace(MINE, wanted=ENDED),
            TONY,
            "I’ll no longer message <@U0STEVE> when one of their calls ends.",
        ),
        (
            replace(MINE, channel_id=CHANNEL),
            TONY,
            "I’ll no longer post in <#C0SUPPORT> when <@U0STEVE> misses a call.",
        ),
        (
            replace(MINE, uid=Uid("desk")),
            TONY,
            "I’ll no longer message <@U0STEVE> when desk misses a call.",
        ),
        (
            replace(MINE, uid=Uid("desk"), wanted=replace(ENDED, kind="audio", longer_seconds=60)),
            STEVE,
            "I’ll no longer message you when one of desk’s audio calls ends after 1 min or more.",
        ),
    ],
)
def test_what_is_told_no_more_is_said_to_each_reader(
    subscription: Subscription, reader: SlackUser, words: str
) -> None:
    message = unsubscribed([subscription], reader.user_id)
    assert_sound(message, mentions=MENTIONS)
    assert words in message.text


def test_muted_says_until_when_and_what_comes_after() -> None:
    message = muted(replace(MINE, muted_until=NOW + 86_400), "U0STEVE")
    assert_sound(message, mentions=MENTIONS)
    assert message.text.startswith("🔕 Muted until <!date^1763899200^")
    assert "After that: I’ll message you when you miss a call." in message.text


def test_the_list_says_what_is_special() -> None:
    loud = replace(MINE, quiet_hours=False)
    there = replace(loud, muted_until=NOW + 60, channel_id=CHANNEL)
    desk = replace(MINE, owner=TONY, uid=Uid("desk"))
    message = subscriptions(Listing((loud, there), (desk,)), "U0STEVE", now=NOW)
    assert_sound(message, mentions=MENTIONS)
    _, mine, posted, by, others = message.text.split("\n")
    assert mine == "• When you miss a call · direct message · at night too"
    assert posted.startswith("• When you miss a call · <#C0SUPPORT> · muted until <!date^")
    assert (by, others) == ("By others", "• When desk misses a call · direct message · by <@U0TONY>")
    labels = [each["accessory"]["accessibility_label"] for each in message.blocks if "accessory" in each]
    assert labels[2] == "Stop: When desk misses a call · direct message · by"


@given(
    st.lists(st.sampled_from(NASTY) | st.text(max_size=80), min_size=1, max_size=20),
    st.integers(0, 90),
    st.booleans(),
)
def test_a_list_of_anything_is_within_slack_s_limits(names: list[str], others: int, also: bool) -> None:  # noqa: FBT001 - a value
    def of(name: str) -> Subscription:
        wanted = Wanted(missed=True, ended=also, kind="video", longer_seconds=3_600, with_whom=name)
        return replace(MINE, uid=LONGEST_UID, wanted=wanted, channel_id=CHANNEL, muted_until=NOW + 9)

    own = tuple(map(of, names))
    theirs = tuple(replace(own[number % len(own)], owner=TONY) for number in range(others))
    message = subscriptions(Listing(own, theirs), "U0STEVE", now=NOW)
    assert_sound(message, mentions=MENTIONS)
    rows = sum("accessory" in block for block in message.blocks)
    assert rows == len(own) + others or "more. To see them, stop some of these." in message.text
    assert_sound(subscribed(Subscribed(own[0], new=False)), mentions=MENTIONS)
    assert_sound(unsubscribed(own, "U0TONY"), mentions=MENTIONS)


@given(
    st.sampled_from(NASTY) | st.text(max_size=80),
    st.sampled_from(["", CHANNEL]),
    st.booleans(),
    st.booleans(),
)
def test_a_form_with_anything_in_it_is_within_slack_s_limits(
    name: str,
    channel: str,
    missed: bool,  # noqa: FBT001 - a value
    quiet: bool,  # noqa: FBT001 - a value
) -> None:
    filled = SubscribeForm.of(
        which=["missed"] if missed else [],
        kind="video",
        longer="600",
        with_whom=name,
        channel_id=channel,
        quiet=["quiet"] if quiet else [],
    )
    view = form(filled, Origin("https://hooks.slack.com/" + "x" * 1_500, "C1", None))
    assert violations(view, "modal") == []
    assert_known_to_the_sdk(view["blocks"])


def test_a_promise_to_nobody_in_particular_is_a_sentence() -> None:
    wanted = Wanted(missed=True, ended=True, with_whom="<@U0TONY>")
    assert as_text(promise(wanted, channel_id=None, uid=None)) == (
        "I’ll message you when you miss a call with <@U0TONY>, and when one of your calls with <@U0TONY> ends."
    )
