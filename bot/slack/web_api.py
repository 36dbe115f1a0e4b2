"""Requests to Slack's Web API by slack_sdk: the one place that knows all the ways in which they fail."""

from __future__ import annotations

from collections.abc import Awaitable
from http import HTTPStatus

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

# Errors that say nothing about the token (https://docs.slack.dev/reference/methods/auth.test, and for the app's token
# https://docs.slack.dev/reference/methods/apps.connections.open)
PASSING = frozenset(
    {
        "fatal_error",
        "internal_error",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)

NO_VALID_ANSWER = (aiohttp.ClientResponseError, aiohttp.ClientPayloadError)
"""What aiohttp raises where something answered: not by HTTP, cut short or badly compressed; a proxy that refuses."""


class WebApiError(Exception):
    """A request failed. The text is Slack's error code, else the HTTP status, else the kind of failure.

    `word` is Slack's error code ("" for none), `status` the HTTP status (None where there was no valid answer),
    `retry_after` the header as it came. `answered`: there was an answer, valid or not.
    """

    def __init__(
        self,
        reason: str,
        *,
        word: str = "",
        status: int | None = None,
        retry_after: str = "",
        answered: bool = True,
    ) -> None:
        super().__init__(reason)
        self.word = word
        self.status = status
        self.retry_after = retry_after
        self.answered = answered

    @property
    def refuses_token(self) -> bool:
        """Whether the token is wrong, and a retry is of no use. For methods that need nothing but a token."""
        return bool(self.word) and self.word not in PASSING and self.status == HTTPStatus.OK


async def answered(request: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Return Slack's answer to the request; raises WebApiError."""
    try:
        return await request
    except SlackApiError as error:
        response = error.response
        if isinstance(response, aiohttp.ClientResponse):  # the body is called JSON, and is none
            wait = str(response.headers.get("Retry-After", ""))
            raise WebApiError("not JSON", status=response.status, retry_after=wait) from None
        code = response.get("error") if isinstance(response.data, dict) else None
        word = code if isinstance(code, str) else ""
        raise WebApiError(
            word or f"status {response.status_code}",
            word=word,
            status=response.status_code,
            retry_after=str(response.headers.get("Retry-After", "")),
        ) from None
    except AttributeError:  # slack_sdk raises it for a 200 that is not JSON, such as a maintenance page
        raise WebApiError("not JSON") from None
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        is_answer = isinstance(error, (*NO_VALID_ANSWER, UnicodeDecodeError))
        raise WebApiError(type(error).__name__, answered=is_answer) from None
