"""What checks work with: the settings, and connections that they share."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.settings import Settings
from bot.slack.web_api import PASSING, WebApiError, answered

CHECK_SECONDS = 10.0
"""How long one check may take."""
_WORD = re.compile(r"[a-z_]{1,60}")


class SlackUnreachableError(Exception):
    """Slack gave no answer of its own; the message is what came instead, without anybody else's words.

    `answered`: something answered, such as a proxy, or a Slack in trouble.
    """

    def __init__(self, reason: str, *, answered: bool) -> None:
        super().__init__(reason)
        self.answered = answered

    @property
    def sentence(self) -> str:
        """What happened, without a full stop."""
        return f"Slack's answer can't be used ({self})" if self.answered else f"Slack didn't answer ({self})"


class SlackRefusedError(Exception):
    """Slack said no; the message is its word for why, such as `invalid_auth`."""

    @property
    def is_passing(self) -> bool:
        """Whether that word says nothing about the token."""
        return str(self) in PASSING


@dataclass(frozen=True, slots=True)
class Context:
    """The settings, HTTP connections, the manifest's text, and the bot's public address where one was given.

    `now` is Unix time in seconds.
    """

    settings: Settings
    web: aiohttp.ClientSession
    manifest: str
    address: str | None
    now: Callable[[], float] = time.time

    async def ask_slack(
        self, method: str, arguments: dict[str, Any] | None = None, *, token: SecretStr | None = None
    ) -> AsyncSlackResponse:
        """Return Slack's answer, to the bot's token unless there is another.

        Raises SlackRefusedError or SlackUnreachableError.
        """
        slack = AsyncWebClient(
            token=(token or self.settings.slack_bot_token).get_secret_value(),
            base_url=f"{self.settings.slack_api_url}/",
            session=self.web,
        )
        try:
            return await answered(slack.api_call(method, data=arguments or {}))
        except WebApiError as error:
            if _WORD.fullmatch(error.word):
                raise SlackRefusedError(error.word) from None
            reason = "it makes no sense" if error.word else str(error)
            raise SlackUnreachableError(reason, answered=error.answered) from None


@asynccontextmanager
async def opened(settings: Settings, manifest: str, address: str | None) -> AsyncIterator[Context]:
    """Open the connections."""
    async with aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=CHECK_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=True,
    ) as web:
        yield Context(settings, web, manifest, address)
