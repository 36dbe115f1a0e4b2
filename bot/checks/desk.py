"""What checks work with: the settings, and connections that they share."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.settings import Settings
from bot.slack.web_api import PASSING, WebApiError, answered

SECONDS = 10.0
"""How long one check may take."""
_WORD = re.compile(r"[a-z_]{1,60}")


class SlackUnreachableError(Exception):
    """Slack gave no answer of its own; the message is what came instead, without anybody else's words."""


class SlackRefusedError(Exception):
    """Slack said no; the message is its word for why, such as `invalid_auth`."""

    @property
    def is_passing(self) -> bool:
        """Whether that word says nothing about the token."""
        return str(self) in PASSING


@dataclass(frozen=True, slots=True)
class Desk:
    """The settings, Slack's Web API, the web, the manifest's text, and the public address where one was given.

    `now` is Unix time in seconds.
    """

    settings: Settings
    slack: AsyncWebClient
    web: aiohttp.ClientSession
    manifest: str
    address: str | None
    now: Callable[[], float] = time.time

    async def ask_slack(self, method: str, arguments: dict[str, Any] | None = None) -> AsyncSlackResponse:
        """Return Slack's answer to the bot; raises SlackRefusedError or SlackUnreachableError."""
        return await asked(self.slack, method, arguments)


async def asked(
    slack: AsyncWebClient, method: str, arguments: dict[str, Any] | None = None
) -> AsyncSlackResponse:
    """Return Slack's answer to whose token that client has; raises SlackRefusedError or SlackUnreachableError."""
    try:
        return await answered(slack.api_call(method, data=arguments or {}))
    except WebApiError as error:
        if _WORD.fullmatch(error.word):
            raise SlackRefusedError(error.word) from None
        told = str(error) if not error.word else "an answer that makes no sense"
        raise SlackUnreachableError(told) from None


@asynccontextmanager
async def opened(settings: Settings, manifest: str, address: str | None) -> AsyncIterator[Desk]:
    """Open the connections."""
    async with aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=SECONDS), cookie_jar=aiohttp.DummyCookieJar(), trust_env=True
    ) as web:
        slack = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=f"{settings.slack_api_url}/",
            session=web,
        )
        yield Desk(settings, slack, web, manifest, address)
