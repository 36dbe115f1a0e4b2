"""manifest.yml against the listeners, and against Slack's own schema where ../shared has it."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
import yaml
from slack_bolt.async_app import AsyncApp

from bot.calls.call_ref import CallRef
from bot.calls.cursor import Cursor, PageRequest
from bot.calls.history import HistoryPage
from bot.calls.lookup import LookupResult
from bot.calls.problems import crashed, not_linked
from bot.calls.search_form import SearchForm, SearchState
from bot.calls.transcript import Turn
from bot.calls.transcript_lookup import TranscriptResult
from bot.cards.ask_session import Origin, ask_session
from bot.cards.details import details
from bot.cards.find import chosen, form
from bot.cards.find import found as found_calls
from bot.cards.home import home
from bot.cards.link_request import Approval, approve, request_notice
from bot.cards.links import links, uid_taken
from bot.cards.pick import pick
from bot.cards.problem_card import Contacts, problem_card, problem_modal
from bot.cards.recent import recent
from bot.cards.subscriptions import form as subscribe_form
from bot.cards.summary import summary
from bot.cards.told import told
from bot.cards.transcript import Shows, transcript
from bot.cards.waiting import loading_details
from bot.cometchat import Call, Participant, SessionId, Uid
from bot.cometchat.models import Recording
from bot.cometchat.parsing import parse_call
from bot.identity import SlackUser
from bot.identity.links import Link, LinksPage, UidConflict
from bot.links.home_tab import HomeTab, Switches
from bot.links.results import LinkList, UidTaken
from bot.listeners import Services, register_all
from bot.playground.samples import call_json, participant_json
from bot.subscriptions.form import SubscribeForm
from bot.subscriptions.subscription import Subscription, Wanted

NOW = 1_763_812_800
ROBIN = SlackUser(None, "T01", "U0ROBIN")
FOUND = LookupResult(SessionId("standup"), Uid("u"), parse_call(call_json()), 1, None, 200)

_TELLS_AT_ONCE = {"button", "overflow", "checkboxes"}
ROOT = Path(__file__).parent.parent.parent
SCHEMA = Path(os.environ.get("CALLINFO_SHARED", "nowhere")) / "slack" / "manifest.schema.v1.json"
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))


@pytest.mark.skipif(not SCHEMA.exists(), reason="only .ci/run says where Slack's schema is")
def test_the_manifest_is_valid_by_slack_s_schema() -> None:
    jsonschema.validate(MANIFEST, json.loads(SCHEMA.read_text(encoding="utf-8")))


class Listened:
    """Stands in for Bolt's app and notes what the listeners listen to: ids, and patterns of them."""

    def __init__(self) -> None:
        self.ids: dict[str, set[Any]] = {}

    def __getattr__(self, kind: str) -> Callable[[Any], Callable[[Any], Any]]:
        def listen(name: Any) -> Callable[[Any], Any]:
            self.ids.setdefault(kind, set()).add(name)
            return lambda listener: listener

        return listen


@pytest.fixture
def listened() -> dict[str, set[Any]]:
    app = Listened()
    register_all(cast("AsyncApp", app), cast("Services", None))
    return app.ids


def test_the_commands_are_those_that_the_bot_listens_to(listened: dict[str, set[Any]]) -> None:
    assert {each["command"] for each in MANIFEST["features"]["slash_commands"]} == listened["command"]


def test_the_shortcuts_are_those_that_the_bot_listens_to(listened: dict[str, set[Any]]) -> None:
    shortcuts = MANIFEST["features"]["shortcuts"]
    assert {each["callback_id"] for each in shortcuts if each["type"] == "message"} == listened[
        "message_shortcut"
    ]
    assert {each["callback_id"] for each in shortcuts if each["type"] == "global"} == listened[
        "global_shortcut"
    ]


def test_every_button_that_a_card_has_is_listened_to_and_the_other_way_round(
    listened: dict[str, set[Any]],
) -> None:
    call = parse_call(call_json(status="ongoing", endedAt=None, participants=[participant_json("u")] * 120))
    found = LookupResult(
        SessionId("standup"), Uid("u"), replace(call, participants=_many(call)), 1, None, 200
    )
    cards: list[Any] = [summary(found, now=NOW).blocks, pick([SessionId("a"), SessionId("b")]).blocks]
    cards.append(details(found, now=NOW, page=1)["blocks"])
    link = Link(ROBIN, Uid("u"), "U0ALEX", NOW, "admin")
    second = PageRequest(cursor=Cursor(1, 5))
    cards += [
        problem_card(not_linked(), "R", Contacts(("U0ALEX",))).blocks,
        request_notice(ROBIN, None).blocks,
        uid_taken(UidTaken(ROBIN, Uid("u"), UidConflict((ROBIN,), None), requested=False)).blocks,
        links(LinkList(LinksPage((link,) * 10, 30), "", 10, ())).blocks,
        recent(
            HistoryPage(Uid("u"), (call,), second, second, PageRequest(), None, None, 200), now=NOW
        ).blocks,
    ]
    listed = HistoryPage(Uid("u"), (call,), second, second, PageRequest(), None, None, 200)
    cards += [
        found_calls(listed, SearchForm(), zone_known=True, now=NOW),
        chosen(FOUND, SearchState(), now=NOW),
    ]
    subscription = Subscription(
        "0123456789abcdef", ROBIN, Uid("u"), None, None, Wanted(missed=True, ended=True), NOW
    )
    switches = HomeTab(switches=Switches())
    cards += [
        told(subscription, [call], viewer=Uid("u"), now=NOW).blocks,
        home(switches, reader="U0ROBIN", contacts=Contacts(), reference="R", now=NOW),
        problem_card(replace(crashed(), again=CallRef(SessionId("standup"))), "R", Contacts()).blocks,
        transcript(TranscriptResult(FOUND, ()), Shows(None, "x"), now=NOW),
        details(_recorded(FOUND), now=NOW, recording_hosts=("cometchat.io",)),
        summary(_recorded(FOUND), now=NOW).blocks,
    ]
    at_once = {each["action_id"] for each in _nodes(cards) if each.get("type") in _TELLS_AT_ONCE}
    inputs = _nodes(subscribe_form(SubscribeForm(), Origin("", "", None)))
    at_once |= {each["element"]["action_id"] for each in inputs if each.get("dispatch_action")}
    patterns = {each for each in listened["action"] if isinstance(each, re.Pattern)}
    matched = {each: {name for name in at_once if each.fullmatch(name)} for each in patterns}
    assert all(matched.values())
    assert at_once == listened["action"] - patterns | set().union(*matched.values())


def test_every_modal_that_is_submitted_is_listened_to_and_the_other_way_round(
    listened: dict[str, set[Any]],
) -> None:
    views = [
        loading_details(),
        ask_session(Origin("x", "C", None)),
        problem_modal(not_linked(), "R", Contacts()),
    ]
    views += [approve(Approval(ROBIN, "x")), form(SearchForm()), chosen(FOUND, SearchState(), now=NOW)]
    views.append(subscribe_form(SubscribeForm(), Origin("", "", None)))
    views.append(transcript(TranscriptResult(FOUND, (Turn("Ada", "u", NOW, "Hello"),)), Shows(None), now=NOW))
    assert {view["callback_id"] for view in views if "submit" in view} == listened["view"]


def test_listeners_listen_to_nothing_else(listened: dict[str, set[Any]]) -> None:
    assert set(listened) == {
        "command",
        "message_shortcut",
        "global_shortcut",
        "action",
        "view",
        "event",
        "error",
        "middleware",
    }


def test_the_events_are_those_that_the_bot_listens_to(listened: dict[str, set[Any]]) -> None:
    events = MANIFEST["settings"]["event_subscriptions"]
    assert set(events["bot_events"]) == listened["event"]
    assert events["request_url"] == MANIFEST["features"]["slash_commands"][0]["url"]


def test_the_bot_may_write_to_people_and_has_a_home_tab_that_it_hears_of() -> None:
    home = MANIFEST["features"]["app_home"]
    assert home["messages_tab_enabled"] is True
    assert home["home_tab_enabled"] is True
    assert "app_home_opened" in MANIFEST["settings"]["event_subscriptions"]["bot_events"]


def test_buttons_need_interactivity_at_the_same_address_as_the_command() -> None:
    interactivity = MANIFEST["settings"]["interactivity"]
    assert interactivity["is_enabled"] is True
    assert interactivity["request_url"] == MANIFEST["features"]["slash_commands"][0]["url"]


def _recorded(found: LookupResult) -> LookupResult:
    recording = Recording("r1", NOW, NOW + 60, "https://recordings-us.cometchat.io/r1.mp4")
    there = Uid(next(each.uid for each in found.call.participants if each.joined))
    return replace(found, viewer=there, call=replace(found.call, recordings=(recording,)))


def _many(call: Call) -> tuple[Participant, ...]:
    return tuple(replace(person, uid=f"u{number}") for number, person in enumerate(call.participants))


def _nodes(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list | tuple):
        return [each for item in node for each in _nodes(item)]
    if not isinstance(node, dict):
        return []
    return [node, *(each for value in node.values() for each in _nodes(value))]


def test_the_scopes_are_the_fewest_that_will_do() -> None:
    assert MANIFEST["oauth_config"]["scopes"] == {"bot": ["commands", "chat:write", "users:read"]}


def test_what_slack_s_schema_does_not_check() -> None:
    about = MANIFEST["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    for command in MANIFEST["features"]["slash_commands"]:
        assert command["url"].endswith("/slack/events")
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
