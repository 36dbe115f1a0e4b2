"""`python -m bot manifest`: prints the Slack app's manifest, or the link that makes an app of it."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.slack.manifest import for_socket_mode, link, with_address

MANIFEST = Path(__file__).resolve().parents[2] / "manifest.yml"


def run_manifest(address: str | None, *, socket: bool, as_link: bool) -> int:
    """Print it for that address, or for Socket Mode, which needs none; return the exit status."""
    if address is None and not socket:
        print(  # noqa: T201 - for the person at the terminal
            "Say where Slack reaches the bot: --url https://my-app.example, or --socket where it connects itself.",
            file=sys.stderr,
        )
        return 2
    manifest = MANIFEST.read_text(encoding="utf-8")
    made = for_socket_mode(manifest) if socket or address is None else with_address(manifest, address)
    print(link(made) if as_link else made, end="\n" if as_link else "")  # noqa: T201 - what was asked for
    return 0
