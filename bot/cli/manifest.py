"""`python -m bot manifest`: prints the Slack app's manifest, or a link that makes an app of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.slack.manifest import for_socket_mode, link, with_address, with_slackbot

MANIFEST = Path(__file__).resolve().parents[2] / "manifest.yml"


def run(options: argparse.Namespace) -> int:
    """Print it for the address, or for Socket Mode, which needs none; return the exit status."""
    if options.url is None and not options.socket:
        print(  # noqa: T201 - for the person at the terminal
            "Add the bot's public address (--url https://my-app.example), or --socket for Socket Mode.",
            file=sys.stderr,
        )
        return 2
    if options.slackbot and options.socket:
        print(  # noqa: T201 - as above
            "--slackbot needs --url: Slackbot reaches the bot by HTTP only.",
            file=sys.stderr,
        )
        return 2
    manifest = MANIFEST.read_text(encoding="utf-8")
    if options.slackbot:
        manifest = with_slackbot(manifest)
    filled = for_socket_mode(manifest) if options.socket else with_address(manifest, options.url)
    print(link(filled) if options.link else filled, end="\n" if options.link else "")  # noqa: T201 - what was asked for
    return 0
