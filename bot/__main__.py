"""The command line: `python -m bot [serve|playground|check|manifest|migrate|links|webhooks]`."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module

from bot.cli.arguments import parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the subcommand that the arguments name, `serve` where they name none; return the exit status."""
    try:
        options = parser().parse_args(arguments)
        # Imported only now: `--help` needs none of it
        run: Callable[[Namespace], int] = import_module(f"bot.cli.{options.command or 'serve'}").run
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package == "bot":
            raise
        print(  # noqa: T201 - for the person at the terminal
            f"callinfo's packages are not installed for this Python ({package} is missing): run `make install`, and "
            "use .venv/bin/python",
            file=sys.stderr,
        )
        return 2
    return run(options)


if __name__ == "__main__":
    sys.exit(main())
