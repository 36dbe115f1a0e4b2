"""Who is measured, and at what: the bot as it is run, what people would write instead, and the bot's other ways to run."""

from __future__ import annotations

from bench.programs import Program

OURS, ASYNC_TUTORIAL, TUTORIAL, FLOOR = "ours", "async tutorial", "tutorial", "floor"
SQLITE_LINKS, POSTGRESQL_LINKS, TWO = "ours, SQLite links", "ours, PostgreSQL links", "ours, two processes"

BESIDE = (ASYNC_TUTORIAL, TUTORIAL, FLOOR)
"""Whom ours is compared with."""

_SERVE = ("serve",)
_MOST = ("idle", "one", "network", "sixteen", "sixty_four", "even", "fifty")


def line_up(*, mapped: str, linked: str, postgresql: str | None) -> tuple[Program, ...]:
    """Return the programs; the addresses are of migrated databases, without links, with links, and on a server."""
    ours = Program(OURS, "bot", _MOST, _SERVE, {"DATABASE_URL": mapped})
    links = ("idle", "one", "sixteen")
    programs = [
        ours,
        Program(ASYNC_TUTORIAL, "bench.apps.async_tutorial", _MOST),
        Program(TUTORIAL, "bench.apps.tutorial", ("idle", "one", "network", "sixteen")),
        Program(FLOOR, "bench.apps.floor", ("idle", "one", "sixteen")),
        Program(TWO, "bot", ("sixteen",), _SERVE, {"DATABASE_URL": linked}, processes=2),
        Program(SQLITE_LINKS, "bot", links, _SERVE, {"DATABASE_URL": linked, "CALLINFO_USER_MAP": "{}"}),
    ]
    if postgresql:
        settings = {"DATABASE_URL": postgresql, "CALLINFO_USER_MAP": "{}"}
        programs.append(Program(POSTGRESQL_LINKS, "bot", links, _SERVE, settings))
    return tuple(programs)
