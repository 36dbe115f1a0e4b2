"""The way out to Slack, built once: one session and one Web API client for all that the bot sends and asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.messages import DirectMessages, EphemeralMessages
from bot.slack.posts import Posts
from bot.slack.reply_addresses import ReplyAddresses
from bot.slack.response_url import TIMEOUT_SECONDS, Replies
from bot.slack.users import People
from bot.slack.views import Views
from bot.slack.workspace import Workspace

WEB_API_SECONDS = 3.0
"""How long a request to the Web API may take."""

POST_SECONDS = 10.0
"""How long a message may take to be posted for which nobody waits."""

CONNECT_SECONDS = 3.0

MAX_CONNECTIONS = 300
"""One for the reply to each look-up in flight, so that none waits for another's."""

ROUTES = ("response_url", "views", "chat")
"""The ways by which messages and views go out: a label of the metrics."""


@dataclass(frozen=True, slots=True)
class Slack:
    """What the bot sends to Slack, and asks it."""

    session: aiohttp.ClientSession
    client: AsyncWebClient
    workspace: Workspace
    people: People
    replies: Replies
    views: Views
    messages: DirectMessages
    posts: Posts
    ephemeral: EphemeralMessages


@asynccontextmanager
async def connect(
    token: str,
    api_url: str,
    *,
    on_failure: Callable[[str], None],
    web_api_seconds: float = WEB_API_SECONDS,
    reply_seconds: float = TIMEOUT_SECONDS,
) -> AsyncIterator[Slack]:
    """Open the sessions. `on_failure` is called with the route of each message or view that Slack did not take."""
    async with _session(web_api_seconds) as session, _session(POST_SECONDS, reuse=False) as posting:
        client = AsyncWebClient(token=token, base_url=f"{api_url}/", session=session)
        once = AsyncWebClient(token=token, base_url=f"{api_url}/", session=posting, retry_handlers=[])
        response_url, views, chat = (partial(on_failure, route) for route in ROUTES)
        yield Slack(
            session=session,
            client=client,
            workspace=Workspace(client),
            people=People(client),
            replies=Replies(session, ReplyAddresses(api_url), response_url, within=reply_seconds),
            views=Views(client, views),
            messages=DirectMessages(client, chat),
            posts=Posts(once, chat),
            ephemeral=EphemeralMessages(client),
        )


def _session(seconds: float, *, reuse: bool = True) -> aiohttp.ClientSession:
    """Return a session in which a request may take so long: slack_sdk ignores its own limit where it is given one.

    One that may not `reuse` connections never sends into one that Slack is just closing, and so seldom has to send again.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS, force_close=not reuse),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=min(seconds, CONNECT_SECONDS)),
        trust_env=True,
    )
