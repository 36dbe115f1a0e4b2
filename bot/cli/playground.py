"""`python -m bot playground`: the bot between stand-ins of CometChat and Slack, to try it without any account."""

from __future__ import annotations

import argparse
import asyncio

from bot.playground.run import run as run_playground


def run(options: argparse.Namespace) -> int:
    """Run it until Ctrl-C; return the exit status."""
    return asyncio.run(
        run_playground(options.port, open_browser=not options.no_browser, socket=options.socket)
    )
