"""What a process writes when things go wrong: programs of a few lines, each in a process of its own."""

import json
import subprocess
import sys
import textwrap
from typing import Any

import pytest

from tests.process import environment

TOKEN = "xoxb-1-2-s3cr3tS3CR3T"
KEY = "k#configured-s3cr3tS3CR3T"
PREFACE = f"""
import asyncio, logging, sys, threading, warnings
import structlog
from bot.observability.logs import configure_logs
from bot.observability.redaction import Redactor
TOKEN, KEY = {TOKEN!r}, {KEY!r}
configure_logs("DEBUG", FORMAT, Redactor([KEY]))
log = structlog.get_logger()
"""


def ran(program: str, log_format: str = "json") -> subprocess.CompletedProcess[str]:
    """Run the program after logs were configured; nothing it writes has a secret in it."""
    source = PREFACE.replace("FORMAT", repr(log_format)) + textwrap.dedent(program)
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-W", "always", "-c", source],
        capture_output=True,
        text=True,
        timeout=30,
        env=environment(),
        check=False,
    )
    assert "s3cr3t" not in (ended.stdout + ended.stderr).lower()
    return ended


def lines(program: str) -> list[dict[str, Any]]:
    """Return what the program logs in JSON; it writes nothing else."""
    ended = ran(program)
    assert ended.stderr == ""
    return [json.loads(line) for line in ended.stdout.splitlines()]


EVERYTHING = """
structlog.contextvars.bind_contextvars(bound=TOKEN)
log.info("said " + TOKEN, reason=f"apiKey={KEY}", headers={"Authorization": KEY, "n": [KEY.encode()]})
log.debug("at debug %s", TOKEN)
log.info("where", stack_info=True)
try:
    try:
        raise ValueError(TOKEN)
    except ValueError as error:
        error.add_note(KEY)
        raise KeyError(KEY) from error
except KeyError as error:
    log.exception("crashed", error=error)
try:
    raise ExceptionGroup(TOKEN, [ValueError(KEY), ExceptionGroup("g", [ValueError(TOKEN)])])
except ExceptionGroup:
    log.exception("crashed")
"""


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_an_event_has_no_secret_in_its_words_facts_and_traces(log_format: str) -> None:
    ended = ran(EVERYTHING, log_format)
    assert ended.stderr == ""
    for told in ("said [redacted token]", "apiKey=[redacted secret]", "KeyError", "where"):
        assert told in ended.stdout
    assert ended.stdout.count("[redacted secret]") >= 3


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_library_s_record_has_no_secret_in_its_message_arguments_and_traces(log_format: str) -> None:
    ended = ran(
        """
        library = logging.getLogger("some.library")
        library.setLevel(logging.DEBUG)
        logging.getLogger().setLevel(logging.DEBUG)
        library.debug("headers %r, key %s", {"Authorization": f"Bearer {KEY}"}, KEY)
        library.debug(TOKEN, stack_info=True)
        library.info({"apiKey": KEY})
        library.info("%(apiKey)s", {"apiKey": KEY})
        try:
            raise RuntimeError(KEY)
        except RuntimeError:
            library.exception("failed %s", KEY.encode())
        """,
        log_format,
    )
    assert ended.stderr == ""
    assert "RuntimeError" in ended.stdout
    assert "some.library" in ended.stdout


def test_a_record_that_can_not_be_written_is_told_without_what_is_in_it() -> None:
    (line,) = lines('logging.getLogger("some.library").warning("%d of it", TOKEN)')
    assert (line["event"], line["level"]) == ("log record not readable", "error")
    assert line["logger"] == "some.library"


def test_a_logger_without_handlers_writes_like_all_others() -> None:
    (line,) = lines(
        """
        library = logging.getLogger("alone")
        library.propagate = False
        library.warning("said %s", KEY)
        """
    )
    assert line["event"] == "said [redacted secret]"


def test_a_warning_becomes_a_line() -> None:
    (line,) = lines("warnings.warn(f'odd: {KEY}', stacklevel=1)")
    assert (line["logger"], line["level"]) == ("py.warnings", "warning")


def test_an_uncaught_exception_becomes_a_line_and_the_status_stays_1() -> None:
    ended = ran("raise ValueError(KEY)")
    (line,) = map(json.loads, ended.stdout.splitlines())
    assert (line["event"], line["level"]) == ("crashed", "critical")
    assert line["exception"][0]["exc_value"] == "[redacted secret]"
    assert "locals" not in str(line)
    assert (ended.returncode, ended.stderr) == (1, "")


def test_an_exception_in_a_thread_in_a_task_and_in_cleaning_up_becomes_a_line() -> None:
    told = lines(
        """
        def crash():
            raise ValueError(KEY)

        class Odd:
            def __del__(self):
                crash()

        class Named:
            def __repr__(self):
                return KEY

        async def main():
            async def task():
                raise ValueError(TOKEN)

            loop = asyncio.get_running_loop()
            forgotten = asyncio.create_task(task(), name=KEY)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            del forgotten
            loop.call_soon(crash)
            loop.call_exception_handler({"message": KEY, "exception": ValueError(KEY), "handle": Named()})
            await asyncio.sleep(0.01)

        thread = threading.Thread(target=crash)
        thread.start()
        thread.join()
        ended = threading.Thread(target=sys.exit)
        ended.start()
        ended.join()
        Odd()
        asyncio.run(main())
        """
    )
    assert [line["event"] for line in told[:2]] == ["crashed in a thread", "crashed while cleaning up"]
    assert [line["logger"] for line in told[2:]] == ["asyncio"] * 3
    assert all("exception" in line for line in told)


def test_being_interrupted_is_told_without_a_trace() -> None:
    ended = ran("raise KeyboardInterrupt(TOKEN)")
    assert '"interrupted"' in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_log_that_nobody_takes_gives_nothing_away_either(log_format: str) -> None:
    ended = ran("sys.stdout.close()\nlogging.getLogger('x').error(KEY)\nraise ValueError(KEY)", log_format)
    assert ended.returncode == 1


def test_a_value_that_can_not_be_shown_costs_no_line() -> None:
    (line,) = lines(
        """
        class Broken:
            def __repr__(self):
                raise ValueError(KEY)

        log.info("odd", value=Broken(), values=[Broken()])
        """
    )
    assert line["value"] == "[redacted unreadable]"


def test_a_subcommand_that_crashes_tells_it_on_standard_error_without_secrets() -> None:
    program = f"""
        import threading
        from bot.cli.running import run_async, store_settings

        class Odd:
            def __del__(self):
                raise ValueError({TOKEN!r})

        async def crash():
            store_settings()
            Odd()
            thread = threading.Thread(target=lambda: 1 / 0, name={TOKEN!r})
            thread.start()
            thread.join()
            raise ValueError("can't reach " + __import__("os").environ["DATABASE_URL"][:-3] + {TOKEN!r})

        run_async(crash())
        """
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=30,
        env=environment(DATABASE_URL="postgres://u:pg-s3cr3t-w0rd@host/links"),
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("Traceback") == 3
    assert "can't reach postgres://u:[redacted" in ended.stderr
    assert "s3cr3t" not in ended.stderr.lower()
