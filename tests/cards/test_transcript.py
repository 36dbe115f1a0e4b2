"""The Transcript modal: sound whatever was said, and what it says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.call_ref import CallRef
from bot.calls.lookup import LookupResult
from bot.calls.transcript import LONGEST_TURN, Turn
from bot.calls.transcript_lookup import Fault, TranscriptResult
from bot.calls.transcript_pages import LONGEST_QUERY, PAGE, tidy_query
from bot.cards.kit.limits import violations
from bot.cards.transcript import (
    Shows,
    elapsed,
    transcript,
    transcript_id,
    transcript_page,
    transcript_which,
)
from bot.cards.waiting import loading_transcript
from bot.cometchat import SessionId, Uid
from bot.cometchat.parsing import parse_call
from bot.playground.samples import call_json
from tests.cards.hostile import NASTY, _leaves, assert_known_to_the_sdk, hostile_calls
from tests.faults.scene import words_in

NOW = 1_763_812_800
LINK = "https://transcripts.cometchat.io/a/transcript_t.json"


def found(raw: dict[str, Any] | None = None) -> LookupResult:
    call = parse_call(raw or call_json())
    return LookupResult(SessionId("standup"), Uid("superhero1"), call, 1, None, 200)


def read(*turns: Turn, links: tuple[str, ...] = (), faults: tuple[Fault, ...] = ()) -> TranscriptResult:
    return TranscriptResult(found(), turns, links, faults)


def told(view: dict[str, Any]) -> str:
    return " ".join(" ".join(words_in(view)).split())


_texts = st.sampled_from(NASTY) | st.text(min_size=1, max_size=LONGEST_TURN)
_turns = st.builds(
    Turn,
    st.sampled_from(NASTY) | st.text(max_size=80),
    st.sampled_from(["superhero1", "superhero2", ""]),
    st.none() | st.integers(0, 253_402_300_799),
    _texts.map(lambda text: text[:LONGEST_TURN] or "x"),
)


@given(
    hostile_calls,
    st.lists(_turns, max_size=8).map(lambda few: few * 4),
    st.sampled_from(NASTY) | st.text(max_size=9),
    st.integers(0, 3),
    st.sets(st.sampled_from(Fault)),
)
def test_nothing_that_was_said_breaks_the_modal(
    raw: dict[str, Any], turns: list[Turn], query: str, number: int, faults: set[Fault]
) -> None:
    result = TranscriptResult(found(raw), tuple(turns), (LINK,) * 12, tuple(faults))
    view = transcript(result, Shows(None, tidy_query(query)), now=NOW, number=number)
    assert violations(view, "modal") == []
    assert_known_to_the_sdk(view["blocks"])
    for leaf in _leaves(view["blocks"]):
        assert leaf.get("type") not in {"broadcast", "channel", "usergroup", "user", "mrkdwn"}
        if leaf.get("type") == "link":
            assert leaf["url"] == LINK
    str(view).encode()


def test_the_longest_page_is_within_what_slack_takes_of_a_view() -> None:
    turns = [Turn("n" * 80, "superhero1", NOW, "w" * LONGEST_TURN)] * PAGE * 2
    view = transcript(read(*turns, links=(LINK,)), Shows(None, "w" * LONGEST_QUERY), now=NOW)
    assert len(view["blocks"]) < 50
    assert len(told(view)) < 25_000


def test_times_are_told_as_people_read_them() -> None:
    assert [elapsed(each) for each in (-5, 0, 65, 3_600, 36_061)] == [
        "0:00",
        "0:00",
        "1:05",
        "1:00:00",
        "10:01:01",
    ]


def test_a_turn_says_who_when_and_what() -> None:
    start = found().call.began_at or 0
    words = told(transcript(read(Turn("Iron Man", "superhero1", start + 245, "Hello")), Shows(None), now=NOW))
    assert "Iron Man (you) · 4:05 ·" in words
    assert "Unknown speaker Hello" in told(
        transcript(read(Turn("", "", None, "Hello")), Shows(None), now=NOW)
    )
    nowhere = TranscriptResult(found({"status": "ended"}), (Turn("A", "", 9, "Hello"),))
    assert "A · Hello" in told(transcript(nowhere, Shows(None), now=NOW))


def test_only_in_what_is_found_the_words_stand_out() -> None:
    turns = [
        Turn(name, "", None, text) for name, text in (("A", "A red car"), ("B", "A red bus"), ("C", "So?"))
    ]
    view = transcript(read(*turns), Shows(None, "car red"), now=NOW)
    bold = [leaf["text"] for leaf in _leaves(view["blocks"]) if leaf.get("style")]
    assert bold[-4:] == ["A", "red", "car", "B"]


def test_a_turn_of_nothing_that_can_be_seen_is_told_as_one() -> None:
    assert "Unknown speaker …" in told(transcript(read(Turn("", "", None, "\u200b")), Shows(None), now=NOW))


@pytest.mark.parametrize("fault", Fault)
def test_each_fault_has_its_words(fault: Fault) -> None:
    alone = told(transcript(read(faults=(fault, fault)), Shows(None), now=NOW))
    assert alone.count("transcript file") == 1
    assert "is missing:" not in alone
    assert "Search" not in alone
    assert "is missing:" in told(
        transcript(read(Turn("A", "", 1, "x"), faults=(fault,)), Shows(None), now=NOW)
    )


def test_links_warn_that_anybody_can_read_them() -> None:
    one, two = (told(transcript(read(links=(LINK,) * many), Shows(None), now=NOW)) for many in (1, 2))
    assert "Open the file · Anyone with the link can read it" in one.replace("  ", " ")
    assert two.count("Anyone with the link can read it") == 2
    assert "Open file 2" in two
    assert "link" not in told(transcript(read(), Shows(None), now=NOW))


@given(st.text(max_size=12), st.text(max_size=LONGEST_QUERY).map(tidy_query))
def test_what_a_modal_shows_comes_back_from_its_metadata(mark: str, query: str) -> None:
    shows = Shows(CallRef(SessionId("standup" + "x" * 240), began_at=len(mark)), query, searches=len(query))
    assert Shows.from_text(shows.to_text()) == shows
    assert len(shows.to_text()) < 3_000
    assert Shows.from_text(Shows(None, query).to_text()) == Shows(None, query)


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "7", '{"call": 3, "query": 4}', "{" * 9, '{"call": "a b c"}']
)
def test_other_metadata_are_about_no_call(text: str) -> None:
    assert Shows.from_text(text) == Shows(None)


def test_a_block_s_id_says_which_page_of_which_call() -> None:
    assert transcript_page(transcript_id("", 12)) == 12
    assert transcript_page(transcript_id("")) is None
    which = CallRef(SessionId("s"), "0123456789abcdef", 1_763_812_800).which
    assert transcript_which(transcript_id(which, 3)) == transcript_which(transcript_id(which)) == which
    assert transcript_page(transcript_id(which, 99_999)) == 99_999
    assert len(transcript_id(which, 99_999)) <= 255
    for other in (
        "callinfo_call",
        "callinfo_transcript",
        "callinfo_transcript:x",
        "callinfo_transcript:123456",
    ):
        assert transcript_page(other) is None
        assert transcript_which(other) == ""


def test_the_modal_opens_with_a_word() -> None:
    assert "Loading…" in told(loading_transcript())
