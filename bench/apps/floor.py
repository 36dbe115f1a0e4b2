"""The floor: an `AsyncApp` that answers a constant, without polling for the ack. No bot on Bolt does less."""

from __future__ import annotations

import os

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bench.people import PEOPLE

app = AsyncApp(
    client=AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
    token=os.environ["SLACK_BOT_TOKEN"],
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    process_before_response=True,
)


@app.command("/callinfo")
async def callinfo(ack: AsyncAck) -> None:
    """Answer with names, whatever was asked."""
    await ack(" and ".join(PEOPLE.values()))


if __name__ == "__main__":
    app.start(port=int(os.environ["PORT"]))
