"""`python -m bot serve`: the bot itself; what keeps it from starting becomes a sentence and an exit status."""

from __future__ import annotations

import argparse
import asyncio
import errno
import sys

from bot.app import serve
from bot.identity.links import StoreUnavailableError
from bot.inbound.socket_mode.connection import AppTokenRefusedError
from bot.observability.logs import configure_logs
from bot.observability.redaction import Redactor
from bot.settings import InvalidSettingsError, Settings
from bot.slack.workspace import TokenRefusedError


def run(_: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; return the exit status."""
    try:
        settings = Settings.load()
    except InvalidSettingsError as error:
        return _fail(str(error), status=2)
    _configure_logs(settings)
    try:
        asyncio.run(serve(settings))
    except TokenRefusedError as error:
        return _fail(
            f"callinfo can't start: Slack rejects SLACK_BOT_TOKEN ({error}). Install the app again to get a new one.",
            status=2,
        )
    except AppTokenRefusedError as error:
        return _fail(
            f"callinfo can't start: Slack rejects SLACK_APP_TOKEN ({error}). It must be an app-level token with the scope "
            "connections:write, and the app must have Socket Mode on.",
            status=2,
        )
    except StoreUnavailableError as error:
        return _fail(f"callinfo can't start: the database can't be used ({error})")
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno == errno.EADDRINUSE:
            reason = f"port {settings.port} is in use. Stop what uses it, or set PORT to another"
        return _fail(f"callinfo can't start: {reason}")
    return 0


def _configure_logs(settings: Settings) -> None:
    redactor, reports = Redactor(settings.secrets()), None
    if settings.sentry_dsn:
        from bot.observability.crash_reports import CrashReports  # noqa: PLC0415 - needs an optional extra

        reports = CrashReports(settings.sentry_dsn.get_secret_value(), redactor)
    configure_logs(settings.log_level, settings.log_format, redactor, reports=reports)


def _fail(sentence: str, *, status: int = 1) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201 - for the person who starts the bot
    return status
