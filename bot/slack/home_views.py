"""Publishes Home tabs (https://docs.slack.dev/reference/methods/views.publish; no scope beyond the bot's token)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.web_api import WebApiError, answered

PAUSE_SECONDS = 0.3


class HomeFailedError(Exception):
    """Slack did not show the Home tab; the text is Slack's word for why, such as `not_enabled`."""


class HomeMovedError(HomeFailedError):
    """Another view was published there since the one that the hash is of."""


class HomeViews:
    """Publishes views; `failed` is called for each that Slack did not take."""

    def __init__(self, slack: AsyncWebClient, failed: Callable[[], None] = lambda: None) -> None:
        self._slack = slack
        self._failed = failed

    async def publish(self, user_id: str, view: dict[str, Any], seen: str) -> str:
        """Show the view to that person, with a second try since that changes nothing more; return its hash.

        `seen` is the hash of the view that it is to replace, "" for whatever is there. Raises HomeMovedError where
        that is not there any more, else HomeFailedError.
        """
        arguments = {"user_id": user_id, "view": view, **({"hash": seen} if seen else {})}
        try:
            return await self._call(arguments)
        except HomeMovedError:
            raise
        except HomeFailedError:
            await asyncio.sleep(PAUSE_SECONDS)
        try:
            return await self._call(arguments)
        except HomeMovedError:
            raise
        except HomeFailedError:
            self._failed()
            raise

    async def _call(self, arguments: dict[str, Any]) -> str:
        try:
            answer = await answered(self._slack.api_call("views.publish", json=arguments))
        except WebApiError as error:
            moved = error.word == "hash_conflict"
            raise (HomeMovedError if moved else HomeFailedError)(str(error)) from None
        shown = answer.get("view")
        of_it = shown.get("hash") if isinstance(shown, dict) else None
        return of_it if isinstance(of_it, str) else ""
