"""What subcommands share: settings, the database, failures as a sentence and an exit status, progress, audit lines."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any, Self, TextIO

import structlog

from bot.identity.links import StoreUnavailableError
from bot.observability.audit import Entry
from bot.observability.logs import print_uncaught
from bot.observability.redaction import Redactor
from bot.settings import InvalidSettingsError, Settings, StoreSettings, skipped_lines
from bot.storage.database import Database, open_database
from bot.storage.dialects import migrates_at_start
from bot.storage.schema import SchemaStatus, migrate, schema_status

# A connection that is lost while it commits leaves open whether it did
_IN_DOUBT = "Any change was made whole or not at all. Run this again, or `python -m bot check` to see why."
_BAR = 30  # characters


class FailedError(Exception):
    """The subcommand did not work, though the request may be right. The message is for the person at the terminal."""

    status = 1


class WrongUsageError(FailedError):
    """The arguments or the settings can't be right."""

    status = 2


def run_async(work: Coroutine[Any, Any, None]) -> int:
    """Run a subcommand; return its exit status, after printing any failure on standard error."""
    be_quiet()
    try:
        asyncio.run(work)
    except FailedError as error:
        print(error, file=sys.stderr)  # noqa: T201 - for the person at the terminal
        return error.status
    except InvalidSettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - as above
        return 2
    except StoreUnavailableError as error:
        print(f"The database can't be used ({error}). {_IN_DOUBT}", file=sys.stderr)  # noqa: T201 - as above
        return 1
    except BrokenPipeError:  # `… links list | head` has seen enough
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 1
    return 0


def be_quiet() -> None:
    """Log nothing: here a person reads, and results may go into a pipe.

    Only the lines of `.env` that are not read are reported: a setting there would be missing unnoticed.
    """
    for line in skipped_lines():
        print(f"Line {line} of .env is ignored: it isn't NAME=value.", file=sys.stderr)  # noqa: T201 - for the person
    logging.disable(logging.CRITICAL)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    print_uncaught(Redactor())


def store_settings() -> StoreSettings:
    """Return the settings of the database and the log alone; raises InvalidSettingsError."""
    settings = StoreSettings.load()
    print_uncaught(Redactor(settings.secrets()))
    return settings


def all_settings() -> Settings:
    """Return all settings, for what needs Slack as well; raises InvalidSettingsError."""
    settings = Settings.load()
    print_uncaught(Redactor(settings.secrets()))
    return settings


@asynccontextmanager
async def opened(settings: StoreSettings, *, ready: bool = True) -> AsyncIterator[Database]:
    """Open the database of the settings; unless `ready` is false, it must be migrated, as SQLite then is here.

    Raises StoreUnavailableError, and WrongUsageError where the migrations are missing.
    """
    async with open_database(settings.database_url.get_secret_value()) as database:
        if ready and migrates_at_start(database.url):
            await migrate(database)
        elif ready and await schema_status(database) is not SchemaStatus.CURRENT:
            raise WrongUsageError("The database lacks tables of this version. Run `python -m bot migrate`.")
        yield database


def print_audit(entries: Iterable[Entry]) -> None:
    """Print what was changed and stored as the bot logs it, one JSON object a line, on standard error.

    Not on a terminal: the person there sees what they did, and `python -m bot links log` has it.
    """
    if sys.stderr.isatty():
        return
    for entry in entries:
        line = json.dumps({"event": "audit", "level": "info", **entry.facts()})
        print(line, file=sys.stderr)  # noqa: T201 - for whatever collects logs


class Progress:
    """A progress bar on standard error, where that is a terminal; leaving the context ends its line."""

    def __init__(self, doing: str, total: int, out: TextIO | None = None) -> None:
        self._doing = doing
        self._total = total
        self._out = out or sys.stderr
        self._is_shown = self._out.isatty() and total > 0
        self._percent = -1

    def __enter__(self) -> Self:
        self(0)
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_shown:
            self._out.write("\n")
            self._out.flush()

    def __call__(self, done: int) -> None:
        """Show that `done` are done; drawn only for a whole per cent more."""
        if not self._is_shown or done * 100 // self._total == self._percent:
            return
        self._percent = done * 100 // self._total
        bar = "█" * (done * _BAR // self._total)
        self._out.write(f"\r{self._doing} {bar:░<{_BAR}} {done:,} of {self._total:,}")
        self._out.flush()
