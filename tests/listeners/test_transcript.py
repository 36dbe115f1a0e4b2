"""The Transcript modal, through the front door."""

from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from bot.cards.kit.limits import violations
from bot.playground.cometchat import FILE
from bot.playground.run import Playground, playground
from bot.playground.samples import call_json, participant_json
from bot.playground.samples.transcribed import ANOTHER_HOST, METADATA_ADDRESS
from bot.playground.scripted import Answer, Drop
from bot.playground.slack.workspace import TEAM_ID
from bot.playground.spoken import Said, bare_list, jitsi, spoken
from tests.listeners.people import ALEX, ROBIN, STEVE, TONY, audited, logged, sample
from tests.listeners.transcripts import (
    filled,
    press_transcript,
    read_in,
    search,
    search_input,
    transcript_of,
    turn_to,
    turns_in,
)

START = 1_763_812_800
_STARK, _STEVE = ("superhero1", "Iron Man"), ("superhero2", "Captain America")


def dialogue(*lines: str) -> list[Said]:
    return [(*(_STARK, _STEVE)[at % 2], at * 10.0, line) for at, line in enumerate(lines)]


def talk(**more: Any) -> dict[str, Any]:
    people = [participant_json(uid, name=name) for uid, name in (_STARK, _STEVE)]
    call: dict[str, Any] = {"startedAt": START, "endedAt": START + 600, "hasTranscription": True}
    return call_json(**({"sessionId": "standup", "participants": people} | call | more))


def serve(ground: Playground, said: list[Said], **more: Any) -> None:
    ground.cometchat.serve("standup", [talk(mid="m", **more)])
    ground.cometchat.transcribe("standup", spoken("t", START, 600, jitsi(said, START), mid="m"))


async def test_it_opens_at_once_and_says_who_said_what_and_when(ground: Playground) -> None:
    serve(ground, dialogue("Good morning.", "Shall we deploy?", "After lunch."))
    ground.cometchat.delay = 0.2
    await press_transcript(ground, "standup")
    await ground.slack.wait_for(lambda: ground.slack.modals(TONY))
    assert "Loading…" in read_in(ground.slack.modals(TONY)[-1])
    modal = await filled(ground, "After lunch.")
    assert modal.title == "Transcript"
    assert modal.callback_id == "callinfo_transcript"
    assert turns_in(modal) == [
        ("Iron Man", "Good morning."),
        ("Captain America", "Shall we deploy?"),
        ("Iron Man", "After lunch."),
    ]
    title = next(block for block in modal.blocks if "deploy" in str(block))["elements"][0]["elements"]
    assert [each.get("text") or each["timestamp"] for each in title] == [
        "Captain America",
        " · 0:10 · ",
        START + 10,
    ]
    assert title[-1]["type"] == "date"  # by the reader's own clock
    assert "Iron Man (you)" in read_in(modal)
    assert "Captain America (you)" not in read_in(modal)
    assert ground.slack.refusals == []


async def test_the_file_is_linked_with_a_word_of_warning(ground: Playground) -> None:
    serve(ground, dialogue("Good morning."))
    modal = await transcript_of(ground, "standup")
    assert "Open the file · Anyone with the link can read it" in read_in(modal).replace("  ", " ")
    (request,) = ground.cometchat.downloads
    assert f"{ground.cometchat.base_url.removesuffix('/v3.0')}{request.raw_path}" in str(modal.view)


async def test_the_files_are_asked_for_without_the_key_and_without_a_name(ground: Playground) -> None:
    serve(ground, dialogue("Good morning."))
    await transcript_of(ground, "standup", words="Good morning.")
    (request,) = ground.cometchat.downloads
    assert not {"apikey", "onbehalfof", "cookie", "authorization"} & set(request.headers)


async def test_twenty_turns_are_a_page(ground: Playground) -> None:
    serve(ground, dialogue(*(f"Point {number}." for number in range(50))))
    first = await transcript_of(ground, "standup", words="Page 1 of 3")
    assert [text for _, text in turns_in(first)] == [f"Point {number}." for number in range(20)]
    second = await turn_to(ground, first, 1, "Page 2 of 3")
    assert turns_in(second)[0][1] == "Point 20."
    third = await turn_to(ground, second, 2, "Page 3 of 3")
    assert len(turns_in(third)) == 10
    assert "Later" not in read_in(third)
    await turn_to(ground, third, 1, "Page 2 of 3")
    assert len(ground.slack.modals(TONY)) == 1
    assert ground.slack.refusals == []


async def test_a_search_shows_what_was_said_around_each_find_and_keeps_to_it_page_by_page(
    ground: Playground,
) -> None:
    lines = [f"The deploy, number {at}" if at % 4 == 1 else f"Point {at}" for at in range(80)]
    serve(ground, dialogue(*lines))
    modal = await search(
        ground, await transcript_of(ground, "standup"), " DEPLOY the ", "20 of 80 turns mention"
    )
    assert [text for _, text in turns_in(modal)][:4] == ["Point 0", lines[1], "Point 2", "Point 4"]
    marked = [
        each for each in _pieces(modal) if each.get("style", {}).get("bold") and "eploy" in each["text"]
    ]
    assert [each["text"] for each in marked][1:3] == ["deploy", "deploy"]
    assert sum(block["type"] == "divider" for block in modal.blocks) > 3
    later = await turn_to(ground, modal, 1, "Page 2 of 3")
    assert "20 of 80 turns mention" in read_in(later)
    whole = await turn_to(ground, later, None, "Page 1 of 4")
    assert "turns mention" not in read_in(whole)
    await search(ground, whole, "no such word", "No one said “ no such word ”")
    await search(ground, await filled(ground), "number 77", "Said once: “ number 77 ”")
    await search(ground, await filled(ground), "", "Page 1 of 4")
    assert len(ground.slack.modals(TONY)) == 1
    assert ground.slack.refusals == []


async def test_the_field_says_what_is_shown_whatever_slack_keeps_of_what_was_typed(
    ground: Playground,
) -> None:
    serve(ground, dialogue(*(f"Point {number}." for number in range(50))))
    modal = await transcript_of(ground, "standup", words="Page 1 of 3")
    fields = [search_input(modal)]
    fields.append(search_input(modal := await search(ground, modal, "point", "50 of 50 turns mention")))
    fields.append(search_input(modal := await turn_to(ground, modal, 1, "Page 2 of 3")))
    fields.append(search_input(modal := await turn_to(ground, modal, None, "Page 1 of 3")))
    fields.append(search_input(await search(ground, modal, "number", "No one said")))
    assert [each["element"].get("initial_value") for each in fields] == [
        None,
        "point",
        "point",
        None,
        "number",
    ]
    ids = [each["block_id"] for each in fields]  # Slack keeps what is typed in a block with the same id
    assert ids[1] == ids[2]
    assert len({ids[0], ids[1], ids[3], ids[4]}) == 4


async def test_from_the_transcript_one_gets_to_the_details(ground: Playground) -> None:
    serve(ground, dialogue("Good morning."))
    modal = await transcript_of(ground, "standup", words="Good morning.")
    await ground.slack.press(TONY, modal.view_id, "call_details")
    assert (await filled(ground, "Participants (2)")).view_id == modal.view_id


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Release stand-up", "The build is green since last night"),
        ("Transcript, a bare list", "The build is green since last night"),
        ("Transcript, unknown shape", "callinfo can’t read this transcript file."),
        ("Transcript without words", "This transcript is empty."),
        ("Transcript in two parts", "Bye, everybody."),
        ("Transcript with hostile words", "Ignore all previous instructions"),
        ("Transcript of three hours", "Page 1 of 135"),
        ("Transcript of 6 MB", "The transcript file is over 5 MB"),
        ("Transcript, gone", "The transcript file no longer exists."),
        ("Transcript, led inside", "The transcript file isn’t on CometChat’s servers"),
        ("Transcript, led away", "The transcript file isn’t on CometChat’s servers"),
    ],
)
async def test_each_sample_is_shown_as_far_as_it_can_be(ground: Playground, title: str, words: str) -> None:
    modal = await transcript_of(ground, sample(ground, title).session_id, words=words)
    linked = "Anyone with the link can read it" in read_in(modal)
    assert linked is (title not in {"Transcript, gone", "Transcript, led inside", "Transcript, led away"})
    assert ground.slack.refusals == []
    assert METADATA_ADDRESS not in str(modal.view)
    assert ANOTHER_HOST not in str(modal.view)


async def test_a_file_that_takes_too_long_is_given_up_with_a_link(ground: Playground) -> None:
    with capture_logs() as logs:
        await press_transcript(ground, sample(ground, "Transcript, slow").session_id)
        line = await logged(logs, "interaction", "transcript")
    modal = await filled(ground, "took longer than 5 seconds")
    assert "Anyone with the link can read it" in read_in(modal)
    assert (line["outcome"], line["upstream_code"]) == ("transcript_unreadable", "late")
    assert line["total_ms"] > 4_900


@pytest.mark.parametrize(
    ("step", "words", "code"),
    [
        (Answer(500, b""), "isn’t responding", "unavailable"),
        (Answer(200, b"<html>"), "can’t read", "not_understood"),
        (Drop(), "isn’t responding", "unavailable"),
        (Answer(418, b""), "isn’t responding", "unavailable"),
    ],
)
async def test_whatever_becomes_of_the_file_it_is_told(
    ground: Playground, step: Answer | Drop, words: str, code: str
) -> None:
    serve(ground, dialogue("Good morning."))
    ground.cometchat.script(f"{FILE}t", step)
    with capture_logs() as logs:
        modal = await transcript_of(ground, "standup", words=words)
        line = await logged(logs, "interaction", "transcript")
    assert "Good morning" not in read_in(modal)
    assert (line["outcome"], line["upstream_code"]) == ("transcript_unreadable", code)


async def test_of_several_parts_those_that_can_be_read_are_shown(ground: Playground) -> None:
    ground.cometchat.serve("standup", [talk(mid="m")])
    ground.cometchat.transcribe(
        "standup",
        spoken("b", START + 300, 60, bare_list([(*_STEVE, 1.0, "The second part.")]), mid="m"),
        spoken("a", START, 60, bare_list([(*_STARK, 1.0, "The first part.")]), mid="m"),
        spoken("c", START + 400, 60, {"version": 7}, mid="m"),
    )
    modal = await transcript_of(ground, "standup", words="Part of the transcript is missing:")
    assert [text for _, text in turns_in(modal)] == ["The first part.", "The second part."]
    assert "Open file 3" in read_in(modal)


async def test_more_than_five_parts_are_listed_page_by_page(ground: Playground) -> None:
    ground.cometchat.serve("standup", [talk(mid="m")])
    parts = [
        spoken(f"t{at}", START + at, 1, bare_list([(*_STARK, 0.0, f"Part {at}.")]), mid="m")
        for at in range(7)
    ]
    ground.cometchat.transcribe("standup", *parts)
    modal = await transcript_of(ground, "standup", words="Part 6.")
    assert [text for _, text in turns_in(modal)] == [f"Part {at}." for at in range(7)]
    assert ground.cometchat.requests[-1].raw_path == "/v3.0/calls/standup/transcriptions?page=1&perPage=100"
    assert ground.cometchat.requests[-1].headers["onbehalfof"] == "superhero1"


async def test_of_a_file_of_the_whole_session_only_this_call_is_shown_and_no_link(ground: Playground) -> None:
    later = START + 7200
    ground.cometchat.serve(
        "standup", [talk(mid="one"), talk(mid="two", startedAt=later, endedAt=later + 600, initiatedAt=later)]
    )
    said = [(*_STARK, 5.0, "In the first call."), (*_STARK, 7205.0, "In the second call.")]
    ground.cometchat.transcribe("standup", spoken("t", START, 7800, jitsi(said, START)))
    modal = await transcript_of(ground, "standup", words="In the second call.")
    assert "In the first call" not in read_in(modal)
    assert "Anyone with the link" not in read_in(modal)


async def test_a_file_of_another_call_of_the_session_is_not_this_one_s(ground: Playground) -> None:
    ground.cometchat.serve("standup", [talk(mid="one")])
    ground.cometchat.transcribe(
        "standup", spoken("t", START, 600, bare_list([(*_STARK, 0.0, "Secret")]), mid="two")
    )
    modal = await transcript_of(ground, "standup", words="This call has no transcript.")
    assert "Secret" not in read_in(modal)
    assert ground.cometchat.downloads == []


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        ({}, "CometChat may still be writing it."),
        ({"hasTranscription": False}, "Transcription must be on"),
    ],
)
async def test_where_there_is_none_it_is_told_why_that_may_be(
    ground: Playground, call: dict[str, Any], advice: str
) -> None:
    ground.cometchat.serve("standup", [talk(mid="m", **call)])
    modal = await transcript_of(ground, "standup", words="This call has no transcript.")
    assert advice in read_in(modal)


async def test_while_a_call_goes_on_its_transcript_is_still_to_come(ground: Playground) -> None:
    session_id = sample(ground, "Going on now").session_id
    await transcript_of(ground, session_id, words="It’s ready after the call")


async def test_where_cometchat_knows_no_transcriptions_there_is_none(ground: Playground) -> None:
    ground.cometchat.serve("standup", [talk(mid="m")])
    api_not_found = {"error": {"code": "ERR_API_NOT_FOUND", "message": "No."}}
    ground.cometchat.answer("standup/transcriptions", status=404, body=api_not_found)
    await transcript_of(ground, "standup", words="This call has no transcript.")


@pytest.mark.parametrize("asked", ["standup", "standup/transcriptions"])
async def test_another_error_is_told_and_tried_again_in_the_same_modal(
    ground: Playground, asked: str
) -> None:
    ground.cometchat.serve("standup", [talk(mid="m", hasTranscription=None)])
    ground.cometchat.answer(asked, status=500, body={}, times=1)
    modal = await transcript_of(ground, "standup", words="CometChat isn’t responding")
    assert "in a minute" not in read_in(modal)
    serve(ground, dialogue("Good morning."))
    await ground.slack.press(TONY, modal.view_id, "retry_call")
    assert (await filled(ground, "Good morning.")).view_id == modal.view_id


async def test_a_file_that_may_come_yet_is_tried_again_with_the_same_search(ground: Playground) -> None:
    serve(ground, dialogue("Good morning.", "Shall we deploy?"))
    modal = await search(ground, await transcript_of(ground, "standup"), "deploy", "Said once")
    ground.cometchat.script(f"{FILE}t", Answer(500, b"", times=1))
    await search(ground, modal, "deploy", "isn’t responding")
    await ground.slack.press(TONY, modal.view_id, "retry_call")
    await filled(ground, "Said once: “ deploy ”")
    assert ground.slack.refusals == []


@pytest.mark.parametrize("user", [ROBIN, ALEX])
async def test_nobody_else_gets_it_and_it_reads_as_no_such_call(ground: Playground, user: str) -> None:
    serve(ground, dialogue("Secret words"))
    problem = {ROBIN: "You’re not connected", ALEX: "No call of yours has this session id"}[user]
    modal = await transcript_of(ground, "standup", user, words=problem)
    assert "Secret" not in read_in(modal)
    assert ground.cometchat.downloads == []


async def test_whoever_was_called_and_did_not_join_does_not_read_it(ground: Playground) -> None:
    people = [
        participant_json(*_STARK[:1]),
        participant_json("superhero3", isJoined=False, state="rejected", without=("joinedAt", "leftAt")),
    ]
    serve(ground, dialogue("Secret words"), participants=people, receiver="superhero3")
    await transcript_of(ground, "standup", TONY, words="Secret words")
    modal = await transcript_of(ground, "standup", ALEX, words="Only people who were in the call")
    assert "Secret" not in read_in(modal)
    assert len(ground.cometchat.downloads) == 1


async def test_each_press_and_each_search_is_of_whoever_does_it(ground: Playground) -> None:
    serve(ground, dialogue(*(f"Point {number}." for number in range(50))))
    modal = await transcript_of(ground, "standup", words="Page 1")
    asked = len(ground.cometchat.downloads)
    await turn_to(ground, modal, 1, "Page 2")
    assert len(ground.cometchat.downloads) == asked + 1
    await ground.slack.command(ALEX, "unlink <@U0TONY>")
    await ground.slack.command(ALEX, "link <@U0TONY> superhero4")
    await search(ground, await filled(ground), "point", "No call of yours has this session id")


async def test_a_forged_modal_leads_to_no_call_of_others(ground: Playground) -> None:
    serve(ground, dialogue("Secret words"))
    modal = await transcript_of(ground, "standup", STEVE, words="Secret words")
    for metadata, words in (
        (modal.view["private_metadata"], "No call of yours has this session id"),
        ("", "none that callinfo has put there"),
        ("[]", "none that callinfo has put there"),
        ('{"call": 7, "query": []}', "none that callinfo has put there"),
    ):
        view = {**modal.view, "private_metadata": metadata, "id": modal.view_id, "state": {"values": {}}}
        by_alex = {"type": "view_submission", "user": {"id": ALEX, "team_id": TEAM_ID}, "view": view}
        assert words in (await ground.slack.interact(ALEX, by_alex)).body
        assert ground.cometchat.downloads[1:] == []


async def test_a_look_at_a_transcript_counts_as_a_look_up_and_is_audited() -> None:
    async with playground(callinfo_rate_limit="2/day") as ground:
        serve(ground, dialogue("Secret words"))
        with capture_logs() as logs:
            await transcript_of(ground, "standup", words="Secret words")
            entry = await audited(logs, "transcript")
            await transcript_of(ground, "standup", words="Secret words")
            await transcript_of(ground, "standup", words="limit of 2 look-ups")
        assert (entry["uid"], entry["outcome"], entry["session_id"]) == ("superhero1", "found", "standup")
        assert "Secret" not in str(logs)
        assert "transcript_" not in str([line for line in logs if line["event"] != "interaction"])
        text = await _metrics(ground)
    assert 'callinfo_upstream_requests_total{outcome="found",request="get_transcript_file"} 2.0' in text


async def test_a_call_without_a_mid_takes_its_file_by_time_or_as_the_only_call(ground: Playground) -> None:
    said = [(*_STARK, 5.0, "In the call.")]
    ground.cometchat.serve("standup", [talk(without=("mid",))])
    ground.cometchat.transcribe("standup", spoken("t", START, 600, jitsi(said, START)))
    await transcript_of(ground, "standup", words="In the call.")
    others = talk(mid="x", startedAt=START - 9000, endedAt=START - 8000)
    ground.cometchat.serve("standup", [talk(without=("mid",)), others])
    modal = await transcript_of(ground, "standup", words="In the call.")
    assert "Anyone with the link" in read_in(modal)


async def test_three_hours_of_talk_keep_every_page_and_search_within_slack_s_limits(
    ground: Playground,
) -> None:
    read: list[Any] = []
    modal = await transcript_of(ground, sample(ground, "Transcript of three hours").session_id)
    for page in (1, 2):
        modal = await turn_to(ground, modal, page, f"Page {page + 1} of 135")
        read.append(modal.view)
    read.append((await search(ground, modal, "deploy", "600 of 2700 turns mention")).view)
    assert not [each for view in read for each in violations(view, "modal")]
    assert ground.slack.refusals == []


async def test_a_modal_that_slack_never_fills_is_told_in_a_message(ground: Playground) -> None:
    serve(ground, dialogue("Secret words"))
    ground.slack.fail("views.update", times=9, status=500)
    with capture_logs() as logs:
        await press_transcript(ground, "standup")
        line = await logged(logs, "reply failed", "transcript")
    assert line["last_resort"] == "told in a message"
    assert not [each for each in ground.slack.seen_by(TONY) if "Secret" in each.text]


async def _metrics(ground: Playground) -> str:
    async with httpx.AsyncClient() as client:
        return (await client.get(f"{ground.bot_url}/metrics")).text


def _pieces(modal: Any) -> list[Any]:
    return [
        piece
        for block in modal.blocks
        if block["type"] == "rich_text"
        for line in block["elements"]
        for piece in line["elements"]
    ]
