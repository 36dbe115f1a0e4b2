"""Rows that are claimed for a while, each by one process at a time.

A claim is identified by the moment at which it ends, `claimed_until`: a process that gives that moment has the claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.background import Background
from bot.storage.database import READ_SECONDS, Database


async def is_any(database: Database | Background, key: Column[Any], wanted: ColumnElement[bool]) -> bool:
    """Return whether there is such a row. There is mostly none to claim, and then no change is begun."""
    return bool(await database.fetch(select(key).where(wanted).limit(1), within=READ_SECONDS))


async def claim(
    connection: AsyncConnection,
    key: Column[Any],
    is_free: ColumnElement[bool],
    *,
    order: ColumnElement[Any],
    limit: int,
    until: float,
) -> Sequence[Row[Any]]:
    """Claim rows until that Unix time, the first by that order; return them."""
    table = key.table
    # A common table expression is evaluated once, and so locks no more than `limit` rows
    first = (
        select(key)
        .where(is_free)
        .order_by(order)
        .limit(limit)
        .with_for_update(skip_locked=True)  # left out on SQLite, which has one change at a time
        .cte()
    )
    statement = (
        update(table).where(key.in_(select(first.c[key.name]))).values(claimed_until=until).returning(table)
    )
    rows: Sequence[Row[Any]] = (await connection.execute(statement)).all()
    return rows
