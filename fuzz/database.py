"""The database of the fuzzed bot: a SQLite file, or a real PostgreSQL whose address has a marked password in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fuzz.marks import PASSWORD
from tests.databases import PostgreSQL, migrated


@asynccontextmanager
async def database(folder: Path, *, postgresql: bool) -> AsyncIterator[str]:
    """Yield the value for DATABASE_URL; the server lets everybody in, whatever the password."""
    if not postgresql:
        yield f"sqlite:///{folder}/fuzz.db"
        return
    server = PostgreSQL(folder / "postgresql")
    try:
        url = server.create().replace(":@", f":{PASSWORD}@", 1)
        await migrated(url)
        yield url
    finally:
        server.close()
