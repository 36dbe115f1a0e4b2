"""Direct messages: to a person, from the bot (`chat.postMessage` to a user id; scope `chat:write`).

https://docs.slack.dev/reference/methods/chat.postMessage. A person may have no part in what asks for them, so a
message that does not arrive is for the caller to tell, and never a reason to undo what was done.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.cards.kit.message import Message
from bot.slack.web_api import WebApiError, answered

log = structlog.get_logger()


class DirectMessages:
    """Sends direct messages; `failed` is called for each that Slack did not take."""

    def __init__(self, slack: AsyncWebClient, failed: Callable[[], None] = lambda: None) -> None:
        self._slack = slack
        self._failed = failed

    async def send(self, user_id: str, message: Message) -> bool:
        """Send the message; return whether Slack took it."""
        body = {"channel": user_id, "unfurl_links": False, "unfurl_media": False, **message.as_json()}
        try:
            await answered(self._slack.api_call("chat.postMessage", json=body))
        except WebApiError as error:
            self._failed()
            log.warning("direct message not sent", reason=str(error))
            return False
        return True
