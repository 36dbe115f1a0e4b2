"""The store of a bot that runs: opened once, closed at the end."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.identity.links import StoreUnavailableError
from bot.storage.address import SQLite
from bot.storage.audit import StoredAudit, oldest_kept
from bot.storage.database import Database
from bot.storage.engine import open_engine
from bot.storage.link_requests import StoredRequests
from bot.storage.links import StoredLinks
from bot.storage.migrating import Standing, migrate, standing
from bot.storage.outbox import StoredOwed
from bot.storage.shares import StoredShares

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Store:
    """Links, requests for one, shares, answers owed and audit, on one database."""

    database: Database
    links: StoredLinks
    requests: StoredRequests
    shares: StoredShares
    owed: StoredOwed
    audit: StoredAudit


@asynccontextmanager
async def open_store(database_url: str) -> AsyncIterator[Store]:
    """Open a store. SQLite is migrated first; PostgreSQL need not even be up, and `python -m bot migrate` does it.

    Raises InvalidDatabaseUrlError, and StoreUnavailableError where the file of a SQLite database can't be used or
    a PostgreSQL that is up lacks tables of this version.
    """
    database = Database(open_engine(database_url))
    try:
        audit = StoredAudit(database)
        if isinstance(database.engine.address, SQLite):
            await migrate(database)
            await audit.prune(oldest_kept(time.time()))  # as `python -m bot migrate` does for PostgreSQL
        else:
            await _check_tables(database)
        yield Store(
            database=database,
            links=StoredLinks(database),
            requests=StoredRequests(database),
            shares=StoredShares(database),
            owed=StoredOwed(database),
            audit=audit,
        )
    finally:
        await database.close()


async def _check_tables(database: Database) -> None:
    """Raise StoreUnavailableError where tables are lacking; that a database is out of reach may pass by itself."""
    try:
        found = await standing(database)
    except StoreUnavailableError:  # logged there
        return
    if found is Standing.BEHIND:
        raise StoreUnavailableError("it lacks tables of this version: run `python -m bot migrate`")
    if found is Standing.AHEAD:  # a new version's release task runs before the old version's processes end
        log.warning("database is newer", mend="deploy the version of callinfo that migrated it")


@asynccontextmanager
async def open_links(database_url: str) -> AsyncIterator[StoredLinks]:
    """Open a store for its links alone."""
    async with open_store(database_url) as store:
        yield store.links
