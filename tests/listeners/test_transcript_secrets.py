"""Whatever people do, nobody who was not in a call gets a word or an address of its transcript and its recording."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.cards.call_buttons import DETAILS, REFRESH, SHARE, TRANSCRIPT
from bot.cards.call_buttons import RECORDING as RECORDING_BUTTON
from bot.cards.kit.blocks import actions, button
from bot.cards.transcript import SEARCH
from bot.playground.run import Playground, playground
from bot.playground.samples import call_json, participant_json
from bot.playground.slack.modals import Modal
from bot.playground.slack.workspace import TEAM_ID
from bot.playground.spoken import jitsi, spoken
from tests.listeners.people import ALEX, ROBIN, STEVE, TONY
from tests.listeners.transcripts import transcript_of

pytestmark = pytest.mark.long

START = 1_763_812_800
WORDS, FILE, RECORDING = "zebrawords", "zebrafile", "zebrarecording"
SECRETS = (WORDS, FILE, RECORDING)
PEOPLE = (TONY, STEVE, ALEX, ROBIN)
THERE = frozenset({TONY, STEVE})
"""Alex was called and did not join, and Robin has no link."""

_ROW = actions(
    [button(name, name, "standup") for name in (SHARE, DETAILS, RECORDING_BUTTON, REFRESH, TRANSCRIPT)]
)


async def by_command(ground: Playground, user: str) -> None:
    await ground.slack.command(user, "standup")


async def by_list(ground: Playground, user: str) -> None:
    await ground.slack.command(user, "recent with iron man")


async def by_home(ground: Playground, user: str) -> None:
    await ground.slack.open_home(user)


async def by_shortcut(ground: Playground, user: str) -> None:
    await ground.slack.shortcut(user, ground.slack.post(user, "What was `standup`? session standup"))


def by_press(action: str) -> Callable[[Playground, str], Awaitable[None]]:
    """Return a press of that button on a card that everybody sees, as one that was copied would be."""

    async def press(ground: Playground, user: str) -> None:
        await ground.slack.press(user, ground.slack.post(None, "a card", [_ROW], bot=True), action)

    press.__name__ = f"by_{action}"
    return press


async def by_search(ground: Playground, user: str) -> None:
    """Search in a modal that somebody who was there has left open: its metadata in a request of one's own."""
    opened = [each for each in ground.slack.modals(TONY) if each.callback_id == "callinfo_transcript"]
    metadata = opened[-1].view["private_metadata"] if opened else '{"call": "standup", "query": ""}'
    view = {
        "id": f"V{user}",
        "type": "modal",
        "callback_id": "callinfo_transcript",
        "private_metadata": metadata,
        "state": {"values": {SEARCH: {SEARCH: {"type": "plain_text_input", "value": WORDS}}}},
    }
    payload = {"type": "view_submission", "user": {"id": user, "team_id": TEAM_ID}, "view": view}
    answered = (await ground.slack.interact(user, payload)).body
    assert user in THERE or not any(secret in answered for secret in SECRETS)


DEEDS = (
    by_command,
    by_list,
    by_home,
    by_shortcut,
    by_search,
    *map(by_press, (SHARE, DETAILS, RECORDING_BUTTON, REFRESH, TRANSCRIPT)),
)


def serve(ground: Playground) -> None:
    people = [
        participant_json("superhero1", name="Iron Man"),
        participant_json("superhero2", name="Captain America"),
        participant_json("superhero3", isJoined=False, state="rejected", without=("joinedAt", "leftAt")),
    ]
    recording = {"rid": "r", "startTime": START, "endTime": START + 60}
    recording["recording_url"] = f"https://recordings-eu.cometchat.io/{RECORDING}.mp4"
    call = call_json(
        sessionId="standup",
        mid="m",
        startedAt=START,
        endedAt=START + 600,
        hasTranscription=True,
        hasRecording=True,
        recordings=[recording],
        participants=people,
    )
    ground.cometchat.serve("standup", [call])
    said = [("superhero1", "Iron Man", float(at), f"{WORDS} {at}") for at in range(30)]
    ground.cometchat.transcribe("standup", spoken(FILE, START, 600, jitsi(said, START), mid="m"))


def seen_by_others(ground: Playground) -> list[Any]:
    """Return all that is shown to people who were not there, and all messages, whoever reads them."""
    shown: list[Any] = [[each.text, each.blocks] for user in PEOPLE for each in ground.slack.seen_by(user)]
    for user in set(PEOPLE) - THERE:
        shown += [each.view for each in ground.slack.modals(user)]
        home = ground.slack.home(user)
        shown += [home.view] if home else []
    return shown


def every_view(ground: Playground) -> list[Modal]:
    """Return a list to which each modal is added as it is opened or changed, with whose it is."""
    views: list[Modal] = []
    modals = ground.slack._state.modals
    put, add = modals._put, modals._add

    def noted_put(changed: Modal) -> None:
        views.append(changed)
        put(changed)

    def noted_add(*of: Any) -> Modal:
        views.append(added := add(*of))
        return added

    modals._put, modals._add = noted_put, noted_add  # type: ignore[method-assign, assignment]
    return views


def stored(folder: str) -> bytes:
    """Return all that is in the files of the database."""
    return b"".join(each.read_bytes() for each in Path(folder).iterdir())


@pytest.mark.parametrize("lenient", [False, True])
@settings(max_examples=6)
@given(deeds=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(DEEDS)), min_size=3, max_size=12))
async def test_nobody_else_reads_a_word_or_an_address_whatever_is_done(
    lenient: bool,  # noqa: FBT001 - a table
    deeds: list[Any],
) -> None:
    with tempfile.TemporaryDirectory() as folder, capture_logs() as logs:
        database = Path(folder) / "callinfo.db"
        async with playground(database_url=f"sqlite:///{database}") as ground:
            ground.cometchat._api.lenient = lenient
            serve(ground)
            views = every_view(ground)
            opened = await transcript_of(ground, "standup", TONY, words=WORDS)
            assert FILE in str(opened.view)  # so the secrets are there to be told
            await asyncio.gather(*(deed(ground, user) for user, deed in deeds))
            # A modal that somebody opens closes the one that they have open, which may still be loading
            assert {(each.where, each.error) for each in ground.slack.refusals} <= {
                ("views.update", "not_found")
            }
        text = str([*seen_by_others(ground), *(each.view for each in views if each.user_id not in THERE)])
        assert not [secret for secret in SECRETS if secret in text]
        sent = [each.body for each in ground.slack.received if each.target != "views.update"]
        assert not [secret for secret in SECRETS if secret in str(sent)]
        kept = str(logs).encode() + stored(folder)
        assert b"superhero1" in kept
        assert not [secret for secret in SECRETS if secret.encode() in kept]
