"""Direct messages from the bot to a person (`chat.postMessage` with a user id; scope `chat:write`).

https://docs.slack.dev/reference/methods/chat.postMessage
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.web_api import PASSING, WebApiError, answered

log = structlog.get_logger()


class ChannelRefusesError(Exception):
    """Slack shows nothing there; the text is its word for why."""


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

    async def show(self, channel_id: str, user_id: str, message: OutgoingMessage) -> bool:
        """Show the message; return False where Slack is out of order, and says nothing about the channel.

        Both the bot and the person have to be in the channel, and the bot may have to be allowed to post. Raises
        ChannelRefusesError.
        """
        body = {"channel": channel_id, "user": user_id, **message.as_json()}
        try:
            await answered(self._slack.api_call("chat.postEphemeral", json=body))
        except WebApiError as error:
            log.info("message not shown in a channel", reason=str(error))
            if error.word and error.word not in PASSING:
                raise ChannelRefusesError(error.word) from None
            return False
        return True
