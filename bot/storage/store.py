"""The store of a bot that runs: opened once, closed at the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import structlog

from bot.identity.links import StoreUnavailableError
from bot.storage.audit import StoredAudit, oldest_kept
from bot.storage.background import Background
from bot.storage.database import Database, open_database
from bot.storage.dialects import migrates_at_start
from bot.storage.hints import StoredHints
from bot.storage.link_requests import StoredRequests
from bot.storage.links import StoredLinks
from bot.storage.looks import StoredLooks
from bot.storage.outbox import StoredOutbox
from bot.storage.outgoing import StoredMessages
from bot.storage.schema import SchemaStatus, migrate, schema_status
from bot.storage.share_claims import StoredShareClaims
from bot.storage.subscriptions import StoredSubscriptions

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Store:
    """Links, requests for one, share claims, promised answers, subscriptions and audit, on one database."""

    database: Database
    links: StoredLinks
    requests: StoredRequests
    share_claims: StoredShareClaims
    outbox: StoredOutbox
    subscriptions: StoredSubscriptions
    hints: StoredHints
    looks: StoredLooks
    messages: StoredMessages
    audit: StoredAudit


@asynccontextmanager
async def open_store(database_url: str) -> AsyncIterator[Store]:
    """Open a store. SQLite is migrated first; PostgreSQL need not even be up, and `python -m bot migrate` does it.

    Raises InvalidDatabaseUrlError, and StoreUnavailableError where the file of a SQLite database can't be used or
    a PostgreSQL that is up lacks tables of this version.
    """
    async with open_database(database_url) as database:
        background = Background(database)
        audit = StoredAudit(database)
        pruning = None
        if migrates_at_start(database.url):
            await migrate(database)
            pruning = asyncio.create_task(_prune(audit))
        else:
            await _check_tables(database)
        try:
            yield Store(
                database=database,
                links=StoredLinks(database),
                requests=StoredRequests(database),
                share_claims=StoredShareClaims(database),
                outbox=StoredOutbox(database),
                subscriptions=StoredSubscriptions(database),
                hints=StoredHints(database, background),
                looks=StoredLooks(background),
                messages=StoredMessages(background),
                audit=audit,
            )
        finally:
            if pruning:
                pruning.cancel()


async def _prune(audit: StoredAudit) -> None:
    """Prune while the bot begins to serve, as `python -m bot migrate` does for PostgreSQL."""
    with suppress(StoreUnavailableError):  # logged there, and the next start prunes again
        await audit.prune(oldest_kept(time.time()))


async def _check_tables(database: Database) -> None:
    """Raise StoreUnavailableError where tables are lacking; that a database is out of reach may pass by itself."""
    try:
        status = await schema_status(database)
    except StoreUnavailableError:  # logged there
        return
    if status is SchemaStatus.BEHIND:
        raise StoreUnavailableError("it lacks tables of this version: run `python -m bot migrate`")
    if status is SchemaStatus.AHEAD:
        # A new version's release task runs before the old version's processes end
        log.warning("database is newer", fix="deploy the version of callinfo that migrated it")
