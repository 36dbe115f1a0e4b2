"""Whatever a model writes into its questions, whoever is linked to whom meanwhile: nobody gets a call of others.

The real bot between the stand-ins, over HTTP, with a CometChat that shows everybody every call. The oracle (parts.py)
reads the API's JSON alone.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from bot.playground.cometchat import LIST
from bot.playground.run import USER_MAP, Playground, playground
from bot.playground.samples import call_json
from bot.playground.slack.workspace import TEAM_ID, TIME_ZONE
from tests.listeners.people import ALEX, ROBIN, STEVE, TONY
from tests.parts import Raw, has_part, parts

pytestmark = pytest.mark.long

T = TypeVar("T")
BEGAN = 1_700_000_000
SLACK_FORGED = {"slack": {"user_id": STEVE, "team_id": TEAM_ID}}
people = st.sampled_from([TONY, STEVE, ROBIN, ALEX])
values = st.one_of(
    st.sampled_from(
        [
            STEVE,
            TONY,
            "superhero2",
            "superhero1",
            "Captain America",
            "<@U0STEVE>",
            TEAM_ID,
            "*",
            "",
            None,
            7,
            SLACK_FORGED,
        ]
    ),
    st.text(max_size=20),
)
forged = st.dictionaries(
    st.sampled_from(["user_id", "uid", "onBehalfOf", "_meta", "slack", "team_id", "as", "viewer", "user"]),
    values,
    max_size=3,
)
filters = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["audio", "video", "any"]),
        "outcome": st.sampled_from(["missed", "ended", "rejected", "all"]),
        "with": values,
        "since": st.sampled_from(["2023-11-14", "1970-01-01", "2023-11-15T03:43:20+05:30", "now"]),
        "until": st.sampled_from(["2023-11-15", "9999-12-31", "2023-11-14T22:13:21Z"]),
        "limit": st.integers(0, 21),
    },
)


class Questions(RuleBasedStateMachine):
    """Asks as everybody, and looks whether a call is in the answer that is not theirs."""

    ground: ClassVar[Playground]
    loop: ClassVar[asyncio.Runner]
    made: ClassVar[int] = 0
    answered: ClassVar[int] = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(work)

    @initialize()
    def begin(self) -> None:
        self.calls: list[Raw] = []
        self.sessions: list[str] = []
        self.uids = dict(USER_MAP)
        self.unlink()
        self.serve()

    @rule(of=st.lists(st.fixed_dictionaries(parts), min_size=1, max_size=3))
    def calls_happen(self, of: list[Raw]) -> None:
        """Let calls of one session happen, each at a second of its own."""
        session_id = f"session-{Questions.made}"
        added = []
        for each in of:
            Questions.made += 1
            at = BEGAN + Questions.made * 100
            times: Raw = {"initiatedAt": at, "startedAt": at, "endedAt": at + 50}
            added.append({**call_json(sessionId=session_id, mid=f"mid-{at}", **times), **each})
        self.calls += added
        self.sessions.append(session_id)
        self.ground.cometchat.answer(session_id, body={"data": added})
        self.serve()

    @rule(uid=st.sampled_from(["superhero1", "superhero2", "superhero3"]))
    def link(self, uid: str) -> None:
        """Let an admin link Robin."""
        self.run(self.ground.slack.command(ALEX, f"unlink <@{ROBIN}|robin>"))
        self.run(self.ground.slack.command(ALEX, f"link <@{ROBIN}|robin> {uid}"))
        acting = self.run(self.ground.slack.command(ROBIN, "whoami"))
        self.uids.pop(ROBIN, None)
        if uid in str((acting.message or {}).get("text")):  # a UID that somebody has wants a confirmation
            self.uids[ROBIN] = uid

    @rule()
    def unlink(self) -> None:
        """Let an admin unlink Robin."""
        self.run(self.ground.slack.command(ALEX, f"unlink <@{ROBIN}|robin>"))
        self.uids.pop(ROBIN, None)

    @rule(who=people, arguments=filters, more=forged)
    def list_calls(self, who: str, arguments: Raw, more: Raw) -> None:
        """Ask for the latest calls."""
        self.ask(who, "recent_calls", {**more, **arguments})

    @rule(
        who=people,
        which=st.integers(0, 30),
        more=forged,
        tool=st.sampled_from(["get_call", "get_transcript"]),
        data=st.data(),
    )
    def one_call(self, who: str, which: int, more: Raw, tool: str, data: st.DataObject) -> None:
        """Ask for a call by its session, or by a reference to one of the session's calls."""
        if not self.calls:
            return
        call = self.calls[which % len(self.calls)]
        named = data.draw(st.sampled_from([call["sessionId"], f"{call['sessionId']} @{call['startedAt']}"]))
        self.ask(who, tool, {**more, "session_id": named})

    def ask(self, who: str, tool: str, arguments: Raw) -> None:
        """Call the tool; its answer has no word of a call that this person had no part in."""
        response = json.dumps(
            self.run(self.ground.slack.slackbot.call_tool(who, tool, arguments)), ensure_ascii=False
        )
        own = [call for call in self.calls if who in self.uids and has_part(call, self.uids[who])]
        known = {call["sessionId"] for call in own}
        for call in self.calls:
            if call not in own:
                assert _began(call) not in response, arguments
                assert str(call["startedAt"]) not in response
            if call["sessionId"] not in known:
                assert f"{call['sessionId']}“" not in response.replace("”", "“").replace('"', "“"), arguments
        Questions.answered += sum(_began(call) in response for call in own)

    def serve(self) -> None:
        """Let the API list every call to everybody."""
        newest_first = sorted(self.calls, key=lambda each: each["startedAt"], reverse=True)
        body = {"data": newest_first, "meta": {"pagination": {"total_pages": 1}}}
        self.ground.cometchat.answer(LIST, body=body)


def _began(call: Raw) -> str:
    return datetime.fromtimestamp(call["startedAt"], ZoneInfo(TIME_ZONE)).isoformat()


def test_whatever_a_model_writes_nobody_gets_a_call_that_they_had_no_part_in() -> None:
    with asyncio.Runner() as loop:
        context = playground(callinfo_rate_limit="1000000/minute")
        Questions.loop, Questions.ground = loop, loop.run(context.__aenter__())
        try:
            run_state_machine_as_test(Questions, settings=settings(stateful_step_count=30))
            before, people_do_get_their_own = Questions.answered, Questions()
            people_do_get_their_own.begin()
            people_do_get_their_own.calls_happen([{}])
            people_do_get_their_own.list_calls(TONY, {}, {})
            assert Questions.answered == before + 1
        finally:
            loop.run(context.__aexit__(None, None, None))
