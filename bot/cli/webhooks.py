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
    "(multi-tenancy). Without them, use the dashboard: `python -m bot webhooks` prints what to enter."
)

_WORDS: dict[type[CallProblemError], str] = {
    PlanRestrictedError: f"Your CometChat plan doesn't include this ({{said}}). {_ACCOUNT}",
    RateLimitedError: "Too many requests to CometChat. Try again in a minute.",
    NoAnswerInTimeError: "CometChat took too long to answer. Try again: doing it twice does no harm.",
    UnavailableError: "CometChat isn't responding ({said}). Try again in a few minutes.",
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
            "First choose a user and a password, and set them where the bot runs. For example:\n\n"
            "  COMETCHAT_WEBHOOK_USER=callinfo\n"
            f"  COMETCHAT_WEBHOOK_PASSWORD={secrets.token_hex(24)}\n\n"
            "This command reads them from the environment or the file .env, as the bot does."
        )
    user, password = settings.webhook
    limits = ((user, management.MAX_USER), (password.get_secret_value(), management.MAX_PASSWORD))
    if any(len(text) > most or not _PLAIN.fullmatch(text) for text, most in limits):
        raise WrongUsageError(
            "CometChat allows only letters and digits: at most 50 in COMETCHAT_WEBHOOK_USER, and at most 100 in "
            "COMETCHAT_WEBHOOK_PASSWORD."
        )
    url = (address or _asked_address()) + PATH
    if len(url) > management.MAX_URL:
        raise WrongUsageError(f"CometChat allows at most {management.MAX_URL} characters in the address.")
    return Webhook(WEBHOOK_ID, url, user, password, sorted(TRIGGERS))


def _asked_address() -> str:
    """Ask for the bot's public address; raises WrongUsageError."""
    if not sys.stdin.isatty():
        raise WrongUsageError("Add the bot's public address: --url https://my-app.example")
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
        raise WrongUsageError("Enter both the key and the secret, each on its own line.")
    print_uncaught(Redactor((*settings.secrets(), key, secret)))
    return SecretStr(key), SecretStr(secret)


def _to_enter(webhook: Webhook) -> str:
    triggers = textwrap.wrap(", ".join(webhook.triggers), _WIDTH - 14)
    return "\n".join(
        (
            "In CometChat's dashboard open your app, Settings, Webhooks (not Legacy Webhooks), Add Webhook, and enter:",
            "",
            f"  Webhook ID  {webhook.webhook_id}",
            f"  URL         {webhook.url}",
            "  Security    Basic Authentication",
            f"  Username    {webhook.user}",
            "  Password    the value of COMETCHAT_WEBHOOK_PASSWORD, not shown here",
            "  Retry       on, if there is a switch for it",
            f"  Triggers    {triggers[0]}",
            *(f"              {each}" for each in triggers[1:]),
            "",
            "If some of these triggers are missing, switch on the others. Then enable the webhook, and save.",
            "After the next call, `python -m bot check` says when the last event came.",
        )
    )


def _done(webhook: Webhook, installed: Installed) -> str:
    what = "has been created" if installed.is_new else "already existed, and is up to date"
    lines = [f"The webhook {installed.webhook_id} {what}. CometChat sends its events to {webhook.url}."]
    if installed.refused:
        lines.append(
            f"CometChat doesn't offer these triggers, which is fine: {', '.join(installed.refused)}."
        )
    lines.append("After the next call, `python -m bot check` says when the last event came.")
    return "\n".join(lines)


def _why(error: CallProblemError) -> str:
    """Return why CometChat did not do it, and what to do, without its own words."""
    said = " ".join(filter(None, (f"status {error.status}" if error.status else str(error), error.code)))
    if error.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return f"CometChat rejects this key or secret ({said}). {_ACCOUNT}"
    if isinstance(error, MisconfiguredError) and error.status == HTTPStatus.NOT_FOUND:
        return f"The account has no app with that id ({said}). Check COMETCHAT_APP_ID. {_ACCOUNT}"
    other = "CometChat didn't accept it ({said}). Use the dashboard: `python -m bot webhooks` prints what to enter."
    return _WORDS.get(type(error), other).format(said=said)
