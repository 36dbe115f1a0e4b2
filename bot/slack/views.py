"""Modals: opened with an interaction's `trigger_id` (good for 3 s, once), filled by view id later.

https://docs.slack.dev/surfaces/modals; neither method needs a scope beyond the bot's token.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.web_api import WebApiError, answered

PAUSE_SECONDS = 0.3


class ModalFailedError(Exception):
    """Slack did not open or change the modal; the text is Slack's word for why, such as `expired_trigger_id`."""


class ModalGoneError(ModalFailedError):
    """The person has closed the modal meanwhile."""


class Modals:
    """Opens and fills modals; `failed` is called for each that Slack did not take, unless the person has closed it."""

    def __init__(self, slack: AsyncWebClient, failed: Callable[[], None] = lambda: None) -> None:
        self._slack = slack
        self._failed = failed

    async def open(self, trigger_id: str, view: dict[str, Any]) -> str:
        """Open a modal, return its view id; raises ModalFailedError."""
        answer = await self._last_call("views.open", {"trigger_id": trigger_id, "view": view})
        opened = answer.get("view")
        view_id = opened.get("id") if isinstance(opened, dict) else None
        if not isinstance(view_id, str):  # it may be open, and nobody can fill it
            self._failed()
            raise ModalFailedError("views.open named no view")
        return view_id

    async def fill(self, view_id: str, view: dict[str, Any]) -> None:
        """Replace what the modal shows, with a second try since that changes nothing more.

        Raises ModalGoneError when it was closed, else ModalFailedError.
        """
        arguments = {"view_id": view_id, "view": view}
        try:
            await self._call("views.update", arguments)
        except ModalGoneError:
            raise
        except ModalFailedError:
            await asyncio.sleep(PAUSE_SECONDS)
            await self._last_call("views.update", arguments)

    async def _last_call(self, method: str, arguments: dict[str, Any]) -> Any:
        try:
            return await self._call(method, arguments)
        except ModalGoneError:
            raise
        except ModalFailedError:
            self._failed()
            raise

    async def _call(self, method: str, arguments: dict[str, Any]) -> Any:
        try:
            return await answered(self._slack.api_call(method, json=arguments))
        except WebApiError as error:
            gone = error.word in {"not_found", "view_not_found"}
            raise (ModalGoneError if gone else ModalFailedError)(str(error)) from None
