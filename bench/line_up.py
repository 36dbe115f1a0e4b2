"""The programs that are measured, and at what: the bot, what people would write instead, and perhaps an older bot."""

from __future__ import annotations

import sys
from functools import partial
from http import HTTPStatus
from pathlib import Path

from bench.programs import ROOT, Program

OURS, POSTGRESQL_LINKS, BEFORE = "ours", "ours, PostgreSQL links", "before"
ASYNC_TUTORIAL, FLOOR = "async tutorial", "floor"

BESIDE = (ASYNC_TUTORIAL, FLOOR, BEFORE)
"""The programs that ours is compared with."""

_ALL = ("idle", "one", "network", "sixteen")
_WITHOUT_NETWORK = ("idle", "one", "sixteen")


def line_up(
    *, mapped: str, linked: str | None, before: Path | None, before_mapped: str
) -> tuple[Program, ...]:
    """Return the programs.

    The addresses are of migrated databases: without links, with links on PostgreSQL, and one that `before` migrated,
    the checkout of an older version.
    """
    bot = partial(Program, module="bot", arguments=("serve",), ready=HTTPStatus.OK)
    programs = [
        bot(OURS, scenarios=(*_ALL, "questions"), settings={"DATABASE_URL": mapped}),
        Program(ASYNC_TUTORIAL, "bench.apps.async_tutorial", _ALL),
        Program(FLOOR, "bench.apps.floor", _WITHOUT_NETWORK),
    ]
    if linked:
        settings = {"DATABASE_URL": linked, "CALLINFO_USER_MAP": "{}"}
        programs.append(bot(POSTGRESQL_LINKS, scenarios=_WITHOUT_NETWORK, settings=settings))
    if before:
        settings = {"DATABASE_URL": before_mapped}
        programs.append(bot(BEFORE, scenarios=_ALL, settings=settings, tree=before, python=python_of(before)))
    return tuple(programs)


def python_of(tree: Path) -> str:
    """Return the Python of a checkout's own `.venv`, or else this one."""
    own = tree / ".venv" / "bin" / "python"
    return str(own) if tree != ROOT and own.exists() else sys.executable
