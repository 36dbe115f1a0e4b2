"""`/callinfo subscribe`, `subscriptions` and `unsubscribe`, the form, and Home's switches, through the front door."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.identity.links import StoreUnavailableError
from bot.playground.run import Playground
from bot.playground.slack import Home, Message
from bot.storage.subscriptions import StoredSubscriptions
from tests.listeners.at_home import forged, opened, reads, texts
from tests.listeners.people import (
    ALEX,
    ROBIN,
    STEVE,
    TONY,
    answered,
    audited,
    buttons,
    sample,
    seen,
    summary_of,
)

CHANNEL = "C0SUPPORT"
AWAY = "The list of subscriptions isn’t available right now."


async def asked(ground: Playground, user: str, text: str) -> str:
    """Return what the person reads in the command's own answer."""
    delivery = await ground.slack.command(user, text)
    assert delivery.status == 200
    assert ground.slack.refusals == []
    assert delivery.message is not None
    return str(delivery.message["text"])


def newest(ground: Playground, user: str) -> Message:
    return ground.slack.seen_by(user)[-1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("missed", "I’ll message you when you miss a call."),
        ("ended", "I’ll message you when one of your calls ends."),
        ("ended missed", "I’ll message you when you miss a call, and when one of your calls ends."),
        ("video", "when you miss a video call, and when one of your video calls ends."),
        ("audio longer than 10 min", "when one of your audio calls ends after 10 min or more."),
        ("missed with natasha", "when you miss a call with “natasha”."),
        (
            "ended with <@U0TONY|tony> longer 90s",
            "of your calls with <@U0TONY> ends after 1 min 30 s or more.",
        ),
    ],
)
async def test_a_person_subscribes_and_reads_in_one_sentence_to_what(
    ground: Playground, text: str, words: str
) -> None:
    answer = await asked(ground, STEVE, f"subscribe {text}")
    assert words in answer
    assert "I stay quiet from 22:00 to 7:00 your time" in answer
    assert words.removeprefix("I’ll message you w")[1:].rstrip(".") in await asked(
        ground, STEVE, "subscriptions"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("subscribe mised", "I don’t understand “mised” after “subscribe”."),
        ("subscribe ended natasha", "I don’t understand “natasha”"),
        ("subscribe ended longer", "I need a length"),
        ("subscribe missed longer 10m", "Missed calls have no length."),
        ("subscribe ended with", "I need a name"),
        ("subscribe missed with @tony", "recognize that name as a mention"),
        ("subscribe missed with <@U0ROBIN|robin>", "That person isn’t connected to CometChat"),
        ("subscribe missed as", "I need a CometChat UID"),
        ("subscribe missed as superhero2", "Only admins can subscribe to another CometChat user"),
        ("unsubscribe missed", "I don’t understand “missed” after “unsubscribe”."),
        ("unsubscribe here now", "I don’t understand “now” after “unsubscribe”."),
        ("subscriptions here", "what comes after “subscriptions”"),
    ],
)
async def test_what_can_t_be_is_told_and_subscribes_nobody(ground: Playground, text: str, words: str) -> None:
    assert words in await asked(ground, TONY, text)
    assert "You have no subscriptions." in await asked(ground, TONY, "subscriptions")


async def test_who_is_not_linked_reads_how_to_get_access(ground: Playground) -> None:
    await asked(ground, ROBIN, "subscribe missed")
    assert buttons(newest(ground, ROBIN)) == ["ask_admin"]
    await ground.slack.command(ROBIN, "subscribe")
    await seen(ground, ROBIN, lambda each: buttons(each) == ["ask_admin"])
    assert ground.slack.modals(ROBIN) == []


async def test_the_same_subscription_twice_is_one(ground: Playground) -> None:
    await asked(ground, STEVE, "subscribe missed")
    assert "You already had this subscription." in await asked(ground, STEVE, "subscribe missed")
    assert (await asked(ground, STEVE, "subscriptions")).count("•") == 1


async def test_twenty_subscriptions_are_the_most(ground: Playground) -> None:
    for number in range(20):
        await asked(ground, STEVE, f"subscribe missed with person{number}")
    assert "You’ve reached the limit of 20 subscriptions." in await asked(ground, STEVE, "subscribe ended")
    listed = await asked(ground, STEVE, "subscriptions")
    assert listed.count("•") == 20


async def test_in_a_channel_the_subscriber_alone_reads_it_there(ground: Playground) -> None:
    delivery = await ground.slack.command(STEVE, "subscribe ended here")
    assert delivery.message is None
    message = await answered(ground, STEVE, "I’ll post in <#C0SUPPORT> when one of your calls ends.")
    assert message.ephemeral
    assert "Recordings stay private." in message.text
    assert buttons(message) == ["unsubscribe"]


async def test_in_a_channel_without_the_bot_a_person_reads_at_once_how_to_invite_it(
    ground: Playground,
) -> None:
    ground.slack.bot_in_channel = False
    answer = await asked_refused(ground, STEVE, "subscribe ended here")
    assert "I’m not in that channel, so I can’t post there." in answer
    assert "/invite @callinfo" in texts(newest(ground, STEVE).blocks)
    assert "You have no subscriptions." in await asked_refused(ground, STEVE, "subscriptions")


async def asked_refused(ground: Playground, user: str, text: str) -> str:
    """Return the answer where Slack has refused a message in the channel."""
    delivery = await ground.slack.command(user, text)
    assert delivery.message is not None
    return str(delivery.message["text"])


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("is_archived", "That channel is archived, so nobody can post there."),
        ("restricted_action", "Slack doesn’t let me post in that channel."),
        ("something_new", "Slack doesn’t let me post in that channel."),
    ],
)
async def test_where_slack_refuses_a_channel_nobody_is_subscribed_to_it(
    ground: Playground, word: str, words: str
) -> None:
    ground.slack.fail("chat.postEphemeral", status=200, body={"ok": False, "error": word})
    assert words in await asked(ground, STEVE, "subscribe ended here")
    assert "You have no subscriptions." in await asked(ground, STEVE, "subscriptions")


async def test_a_subscription_that_there_was_outlives_a_refusal(ground: Playground) -> None:
    await ground.slack.command(STEVE, "subscribe ended here")
    ground.slack.fail("chat.postEphemeral", status=200, body={"ok": False, "error": "restricted_action"})
    assert "doesn’t let me post" in await asked(ground, STEVE, "subscribe ended here")
    assert "When one of your calls ends · <#C0SUPPORT>" in await asked(ground, STEVE, "subscriptions")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {}),
        (503, {"ok": False, "error": "internal_error"}),
        (429, {"ok": False, "error": "ratelimited"}),
    ],
)
async def test_a_subscription_is_kept_where_slack_does_not_say_whether_the_bot_may_post(
    ground: Playground, status: int, body: dict[str, Any]
) -> None:
    ground.slack.fail("chat.postEphemeral", status=status, body=body)
    assert "I’ll post in <#C0SUPPORT>" in await asked(ground, STEVE, "subscribe ended here")
    assert "When one of your calls ends · <#C0SUPPORT>" in await asked(ground, STEVE, "subscriptions")


async def test_in_a_conversation_of_two_here_is_a_direct_message(ground: Playground) -> None:
    delivery = await ground.slack.command(STEVE, "subscribe missed here", fields={"channel_id": "D0SOMEBODY"})
    assert delivery.message
    assert "I’ll message you when you miss a call." in delivery.message["text"]


async def test_an_admin_subscribes_for_another_cometchat_user_and_that_is_audited(ground: Playground) -> None:
    with capture_logs() as logs:
        answer = await asked(ground, ALEX, "subscribe missed as superhero2")
        line = await audited(logs, "subscribe")
    assert "I’ll message you when superhero2 misses a call." in answer
    assert (line["user_id"], line["outcome"], line["uid"]) == (ALEX, "subscribed", "superhero2")
    assert "no active user nobody-at-all" in await asked(ground, ALEX, "subscribe missed as nobody-at-all")


async def test_stop_in_the_confirmation_replaces_it(ground: Playground) -> None:
    await asked(ground, STEVE, "subscribe missed")
    message = newest(ground, STEVE)
    await ground.slack.press(STEVE, message.ts, "unsubscribe")
    await answered(ground, STEVE, "I’ll no longer message you when you miss a call.")
    assert message.ts not in [each.ts for each in ground.slack.seen_by(STEVE) if each.text == message.text]
    assert "You have no subscriptions." in await asked(ground, STEVE, "subscriptions")


async def test_stop_in_the_list_shows_the_list_that_is_left(ground: Playground) -> None:
    await asked(ground, STEVE, "subscribe missed")
    await asked(ground, STEVE, "subscribe ended video")
    await asked(ground, STEVE, "subscriptions")
    message = newest(ground, STEVE)
    assert buttons(message) == ["unsubscribe", "unsubscribe", "subscribe"]
    block = next(each for each in message.blocks or [] if "you miss a call" in texts(each))
    await ground.slack.press(STEVE, message.ts, "unsubscribe", block["block_id"])
    left = await seen(ground, STEVE, lambda each: each.ts == message.ts and "I’ll no longer" in each.text)
    assert buttons(left) == ["unsubscribe", "subscribe"]
    assert "When one of your video calls ends" in left.text


async def test_unsubscribe_ends_all_of_one_s_own_and_here_those_of_the_channel(ground: Playground) -> None:
    await asked(ground, STEVE, "subscribe missed")
    await ground.slack.command(STEVE, "subscribe ended here")
    await asked(ground, TONY, "subscribe missed")
    answer = await asked(ground, STEVE, "unsubscribe here")
    assert "I’ll no longer post in <#C0SUPPORT> when one of your calls ends." in answer
    assert "When you miss a call" in answer
    assert "I’ll no longer message you when you miss a call." in await asked(ground, STEVE, "unsubscribe")
    assert "There’s nothing to stop." in await asked(ground, STEVE, "unsubscribe")
    assert "When you miss a call" in await asked(ground, TONY, "subscriptions")


async def test_an_admin_sees_and_stops_what_others_post_to_the_channel_and_nothing_of_their_own(
    ground: Playground,
) -> None:
    await ground.slack.command(STEVE, "subscribe ended here")
    await asked(ground, STEVE, "subscribe missed")
    listed = await asked(ground, ALEX, "subscriptions")
    assert "By others" in listed
    assert "When one of <@U0STEVE>’s calls ends · <#C0SUPPORT>" in listed
    assert "miss" not in listed
    assert "By others" not in await asked(ground, TONY, "subscriptions")
    await asked(ground, ALEX, "subscriptions")
    await ground.slack.press(ALEX, newest(ground, ALEX).ts, "unsubscribe")
    await answered(ground, ALEX, "I’ll no longer post in <#C0SUPPORT> when one of <@U0STEVE>’s calls ends.")


async def test_nobody_stops_what_is_another_s(ground: Playground) -> None:
    await asked(ground, STEVE, "subscribe missed")
    block = next(each for each in newest(ground, STEVE).blocks or [] if each["type"] == "actions")
    stolen = block["elements"][0]["value"]
    await opened(ground, TONY)
    for value in (stolen, f"mute:{stolen}", "mute:x", "", "no-such-subscription"):
        await forged(ground, TONY, "unsubscribe", value)
        await reads(ground, TONY, "or isn’t yours to change")
        await opened(ground, TONY)
    assert "When you miss a call" in await asked(ground, STEVE, "subscriptions")


def sentence(ground: Playground, user: str) -> str:
    """Return what the form says at its top."""
    modal = ground.slack.modals(user)[-1]
    return texts(modal.blocks[0])


async def form(ground: Playground, user: str) -> str:
    """Let the person open the form, and return its view id."""
    delivery = await ground.slack.command(user, "subscribe")
    assert (delivery.status, delivery.message) == (200, None)
    modals = await ground.slack.wait_for(lambda: ground.slack.modals(user))
    assert modals[-1].callback_id == "callinfo_subscribe"
    return modals[-1].view_id


async def test_the_form_says_what_its_choices_mean_as_they_change(ground: Playground) -> None:
    view_id = await form(ground, STEVE)
    assert "I’ll message you when you miss a call." in sentence(ground, STEVE)
    for action_id, value, words in (
        ("subscribe_which", ["missed", "ended"], "miss a call, and when one of your calls ends."),
        ("subscribe_which", ["ended"], "I’ll message you when one of your calls ends."),
        ("subscribe_longer", "600", "ends after 10 min or more."),
        ("subscribe_kind", "video", "one of your video calls ends after 10 min"),
        ("subscribe_with", "natasha", "calls with “natasha” ends"),
        ("subscribe_channel", CHANNEL, "I’ll post in  when one of your video calls"),
        ("subscribe_which", [], "Choose missed calls, ended calls, or both."),
    ):
        await ground.slack.press(STEVE, view_id, action_id, value=value)
        await ground.slack.wait_for(lambda: words in sentence(ground, STEVE))  # noqa: B023 - in this round
    assert "From 22:00" not in sentence(ground, STEVE)
    assert ground.slack.refusals == []


async def test_the_form_subscribes_and_the_answer_comes_to_where_it_was_opened(ground: Playground) -> None:
    view_id = await form(ground, STEVE)
    values: dict[str, dict[str, Any]] = {
        "subscribe_which": {"subscribe_which": ["ended"]},
        "subscribe_kind": {"subscribe_kind": "video"},
        "subscribe_longer": {"subscribe_longer": "1800"},
        "subscribe_with": {"subscribe_with": "natasha"},
        "subscribe_quiet": {"subscribe_quiet": []},
    }
    delivery = await ground.slack.submit(STEVE, view_id, values)
    assert (delivery.status, dict(delivery.errors)) == (200, {})
    assert ground.slack.modals(STEVE) == []
    said = "one of your video calls with “natasha” ends after 30 min or more."
    message = await answered(ground, STEVE, said)
    assert "stay quiet" not in message.text
    assert "at night too" in await asked(ground, STEVE, "subscriptions")


async def test_a_channel_without_the_bot_is_told_beside_the_channel(ground: Playground) -> None:
    view_id = await form(ground, STEVE)
    ground.slack.bot_in_channel = False
    values = {"subscribe_channel": {"subscribe_channel": CHANNEL}}
    delivery = await ground.slack.submit(STEVE, view_id, values)
    assert "/invite @callinfo" in delivery.errors["subscribe_channel"]
    ground.slack.bot_in_channel = True
    delivery = await ground.slack.submit(STEVE, view_id, values)
    assert dict(delivery.errors) == {}
    await answered(ground, STEVE, "I’ll post in <#C0SUPPORT> when you miss a call.")
    assert ground.slack.modals(STEVE) == []


@pytest.mark.parametrize(
    "action_id", ["subscribe_which", "subscribe_kind", "subscribe_channel", "home_switches"]
)
@pytest.mark.parametrize("fields", [{}, {"view": None}, {"view": "odd"}])
async def test_a_choice_outside_of_the_form_and_of_home_changes_nothing(
    ground: Playground, action_id: str, fields: dict[str, Any]
) -> None:
    await asked(ground, TONY, "subscribe missed ended")
    card = await summary_of(ground, TONY, sample(ground, "Going on now").session_id)
    pressed = await ground.slack.press(TONY, card.ts, "refresh_call")
    action = {**pressed.payload["actions"][0], "action_id": action_id}
    await ground.slack.interact(TONY, {**pressed.payload, **fields, "actions": [action]})
    await answered(ground, TONY, "This button no longer works.")
    assert "When you miss a call, and when one of your calls ends" in await asked(
        ground, TONY, "subscriptions"
    )
    assert ground.slack.refusals == []


def ticked(home: Home) -> list[str]:
    """Return the switches that are on."""
    block = next(each for each in home.blocks if each["type"] == "actions" and _boxes(each))
    return [option["value"] for option in _boxes(block)[0].get("initial_options", [])]


def _boxes(block: Any) -> list[Any]:
    return [each for each in block["elements"] if each["type"] == "checkboxes"]


async def test_the_switches_of_the_home_tab_subscribe_and_unsubscribe(ground: Playground) -> None:
    home = await opened(ground, STEVE, "Tell me when I miss a call")
    assert ticked(home) == []
    for chosen, words in (
        (["missed"], "I’ll message you when you miss a call."),
        (["missed", "ended"], "I’ll message you when one of your calls ends."),
        (["ended"], "I’ll no longer message you when you miss a call."),
    ):
        await ground.slack.press(STEVE, home.view_id, "home_switches", value=chosen)
        home = await reads(ground, STEVE, words)
        assert ticked(home) == chosen
        assert (await asked(ground, STEVE, "subscriptions")).count("•") == len(chosen)


async def test_a_switch_turned_off_leaves_the_other_one_of_a_subscription_to_both(ground: Playground) -> None:
    await asked(ground, STEVE, "subscribe missed ended")
    await asked(ground, STEVE, "subscribe missed video")
    home = await opened(ground, STEVE, "Tell me when I miss a call")
    assert ticked(home) == ["missed", "ended"]
    await ground.slack.press(STEVE, home.view_id, "home_switches", value=["missed"])
    home = await reads(ground, STEVE, "I’ll no longer message you")
    assert ticked(home) == ["missed"]
    listed = await asked(ground, STEVE, "subscriptions")
    assert "When you miss a call ·" in listed
    assert "When you miss a video call ·" in listed
    assert "ended" not in listed


async def test_a_switch_for_which_there_is_no_room_stays_off_and_says_why(ground: Playground) -> None:
    for number in range(20):
        await asked(ground, STEVE, f"subscribe missed with person{number}")
    home = await opened(ground, STEVE, "Tell me when I miss a call")
    await ground.slack.press(STEVE, home.view_id, "home_switches", value=["missed"])
    home = await reads(ground, STEVE, "You’ve reached the limit of 20 subscriptions.")
    assert ticked(home) == []


@pytest.mark.parametrize("away", ["of_owner", "remove"])
async def test_a_switch_says_so_while_the_database_is_away(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    await asked(ground, STEVE, "subscribe missed")
    home = await opened(ground, STEVE, "Tell me when I miss a call")
    unavailable(monkeypatch, away)
    await ground.slack.press(STEVE, home.view_id, "home_switches", value=[])
    await reads(ground, STEVE, AWAY)
    monkeypatch.undo()
    assert "When you miss a call" in await asked(ground, STEVE, "subscriptions")


def unavailable(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let that method of the store fail."""

    async def away(*_: object) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr(StoredSubscriptions, name, away)


@pytest.mark.parametrize("text", ["subscriptions", "unsubscribe"])
async def test_a_command_says_so_while_the_database_is_away(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    await asked(ground, STEVE, "subscribe missed")
    unavailable(monkeypatch, "of_owner")
    assert AWAY in await asked(ground, STEVE, text)
    monkeypatch.undo()
    assert "When you miss a call" in await asked(ground, STEVE, "subscriptions")


async def test_a_form_from_the_home_tab_is_answered_there(ground: Playground) -> None:
    home = await opened(ground, STEVE, "Tell me when I miss a call")
    await ground.slack.press(STEVE, home.view_id, "subscribe")
    modals = await ground.slack.wait_for(lambda: ground.slack.modals(STEVE))
    await ground.slack.submit(STEVE, modals[-1].view_id)
    home = await reads(ground, STEVE, "I’ll message you when you miss a call.")
    assert ticked(home) == ["missed"]


async def test_who_is_not_linked_has_no_switches(ground: Playground) -> None:
    home = await opened(ground, ROBIN)
    assert not any(_boxes(each) for each in home.blocks if each["type"] == "actions")
