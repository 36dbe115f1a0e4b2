"""Every check there is, in the order in which they are told, and how they are run: at once, each within its time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.checks.address import check_address, check_manifest
from bot.checks.app_token import check_app_token
from bot.checks.clock import check_clock
from bot.checks.cometchat import check_cometchat
from bot.checks.counts import check_counts
from bot.checks.database import check_database
from bot.checks.desk import SECONDS, Desk
from bot.checks.environment import Environment
from bot.checks.finding import Finding, State, Verdict, failed
from bot.checks.samples import check_samples
from bot.checks.scopes import check_scopes
from bot.checks.signing_secret import check_signing_secret
from bot.checks.token import check_token

_SLACK = frozenset({"slack_bot_token", "slack_api_url"})
_COMETCHAT = frozenset({"cometchat_app_id", "cometchat_region", "cometchat_api_key", "cometchat_base_url"})


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its name, the settings that it needs, and the function that makes it."""

    name: str
    needs: frozenset[str]
    make: Callable[[Desk], Awaitable[Verdict]]


CHECKS = (
    Check("Slack token", _SLACK, check_token),
    Check("Slack scopes", _SLACK, check_scopes),
    Check("Signing secret", frozenset({"slack_signing_secret"}), check_signing_secret),
    Check("Socket Mode", frozenset({"slack_app_token", "slack_api_url"}), check_app_token),
    Check("CometChat", _COMETCHAT, check_cometchat),
    Check("Database", frozenset({"database_url"}), check_database),
    Check("Shared counts", frozenset({"callinfo_rate_limit", "callinfo_rate_limit_store"}), check_counts),
    Check("Clock", frozenset({"slack_api_url"}), check_clock),
    Check("Manifest", frozenset(), check_manifest),
    Check("Public address", frozenset(), check_address),
    Check("Messages", _SLACK, check_samples),
)


async def run_all(
    desk: Desk, environment: Environment, checks: Sequence[Check] = CHECKS, *, within: float = SECONDS
) -> tuple[Finding, ...]:
    """Make the checks, each within that many seconds; one whose settings are not usable is skipped."""
    return tuple(
        await asyncio.gather(*(_made(check, desk, environment.unusable, within) for check in checks))
    )


def all_skipped(checks: Sequence[Check] = CHECKS) -> tuple[Finding, ...]:
    """Return the findings where no setting can be read."""
    return tuple(Finding(check.name, State.SKIPPED, "No settings can be read.") for check in checks)


async def _made(check: Check, desk: Desk, unusable: frozenset[str], within: float) -> Finding:
    if lacking := sorted(check.needs & unusable):
        names = " and ".join(each.upper() for each in lacking)
        return Finding(check.name, State.SKIPPED, f"It needs {names}.")
    verdict = await _verdict(check, desk, within)
    return Finding(check.name, verdict.state, verdict.sentence, verdict.do)


async def _verdict(check: Check, desk: Desk, within: float) -> Verdict:
    try:
        async with asyncio.timeout(within):
            return await check.make(desk)
    except TimeoutError:
        return failed(f"No outcome within {within:g} seconds.", "See whether this machine's network is well.")
    except Exception as error:  # noqa: BLE001 - a doctor who falls ill over one organ still tells of the others
        return failed(
            f"The check itself failed ({type(error).__name__}).", "Report it: it is a bug of callinfo's."
        )
