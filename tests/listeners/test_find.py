""" "Find a call", through the front door: the form, what it finds, the call that is chosen, and its share."""

import asyncio
import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.calls.cursor import PageRequest
from bot.listeners import find
from bot.playground.cometchat import LIST
from bot.playground.run import Playground, playground
from bot.playground.samples import call_json, participant_json
from bot.playground.slack import Delivery
from bot.playground.slack.modals import Modal
from tests.listeners.odd_lists import many_devices, strangers, the_oldest_first
from tests.listeners.people import ALEX, ROBIN, STEVE, TONY, answered, logged, sample, seen, summary_of


def given(**values: str) -> dict[str, dict[str, str]]:
    """Return values of the form by the ends of their ids."""
    return {f"find_{name}": {f"find_{name}": value} for name, value in values.items()}


async def shown(ground: Playground, words: str, user: str = TONY) -> Modal:
    """Wait until that person's modal shows those words, and return it."""
    await ground.slack.wait_for(
        lambda: ground.slack.modals(user) and words in str(ground.slack.modals(user)[-1].view)
    )
    return ground.slack.modals(user)[-1]


async def form(ground: Playground, user: str = TONY) -> Modal:
    delivery = await ground.slack.global_shortcut(user)
    assert (delivery.status, delivery.error) == (200, None)
    return await shown(ground, "How it ended", user)


async def searched(ground: Playground, user: str = TONY, **values: str) -> Modal:
    opened = await form(ground, user)
    delivery = await ground.slack.submit(user, opened.view_id, given(**values))
    assert (delivery.status, delivery.error, delivery.errors) == (200, None, {})
    await ground.slack.wait_for(lambda: "Loading…" not in str(ground.slack.modals(user)[-1].view))
    return ground.slack.modals(user)[-1]


def found_ids(modal: Modal) -> list[str]:
    return [value.partition(" ")[0] for value in found_values(modal)]


def found_values(modal: Modal) -> list[str]:
    rows = [
        [block["accessory"]] if "accessory" in block else block.get("elements", []) for block in modal.blocks
    ]
    return [each["value"] for row in rows for each in row if each.get("action_id") == "found_call"]


def buttons_of(modal: Modal) -> list[str]:
    """Return the action ids of the buttons below."""
    rows = [block["elements"] for block in modal.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]


async def show(ground: Playground, listed: Modal, session_id: str) -> None:
    """Press the first Show that is about that session."""
    value = next(each for each in found_values(listed) if each.startswith(session_id))
    await ground.slack.press(TONY, listed.view_id, "found_call", value=value)


async def chosen(ground: Playground, title: str = "Release stand-up", **values: str) -> Modal:
    await show(ground, await searched(ground, **values), sample(ground, title).session_id)
    return await shown(ground, "Share to")


def public(ground: Playground) -> list[str]:
    return [each.text for each in ground.slack.seen_by(STEVE) if "Shared by" in each.text]


async def test_the_form_finds_calls_of_the_person_s_in_its_own_place(ground: Playground) -> None:
    modal = await searched(ground, kind="video")
    assert len(ground.slack.modals(TONY)) == 1
    assert modal.view["callback_id"] == "callinfo_found"
    assert "Incident desk" in str(modal.view)
    assert sample(ground, "Release stand-up").session_id in found_ids(modal)
    (request,) = ground.cometchat.requests
    assert request.raw_path == "/v3.0/calls?uid=superhero1&page=1&perPage=40&type=video"
    assert request.headers["onbehalfof"] == "superhero1"
    assert ground.slack.refusals == []


async def test_at_most_twenty_are_shown_and_that_there_are_more(ground: Playground) -> None:
    modal = await searched(ground)
    assert len(found_ids(modal)) <= 20
    assert "There are more. Press Older, or change the search." in str(modal.view)


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ({"with": "captain", "ended": "missed"}, "Captain America"),
        ({"ended": "rejected"}, "Captain America"),
        ({"from": "2024-05-10", "to": "2024-05-20"}, "from 10 May 2024 to 20 May 2024"),
        ({"with": "nobody of that name"}, "No calls match"),
        ({"to": "2001-01-01"}, "No calls match"),
    ],
)
async def test_each_input_narrows_it(ground: Playground, values: dict[str, str], first: str) -> None:
    modal = await searched(ground, **values)
    assert first in str(modal.view)
    assert ground.slack.refusals == []


async def test_what_was_found_is_shown_though_the_older_ones_can_t_be_had(ground: Playground) -> None:
    calls = [call_json(sessionId=f"s{number}", mid=f"m{number}") for number in range(3)]
    ground.cometchat.answer(LIST, body={"data": calls}, times=1)
    ground.cometchat.answer(LIST, status=500, body={})
    modal = await searched(ground)
    assert len(found_ids(modal)) == 3
    assert "CometChat didn’t return the older calls. Press Older to try again." in str(modal.view)


async def test_an_api_that_lists_the_oldest_first_is_told_of(ground: Playground) -> None:
    the_oldest_first(ground)
    modal = await searched(ground)
    assert "these may not be your latest" in str(modal.view)
    assert "There are more. Press More, or change the search." in str(modal.view)


async def test_an_api_that_lists_the_oldest_first_is_told_of_where_nothing_is_found(
    ground: Playground,
) -> None:
    the_oldest_first(ground)
    nothing = str((await searched(ground, **{"from": "2025-01-01"})).view)
    assert "your latest may be on another page" in nothing
    assert "More ▶" in nothing
    assert "Older" not in nothing


async def test_calls_with_very_many_devices_are_found_all_the_same(ground: Playground) -> None:
    many_devices(ground)
    listed = await searched(ground, **{"with": "rather"})
    assert found_ids(listed) == [f"big{number}" for number in range(20)]
    await ground.slack.press(TONY, listed.view_id, "find_older")
    further = await shown(ground, "find_newer")
    assert found_ids(further) == [f"big{number}" for number in range(20, 40)]


async def test_calls_of_others_are_not_counted_as_one_s_own() -> None:
    async with playground() as ground:
        strangers(ground, own=2)
        assert "Searched 2 of your calls and found no match" in str(
            (await searched(ground, **{"with": "wolverine"})).view
        )


async def test_who_has_no_calls_reads_how_calls_come_there(ground: Playground) -> None:
    ground.cometchat.answer(LIST, body={"data": []})
    modal = await searched(ground)
    assert "No calls yet" in str(modal.view)
    assert "makes or gets in CometChat will show up here" in str(modal.view)


async def test_a_last_day_before_the_first_is_told_beside_it_and_nothing_is_asked(ground: Playground) -> None:
    opened = await form(ground)
    values = given(**{"from": "2025-01-02", "to": "2025-01-01"})
    delivery = await ground.slack.submit(TONY, opened.view_id, values)
    assert "This day is before the first one." in delivery.errors["find_to"]
    assert ground.cometchat.requests == []


async def test_details_lead_back_to_the_call_from_which_it_is_shared(ground: Playground) -> None:
    modal = await chosen(ground, kind="video")
    assert "Watch recording" in str(modal.view)
    await ground.slack.press(TONY, modal.view_id, "call_details")
    await shown(ground, "Participants (7)")
    await ground.slack.press(TONY, modal.view_id, "call_details")
    await shown(ground, "Device of superhero1")
    await ground.slack.press(TONY, modal.view_id, "found_call")
    await shown(ground, "Share to")
    await ground.slack.press(TONY, modal.view_id, "find_back")
    await shown(ground, "Change the search")
    assert len(ground.slack.modals(TONY)) == 1
    assert ground.slack.refusals == []


async def test_details_of_the_only_call_found_lead_back_to_the_list(ground: Playground) -> None:
    listed = await searched(ground, **{"with": "cyclops", "kind": "video", "ended": "ongoing"})
    assert len(found_values(listed)) == 1
    await ground.slack.press(TONY, listed.view_id, "call_details")
    await shown(ground, "Participants (4)")
    await ground.slack.press(TONY, listed.view_id, "find_back")
    await shown(ground, "Change the search")
    ground.cometchat.answer(sample(ground, "Going on now").session_id, status=500, body={})
    await ground.slack.press(TONY, listed.view_id, "call_details")
    assert buttons_of(await shown(ground, "CometChat"))[-2:] == ["find_back", "find_change"]


async def test_the_search_can_be_changed_and_is_filled_in_as_it_was(ground: Playground) -> None:
    listed = await searched(ground, **{"kind": "video", "with": "natasha", "from": "2025-01-02"})
    await ground.slack.press(TONY, listed.view_id, "find_change")
    again = str((await shown(ground, "How it ended")).view)
    assert "'initial_value': 'natasha'" in again
    assert "'initial_date': '2025-01-02'" in again
    assert "'initial_option': {'text': {'type': 'plain_text', 'text': 'Video'" in again


async def test_a_chosen_call_leads_back_to_the_same_list(ground: Playground) -> None:
    modal = await chosen(ground, kind="video")
    assert "Release stand-up · 32 min" in str(modal.view)
    assert "Iron Man (you)" in str(modal.view)
    await ground.slack.press(TONY, modal.view_id, "find_back")
    await shown(ground, "Change the search")
    assert [each.raw_path for each in ground.cometchat.requests].count(
        "/v3.0/calls?uid=superhero1&page=1&perPage=40&type=video"
    ) == 2


async def test_a_chosen_call_is_shared_to_the_conversation_that_is_chosen(ground: Playground) -> None:
    modal = await chosen(ground)
    with capture_logs() as logs:
        delivery = await ground.slack.submit(TONY, modal.view_id, {})
    assert (delivery.status, delivery.error) == (200, None)
    await shown(ground, "Call shared.")
    (text,) = public(ground)
    assert "Shared by <@U0TONY>" in text
    assert "(you)" not in text
    deeds = [(line["deed"], line["outcome"]) for line in logs if line["event"] == "audit"]
    assert deeds == [("look_up", "found"), ("share", "shared")]
    assert (await logged(logs, "interaction", "share_found"))["outcome"] == "shared"
    assert ground.slack.refusals == []


async def test_the_same_share_twice_posts_once(ground: Playground) -> None:
    modal = await chosen(ground)
    deliveries = await asyncio.gather(*(ground.slack.submit(TONY, modal.view_id, {}) for _ in range(3)))
    assert {each.status for each in deliveries} == {200}
    await seen(ground, STEVE, lambda each: "Shared by" in each.text)
    assert len(public(ground)) == 1


async def forged(ground: Playground, delivery: Delivery, user: str = TONY, **view: Any) -> None:
    """Send what was submitted again, as another request, with other things in its view."""
    payload = json.loads(json.dumps(delivery.payload))
    payload["trigger_id"] = f"forged-{view}"
    payload["user"]["id"] = user
    payload["view"] |= view
    await ground.slack.interact(user, payload)


async def test_what_is_shared_is_looked_up_anew_for_whoever_submits(ground: Playground) -> None:
    modal = await chosen(ground)
    delivery = await ground.slack.submit(TONY, modal.view_id, {})
    await shown(ground, "Call shared.")
    others = json.dumps({"call": sample(ground, "Somebody else’s call").session_id})
    for user, metadata, outcome in (
        (TONY, others, "no_such_call"),
        (ROBIN, delivery.payload["view"]["private_metadata"], "not_linked"),
        (TONY, "junk", "not_a_session_id"),
    ):
        with capture_logs() as logs:
            await forged(ground, delivery, user, private_metadata=metadata)
            assert (await logged(logs, "interaction", "share_found"))["outcome"] == outcome
    assert len(public(ground)) == 1


async def test_a_share_that_slack_refuses_is_told_in_the_modal_and_can_be_tried_again(
    ground: Playground,
) -> None:
    modal = await chosen(ground)
    ground.slack.fail("response_url", status=404, body="no_service")
    await ground.slack.submit(TONY, modal.view_id, {})
    told = await shown(ground, "Slack didn’t accept the message.")
    assert public(ground) == []
    assert buttons_of(told) == ["find_back", "find_change"]
    await ground.slack.press(TONY, told.view_id, "find_back")
    listed = await shown(ground, "Incident desk")
    await show(ground, listed, sample(ground, "Release stand-up").session_id)
    await shown(ground, "Share to")
    await ground.slack.submit(TONY, listed.view_id, {})
    await shown(ground, "Call shared.")
    assert len(public(ground)) == 1


async def test_what_may_have_been_shared_is_not_shared_again_from_the_same_modal(ground: Playground) -> None:
    modal = await chosen(ground)
    ground.slack.fail("response_url", status=500, body="oops", times=9)
    await ground.slack.submit(TONY, modal.view_id, {})
    told = await shown(ground, "Slack didn’t confirm that the call was shared.")
    assert buttons_of(told) == []


@pytest.mark.parametrize(
    "addresses",
    [
        [],
        [{"block_id": "another", "channel_id": "C1", "response_url": "https://hooks.slack.com/x"}],
        [{"block_id": "share_to", "channel_id": "C1", "response_url": "https://evil.example/x"}],
    ],
)
async def test_a_share_without_an_address_of_slack_s_says_so(
    ground: Playground, addresses: list[dict[str, str]]
) -> None:
    modal = await chosen(ground)
    delivery = await ground.slack.submit(TONY, modal.view_id, {})
    payload = {**delivery.payload, "response_urls": addresses, "trigger_id": "another"}
    with capture_logs() as logs:
        await ground.slack.interact(TONY, payload)
        line = await logged(logs, "interaction", "share_found")
    assert line["outcome"] == "slack_refused"


async def test_a_call_that_can_not_be_had_any_more_is_told_in_the_modal(ground: Playground) -> None:
    listed = await searched(ground)
    wanted = sample(ground, "Release stand-up").session_id
    ground.cometchat.answer(wanted, status=404, body={"error": {"code": "ERR_CALL_SESSION_NOT_FOUND"}})
    await show(ground, listed, wanted)
    told = await shown(ground, "No call of yours has this session id.")
    await ground.slack.press(TONY, told.view_id, "find_back")
    await shown(ground, "Incident desk")


async def test_who_is_not_linked_reads_it_in_place_of_the_form_and_asks_an_admin_there(
    ground: Playground,
) -> None:
    with capture_logs() as logs:
        await ground.slack.global_shortcut(ROBIN)
        modal = await shown(ground, "You’re not connected to CometChat yet", ROBIN)
        assert (await logged(logs, "interaction", "find"))["outcome"] == "not_linked"
    assert buttons_of(modal) == ["ask_admin"]
    await ground.slack.press(ROBIN, modal.view_id, "ask_admin")
    await shown(ground, "Request sent", ROBIN)
    await answered(ground, ALEX, "<@U0ROBIN> requested access")
    assert ground.cometchat.requests == []
    await ground.slack.global_shortcut(ROBIN)
    modal = await shown(ground, "You requested access", ROBIN)
    assert buttons_of(modal) == []
    assert ground.slack.refusals == []


async def test_who_has_lost_their_link_since_the_form_was_opened_can_ask_in_the_modal(
    ground: Playground,
) -> None:
    await ground.slack.command(ALEX, "link <@U0ROBIN|robin> superhero4")
    opened = await form(ground, ROBIN)
    await ground.slack.command(ALEX, "unlink <@U0ROBIN|robin>")
    await ground.slack.submit(ROBIN, opened.view_id, {})
    modal = await shown(ground, "You’re not connected", ROBIN)
    assert buttons_of(modal) == ["ask_admin", "find_back", "find_change"]
    await ground.slack.command(ALEX, "link <@U0ROBIN|robin> superhero4")
    await ground.slack.press(ROBIN, modal.view_id, "ask_admin")
    await shown(ground, "superhero4", ROBIN)


async def test_while_it_takes_long_to_find_out_who_it_is_the_form_opens_all_the_same(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "KNOWN_WITHIN_SECONDS", 0.0)
    await form(ground, ROBIN)


async def test_what_takes_long_shows_that_it_does_and_then_fills_the_modal() -> None:
    async with playground(callinfo_answer_within=0.1) as ground:
        opened = await form(ground)
        ground.cometchat.held = asyncio.Event()
        delivery = await ground.slack.submit(TONY, opened.view_id, {})
        assert delivery.status == 200
        assert "Loading…" in str(delivery.parsed())
        ground.cometchat.held.set()
        await shown(ground, "Incident desk")
        assert ground.slack.refusals == []


async def test_a_modal_that_was_closed_meanwhile_is_no_failure() -> None:
    async with playground(callinfo_answer_within=0.1) as ground:
        opened = await form(ground)
        ground.cometchat.held = asyncio.Event()
        with capture_logs() as logs:
            await ground.slack.submit(TONY, opened.view_id, {})
            await ground.slack.close_view(TONY, opened.view_id)
            ground.cometchat.held.set()
            line = await logged(logs, "interaction", "search")
        assert line["modal"] == "closed by the person"


async def test_nobody_finds_a_call_of_others_though_the_api_shows_it() -> None:
    async with playground() as ground:
        ground.cometchat._api.lenient = True
        others = sample(ground, "Somebody else’s call").session_id
        for day in ("2024-01-01", "2026-01-01"):
            assert others not in found_ids(await searched(ground, **{"from": day}))
            await ground.slack.close_view(TONY, ground.slack.modals(TONY)[-1].view_id)


async def test_problems_and_odd_answers_are_told_in_the_modal(ground: Playground) -> None:
    ground.cometchat.answer(LIST, status=500, body={}, times=1)
    told = await searched(ground, kind="video")
    assert "CometChat isn’t responding" in str(told.view)
    assert buttons_of(told) == ["find_back", "find_change"]
    await ground.slack.press(TONY, told.view_id, "find_back")
    listed = await shown(ground, "Your calls")
    await ground.slack.press(TONY, listed.view_id, "find_change")
    again = await shown(ground, "How it ended")
    assert "'initial_option': {'text': {'type': 'plain_text', 'text': 'Video'" in str(again.view)


@pytest.mark.parametrize(
    "values", [{}, [], {"find_kind": 7}, {"find_from": {"find_from": {"selected_date": "x"}}}]
)
async def test_odd_values_are_as_if_left_open(ground: Playground, values: Any) -> None:
    opened = await form(ground)
    delivery = await ground.slack.submit(TONY, opened.view_id, {})
    with capture_logs() as logs:
        await forged(ground, delivery, state={"values": values})
        assert (await logged(logs, "interaction", "search"))["outcome"] == "listed"


async def test_a_trigger_that_has_expired_leaves_a_line_in_the_log(ground: Playground) -> None:
    ground.slack.fail("views.open", status=200, body={"ok": False, "error": "expired_trigger_id"}, times=2)
    with capture_logs() as logs:
        await ground.slack.global_shortcut(TONY)
        assert (await logged(logs, "reply failed", "find"))["outcome"] == "modal_refused"


DAY = 86_400
NOW = 1_763_812_800


def call_with(name: str, began: int, *, session_id: str = "standup", **more: Any) -> dict[str, Any]:
    """Return a call of Tony's with that person."""
    return call_json(
        sessionId=session_id,
        initiator="superhero1",
        receiver=name.lower(),
        receiverType="user",
        initiatedAt=began,
        startedAt=began + 5,
        endedAt=began + 65,
        participants=[
            participant_json("superhero1", name="Iron Man"),
            participant_json(name.lower(), name=name),
        ],
        **more,
    )


async def one_of_two(ground: Playground, mids: tuple[str | None, str | None], whom: str) -> Modal:
    """Let a session have two calls, search for the older, and return the list with that one alone."""
    today, yesterday = (
        call_with(name, NOW - ago, mid=mid)
        for name, ago, mid in (("Cyclops", 0, mids[0]), (whom, DAY, mids[1]))
    )
    ground.cometchat._api.add("standup", [today, yesterday])
    listed = await searched(ground, **{"with": whom})
    assert len(found_values(listed)) == 1
    return listed


@pytest.mark.parametrize("mids", [("m2", "m1"), (None, None), ("m2", "x" * 3_000)])
async def test_of_several_calls_in_a_session_the_one_chosen_is_shown_and_shared(
    ground: Playground, mids: tuple[str | None, str | None]
) -> None:
    listed = await one_of_two(ground, mids, "Zorro")
    await ground.slack.press(TONY, listed.view_id, "found_call")
    modal = await shown(ground, "Share to")
    assert "Zorro" in str(modal.view)
    assert "Cyclops" not in str(modal.view)
    assert "Call 1 of 2 in this session" in str(modal.view)
    await ground.slack.submit(TONY, modal.view_id, {})
    await shown(ground, "Call shared.")
    (text,) = public(ground)
    assert "Zorro" in text
    assert "Cyclops" not in text
    assert ground.slack.refusals == []


async def test_a_call_that_is_not_among_its_session_s_any_more_is_not_taken_for_another(
    ground: Playground,
) -> None:
    listed = await one_of_two(ground, ("m2", "m1"), "Zorro")
    ground.cometchat._api.add("standup", [call_with("Cyclops", NOW, mid="m2")])
    await ground.slack.press(TONY, listed.view_id, "found_call")
    told = await shown(ground, "is no longer among your calls")
    assert buttons_of(told) == ["find_back", "find_change"]


async def test_a_forged_word_for_which_call_is_meant_leads_to_none(ground: Playground) -> None:
    listed = await one_of_two(ground, ("m2", "m1"), "Zorro")
    delivery = await ground.slack.press(TONY, listed.view_id, "found_call")
    await shown(ground, "Share to")
    for value in ("standup junk", "standup 0123456789abcdef@", "a/b"):
        payload = json.loads(json.dumps(delivery.payload))
        payload["actions"][0]["value"] = value
        payload["trigger_id"] = value
        await ground.slack.interact(TONY, payload)
        await shown(ground, "'find_change'")
        assert "Zorro" not in str(ground.slack.modals(TONY)[-1].blocks)


async def test_two_calls_of_one_session_can_both_be_shared_from_one_modal(ground: Playground) -> None:
    calls = [call_with("Zorro", NOW - ago, mid=f"m{ago}") for ago in (0, DAY)]
    ground.cometchat._api.add("standup", calls)
    listed = await searched(ground, **{"with": "Zorro"})
    newest, older = found_values(listed)
    delivery = await ground.slack.press(TONY, listed.view_id, "found_call", value=newest)
    await shown(ground, "Share to")
    await ground.slack.submit(TONY, listed.view_id, {})
    await shown(ground, "Call shared.")
    payload = json.loads(json.dumps(delivery.payload))
    payload["actions"][0]["value"], payload["trigger_id"] = older, "another"
    await ground.slack.interact(TONY, payload)
    await shown(ground, "Share to")
    await ground.slack.submit(TONY, listed.view_id, {})
    await shown(ground, "Call shared.")
    assert len(public(ground)) == 2


async def test_a_search_looks_further_back_than_its_first_look_and_comes_back(ground: Playground) -> None:
    for number in range(200):
        began = NOW - number * 60
        ground.cometchat._api.add(
            f"c{number}", call_with("Zorro", began, session_id=f"c{number}", mid=f"c{number}")
        )
    ground.cometchat._api.add("old", call_with("Zorro", NOW - 900 * DAY, session_id="old", mid="old"))
    listed = await searched(ground, to="2023-12-31")
    assert "Searched 160 of your calls" in str(listed.view)
    assert found_ids(listed) == []
    assert buttons_of(listed) == ["find_older", "find_change"]
    await ground.slack.press(TONY, listed.view_id, "find_older")
    further = await shown(ground, "Zorro")
    assert found_ids(further) == ["old"]
    await ground.slack.press(TONY, further.view_id, "found_call")
    call = await shown(ground, "Share to")
    await ground.slack.press(TONY, call.view_id, "find_back")
    again = await shown(ground, "find_newer")
    assert found_ids(again) == ["old"]
    await ground.slack.press(TONY, again.view_id, "find_newer")
    await shown(ground, "Searched 160 of your calls")
    assert ground.slack.refusals == []


async def test_a_forged_page_is_refused_without_a_request_and_the_search_can_be_changed(
    ground: Playground,
) -> None:
    listed = await searched(ground)
    delivery = await ground.slack.press(TONY, listed.view_id, "find_older")
    await shown(ground, "find_newer")
    asked = len(ground.cometchat.requests)
    payload = json.loads(json.dumps(delivery.payload))
    payload["actions"][0]["value"], payload["trigger_id"] = "0.0|||-|", "forged"
    await ground.slack.interact(TONY, payload)
    told = await shown(ground, "Start again with Find a call.")
    assert buttons_of(told) == ["find_back", "find_change"]
    assert len(ground.cometchat.requests) == asked


@pytest.mark.parametrize("action_id", ["found_call", "find_back", "find_change", "find_older", "find_newer"])
@pytest.mark.parametrize("fields", [{}, {"view": None}, {"view": "odd"}])
async def test_a_button_of_the_list_outside_of_its_modal_opens_none(
    ground: Playground, action_id: str, fields: dict[str, Any]
) -> None:
    card = await summary_of(ground, TONY, sample(ground, "Going on now").session_id)
    pressed = await ground.slack.press(TONY, card.ts, "refresh_call")
    action = {**pressed.payload["actions"][0], "action_id": action_id}
    delivery = await ground.slack.interact(TONY, {**pressed.payload, **fields, "actions": [action]})
    assert delivery.status == 200
    await answered(ground, TONY, "This button no longer works.")
    assert ground.slack.modals(TONY) == []


async def test_a_page_shows_what_the_form_asked_for_whatever_its_button_says(ground: Playground) -> None:
    assert len(found_values(await searched(ground))) > 9
    listed = await searched(ground, kind="video")
    every_call = PageRequest().to_text()
    payload = (await ground.slack.press(TONY, listed.view_id, "found_call")).payload
    await shown(ground, "Share to")
    action = {**payload["actions"][0], "action_id": "find_older", "value": every_call}
    view = {**payload["view"], "private_metadata": listed.view["private_metadata"]}
    await ground.slack.interact(TONY, {**payload, "view": view, "actions": [action]})
    await shown(ground, "Change the search")
    again = ground.slack.modals(TONY)[-1]
    assert found_values(again) == found_values(listed)
