"""Direct messages: to a person, from the bot (`chat.postMessage` to a user id; scope `chat:write`).

https://docs.slack.dev/reference/methods/chat.postMessage. A person may have no part in what asks for them, so a
message that does not arrive is for the caller to tell, and never a reason to undo what was done.
"""

from __future__ import annotations

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cards.message import Message

log = structlog.get_logger()


class DirectMessages:
    """Sends direct messages."""

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack

    async def send(self, user_id: str, message: Message) -> bool:
        """Send the message; return whether Slack took it."""
        try:
            await self._slack.api_call(
                "chat.postMessage",
                json={"channel": user_id, "unfurl_links": False, "unfurl_media": False, **message.as_json()},
            )
        except SlackApiError as error:
            said = error.response.data if isinstance(error.response.data, dict) else {}
            log.warning(
                "direct message not sent", reason=str(said.get("error") or error.response.status_code)
            )
            return False
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError) as error:
            # AttributeError: what slack_sdk 3.47 raises for a 200 that is no JSON
            log.warning("direct message not sent", reason=type(error).__name__)
            return False
        return True
