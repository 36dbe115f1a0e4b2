"""Does CometChat take the key, for that app in that region? Asked as the bot asks, for a call that does not exist.

A refusal does not say which of the three is wrong: an app of another region is unknown in this one. So the other regions
are asked too then, unless COMETCHAT_BASE_URL is set.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import get_args
from urllib.parse import urlsplit

import aiohttp

from bot.checks.context import CHECK_SECONDS, Context
from bot.checks.results import Result, failed, ok
from bot.cometchat import (
    CallProblemError,
    CometChat,
    MisconfiguredError,
    NoAnswerInTimeError,
    NoSuchCallError,
    PlanRestrictedError,
    RateLimitedError,
    SessionId,
    Uid,
    UnavailableError,
    UnknownUidError,
)
from bot.settings import Region, Settings

BaseUrls = Callable[[Settings, str], str]
"""Returns where the Calls API answers in a region."""

NOBODY = Uid("callinfo-check")
SESSION = SessionId("callinfo-check")
# Two rounds of requests have to fit into the time of a check
_TOTAL = CHECK_SECONDS / 2 - 0.5
_CUT_SHORT = aiohttp.ClientPayloadError.__name__  # by its name alone it comes out of the client
_ABOUT_THE_CALL = ("ERR_CALL_", "ERR_GROUP_")
_REFUSED = {
    "key": (
        "CometChat rejects the key.",
        "Set COMETCHAT_API_KEY to a full-access REST API key of that very app (CometChat's dashboard, API keys).",
    ),
    "app": (
        "CometChat has no such app in that region.",
        "Set COMETCHAT_APP_ID and COMETCHAT_REGION as CometChat's dashboard shows them.",
    ),
    "base URL": (
        "Something other than CometChat's Calls API answers there.",
        "Check COMETCHAT_APP_ID and COMETCHAT_REGION, and COMETCHAT_BASE_URL if it is set.",
    ),
}


def base_url_in(settings: Settings, region: str) -> str:
    """Return where the app's Calls API would be in that region."""
    return settings.model_copy(update={"cometchat_region": region}).calls_base_url


async def check_cometchat(context: Context, base_urls: BaseUrls = base_url_in) -> Result:
    """Ask CometChat for a call, and say what is wrong. `base_urls` says where each region answers."""
    settings = context.settings
    base_url = base_urls(settings, settings.cometchat_region)
    problem = await _problem(settings, base_url)
    if problem is None:
        where = f"in the region {settings.cometchat_region}"
        if settings.cometchat_base_url:
            where = f"at {urlsplit(base_url).hostname} (COMETCHAT_BASE_URL)"
        return ok(f"CometChat accepts the key for the app {where}.")
    if isinstance(problem, MisconfiguredError | UnavailableError) and not settings.cometchat_base_url:
        others = [region for region in get_args(Region) if region != settings.cometchat_region]
        problems = await asyncio.gather(*(_problem(settings, base_urls(settings, each)) for each in others))
        if None in problems:
            right = others[problems.index(None)]
            return failed(
                f"The app is in the region {right}, not {settings.cometchat_region}.",
                f"Set COMETCHAT_REGION to {right}.",
            )
    return _result(problem, urlsplit(base_url).hostname or "")


async def _problem(settings: Settings, base_url: str) -> CallProblemError | None:
    """Return why CometChat refuses the request; None where it looked for the call."""
    try:
        async with CometChat(base_url, settings.cometchat_api_key, total=_TOTAL) as cometchat:
            await cometchat.get_call(SESSION, NOBODY)
    except UnknownUidError:
        return None
    except NoSuchCallError as error:
        return (
            MisconfiguredError("key", status=error.status, code=error.code) if _is_about_us(error) else None
        )
    except CallProblemError as error:
        return error
    return None


def _is_about_us(error: NoSuchCallError) -> bool:
    """Whether an undocumented refusal is of the key; people read "no such call" for it."""
    forbidden = error.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    return forbidden and not (error.code or "").startswith(_ABOUT_THE_CALL)


def _result(problem: CallProblemError, host: str) -> Result:
    match problem:
        case MisconfiguredError():
            sentence, do = _REFUSED[problem.what]
            return failed(f"{sentence} ({host})", do)
        case UnavailableError() if problem.status is None and str(problem) != _CUT_SHORT:
            return failed(
                f"Can't reach {host} ({problem}).",
                "Check COMETCHAT_APP_ID and COMETCHAT_REGION, which make up that name, and that this machine can "
                "reach it over HTTPS.",
            )
        case RateLimitedError():
            return failed("Too many requests to CometChat.", "Try again in a minute.")
        case PlanRestrictedError():
            return failed(
                "The app's CometChat plan doesn't include call details.",
                "Check the app's plan in CometChat's dashboard.",
            )
        case UnavailableError() | NoAnswerInTimeError():
            return failed(f"{_trouble(problem)} ({host}).", "Try again in a few minutes.")
    return failed(
        f"The answer isn't one of CometChat's ({host}).",
        "Check that COMETCHAT_BASE_URL is CometChat's Calls API.",
    )


def _trouble(problem: UnavailableError | NoAnswerInTimeError) -> str:
    """Return what is wrong with a CometChat that is there."""
    if isinstance(problem, NoAnswerInTimeError):
        return "CometChat isn't responding, or too slowly"
    if problem.status is None:
        return "CometChat's answer is cut short"
    return f"CometChat answers with an error, status {problem.status}"
