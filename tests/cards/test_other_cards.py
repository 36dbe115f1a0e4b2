"""The shared card, the details, the list of choices and the modal that asks: sound for whatever the data."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.call_ref import WHICH, CallRef
from bot.calls.lookup import LookupResult
from bot.calls.problems import no_such_call, not_linked, recent_not_understood
from bot.cards.ask_session import Origin, ask_session
from bot.cards.attendance import attendees, axis
from bot.cards.buttons import block_id, page_id, page_of, thread_of, which_of
from bot.cards.chart import NAME_WIDTH, _columns, chart, padded
from bot.cards.choices import choices
from bot.cards.details import details, loading
from bot.cards.kit.limits import violations
from bot.cards.kit.message import InvalidMessageError, Message
from bot.cards.kit.modal import View, message_modal, modal
from bot.cards.problem import Helpers, problem_card, problem_modal, problem_sentence
from bot.cards.summary import shared_summary, summary
from bot.cometchat import SessionId, Uid
from bot.cometchat.parsing import parse_call
from bot.identity.requests import LastRequest, Requested
from bot.playground.samples import call_json, participant_json
from tests.cards.hostile import (
    NASTY,
    _leaves,
    assert_known_to_the_sdk,
    assert_sound,
    assert_sound_view,
    hostile_calls,
)

NOW = 1_763_812_800
THREAD = "1763812800.000100"
HOSTS = ("cometchat.io", "calls.example.com")


def found(raw: dict[str, Any], of: int = 1) -> LookupResult:
    return LookupResult(SessionId("standup"), Uid("superhero1"), parse_call(raw), of, None, 200)


@given(hostile_calls, st.integers(1, 3))
def test_no_call_data_breaks_the_shared_card_and_its_one_mention_is_the_sharer(
    raw: dict[str, Any], of: int
) -> None:
    message = shared_summary(found(raw, of), now=NOW, sharer="U0TONY")
    assert_sound(message, mentions="<@U0TONY>")
    assert str(message.blocks).count("'user_id'") == 1
    assert "actions" not in [block["type"] for block in message.blocks]


@given(hostile_calls)
def test_no_call_data_breaks_the_card_in_a_thread(raw: dict[str, Any]) -> None:
    assert_sound(summary(found(raw), now=NOW, thread_ts=THREAD))


@given(hostile_calls, st.integers(0, 5))
def test_no_call_data_breaks_the_details(raw: dict[str, Any], page: int) -> None:
    assert_sound_view(details(found(raw), now=NOW, page=page, recording_hosts=HOSTS))


@given(
    st.lists(
        st.sampled_from([text for text in NASTY if text]) | st.text(min_size=1, max_size=255),
        min_size=2,
        max_size=40,
        unique=True,
    )
)
def test_no_ids_break_the_list_of_choices(ids: list[str]) -> None:
    safe = [SessionId(each.encode(errors="replace").decode()[:255]) for each in ids]
    assert_sound(choices(safe, thread_ts=THREAD))
    assert_sound(choices(safe))


def test_a_screen_reader_tells_the_choices_apart() -> None:
    blocks = choices([SessionId("standup"), SessionId("retro")]).blocks
    labels = [block["accessory"]["accessibility_label"] for block in blocks if "accessory" in block]
    assert labels == ["Show the call number 1", "Show the call number 2"]


@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=2_000), min_size=1, max_size=8).filter(
        lambda lines: any(line.strip() for line in lines)
    )
)
def test_a_message_reads_the_same_in_a_modal(lines: list[str]) -> None:
    view = message_modal(Message("\n".join(lines), ()))
    assert violations(view, "modal") == []
    read = "\n".join(block["text"]["text"] for block in view["blocks"])
    assert [line for line in read.split("\n") if line] == [
        line for line in "\n".join(lines).split("\n") if line
    ]


@pytest.mark.parametrize("view", [loading(), ask_session(Origin("https://hooks.slack.com/x", "C1", THREAD))])
def test_the_fixed_modals_are_sound(view: View) -> None:
    assert violations(view, "modal") == []
    assert_known_to_the_sdk(view["blocks"])


@pytest.mark.parametrize("problem", [not_linked(), no_such_call(hint="A hint.")])
def test_a_problem_reads_the_same_in_a_modal(problem: Any) -> None:
    helpers = Helpers(admins=["U0ALEX"])
    view = problem_modal(problem, "REF12345", helpers)
    assert violations(view, "modal") == []
    for words in (problem.happened, problem.advice, "REF12345"):
        assert words in str(view)
        assert words in problem_card(problem, "REF12345", helpers).text


@pytest.mark.parametrize(
    ("told", "anew", "words", "offered"),
    [
        (True, Requested.OPEN, "You asked to be linked <!date^1^{at}.\nAn admin has been told, and", False),
        (False, Requested.OPEN, "You asked to be linked <!date^1^{at}.\nAn admin is being told;", False),
        (True, Requested.NOTED, "You asked to be linked <!date^1^{at}.\nNobody has answered yet.", True),
        (True, Requested.DECLINED, "declined your request <!date^1^{at}.\ncallinfo takes a new", False),
    ],
)
def test_who_is_not_linked_reads_what_has_become_of_their_request(
    *, told: bool, anew: Requested, words: str, offered: bool
) -> None:
    problem = not_linked(LastRequest(1, told=told, anew=anew))
    card = problem_card(problem, "REF12345", Helpers(admins=["U0ALEX"]))
    at = "{date_short_pretty} at {time}|Jan 1, 1970 at 00:00 UTC>"
    assert words.replace("{at}", at) in card.text
    assert ("ask_admin" in str(card.blocks)) is offered
    assert_known_to_the_sdk(card.blocks)
    view = problem_modal(problem, "REF12345", Helpers())
    assert violations(view, "modal") == []
    assert ("ask_admin" in str(view)) is offered


def test_a_modal_that_slack_would_refuse_is_a_bug() -> None:
    with pytest.raises(InvalidMessageError, match="title"):
        modal("A title of many more characters", [], callback_id="x")


def links(raw: dict[str, Any], hosts: tuple[str, ...] = HOSTS) -> list[str]:
    view = details(found(raw), now=NOW, recording_hosts=hosts)
    sections = [element for block in view["blocks"] for element in block.get("elements", [])]
    return [
        leaf["url"]
        for section in sections
        for leaf in section.get("elements", [])
        if leaf.get("type") == "link"
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://recordings-eu.cometchat.io/a.mp4",
        "https://cometchat.io/a.mp4?x=1",
        "https://calls.example.com:443/a",
        "https://R.COMETCHAT.IO/a",
    ],
)
def test_a_recording_on_cometchat_s_or_the_configured_host_is_linked(url: str) -> None:
    assert links(call_json(recordings=[{"recording_url": url}])) == [url]


@pytest.mark.parametrize(
    "url",
    [
        "http://recordings-eu.cometchat.io/a.mp4",
        "https://evilcometchat.io/a",
        "https://cometchat.io.evil.example/a",
        "https://cometchat.io@evil.example/a",
        "https://user:pass@cometchat.io/a",
        "https://cometchat.io:8443/a",
        "https://cometchat.io:99999999/a",
        "https://[cometchat.io/a",
        "javascript:alert(1)",
        "https://cometchat.io/a b",
        "https://cometchat.io/a|b",
        "https://cometchat.io/<x>",
        "https://cometchat.io/é",
        "https://cometchat.io/" + "x" * 2000,
        "https://evil.example\\@cometchat.io/",
        "",
        None,
    ],
)
def test_any_other_address_is_not_linked(url: str | None) -> None:
    assert links(call_json(recordings=[{"rid": "r", "recording_url": url}])) == []


def test_a_recording_says_when_and_how_long_by_its_times_and_not_by_its_duration() -> None:
    raw = call_json(recordings=[{"startTime": NOW, "endTime": NOW + 90, "duration": 999}])
    shown = str(details(found(raw), now=NOW))
    assert "1 min 30 s" in shown
    assert "999" not in shown


def test_the_details_tell_all_that_is_known_of_a_call() -> None:
    people = [
        participant_json(
            "u1", isJoined=True, joinedAt=NOW, leftAt=NOW + 60, totalAudioMinutes=1, deviceId="dev/1"
        )
    ]
    raw = call_json(
        initiator="u1", receiver="team", receiverType="group", mid="m-1", initiatedAt=NOW - 5, startedAt=NOW,
        endedAt=NOW + 60, totalAudioMinutes=1, totalVideoMinutes=0, hasTranscription=True, participants=people,
    )  # fmt: skip
    shown = str(details(found(raw), now=NOW))
    for words in (
        "Rang: ",
        "Started: ",
        "Ended: ",
        "Audio 1 min",
        "Video 0 s",
        "'yes'",
        "m-1",
        "u1",
        "team",
        "dev/1",
    ):
        assert words in shown
    assert "Group id: " in shown


def test_a_page_that_is_not_there_is_the_last() -> None:
    people = [participant_json(f"u{n}") for n in range(60)]
    assert "Participants 51 to 60 of 60" in str(
        details(found(call_json(participants=people)), now=NOW, page=9)
    )


@pytest.mark.parametrize(
    ("block_id", "page"),
    [("callinfo_page:2", 2), ("callinfo_page:2:@5", 2), ("callinfo_page:x", 0), ("other:2", 0), ("", 0)],
)
def test_the_page_stands_in_the_block_s_id(block_id: str, page: int) -> None:
    assert page_of(block_id) == page


threads = st.none() | st.from_regex(r"[0-9]{10}\.[0-9]{6}", fullmatch=True)
whiches = st.just("") | st.from_regex(rf"(?:{WHICH})", fullmatch=True)


@given(threads, whiches, st.none() | st.integers(0, 999))
def test_a_block_s_id_says_which_thread_and_which_call(
    thread_ts: str | None, which: str, number: int | None
) -> None:
    made = block_id(thread_ts, which, number=number)
    assert len(made) <= 80
    assert (thread_of(made), which_of(made), page_of(made)) == (thread_ts, which, 0)
    page = page_id(number or 0, which)
    assert (thread_of(page), which_of(page), page_of(page)) == (None, which, number or 0)


@given(st.text() | st.from_regex(r"(callinfo_(call|page))?(:[0-9a-f@.]{0,20}){0,4}"))
def test_another_block_s_id_breaks_nothing(text: str) -> None:
    assert len(which_of(text)) <= 29
    assert CallRef.of(SessionId("standup"), which_of(text)).session_id == "standup"
    assert thread_of(text) is None or re.fullmatch(r"[0-9]{10}\.[0-9]{6}", thread_of(text) or "")


def test_the_timeline_is_one_aligned_picture_with_a_scale() -> None:
    people = [
        participant_json("u1", name="Iron Man", isJoined=True, joinedAt=NOW, leftAt=NOW + 600),
        participant_json(
            "u2", name="名前がとても長い人です", isJoined=True, joinedAt=NOW + 300, leftAt=NOW + 600
        ),
        participant_json(
            "u3", name="A name that is much too long", isJoined=True, joinedAt=NOW, leftAt=NOW + 300
        ),
        participant_json("u4", name="Nobody", isJoined=False),
    ]
    call = parse_call(call_json(startedAt=NOW, endedAt=NOW + 600, participants=people))
    present = attendees(call, now=NOW)
    (block,) = chart(present, axis(call, present, now=NOW))
    picture = block["elements"][0]["elements"][0]["text"].splitlines()
    assert picture == [
        "Iron Man       ████████████████████████",
        "A name that i… ████████████░░░░░░░░░░░░",
        "名前がとても…  ░░░░░░░░░░░░████████████",
        "               0        5 min    10 min",
    ]


def test_a_call_of_odd_length_still_has_a_scale() -> None:
    person = participant_json("u1", isJoined=True, joinedAt=NOW, leftAt=NOW + 10**9)
    call = parse_call(call_json(startedAt=NOW, endedAt=NOW + 999_999_999, participants=[person]))
    people = attendees(call, now=NOW)
    (block,) = chart(people, axis(call, people, now=NOW))
    assert "11574 d 1 h" in str(block)


@given(st.text(max_size=60))
def test_a_padded_name_always_takes_the_same_width_and_closes_what_it_opens(name: str) -> None:
    shown = padded(f"\u2068{name}\u2069")
    assert shown.count("\u2068") == shown.count("\u2069") + name.count("\u2068") - name.count("\u2069")


@pytest.mark.parametrize(
    "name", ["a", "x" * 40, "名" * 20, "👩\u200d🔬" * 9, "👩\u200d👩\u200d👧\u200d👦" * 9, "e\u0301" * 30]
)
def test_letters_of_any_width_fill_the_column(name: str) -> None:
    assert _columns(padded(name)) == NAME_WIDTH


def test_the_origin_survives_its_way_through_slack() -> None:
    origin = Origin("https://hooks.slack.com/x", "C1", None)
    assert Origin.from_text(origin.to_text()) == origin


@pytest.mark.parametrize("text", ["", "[]", "x", "5", "null", "{", '{"thread_ts": ""}'])
def test_metadata_that_is_not_ours_leads_nowhere(text: str) -> None:
    assert Origin.from_text(text) == Origin("", "", None)


@pytest.mark.parametrize(
    ("recording", "words"),
    [({"rid": "r2"}, "time not known · no link that callinfo trusts · r2"), ({"startTime": NOW}, "no link")],
)
def test_a_recording_always_says_something(recording: dict[str, Any], words: str) -> None:
    view = details(found(call_json(recordings=[recording])), now=NOW, recording_hosts=HOSTS)
    texts = [leaf.get("text") or "" for leaf in _leaves(view) if leaf.get("type") == "text"]
    assert words in "".join(texts)


def test_each_page_tells_the_ids_of_those_it_shows() -> None:
    people = [participant_json(f"uid-{n}", name="Sam", deviceId=f"dev-{n}") for n in range(60)]
    second = str(details(found(call_json(participants=people)), now=NOW, page=1))
    assert "dev-55" in second
    assert "uid-55" in second
    assert "dev-5'" not in second


def test_a_problem_beside_an_input_says_whom_to_ask_and_the_hint() -> None:
    assert problem_sentence(not_linked(), "REF12345", Helpers()).endswith(
        "Ask an admin of callinfo. Reference: REF12345"
    )
    sentence = problem_sentence(no_such_call(hint="A hint."), "REF12345", Helpers(support="help@example.com"))
    assert "A hint. Reference" in sentence
    assert "Turn to help@example.com." in problem_sentence(
        not_linked(), "R", Helpers(support="help@example.com")
    )


def test_what_a_person_may_type_is_code_where_it_can_be_and_plain_where_not() -> None:
    problem, typed = recent_not_understood(), "/callinfo recent missed video today with natasha"
    card = problem_card(problem, "REF12345", Helpers())
    assert f"'text': '{typed}', 'style': {{'code': True}}" in str(card.blocks)
    for plain in (card.text, problem_sentence(problem, "REF12345", Helpers())):
        assert typed in plain
        assert "`" not in plain
