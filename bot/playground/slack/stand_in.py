"""The stand-in Slack as one object: puts its parts together, runs the server, and is what tests talk to."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from bot.playground.slack.dispatch import PATIENCE, Delivery, Dispatcher
from bot.playground.slack.faults import Fault, Received
from bot.playground.slack.homes import Home
from bot.playground.slack.interactions import Interactions
from bot.playground.slack.messages import Message
from bot.playground.slack.modals import Modal
from bot.playground.slack.page_api import PageApi
from bot.playground.slack.page_workspace import BeginCall, SampleCall
from bot.playground.slack.refusals import Refusal
from bot.playground.slack.response_url import ResponseUrlApi
from bot.playground.slack.security import add_headers, only_our_page
from bot.playground.slack.slackbot import Slackbot
from bot.playground.slack.socket_mode import SocketMode
from bot.playground.slack.state import fresh
from bot.playground.slack.webapi import WebApi
from bot.playground.slack.workspace import (
    COMMAND,
    GLOBAL_SHORTCUTS,
    OTHER_BOT_ID,
    OTHER_BOT_NAME,
    SHORTCUTS,
    Json,
    person,
)

_T = TypeVar("_T")
PLAYGROUND_TOKEN = "xoxb-playground"
DEFAULT_SCOPES = ("commands", "chat:write", "users:read")


class StandInSlack:
    """A Slack of one channel that keeps Slack's rules; see bot/playground/slack/__init__.py.

    `app_token` is the app's own token, with Socket Mode on: then all goes by its WebSockets, and nothing to its URL.

    `now` is the clock of the rules, in Unix seconds; requests are signed by the real one, which the bot's
    is checked against. `patience` is how many real seconds a bot has to answer. `page` is the folder with
    index.html. `incoming` lets a call come in for a person.
    """

    def __init__(
        self,
        *,
        signing_secret: str,
        bot_token: str = PLAYGROUND_TOKEN,
        app_token: str | None = None,
        samples: Sequence[SampleCall] = (),
        page: Path | None = None,
        incoming: BeginCall | None = None,
        shortcuts: Mapping[str, str] = SHORTCUTS,
        global_shortcuts: Mapping[str, str] = GLOBAL_SHORTCUTS,
        usage_hint: str = "[session id | recent | subscribe | whoami | help]",
        scopes: Iterable[str] = DEFAULT_SCOPES,
        now: Callable[[], float] = time.time,
        patience: float = PATIENCE,
    ) -> None:
        self._state = state = fresh(now)
        self.socket_mode = SocketMode(state.record, token=app_token)
        self._dispatcher = Dispatcher(signing_secret, patience, self.socket_mode if app_token else None)
        self._interactions = Interactions(state, self._dispatcher)
        self.slackbot = Slackbot(state, self._dispatcher)
        self._responses = ResponseUrlApi(state)
        self._web_api = WebApi(state, token=bot_token, scopes=scopes, socket=self.socket_mode)
        self._page_api = PageApi(
            state,
            self._interactions,
            self.slackbot,
            samples=samples,
            shortcuts=dict(shortcuts),
            global_shortcuts=dict(global_shortcuts),
            usage_hint=usage_hint,
            page=page,
            incoming=incoming,
        )
        self._runner: web.AppRunner | None = None
        self.url = ""

    # The server

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. OSError when the port is taken."""
        app = web.Application(middlewares=[only_our_page])
        app.on_response_prepare.append(add_headers)
        app.router.add_post("/response/{key}", self._responses.handle)
        app.router.add_route("*", "/webapi/{method}", self._web_api.handle)
        app.router.add_get("/link/", self.socket_mode.handle)
        self._page_api.add_to(app)
        # Streams end by themselves at close, so nothing needs the 60 s that aiohttp would wait.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        bound = self._runner.addresses[0][1]
        self.url = f"http://{host}:{bound}/"
        self._interactions.base_url = self.url
        self._web_api.workspace_url = self.url
        self.socket_mode.url = self.url
        self._dispatcher.start()

    async def close(self) -> None:
        """Stop listening and end all streams."""
        self._page_api.stream.close()
        await self.socket_mode.close()
        await self._dispatcher.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def connect(self, bot_events_url: str) -> None:
        """Say where the bot listens: the URL of its `/slack/events`."""
        self._dispatcher.url = bot_events_url

    @property
    def api_url(self) -> str:
        """The base of the page's API, ending in a slash."""
        return f"{self.url}api/"

    @property
    def web_api_url(self) -> str:
        """The base of the Web API, ending in a slash: the bot's SLACK_API_URL."""
        return f"{self.url}webapi/"

    # What people do

    async def command(
        self, user_id: str, text: str, *, name: str = COMMAND, fields: Mapping[str, str] | None = None
    ) -> Delivery:
        """Send a slash command as that person; `fields` replaces fields of the form."""
        return await self._interactions.command(user_id, text, name, fields or {})

    async def shortcut(self, user_id: str, ts: str, callback_id: str = "callinfo_from_message") -> Delivery:
        """Use a message shortcut on a message; LookupError when that person can't."""
        return await self._interactions.shortcut(user_id, ts, callback_id)

    async def global_shortcut(self, user_id: str, callback_id: str = "callinfo_find") -> Delivery:
        """Use a shortcut from the menu beside the message box."""
        return await self._interactions.global_shortcut(user_id, callback_id)

    async def open_home(
        self, user_id: str, tab: str = "home", fields: Mapping[str, Any] | None = None
    ) -> Delivery:
        """Open a tab of the app's, `home` or `messages`; `fields` replaces fields around the event."""
        return await self._interactions.open_home(user_id, tab, fields or {})

    async def press(
        self,
        user_id: str,
        where: str,
        action_id: str,
        block_id: str | None = None,
        value: str | list[str] | None = None,
        *,
        values: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Delivery:
        """Press the element with that action id in a message (`where` is its ts), a modal or the Home tab (its view id).

        `value` tells several elements with one action id apart, or chooses an option, a day or a conversation; of boxes
        to tick it is the list of those that are ticked. `values` are what else the view's inputs have, as in `submit`.
        LookupError when the person does not see such an element.
        """
        return await self._interactions.press(user_id, where, action_id, block_id, value, given=values or {})

    async def submit(
        self, user_id: str, view_id: str, values: Mapping[str, Mapping[str, Any]] | None = None
    ) -> Delivery:
        """Submit a view with values by block id and action id; `errors` says what was not accepted."""
        return await self._interactions.submit(user_id, view_id, values or {})

    async def close_view(self, user_id: str, view_id: str) -> Delivery | None:
        """Close a view; None when the view has no `notify_on_close`."""
        return await self._interactions.close(user_id, view_id)

    async def interact(self, user_id: str, payload: Mapping[str, Any]) -> Delivery:
        """Send any payload, signed: for what Slack itself would never send."""
        return await self._interactions.interact(user_id, payload)

    async def event(self, kind: str, **facts: Any) -> Delivery:
        """Deliver an event of the Events API, such as `app_uninstalled`; `facts` are its further fields."""
        return await self._interactions.event({"type": kind, **facts})

    async def redeliver(self, delivery: Delivery) -> Delivery:
        """Send the very bytes and headers of an earlier request again, as a repeating proxy does."""
        return await self._dispatcher.repeat(delivery)

    def post(
        self,
        user_id: str | None,
        text: str,
        blocks: Sequence[Json] | None = None,
        attachments: Sequence[Json] | None = None,
        thread_ts: str | None = None,
        *,
        bot: bool = False,
    ) -> str:
        """Put a message in the channel and return its ts: a person's, with None another app's, `bot` ours.

        LookupError when there is no such thread.
        """
        if thread_ts is not None and self._state.messages.root(thread_ts) is None:
            raise LookupError(f"no thread {thread_ts}")
        content = {"text": text, "blocks": blocks, "attachments": attachments}
        if bot:
            return self._state.messages.add_from_bot(content, thread_ts=thread_ts).ts
        return self._state.messages.add(
            sender="app" if user_id is None else "person",
            user_id=user_id or OTHER_BOT_ID,
            user_name=person(user_id).name if user_id else OTHER_BOT_NAME,
            text=text,
            blocks=blocks,
            attachments=attachments,
            thread_ts=thread_ts,
        ).ts

    # What there is to see

    def seen_by(self, user_id: str) -> list[Message]:
        """Return the messages that person sees, in order."""
        return self._state.messages.seen_by(person(user_id).id)

    def modals(self, user_id: str) -> list[Modal]:
        """Return the views that person has open, the last on top."""
        return self._state.modals.stack(person(user_id).id)

    def home(self, user_id: str) -> Home | None:
        """Return what that person's Home tab shows, None before anything was published there."""
        return self._state.homes.of(person(user_id).id)

    @property
    def received(self) -> list[Received]:
        """All requests of the bot's to response URLs and the Web API."""
        return self._state.record.received

    @property
    def refusals(self) -> list[Refusal]:
        """All that Slack would have refused: empty after a test in which nothing should go wrong."""
        return self._state.record.refusals

    async def wait_for(
        self,
        predicate: Callable[[], _T],
        timeout: float = 30.0,  # noqa: ASYNC109 - a test says here how long it waits
    ) -> _T:
        """Return what `predicate` returns once it is true; TimeoutError after that many real seconds."""
        with self._state.changes.watch() as changed:
            async with asyncio.timeout(timeout):
                while not (found := predicate()):
                    await changed.wait()
                    changed.clear()
        return found

    # What can go wrong

    def fail(
        self,
        target: str,
        *,
        status: int | None = 500,
        body: str | Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        delay: float = 0.0,
        times: int = 1,
    ) -> None:
        """Let the next `times` requests to `response_url` or a Web API method fail, after `delay` seconds.

        With `status=None` they are only late.
        """
        self._state.faults.add(target, Fault(status, body, dict(headers or {}), delay), times)

    def recover(self) -> None:
        """Stop all failures."""
        self._state.faults.clear()

    def revoke_token(self, error: str = "token_revoked") -> None:
        """Answer every Web API request with that error from now on."""
        self._web_api.token_error = error

    def put_clock_off(self, seconds: float) -> None:
        """Let Slack's clock and the bot's differ: requests' times and answers' dates are `seconds` later, or earlier."""
        self._dispatcher.clock_off = seconds
        self._web_api.clock_off = seconds

    def lead_response_urls(self, base_url: str) -> None:
        """Let the response URLs that are handed out from now on lead there; it ends in a slash."""
        self._interactions.base_url = base_url

    @property
    def deactivated(self) -> set[str]:
        """Who has left the workspace, by user id: users.info says so, and nobody can write to them."""
        return self._web_api.deactivated

    @property
    def home_tab(self) -> bool:
        """Whether the app's manifest has a Home tab."""
        return self._web_api.home_tab

    @home_tab.setter
    def home_tab(self, enabled: bool) -> None:
        self._web_api.home_tab = enabled

    @property
    def admins(self) -> set[str]:
        """The admins of the workspace, by user id."""
        return self._web_api.admins

    @property
    def thread_replies(self) -> bool:
        """Whether response URLs use `thread_ts`; Slack's pages contradict each other on it."""
        return self._responses.thread_replies

    @thread_replies.setter
    def thread_replies(self, heeded: bool) -> None:
        self._responses.thread_replies = heeded

    @property
    def bot_in_channel(self) -> bool:
        """Whether the bot is a member of the channel: chat.* needs that, response URLs don't."""
        return self._web_api.in_channel

    @bot_in_channel.setter
    def bot_in_channel(self, member: bool) -> None:
        self._web_api.in_channel = member
