"""What every subcommand on the store shares: settings, the database, and failures as a sentence and an exit status."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog

from bot.cli.failures import FailedError, WrongUsageError
from bot.identity.links import StoreUnavailableError
from bot.observability.redaction import Redactor
from bot.observability.uncaught import tell_what_nobody_catches
from bot.settings import InvalidSettingsError, Settings, StoreSettings, skipped_lines
from bot.storage.database import Database, open_database
from bot.storage.dialects import is_sqlite
from bot.storage.schema import SchemaStatus, migrate, schema_status

# A connection that is lost while it commits leaves open whether it did
_IN_DOUBT = "If this was a change, it was made whole or not at all: run it again, or `python -m bot check` to see why."


def run(work: Coroutine[Any, Any, None]) -> int:
    """Run a subcommand; return its exit status, with any failure told on standard error."""
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
    """Log nothing: that is for the bot's log; here a person reads, and results may go into a pipe.

    What would be logged of `.env` is told instead: a setting that is not read is another one than was meant.
    """
    for line in skipped_lines():
        print(f"Line {line} of .env is not read: it is not NAME=value.", file=sys.stderr)  # noqa: T201 - for the person
    logging.disable(logging.CRITICAL)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    tell_what_nobody_catches(Redactor())


def store_settings() -> StoreSettings:
    """Return what the environment says of the store alone; raises InvalidSettingsError."""
    settings = StoreSettings.load()
    tell_what_nobody_catches(Redactor(settings.secrets()))
    return settings


def all_settings() -> Settings:
    """Return all settings, for what needs Slack as well; raises InvalidSettingsError."""
    settings = Settings.load()
    tell_what_nobody_catches(Redactor(settings.secrets(), slack_api_url=settings.slack_api_url))
    return settings


@asynccontextmanager
async def opened(settings: StoreSettings, *, ready: bool = True) -> AsyncIterator[Database]:
    """Open the database of the settings; unless `ready` is false, it must be migrated, as SQLite then is here.

    Raises StoreUnavailableError, and WrongUsageError where the migrations are missing.
    """
    async with open_database(settings.database_url.get_secret_value()) as database:
        if ready and is_sqlite(database.url):
            await migrate(database)
        elif ready and await schema_status(database) is not SchemaStatus.CURRENT:
            raise WrongUsageError("The database lacks tables of this version: run `python -m bot migrate`.")
        yield database
