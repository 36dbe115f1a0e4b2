"""The Home tab and global shortcuts of the stand-in: what Slack sends, takes and refuses."""

import asyncio

import pytest

from tests.playground.test_slack_page import snapshot
from tests.playground.tiny_bot import ASK, BUTTON, STEVE, TONY, Json, Scene, scene

HOME: Json = {
    "type": "home",
    "callback_id": "home",
    "private_metadata": "kept",
    "blocks": [{"type": "actions", "block_id": "buttons", "elements": [BUTTON]}],
}


async def published(it: Scene, user_id: str = TONY, **more: str) -> Json:
    """Publish a Home tab, and return it as Slack describes it."""
    answer = await it.call("views.publish", user_id=user_id, view=HOME, **more)
    assert answer["ok"], answer
    view: Json = answer["view"]
    return view


async def test_whoever_opens_the_home_tab_is_told_to_the_bot() -> None:
    async with scene() as it:
        delivery = await it.slack.open_home(TONY)

        assert it.bot.headers[-1]["Content-Type"] == "application/json"
        event = dict(delivery.payload["event"])
        assert event.pop("event_ts")
        assert event == {"type": "app_home_opened", "user": TONY, "channel": "D0TONY", "tab": "home"}
        assert delivery.payload["team_id"] == "T0PLAYGROUND"

        view = await published(it)
        assert (await it.slack.open_home(TONY)).payload["event"]["view"] == view
        assert "view" not in (await it.slack.open_home(STEVE)).payload["event"]
        assert (await it.slack.open_home(TONY, tab="messages")).payload["event"]["tab"] == "messages"
        elsewhere = await it.slack.open_home(TONY, fields={"team_id": "T0OTHER"})
        assert elsewhere.payload["team_id"] == "T0OTHER"


async def test_a_home_tab_is_one_person_s_and_keeps_its_id() -> None:
    async with scene() as it:
        view = await published(it)
        again = await published(it)

        assert (view["type"], view["callback_id"], view["private_metadata"]) == ("home", "home", "kept")
        assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)
        assert view["title"] == {"type": "plain_text", "text": "View Title", "emoji": True}
        assert again["id"] == view["id"]
        assert again["hash"] != view["hash"]
        assert it.slack.home(STEVE) is None
        home = it.slack.home(TONY)
        assert home
        assert (home.blocks, home.callback_id) == (HOME["blocks"], "home")
        assert (await snapshot(it, TONY))["home"] == {"view_id": view["id"], "blocks": HOME["blocks"]}
        assert (await snapshot(it, STEVE))["home"] is None


async def test_a_hash_that_is_not_the_last_one_s_is_a_conflict() -> None:
    async with scene() as it:
        first = await published(it)
        second = await published(it, hash=first["hash"])
        late = await it.call("views.publish", user_id=TONY, view=HOME, hash=first["hash"])
        none = await it.call("views.publish", user_id=STEVE, view=HOME, hash=first["hash"])
        assert (late["error"], none["error"]) == ("hash_conflict", "hash_conflict")
        home = it.slack.home(TONY)
        assert home
        assert home.hash == second["hash"]
        assert it.slack.home(STEVE) is None


@pytest.mark.parametrize(
    ("user_id", "view", "word"),
    [
        (TONY, None, "invalid_arguments"),
        (TONY, ASK, "invalid_arguments"),
        (TONY, {"type": "home"}, "invalid_arguments"),
        (TONY, {**HOME, "blocks": HOME["blocks"] * 101}, "invalid_arguments"),
        ("U0NOBODY", HOME, "invalid_arguments"),
        (
            TONY,
            {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_600}}] * 100},
            "view_too_large",
        ),
    ],
)  # fmt: skip
async def test_what_slack_would_not_show_in_a_home_tab_is_refused(
    user_id: str, view: Json | None, word: str
) -> None:
    async with scene() as it:
        answer = await it.call("views.publish", user_id=user_id, view=view)
        assert (answer["ok"], answer["error"]) == (False, word)
        assert [refusal.where for refusal in it.slack.refusals] == ["views.publish"]


async def test_without_a_home_tab_in_the_manifest_nothing_is_published() -> None:
    async with scene() as it:
        assert it.slack.home_tab
        it.slack.home_tab = False
        assert (await it.call("views.publish", user_id=TONY, view=HOME))["error"] == "not_enabled"


async def test_a_press_in_the_home_tab_names_no_channel_and_no_response_url() -> None:
    async with scene() as it:
        view = await published(it)
        delivery = await it.slack.press(TONY, view["id"], "share_call")

        payload = it.bot.payload
        assert delivery.payload["type"] == payload["type"] == "block_actions"
        assert payload["container"] == {"type": "view", "view_id": view["id"]}
        assert payload["view"] == view
        assert payload["actions"][0]["value"] == "v1.eu.1"
        assert not {"response_url", "channel", "message"} & payload.keys()
        with pytest.raises(LookupError):
            await it.slack.press(STEVE, view["id"], "share_call")


async def test_a_press_in_the_home_tab_opens_a_modal_that_lies_on_nothing() -> None:
    async with scene() as it:
        view = await published(it)
        await it.slack.press(TONY, view["id"], "share_call")
        trigger_id = it.bot.payload["trigger_id"]
        assert (await it.call("views.push", trigger_id=trigger_id, view=ASK))["error"] == "not_found"
        await it.slack.press(TONY, view["id"], "share_call")
        opened = await it.call("views.open", trigger_id=it.bot.payload["trigger_id"], view=ASK)
        assert opened["view"]["previous_view_id"] is None
        assert [modal.channel_id for modal in it.slack.modals(TONY)] == [None]


async def test_a_global_shortcut_knows_who_and_which_and_nothing_else() -> None:
    async with scene() as it:
        await it.slack.global_shortcut(TONY)

        payload = it.bot.payload
        assert (payload["type"], payload["callback_id"]) == ("shortcut", "callinfo_find")
        assert payload["user"]["id"] == TONY
        assert payload["action_ts"]
        assert not {"response_url", "channel", "message", "message_ts"} & payload.keys()
        opened = await it.call("views.open", trigger_id=payload["trigger_id"], view=ASK)
        assert opened["ok"]


async def test_the_page_opens_the_home_tab_and_uses_global_shortcuts() -> None:
    async with scene() as it:
        async with it.http.get(f"{it.slack.api_url}workspace") as response:
            shortcuts = (await response.json())["global_shortcuts"]
        assert shortcuts == [{"callback_id": "callinfo_find", "name": "Find a call"}]

        assert await it.page("home", **{"as": TONY}) == (200, {"ok": True})
        assert b"app_home_opened" in it.bot.bodies[-1]
        find = {"as": TONY, "callback_id": "callinfo_find"}
        assert await it.page("shortcut", **find) == (200, {"ok": True})
        assert it.bot.payload["type"] == "shortcut"
        status, said = await it.page("shortcut", **{**find, "callback_id": "callinfo_from_message"})
        assert (status, said["error"]) == (404, "There is no such shortcut.")

        it.bot.status = 500
        status, said = await it.page("home", **{"as": TONY})
        assert (status, said["error"]) == (502, "callinfo doesn’t answer (dispatch_failed).")


async def test_by_socket_mode_the_home_tab_and_global_shortcuts_come_in_envelopes() -> None:
    async with scene(app_token="xapp-1") as it:
        opened = await it.call("apps.connections.open", token="xapp-1")
        async with it.http.ws_connect(opened["url"]) as socket:
            await socket.receive_json(timeout=5)

            async def envelope() -> Json:
                found: Json = await socket.receive_json(timeout=5)
                await socket.send_json({"envelope_id": found["envelope_id"]})
                return found

            received = asyncio.create_task(envelope())
            assert (await it.slack.open_home(TONY)).ok
            home = await received
            received = asyncio.create_task(envelope())
            assert (await it.slack.global_shortcut(TONY)).ok
            shortcut = await received
        assert (home["type"], home["payload"]["event"]["type"]) == ("events_api", "app_home_opened")
        assert home["accepts_response_payload"] is False
        assert (shortcut["type"], shortcut["payload"]["type"]) == ("interactive", "shortcut")
