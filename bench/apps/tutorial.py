"""The tutorial: a sync Bolt `App` on its built-in server, `ack()` then `respond()`.

That server takes one request at a time, and keeps no connection.
Tutorials use `requests`; it is no dependency of this project, so httpx's sync client stands in, one for all
commands: kinder than `requests.get`, which connects anew each time.
"""

from __future__ import annotations

import json
import os
from typing import Any

import httpx
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bench.apps.card import card

USERS = json.loads(os.environ["CALLINFO_USER_MAP"])

app = App(
    client=WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
    token=os.environ["SLACK_BOT_TOKEN"],
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
)
http = httpx.Client()


@app.command("/callinfo")
def callinfo(ack: Ack, respond: Respond, command: dict[str, Any]) -> None:
    """Answer `/callinfo SESSION_ID`."""
    ack()
    answer = http.get(
        f"{os.environ['COMETCHAT_BASE_URL']}/calls/{command['text']}",
        headers={"apiKey": os.environ["COMETCHAT_API_KEY"], "onBehalfOf": USERS[command["user_id"]]},
    )
    answer.raise_for_status()
    respond(**card(answer.json()["data"][0]))


if __name__ == "__main__":
    app.start(port=int(os.environ["PORT"]))
