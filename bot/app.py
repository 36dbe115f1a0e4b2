"""The composition root: the only file that knows all the others, and the order of start and shutdown."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from functools import partial
from typing import get_args
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.home import Home
from bot.answers.interaction import Done, Kind
from bot.answers.notices import LinkNotices
from bot.answers.outbox import Outbox
from bot.answers.responder import Responder
from bot.answers.tasks import Tasks
from bot.calls.history import CallHistory
from bot.calls.local_days import LocalDays
from bot.calls.lookup import Lookup
from bot.calls.problems import ProblemKind
from bot.calls.share_claims import ShareClaims
from bot.cards.problem import Contacts
from bot.cometchat import CometChat
from bot.cometchat.client import TOTAL_SECONDS
from bot.identity import OwnTeam
from bot.identity.links import Links
from bot.identity.rules import Chain, Identity, SlackIdRule, StoredLink, UserMap, own_team_of
from bot.inbound.dispatch import Dispatch
from bot.inbound.http_events import HttpEvents
from bot.inbound.server import Server
from bot.inbound.slack_requests import STATUSES
from bot.inbound.socket_mode.client import SocketMode
from bot.inbound.socket_mode.connection import Connector
from bot.links.audit_entries import AuditEntries
from bot.links.home_tab import HomeTabs
from bot.links.policy import Admins, LinkValidation
from bot.links.requests import LinkRequests
from bot.links.service import LinkService, OnChange
from bot.links.whoami import Whoami
from bot.listeners import Services, register_all
from bot.listeners.resume import resume
from bot.observability.audit import Audit
from bot.observability.log_throttle import LogThrottle
from bot.observability.logs import log_loop_trouble
from bot.observability.metrics import OTHER, Labels, Metrics
from bot.settings import Settings
from bot.slack.messages import DirectMessages
from bot.slack.reply_addresses import ReplyAddresses
from bot.slack.response_url import TIMEOUT_SECONDS, Replies
from bot.slack.users import People
from bot.slack.views import Views
from bot.slack.workspace import SlackUnreachableError, Workspace
from bot.storage.store import Store, open_store
from bot.throttling.client import ThrottledClient, UpstreamOutcome, UpstreamRequest
from bot.throttling.rate_limiter import RateLimiter, parse_rates
from bot.throttling.redis_counts import RedisCounts, parse_store_url
from bot.throttling.refusals import Refusals, Scope

log = structlog.get_logger()

DRAIN_SECONDS = 18.0
"""How long work under way may take at shutdown; platforms kill the process 30 s after SIGTERM."""

WEB_API_SECONDS = 3.0

LABELS = Labels(
    kinds=frozenset(get_args(Kind)),
    outcomes=frozenset((*get_args(Done), *ProblemKind)),
    alerted=frozenset((ProblemKind.CRASHED, ProblemKind.IDENTITY_UNAVAILABLE, ProblemKind.LINKS_UNAVAILABLE)),
    requests=frozenset(get_args(UpstreamRequest)),
    upstream_outcomes=frozenset(get_args(UpstreamOutcome)) - {OTHER},
    scopes=frozenset(Scope),
    routes=frozenset(("response_url", "views", "chat")),
    statuses=frozenset(map(str, STATUSES)),
)
"""What the metrics may count by."""

MOST_TO_SLACK = 300
"""Connections to Slack: one for the reply to each look-up under way (throttling/concurrency.py), so that none waits for another's."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many seconds the bot waits for others: for a call, for a reply to be taken, for Slack's Web API."""

    call: float = TOTAL_SECONDS
    reply: float = TIMEOUT_SECONDS
    web_api: float = WEB_API_SECONDS


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that serves."""

    port: int


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
        log.info("ready", port=bot.port)
        await stop.wait()
        log.info("draining")
    log.info("stopped")


@asynccontextmanager
async def serving(settings: Settings, limits: Limits | None = None) -> AsyncIterator[Bot]:
    """Run a bot; leaving drains it: no new work, at most DRAIN_SECONDS for what is under way, then close all."""
    limits = limits or Limits()
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(_slack_session(limits.web_api))
        slack = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=f"{settings.slack_api_url}/",
            session=session,
        )
        workspace, metrics = Workspace(slack), Metrics(LABELS)
        refusals = Refusals(metrics.rate_limited)
        stack.callback(refusals.flush)
        cometchat = await stack.enter_async_context(
            CometChat(settings.calls_base_url, settings.cometchat_api_key, total=limits.call)
        )
        client = ThrottledClient(cometchat, metrics, refusals)
        rate_limiter = await stack.enter_async_context(_rate_limiter(settings, refusals))
        store = await stack.enter_async_context(open_store(settings.database_url.get_secret_value()))
        metrics.watch_store(lambda: store.database.well)
        identity = _identity(settings, own_team_of(workspace), store.links)
        tasks, people = Tasks(), People(slack)
        replies = Replies(
            session,
            ReplyAddresses(settings.slack_api_url),
            partial(metrics.reply_failed, "response_url"),
            within=limits.reply,
        )
        views = Views(slack, partial(metrics.reply_failed, "views"))
        notices = LinkNotices(DirectMessages(slack, partial(metrics.reply_failed, "chat")))
        audit = AuditEntries(Audit(store.audit, tasks), time.time)
        admins = Admins(settings.callinfo_admins, people, own_team_of(workspace))
        managing = _managing(
            store,
            identity,
            admins=admins,
            validation=LinkValidation(people, client),
            notices=notices,
            audit=audit,
            # `home` is made below, of what is made here
            on_change=lambda user, reference: tasks.start(home.redraw(user, reference)),
        )
        days, outbox = LocalDays(people), Outbox(store.outbox, tasks)
        contacts = Contacts(settings.callinfo_admins, settings.callinfo_support)
        home = Home(
            tabs=HomeTabs(managing.whoami, managing.links, managing.link_requests),
            views=views,
            # `services` are made below, with this in them
            list_calls=lambda interaction, query: services.list_calls(interaction, query),  # noqa: PLW0108 - it is looked up when it is there
            helpers=contacts,
            now=time.time,
        )
        responder = Responder(
            replies=replies,
            views=views,
            home=home,
            outbox=outbox,
            tasks=tasks,
            metrics=metrics,
            helpers=contacts,
            answer_within=settings.callinfo_answer_within,
        )
        services = Services(
            lookup=Lookup(client, identity, settings.home, rate_limiter),
            recent=CallHistory(client, identity, rate_limiter, days.zone_of),
            days=days,
            whoami=managing.whoami,
            links=managing.links,
            link_requests=managing.link_requests,
            audit=audit,
            tasks=tasks,
            responder=responder,
            replies=replies,
            views=views,
            shares=ShareClaims(store.share_claims),
            contacts=contacts,
            recording_hosts=_recording_hosts(settings),
            now=time.time,
        )
        throttle = stack.enter_context(closing(LogThrottle()))
        dispatch = Dispatch(_bolt(settings, slack, services), metrics, throttle, is_full=lambda: tasks.full)
        socket, events = _ways_in(settings, session, dispatch)
        server = Server(metrics, events, is_connected=lambda: socket is None or socket.is_connected)
        await server.listen(settings.host, settings.port)
        stack.push_async_callback(server.close)
        with suppress(SlackUnreachableError):  # logged there, and asked again when somebody needs it
            await workspace.learn()
        if socket:
            stack.push_async_callback(socket.close)
            await socket.start()
        server.ready()
        resuming = asyncio.create_task(outbox.run(partial(resume, services)))
        try:
            yield Bot(server.port)
        finally:
            resuming.cancel()
            responder.draining = True
            server.begin_drain()
            await _drained(tasks, socket)


@asynccontextmanager
async def _rate_limiter(settings: Settings, refusals: Refusals) -> AsyncIterator[RateLimiter]:
    rates, address = parse_rates(settings.callinfo_rate_limit), settings.callinfo_rate_limit_store
    if parse_store_url(address.get_secret_value()) is None:
        yield RateLimiter(rates, refusals)
    else:
        async with RedisCounts(address, rates) as shared:
            yield RateLimiter(rates, refusals, shared)


async def _drained(tasks: Tasks, socket: SocketMode | None) -> None:
    """Finish what is under way; meanwhile let Slack know that nothing more should come by WebSocket."""
    async with asyncio.TaskGroup() as group:
        if socket:
            group.create_task(socket.close())
        late = await tasks.finish(DRAIN_SECONDS)
    if late:
        log.error("drain cut short", unanswered=late)


def _ways_in(
    settings: Settings, session: aiohttp.ClientSession, dispatch: Dispatch
) -> tuple[SocketMode | None, HttpEvents | None]:
    """Return the one of the two by which Slack comes in: the bot connects to Slack, or Slack posts to the bot."""
    if settings.slack_app_token:
        return SocketMode(
            Connector(session, settings.slack_app_token, settings.slack_api_url), dispatch
        ), None
    secret = settings.slack_signing_secret
    return None, HttpEvents(dispatch, SignatureVerifier(secret.get_secret_value())) if secret else None


@dataclass(frozen=True, slots=True)
class _Managing:
    """The use cases about links."""

    whoami: Whoami
    links: LinkService
    link_requests: LinkRequests


def _managing(
    store: Store,
    identity: Identity,
    *,
    admins: Admins,
    validation: LinkValidation,
    notices: LinkNotices,
    audit: AuditEntries,
    on_change: OnChange,
) -> _Managing:
    whoami = Whoami(identity, store.requests, admins, time.time)
    return _Managing(
        whoami,
        LinkService(
            links=store.links,
            requests=store.requests,
            identity=identity,
            admins=admins,
            validation=validation,
            notifier=notices,
            audit=audit,
            on_change=on_change,
            now=time.time,
        ),
        LinkRequests(
            requests=store.requests,
            whoami=whoami,
            admins=admins,
            validation=validation,
            notifier=notices,
            audit=audit,
            on_change=on_change,
            now=time.time,
        ),
    )


def _identity(settings: Settings, own_team: OwnTeam, links: Links) -> Identity:
    rule = SlackIdRule(own_team) if settings.callinfo_uid_rule == "slack-id" else None
    return Chain([StoredLink(links), UserMap(settings.callinfo_user_map, own_team)], rule)


def _slack_session(within: float) -> aiohttp.ClientSession:
    """Return the connections to Slack, shared by all; slack_sdk heeds the time limit of the session it is given."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=MOST_TO_SLACK),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=within),
        trust_env=True,
    )


def _recording_hosts(settings: Settings) -> tuple[str, ...]:
    """Return the hosts that a recording may be on: CometChat's, and the configured one."""
    own = urlsplit(settings.calls_base_url).hostname
    return ("cometchat.io", "cometchat.com", *([own] if own else []))


def _bolt(settings: Settings, slack: AsyncWebClient, services: Services) -> AsyncApp:
    """Return Bolt's app with our listeners.

    `process_before_response`: Bolt then returns the ack as soon as there is one, where it else polls for it every
    10 ms. The signature is verified in server.py. `authorize` is ours because Bolt's own calls auth.test on the
    first request, while a person waits, and would switch to OAuth where SLACK_CLIENT_ID is in the environment.
    """
    token = settings.slack_bot_token.get_secret_value()

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    app = AsyncApp(
        client=AsyncWebClient(base_url=slack.base_url),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        logger=logging.getLogger("slack_bolt"),
        name="callinfo",
    )
    register_all(app, services)
    return app
