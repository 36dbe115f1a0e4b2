"""A context between the stand-ins, for one check at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.checks.context import Context, opened
from bot.playground.cometchat import StandInCometChat
from bot.playground.run import API_KEY, BOT_TOKEN, SIGNING_SECRET
from bot.playground.samples import APP_ID
from bot.playground.slack import StandInSlack
from bot.settings import Settings

ODD_ANSWERS = (
    b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 20_000 + b"\r\n\r\n",
)
"""What aiohttp takes for no HTTP."""
_JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CUT_SHORT = _JSON + b"Content-Length: 100\r\n\r\n{"
BAD_GZIP = _JSON + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"
NOT_UTF_8 = _JSON + b'Content-Length: 12\r\n\r\n{"ok": "\xff"}\n'
MANIFEST = (Path(__file__).parents[2] / "manifest.yml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Scene:
    """Both stand-ins, and a context that reaches them."""

    slack: StandInSlack
    cometchat: StandInCometChat
    context: Context


@asynccontextmanager
async def scene(
    *, address: str | None = None, manifest: str = MANIFEST, **changes: Any
) -> AsyncIterator[Scene]:
    """Open a scene; `changes` replace settings."""
    slack = StandInSlack(signing_secret=SIGNING_SECRET, bot_token=BOT_TOKEN)
    cometchat = StandInCometChat(api_key=API_KEY, app_id=APP_ID)
    await slack.start()
    await cometchat.start()
    settings = {
        "slack_bot_token": BOT_TOKEN,
        "slack_signing_secret": SIGNING_SECRET,
        "slack_api_url": slack.web_api_url,
        "cometchat_app_id": APP_ID,
        "cometchat_region": "eu",
        "cometchat_api_key": API_KEY,
        "cometchat_base_url": cometchat.base_url,
        "database_url": "sqlite://",
    }
    try:
        async with opened(Settings.of(**(settings | changes)), manifest, address) as context:
            yield Scene(slack, cometchat, context)
    finally:
        await slack.close()
        await cometchat.close()


@asynccontextmanager
async def answering(raw: bytes) -> AsyncIterator[str]:
    """Run a server that answers everything with those bytes; yield its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
