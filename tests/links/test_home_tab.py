"""What a Home tab tells: never anything of somebody else, whatever CometChat answers; and each part by itself."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.cursor import PageRequest
from bot.calls.history import HistoryPage
from bot.calls.problems import Problem, from_cometchat, not_linked
from bot.cards.home import home
from bot.cards.kit.blocks import section
from bot.cards.kit.limits import violations
from bot.cards.kit.message import InvalidMessageError, message
from bot.cards.links import linked
from bot.cards.problem_card import Contacts
from bot.cards.recent import recent as card
from bot.cometchat import CallPage, CallQuery, NoAnswerInTimeError, Uid
from bot.cometchat.parsing import parse_call
from bot.identity import Identified, SlackUser
from bot.identity.links import Link, LinksPage
from bot.identity.requests import LastRequest, OpenRequest, OpenRequests, RequestResult
from bot.links.home_tab import Absent, AdminSection, HomeTab, HomeTabs, Switches, Visit
from bot.links.problems import ADMIN_UNKNOWN, LINKS_UNAVAILABLE, NOT_AN_ADMIN
from bot.links.results import ActingAs, Linked, LinkList
from tests.calls.test_history import NOW, Calls, recent
from tests.cards.hostile import assert_known_to_the_sdk, hostile_calls
from tests.parts import Raw, has_part, parts

TONY = SlackUser(None, "T01", "U0TONY")
ROBIN = SlackUser(None, "T01", "U0ROBIN")
ME = Identified(Uid("superhero1"), "map")
CONTACTS = Contacts(("U0ALEX",), "the help desk <@U0EVIL> &amp; co")
LINK = Link(ROBIN, Uid("u" * 100), "U0ALEX", NOW, "admin")
LINKED = Identified(LINK.uid, "link", LINK)
LINKS = LinkList(LinksPage((LINK,) * 10, 10**6), "", 10, ())
WAITING = OpenRequests((OpenRequest(ROBIN, NOW),) * 10, 12)


class Admins:
    """Says who is an admin, and what is for them."""

    def __init__(self, problem: Problem | None = None) -> None:
        self._problem = problem

    async def require_admin(self, _: SlackUser) -> Problem | None:
        return self._problem

    async def list_open(self, _: SlackUser) -> OpenRequests | Problem:
        return WAITING

    async def page(self, _: SlackUser, **__: object) -> LinkList | Problem:
        return LINKS


def tabs(problem: Problem | None = None, *, first: float = 5.0) -> HomeTabs:
    async def whoami(user: SlackUser) -> ActingAs | Problem:
        return ActingAs(ME) if user == TONY else not_linked()

    admins: Any = Admins(problem)
    return HomeTabs(whoami, admins, admins, first=first)  # type: ignore[arg-type]


def visit(calls: Calls, user: SlackUser = TONY) -> Visit:
    async def list_calls() -> HistoryPage | Problem:
        return await recent(calls)(user, PageRequest())

    return Visit(user, "R", list_calls, read_switches)


async def read_switches() -> Switches:
    return Switches(missed=True)


async def read(reading: HomeTabs, visit: Visit) -> HomeTab:
    """Return what the tab tells in the end."""
    *_, last = [tab async for tab in reading.read(visit)]
    return last


def drawn(tab: HomeTab) -> str:
    """Return the view as it goes to Slack, held against Slack's limits."""
    view = home(tab, reader=TONY.user_id, contacts=CONTACTS, reference="R", now=NOW)
    assert violations(view, "home") == []
    assert_known_to_the_sdk(view["blocks"])
    return json.dumps(view)


raw_calls = st.fixed_dictionaries(
    parts,
    optional={"status": st.sampled_from(["ended", "missed", "", 7]), "startedAt": st.just(NOW - 60)},
)


def marked(number: int, raw: Raw) -> Raw:
    """Return the call with its number in all that a row could show of it."""
    mark = f"mark{number}x"
    people = [{**each, "name": mark} for each in raw["participants"] or []]
    return {**raw, "participants": people, "mid": mark, "sessionId": f"v1.eu.{mark}", "type": f"{mark}"}


@given(st.lists(raw_calls, max_size=8), st.booleans())
async def test_no_home_tab_ever_shows_a_call_of_somebody_else(raws: list[Raw], last: bool) -> None:  # noqa: FBT001 - an answer's value
    numbered = [marked(number, raw) for number, raw in enumerate(raws)]
    page = CallPage(tuple(parse_call(raw) for raw in numbered), 200, last=last)
    shown = drawn(await read(tabs(NOT_AN_ADMIN), visit(Calls(lambda _: page))))
    for number, raw in enumerate(raws):
        assert has_part(raw) or f"mark{number}x" not in shown


async def test_who_is_nobody_in_cometchat_asks_it_nothing() -> None:
    def asked(_: CallQuery) -> CallPage:
        raise AssertionError

    tab = await read(tabs(NOT_AN_ADMIN), visit(Calls(asked), ROBIN))
    assert tab == HomeTab(not_linked(), Absent.NOT_THEIRS, Absent.NOT_THEIRS, Absent.NOT_THEIRS)


async def test_a_part_that_can_t_be_had_leaves_the_others() -> None:
    def failing(_: CallQuery) -> CallPage:
        raise NoAnswerInTimeError

    tab = await read(tabs(), visit(Calls(failing)))
    assert tab.acting == ActingAs(ME)
    assert tab.admin == AdminSection(WAITING, LINKS)
    assert "CometChat took too long to answer." in drawn(tab)


async def test_who_stops_looking_leaves_nothing_under_way() -> None:
    ended = asyncio.Event()

    async def slow() -> HistoryPage | Problem:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        raise AssertionError

    views = tabs(first=0.01).read(Visit(TONY, "R", slow, read_switches))
    assert (await anext(views)).calls is Absent.LOADING
    await views.aclose()
    assert ended.is_set()


@pytest.mark.parametrize(
    "tab",
    [
        HomeTab(),
        HomeTab(ActingAs(LINKED), from_cometchat(NoAnswerInTimeError()), AdminSection(WAITING, LINKS)),
        HomeTab(not_linked(), Absent.NOT_THEIRS, Absent.NOT_THEIRS),
        HomeTab(ActingAs(ME), Absent.LOADING, AdminSection(LINKS_UNAVAILABLE, LINKS_UNAVAILABLE)),
        HomeTab(
            not_linked(LastRequest(NOW, delivered=True, if_repeated=RequestResult.OPEN)), Absent.NOT_THEIRS
        ),
        HomeTab(LINKS_UNAVAILABLE, Absent.NOT_THEIRS, ADMIN_UNKNOWN),
        HomeTab(ActingAs(ME), Absent.LOADING, AdminSection(OpenRequests((), 0), LINKS)),
    ],
)
def test_every_tab_is_within_slack_s_limits_and_parses_nothing_foreign(tab: HomeTab) -> None:
    shown = drawn(tab)
    assert "<!" not in shown
    assert '"<@U0EVIL>' not in shown


def test_a_tab_that_slack_would_refuse_is_a_bug_that_shows() -> None:
    many = OpenRequests(WAITING.requests * 6, 60)
    with pytest.raises(InvalidMessageError, match="at most 100"):
        drawn(HomeTab(admin=AdminSection(many, LINKS)))


@given(st.lists(hostile_calls, min_size=5, max_size=5), st.lists(hostile_calls, max_size=5))
def test_a_list_at_the_top_goes_with_the_calls_below_it(raws: list[Raw], more: list[Raw]) -> None:
    below, above = (
        HistoryPage(
            Uid("superhero1"),
            tuple(map(parse_call, each)),
            PageRequest(),
            PageRequest(),
            None,
            None,
            None,
            200,
        )
        for each in (raws, more)
    )
    tab = HomeTab(ActingAs(LINKED), below, AdminSection(WAITING, LINKS))
    notice = card(above, now=NOW)
    view = home(tab, reader=TONY.user_id, contacts=CONTACTS, reference="R", now=NOW, notices=[notice])
    assert violations(view, "home") == []
    assert_known_to_the_sdk(view["blocks"])
    assert view["blocks"][: len(notice.blocks) - 1] == list(notice.blocks[:-1])


@pytest.mark.parametrize(("waiting", "kept"), [(27, 20), (35, 1), (43, 0)])
def test_what_there_is_to_say_is_shortened_where_there_is_no_room_for_it(waiting: int, kept: int) -> None:
    tab = HomeTab(admin=AdminSection(OpenRequests(WAITING.requests[:1] * waiting, waiting), LINKS))
    notice = message("Done.", [section(f"Done {number}.") for number in range(20)])
    view = home(tab, reader=TONY.user_id, contacts=CONTACTS, reference="R", now=NOW, notices=[notice])
    assert violations(view, "home") == []
    assert len([each for each in view["blocks"] if "Done" in str(each)]) == kept


@given(st.lists(hostile_calls, min_size=5, max_size=5))
def test_no_call_breaks_a_tab_that_is_as_full_as_it_gets(raws: list[Raw]) -> None:
    calls = tuple(parse_call(raw) for raw in raws)
    listed = HistoryPage(Uid("superhero1"), calls, PageRequest(), None, None, None, None, 200)
    tab = HomeTab(ActingAs(LINKED), listed, AdminSection(WAITING, LINKS))
    notice = linked(Linked(LINK, None, checked=True, notified=True))
    view = home(tab, reader=TONY.user_id, contacts=CONTACTS, reference="R", now=NOW, notices=[notice])
    assert violations(view, "home") == []
    assert_known_to_the_sdk(view["blocks"])
    assert len(view["blocks"]) <= 60
