"""All checks, in the order in which they are shown, and how they run: at once, each within its time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.checks.address import check_address, check_manifest
from bot.checks.cometchat import check_cometchat
from bot.checks.context import CHECK_SECONDS, Context
from bot.checks.database import check_database
from bot.checks.environment import Environment
from bot.checks.messages import check_messages
from bot.checks.rate_limit_store import check_rate_limit_store
from bot.checks.results import Result, failed, skipped
from bot.checks.slack import check_clock, check_scopes, check_socket_mode, check_token
from bot.checks.slackbot import check_slackbot
from bot.checks.webhook import check_webhook

_SLACK = frozenset({"slack_bot_token", "slack_api_url"})
_COMETCHAT = frozenset({"cometchat_app_id", "cometchat_region", "cometchat_api_key", "cometchat_base_url"})


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its name, the settings that it needs, and the function that makes it."""

    name: str
    needs: frozenset[str]
    run: Callable[[Context], Awaitable[Result]]


CHECKS = (
    Check("Slack token", _SLACK, check_token),
    Check("Slack scopes", _SLACK, check_scopes),
    Check("Socket Mode", frozenset({"slack_app_token", "slack_api_url"}), check_socket_mode),
    Check("CometChat", _COMETCHAT, check_cometchat),
    Check("Database", frozenset({"database_url"}), check_database),
    Check(
        "Shared counts",
        frozenset({"callinfo_rate_limit", "callinfo_rate_limit_store"}),
        check_rate_limit_store,
    ),
    Check("Clock", frozenset({"slack_api_url"}), check_clock),
    Check("Manifest", frozenset(), check_manifest),
    Check("Public address", frozenset(), check_address),
    Check("Webhook", frozenset({"cometchat_webhook_user", "database_url"}), check_webhook),
    Check("Slackbot", _SLACK | {"slack_app_token"}, check_slackbot),
    Check("Messages", _SLACK, check_messages),
)


async def run_all(
    context: Context,
    environment: Environment,
    checks: Sequence[Check] = CHECKS,
    *,
    within: float = CHECK_SECONDS,
) -> tuple[Result, ...]:
    """Run the checks, each within that many seconds; one whose settings are unusable is skipped."""
    return tuple(
        await asyncio.gather(*(_run(check, context, environment.unusable, within) for check in checks))
    )


def all_skipped() -> tuple[Result, ...]:
    """Return the results where no setting can be read."""
    return tuple(replace(skipped("No settings can be read."), check=check.name) for check in CHECKS)


async def _run(check: Check, context: Context, unusable: frozenset[str], within: float) -> Result:
    if missing := sorted(check.needs & unusable):
        names = " and ".join(each.upper() for each in missing)
        return replace(skipped(f"It needs {names}."), check=check.name)
    try:
        async with asyncio.timeout(within):
            result = await check.run(context)
    except TimeoutError:
        result = failed(f"No result within {within:g} seconds.", "Check this machine's network.")
    except Exception as error:  # noqa: BLE001 - a bug in one check must not hide the results of the others
        result = failed(
            f"The check itself failed ({type(error).__name__}).", "Report it: this is a bug in callinfo."
        )
    return replace(result, check=check.name)
