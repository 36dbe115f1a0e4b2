"""`python -m bot webhooks`: what to enter in CometChat's dashboard, so that it tells callinfo at once of calls.

`install` does it by CometChat's Management API, with the account's key and secret, which are asked for and kept nowhere.
"""

from __future__ import annotations

import argparse
import re
import secrets
import sys
import textwrap
from getpass import getpass
from http import HTTPStatus

from pydantic import SecretStr

from bot.cli.arguments import webhook_address
from bot.cli.running import FailedError, WrongUsageError, all_settings, run_async
from bot.cometchat import (
    CallProblemError,
    MisconfiguredError,
    NoAnswerInTimeError,
    PlanRestrictedError,
    RateLimitedError,
    UnavailableError,
    management,
)
from bot.cometchat.events import TRIGGERS
from bot.cometchat.management import Installed, Webhook, WebhookManagement
from bot.inbound.cometchat_events import PATH
from bot.observability.logs import print_uncaught
from bot.observability.redaction import Redactor
from bot.settings import Settings

WEBHOOK_ID = "callinfo"
_WIDTH = 100
_PLAIN = re.compile(r"[0-9A-Za-z]+")
_ACCOUNT = (
    "These are not the app's REST API key: CometChat's sales team gives them to accounts whose plan has the Management API "
    "(multi-tenancy). Without them, enter it in the dashboard: `python -m bot webhooks` prints what."
)

_WORDS: dict[type[CallProblemError], str] = {
    PlanRestrictedError: f"The plan of the CometChat account does not include this ({{said}}). {_ACCOUNT}",
    RateLimitedError: "CometChat asks for a pause: too many requests. Try again in a minute.",
    NoAnswerInTimeError: "CometChat took too long. Try again: what is there already stays as it is.",
    UnavailableError: "CometChat is in trouble or can't be reached ({said}). Try again in a few minutes.",
}


def run(options: argparse.Namespace) -> int:
    """Print what to enter, or install it; return the exit status."""
    return run_async(_run(options))


async def _run(options: argparse.Namespace) -> None:
    settings = all_settings()
    webhook = _webhook(settings, options.url)
    if options.action is None:
        print(_to_enter(webhook))  # noqa: T201 - what was asked for
        return
    key, secret = _account(settings)
    try:
        async with WebhookManagement(
            settings.cometchat_app_id, key, secret, management.MANAGEMENT_URL
        ) as manager:
            installed = await manager.install(webhook)
    except CallProblemError as error:
        raise FailedError(_why(error)) from None
    print(_done(webhook, installed))  # noqa: T201 - what was asked for


def _webhook(settings: Settings, address: str | None) -> Webhook:
    """Return the webhook as it should be; raises WrongUsageError."""
    if settings.webhook is None:
        raise WrongUsageError(
            "Choose a user and a password first, and set them where the bot runs, for example:\n\n"
            "  COMETCHAT_WEBHOOK_USER=callinfo\n"
            f"  COMETCHAT_WEBHOOK_PASSWORD={secrets.token_hex(24)}\n\n"
            "Here they are read from the environment or from the file .env, as the bot reads them."
        )
    user, password = settings.webhook
    limits = ((user, management.MAX_USER), (password.get_secret_value(), management.MAX_PASSWORD))
    if any(len(text) > most or not _PLAIN.fullmatch(text) for text, most in limits):
        raise WrongUsageError(
            "CometChat takes only letters and digits: at most 50 for COMETCHAT_WEBHOOK_USER, and at most 100 for "
            "COMETCHAT_WEBHOOK_PASSWORD. Choose others."
        )
    url = (address or _asked_address()) + PATH
    if len(url) > management.MAX_URL:
        raise WrongUsageError(f"CometChat takes no address of more than {management.MAX_URL} characters.")
    return Webhook(WEBHOOK_ID, url, user, password, sorted(TRIGGERS))


def _asked_address() -> str:
    """Ask for the bot's public address; raises WrongUsageError."""
    if not sys.stdin.isatty():
        raise WrongUsageError("Say where CometChat reaches the bot: --url https://my-app.example")
    print("The bot's public address, such as https://my-app.example: ", end="", file=sys.stderr, flush=True)  # noqa: T201 - a question
    try:
        return webhook_address(sys.stdin.readline())
    except argparse.ArgumentTypeError as error:
        raise WrongUsageError(f"It {error}.") from None


def _account(settings: Settings) -> tuple[SecretStr, SecretStr]:
    """Ask for key and secret without showing them, or read them from a pipe; raises WrongUsageError."""
    if sys.stdin.isatty():
        print(textwrap.fill(_ACCOUNT, _WIDTH), file=sys.stderr)  # noqa: T201 - before the question
        given = [getpass("Key of your CometChat account: "), getpass("Secret of your CometChat account: ")]
    else:
        given = [sys.stdin.readline(), sys.stdin.readline()]
    key, secret = (each.strip() for each in given)
    if not (re.fullmatch(r"[\x21-\x7e]+", key) and re.fullmatch(r"[\x21-\x7e]+", secret)):
        raise WrongUsageError("Both the key and the secret are needed, each in a line of its own.")
    print_uncaught(Redactor((*settings.secrets(), key, secret)))
    return SecretStr(key), SecretStr(secret)


def _to_enter(webhook: Webhook) -> str:
    triggers = textwrap.wrap(", ".join(webhook.triggers), _WIDTH - 14)
    return "\n".join(
        (
            "Enter this in CometChat's dashboard: your app, Settings, Webhooks (not Legacy Webhooks), Add Webhook.",
            "",
            f"  Webhook ID  {webhook.webhook_id}",
            f"  URL         {webhook.url}",
            "  Security    Basic Authentication",
            f"  Username    {webhook.user}",
            "  Password    what COMETCHAT_WEBHOOK_PASSWORD says, which is not shown here",
            "  Retry       on, where there is a switch for it",
            f"  Triggers    {triggers[0]}",
            *(f"              {each}" for each in triggers[1:]),
            "",
            "Some apps don't offer all of these triggers: switch on those that are there. Then enable and save it.",
            "After the next call, `python -m bot check` says when the last event came.",
        )
    )


def _done(webhook: Webhook, installed: Installed) -> str:
    what = "is made" if installed.is_new else "was there already, and is up to date"
    lines = [f"The webhook {installed.webhook_id} {what}: CometChat sends its events to {webhook.url}."]
    if installed.refused:
        lines.append(
            f"CometChat does not offer these triggers, which is fine: {', '.join(installed.refused)}."
        )
    lines.append("After the next call, `python -m bot check` says when the last event came.")
    return "\n".join(lines)


def _why(error: CallProblemError) -> str:
    """Return why CometChat did not do it, and what to do, without its own words."""
    said = " ".join(filter(None, (f"status {error.status}" if error.status else str(error), error.code)))
    if error.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return f"CometChat refuses this key or secret ({said}). {_ACCOUNT}"
    if isinstance(error, MisconfiguredError) and error.status == HTTPStatus.NOT_FOUND:
        return (
            f"The account has no app of that id ({said}). See whether COMETCHAT_APP_ID is right. {_ACCOUNT}"
        )
    other = (
        "CometChat did not take it ({said}). Enter it in the dashboard: `python -m bot webhooks` prints what."
    )
    return _WORDS.get(type(error), other).format(said=said)
