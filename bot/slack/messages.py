"""Direct messages from the bot to a person (`chat.postMessage` with a user id; scope `chat:write`).

https://docs.slack.dev/reference/methods/chat.postMessage
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.web_api import WebApiError, answered

log = structlog.get_logger()


class OutgoingMessage(Protocol):
    """What is sent; cards/kit/message.py makes one."""

    def as_json(self) -> dict[str, Any]:
        """Return the message's own fields of a request or response: `text` and `blocks`."""
        ...


class DirectMessages:
    """Sends direct messages; `failed` is called for each that Slack did not take."""

    def __init__(self, slack: AsyncWebClient, failed: Callable[[], None] = lambda: None) -> None:
        self._slack = slack
        self._failed = failed

    async def send(self, user_id: str, message: OutgoingMessage) -> bool:
        """Send the message; return whether Slack took it, for no caller undoes anything when it did not."""
        body = {"channel": user_id, "unfurl_links": False, "unfurl_media": False, **message.as_json()}
        try:
            await answered(self._slack.api_call("chat.postMessage", json=body))
        except WebApiError as error:
            self._failed()
            log.warning("direct message not sent", reason=str(error))
            return False
        return True


class EphemeralMessages:
    """Shows a person messages in a channel that the bot is in (`chat.postEphemeral`; scope `chat:write`).

    https://docs.slack.dev/reference/methods/chat.postEphemeral
    """

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack

    async def show(self, channel_id: str, user_id: str, message: OutgoingMessage) -> str:
        """Show the message; return Slack's error code where it was not shown, "" where it was.

        Both the bot and the person have to be in the channel: `not_in_channel`, `channel_not_found` or
        `user_not_in_channel` say that one is not.
        """
        body = {"channel": channel_id, "user": user_id, **message.as_json()}
        try:
            await answered(self._slack.api_call("chat.postEphemeral", json=body))
        except WebApiError as error:
            log.info("message not shown in a channel", reason=str(error))
            return error.word or str(error)
        return ""
