"""The audit's lines of what the command line changed, after it is stored: the same that the bot logs.

On standard error, one JSON object a line, for whatever collects logs; a terminal is spared them, since the person
there sees what they did, and `python -m bot links log` has it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict

from bot.observability.audit import Entry


def tell(entries: Iterable[Entry]) -> None:
    """Write a line for each entry."""
    if sys.stderr.isatty():
        return
    for entry in entries:
        known = {name: value for name, value in asdict(entry).items() if value != ""}
        print(json.dumps({"event": "audit", "level": "info", **known}), file=sys.stderr)  # noqa: T201 - see above
