"""`/callinfo recent`, through the front door."""

import re
import time
from collections.abc import Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.playground.cometchat import LIST
from bot.playground.run import Playground, playground
from bot.playground.samples import call_json, calls_in, participant_json
from bot.playground.scripted import Answer
from bot.playground.slack import Message
from tests.listeners.at_home import opened, texts
from tests.listeners.odd_lists import many_devices, strangers, the_oldest_first
from tests.listeners.people import ROBIN, STEVE, TONY, answered, buttons, logged, sample, seen

LEADING_ON = ["find_call", "show_help"]
"""The buttons below every list."""

FORMER = "1.0,1.5~0123abcd@1700000000|||-|"
"""The value of a button to an older page in messages of the version before."""


async def asked(ground: Playground, user: str, text: str = "recent") -> str:
    """Return what the person reads in the command's own answer."""
    delivery = await ground.slack.command(user, text)
    assert (delivery.status, ground.slack.refusals) == (200, [])
    assert delivery.message
    assert delivery.message["response_type"] == "ephemeral"
    return str(delivery.message["text"])


def rows(text: str) -> list[str]:
    return [line for line in text.split("\n") if re.match(r"\d\. ", line)]


async def turned(ground: Playground, user: str, ts: str, action_id: str) -> Message:
    """Turn the page; return what then stands in the same place."""
    before = next(each.text for each in ground.slack.seen_by(user) if each.ts == ts)
    await ground.slack.press(user, ts, action_id)
    return await seen(ground, user, lambda each: each.ts == ts and each.text != before)


async def test_a_person_sees_their_latest_calls_and_nobody_else_sees_the_list(ground: Playground) -> None:
    text = await asked(ground, TONY)
    assert len(rows(text)) == 5
    assert rows(text)[0].startswith("1. 🟢 Incident desk: ")
    (request,) = ground.cometchat.requests
    assert request.headers["onbehalfof"] == "superhero1"
    assert request.raw_path == "/v3.0/calls?uid=superhero1&page=1&perPage=11"
    (message,) = ground.slack.seen_by(TONY)
    assert message.ephemeral
    assert buttons(message) == [*["pick_call"] * 5, "recent_older", *LEADING_ON]
    assert ground.slack.seen_by(STEVE) == []


async def test_older_and_newer_replace_the_list_in_place_and_lead_to_every_call_once(
    ground: Playground,
) -> None:
    await asked(ground, TONY)
    (message,) = ground.slack.seen_by(TONY)
    pages = [message.text]
    while "recent_older" in buttons(message):
        message = await turned(ground, TONY, message.ts, "recent_older")
        pages.append(message.text)
    theirs = [
        call
        for each in ground.samples
        for call in calls_in(each.data)
        if "superhero1" in str(call).lower() and each.title != "Somebody else’s call"
    ]
    assert sum(len(rows(page)) for page in pages) == len(theirs) > 20
    while "recent_newer" in buttons(message):
        message = await turned(ground, TONY, message.ts, "recent_newer")
        pages.pop()
        assert rows(message.text)[1:] == rows(pages[-1])[1:]  # the first call of all goes on
    assert len(pages) == len(ground.slack.seen_by(TONY)) == 1
    assert ground.slack.refusals == []


async def test_a_row_s_button_leads_to_the_summary_and_the_list_stays(ground: Playground) -> None:
    await asked(ground, TONY)
    (message,) = ground.slack.seen_by(TONY)
    standup = sample(ground, "Release stand-up").session_id
    await ground.slack.press(TONY, message.ts, "pick_call", value=standup)
    await answered(ground, TONY, "Release stand-up: group video call, 32 minutes")
    assert message.ts in [each.ts for each in ground.slack.seen_by(TONY)]


@pytest.mark.parametrize(
    ("text", "path", "first"),
    [
        ("recent missed", "&perPage=40", "1. 📵 Captain America"),
        ("recent VIDEO", "&perPage=40&type=video", "1. 🟢 Incident desk"),
        ("recent with natasha", "&perPage=40", "No calls match: with “natasha”."),
        ("recent with spider", "&perPage=40", "1. ✅ Release stand-up"),
        ("recent with superhero2 audio", "&perPage=40&type=audio", "1. ✅ Captain America"),
        ("recent video with <@U0STEVE|steve rogers>", "&perPage=40&type=video", "1. 🟢 Incident desk"),
    ],
)
async def test_words_narrow_the_list_by_the_api_s_filters_where_it_has_them(
    ground: Playground, text: str, path: str, first: str
) -> None:
    answer = await asked(ground, TONY, text)
    assert ground.cometchat.requests[0].raw_path == f"/v3.0/calls?uid=superhero1&page=1{path}"
    assert first in answer


async def test_today_begins_where_the_person_is(ground: Playground) -> None:
    answer = await asked(ground, TONY, "recent today")
    assert "“Today” is in UTC" not in answer
    assert [each.target for each in ground.slack.received if each.target == "users.info"] == ["users.info"]
    ground.slack.fail("users.info", status=500)
    assert "“Today” is in UTC" in await asked(ground, STEVE, "recent today")


@pytest.fixture
def midday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be about noon where everybody is: what is of today stays so while a test runs."""
    behind = time.gmtime().tm_hour - 12
    zone = f"Etc/GMT{behind:+d}"  # these are named the wrong way round: +5 is 5 hours behind
    monkeypatch.setattr("bot.playground.slack.webapi.TIME_ZONE", zone)


@pytest.mark.usefixtures("midday")
@pytest.mark.parametrize("text", ["recent", "recent missed", "recent today", "recent with rather"])
async def test_lists_of_calls_with_very_many_devices_are_read(ground: Playground, text: str) -> None:
    many_devices(ground)
    assert len(rows(await asked(ground, TONY, text))) == 5
    (message,) = ground.slack.seen_by(TONY)
    ids = []
    for _ in range(11):
        ids += [block["block_id"] for block in message.blocks or [] if "accessory" in block]
        message = await turned(ground, TONY, message.ts, "recent_older")
    assert len(set(ids)) == 55


async def test_what_is_not_understood_says_what_can_be_said_and_asks_nothing(ground: Playground) -> None:
    answer = await asked(ground, TONY, "recent calls of steve")
    assert "don’t understand what comes after “recent”" in answer
    assert "/callinfo recent missed video today with natasha" in answer
    assert "`" not in answer
    (message,) = ground.slack.seen_by(TONY)
    assert "'text': 'missed', 'style': {'code': True}" in str(message.blocks)
    assert ground.cometchat.requests == []


async def test_a_name_with_an_at_that_slack_makes_no_mention_of_is_told_to_be_none(
    ground: Playground,
) -> None:
    answer = await asked(ground, TONY, "recent with @steve")
    assert "Slack doesn’t recognize that name" in answer
    assert "Or use their name without the @." in answer
    assert ground.cometchat.requests == []


async def test_who_is_not_linked_or_mentions_somebody_who_is_not_gets_a_clear_answer(
    ground: Playground,
) -> None:
    assert "You’re not connected" in await asked(ground, ROBIN)
    assert "That person isn’t connected" in await asked(ground, TONY, f"recent with <@{ROBIN}|robin>")
    assert ground.cometchat.requests == []


async def test_nobody_s_list_has_a_call_of_others_though_the_api_shows_it() -> None:
    async with playground() as ground:
        ground.cometchat._api.lenient = True  # the worst case: it lists all calls of the app to anybody
        others = sample(ground, "Somebody else’s call").session_id
        await asked(ground, TONY)
        (message,) = ground.slack.seen_by(TONY)
        while "recent_older" in buttons(message):
            assert others not in str(message.blocks)
            message = await turned(ground, TONY, message.ts, "recent_older")
        assert others not in str(message.blocks)
        (everything, *_) = ground.cometchat.requests
        assert "onbehalfof" in everything.headers


@pytest.mark.parametrize("more", [{}, {"receiverType": "user"}])
async def test_a_call_of_others_to_a_group_with_one_s_own_id_is_nobody_else_s(more: dict[str, str]) -> None:
    async with playground() as ground:
        ground.cometchat._api.lenient = True
        people = [participant_json("superhero2"), participant_json("superhero3")]
        group = {"guid": "superhero1", "name": "Heroes"}
        call = call_json(sessionId="others", initiator="superhero2", receiver=group, participants=people)
        ground.cometchat.serve("others", {**call, "receiverType": None, **more})
        ground.cometchat.answer(LIST, body={"data": [{**call, "receiverType": None, **more}]})
        assert "No calls yet" in await asked(ground, TONY)
        assert "No call of yours has this session id" in await asked(ground, TONY, "others")
        assert "Heroes: Captain America" not in await asked(ground, TONY, "recent with heroes")
        assert "Heroes: " in await asked(ground, STEVE)


async def test_a_person_without_calls_reads_how_they_come_there(ground: Playground) -> None:
    ground.cometchat.answer(LIST, body={"data": []})
    assert "No calls yet." in await asked(ground, TONY)


async def test_a_forged_button_is_refused_without_a_request_and_a_copied_one_shows_one_s_own_calls(
    ground: Playground,
) -> None:
    await asked(ground, TONY)
    (message,) = ground.slack.seen_by(TONY)
    with capture_logs() as logs:
        delivery = await ground.slack.press(TONY, message.ts, "recent_older")
        await logged(logs, "interaction", "recent")
    asked_before = len(ground.cometchat.requests)
    forged = dict(delivery.payload)
    for number, value in enumerate(("", FORMER, "superhero2", "1.0|||-|St\0eve")):
        forged |= {"trigger_id": str(number), "actions": [{**forged["actions"][0], "value": value}]}
        with capture_logs() as logs:
            await ground.slack.interact(TONY, forged)
            line = await logged(logs, "interaction", "recent")
        assert line["outcome"] == "not_understood"
    assert len(ground.cometchat.requests) == asked_before
    forged |= {"trigger_id": "copied", "actions": [{**forged["actions"][0], "value": "1.0|||-|"}]}
    forged["user"] = {**forged["user"], "id": STEVE}
    await ground.slack.interact(STEVE, forged)
    await ground.slack.wait_for(lambda: len(ground.cometchat.requests) > asked_before)
    assert ground.cometchat.requests[-1].headers["onbehalfof"] == "superhero2"


@pytest.mark.parametrize("typed", ["علی\u200cرضا", "علیرضا"])
async def test_a_persian_name_is_found_with_and_without_its_non_joiner(
    ground: Playground, typed: str
) -> None:
    own = participant_json("superhero1")
    calls = [
        call_json(sessionId=mid, mid=mid, participants=[own, participant_json("superhero2", name=name)])
        for mid, name in (("one", "علی\u200cرضا"), ("other", "مریم"))
    ]
    ground.cometchat.answer(LIST, body={"data": calls, "meta": {"pagination": {"total": 2}}})
    (row,) = rows(await asked(ground, TONY, f"recent with {typed}"))
    assert "علی\u200cرضا" in row


async def test_problems_come_in_words_and_do_not_take_the_list_away(ground: Playground) -> None:
    await asked(ground, TONY)
    (message,) = ground.slack.seen_by(TONY)
    ground.cometchat.answer(LIST, status=500, body={})
    await ground.slack.press(TONY, message.ts, "recent_older")
    await answered(ground, TONY, "CometChat isn’t responding")
    assert message.ts in [each.ts for each in ground.slack.seen_by(TONY)]


def called(mid: str, state: str = "unanswered", **more: Any) -> dict[str, Any]:
    """Return a call of Steve's to Tony, who has that state."""
    me = participant_json("superhero1", isJoined=False, state=state)
    return call_json(sessionId=mid, mid=mid, initiator="superhero2", participants=[me], **more)


def ringing(since: int, mid: str = "rings") -> dict[str, Any]:
    return called(mid, status="initiated", startedAt=None, endedAt=None, initiatedAt=int(time.time()) - since)


async def test_a_call_that_rings_is_not_missed_yet_and_one_that_others_took_says_you_were_not_there(
    ground: Playground,
) -> None:
    taken = called("taken", status="ended", receiverType="group")
    calls = [ringing(5), ringing(90, "rang"), taken]
    ground.cometchat.answer(LIST, body={"data": calls, "meta": {"pagination": {"total": 3}}})
    listed = rows(await asked(ground, TONY, "recent missed"))
    assert ["you didn’t join" in row for row in listed] == [False, True]
    assert "no answer recorded" in listed[0]


async def test_a_call_that_rings_says_so_in_the_list_and_by_its_id(ground: Playground) -> None:
    calls = [ringing(5), ringing(90, "rang")]
    ground.cometchat.answer(LIST, body={"data": calls, "meta": {"pagination": {"total": 2}}})
    listed = rows(await asked(ground, TONY))
    assert [row.rpartition(" · ")[2] for row in listed] == ["ringing", "no answer recorded"]
    for call in calls:
        ground.cometchat.serve(call["sessionId"], call)
    assert "Audio call with superhero2, ringing." in await asked(ground, TONY, "rings")
    assert "Audio call with superhero2, no answer recorded." in await asked(ground, TONY, "rang")


@pytest.mark.parametrize(
    ("status", "to_the_caller"),
    [("busy", "busy"), ("missed", "no answer"), ("cancelled", "cancelled")],
)
async def test_how_a_call_ended_is_told_from_one_s_own_side_and_what_is_shared_from_nobody_s(
    ground: Playground, status: str, to_the_caller: str
) -> None:
    call = called("one", receiver="superhero1", status=status, startedAt=None, endedAt=None)
    ground.cometchat.serve("one", call)
    ground.cometchat.answer(LIST, body={"data": [call], "meta": {"pagination": {"total": 1}}})
    assert rows(await asked(ground, TONY))[0].endswith("call · missed")
    assert (await asked(ground, TONY, "one")).startswith("Missed call from superhero2.\n")
    assert rows(await asked(ground, STEVE))[0].endswith(f"call · {to_the_caller}")
    assert (await asked(ground, STEVE, "one")).startswith(f"Audio call with superhero1, {to_the_caller}.\n")
    (card,) = [each for each in ground.slack.seen_by(TONY) if "share_call" in buttons(each)]
    await ground.slack.press(TONY, card.ts, "share_call")
    public = await answered(ground, STEVE, "Shared by")
    assert public.text.startswith(f"Audio call between superhero1 and superhero2, {to_the_caller}.\n")


async def test_an_api_that_lists_the_oldest_first_makes_no_calls_the_latest(ground: Playground) -> None:
    calls = [call_json(sessionId=f"s{at}", mid=f"m{at}", startedAt=1_700_000_000 + at) for at in range(10)]
    pages = {"pagination": {"total_pages": 3}}
    ground.cometchat.answer(LIST, body={"data": calls, "meta": pages})
    answer = await asked(ground, TONY)
    assert answer.startswith("Your calls\n")
    assert "CometChat lists the oldest calls first, so these may not be your latest." in answer
    home = texts((await opened(ground, TONY, "these may not be your latest")).blocks)
    assert "Your latest calls" not in home


def labels(message: Message) -> list[str]:
    """Return what the buttons to other pages are called."""
    rows_of_buttons = [block["elements"] for block in message.blocks or [] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows_of_buttons for element in row]


@pytest.mark.usefixtures("midday")
@pytest.mark.parametrize("last", [1, 3])
async def test_where_the_oldest_come_first_an_empty_page_says_so_and_its_buttons_are_true(
    ground: Playground, last: int
) -> None:
    the_oldest_first(ground, last)
    answer = await asked(ground, TONY, "recent today")
    assert "No calls here: today." in answer
    assert "CometChat lists the oldest calls first, so your latest may be on another page." in answer
    assert "Press More to look further." in answer
    assert "further back" not in answer
    (message,) = ground.slack.seen_by(TONY)
    assert labels(message) == ["More ▶", "Find a call", "Help"]
    further = await turned(ground, TONY, message.ts, "recent_older")
    assert len(rows(further.text)) == last
    assert further.text.startswith("Your calls: today, page 2\n")
    assert labels(further)[-3:] == ["◀ Back", "Find a call", "Help"]


@pytest.mark.parametrize(
    ("own", "text", "note"),
    [
        (
            0,
            "recent",
            "None of the calls that CometChat returned are yours. Press Older to look further back.",
        ),
        (
            0,
            "recent video",
            "None of the calls that CometChat returned are yours. Press Older to look further back.",
        ),
        (3, "recent", "You may have more calls. Press Older to look further back."),
        (3, "recent video", "Searched 3 of your calls. Press Older to look further back."),
        (3, "recent with wolverine", "Searched 3 of your calls and found no match. Press Older"),
    ],
)
async def test_only_one_s_own_calls_are_counted_among_those_that_were_looked_through(
    own: int, text: str, note: str
) -> None:
    async with playground() as ground:
        strangers(ground, own)
        answer = await asked(ground, TONY, text)
        assert note in answer
        assert ("No calls here" in answer) is (not own or "with" in text)


def a_page_and_then(ground: Playground, refusal: Answer) -> None:
    """Let the API give one page of three calls, without meta, and say that to whatever is asked next."""
    calls = [call_json(sessionId=f"s{number}", mid=f"m{number}") for number in range(3)]
    ground.cometchat.answer(LIST, body={"data": calls}, times=1)
    ground.cometchat.script(LIST, refusal)


async def test_an_api_that_refuses_the_page_after_the_last_shows_all_that_it_has(ground: Playground) -> None:
    a_page_and_then(ground, Answer(400, body={}))
    assert len(rows(await asked(ground, TONY))) == 3
    assert buttons(ground.slack.seen_by(TONY)[0]) == [*["pick_call"] * 3, *LEADING_ON]


async def test_what_was_found_before_cometchat_asks_for_a_pause_is_shown_with_the_way_on(
    ground: Playground,
) -> None:
    a_page_and_then(ground, Answer(429, body={}, headers={"Retry-After": "2"}))
    with capture_logs() as logs:
        answer = await asked(ground, TONY)
        line = await logged(logs, "interaction", "command")
    assert len(rows(answer)) == 3
    assert "CometChat didn’t return the older calls. Press Older to try again." in answer
    assert buttons(ground.slack.seen_by(TONY)[0])[-3:] == ["recent_older", *LEADING_ON]
    assert (line["outcome"], line["upstream_status"]) == ("listed", 429)


async def test_a_place_as_deep_as_can_be_is_the_end_of_the_list(ground: Playground) -> None:
    await asked(ground, TONY)
    (message,) = ground.slack.seen_by(TONY)
    for number in range(12):
        ground.cometchat.answer(LIST, body={"data": [call_json(mid=f"m{number}", type="audio")]}, times=1)
    delivery = await ground.slack.press(TONY, message.ts, "recent_older")
    action = {**delivery.payload["actions"][0], "value": "99999.0|video||-|"}
    await ground.slack.interact(TONY, {**delivery.payload, "trigger_id": "forged", "actions": [action]})
    await answered(ground, TONY, "No calls here: video.")


def audited(logs: Sequence[Any]) -> list[tuple[str, str, str]]:
    lines = [line for line in logs if line["event"] == "audit"]
    return [(line["deed"], line["outcome"], line.get("uid", "")) for line in lines]


async def test_each_listing_is_audited_without_a_name_and_without_what_was_sought(ground: Playground) -> None:
    with capture_logs() as logs:
        await asked(ground, TONY, "recent with spiderman")
        ground.cometchat.answer(LIST, status=500, body={})
        await asked(ground, TONY)
        await asked(ground, ROBIN)
    assert audited(logs) == [
        ("list", "listed", "superhero1"),
        ("list", "cometchat_in_trouble", "superhero1"),
        ("list", "not_linked", ""),
    ]
    assert "spider" not in str([line for line in logs if line["event"] == "audit"]).lower()


async def test_a_list_counts_as_a_look_up_and_is_refused_without_an_audit_line() -> None:
    async with playground(callinfo_rate_limit="2/day") as ground:
        with capture_logs() as logs:
            for _ in range(2):
                await asked(ground, TONY)
            assert "limit of 2 look-ups a day" in await asked(ground, TONY)
    assert len(audited(logs)) == 2


async def test_a_call_whose_id_can_not_be_asked_for_has_a_row_without_a_button(ground: Playground) -> None:
    ground.cometchat.answer(LIST, body={"data": [call_json(sessionId="a/b")]})
    assert len(rows(await asked(ground, TONY))) == 1
    assert buttons(ground.slack.seen_by(TONY)[0]) == LEADING_ON
