"""A person's latest calls, over a CometChat that is as it is feared to be."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.cursor import Cursor, PageRequest, mark_of
from bot.calls.filters import MISSED, CallFilter
from bot.calls.history import PAGE_SIZE, CallHistory, HistoryPage
from bot.calls.local_days import Zone
from bot.calls.paging import ENOUGH_SECONDS, UPSTREAM_PAGES
from bot.calls.problems import Problem, ProblemKind
from bot.cometchat import (
    BadAnswerError,
    CallPage,
    CallProblemError,
    CallQuery,
    NoAnswerInTimeError,
    RateLimitedError,
    TooLargeError,
    Uid,
)
from bot.cometchat.listing import MAX_PAGE, list_calls_request
from bot.cometchat.parsing import parse_call
from bot.identity import Identified, IdentityUnavailableError, SlackUser
from bot.throttling.concurrency import TooBusyError
from tests.parts import Raw, has_part, parts
from tests.throttling.people import NoCometChat, limited, throttled

TONY = SlackUser(None, "T01", "U0TONY")
ME = Uid("superhero1")
NOW = 1_700_000_000
FIRST = PageRequest()
Answering = Callable[[CallQuery], CallPage]


def raw(number: int, **more: Any) -> Raw:
    """Return the call of that number, the first the newest."""
    return {"mid": f"m{number}", "initiator": "superhero1", "startedAt": NOW - number * 60, **more}


def paged(calls: Sequence[Raw], *, size: int | None = None, told: bool = False) -> Answering:
    """Return a list that is answered in pages: of the size that is asked for, unless the API has its own."""

    def answer(listing: CallQuery) -> CallPage:
        length = size or listing.per_page
        start = (listing.page - 1) * length
        page = tuple(parse_call(each) for each in calls[start : start + length])
        return CallPage(page, 200, last=told and start + length >= len(calls), newest_first=len(page) > 1)

    return answer


class Calls(NoCometChat):
    def __init__(self, answer: Answering, *, passing: Callable[[], None] = lambda: None) -> None:
        self._answer = answer
        self._passing = passing
        self.asked: list[CallQuery] = []

    async def list_calls(self, query: CallQuery, on_behalf_of: Uid) -> CallPage:
        assert on_behalf_of == ME
        self.asked.append(query)
        self._passing()
        return self._answer(query)


class Known:
    async def identify(self, user: SlackUser) -> Identified | None:
        if user.user_id == "U0AWAY":
            raise IdentityUnavailableError
        uid = {"U0TONY": "superhero1", "U0STEVE": "superhero2"}.get(user.user_id)
        return Identified(Uid(uid), "map") if uid and user.team_id == "T01" else None


async def utc(_: SlackUser) -> Zone:
    return Zone()


def recent(calls: Calls, rates: str = "1000/minute", zone_of: Any = utc, **more: Any) -> CallHistory:
    return CallHistory(throttled(calls), Known(), limited(rates), zone_of, now=lambda: NOW, **more)


async def listed(calls: Calls, request: PageRequest = FIRST, **more: Any) -> HistoryPage:
    result = await recent(calls, **more)(TONY, request)
    assert isinstance(result, HistoryPage)
    return result


async def problem(calls: Calls, request: PageRequest = FIRST, user: SlackUser = TONY) -> Problem:
    result = await recent(calls)(user, request)
    assert isinstance(result, Problem)
    return result


def mids(listed: HistoryPage) -> list[str]:
    return [str(call.mid) for call in listed.calls]


async def walk(calls: Calls, request: PageRequest = FIRST) -> list[HistoryPage]:
    """Turn the pages to the end."""
    pages = [await listed(calls, request)]
    while older := pages[-1].older:
        pages.append(await listed(calls, older))
        assert pages[-1].request.cursor.number == pages[-2].request.cursor.number + 1
        assert len(pages) <= 200, "it goes round in circles"
    return pages


async def walk_back(calls: Calls, page: HistoryPage) -> list[HistoryPage]:
    """Turn the pages back to the first, which is the last of the result."""
    pages = [page]
    while newer := pages[-1].newer:
        pages.append(await listed(calls, newer))
        assert len(pages) <= 200, "it goes round in circles"
    return pages[1:]


async def test_the_latest_five_come_first_and_the_way_leads_to_all_of_them_and_back() -> None:
    calls = Calls(paged([raw(number) for number in range(12)], told=True))
    first, second, third = await walk(calls)
    assert mids(first) == ["m0", "m1", "m2", "m3", "m4"]
    assert [mids(each) for each in (second, third)] == [
        ["m5", "m6", "m7", "m8", "m9"],
        ["m10", "m11"],
    ]
    assert (first.newer, third.older) == (None, None)
    assert [each.page for each in calls.asked] == [1, 1, 1, 2], (
        "a page of the API's tells of two, and of a third"
    )
    back = await walk_back(calls, third)
    assert [(mids(each), each.request.cursor.number) for each in back] == [
        (mids(second), 2),
        (mids(first), 1),
    ]
    assert {each.upstream_status for each in (first, second, third, *back)} == {200}
    assert first.looked_through is None


async def test_on_the_way_back_only_the_first_page_has_the_number_1_however_many_calls_came_since() -> None:
    calls = [raw(number) for number in range(12)]
    _, second, _ = await walk(Calls(paged(calls, told=True)))
    since = [raw(-number) for number in range(5, 0, -1)]
    back = await walk_back(Calls(paged([*since, *calls], told=True)), second)
    assert [(mids(page)[0], page.request.cursor.number) for page in back] == [
        ("m0", 2),
        ("m-5", 1),
    ]


@pytest.mark.parametrize("many", [0, 4, 5, 6, 20, 25, 41])
@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("size", [None, 1, 3, 10, 100])
async def test_every_call_is_shown_once_whatever_the_api_makes_of_perpage(
    many: int, size: int | None, *, told: bool
) -> None:
    calls = Calls(paged([raw(number) for number in range(many)], size=size, told=told))
    pages = await walk(calls)
    assert [mid for page in pages for mid in mids(page)] == [f"m{number}" for number in range(many)]
    back = await walk_back(calls, pages[-1])
    if size == 1:  # four of CometChat's pages are not enough for one of ours
        assert not back or mids(back[-1]) == mids(pages[0])
    else:
        assert [mids(page) for page in back] == [mids(page) for page in pages[-2::-1]]


@pytest.mark.parametrize("many", [1, 5, 6, 20, 100])
async def test_an_api_that_ignores_the_page_shows_what_it_shows_once(many: int) -> None:
    everything = tuple(parse_call(raw(number)) for number in range(many))
    calls = Calls(lambda _: CallPage(everything, 200, last=False))
    pages = await walk(calls)
    assert [mid for page in pages for mid in mids(page)] == [f"m{number}" for number in range(many)]


async def test_calls_without_an_id_of_their_own_are_told_apart_and_their_repeats_are_not() -> None:
    page = tuple(parse_call({"initiator": "superhero1", "startedAt": NOW - at}) for at in (1, 2, 2, 3))
    result = await listed(Calls(lambda _: CallPage(page, 200, last=False)))
    assert [call.began_at for call in result.calls] == [NOW - 1, NOW - 2, NOW - 3]


@pytest.mark.parametrize("mid", [0, "0", "null", "undefined", "None"])
async def test_an_id_that_says_nothing_hides_no_call_of_another_session(mid: object) -> None:
    calls = [raw(number, mid=mid, sessionId=f"s{number}") for number in range(7)]
    pages = await walk(Calls(paged(calls)))
    assert [call.session_id for page in pages for call in page.calls] == [f"s{n}" for n in range(7)]


@pytest.mark.parametrize(("many", "told"), [(4, False), (30, True)])
async def test_that_the_oldest_come_first_is_no_matter_where_all_are_on_the_page(
    many: int, *, told: bool
) -> None:
    upwards = paged([raw(number) for number in reversed(range(many))])
    calls = Calls(lambda each: replace(upwards(each), oldest_first=True))
    pages = await walk(calls)
    back = await walk_back(calls, pages[-1])
    assert {page.oldest_first for page in (*pages, *back)} == {told}


async def test_whose_call_it_is_and_every_filter_are_checked_here() -> None:
    calls = [
        raw(0, initiator="superhero9", receiver="superhero2"),
        raw(1, type="audio", status="ended"),
        raw(2, type="video", status="unanswered", initiator="superhero2", receiver="superhero1"),
        raw(3, type="video", status="ended"),
    ]
    api = Calls(paged(calls, told=True))
    assert mids(await listed(api)) == ["m1", "m2", "m3"]
    assert mids(await listed(api, PageRequest(CallFilter(kind="video")))) == ["m2", "m3"]
    assert mids(await listed(api, PageRequest(CallFilter(ended=MISSED)))) == ["m2"]
    assert mids(await listed(api, PageRequest(CallFilter(kind="video", ended="ended")))) == ["m3"]
    assert mids(await listed(api, PageRequest(CallFilter(with_whom="superhero2")))) == ["m2"]
    assert mids(await listed(api, PageRequest(CallFilter(since=NOW - 60, until=NOW)))) == ["m1"]
    assert [(each.type, each.status) for each in api.asked] == [
        (None, None),
        ("video", None),
        (None, None),
        ("video", None),  # what has ended by the rest of its record may have another status
        (None, None),
        (None, None),
    ]


async def test_a_mention_is_who_it_is_by_the_rules_and_else_a_clear_answer() -> None:
    api = Calls(paged([raw(0, receiver="superhero2"), raw(1, receiver="superhero3")], told=True))
    assert mids(await listed(api, PageRequest(CallFilter(with_whom="<@U0STEVE|steve>")))) == ["m0"]
    api.asked.clear()
    not_linked = await problem(api, PageRequest(CallFilter(with_whom="<@U0ROBIN>")))
    away = await problem(api, PageRequest(CallFilter(with_whom="<@U0AWAY>")))
    assert not_linked.kind is ProblemKind.MENTIONED_NOT_LINKED
    assert away.kind is ProblemKind.IDENTITY_UNAVAILABLE
    assert not api.asked


@pytest.mark.parametrize("come", [1, 3, 5])
async def test_calls_that_come_between_two_looks_let_none_come_again(come: int) -> None:
    calls = [raw(number) for number in range(17)]
    first = await listed(Calls(paged(calls)))
    calls[:0] = [raw(-1 - number, mid=f"new{number}") for number in range(come)]
    assert first.older
    second = await listed(Calls(paged(calls)), first.older)
    assert mids(second) == ["m5", "m6", "m7", "m8", "m9"]
    assert second.older
    calls[:0] = [raw(-10, mid="newest")]
    third = await listed(Calls(paged(calls)), second.older)
    assert mids(third) == ["m10", "m11", "m12", "m13", "m14"]


async def test_calls_that_go_between_two_looks_let_none_be_left_out() -> None:
    calls = [raw(number) for number in range(9)]
    first = await listed(Calls(paged(calls)))
    del calls[1:3]
    assert first.older
    assert mids(await listed(Calls(paged(calls)), first.older)) == ["m5", "m6", "m7", "m8"]
    del calls[:3]  # the last that was shown, too: then its place has to do
    assert mids(await listed(Calls(paged(calls)), first.older)) == []


async def test_calls_of_a_page_that_look_alike_are_each_shown_once() -> None:
    alike = [{"initiator": "superhero1", "startedAt": NOW, "totalDuration": n} for n in range(1, 10)]
    pages = await walk(Calls(paged(alike, told=True)))
    assert [call.minutes for page in pages for call in page.calls] == list(range(1, 10))


async def test_what_is_rare_is_looked_for_in_so_many_pages_and_older_goes_on_from_there() -> None:
    calls = [raw(number, type="video" if number == 185 else "audio") for number in range(400)]
    api = Calls(paged(calls, told=True))
    first, second, third = await walk(api, PageRequest(CallFilter(kind="video")))
    assert (mids(first), first.looked_through) == ([], 160)
    assert (mids(second), second.looked_through) == (["m185"], 160)
    assert (mids(third), third.looked_through) == ([], None)
    assert len(api.asked) == 2 * UPSTREAM_PAGES + 2


async def test_a_slow_api_is_not_asked_again_and_again_for_one_page() -> None:
    time = [0.0]

    def passing() -> None:
        time[0] += ENOUGH_SECONDS - 1

    calls = [raw(number, type="audio") for number in range(400)]
    api = Calls(paged(calls), passing=passing)
    page = await listed(api, PageRequest(CallFilter(kind="video")), clock=lambda: time[0])
    assert (len(api.asked), page.looked_through) == (2, 80)
    last = mark_of(parse_call(calls[79]))
    assert page.older == PageRequest(CallFilter(kind="video"), Cursor(3, mark=last, number=2))


async def test_today_is_the_person_s_own_day_and_what_is_older_is_not_gone_through() -> None:
    async def kiritimati(_: SlackUser) -> Zone:
        return Zone(ZoneInfo("Pacific/Kiritimati"), known=True)

    api = Calls(paged([raw(number * 10) for number in range(400)]))
    today = PageRequest(CallFilter(today=True))
    in_utc = await walk(api, today)
    api.asked.clear()
    there = await listed(api, today, zone_of=kiritimati)
    # 2023-11-14 22:13:20 UTC; in Kiritimati, 14 hours ahead, it is 12:13:20 on the 15th
    assert sum(len(page.calls) for page in in_utc) == 22 * 6 + 2
    assert in_utc[0].zone == Zone()
    assert there.zone
    assert there.zone.known
    assert len(api.asked) == 1


@pytest.mark.parametrize(("newest_first", "requests"), [(True, 1), (False, UPSTREAM_PAGES)])
async def test_what_is_too_old_ends_the_search_only_where_the_api_keeps_an_order(
    requests: int, *, newest_first: bool
) -> None:
    old = paged([raw(number, startedAt=NOW - 10**6 - number) for number in range(200)])
    api = Calls(lambda listing: replace(old(listing), newest_first=newest_first))
    await listed(api, PageRequest(CallFilter(since=NOW)))
    assert len(api.asked) == requests


def failing_from(number: int, answer: Answering, error: Exception) -> Answering:
    """Return a list whose pages from that number on can't be had."""

    def fail(listing: CallQuery) -> CallPage:
        if listing.page >= number:
            raise error
        return answer(listing)

    return fail


@pytest.mark.parametrize(
    "error",
    [
        RateLimitedError(30, status=429),
        NoAnswerInTimeError(),
        BadAnswerError(status=200),
        TooLargeError(status=200),
        TooBusyError(own=True),
        TooBusyError(own=False),
    ],
)
async def test_what_was_found_is_shown_though_a_later_page_can_t_be_had(error: Exception) -> None:
    calls = Calls(failing_from(2, paged([raw(number) for number in range(20)]), error))
    first = await listed(calls)
    assert (mids(first), first.cut_short) == (["m0", "m1", "m2", "m3", "m4"], False)
    assert first.older
    second = await listed(calls, first.older)
    assert (mids(second), second.cut_short) == (["m5", "m6", "m7", "m8", "m9"], False)
    assert second.older
    third = await listed(calls, second.older)
    assert (mids(third), third.cut_short) == (["m10"], True)
    again = Cursor(2, mark=mark_of(third.calls[-1]), number=4)
    assert third.older == PageRequest(cursor=again), "Older tries that page again"
    await problem(calls, third.older)
    few = await listed(Calls(failing_from(2, paged([raw(0)]), error)), PageRequest(CallFilter(kind="video")))
    again = Cursor(2, mark=mark_of(parse_call(raw(0))), number=2)
    assert (mids(few), few.cut_short, few.older) == ([], True, PageRequest(CallFilter(kind="video"), again))


@pytest.mark.parametrize("status", [400, 416, 422])
async def test_a_page_that_is_refused_as_a_bad_request_is_past_the_end(status: int) -> None:
    three = failing_from(2, paged([raw(number) for number in range(3)]), BadAnswerError(status=status))
    first = await listed(Calls(three))
    assert (mids(first), first.older, first.cut_short) == (["m0", "m1", "m2"], None, False)
    past = await listed(Calls(three), PageRequest(cursor=Cursor(2, number=2)))
    assert (mids(past), past.older) == ([], None)
    assert [mids(each) for each in await walk_back(Calls(three), past)] == [["m0", "m1", "m2"]]
    refused = await problem(Calls(failing_from(1, three, BadAnswerError(status=status))))
    assert refused.kind is ProblemKind.BAD_ANSWER


@pytest.mark.parametrize("page", [MAX_PAGE - UPSTREAM_PAGES, MAX_PAGE - 1, MAX_PAGE])
async def test_the_deepest_place_there_can_be_ends_the_list(page: int) -> None:
    def some(listing: CallQuery) -> CallPage:
        list_calls_request(listing, ME, "key")
        return CallPage((parse_call(raw(listing.page)),), 200, last=False)

    pages = await walk(Calls(some), PageRequest(CallFilter(kind="video"), Cursor(page)))
    assert pages[-1].older is None
    assert PageRequest.from_text(f"{MAX_PAGE}.0|||-|")


async def test_problems_come_in_the_words_of_a_look_up() -> None:
    def failing(error: Exception) -> Calls:
        def fail(_: CallQuery) -> CallPage:
            raise error

        return Calls(fail)

    cases: list[tuple[Exception, ProblemKind]] = [
        (TooBusyError(own=True), ProblemKind.TOO_MUCH_UNDER_WAY),
        (TooBusyError(own=False), ProblemKind.BUSY),
        (NoAnswerInTimeError(), ProblemKind.NO_ANSWER_IN_TIME),
        (RateLimitedError(30), ProblemKind.RATE_LIMITED),
        (TooLargeError(status=200), ProblemKind.BAD_ANSWER),
    ]
    for error, kind in cases:
        told = await problem(failing(error))
        assert told.kind is kind
        assert told.uid == (ME if isinstance(error, CallProblemError) else None)


async def test_who_is_not_linked_not_known_or_over_the_limit_asks_cometchat_nothing() -> None:
    api = Calls(paged([raw(0)]))
    for user, kind in (("U0ROBIN", ProblemKind.NOT_LINKED), ("U0AWAY", ProblemKind.IDENTITY_UNAVAILABLE)):
        assert (await problem(api, user=SlackUser(None, "T01", user))).kind is kind
    over = recent(api, rates="1/hour")
    await over(TONY, FIRST)
    api.asked.clear()
    refused = await over(TONY, FIRST)
    assert isinstance(refused, Problem)
    assert refused.kind is ProblemKind.TOO_MANY_LOOK_UPS
    assert not api.asked


raw_calls = st.fixed_dictionaries(
    parts,
    optional={
        "mid": st.sampled_from(["a", "b", None]),
        "type": st.sampled_from(["audio", "video", 3]),
        "status": st.sampled_from(["ended", "missed", "unanswered", ""]),
        "startedAt": st.integers(NOW - 10**5, NOW) | st.sampled_from(["", None, -1]),
    },
)
soughts = st.just(CallFilter()) | st.builds(
    CallFilter,
    kind=st.sampled_from([None, "audio", "video"]),
    ended=st.sampled_from([None, MISSED, "ended"]),
    with_whom=st.sampled_from(["", "superhero2", "<@U0STEVE>"]),
    since=st.none() | st.integers(NOW - 10**5, NOW),
    today=st.booleans(),
)
cursors = st.just(Cursor()) | st.builds(
    Cursor, st.integers(1, 5), st.integers(0, 9), st.just("") | st.just("0123abcd@1"), st.booleans()
)


@given(
    answers=st.lists(st.lists(raw_calls, max_size=8), max_size=3),
    sought=soughts,
    cursor=cursors,
    last=st.booleans(),
)
async def test_whatever_the_api_answers_no_list_has_a_call_that_the_person_has_no_part_in(
    answers: list[list[Raw]], sought: CallFilter, cursor: Cursor, *, last: bool
) -> None:
    marked = [
        [{**each, "sessionId": f"{page}.{at}"} for at, each in enumerate(calls)]
        for page, calls in enumerate(answers)
    ]
    theirs = {each["sessionId"] for page in marked for each in page if has_part(each)}

    def answer(listing: CallQuery) -> CallPage:
        page = marked[(listing.page - 1) % len(marked)] if marked else []
        return CallPage(tuple(parse_call(each) for each in page), 200, last=last)

    page = await listed(Calls(answer), PageRequest(sought, cursor))
    assert len(page.calls) <= PAGE_SIZE
    for call in page.calls:
        assert call.session_id in theirs
        assert sought.kind in {None, call.type}
        assert sought.since is None or sought.today or (call.began_at or 0) >= sought.since


@given(st.lists(raw_calls, max_size=5))
async def test_every_call_that_a_person_has_a_part_in_is_on_their_list(raws: list[Raw]) -> None:
    marked = [{**each, "sessionId": f"s{at}"} for at, each in enumerate(raws)]
    page = await listed(Calls(lambda _: CallPage(tuple(parse_call(each) for each in marked), 200, last=True)))
    assert {call.session_id for call in page.calls} == {
        each["sessionId"] for each in marked if has_part(each)
    }


@given(st.lists(st.integers(0, 30), max_size=60), st.integers(1, 12))
async def test_an_api_that_repeats_calls_on_its_pages_leads_nobody_round_in_circles(
    numbers: list[int], size: int
) -> None:
    pages = await walk(Calls(paged([raw(number) for number in numbers], size=size)))
    shown = {mid for page in pages for mid in mids(page)}
    assert shown <= {f"m{number}" for number in numbers}
    await walk_back(Calls(paged([raw(number) for number in numbers], size=size)), pages[-1])


@pytest.mark.parametrize("come", [1, 3, 11, 30])
@pytest.mark.parametrize("size", [None, 3, 7])
async def test_calls_that_come_meanwhile_are_on_the_first_page_that_the_way_back_leads_to(
    come: int, size: int | None
) -> None:
    calls = [raw(number) for number in range(20)]
    api = Calls(paged(calls, size=size))
    *_, last = await walk(api)
    calls[:0] = [raw(number - come, mid=f"new{number}") for number in range(come)]
    back = await walk_back(api, last)
    assert mids(back[-1]) == [call["mid"] for call in calls[:5]]
    assert back[-1].request == FIRST
    assert {mid for page in back for mid in mids(page)} <= {call["mid"] for call in calls}


async def test_where_few_calls_are_wanted_the_way_back_leads_to_the_first_page() -> None:
    calls = [
        raw(number, type="video" if number in {0, 1, 2, 3, 4, 390} else "audio") for number in range(400)
    ]
    api = Calls(paged(calls, told=True))
    pages = await walk(api, PageRequest(CallFilter(kind="video")))
    assert pages[0].looked_through is None, "the page is full, wherever the search for the next was given up"
    assert mids(pages[-1]) == ["m390"]
    (first,) = await walk_back(api, pages[-1])
    assert mids(first) == ["m0", "m1", "m2", "m3", "m4"]


async def test_a_slow_api_is_not_asked_again_and_again_on_the_way_back() -> None:
    time = [0.0]

    def passing() -> None:
        time[0] += ENOUGH_SECONDS - 1

    calls = [raw(number, type="video" if number in {110, 200} else "audio") for number in range(400)]
    api = Calls(paged(calls), passing=passing)
    back = PageRequest(CallFilter(kind="video"), Cursor(4, back=True, number=9))
    page = await listed(api, back, clock=lambda: time[0])
    assert [each.page for each in api.asked] == [4, 3]
    assert (mids(page), page.request.cursor.number) == (["m110"], 9)
    assert page.newer
    assert page.newer.cursor.number == 8
