from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.call_ref import ref_in
from bot.calls.lookup import Lookup, LookupResult
from bot.calls.problems import Problem, ProblemKind
from bot.cometchat import CallsApp, NoSuchCallError, SessionCalls, SessionId, Uid
from bot.cometchat.parsing import parse_call
from bot.identity import Identified, Identity, IdentityUnavailableError, SlackUser
from bot.throttling.concurrency import TooBusyError
from tests.parts import has_part, parts
from tests.throttling.people import NoCometChat, limited, throttled

TONY = SlackUser(None, "T01", "U0TONY")
APP = CallsApp(app_id="2574867aa2e6e417", region="eu")
STANDUP = SessionId("standup")


class Calls(NoCometChat):
    """A CometChat that answers everybody with any call."""

    def __init__(self, *raw: dict[str, Any], error: Exception | None = None) -> None:
        self.calls = tuple(parse_call(each) for each in raw)
        self.error = error
        self.asked: list[tuple[str, str]] = []

    async def get_call(self, session_id: SessionId, on_behalf_of: Uid) -> SessionCalls:
        self.asked.append((session_id, on_behalf_of))
        if self.error:
            raise self.error
        return SessionCalls(self.calls, 200)


class Known:
    def __init__(self, uid: str | None) -> None:
        self.uid = uid

    async def identify(self, _: SlackUser) -> Identified | None:
        return Identified(Uid(self.uid), "map") if self.uid else None


class Unavailable:
    async def identify(self, _: SlackUser) -> Identified | None:
        raise IdentityUnavailableError


def lookup(calls: Calls, identity: Identity | None = None) -> Lookup:
    return Lookup(throttled(calls), identity or Known("superhero1"), APP, limited())


async def test_a_person_s_own_call_is_found() -> None:
    calls = Calls({"initiator": "superhero1", "mid": "m"})
    found = await lookup(calls)(TONY, STANDUP)
    assert isinstance(found, LookupResult)
    assert (found.call.mid, found.of, found.viewer, found.hint) == ("m", 1, "superhero1", None)
    assert calls.asked == [("standup", "superhero1")]


async def test_an_unmapped_person_is_told_so_and_cometchat_is_not_asked() -> None:
    calls = Calls({"initiator": "superhero1"})
    problem = await lookup(calls, Known(None))(TONY, STANDUP)
    assert isinstance(problem, Problem)
    assert problem.kind is ProblemKind.NOT_LINKED
    assert not calls.asked


async def test_nothing_is_asked_while_it_is_unknown_who_the_person_is() -> None:
    calls = Calls({"initiator": "superhero1"})
    problem = await lookup(calls, Unavailable())(TONY, STANDUP)
    assert isinstance(problem, Problem)
    assert problem.kind is ProblemKind.IDENTITY_UNAVAILABLE
    assert not calls.asked


async def test_a_call_of_others_is_no_such_call_in_the_very_same_words() -> None:
    not_yours = await lookup(Calls({"initiator": "superhero9"}))(TONY, STANDUP)
    unknown = await lookup(Calls(error=NoSuchCallError(status=404)))(TONY, STANDUP)
    assert isinstance(not_yours, Problem)
    assert isinstance(unknown, Problem)
    read: Callable[[Problem], tuple[object, ...]] = lambda p: (p.kind, p.happened, p.advice, p.ask, p.hint)  # noqa: E731
    assert read(not_yours) == read(unknown)


async def test_of_several_calls_in_a_session_only_the_person_s_own_are_shown_and_counted() -> None:
    calls = Calls(
        {"mid": "not yours", "initiator": "superhero9", "startedAt": 1715860000},
        {"mid": "newest of yours", "initiator": "superhero1", "startedAt": 1715850000},
        {"mid": "older", "receiver": "superhero1", "startedAt": 1715840000},
    )
    found = await lookup(calls)(TONY, STANDUP)
    assert isinstance(found, LookupResult)
    assert (found.call.mid, found.of) == ("newest of yours", 2)


async def test_the_very_call_that_is_asked_for_is_found_among_the_person_s_own_alone() -> None:
    raw: list[dict[str, Any]] = [
        {"mid": "newest", "initiator": "superhero1", "startedAt": 1715850000},
        {"mid": "not yours", "initiator": "superhero9", "startedAt": 1715845000},
        {"mid": "older", "receiver": "superhero1", "startedAt": 1715840000},
    ]
    found = await lookup(Calls(*raw))(TONY, STANDUP, which=ref_in(STANDUP, parse_call(raw[2])))
    assert isinstance(found, LookupResult)
    assert (found.call.mid, found.of, found.newer) == ("older", 2, 1)
    for gone in (raw[1], {"mid": "none at all", "startedAt": 5}):
        problem = await lookup(Calls(*raw))(TONY, STANDUP, which=ref_in(STANDUP, parse_call(gone)))
        assert isinstance(problem, Problem)
        assert (problem.kind, problem.uid) == (ProblemKind.CALL_GONE, "superhero1")


async def test_no_way_leads_to_a_call_beside_it_that_nothing_tells_from_another() -> None:
    nameless: list[dict[str, Any]] = [
        {"initiator": "superhero1"},
        {"initiator": "superhero1", "type": "video"},
    ]
    newest = {"mid": "newest", "initiator": "superhero1", "startedAt": 1715850000}
    for others, leads in ((nameless[:1], True), (nameless, False)):
        found = await lookup(Calls(newest, *others))(TONY, STANDUP)
        assert isinstance(found, LookupResult)
        assert (found.of, found.earlier is not None, found.later) == (1 + len(others), leads, None)


async def test_of_a_call_that_comes_twice_the_first_is_shown_and_any_word_will_do_for_an_id() -> None:
    raw: list[dict[str, Any]] = [
        {"initiator": "superhero1", "startedAt": 1715850003},
        {"mid": "#0", "initiator": "superhero1", "startedAt": 1715850002},
        {"mid": "#0", "initiator": "superhero1", "status": "initiated", "startedAt": 1715850001},
        {"mid": "0", "initiator": "superhero1", "startedAt": 1715850000},
    ]
    for calls, began_at, of in ((raw, 1715850003, 3), (raw[1:], 1715850002, 2)):
        found = await lookup(Calls(*calls))(TONY, STANDUP)
        assert isinstance(found, LookupResult)
        assert (found.call.began_at, found.of) == (began_at, of)


async def test_a_call_that_the_cache_lacks_is_looked_for_in_a_fresh_response() -> None:
    old: dict[str, Any] = {"mid": "old", "initiator": "superhero1", "startedAt": 1715840000}
    new: dict[str, Any] = {"mid": "new", "initiator": "superhero1", "startedAt": 1715850000}
    calls = Calls({**old, "status": "ended", "endedAt": 1715840060})
    look_up = lookup(calls)
    await look_up(TONY, STANDUP)
    calls.calls = (parse_call(new), *calls.calls)
    cached = await look_up(TONY, STANDUP)
    assert isinstance(cached, LookupResult)
    assert (cached.call.mid, cached.of, len(calls.asked)) == ("old", 1, 1)
    found = await look_up(TONY, STANDUP, which=ref_in(STANDUP, parse_call(new)))
    assert isinstance(found, LookupResult)
    assert (found.call.mid, found.of) == ("new", 2)


async def test_limits_are_told_in_words_before_cometchat_is_asked() -> None:
    calls = Calls({"initiator": "superhero1"})
    for error, kind in ((TooBusyError(own=True), "too_much_under_way"), (TooBusyError(own=False), "busy")):
        calls.error = error
        problem = await lookup(calls)(TONY, STANDUP)
        assert isinstance(problem, Problem)
        assert (problem.kind, problem.quiet, problem.uid) == (kind, True, None)
    calls.asked.clear()
    over = Lookup(throttled(calls), Known("superhero1"), APP, limited("1/hour"))
    await over(TONY, STANDUP)
    refused = await over(TONY, STANDUP)
    assert isinstance(refused, Problem)
    assert (refused.kind, len(calls.asked)) == (ProblemKind.TOO_MANY_LOOK_UPS, 1)


@pytest.mark.parametrize("session_id", ["v1.us.2574867aa2e6e417.x", "v1.eu.0000067aa2e6e417.x"])
async def test_an_id_of_another_app_or_region_is_told_found_or_not(session_id: str) -> None:
    found = await lookup(Calls({"initiator": "superhero1"}))(TONY, SessionId(session_id))
    missing = await lookup(Calls(error=NoSuchCallError()))(TONY, SessionId(session_id))
    for result in (found, missing):
        assert isinstance(result, LookupResult | Problem)
        assert result.hint
        assert "connected to app 2574867aa2e6e417 (eu)" in result.hint


raw_calls = st.fixed_dictionaries(parts)


@given(st.lists(raw_calls, max_size=4))
async def test_whatever_the_api_answers_nobody_sees_a_call_that_they_have_no_part_in(
    raw: list[dict[str, Any]],
) -> None:
    marked = [{**each, "mid": f"m{at}"} for at, each in enumerate(raw)]
    theirs = {each["mid"] for each in marked if has_part(each)}
    found = await lookup(Calls(*marked))(TONY, STANDUP)
    if isinstance(found, LookupResult):
        assert found.call.mid in theirs
    else:
        assert not theirs
