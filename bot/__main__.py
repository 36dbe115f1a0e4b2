"""The command line: `python -m bot [serve|playground|check|manifest|migrate|links]`. Exit status 0 good, 1 failed, 2 wrong usage or settings."""

from __future__ import annotations

import argparse
import asyncio
import errno
import sys
from collections.abc import Callable, Sequence

from bot import __version__
from bot.cli.arguments import add_check, add_links, add_manifest


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the subcommand that the arguments name, `serve` where they name none; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="callinfo: CometChat calls in Slack")
    parser.add_argument("--version", action="version", version=f"callinfo {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("serve", help="serve Slack's requests (the default)")
    playground = commands.add_parser("playground", help="try it in a browser, without any account")
    playground.add_argument("--port", type=_port, default=0, help="of the page (default: any free one)")
    playground.add_argument(
        "--socket", action="store_true", help="connect to the stand-in Slack by Socket Mode"
    )
    playground.add_argument("--no-browser", action="store_true", help="only print the address")
    add_check(commands)
    add_manifest(commands)
    commands.add_parser("migrate", help="bring the database's tables up to date; for the release task")
    add_links(commands)
    options = parser.parse_args(arguments)
    if options.command == "playground":
        return _playground(options.port, open_browser=not options.no_browser, socket=options.socket)
    if options.command == "check":
        return _check(options)
    if options.command == "manifest":
        return _manifest(options)
    if options.command == "migrate":
        return _migrate()
    if options.command == "links":
        return _links(options)
    return _serve()


def _port(text: str) -> int:
    """Return a TCP port; raises ValueError, which argparse tells as wrong usage."""
    if (port := int(text)) not in range(65536):
        raise ValueError
    return port


def _serve() -> int:
    from bot.app import serve  # noqa: PLC0415 - `--help` and wrong settings need not load the bot
    from bot.identity.links import StoreUnavailableError  # noqa: PLC0415 - as above
    from bot.inbound.socket_mode.connection import AppTokenRefusedError  # noqa: PLC0415 - as above
    from bot.observability.logs import configure_logs  # noqa: PLC0415 - as above
    from bot.observability.redaction import Redactor  # noqa: PLC0415 - as above
    from bot.settings import InvalidSettingsError, Settings  # noqa: PLC0415 - as above
    from bot.slack.workspace import TokenRefusedError  # noqa: PLC0415 - as above

    try:
        settings = Settings.load()
    except InvalidSettingsError as error:
        return _refuse(str(error))
    redactor = Redactor(settings.secrets())
    reports = None
    if settings.sentry_dsn:
        from bot.observability.crash_reports import CrashReports  # noqa: PLC0415 - only where it is wanted

        reports = CrashReports(settings.sentry_dsn.get_secret_value(), redactor)
    configure_logs(settings.log_level, settings.log_format, redactor, reports=reports)
    try:
        asyncio.run(serve(settings))
    except TokenRefusedError as error:
        return _refuse(
            f"callinfo can't start: Slack refuses SLACK_BOT_TOKEN ({error}). Install the app again?"
        )
    except AppTokenRefusedError as error:
        return _refuse(
            f"callinfo can't start: Slack refuses SLACK_APP_TOKEN ({error}). Is it an app-level token with the scope "
            "connections:write, of an app with Socket Mode on?"
        )
    except StoreUnavailableError as error:
        print(f"callinfo can't start: the database can't be used ({error})", file=sys.stderr)  # noqa: T201 - for a person
        return 1
    except OSError as error:
        why = error.strerror or str(error)
        if error.errno == errno.EADDRINUSE:
            why = f"port {settings.port} is in use; end what listens there, or set PORT to another"
        print(f"callinfo can't start: {why}", file=sys.stderr)  # noqa: T201 - as above
        return 1
    return 0


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)  # noqa: T201 - the message to whoever starts the bot
    return 2


def _playground(port: int, *, open_browser: bool, socket: bool) -> int:
    from bot.playground.run import run  # noqa: PLC0415 - `serve` need not load the playground

    return asyncio.run(run(port, open_browser=open_browser, socket=socket))


def _check(options: argparse.Namespace) -> int:
    from bot.cli.checking import run_check  # noqa: PLC0415 - as above

    return run_check(options.url, as_json=options.json)


def _manifest(options: argparse.Namespace) -> int:
    from bot.cli.manifesting import run_manifest  # noqa: PLC0415 - as above

    return run_manifest(options.url, socket=options.socket, as_link=options.link)


def _migrate() -> int:
    from bot.cli.migrating import run_migrate  # noqa: PLC0415 - as above

    return run_migrate()


def _links(options: argparse.Namespace) -> int:
    from bot.cli.links import run_links  # noqa: PLC0415 - as above

    return run_links(options)


def _installed(run: Callable[[], int]) -> int:
    """Return what `run` returns; tell in a sentence where the packages are missing, as for another Python's interpreter."""
    try:
        return run()
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "bot":
            raise
        return _refuse(
            f"callinfo's packages are not installed for this Python ({error.name} is missing): run `make install`, and "
            "use .venv/bin/python"
        )


if __name__ == "__main__":
    sys.exit(_installed(main))
