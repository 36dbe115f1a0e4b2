"""Slack's Web API, asked through slack_sdk: one place that knows all the ways in which that fails."""

from __future__ import annotations

from collections.abc import Awaitable

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse


class WebApiError(Exception):
    """Slack did not do what it was asked; the text is its word for why, else its status, else what went wrong.

    `word` is Slack's own ("" where it said none), `status` the HTTP status (None where no answer was understood),
    `retry_after` the header as it came.
    """

    def __init__(
        self, reason: str, *, word: str = "", status: int | None = None, retry_after: str = ""
    ) -> None:
        super().__init__(reason)
        self.word = word
        self.status = status
        self.retry_after = retry_after


async def answered(request: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Return Slack's answer to the request; raises WebApiError."""
    try:
        return await request
    except SlackApiError as error:
        response = error.response
        said = response.get("error") if isinstance(response.data, dict) else None
        word = said if isinstance(said, str) else ""
        raise WebApiError(
            word or f"status {response.status_code}",
            word=word,
            status=response.status_code,
            retry_after=str(response.headers.get("Retry-After", "")),
        ) from None
    except AttributeError:  # what slack_sdk 3.47 raises for a 200 that is no JSON, such as a maintenance page
        raise WebApiError("not JSON") from None
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise WebApiError(type(error).__name__) from None
