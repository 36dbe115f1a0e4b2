"""Messages that are posted to stay, and updated later (`chat.postMessage`, `chat.update`; scope `chat:write`).

https://docs.slack.dev/reference/methods/chat.postMessage and chat.update. A post has no idempotency key that an app may
use, so one that may have arrived must not be repeated: the client is one that repeats nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.messages import OutgoingMessage
from bot.slack.web_api import PASSING, WebApiError, answered

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

_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"})


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message is."""

    channel: str
    ts: str


class NotPostedError(Exception):
    """Slack did not take it, and a later try may succeed, in `retry_after` seconds where Slack says so."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class PostRefusedError(Exception):
    """Slack takes no such message there; the text is its word for why."""


class PostInDoubtError(Exception):
    """There was no answer: it may have arrived."""


class Posts:
    """Posts and updates messages; `failed` is called for each that Slack did not take."""

    def __init__(self, slack: AsyncWebClient, failed: Callable[[], None] = lambda: None) -> None:
        self._slack = slack
        self._failed = failed

    async def post(self, channel: str, message: OutgoingMessage, *, thread_ts: str = "") -> Posted:
        """Post to a channel, or a user id for a direct message; into a thread, and never broadcast from there.

        Raises NotPostedError, PostRefusedError, and PostInDoubtError.
        """
        body = {"channel": channel, "unfurl_links": False, "unfurl_media": False, **message.as_json()}
        if thread_ts:
            body |= {"thread_ts": thread_ts, "reply_broadcast": False}
        answer = await self._send("chat.postMessage", body)
        return Posted(str(answer.get("channel") or channel), str(answer.get("ts") or ""))

    async def update(self, where: Posted, message: OutgoingMessage) -> bool:
        """Replace a message; return False where it is not there any more.

        Raises NotPostedError and PostRefusedError.
        """
        body = {"channel": where.channel, "ts": where.ts, **message.as_json()}
        try:
            await self._send("chat.update", body)
        except PostInDoubtError as error:  # it does no harm to do it again
            raise NotPostedError(str(error)) from None
        except PostRefusedError as error:
            if str(error) in _GONE:
                return False
            raise
        return True

    async def _send(self, method: str, body: dict[str, object]) -> dict[str, object]:
        try:
            answer = await answered(self._slack.api_call(method, json=body))
        except WebApiError as error:
            self._failed()
            raise _as_post_error(error) from None
        return answer.data if isinstance(answer.data, dict) else {}


def _as_post_error(error: WebApiError) -> Exception:
    if not error.sent:
        return NotPostedError(str(error))
    if not error.answered:
        return PostInDoubtError(str(error))
    if error.word and error.word not in PASSING | _TOKEN:
        return PostRefusedError(error.word)
    return NotPostedError(str(error), _seconds(error.retry_after))


def _seconds(said: str) -> float | None:
    with suppress(ValueError):
        return max(1.0, float(said))
    return None
