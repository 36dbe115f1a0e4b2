"""How checks are run and told: at once, in time, whatever one of them does."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from bot.checks.context import Context
from bot.checks.environment import Environment
from bot.checks.results import Result, State, as_json, as_table, next_step, ok
from bot.checks.runner import CHECKS, Check, run_all
from tests.checks.scene import scene

SOUND = Environment(None, frozenset(), ())


def check(run: Callable[[Context], Awaitable[Result]], *needs: str) -> Check:
    return Check("One", frozenset(needs), run)


async def never(_: Context) -> Result:
    await asyncio.Event().wait()
    return ok("")


async def broken(_: Context) -> Result:
    raise KeyError("s3cret")


async def well(_: Context) -> Result:
    return ok("Fine.")


async def test_a_check_that_hangs_or_breaks_keeps_no_other_from_being_told() -> None:
    async with scene() as it:
        found = await run_all(it.context, SOUND, [check(never), check(broken), check(well)], within=0.05)
    assert [each.state for each in found] == [State.FAILED, State.FAILED, State.OK]
    assert "within 0.05 seconds" in found[0].sentence
    assert "KeyError" in found[1].sentence
    assert "s3cret" not in str(found)


async def test_checks_run_at_once() -> None:
    meeting = asyncio.Barrier(3)

    async def met(_: Context) -> Result:
        await meeting.wait()
        return ok("")

    async with scene() as it:
        found = await run_all(it.context, SOUND, [check(met)] * 3)
    assert {each.state for each in found} == {State.OK}


async def test_a_check_whose_settings_are_unusable_is_skipped_by_their_names() -> None:
    async with scene() as it:
        found = await run_all(
            it.context,
            Environment(None, frozenset({"cometchat_region"}), ()),
            [check(well, "cometchat_region")],
        )
    assert found == (Result(State.SKIPPED, "It needs COMETCHAT_REGION.", check="One"),)


async def test_between_the_stand_ins_all_is_well() -> None:
    async with scene() as it:
        found = await run_all(it.context, SOUND)
    assert next_step(found) is None
    assert [each.check for each in found] == [each.name for each in CHECKS]


FOUND = [
    Result(State.OK, "All there.", check="Settings"),
    Result(State.FAILED, "It rejects the key. " * 10, "Set the key.", check="CometChat"),
    Result(State.FAILED, "It is away.", "Bring it back.", check="Database"),
    Result(State.SKIPPED, "Nobody knows.", check="Clock"),
]


def test_the_table_says_each_state_by_mark_and_word_and_names_one_thing_to_do() -> None:
    lines = as_table(FOUND).splitlines()
    assert lines[0] == "✔ ok       Settings   All there."
    assert lines[1].startswith("✖ failed   CometChat  It rejects")
    assert lines[2].startswith(" " * 22)
    assert "– skipped  Clock      Nobody knows." in lines
    assert lines[-1] == "Next: Set the key."
    assert max(map(len, lines)) <= 110


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (FOUND[:1], "No problems found. Start"),
        ([FOUND[0], FOUND[3]], "No problems found. 1 of 2 checks was skipped. Start"),
        ([FOUND[0], FOUND[3], FOUND[3]], "2 of 3 checks were skipped."),
    ],
)
def test_where_all_is_well_the_table_says_how_far(found: list[Result], says: str) -> None:
    assert says in " ".join(as_table(found).split())


def test_the_json_says_the_same() -> None:
    told = json.loads(as_json(FOUND))
    assert (told["ok"], told["next"]) == (False, "Set the key.")
    assert [each["state"] for each in told["checks"]] == ["ok", "failed", "failed", "skipped"]
    assert json.loads(as_json(FOUND[:1]))["ok"] is True
