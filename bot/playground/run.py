"""The playground: the real bot between a stand-in CometChat and a stand-in Slack, all on 127.0.0.1.

Used by `python -m bot playground` and, without the page, by the tests.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import Limits, serving
from bot.observability.logs import configure_logs
from bot.playground.cometchat import StandInCometChat
from bot.playground.incoming import IncomingCalls
from bot.playground.samples import APP_ID, REGION, Sample, samples
from bot.playground.samples.build import CAPTAIN, IRON_MAN, SPIDERMAN, WOLVERINE
from bot.playground.slack import StandInSlack
from bot.playground.slack.dispatch import PATIENCE
from bot.playground.webhooks import Webhook
from bot.settings import Settings

HOST = "127.0.0.1"
PAGE = Path(__file__).parent / "page" / "static"
API_KEY = "playground-api-key"
BOT_TOKEN = "xoxb-playground"
APP_TOKEN = "xapp-playground"
SIGNING_SECRET = "playground-signing-secret"
USER_MAP = {"U0TONY": "superhero1", "U0STEVE": "superhero2", "U0ALEX": "superhero3"}
ADMINS = "U0ALEX"
WEBHOOK_USER, WEBHOOK_PASSWORD = "callinfo", "playground-webhook-password"
CALLED = {
    "U0TONY": IRON_MAN,
    "U0STEVE": CAPTAIN,
    "U0ROBIN": WOLVERINE,  # whom an admin can link Robin to
    "U0ALEX": SPIDERMAN,
}
"""Whom a call comes in for: who each person is in CometChat."""


@dataclass(frozen=True, slots=True)
class Playground:
    """Both stand-ins with a bot between them, and the sample calls that they know."""

    slack: StandInSlack
    cometchat: StandInCometChat
    samples: tuple[Sample, ...]
    bot_url: str


@asynccontextmanager
async def playground(
    *,
    port: int = 0,
    page: Path | None = None,
    socket: bool = False,
    limits: Limits | None = None,
    pace: float = 1.0,
    now: Callable[[], float] = time.time,
    patience: float = PATIENCE,
    quiet_hours: bool = False,
    **settings: object,
) -> AsyncIterator[Playground]:
    """Run a playground, with `socket` by Socket Mode. `settings` and `limits` replace those of the playground's bot; port 0 takes any free one.

    `now` is the clock of Slack's rules, in Unix seconds, and `patience` how many real seconds it waits for an answer; with a
    `pace` of 0.1 calls come in ten times as fast.
    """
    calls = samples(int(time.time()))
    cometchat = StandInCometChat(api_key=API_KEY, app_id=APP_ID, samples=calls)
    incoming = IncomingCalls(cometchat, CALLED, pace)
    slack = StandInSlack(
        signing_secret=SIGNING_SECRET,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN if socket else None,
        samples=calls,
        page=page,
        incoming=incoming.begin,
        now=now,
        patience=patience,
    )
    await cometchat.start(host=HOST)
    await slack.start(host=HOST, port=port)
    try:
        async with serving(
            Settings.of(**(_settings(slack, cometchat, socket=socket) | settings)),
            limits,
            quiet_hours=quiet_hours,
        ) as bot:
            bot_url = f"http://{HOST}:{bot.port}"
            slack.connect(f"{bot_url}/slack/events")
            cometchat.webhook = Webhook(f"{bot_url}/cometchat/events", WEBHOOK_USER, WEBHOOK_PASSWORD)
            yield Playground(slack, cometchat, calls, bot_url)
    finally:
        await incoming.close()
        await slack.close()
        await cometchat.close()


async def run(port: int, *, open_browser: bool, socket: bool = False) -> int:
    """Run the playground until Ctrl-C or SIGTERM; return the exit status."""
    configure_logs("INFO", None)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        async with playground(port=port, page=PAGE, socket=socket) as ground:
            print(_welcome(ground), flush=True)  # noqa: T201 - for the person who started it
            if open_browser:
                await asyncio.to_thread(_open_browser, ground.slack.url)
            await stop.wait()
    except OSError as error:
        print(f"The playground can't start: {error.strerror or error}", file=sys.stderr)  # noqa: T201 - as above
        return 1
    return 0


def _open_browser(url: str) -> None:
    """Open the page where there is a browser with a window; a text browser would take the terminal over."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if type(browser) is not webbrowser.GenericBrowser:  # what the standard library takes text browsers for
        browser.open(url)


def _settings(slack: StandInSlack, cometchat: StandInCometChat, *, socket: bool) -> dict[str, object]:
    return {
        "slack_bot_token": BOT_TOKEN,
        **({"slack_app_token": APP_TOKEN} if socket else {"slack_signing_secret": SIGNING_SECRET}),
        "slack_api_url": slack.web_api_url,
        "cometchat_app_id": APP_ID,
        "cometchat_region": REGION,
        "cometchat_api_key": API_KEY,
        "cometchat_base_url": cometchat.base_url,
        "cometchat_webhook_user": WEBHOOK_USER,
        "cometchat_webhook_password": WEBHOOK_PASSWORD,
        "callinfo_user_map": dict(USER_MAP),
        "callinfo_admins": ADMINS,
        "database_url": "sqlite://",  # in memory: gone with the playground
        "host": HOST,
        "port": 0,
    }


def _welcome(ground: Playground) -> str:
    first = ground.samples[0].session_id
    return f"""
The playground is at {ground.slack.url}
Nothing leaves this machine. Ctrl-C ends it. Four things to try there:

  1. Press the green button, or type:  /callinfo {first}
  2. Switch to Steve, then to Robin, and ask for the same call: nobody sees a call that is not theirs.
  3. Type /callinfo subscribe missed, then press “A call comes in”.
  4. Choose the slow sample, and one that fails: there is always an answer.
"""
