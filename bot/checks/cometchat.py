"""Does CometChat take the key, for that app in that region? Asked as the bot asks, for a call that is nobody's.

A refusal does not say which of the three is wrong: an app that lives in another region is unknown in this one. So the
other regions are asked as well then, unless COMETCHAT_BASE_URL says where to ask.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Literal, get_args
from urllib.parse import urlsplit

from bot.checks.desk import SECONDS, Desk
from bot.checks.finding import Verdict, failed, ok
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
from bot.settings import Settings

Region = Literal["us", "eu", "in"]
BaseUrls = Callable[[Settings, str], str]

NOBODY = Uid("callinfo-check")
SESSION = SessionId("callinfo-check")
# Two rounds of requests, one after the other, have to fit into the time of a check
_TOTAL = SECONDS / 2 - 0.5
_ABOUT_THE_CALL = ("ERR_CALL_", "ERR_GROUP_")
_REFUSED = {
    "key": (
        "CometChat refuses the key.",
        "Set COMETCHAT_API_KEY to a full-access REST API key of that very app (CometChat's dashboard, API keys).",
    ),
    "app": (
        "CometChat knows no such app in that region.",
        "Set COMETCHAT_APP_ID and COMETCHAT_REGION as CometChat's dashboard shows them.",
    ),
    "base URL": (
        "What answers there is not CometChat's Calls API.",
        "See whether COMETCHAT_APP_ID and COMETCHAT_REGION are right, and COMETCHAT_BASE_URL where it is set.",
    ),
}


def base_url_in(settings: Settings, region: str) -> str:
    """Return where the app's Calls API would be in that region."""
    return settings.model_copy(update={"cometchat_region": region}).calls_base_url


async def check_cometchat(desk: Desk, base_urls: BaseUrls = base_url_in) -> Verdict:
    """Ask CometChat for a call, and tell what is wrong apart. `base_urls` says where each region answers."""
    settings = desk.settings
    base_url = base_urls(settings, settings.cometchat_region)
    problem = await _problem(settings, base_url)
    if problem is None:
        where = f"in the region {settings.cometchat_region}"
        if settings.cometchat_base_url:
            where = f"at {urlsplit(base_url).hostname}, which COMETCHAT_BASE_URL names"
        return ok(f"CometChat takes the key, for the app {where}.")
    if isinstance(problem, MisconfiguredError | UnavailableError) and not settings.cometchat_base_url:
        others = [region for region in get_args(Region) if region != settings.cometchat_region]
        problems = await asyncio.gather(*(_problem(settings, base_urls(settings, each)) for each in others))
        if None in problems:
            right = others[problems.index(None)]
            return failed(
                f"The app is in the region {right}, not {settings.cometchat_region}.",
                f"Set COMETCHAT_REGION to {right}.",
            )
    return _told(problem, urlsplit(base_url).hostname or "")


async def _problem(settings: Settings, base_url: str) -> CallProblemError | None:
    """Return why CometChat does not take us there; None where it looks for the call, which there is not."""
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
    """Whether a refusal that nobody has documented is of the key: while people ask it tells them of no call."""
    forbidden = error.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    return forbidden and not (error.code or "").startswith(_ABOUT_THE_CALL)


def _told(problem: CallProblemError, host: str) -> Verdict:
    match problem:
        case MisconfiguredError():
            sentence, do = _REFUSED[problem.what]
            return failed(f"{sentence} ({host})", do)
        case UnavailableError() if problem.status is None:
            return failed(
                f"Nothing can be reached at {host} ({problem}).",
                "See whether COMETCHAT_APP_ID and COMETCHAT_REGION are right, which make up that name, and whether "
                "this machine may reach it over HTTPS.",
            )
        case RateLimitedError():
            return failed("CometChat asks for a pause: too many requests.", "Try again in a minute.")
        case PlanRestrictedError():
            return failed(
                "The plan of the CometChat app does not include its calls' data.",
                "Look at the app's plan in CometChat's dashboard.",
            )
        case UnavailableError() | NoAnswerInTimeError():
            return failed(f"CometChat is in trouble or too slow ({host}).", "Try again in a few minutes.")
    return failed(
        f"The answer makes no sense ({host}).", "See whether COMETCHAT_BASE_URL is CometChat's Calls API."
    )
