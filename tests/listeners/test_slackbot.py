"""Slackbot's questions for a person, through the front door: what each tool answers, and to whom."""

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from bot.cards.kit.limits import violations
from bot.playground.cometchat import LIST
from bot.playground.run import Playground, playground
from bot.playground.samples import call_json
from bot.playground.slack.workspace import TEAM_ID, TIME_ZONE
from tests.listeners.people import ROBIN, STEVE, TONY, audited, logged, sample
from tests.listeners.test_grid import ON_GRID, ORG, OTHER, SALES, STRANGERS, known_as

Json = dict[str, Any]
UNKNOWN = "No call of yours has this session id."


async def asked(
    ground: Playground, tool: str, user: str = TONY, slack: Json | None = None, **arguments: Any
) -> Json:
    """Return the result of a call of that tool."""
    given = {name.rstrip("_"): value for name, value in arguments.items()}
    response = await ground.slack.slackbot.call_tool(user, tool, given, **(slack or {}))
    result: Json = response["result"]
    assert result["isError"] is ("structuredContent" not in result)
    return result


def lists(ground: Playground, calls: Sequence[Json]) -> None:
    """Let the API list these calls, the newest first, and nothing more."""
    newest_first = sorted(calls, key=lambda each: each["startedAt"], reverse=True)
    ground.cometchat.answer(LIST, body={"data": newest_first, "meta": {"pagination": {"total_pages": 1}}})


def words(result: Json) -> str:
    (content,) = result["content"]
    assert content["type"] == "text"
    return str(content["text"])


def sessions(result: Json) -> list[str]:
    return [call["session_id"] for call in result["structuredContent"]["calls"]]


def blocks(result: Json) -> list[Json]:
    found: list[Json] = result["_meta"]["slack"]["blocks"]
    assert violations({"text": "", "blocks": found}) == []
    return found


def buttons(result: Json) -> list[tuple[str, str, Json]]:
    """Return the label, the tool and the arguments of each button."""
    elements = [
        element
        for block in blocks(result)
        for element in [*block.get("elements", []), block.get("accessory") or {}]
        if element.get("type") == "button"
    ]
    for element in elements:
        assert element["action_id"].startswith("tool:")
    return [
        (each["text"]["text"], each["action_id"].removeprefix("tool:"), json.loads(each["value"]))
        for each in elements
    ]


async def test_the_last_call_with_somebody_is_told_in_words_iso_times_and_seconds(ground: Playground) -> None:
    result = await asked(ground, "recent_calls", with_="captain", kind="audio", limit=1)
    (call,) = result["structuredContent"]["calls"]
    began, ended = (datetime.fromisoformat(call[name]) for name in ("began_at", "ended_at"))
    assert call["duration_seconds"] == (ended - began).total_seconds() == 610
    assert began.utcoffset() == timedelta(hours=5, minutes=30)
    assert result["structuredContent"]["time_zone"] == TIME_ZONE
    text = words(result)
    for at in (began, ended):
        assert f"{at:%A}, {at.day} {at:%B %Y} at {at:%H:%M:%S} ({at.isoformat()})" in text
    assert "“Captain America” (UID “superhero2”)" in text
    assert "10 min 10 s (610 seconds)" in text
    assert f"All times are in {TIME_ZONE}" in text
    assert {each.headers["onbehalfof"] for each in ground.cometchat.requests} == {"superhero1"}


@pytest.mark.parametrize("session_id", ["_standup_", "*x*", "standup.", "(standup)", "team:standup!"])
async def test_an_id_is_looked_up_as_it_was_given(ground: Playground, session_id: str) -> None:
    ground.cometchat.serve(session_id, [call_json(sessionId=session_id)])
    for given in (session_id, f"`{session_id}`", f'"{session_id}"'):
        found = await asked(ground, "get_call", session_id=given)
        assert found["structuredContent"]["session_id"] == session_id
        again = await asked(ground, "get_call", session_id=found["structuredContent"]["call_id"])
        assert again["structuredContent"]["session_id"] == session_id


@pytest.mark.parametrize("given", ["{}.", "({}),", "*{}*", "<https://app.example/calls/{}>", "r&amp;d"])
async def test_what_can_t_be_of_the_id_is_taken_off(ground: Playground, given: str) -> None:
    session_id = ground.samples[0].session_id if "{}" in given else "r&d"
    ground.cometchat.serve("r&d", [call_json(sessionId="r&d")])
    found = await asked(ground, "get_call", session_id=given.format(session_id))
    assert found["structuredContent"]["session_id"] == session_id.replace("&", "&amp;")
    cut = await asked(ground, "get_call", session_id=f"{session_id[:-4]}...")
    assert "a part of it is left out" in words(cut)


async def test_a_list_has_the_rows_of_recent_whose_buttons_show_the_calls(ground: Playground) -> None:
    result = await asked(ground, "recent_calls", limit=3)
    *shown, older = buttons(result)
    assert [(label, tool) for label, tool, _ in shown] == [("Show", "get_call")] * 3
    for (_, _, arguments), call in zip(shown, result["structuredContent"]["calls"], strict=True):
        found = await asked(ground, "get_call", **arguments)
        assert found["structuredContent"]["session_id"] == call["session_id"]
        again = await asked(ground, "get_call", session_id=call["call_id"])
        assert again["structuredContent"]["began_at"] == call["began_at"]
    assert older[:2] == ("Older", "recent_calls")


async def test_older_calls_follow_by_until_each_once(ground: Playground) -> None:
    listed: list[str] = []
    arguments: Json = {"limit": 4}
    while arguments:
        result = await asked(ground, "recent_calls", **arguments)
        content = result["structuredContent"]
        listed += [call["call_id"] for call in content["calls"]]
        arguments = next((given for label, _, given in buttons(result) if label == "Older"), {})
        assert content["next_until"] == arguments.get("until")
    everything = await asked(ground, "recent_calls", limit=20)
    assert len(set(listed)) == len(listed)
    assert listed[:20] == [call["call_id"] for call in everything["structuredContent"]["calls"]]


async def test_twenty_calls_fit_into_blocks(ground: Playground) -> None:
    calls = [
        call_json(
            sessionId=f"s-{at}", mid=f"m-{at}", initiatedAt=1_700_000_000 + at, startedAt=1_700_000_000 + at
        )
        for at in range(30)
    ]
    lists(ground, calls)
    result = await asked(ground, "recent_calls", limit=20)
    assert len(result["structuredContent"]["calls"]) == 20
    assert len(blocks(result)) <= 50


async def test_filters_are_those_of_the_search(ground: Playground) -> None:
    videos = (await asked(ground, "recent_calls", kind="video", limit=20))["structuredContent"]["calls"]
    assert videos
    assert all("video" in call["kind"].lower() for call in videos)
    missed = (await asked(ground, "recent_calls", STEVE, outcome="missed"))["structuredContent"]["calls"]
    assert missed
    assert all(call["missed"] for call in missed)
    rejected = (await asked(ground, "recent_calls", outcome="rejected"))["structuredContent"]["calls"]
    assert {call["status"] for call in rejected} == {"rejected"}
    for whom in ("<@U0STEVE>", "@captain america", "superhero2"):
        found = await asked(ground, "recent_calls", with_=whom)
        calls = found["structuredContent"]["calls"]
        assert calls
        assert all("superhero2" in json.dumps([call["others"], call["caller"]]) for call in calls)


async def test_times_without_an_offset_are_in_the_persons_own_zone(ground: Playground) -> None:
    zone = ZoneInfo(TIME_ZONE)
    starts = [datetime(2026, 3, day, hour, tzinfo=zone) for day, hour in ((1, 0), (1, 23), (2, 0), (2, 12))]
    lists(
        ground,
        [
            call_json(
                sessionId=f"s-{at}",
                mid=f"m-{at}",
                initiatedAt=int(each.timestamp()),
                startedAt=int(each.timestamp()),
            )
            for at, each in enumerate(starts)
        ],
    )
    table: list[tuple[Json, list[int]]] = [
        ({"since": "2026-03-02"}, [3, 2]),
        ({"until": "2026-03-01"}, [1, 0]),
        ({"since": "2026-03-01", "until": "2026-03-01"}, [1, 0]),
        ({"since": "2026-03-01T23:00", "until": "2026-03-02T12:00"}, [2, 1]),
        ({"since": "2026-03-01T18:30:00Z"}, [3, 2]),
        ({"until": "2026-03-02T00:00:00+05:30"}, [1, 0]),
        ({"since": "2026-03-03"}, []),
    ]
    for arguments, expected in table:
        result = await asked(ground, "recent_calls", **arguments)
        assert sessions(result) == [f"s-{at}" for at in expected], arguments


async def test_while_slack_does_not_say_where_the_person_is_times_are_utc(ground: Playground) -> None:
    ground.slack.fail("users.info", times=9)
    result = await asked(ground, "recent_calls", limit=1)
    assert result["structuredContent"]["time_zone"] == "UTC"
    assert "All times are in UTC, because Slack doesn’t share the person’s time zone." in words(result)
    assert result["structuredContent"]["calls"][0]["began_at"].endswith("+00:00")


async def test_nothing_found_is_said_and_is_no_error(ground: Playground) -> None:
    result = await asked(ground, "recent_calls", with_="nobody of that name")
    assert result["structuredContent"]["calls"] == []
    assert words(result).startswith("No calls match.")


WRONG: list[tuple[str, Json, str]] = [
    ("recent_calls", {"kind": "phone"}, "kind"),
    ("recent_calls", {"kind": ["video"]}, "kind"),
    ("recent_calls", {"outcome": "great"}, "outcome"),
    ("recent_calls", {"with": 7}, "with"),
    ("recent_calls", {"with": "x" * 81}, "with"),
    ("recent_calls", {"since": "yesterday"}, "since"),
    ("recent_calls", {"since": "2026-02-30"}, "since"),
    ("recent_calls", {"until": 1_700_000_000}, "until"),
    ("recent_calls", {"limit": 0}, "limit"),
    ("recent_calls", {"limit": 21}, "limit"),
    ("recent_calls", {"limit": True}, "limit"),
    ("recent_calls", {"limit": "5"}, "limit"),
    ("get_call", {}, "session_id"),
    ("get_call", {"session_id": None}, "session_id"),
    ("get_call", {"session_id": "x" * 3_000}, "session_id"),
    ("get_call", {"session_id": "two words"}, "session id"),
    ("get_call", {"session_id": ""}, "session id"),
    ("get_transcript", {"session_id": "a/b"}, "session id"),
    ("get_transcript", {"session_id": "s", "search": 1}, "search"),
    ("get_transcript", {"session_id": "s", "search": "x" * 101}, "search"),
    ("get_transcript", {"session_id": "s", "after_seconds": -1}, "after_seconds"),
    ("get_transcript", {"session_id": "s", "after_seconds": "60"}, "after_seconds"),
]


async def test_a_wrong_argument_is_named_so_that_a_model_can_correct_it(ground: Playground) -> None:
    for tool, arguments, named in WRONG:
        result = await asked(ground, tool, **arguments)
        assert result["isError"], arguments
        assert named in words(result), arguments
    assert ground.cometchat.requests == []


async def test_arguments_that_a_tool_does_not_have_change_nothing_and_it_says_so(ground: Playground) -> None:
    plain = await asked(ground, "recent_calls", limit=2)
    forged: Json = {
        "user_id": STEVE,
        "uid": "superhero2",
        "_meta": {"slack": {"user_id": STEVE}},
        "onBehalfOf": "x",
    }
    result = await asked(ground, "recent_calls", limit=2, **forged)
    assert sessions(result) == sessions(plain)
    assert "Unknown arguments were ignored. No argument decides whose calls are shown." in words(result)
    assert "ignored" not in words(plain)
    assert {each.headers["onbehalfof"] for each in ground.cometchat.requests} == {"superhero1"}


async def test_a_call_is_told_with_everybody_in_it_and_its_card(ground: Playground) -> None:
    standup = sample(ground, "Release stand-up")
    result = await asked(ground, "get_call", session_id=standup.session_id)
    content = result["structuredContent"]
    people = {who["name"]: who for who in content["participants"]}
    assert people["Iron Man"]["is_the_person"]
    assert people["Wolverine"]["seconds"] == 530
    assert [each["state"] for each in people.values()].count("took part") == 5
    assert "“Wolverine” (UID “superhero4”): took part, joined on" in words(result)
    assert "8 min 50 s (530 seconds) in the call" in words(result)
    assert next(block for block in blocks(result) if block["type"] == "header")
    assert next(block for block in blocks(result) if block["type"] == "table")
    assert buttons(result) == []


async def test_a_call_that_goes_on_has_a_button_that_asks_again(ground: Playground) -> None:
    session_id = sample(ground, "Going on now").session_id
    result = await asked(ground, "get_call", session_id=session_id)
    ((label, tool, arguments),) = buttons(result)
    assert (label, tool, arguments["session_id"].split(" ")[0]) == ("Refresh", "get_call", session_id)
    assert (await asked(ground, "get_call", **arguments))["structuredContent"]["in_progress"]
    assert "So far it has lasted" in words(result)


@pytest.mark.parametrize("tool", ["recent_calls", "get_call", "get_transcript"])
async def test_null_is_an_argument_that_was_left_out(ground: Playground, tool: str) -> None:
    tools = (await ground.slack.slackbot.request("tools/list", {})).parsed()["result"]["tools"]
    (schema,) = [each["inputSchema"] for each in tools if each["name"] == tool]
    given = {"session_id": sample(ground, "Release stand-up").session_id} if tool != "recent_calls" else {}
    left_out = {name: None for name in schema["properties"] if name not in {*given, "limit"}}
    assert (await ground.slack.slackbot.call_tool(TONY, tool, given | left_out))["result"]["isError"] is False
    refused = await ground.slack.slackbot.call_tool(TONY, tool, {"session_id": None, "limit": None})
    assert refused["result"]["isError"] is True


async def test_session_ids_may_come_as_people_paste_them(ground: Playground) -> None:
    plain = sample(ground, "Release stand-up").session_id
    for pasted in (f" {plain}\n", f"“{plain}”", f"`{plain}`.", f"<https://x.example/{plain}>"):
        result = await asked(ground, "get_call", session_id=pasted)
        assert result["structuredContent"]["session_id"] == plain


async def test_of_a_session_with_several_calls_the_list_leads_to_each(ground: Playground) -> None:
    calls = [
        call_json(
            sessionId="again",
            mid=f"m-{at}",
            initiatedAt=1_700_000_000 + at,
            startedAt=1_700_000_000 + at,
            endedAt=1_700_000_900,
        )
        for at in (600, 0)
    ]
    lists(ground, calls)
    ground.cometchat.serve("again", calls)
    listed = (await asked(ground, "recent_calls"))["structuredContent"]["calls"]
    assert len(listed) == 2
    for newer, call in enumerate(listed):
        found = await asked(ground, "get_call", session_id=call["call_id"])
        assert found["structuredContent"]["began_at"] == call["began_at"]
        assert found["structuredContent"]["newer_in_session"] == newer
        assert "This session has 2 of the person’s calls" in words(found)


async def test_a_call_without_a_transcript_is_said_to_have_none_and_is_no_error(ground: Playground) -> None:
    session_id = sample(ground, "One to one").session_id
    result = await asked(ground, "get_transcript", session_id=session_id, search="budget")
    assert (result["structuredContent"]["turns"], result["structuredContent"]["turns_in_all"]) == ([], 0)
    assert "There is no transcript of the call" in words(result)


@pytest.mark.parametrize("tool", ["get_call", "get_transcript"])
async def test_an_unknown_session_and_a_foreign_one_get_the_same_words(ground: Playground, tool: str) -> None:
    foreign = sample(ground, "Somebody else’s call")
    results = [await asked(ground, tool, session_id=each) for each in ("never-there", foreign.session_id)]
    assert results[0] == results[1]
    assert results[0]["isError"]
    assert words(results[0]).startswith(UNKNOWN)


async def test_a_person_without_a_link_reads_how_to_get_access(ground: Playground) -> None:
    one: Json = {"session_id": "s"}
    for tool, arguments in (("recent_calls", {}), ("get_call", one), ("get_transcript", one)):
        result = await asked(ground, tool, ROBIN, **arguments)
        assert result["isError"]
        assert "not connected to CometChat" in words(result)
        assert "Ask an admin." in words(result)
        assert "To request access, type /callinfo in Slack." in words(result)
    assert ground.cometchat.requests == []


async def test_a_member_of_several_workspaces_is_the_same_person(ground: Playground) -> None:
    known_as(ground, TONY, ON_GRID)
    result = await asked(ground, "recent_calls", slack={"team_id": SALES, "enterprise_id": ORG})
    assert "Incident desk" in words(result)


@pytest.mark.parametrize(("team_id", "facts"), STRANGERS)
async def test_a_stranger_whose_id_is_in_the_map_is_shown_nothing(
    ground: Playground, team_id: str, facts: Json
) -> None:
    known_as(ground, TONY, facts)
    result = await asked(ground, "recent_calls", slack={"team_id": team_id})
    assert "not connected to CometChat" in words(result)
    assert ground.cometchat.requests == []


async def test_while_slack_does_not_say_who_somebody_is_they_are_told_to_try_again(
    ground: Playground,
) -> None:
    ground.slack.fail("users.info", status=500, times=2)
    result = await asked(ground, "recent_calls", slack={"team_id": OTHER})
    assert "can’t check who you are in CometChat right now" in words(result)
    assert ground.cometchat.requests == []


async def test_each_question_is_audited_as_asked_and_logged_in_one_line(ground: Playground) -> None:
    with capture_logs() as logs:
        await asked(ground, "get_call", session_id="never-there")
        entry, line = await audited(logs, "asked"), await logged(logs, "interaction", "slackbot")
    assert (entry["outcome"], entry["uid"], entry["session_id"]) == (
        "no_such_call",
        "superhero1",
        "never-there",
    )
    assert (entry["user_id"], entry["team_id"]) == (TONY, TEAM_ID)
    assert (line["outcome"], line["reference"]) == ("no_such_call", entry["reference"])
    assert not [each for each in logs if each["event"] not in {"audit", "interaction"}]


async def test_the_limits_of_look_ups_hold_for_questions_and_commands_together() -> None:
    async with playground(callinfo_rate_limit="2/day") as ground:
        await asked(ground, "recent_calls")
        await ground.slack.command(TONY, "recent")
        result = await asked(ground, "recent_calls")
        assert "You’ve reached your limit of 2 look-ups a day" in words(result)


async def test_when_cometchat_fails_it_says_so_and_what_to_do(ground: Playground) -> None:
    ground.cometchat.answer(LIST, status=500, body={})
    result = await asked(ground, "recent_calls")
    assert result["isError"]
    assert "CometChat" in words(result)


async def test_a_bug_in_a_tool_is_told_with_a_reference_that_is_in_the_log(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.listeners.slackbot.recent_calls.recent_calls", None)
    with capture_logs() as logs:
        result = await asked(ground, "recent_calls")
        crashed = await logged(logs, "crashed")
    assert "Something went wrong in callinfo" in words(result)
    assert crashed["reference"] in words(result)


async def test_a_bug_in_the_words_of_a_problem_gets_bare_ones(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answers.wording.tool_problem", None)
    result = await asked(ground, "recent_calls", ROBIN)
    assert re.search(r"Something went wrong in callinfo.*admin: \w{8}", words(result))
