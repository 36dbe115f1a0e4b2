"""The composition root: the only file that knows all rooms, and the order in which a bot starts and shuts down."""

from __future__ import annotations

import asyncio
import gc
import signal
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from slack_sdk.signature import SignatureVerifier

from bot.answers.audited_calls import AuditedCalls
from bot.answers.home import Home
from bot.answers.notices import LinkNotices
from bot.answers.outbox import Outbox
from bot.answers.responder import Responder
from bot.answers.tasks import Tasks
from bot.answers.telling import Teller
from bot.calls.history import CallHistory
from bot.calls.local_days import LocalDays
from bot.calls.lookup import Lookup
from bot.calls.share_claims import ShareClaims
from bot.calls.transcript_lookup import TranscriptLookup
from bot.cards.problem_card import Contacts
from bot.cometchat import CometChat
from bot.cometchat.client import TOTAL_SECONDS
from bot.identity.membership import Membership
from bot.identity.rules import ConfiguredUsers, chain_of, own_team_of
from bot.inbound.bolt import bolt_app
from bot.inbound.cometchat_events import CometChatEvents
from bot.inbound.dispatch import Dispatch
from bot.inbound.http_events import HttpEvents
from bot.inbound.mcp import McpEndpoint
from bot.inbound.mcp_messages import Messages
from bot.inbound.metric_labels import LABELS
from bot.inbound.server import Server
from bot.inbound.socket_mode.client import SocketMode
from bot.inbound.socket_mode.connection import Connector
from bot.links.admins import Admins
from bot.links.audit_entries import AuditEntries
from bot.links.home_tab import HomeTabs
from bot.links.use_cases import LinkUseCases
from bot.links.validation import LinkValidation
from bot.listeners import Services
from bot.listeners.resume import resume
from bot.listeners.slackbot.slackbot import Slackbot
from bot.observability.audit import Audit
from bot.observability.log_throttle import LogThrottle
from bot.observability.logs import log_loop_trouble
from bot.observability.metrics import Metrics
from bot.settings import Settings
from bot.slack import connection as slack_connection
from bot.slack.connection import WEB_API_SECONDS, Slack
from bot.slack.response_url import TIMEOUT_SECONDS
from bot.slack.workspace import SlackUnreachableError
from bot.storage.store import open_store
from bot.subscriptions.budget import Budget
from bot.subscriptions.following import Follower
from bot.subscriptions.looking import Looker
from bot.subscriptions.polling import HINTED_A_MINUTE, Polling
from bot.subscriptions.service import Subscriptions
from bot.subscriptions.standing import Standing
from bot.throttling.client import ThrottledClient
from bot.throttling.rate_limiter import parse_rates
from bot.throttling.redis_counts import open_rate_limiter
from bot.throttling.refusals import Refusals

log = structlog.get_logger()

DRAIN_SECONDS = 18.0
"""How long work under way may take at shutdown; platforms kill the process 30 s after SIGTERM."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many seconds the bot waits for others: for a call, for a reply to be taken, for Slack's Web API."""

    call: float = TOTAL_SECONDS
    reply: float = TIMEOUT_SECONDS
    web_api: float = WEB_API_SECONDS


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that serves. In Socket Mode `connected` is set at the first connection; by HTTP it is None."""

    port: int
    connected: asyncio.Event | None


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then drain.

    Raises TokenRefusedError and AppTokenRefusedError when Slack refuses a token.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(log_loop_trouble)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with serving(settings) as bot:
        gc.freeze()  # of some 150,000 objects, most stay: a full collection that walks them all answers nobody meanwhile
        saying = asyncio.create_task(_say_ready(bot))
        await stop.wait()
        saying.cancel()
        log.info("draining")
    log.info("stopped")


async def _say_ready(bot: Bot) -> None:
    """Log that Slack reaches the bot, once it does."""
    if bot.connected:
        await bot.connected.wait()
    log.info("ready", port=bot.port)


@asynccontextmanager
async def serving(
    settings: Settings, limits: Limits | None = None, *, quiet_hours: bool = True
) -> AsyncIterator[Bot]:
    """Run a bot; leaving drains it: no new work, at most DRAIN_SECONDS for what is under way, then close all.

    Without `quiet_hours` people are told at any time, whatever they chose.
    """
    limits = limits or Limits()
    async with AsyncExitStack() as stack:
        metrics, tasks = Metrics(LABELS), Tasks()
        throttle = stack.enter_context(closing(LogThrottle()))
        slack = await stack.enter_async_context(
            slack_connection.connect(
                settings.slack_bot_token.get_secret_value(),
                settings.slack_api_url,
                on_failure=metrics.reply_failed,
                web_api_seconds=limits.web_api,
                reply_seconds=limits.reply,
            )
        )
        own_team = own_team_of(slack.workspace)

        # CometChat, asked within limits
        refusals = Refusals(throttle, metrics.rate_limited)
        cometchat = await stack.enter_async_context(
            CometChat(settings.calls_base_url, settings.cometchat_api_key, total=limits.call)
        )
        client = ThrottledClient(cometchat, metrics, refusals)
        rate_limiter = await stack.enter_async_context(
            open_rate_limiter(
                parse_rates(settings.callinfo_rate_limit), settings.callinfo_rate_limit_store, refusals
            )
        )

        # What is kept, and who a person is
        store = await stack.enter_async_context(open_store(settings.database_url.get_secret_value()))
        metrics.watch_store(lambda: store.database.well)
        audit = AuditEntries(Audit(store.audit, tasks), time.time)
        by_slack_id = settings.callinfo_uid_rule == "slack-id"
        identity = chain_of(store.links, settings.callinfo_user_map, own_team, by_slack_id=by_slack_id)

        # Use cases
        days = LocalDays(slack.people)
        admins = Admins(settings.callinfo_admins, slack.people, own_team, rate_limiter)
        validation = LinkValidation(slack.people, client)
        links = LinkUseCases.of(
            links=store.links,
            requests=store.requests,
            identity=identity,
            admins=admins,
            validation=validation,
            notifier=LinkNotices(slack.messages),
            audit=audit,
            configured=ConfiguredUsers(settings.callinfo_user_map, own_team, by_slack_id=by_slack_id).of,
        )
        calls = AuditedCalls(
            lookup := Lookup(client, identity, settings.calls_app, rate_limiter),
            CallHistory(client, identity, rate_limiter, days.zone_of),
            TranscriptLookup(lookup, client, settings.calls_base_url),
            audit,
            links.whoami,
        )

        # Looking for what people want to be told, and telling them
        standing, budget = Standing(identity, admins, slack.people), Budget(HINTED_A_MINUTE)
        teller = Teller(
            store=store.messages,
            posts=slack.posts,
            standing=standing,
            zone_of=days.zone_of,
            audit=audit,
            metrics=metrics,
            tasks=tasks,
            quiet_hours=quiet_hours,
        )
        polling = Polling(
            looks=store.looks,
            looker=Looker(store.looks, client, standing, ended=teller.note_end, found=teller.wake),
            follower=Follower(store.hints, store.looks, client, standing, budget),
            budget=budget,
            metrics=metrics,
            start=tasks.start,
            interval=settings.poll_seconds,
        )
        subscriptions = Subscriptions(
            store=store.subscriptions,
            identity=identity,
            whoami=links.whoami,
            admins=admins,
            validation=validation,
            rate_limiter=rate_limiter,
            audit=audit,
            now=time.time,
            wake=polling.wake,
        )

        # Answers
        contacts = Contacts(settings.callinfo_admins, settings.callinfo_support)
        outbox = Outbox(store.outbox, tasks)
        home = Home(
            tabs=HomeTabs(links.whoami, links.service, links.requests),
            views=slack.views,
            calls=calls,
            subscriptions=subscriptions,
            contacts=contacts,
            now=time.time,
        )
        links.changes.subscribe(lambda user, reference: tasks.start(home.redraw(user, reference)))
        responder = Responder(
            replies=slack.replies,
            views=slack.views,
            home=home,
            outbox=outbox,
            tasks=tasks,
            metrics=metrics,
            contacts=contacts,
            answer_within=settings.callinfo_answer_within,
        )

        # Listeners, and the ways in
        services = Services(
            calls=calls,
            days=days,
            membership=Membership(slack.people, own_team),
            whoami=links.whoami,
            links=links.service,
            link_requests=links.requests,
            subscriptions=subscriptions,
            audit=audit,
            tasks=tasks,
            responder=responder,
            replies=slack.replies,
            views=slack.views,
            shares=ShareClaims(store.share_claims),
            ephemeral=slack.ephemeral,
            contacts=contacts,
            recording_hosts=settings.recording_hosts,
            now=time.time,
        )
        bolt = bolt_app(settings.slack_bot_token.get_secret_value(), slack.client.base_url, services)
        dispatch = Dispatch(bolt, metrics, throttle, is_full=lambda: tasks.full)
        socket, verifier = _ways_in(settings, slack, dispatch)
        server = Server(
            metrics,
            HttpEvents(dispatch, verifier) if verifier else None,
            is_connected=lambda: socket is None or socket.is_connected,
            mcp=McpEndpoint(Messages(Slackbot(services)), dispatch, verifier, throttle) if verifier else None,
            cometchat_events=settings.webhook
            and CometChatEvents(
                settings.webhook, store.hints, polling.wake, metrics=metrics, throttle=throttle, now=time.time
            ),
        )

        await server.listen(settings.host, settings.port)
        stack.push_async_callback(server.close)
        await _reach_slack(slack, socket, stack)
        server.ready()
        try:
            with _looping(outbox.run(partial(resume, services)), polling.run(), teller.run()):
                yield Bot(server.port, socket.connected if socket else None)
        finally:
            responder.draining = True
            server.begin_drain()
            await _drain(tasks, socket)


@contextmanager
def _looping(*loops: Coroutine[Any, Any, None]) -> Iterator[None]:
    """Run what goes on until the shutdown."""
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


def _ways_in(
    settings: Settings, slack: Slack, dispatch: Dispatch
) -> tuple[SocketMode | None, SignatureVerifier | None]:
    """Return the one of the two that is configured: the bot connects to Slack, or Slack signs its posts to the bot."""
    if settings.slack_app_token:
        connector = Connector(slack.session, settings.slack_app_token, settings.slack_api_url)
        return SocketMode(connector, dispatch), None
    secret = settings.slack_signing_secret
    return None, SignatureVerifier(secret.get_secret_value()) if secret else None


async def _reach_slack(slack: Slack, socket: SocketMode | None, stack: AsyncExitStack) -> None:
    """Ask Slack for the bot's own workspace, and connect in Socket Mode."""
    with suppress(SlackUnreachableError):  # logged there, and asked again when somebody needs it
        await slack.workspace.learn()
    if socket:
        stack.push_async_callback(socket.close)
        await socket.start()


async def _drain(tasks: Tasks, socket: SocketMode | None) -> None:
    """Finish what is under way; meanwhile tell Slack that nothing more should come by WebSocket."""
    async with asyncio.TaskGroup() as group:
        if socket:
            group.create_task(socket.close())
        late = await tasks.finish(DRAIN_SECONDS)
    if late:
        log.error("drain cut short", unanswered=late)
