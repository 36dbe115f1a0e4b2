"""A process that may open no more files and sockets: answers in words, and recovers by itself."""

import asyncio
import errno
import resource
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from yarl import URL

from bot.observability.logs import log_loop_trouble
from bot.playground.samples import call_json
from tests.faults.model import LOOK_UPS, Entry, NoDescriptors, good
from tests.faults.scene import Scene
from tests.faults.table import FAULTS
from tests.faults.test_matrix import reads_one_answer, was_taken_in_time
from tests.listeners.people import ALEX, STEVE, TONY, logged
from tests.process import BUSY_MACHINE, Process, process

(FAULT,) = [fault for fault in FAULTS if NoDescriptors() in fault.causes]


def exhausted(pid: int) -> tuple[int, int]:
    """Leave the process no descriptor beyond those that it has; return the limits that it had."""
    taken = {int(each.name) for each in Path(f"/proc/{pid}/fd").iterdir()}
    limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    lowest_free = next(number for number in range(len(taken) + 1) if number not in taken)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (lowest_free, limits[1]))
    return limits


def scene(bot: Process, entry: Entry, key: str) -> Scene:
    who = STEVE if entry is Entry.SUBMISSION else TONY  # whose window nobody else’s takes the place of
    made = Scene(bot.slack, bot.lines, who, entry, key)
    bot.cometchat.serve(made.session_id, [call_json(sessionId=made.session_id)])
    return made


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux")
async def test_without_descriptors_people_get_an_answer_and_the_bot_recovers() -> None:
    async with process(CALLINFO_ADMINS=ALEX) as bot:
        scenes = {entry: scene(bot, entry, "without descriptors") for entry in LOOK_UPS}
        for each in scenes.values():
            await each.prepare()
        bot.cometchat.drop("warm-up")  # and so no connection to CometChat is left over
        await bot.asked(TONY, "warm-up")
        await logged(bot.lines, "interaction", "command")  # which comes after its answer
        limits = exhausted(bot.child.pid)
        url = URL(bot.url)
        reader, writer = await asyncio.open_connection(url.host, url.port)  # which the bot can't accept yet
        writer.write(b"GET /livez HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n\r\n")
        for entry, each in scenes.items():
            seen = await each.play()
            was_taken_in_time(FAULT.cells[entry], seen)
            reads_one_answer(FAULT.cells[entry], seen)
            (line,) = seen.lines
            assert line["outcome"] == FAULT.cells[entry].log["outcome"]

        resource.prlimit(bot.child.pid, resource.RLIMIT_NOFILE, limits)
        recovered = await scene(bot, Entry.COMMAND, "with descriptors").play()
        reads_one_answer(good()[Entry.COMMAND], recovered)
        assert b"200 OK" in await reader.readline()
        writer.close()
    warnings = {line["event"] for line in bot.lines if line.get("level") not in {"debug", "info"}}
    assert warnings - (BUSY_MACHINE - set(FAULT.also)) == set(FAULT.also)
    assert not [line for line in bot.lines if "exception" in line]


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM])
def test_that_nobody_can_be_let_in_is_one_line(number: int, caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.new_event_loop()
    with capture_logs() as logs:
        log_loop_trouble(loop, {"message": "accept() failed", "exception": OSError(number, "shortage")})
    loop.close()
    assert [(line["event"], line["reason"]) for line in logs] == [
        ("out of descriptors", errno.errorcode[number])
    ]
    assert caplog.records == []


def test_what_else_the_event_loop_tells_keeps_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.new_event_loop()
    log_loop_trouble(loop, {"message": "a task failed", "exception": ValueError("a bug")})
    loop.close()
    (record,) = caplog.records
    assert record.getMessage() == "a task failed"
    assert record.exc_info
