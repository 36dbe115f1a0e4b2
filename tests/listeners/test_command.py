"""`/callinfo` through the front door: signed requests over HTTP, and what a person then reads."""

import asyncio
import re

import pytest
from structlog.testing import capture_logs

from bot.playground.run import Playground, playground
from bot.playground.samples import ECHOED_KEY_PART, call_json
from tests.listeners.people import ALEX, ROBIN, STEVE, TONY, answered, buttons, sample, summary_of


async def asked(ground: Playground, user: str, text: str) -> str:
    """Return what the person reads in the command's own answer."""
    delivery = await ground.slack.command(user, text)
    assert delivery.status == 200
    assert delivery.elapsed < 3
    assert ground.slack.refusals == []
    assert delivery.message is not None
    assert delivery.message["response_type"] == "ephemeral"
    return str(delivery.message["text"])


async def test_a_person_gets_their_call_in_the_command_s_own_answer(ground: Playground) -> None:
    text = await asked(ground, TONY, ground.samples[0].session_id)
    assert "Release stand-up: group video call, 32 minutes" in text
    assert "Iron Man (you), 32 minutes, from " in text
    (request,) = ground.cometchat.requests
    assert request.headers["onbehalfof"] == "superhero1"
    (seen,) = ground.slack.seen_by(TONY)
    assert seen.ephemeral
    assert ground.slack.seen_by(STEVE) == []


async def test_the_id_may_come_as_slack_s_link_in_quotes(ground: Playground) -> None:
    session_id = ground.samples[0].session_id
    assert "32 min" in await asked(ground, TONY, f"“<https://{session_id}|{session_id}>”.")


@pytest.mark.parametrize("text", ["", "   "])
async def test_nothing_lists_the_latest_calls_with_the_ways_on(ground: Playground, text: str) -> None:
    assert "Release stand-up" in await asked(ground, TONY, text)
    (seen,) = ground.slack.seen_by(TONY)
    assert buttons(seen)[-2:] == ["find_call", "show_help"]
    assert [each.headers["onbehalfof"] for each in ground.cometchat.requests] == ["superhero1"]


async def test_nothing_tells_who_is_not_connected_how_to_get_access(ground: Playground) -> None:
    assert "An admin needs to connect you first." in await asked(ground, ROBIN, "")
    assert buttons(ground.slack.seen_by(ROBIN)[-1]) == ["ask_admin"]
    assert ground.cometchat.requests == []


async def test_nor_is_an_admin_whose_cometchat_user_is_gone() -> None:
    async with playground(callinfo_user_map={ALEX: "nobody", TONY: "nobody"}) as ground:
        for text in ("standup", "recent"):
            answer = await asked(ground, ALEX, text)
            assert "CometChat doesn’t know the user you’re connected to" in answer
            assert "so fix your connection yourself: /callinfo link @\u2060you &lt;uid&gt;" in answer
            assert "Ask" not in answer
        assert "An admin needs to fix your connection. Ask" in await asked(ground, TONY, "recent")


async def test_an_admin_who_is_not_connected_is_never_sent_to_themself() -> None:
    async with playground(callinfo_user_map={}) as ground:
        answer = await asked(ground, ALEX, "")
        assert "You’re an admin, so connect yourself: /callinfo link @\u2060you &lt;uid&gt;" in answer
        assert "<@U0ALEX>" not in answer
        assert buttons(ground.slack.seen_by(ALEX)[-1]) == []
        ground.slack.fail("users.info", times=9)
        await ground.slack.press(TONY, (await summary_of(ground, TONY, "standup")).ts, "ask_admin")
        request = await answered(ground, ALEX, "<@U0TONY> requested access")
        assert request.sender == "app"


@pytest.mark.parametrize("text", ["help", "HELP", "help recent"])
async def test_help_gets_the_usage_and_asks_nothing(ground: Playground, text: str) -> None:
    answer = await asked(ground, TONY, text)
    assert answer.startswith("See who was in a CometChat call")
    assert "/callinfo &lt;session id&gt;" in answer
    assert ground.cometchat.requests == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("what is a payload", ""),
        ("whoami me", "Did you mean /callinfo whoami?"),
        ("recnet missed", "Did you mean /callinfo recent missed?"),
        ("recnet everything", "Did you mean /callinfo recent?"),
        ("with natasha", "Did you mean /callinfo recent with natasha?"),
        ("lnik <@U0ROBIN|robin> superhero4", "Did you mean /callinfo link?"),
    ],
)
async def test_what_nobody_understands_is_said_before_the_usage(
    ground: Playground, text: str, meant: str
) -> None:
    lines = (await asked(ground, TONY, text)).split("\n")
    assert lines[0] == f"I don’t understand “{text.replace('<@U0ROBIN|robin>', '@…')}”."
    assert (lines[1] == meant) if meant else ("Did you mean" not in str(lines))
    assert "Here’s what you can do:" in lines
    assert any("/callinfo &lt;session id&gt;" in line for line in lines)
    assert ground.cometchat.requests == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("recnet", "recent"),
        ("Recents", "recent"),
        ("hepl", "help"),
        ("whoiam", "whoami"),
        ("missed", "recent missed"),
        ("recent-standup-2026", None),
        ("planning", None),
    ],
)
async def test_one_word_is_a_session_id_and_may_be_a_mistyped_subcommand(
    ground: Playground, text: str, meant: str | None
) -> None:
    answer = await asked(ground, TONY, text)
    assert answer.startswith("No call of yours has this session id.")
    assert answer.endswith(f"\nDid you mean /callinfo {meant}?" if meant else "session id.")
    assert buttons(ground.slack.seen_by(TONY)[-1]) == ["recent_calls"]
    ground.cometchat._api.add(text, call_json(sessionId=text))
    assert "Audio call" in await asked(ground, TONY, text)


@pytest.mark.parametrize("text", ["../users", "a/b", "..", "50%25", "a?b=c"])
async def test_what_can_not_be_an_id_is_refused_with_help_and_without_a_request(
    ground: Playground, text: str
) -> None:
    answer = await asked(ground, TONY, text)
    assert "That’s not a session id" in answer or "/callinfo &lt;session id&gt;" in answer
    assert ground.cometchat.requests == []


async def test_an_unmapped_person_is_told_whom_to_ask_and_nothing_is_asked(ground: Playground) -> None:
    answer = await asked(ground, ROBIN, ground.samples[0].session_id)
    assert "not connected to CometChat" in answer
    assert "An admin needs to connect you first." in answer
    assert ground.cometchat.requests == []


async def test_a_namesake_in_another_workspace_is_not_that_person(ground: Playground) -> None:
    delivery = await ground.slack.command(
        TONY, ground.samples[0].session_id, fields={"team_id": "T0ELSEWHERE"}
    )
    assert "not connected" in str(delivery.message)
    assert ground.cometchat.requests == []


async def test_unknown_and_not_yours_read_the_same(ground: Playground) -> None:
    not_yours = await asked(ground, TONY, sample(ground, "Somebody else’s call").session_id)
    unknown = await asked(ground, TONY, sample(ground, "No such call").session_id)
    empty = await asked(ground, TONY, sample(ground, "No such call, said otherwise").session_id)
    assert not_yours == unknown == empty == "No call of yours has this session id."


async def test_a_call_that_is_not_yours_stays_hidden_though_the_api_shows_it() -> None:
    async with playground() as ground:
        ground.cometchat._api.lenient = True  # the worst case of the facts: it answers anybody
        answer = await asked(ground, TONY, sample(ground, "Somebody else’s call").session_id)
        assert "No call of yours has this session id" in answer


@pytest.mark.parametrize(
    ("title", "words", "outcome"),
    [
        ("The user is unknown", "CometChat doesn’t know the user", "unknown_uid"),
        ("A wrong key", "rejects its API key", "misconfigured"),
        ("A redirect", "rejects its address", "misconfigured"),
        ("Too many requests", "Try again in 2 s", "rate_limited"),
        ("Not in the plan", "This CometChat plan", "plan_restricted"),
        ("CometChat is down", "CometChat isn’t responding", "cometchat_in_trouble"),
        ("A web page", "doesn’t understand", "bad_answer"),
        ("Broken JSON", "doesn’t understand", "bad_answer"),
        ("A bare 400", "doesn’t understand", "bad_answer"),
        ("Another app’s id", "is from CometChat app 31780434a95d45", "no_such_call"),
    ],
)
async def test_every_trouble_has_words_of_its_own_and_the_reference_only_where_it_is_to_be_passed_on(
    ground: Playground, title: str, words: str, outcome: str
) -> None:
    with capture_logs() as logs:
        answer = await asked(ground, TONY, sample(ground, title).session_id)
    assert words in answer
    assert ECHOED_KEY_PART not in answer
    (line,) = [entry for entry in logs if entry["event"] == "interaction"]
    assert line["outcome"] == outcome
    passed_on = f"If it keeps happening, send this reference to <@U0ALEX>: {line['reference']}"
    assert (passed_on in answer) is (line["reference"] in answer) is (outcome == "bad_answer")


async def test_a_slow_answer_is_promised_in_time_and_follows() -> None:
    async with playground(callinfo_answer_within=0.3) as ground:
        ground.cometchat.held = asyncio.Event()
        first = await asked(ground, TONY, ground.samples[0].session_id)
        assert "This is taking longer" in first
        ground.cometchat.held.set()
        await ground.slack.wait_for(lambda: len(ground.slack.seen_by(TONY)) == 2)
        answer = ground.slack.seen_by(TONY)[1]
        assert answer.ephemeral
        assert "32 min" in answer.text


async def test_a_slow_problem_follows_in_words_too() -> None:
    async with playground(callinfo_answer_within=0.1) as ground:
        ground.cometchat.answer("standup", status=500, body={})
        ground.cometchat.held = asyncio.Event()
        await asked(ground, TONY, "standup")
        ground.cometchat.held.set()
        await ground.slack.wait_for(lambda: len(ground.slack.seen_by(TONY)) == 2)
        assert "CometChat isn’t responding" in ground.slack.seen_by(TONY)[1].text


@pytest.mark.parametrize("status", [429, 500])
async def test_a_reply_that_slack_refuses_for_now_is_sent_again(status: int) -> None:
    async with playground(callinfo_answer_within=0.1) as ground:
        ground.cometchat.held = asyncio.Event()
        ground.slack.fail("response_url", status=status, times=1, headers={"Retry-After": "0"})
        await asked(ground, TONY, ground.samples[0].session_id)
        ground.cometchat.held.set()
        await ground.slack.wait_for(lambda: len(ground.slack.seen_by(TONY)) == 2)


async def test_a_reply_that_fails_for_good_is_noticed_with_its_reference() -> None:
    with capture_logs() as logs:
        async with playground(callinfo_answer_within=0.1) as ground:
            ground.cometchat.held = asyncio.Event()
            ground.slack.fail("response_url", status=404, body="used_url", times=9)
            await asked(ground, TONY, ground.samples[0].session_id)
            ground.cometchat.held.set()
            await ground.slack.wait_for(
                lambda: any(each.target == "response_url" for each in ground.slack.received)
            )
    (line,) = [entry for entry in logs if entry["event"] == "reply failed"]
    assert line["log_level"] == "error"
    assert (line["outcome"], line["reply_failure"]) == ("found", "status 404")
    assert line["reference"]
    assert "/response/" not in str(logs)


async def test_one_line_an_interaction_with_times_and_ids_and_nothing_secret_or_personal(
    ground: Playground,
) -> None:
    with capture_logs() as logs:
        await asked(ground, TONY, ground.samples[0].session_id)
    (line,) = [each for each in logs if each["event"] == "interaction"]
    assert line["kind"] == "command"
    assert line["outcome"] == "found"
    assert line["upstream_status"] == 200
    assert 0 < line["ack_ms"] <= line["total_ms"]
    assert (line["team"], line["user"]) == ("T0PLAYGROUND", TONY)
    for secret in ("Iron Man", "superhero1", "response", "xoxb", "api-key", ground.samples[0].session_id):
        assert secret not in str(line)


async def test_a_bug_of_ours_still_gets_an_answer_and_its_trace_is_in_the_log(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("bot.listeners.services.summary", broken)
    with capture_logs() as logs:
        answer = await asked(ground, TONY, ground.samples[0].session_id)
    assert "Something went wrong in callinfo" in answer
    (crash,) = [entry for entry in logs if entry["event"] == "crashed"]
    assert crash["exc_info"]
    assert crash["reference"] in answer


async def test_many_people_ask_at_once_and_each_gets_their_own_answer(ground: Playground) -> None:
    session_id = ground.samples[0].session_id
    deliveries = await asyncio.gather(
        *(ground.slack.command(user, session_id) for user in (TONY, STEVE, ROBIN) for _ in range(5))
    )
    texts = [str((delivery.message or {})["text"]) for delivery in deliveries]
    assert sum("Iron Man (you)" in text for text in texts) == 5
    assert sum("Captain America (you)" in text for text in texts) == 5
    assert sum("not connected" in text for text in texts) == 5


async def test_cometchat_is_never_asked_without_saying_on_whose_behalf(ground: Playground) -> None:
    ids = [each.session_id for each in ground.samples if not each.script]
    for user in (TONY, STEVE, ROBIN):
        await asyncio.gather(*(ground.slack.command(user, session_id) for session_id in ids))
    assert ground.cometchat.requests
    assert ground.cometchat.without_on_behalf_of == 0
    assert all(re.fullmatch(r"/v3\.0/calls/[^/]+", each.raw_path) for each in ground.cometchat.requests)
