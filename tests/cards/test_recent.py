"""The card of a person's latest calls."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.cursor import Cursor, PageRequest
from bot.calls.filters import LONGEST_NAME, MISSED, CallFilter
from bot.calls.history import HistoryPage
from bot.calls.local_days import Zone
from bot.cards.call_buttons import DETAILS, PICK
from bot.cards.recent import NEWER, OLDER, recent
from bot.cometchat import Uid
from bot.cometchat.parsing import parse_call
from bot.playground.samples import call_json, participant_json
from tests.cards.hostile import NASTY, assert_sound, hostile_calls

NOW = 1_763_812_800
LEADING_ON = [("find_call", "find"), ("show_help", "help")]


def listed(*raw: dict[str, Any], sought: CallFilter | None = None, **more: Any) -> HistoryPage:
    request = PageRequest(sought or CallFilter(), more.pop("cursor", Cursor()))
    fields = {"older": None, "newer": None, "looked_through": None, "zone": None, **more}
    return HistoryPage(
        viewer=Uid("superhero1"),
        calls=tuple(parse_call(each) for each in raw),
        request=request,
        upstream_status=200,
        **fields,
    )


def told(listed: HistoryPage) -> list[str]:
    """Return the lines that are read aloud."""
    message = recent(listed, now=NOW)
    assert_sound(message, mentions="<@U0STEVE>")
    return message.text.split("\n")


def buttons(listed: HistoryPage) -> list[tuple[str, str]]:
    found = []
    for block in recent(listed, now=NOW).blocks:
        elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        found += [(each["action_id"], each["value"]) for each in elements if each["type"] == "button"]
    return found


def test_a_row_says_with_whom_when_what_kind_how_it_ended_and_how_long() -> None:
    title, row = told(listed(call_json(sessionId="standup", startedAt=NOW, endedAt=NOW + 245)))
    assert title == "Your latest calls"
    assert row.startswith("1. ✅ Captain America: <!date^1763812800^")
    assert row.endswith("> · Audio call · 4 min 5 s")
    only = [(PICK, "standup"), (DETAILS, "standup")]
    assert buttons(listed(call_json(sessionId="standup"))) == [*only, *LEADING_ON]
    two = listed(call_json(sessionId="one"), call_json(sessionId="other"))
    assert buttons(two) == [(PICK, "one"), (PICK, "other"), *LEADING_ON]


def labels(listed: HistoryPage) -> list[str]:
    """Return what a screen reader says of the rows' buttons."""
    blocks = recent(listed, now=NOW).blocks
    return [block["accessory"]["accessibility_label"] for block in blocks if "accessory" in block]


def test_a_screen_reader_tells_the_rows_buttons_apart() -> None:
    one = call_json(sessionId="a", startedAt=NOW)
    crowd = {"guid": "g", "name": "The long name of a long-standing group of many people"}
    group = call_json(sessionId="b", startedAt=NOW - 3600, receiverType="group", receiver=crowd)
    said = labels(listed(one, group, {"sessionId": "c", "initiator": "superhero1"}))
    assert said[0] == "Show the call with Captain America, Nov 22, 2025 at 12:00 UTC"
    assert said[1].startswith("Show the call with The long name of a long")
    assert said[1].endswith("…, Nov 22, 2025 at 11:00 UTC")
    assert said[2] == "Show the call with nobody else recorded"
    assert max(map(len, said)) <= 75


def test_a_call_that_others_took_says_that_you_missed_it() -> None:
    me = participant_json("superhero1", isJoined=False, state="unanswered")
    raw: dict[str, Any] = {"initiator": "superhero2", "participants": [me, participant_json("superhero2")]}
    taken = call_json(receiverType="group", status="ended", **raw)
    assert " · Group audio call · 4 min 5 s · you didn’t join" in told(listed(taken))[1]
    assert "you didn’t join" not in told(listed(call_json(status="unanswered", **raw)))[1]
    joined = call_json(receiverType="group", participants=[participant_json("superhero1")])
    assert "you didn’t join" not in told(listed(joined))[1]


STEVES, MINE = {"initiator": "superhero2", "receiver": "superhero1"}, {"initiator": "superhero1"}
NO_CALLER = {"initiator": None, "data": None}
WITHOUT_A_CALLER = {**NO_CALLER, "receiver": "superhero1"}
IN_A_GROUP = {"initiator": "superhero2", "receiver": {"guid": "superhero1"}}


@pytest.mark.parametrize(
    ("status", "raw", "own", "words"),
    [
        ("busy", MINE, {}, "busy"),
        ("busy", STEVES, {}, "missed"),
        ("busy", STEVES, {"isJoined": True, "state": "ended"}, "busy"),
        ("busy", WITHOUT_A_CALLER, {}, "missed"),
        ("busy", NO_CALLER, {}, "busy"),
        ("busy", IN_A_GROUP, {}, "missed"),
        ("missed", MINE, {}, "no answer"),
        ("missed", STEVES, {}, "missed"),
        ("missed", IN_A_GROUP, {}, "missed"),
        ("missed", WITHOUT_A_CALLER, {}, "missed"),
        ("missed", NO_CALLER, {}, "no answer"),
        ("unanswered", MINE, {}, "no answer"),
        ("unanswered", STEVES, {}, "missed"),
        ("rejected", MINE, {}, "declined"),
        ("rejected", STEVES, {}, "declined · you didn’t join"),
        ("rejected", STEVES, {"state": "rejected"}, "you declined"),
        ("cancelled", MINE, {}, "cancelled"),
        ("cancelled", STEVES, {}, "missed"),
    ],
)
def test_how_a_call_ended_is_told_from_the_side_of_whoever_reads_it(
    status: str, raw: dict[str, Any], own: dict[str, Any], words: str
) -> None:
    me = participant_json("superhero1", **{"isJoined": False, "state": "unanswered", **own})
    times = {"startedAt": None, "endedAt": None}
    one = call_json(status=status, participants=[me], **{**raw, **times})
    assert told(listed(one))[1].endswith(f" call · {words}")


def test_a_group_is_named_with_a_few_of_its_people() -> None:
    people = [participant_json(f"u{number}", name=f"Person {number}") for number in range(6)]
    raw = call_json(receiverType="group", receiver={"guid": "g", "name": "Guild"}, participants=people)
    assert ": Person 0, Person 1, Person 2 and 3 others:" in told(listed(raw))[1].replace("Guild", "")
    assert "and 1 other:" in told(listed({**raw, "initiator": "u0", "participants": people[:4]}))[1]


def test_a_call_of_which_little_is_known_is_a_row_all_the_same() -> None:
    row = told(listed({"initiator": "superhero1"}))[1]
    assert row == "1. ❔ Nobody else is recorded: Time unknown · Call · outcome unknown"


@pytest.mark.parametrize("session_id", [None, "", "a/b", "..", "a b", "x" * 256])
def test_an_id_that_can_not_be_asked_for_leaves_the_row_without_a_button(session_id: str | None) -> None:
    assert buttons(listed(call_json(sessionId=session_id))) == LEADING_ON
    assert len(told(listed(call_json(sessionId=session_id)))) == 2


def test_the_buttons_lead_to_the_pages_that_there_are() -> None:
    video = CallFilter("video")
    older = PageRequest(video, Cursor(2, 3, number=3))
    newer = PageRequest(video, Cursor(1, 5, back=True))
    page = listed(call_json(), sought=video, cursor=Cursor(1, 5, number=2), older=older, newer=newer)
    assert told(page)[0] == "Your latest calls: video, page 2"
    assert buttons(page)[2:] == [(NEWER, "-1.5|video||-|"), (OLDER, "2.3#3|video||-|"), *LEADING_ON]
    assert "◀ Newer" in str(recent(page, now=NOW).blocks)


@pytest.mark.parametrize(
    ("sought", "words"),
    [
        (CallFilter(ended=MISSED), "missed"),
        (CallFilter("video", "cancelled"), "cancelled, video"),
        (CallFilter(ended="odd_word"), "odd_word"),
        (CallFilter(with_whom="natasha", today=True), "today, with “natasha”"),
        (CallFilter(with_whom="<@U0STEVE>"), "with <@U0STEVE>"),
    ],
)
def test_what_is_sought_is_named_also_where_nothing_matches(sought: CallFilter, words: str) -> None:
    assert told(listed(call_json(), sought=sought))[0] == f"Your latest calls: {words}"
    assert told(listed(sought=sought))[:2] == [
        f"No calls match: {words}.",
        "To see all of your calls: /callinfo recent",
    ]


def test_who_has_no_calls_reads_how_calls_come_there() -> None:
    lines = told(listed())
    assert lines[0] == "No calls yet."
    assert lines[1] == "Calls that superhero1 makes or gets in CometChat will show up here."
    assert "/callinfo &lt;session id&gt;" in lines[2]


def test_where_the_search_was_given_up_it_says_so_and_how_to_go_on() -> None:
    older = PageRequest(CallFilter("video"), Cursor(5))
    lines = told(listed(sought=CallFilter("video"), looked_through=160, older=older))
    assert lines[0] == "No calls here: video."
    assert lines[1] == "Searched 160 of your calls and found no match. Press Older to look further back."
    assert told(listed(cursor=Cursor(2, number=2), newer=PageRequest())) == ["No calls here."]


def test_where_the_older_ones_could_not_be_had_it_says_so_instead() -> None:
    older = PageRequest(CallFilter("video"), Cursor(2))
    lines = told(listed(sought=CallFilter("video"), looked_through=40, older=older, cut_short=True))
    assert lines[:2] == [
        "No calls here: video.",
        "CometChat didn’t return the older calls. Press Older to try again.",
    ]


def test_where_the_oldest_come_first_no_button_says_that_it_leads_to_newer_or_older_ones() -> None:
    other = PageRequest(cursor=Cursor(3))
    page = listed(older=other, newer=other, cut_short=True, oldest_first=True)
    assert told(page)[1:3] == [
        "CometChat lists the oldest calls first, so your latest may be on another page.",
        "CometChat didn’t return the other calls. Press More to try again.",
    ]
    blocks = str(recent(page, now=NOW).blocks)
    assert "◀ Back" in blocks
    assert "More ▶" in blocks


def test_days_of_utc_are_told_of_for_want_of_the_person_s_own() -> None:
    assert any(
        "“Today” is in UTC" in line for line in told(listed(sought=CallFilter(today=True), zone=Zone()))
    )
    known = told(listed(sought=CallFilter(today=True), zone=Zone(known=True)))
    assert not any("“Today” is in UTC" in line for line in known)


soughts = st.builds(
    CallFilter,
    kind=st.sampled_from([None, "audio", "video"]),
    ended=st.sampled_from([None, MISSED, "ended", "no_such_word"]),
    with_whom=st.sampled_from([text[:LONGEST_NAME] for text in NASTY if not text.startswith("<@")])
    | st.text(max_size=LONGEST_NAME),
    since=st.none() | st.integers(0, NOW),
    today=st.booleans(),
)
session_ids = st.sampled_from([*NASTY, "standup", "x" * 255])


@given(
    st.lists(st.tuples(hostile_calls, session_ids), max_size=5),
    soughts,
    st.none() | st.integers(0, 10**6),
    st.sampled_from([None, Zone()]),
)
def test_nothing_that_the_api_or_a_person_says_breaks_the_list(
    calls: list[tuple[dict[str, Any], str]], sought: CallFilter, looked: int | None, zone: Zone | None
) -> None:
    raw = [{**each, "sessionId": session_id} for each, session_id in calls]
    far = PageRequest(sought, Cursor(99_999, 99_999, "0123abcd@999999999999", number=99_999))
    page = listed(
        *raw, sought=sought, cursor=far.cursor, looked_through=looked, zone=zone, older=far, newer=far
    )
    assert_sound(recent(page, now=NOW))
