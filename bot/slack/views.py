"""Views: modals are opened with a `trigger_id` and updated by view id, Home tabs are published.

https://docs.slack.dev/surfaces/modals, https://docs.slack.dev/reference/methods/views.publish. None of these methods
needs a scope beyond the bot's token.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.web_api import WebApiError, answered

PAUSE_SECONDS = 0.3
"""Before a retry."""


class ViewFailedError(Exception):
    """Slack did not take the view; the text is Slack's word for why, such as `expired_trigger_id`."""


class ViewGoneError(ViewFailedError):
    """The person has closed the modal."""


class ViewConflictError(ViewFailedError):
    """The Home tab shows another view than the one that was to be replaced."""


_NOT_OUR_FAULT = {
    "not_found": ViewGoneError,
    "view_not_found": ViewGoneError,
    "hash_conflict": ViewConflictError,
}


class Views:
    """Opens, updates and publishes views; `failed` is called for each that Slack refused, or never got."""

    def __init__(self, slack: AsyncWebClient, failed: Callable[[], None] = lambda: None) -> None:
        self._slack = slack
        self._failed = failed

    async def open(self, trigger_id: str, view: dict[str, Any]) -> str:
        """Open a modal, return its view id. Raises ViewFailedError.

        A `trigger_id` is good for 3 s, and once, so this is not retried.
        """
        view_id = _of_view(await self._call("views.open", {"trigger_id": trigger_id, "view": view}), "id")
        if not view_id:  # it may be open, and nobody can update it
            self._failed()
            raise ViewFailedError("views.open named no view")
        return view_id

    async def update(self, view_id: str, view: dict[str, Any]) -> None:
        """Replace what the modal shows, with one retry. Raises ViewGoneError when it was closed, else ViewFailedError."""
        await self._call("views.update", {"view_id": view_id, "view": view}, tries=2)

    async def publish(self, user_id: str, view: dict[str, Any], replaces: str) -> str:
        """Show the view in that person's Home tab, with one retry; return its hash.

        `replaces` is the hash of the view that it replaces, "" for any. Raises ViewConflictError when another one is
        there by now, else ViewFailedError.
        """
        arguments = {"user_id": user_id, "view": view, **({"hash": replaces} if replaces else {})}
        return _of_view(await self._call("views.publish", arguments, tries=2), "hash")

    async def _call(self, method: str, arguments: dict[str, Any], *, tries: int = 1) -> AsyncSlackResponse:
        try:
            return await answered(self._slack.api_call(method, json=arguments))
        except WebApiError as error:
            reason = str(error)
            if known := _NOT_OUR_FAULT.get(error.word):
                raise known(reason) from None
        if tries == 1:
            self._failed()
            raise ViewFailedError(reason)
        await asyncio.sleep(PAUSE_SECONDS)
        return await self._call(method, arguments, tries=tries - 1)


def _of_view(answer: AsyncSlackResponse, key: str) -> str:
    """Return that field of the view that Slack answers with, "" where there is none."""
    view = answer.get("view")
    value = view.get(key) if isinstance(view, dict) else None
    return value if isinstance(value, str) else ""
