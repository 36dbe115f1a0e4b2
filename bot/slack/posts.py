"""Messages that are posted to stay, and updated later (`chat.postMessage`, `chat.update`; scope `chat:write`).

https://docs.slack.dev/reference/methods/chat.postMessage and chat.update. Each post has a `client_msg_id`, by which Slack
knows a repetition: it answers with the message that is there. Of this the documentation has the errors only
(`duplicate_message_not_found`, `duplicate_channel_not_found`), and https://github.com/slackapi/java-slack-sdk/issues/852 says
that apps should not rely on it: nothing here does but the repetition after a missing answer.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID, uuid5

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.messages import OutgoingMessage
from bot.slack.web_api import PASSING, WebApiError, answered

_KEYS = UUID("d1c5b7a0-5f2f-4b5c-9c0e-2f6a6c0e7b11")
RETRY_SECONDS = 30.0
"""How long Slack is left alone where it does not say how long."""

_TOKEN = frozenset(
    {
        "account_inactive",
        "access_denied",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
"""Errors that say nothing about the message or its channel: somebody has to set the app right."""

DELETED = frozenset({"duplicate_channel_not_found", "duplicate_message_not_found"})
"""Words for a post that was there already, and has been deleted since."""

_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"})


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message is."""

    channel: str
    ts: str


class NotPostedError(Exception):
    """Slack did not say that it took it, and a later try may succeed, in `retry_after` seconds where Slack says so."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class PostRefusedError(Exception):
    """Slack takes no such message there; the text is its word for why."""


class Posts:
    """Posts and updates messages; `failed` is called for each that Slack did not take."""

    def __init__(self, slack: AsyncWebClient, failed: Callable[[], None] = lambda: None) -> None:
        self._slack = slack
        self._failed = failed

    async def post(self, channel: str, message: OutgoingMessage, *, key: str, thread_ts: str = "") -> Posted:
        """Post to a channel, or a user id for a direct message; into a thread, and never broadcast from there.

        The same `key` again posts nothing, whatever the message is by then. Raises NotPostedError and PostRefusedError.
        """
        once = {"client_msg_id": str(uuid5(_KEYS, key)), "unfurl_links": False, "unfurl_media": False}
        body = {"channel": channel, **once, **message.as_json()}
        if thread_ts:
            body |= {"thread_ts": thread_ts, "reply_broadcast": False}
        answer = await self._send("chat.postMessage", body)
        return Posted(str(answer.get("channel") or channel), str(answer.get("ts") or ""))

    async def update(self, where: Posted, message: OutgoingMessage) -> None:
        """Replace a message, if it is still there. Raises NotPostedError and PostRefusedError."""
        body = {"channel": where.channel, "ts": where.ts, **message.as_json()}
        try:
            await self._send("chat.update", body)
        except PostRefusedError as error:
            if str(error) not in _GONE:
                raise

    async def _send(self, method: str, body: dict[str, object]) -> dict[str, object]:
        try:
            answer = await answered(self._slack.api_call(method, json=body))
        except WebApiError as error:
            self._failed()
            raise _as_post_error(error) from None
        return answer.data if isinstance(answer.data, dict) else {}


def _as_post_error(error: WebApiError) -> Exception:
    if error.word and error.word not in PASSING | _TOKEN:
        return PostRefusedError(error.word)
    return NotPostedError(str(error), _seconds(error.retry_after))


def _seconds(said: str) -> float | None:
    with suppress(ValueError):
        return max(1.0, float(said))
    return None
