"""Who is measured, and at what: the bot as it is run, what people would write instead, and the bot's other ways to run."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from bench.programs import Program

OURS, ASYNC_TUTORIAL, TUTORIAL, FLOOR = "ours", "async tutorial", "tutorial", "floor"
SQLITE_LINKS, POSTGRESQL_LINKS, TWO = "ours, SQLite links", "ours, PostgreSQL links", "ours, two processes"

BESIDE = (ASYNC_TUTORIAL, TUTORIAL, FLOOR)
"""Whom ours is compared with."""

_MOST = ("idle", "one", "network", "sixteen", "sixty_four", "even", "fifty")
_LINKS = ("idle", "one", "sixteen")


def line_up(*, mapped: str, linked: str, postgresql: str | None) -> tuple[Program, ...]:
    """Return the programs; the addresses are of migrated databases, without links, with links, and on a server."""
    bot = partial(Program, module="bot", arguments=("serve",), ready=HTTPStatus.OK)
    by_map, by_link = {"DATABASE_URL": mapped}, {"DATABASE_URL": linked, "CALLINFO_USER_MAP": "{}"}
    programs = [
        bot(OURS, scenarios=(*_MOST, "recent"), settings=by_map),
        Program(ASYNC_TUTORIAL, "bench.apps.async_tutorial", _MOST),
        Program(TUTORIAL, "bench.apps.tutorial", ("idle", "one", "network", "sixteen")),
        Program(FLOOR, "bench.apps.floor", _LINKS),
        bot(TWO, scenarios=("sixteen",), settings=by_map, processes=2),
        bot(SQLITE_LINKS, scenarios=_LINKS, settings=by_link),
    ]
    if postgresql:
        on_server = by_link | {"DATABASE_URL": postgresql}
        programs.append(bot(POSTGRESQL_LINKS, scenarios=_LINKS, settings=on_server))
    return tuple(programs)
