from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.call_ref import one_of
from bot.calls.lookup import Found, Lookup
from bot.calls.problems import Problem, ProblemKind
from bot.cometchat import Answer, Call, CallProblemError, Home, NoSuchCallError, SessionId, Uid
from bot.cometchat.parsing import parse_call
from bot.identity import Identified, IdentityUnavailableError, SlackUser
from tests.parts import has_part, parts
from tests.throttling.people import Unlimited

TONY = SlackUser(None, "T01", "U0TONY")
HOME = Home(app_id="2574867aa2e6e417", region="eu")
STANDUP = SessionId("standup")


class Calls:
    """CometChat as it is feared to be: it answers with any call, whoever asks."""

    def __init__(self, *raw: dict[str, Any], error: CallProblemError | None = None) -> None:
        self.calls = tuple(parse_call(each) for each in raw)
        self.error = error
        self.asked: list[tuple[str, str]] = []
        self.anew_too = False
        self.since: tuple[Call, ...] = self.calls

    async def get_call(self, _: SlackUser, session_id: SessionId, on_behalf_of: Uid, *, anew: bool) -> Answer:
        assert self.anew_too or not anew
        self.asked.append((session_id, on_behalf_of))
        if self.error:
            raise self.error
        return Answer(self.since if anew else self.calls, 200)


class Known:
    def __init__(self, uid: str | None) -> None:
        self.uid = uid

    async def identify(self, _: SlackUser) -> Identified | None:
        return Identified(Uid(self.uid), "map") if self.uid else None


class Unavailable:
    async def identify(self, _: SlackUser) -> Identified | None:
        raise IdentityUnavailableError


async def test_a_person_s_own_call_is_found() -> None:
    calls = Calls({"initiator": "superhero1", "mid": "m"})
    found = await Lookup(calls, Known("superhero1"), HOME, Unlimited())(TONY, STANDUP)
    assert isinstance(found, Found)
    assert (found.call.mid, found.of, found.viewer, found.hint) == ("m", 1, "superhero1", None)
    assert calls.asked == [("standup", "superhero1")]


async def test_an_unmapped_person_is_told_so_and_cometchat_is_not_asked() -> None:
    calls = Calls({"initiator": "superhero1"})
    problem = await Lookup(calls, Known(None), HOME, Unlimited())(TONY, STANDUP)
    assert isinstance(problem, Problem)
    assert problem.kind is ProblemKind.NOT_LINKED
    assert not calls.asked


async def test_nothing_is_asked_while_it_is_unknown_who_the_person_is() -> None:
    calls = Calls({"initiator": "superhero1"})
    problem = await Lookup(calls, Unavailable(), HOME, Unlimited())(TONY, STANDUP)
    assert isinstance(problem, Problem)
    assert problem.kind is ProblemKind.IDENTITY_UNAVAILABLE
    assert not calls.asked


async def test_a_call_of_others_is_no_such_call_in_the_very_same_words() -> None:
    not_yours = await Lookup(Calls({"initiator": "superhero9"}), Known("superhero1"), HOME, Unlimited())(
        TONY, STANDUP
    )
    unknown = await Lookup(Calls(error=NoSuchCallError(status=404)), Known("superhero1"), HOME, Unlimited())(
        TONY, STANDUP
    )
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
    found = await Lookup(calls, Known("superhero1"), HOME, Unlimited())(TONY, STANDUP)
    assert isinstance(found, Found)
    assert (found.call.mid, found.of) == ("newest of yours", 2)


async def test_the_very_call_that_is_asked_for_is_found_among_the_person_s_own_alone() -> None:
    raw: list[dict[str, Any]] = [
        {"mid": "newest", "initiator": "superhero1", "startedAt": 1715850000},
        {"mid": "not yours", "initiator": "superhero9", "startedAt": 1715845000},
        {"mid": "older", "receiver": "superhero1", "startedAt": 1715840000},
    ]
    lookup = Lookup(Calls(*raw), Known("superhero1"), HOME, Unlimited())
    found = await lookup(TONY, STANDUP, which=one_of(STANDUP, parse_call(raw[2])))
    assert isinstance(found, Found)
    assert (found.call.mid, found.of, found.newer) == ("older", 2, 1)
    anew = Calls(*raw)
    anew.anew_too = True
    for gone in (raw[1], {"mid": "none at all", "startedAt": 5}):
        lookup = Lookup(anew, Known("superhero1"), HOME, Unlimited())
        problem = await lookup(TONY, STANDUP, which=one_of(STANDUP, parse_call(gone)))
        assert isinstance(problem, Problem)
        assert (problem.kind, problem.uid) == (ProblemKind.CALL_GONE, "superhero1")


async def test_of_a_call_that_comes_twice_the_first_is_shown_and_any_word_will_do_for_an_id() -> None:
    raw: list[dict[str, Any]] = [
        {"initiator": "superhero1", "startedAt": 1715850003},
        {"mid": "#0", "initiator": "superhero1", "startedAt": 1715850002},
        {"mid": "#0", "initiator": "superhero1", "status": "initiated", "startedAt": 1715850001},
        {"mid": "0", "initiator": "superhero1", "startedAt": 1715850000},
    ]
    for calls, began_at, of in ((raw, 1715850003, 3), (raw[1:], 1715850002, 2)):
        found = await Lookup(Calls(*calls), Known("superhero1"), HOME, Unlimited())(TONY, STANDUP)
        assert isinstance(found, Found)
        assert (found.call.began_at, found.of) == (began_at, of)


async def test_where_what_is_remembered_lacks_the_call_it_is_asked_for_anew() -> None:
    old: dict[str, Any] = {"mid": "old", "initiator": "superhero1", "startedAt": 1715840000}
    new: dict[str, Any] = {"mid": "new", "initiator": "superhero1", "startedAt": 1715850000}
    calls = Calls(old)
    calls.anew_too, calls.since = True, (parse_call(new), parse_call(old))
    lookup = Lookup(calls, Known("superhero1"), HOME, Unlimited())
    found = await lookup(TONY, STANDUP, which=one_of(STANDUP, parse_call(new)))
    assert isinstance(found, Found)
    assert (found.call.mid, found.of) == ("new", 2)


@pytest.mark.parametrize("session_id", ["v1.us.2574867aa2e6e417.x", "v1.eu.0000067aa2e6e417.x"])
async def test_an_id_of_another_app_or_region_is_told_found_or_not(session_id: str) -> None:
    found = await Lookup(Calls({"initiator": "superhero1"}), Known("superhero1"), HOME, Unlimited())(
        TONY, SessionId(session_id)
    )
    missing = await Lookup(Calls(error=NoSuchCallError()), Known("superhero1"), HOME, Unlimited())(
        TONY, SessionId(session_id)
    )
    for result in (found, missing):
        assert isinstance(result, Found | Problem)
        assert result.hint
        assert "connected to app 2574867aa2e6e417 in region eu" in result.hint


raw_calls = st.fixed_dictionaries(parts)


@given(st.lists(raw_calls, max_size=4))
async def test_whatever_the_api_answers_nobody_sees_a_call_that_they_have_no_part_in(
    raw: list[dict[str, Any]],
) -> None:
    marked = [{**each, "mid": f"m{at}"} for at, each in enumerate(raw)]
    theirs = {each["mid"] for each in marked if has_part(each)}
    found = await Lookup(Calls(*marked), Known("superhero1"), HOME, Unlimited())(TONY, STANDUP)
    if isinstance(found, Found):
        assert found.call.mid in theirs
    else:
        assert not theirs
