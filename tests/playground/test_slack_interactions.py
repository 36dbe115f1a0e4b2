"""Shortcuts, presses and modals: the payloads Slack builds, and what the answers do."""

import asyncio

import pytest

from tests.playground.tiny_bot import ASK, BUTTON, CARD, STEVE, TONY, Clock, Json, Scene, scene

TEXT: Json = {"type": "plain_text", "text": "x"}


def asked_for(block_id: str, element: Json, **more: object) -> Json:
    element = {**element, "action_id": "it"}
    return {"type": "input", "block_id": block_id, "label": TEXT, "element": element, **more}


async def opened(it: Scene, user_id: str = TONY, view: Json = ASK) -> str:
    """Let the bot open a modal after a command; return the view's id."""
    await it.slack.command(user_id, "x")
    answer = await it.call("views.open", trigger_id=it.bot.forms[-1]["trigger_id"], view=view)
    return str(answer["view"]["id"])


async def test_a_shortcut_carries_the_whole_message() -> None:
    async with scene() as it:
        ts = it.slack.post(STEVE, "see <https://a.example/v1|v1> &amp; more")
        await it.slack.shortcut(TONY, ts)

        payload = it.bot.payload
        assert payload["type"] == "message_action"
        assert payload["callback_id"] == "callinfo_from_message"
        assert payload["user"]["id"] == TONY
        assert payload["channel"] == {"id": "C0SUPPORT", "name": "support"}
        assert payload["team"] == {"id": "T0PLAYGROUND", "domain": "playground"}
        assert (payload["message_ts"], payload["message"]["ts"]) == (ts, ts)
        assert payload["message"]["user"] == STEVE
        assert payload["message"]["text"] == "see <https://a.example/v1|v1> &amp; more"
        assert payload["message"]["blocks"][0]["elements"][0]["elements"] == [
            {"type": "text", "text": "see "},
            {"type": "link", "url": "https://a.example/v1", "text": "v1"},
            {"type": "text", "text": " & more"},
        ]


async def test_a_message_may_be_nothing_but_a_link() -> None:
    async with scene() as it:
        await it.slack.shortcut(TONY, it.slack.post(STEVE, "<https://a.example/v1>"))

        assert it.bot.payload["message"]["blocks"][0]["elements"][0]["elements"] == [
            {"type": "link", "url": "https://a.example/v1", "text": "https://a.example/v1"}
        ]


async def test_another_bots_message_may_lack_user_and_text() -> None:
    async with scene() as it:
        ts = it.slack.post(None, "", attachments=[{"text": "v1.eu.1", "fallback": "alert"}])
        await it.slack.shortcut(TONY, ts)

        message = it.bot.payload["message"]
        assert "user" not in message
        assert "text" not in message
        assert (message["bot_id"], message["attachments"][0]["text"]) == ("B0ALERTS", "v1.eu.1")


async def test_a_message_in_a_thread_names_its_thread() -> None:
    async with scene() as it:
        root = it.slack.post(STEVE, "first")
        reply = it.slack.post(TONY, "second", thread_ts=root)
        await it.slack.shortcut(TONY, reply)
        assert it.bot.payload["message"]["thread_ts"] == root
        await it.slack.shortcut(TONY, root)
        assert it.bot.payload["message"]["thread_ts"] == root
        assert it.bot.payload["message"]["reply_count"] == 1


async def test_shortcuts_do_not_appear_on_ephemeral_or_unseen_messages() -> None:
    async with scene() as it:
        it.bot.answer = CARD
        await it.slack.command(TONY, "x")
        ts = it.slack.seen_by(TONY)[0].ts

        for user_id in (TONY, STEVE):
            with pytest.raises(LookupError):
                await it.slack.shortcut(user_id, ts)


async def test_a_press_on_an_ephemeral_message_carries_no_message() -> None:
    async with scene() as it:
        it.bot.answer = CARD
        await it.slack.command(TONY, "x")
        ts = it.slack.seen_by(TONY)[0].ts
        delivery = await it.slack.press(TONY, ts, "share_call")

        payload = it.bot.payload
        assert delivery.payload["actions"] == payload["actions"]
        assert payload["type"] == "block_actions"
        assert "message" not in payload
        assert payload["container"] == {
            "type": "message",
            "message_ts": ts,
            "channel_id": "C0SUPPORT",
            "is_ephemeral": True,
        }
        (action,) = payload["actions"]
        assert action.pop("action_ts")
        assert action == {**BUTTON, "block_id": "buttons"}
        assert payload["state"] == {"values": {}}


async def test_a_press_on_a_public_message_carries_it() -> None:
    async with scene() as it:
        root = it.slack.post(STEVE, "first")
        ts = it.slack.post(None, CARD["text"], CARD["blocks"], thread_ts=root, bot=True)
        await it.slack.press(TONY, ts, "share_call")

        payload = it.bot.payload
        assert payload["container"]["thread_ts"] == root
        assert payload["container"]["is_ephemeral"] is False
        assert payload["message"]["blocks"] == CARD["blocks"]
        assert payload["message"]["bot_id"] == "B0CALLINFO"


async def test_the_value_tells_buttons_with_one_action_apart_and_chooses_options() -> None:
    picks = [
        {"type": "section", "text": TEXT, "accessory": BUTTON | {"value": value}} for value in ("a", "b")
    ]
    options = [{"text": TEXT, "value": value} for value in ("c", "d")]
    select = {"type": "static_select", "action_id": "pick", "options": options}
    async with scene() as it:
        ts = it.slack.post(None, "x", [*picks, {"type": "actions", "elements": [select]}], bot=True)
        await it.slack.press(TONY, ts, "share_call", value="b")
        assert it.bot.payload["actions"][0]["value"] == "b"
        await it.slack.press(TONY, ts, "pick", value="d")
        assert it.bot.payload["actions"][0]["selected_option"] == options[1]
        with pytest.raises(LookupError):
            await it.slack.press(TONY, ts, "share_call", value="forged")


async def test_nobody_presses_what_another_one_sees_or_what_is_not_there() -> None:
    async with scene() as it:
        it.bot.answer = CARD
        await it.slack.command(TONY, "x")
        ts = it.slack.seen_by(TONY)[0].ts

        with pytest.raises(LookupError):
            await it.slack.press(STEVE, ts, "share_call")
        with pytest.raises(LookupError):
            await it.slack.press(TONY, ts, "unknown")
        assert len(it.bot.forms) == 1


async def test_the_buttons_of_another_app_are_not_ours_to_press() -> None:
    async with scene() as it:
        ts = it.slack.post(None, CARD["text"], CARD["blocks"])

        with pytest.raises(LookupError, match="another app"):
            await it.slack.press(TONY, ts, "share_call")


async def test_a_forwarded_payload_can_be_sent_as_somebody_else() -> None:
    async with scene() as it:
        ts = it.slack.post(None, CARD["text"], CARD["blocks"], bot=True)
        pressed = await it.slack.press(TONY, ts, "share_call")
        await it.slack.interact(STEVE, {**pressed.payload, "user": {"id": STEVE}})

        assert it.bot.payload["user"]["id"] == STEVE


async def test_a_press_that_fails_is_told_to_that_person() -> None:
    async with scene() as it:
        ts = it.slack.post(None, CARD["text"], CARD["blocks"], bot=True)
        it.bot.status = 500
        delivery = await it.slack.press(TONY, ts, "share_call")

        assert delivery.error == "dispatch_failed"
        assert "didn’t work" in it.slack.seen_by(TONY)[-1].text
        assert len(it.slack.seen_by(STEVE)) == 1


async def test_ids_that_the_bot_left_out_are_made_up() -> None:
    async with scene() as it:
        it.slack.post(None, "x", [{"type": "actions", "elements": [{**BUTTON, "action_id": None}]}], bot=True)

        (block,) = it.slack.seen_by(TONY)[0].blocks or []
        assert block["block_id"]
        assert block["elements"][0]["action_id"]


async def test_a_submitted_view_carries_what_was_typed() -> None:
    async with scene() as it:
        view_id = await opened(it)
        delivery = await it.slack.submit(TONY, view_id, {"session_id": {"session_id": "v1.eu.1"}})

        view = it.bot.payload["view"]
        assert it.bot.payload["type"] == "view_submission"
        assert view["state"]["values"] == {
            "session_id": {"session_id": {"type": "plain_text_input", "value": "v1.eu.1"}}
        }
        assert (view["id"], view["private_metadata"]) == (view_id, "kept")
        assert delivery.ok
        assert it.slack.modals(TONY) == []


async def test_a_required_input_left_empty_never_reaches_the_bot() -> None:
    async with scene() as it:
        view_id = await opened(it)
        delivery = await it.slack.submit(TONY, view_id)

        assert delivery.errors == {"session_id": "Please complete this required field."}
        assert len(it.bot.forms) == 1


async def test_each_input_is_held_to_what_it_asks_for() -> None:
    picks = [{"text": TEXT, "value": value} for value in ("a", "b")]
    view = {
        **ASK,
        "blocks": [
            {"type": "section", "text": TEXT},
            asked_for("short", {"type": "plain_text_input", "min_length": 5}),
            asked_for("none", {"type": "plain_text_input"}, optional=True),
            asked_for("one", {"type": "static_select", "options": picks}),
            asked_for("some", {"type": "checkboxes", "options": picks}),
            asked_for("set", {"type": "checkboxes", "options": picks, "initial_options": picks[:1]}),
        ],
    }
    async with scene() as it:
        view_id = await opened(it, view=view)
        given: Json = {"short": {"it": "four"}, "one": {"it": "b"}}
        delivery = await it.slack.submit(TONY, view_id, given)
        assert delivery.errors == {
            "short": "Use 5 to 3,000 characters.",
            "some": "Please complete this required field.",
        }
        await it.slack.submit(TONY, view_id, given | {"short": {"it": "fives"}, "some": {"it": ["a", "b"]}})

        assert it.bot.payload["view"]["state"]["values"] == {
            "short": {"it": {"type": "plain_text_input", "value": "fives"}},
            "none": {"it": {"type": "plain_text_input", "value": None}},
            "one": {"it": {"type": "static_select", "selected_option": picks[1]}},
            "some": {"it": {"type": "checkboxes", "selected_options": picks}},
            "set": {"it": {"type": "checkboxes", "selected_options": picks[:1]}},
        }


async def test_errors_stay_in_the_modal() -> None:
    async with scene() as it:
        view_id = await opened(it)
        it.bot.answer = {"response_action": "errors", "errors": {"session_id": "No such call."}}
        delivery = await it.slack.submit(TONY, view_id, {"session_id": {"session_id": "x"}})

        assert delivery.errors == {"session_id": "No such call."}
        assert it.slack.modals(TONY)[0].errors == {"session_id": "No such call."}


async def test_errors_must_name_inputs_of_the_view() -> None:
    async with scene() as it:
        view_id = await opened(it)
        it.bot.answer = {"response_action": "errors", "errors": {"elsewhere": "x"}}
        delivery = await it.slack.submit(TONY, view_id, {"session_id": {"session_id": "x"}})

        assert delivery.error == "invalid_errors"
        assert it.slack.refusals[0].where == "view_submission"


@pytest.mark.parametrize(
    ("action", "titles"),
    [("update", ["Then"]), ("push", ["Which call?", "Then"]), ("clear", []), (None, [])],
)
async def test_a_submission_updates_pushes_clears_or_closes(action: str | None, titles: list[str]) -> None:
    async with scene() as it:
        view_id = await opened(it)
        then = {**ASK, "title": {"type": "plain_text", "text": "Then"}}
        it.bot.answer = {"response_action": action, "view": then} if action else {}
        await it.slack.submit(TONY, view_id, {"session_id": {"session_id": "x"}})

        assert [modal.title for modal in it.slack.modals(TONY)] == titles


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "invalid_json"),
        ("[]", "json_not_object"),
        ('{"response_action": "dance"}', "invalid_response_action"),
        ('{"response_action": "update"}', "invalid_arguments"),
    ],
)
async def test_an_answer_to_a_submission_that_slack_does_not_know_changes_nothing(
    text: str, word: str
) -> None:
    async with scene() as it:
        view_id = await opened(it)
        it.bot.text = text
        delivery = await it.slack.submit(TONY, view_id, {"session_id": {"session_id": "x"}})

        assert delivery.error == word
        assert [refusal.where for refusal in it.slack.refusals] == ["view_submission"]
        assert [modal.view_id for modal in it.slack.modals(TONY)] == [view_id]


async def test_three_views_are_the_most_that_lie_on_each_other() -> None:
    async with scene() as it:
        await opened(it)
        it.bot.answer = {"response_action": "push", "view": ASK}
        words = [
            (
                await it.slack.submit(
                    TONY, it.slack.modals(TONY)[-1].view_id, {"session_id": {"session_id": "x"}}
                )
            ).error
            for _ in range(3)
        ]

        assert words == [None, None, "push_limit_reached"]
        assert len(it.slack.modals(TONY)) == 3


async def test_a_view_may_be_closed_while_its_submission_is_under_way() -> None:
    async with scene(patience=15) as it:
        view_id = await opened(it)
        it.bot.held = asyncio.Event()
        submission = asyncio.create_task(it.slack.submit(TONY, view_id, {"session_id": {"session_id": "x"}}))
        async with asyncio.timeout(10):
            while not it.bot.forms[1:]:  # noqa: ASYNC110 - the bot tells nobody
                await asyncio.sleep(0.01)
        await it.slack.close_view(TONY, view_id)
        it.bot.held.set()

        assert (await submission).ok
        assert it.slack.modals(TONY) == []


async def test_a_submission_that_fails_leaves_the_modal_open() -> None:
    async with scene() as it:
        view_id = await opened(it)
        it.bot.status = 500
        delivery = await it.slack.submit(TONY, view_id, {"session_id": {"session_id": "x"}})

        assert delivery.error == "dispatch_failed"
        assert len(it.slack.modals(TONY)) == 1
        assert it.slack.seen_by(TONY) == []


async def test_the_bot_hears_of_a_closed_view_only_if_it_asked_to() -> None:
    async with scene() as it:
        assert await it.slack.close_view(TONY, await opened(it)) is None
        assert it.slack.modals(TONY) == []
        await it.slack.close_view(TONY, await opened(it, view={**ASK, "notify_on_close": True}))
        assert it.bot.payload["type"] == "view_closed"


async def test_a_press_in_a_modal_knows_its_view_and_may_push_another() -> None:
    page = {"type": "modal", "title": ASK["title"], "blocks": CARD["blocks"]}
    async with scene() as it:
        view_id = await opened(it, view=page)
        await it.slack.press(TONY, view_id, "share_call")

        payload = it.bot.payload
        assert payload["container"] == {"type": "view", "view_id": view_id}
        assert payload["view"]["id"] == view_id
        assert "response_url" not in payload
        assert (await it.call("views.push", trigger_id=payload["trigger_id"], view=page))["ok"]
        first, second = it.slack.modals(TONY)
        assert (second.previous_view_id, second.root_view_id) == (first.view_id, first.view_id)


async def test_nobody_submits_another_ones_view() -> None:
    async with scene() as it:
        view_id = await opened(it)

        with pytest.raises(LookupError):
            await it.slack.submit(STEVE, view_id)


async def test_a_trigger_lives_three_seconds() -> None:
    clock = Clock()
    async with scene(now=clock) as it:
        await it.slack.command(TONY, "x")
        trigger_id = it.bot.forms[-1]["trigger_id"]
        clock.at += 3.1
        assert (await it.call("views.open", trigger_id=trigger_id, view=ASK))["error"] == "expired_trigger_id"
        assert it.slack.modals(TONY) == []


async def test_a_trigger_works_once() -> None:
    async with scene() as it:
        await it.slack.command(TONY, "x")
        trigger_id = it.bot.forms[-1]["trigger_id"]
        assert (await it.call("views.open", trigger_id=trigger_id, view=ASK))["ok"]
        again = await it.call("views.open", trigger_id=trigger_id, view=ASK)
        made_up = await it.call("views.open", trigger_id="1.2.3", view=ASK)

        assert [again["error"], made_up["error"]] == ["exchanged_trigger_id", "invalid_trigger_id"]
