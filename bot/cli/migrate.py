"""`python -m bot migrate`: the release task. Brings the tables up to date, and deletes old audit entries."""

from __future__ import annotations

import argparse
import time

from bot.cli.running import opened, run_async, store_settings
from bot.storage.audit import KEPT_DAYS, StoredAudit, oldest_kept
from bot.storage.schema import migrate


def run(_: argparse.Namespace) -> int:
    """Run it; return the exit status."""
    return run_async(_migrate())


async def _migrate() -> None:
    async with opened(store_settings(), ready=False) as database:
        revision = await migrate(database)
        pruned = await StoredAudit(database).prune(oldest_kept(time.time()))
    print(f"The database is at revision {revision}.")  # noqa: T201 - what the operator wants to know
    print(f"Deleted {pruned:,} audit entries older than {KEPT_DAYS} days.")  # noqa: T201 - as above
