"""The async tutorial: `AsyncApp` with its defaults, stock httpx, `await ack()` then `respond()`."""

from __future__ import annotations

import json
import os
from typing import Any

import httpx
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bench.apps.card import card

USERS = json.loads(os.environ["CALLINFO_USER_MAP"])

app = AsyncApp(
    client=AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
    token=os.environ["SLACK_BOT_TOKEN"],
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
)
http = httpx.AsyncClient()


@app.command("/callinfo")
async def callinfo(ack: AsyncAck, respond: AsyncRespond, command: dict[str, Any]) -> None:
    """Answer `/callinfo SESSION_ID`."""
    await ack()
    answer = await http.get(
        f"{os.environ['COMETCHAT_BASE_URL']}/calls/{command['text']}",
        headers={"apiKey": os.environ["COMETCHAT_API_KEY"], "onBehalfOf": USERS[command["user_id"]]},
    )
    answer.raise_for_status()
    await respond(**card(answer.json()["data"][0]))


if __name__ == "__main__":
    app.start(port=int(os.environ["PORT"]))
