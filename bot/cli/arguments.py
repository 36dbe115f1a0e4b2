"""The command line's arguments. Imports little of the bot, so that `--help` is quick."""

from __future__ import annotations

import argparse
import re

from bot import __version__


def parser() -> argparse.ArgumentParser:
    """Return the parser; what it parses has the subcommand's name in `command`, None where none was given."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="callinfo: CometChat calls in Slack")
    parser.add_argument("--version", action="version", version=f"callinfo {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("serve", help="run the bot (the default)")

    playground = commands.add_parser("playground", help="try the bot in a browser, without any account")
    playground.add_argument("--port", type=_port, default=0, help="port of the page (default: any free one)")
    playground.add_argument(
        "--socket", action="store_true", help="connect to the stand-in Slack in Socket Mode"
    )
    playground.add_argument(
        "--no-browser", action="store_true", help="print the address, and open no browser"
    )

    check = commands.add_parser("check", help="check the setup, and say what to fix")
    check.add_argument("--url", type=_address, help="also test the bot at this public address")
    check.add_argument("--json", action="store_true", help="print JSON")

    manifest = commands.add_parser("manifest", help="print the manifest that makes the Slack app")
    way_in = manifest.add_mutually_exclusive_group()
    way_in.add_argument(
        "--url", type=_public_address, help="the bot's public address: https://my-app.example"
    )
    way_in.add_argument("--socket", action="store_true", help="for Socket Mode, which needs no address")
    manifest.add_argument(
        "--slackbot",
        action="store_true",
        help="let people ask Slackbot about their calls (HTTP only; scope mcp:connect)",
    )
    manifest.add_argument(
        "--link", action="store_true", help="print a link that opens Slack with the manifest filled in"
    )

    webhooks = commands.add_parser("webhooks", help="let CometChat tell the bot of calls as they happen")
    webhooks.add_argument(
        "action",
        nargs="?",
        choices=["install"],
        help="set the webhook up by CometChat's API: asks for your account's key and secret "
        "(without install: print what to enter in CometChat's dashboard)",
    )
    webhooks.add_argument(
        "--url", type=webhook_address, help="the bot's public address: https://my-app.example"
    )

    commands.add_parser("migrate", help="update the database's tables; run it for each release")
    _add_links(commands)
    return parser


def _add_links(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand `links` and its own subcommands."""
    links = commands.add_parser("links", help="manage who is which CometChat user")
    does = links.add_subparsers(dest="links_command", metavar="WHAT", required=True)
    team = _workspace()

    listed = does.add_parser("list", parents=[team], help="list the links")
    listed.add_argument(
        "prefix", nargs="?", default="", help="only links whose Slack user id or UID starts with this"
    )

    added = does.add_parser("add", parents=[team], help="link a Slack user to a CometChat user")
    added.add_argument("slack_user", type=_slack_user, help="such as U012AB3CD")
    added.add_argument("uid", type=_uid, help="the CometChat UID")
    _add_share(added)
    _add_no_check(added)

    removed = does.add_parser("remove", parents=[team], help="remove a link, or all links of a workspace")
    removed.add_argument("slack_user", type=_slack_user, nargs="?", help="such as U012AB3CD")
    removed.add_argument("--all", action="store_true", help="remove all links of the workspace")

    imported = does.add_parser("import", parents=[team], help="add links from a CSV file, all or none")
    imported.add_argument(
        "file", help="CSV that begins with slack_user,uid or email,uid; - for standard input"
    )
    imported.add_argument("--dry-run", action="store_true", help="say what it would do, and change nothing")
    _add_share(imported)
    _add_no_check(imported)

    exported = does.add_parser("export", parents=[team], help="write all links to a CSV file")
    exported.add_argument("file", nargs="?", default="-", help="the file (default: -, standard output)")

    logged = does.add_parser("log", help="show the audit log of the last 90 days, newest entry last")
    logged.add_argument("--limit", type=_count, default=50, help="how many entries (default: 50)")
    logged.add_argument("--user", type=_slack_user, help="only entries by or about this Slack user")
    logged.add_argument("--team", type=_team, help="only entries of this workspace")


def _port(text: str) -> int:
    """Return a TCP port; raises ValueError, which argparse reports as wrong usage."""
    if (port := int(text)) not in range(65536):
        raise ValueError
    return port


def _workspace() -> argparse.ArgumentParser:
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument("--team", type=_team, help="the workspace's id (default: the bot's own, from Slack)")
    parent.add_argument("--enterprise", type=_enterprise, help="its organisation's id; needs --team")
    return parent


def _add_share(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--share",
        action="store_true",
        help="allow a UID that others already have, by a link or by the configuration",
    )


def _add_no_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-check",
        action="store_true",
        help="don't check the person with Slack or the UID with CometChat (--team checks neither, and ignores the user map)",
    )


def _id(text: str, letters: str, what: str) -> str:
    if not re.fullmatch(rf"[{letters}][A-Z0-9]{{1,30}}", text):
        raise argparse.ArgumentTypeError(
            f"not the id of a {what}: it has {letters[0]} and then capitals or digits"
        )
    return text


def _slack_user(text: str) -> str:
    return _id(text, "UW", "Slack user")


def _team(text: str) -> str:
    return _id(text, "T", "Slack workspace")


def _enterprise(text: str) -> str:
    return _id(text, "E", "Slack organisation")


def _uid(text: str) -> str:
    from bot.cometchat import parse_uid  # noqa: PLC0415 - only where there is a UID to parse

    try:
        return parse_uid(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _address(text: str) -> str:
    from bot.slack.manifest import parse_address  # noqa: PLC0415 - only where there is an address to parse

    try:
        return parse_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def webhook_address(text: str) -> str:
    """Return a bot's public address, without a path of ours; raises ArgumentTypeError."""
    from bot.slack.manifest import parse_public_address  # noqa: PLC0415 - as below

    try:
        return parse_public_address(text.strip().removesuffix("/cometchat/events"))
    except ValueError:
        raise argparse.ArgumentTypeError(
            "must be the bot's public address, which CometChat can reach, such as https://my-app.example"
        ) from None


def _public_address(text: str) -> str:
    from bot.slack.manifest import parse_public_address  # noqa: PLC0415 - as above

    try:
        return parse_public_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _count(text: str) -> int:
    if (count := int(text)) not in range(1, 1_000_001):
        raise argparse.ArgumentTypeError("must be from 1 to 1,000,000")
    return count
