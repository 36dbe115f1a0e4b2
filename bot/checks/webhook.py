"""Do CometChat's events come? Whether the bot takes them at its public address, and when the last one came.

That none came is no failure: there may have been no calls, or nobody has set CometChat's side up yet.
"""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import aiohttp

from bot.checks.context import Context
from bot.checks.results import Result, failed, ok, skipped
from bot.identity.links import StoreUnavailableError
from bot.inbound.cometchat_events import PATH
from bot.slack.web_api import NO_VALID_ANSWER
from bot.storage.address import parse_database_url
from bot.storage.database import open_database
from bot.storage.dialects import is_in_memory, is_sqlite
from bot.storage.hints import StoredHints

_HOW = "`python -m bot webhooks` says what to enter in CometChat's dashboard."
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


async def check_webhook(context: Context) -> Result:
    """Ask the bot at its address without a password, and the database for the last event."""
    if context.settings.webhook is None:
        return skipped(f"No webhook is configured. {_polling(context.settings.poll_seconds)}")
    if context.address and (wrong := await _at_the_address(context, context.address + PATH)):
        return wrong
    if not _may_be_read(context):
        return skipped("The database doesn't exist yet, or is in memory, so no events are known.")
    try:
        async with open_database(context.settings.database_url.get_secret_value()) as database:
            latest = await StoredHints(database).latest()
    except StoreUnavailableError as error:
        return skipped(f"Can't read from the database when the last event came ({error}).")
    if latest is None:
        return skipped(f"CometChat has sent no event yet, or none for a long time. {_HOW}")
    return ok(f"CometChat's last event came {_ago(context.now() - latest)}.")


async def _at_the_address(context: Context, url: str) -> Result | None:
    """Return what is wrong there; a bot that takes events refuses one without a password."""
    try:
        async with context.web.post(url, data=b"{}", allow_redirects=False) as answer:
            status = answer.status
    except NO_VALID_ANSWER as error:
        return _not_ours(url, type(error).__name__)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return failed(
            f"Nothing answers at {url} ({type(error).__name__}).", "Let CometChat reach the bot there."
        )
    if status == HTTPStatus.UNAUTHORIZED:
        return None
    if status == HTTPStatus.NOT_FOUND:
        return failed(
            f"The bot accepts no events at {url}.",
            "Set COMETCHAT_WEBHOOK_USER and COMETCHAT_WEBHOOK_PASSWORD where it runs, restart it, and let the proxy pass "
            f"{PATH}.",
        )
    return _not_ours(url, f"status {status}")


def _not_ours(url: str, what: str) -> Result:
    return failed(
        f"The answer at {url} isn't callinfo's ({what}).",
        f"Let the proxy pass {PATH} to the bot.",
    )


def _may_be_read(context: Context) -> bool:
    """Whether there is a database without making one: opening a SQLite file that is not there makes it."""
    url = parse_database_url(context.settings.database_url.get_secret_value())
    return not is_sqlite(url) or (not is_in_memory(url) and Path(str(url.database)).is_file())


def _polling(seconds: float) -> str:
    if not seconds:
        return (
            "The bot doesn't look for calls either (CALLINFO_POLL_SECONDS is 0), so subscribers hear of none."
        )
    return f"The bot looks for subscribers' calls every {seconds:g} seconds. {_HOW}"


def _ago(seconds: float) -> str:
    for length, name in _UNITS:
        if (count := int(seconds // length)) > 0:
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "less than a minute ago"
