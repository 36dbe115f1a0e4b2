"""What nobody caught: in the log like everything else, or redacted on standard error where there is no log.

Python itself prints exceptions with their messages, which may have an address or a token in them. asyncio's own
handler logs to the logger `asyncio`, so it needs nothing here.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from contextlib import suppress
from types import TracebackType
from typing import Any

import structlog

from bot.observability.redaction import Redactor

log = structlog.get_logger()

_Raised = tuple[type[BaseException], BaseException | None, TracebackType | None]


def log_what_nobody_catches(handler: logging.Handler) -> None:
    """Let uncaught exceptions, warnings and records without a handler into the log; `handler` writes the last."""
    logging.lastResort = handler
    logging.captureWarnings(capture=True)
    sys.excepthook = lambda *raised: _logged("crashed", raised)
    threading.excepthook = lambda args: _logged("crashed in a thread", _raised(args))
    sys.unraisablehook = lambda args: _logged("crashed while cleaning up", _raised(args))


def tell_what_nobody_catches(redactor: Redactor) -> None:
    """Print uncaught exceptions on standard error, without secrets: for subcommands, where a person reads."""

    def told(raised: _Raised) -> None:
        with suppress(Exception):  # else Python prints both exceptions whole
            text = "".join(traceback.format_exception(*raised))
            print(redactor.text(text), end="", file=sys.stderr)  # noqa: T201 - for the person at the terminal

    sys.excepthook = lambda *raised: told(raised)
    threading.excepthook = lambda args: told(_raised(args))
    sys.unraisablehook = lambda args: told(_raised(args))


def _raised(args: Any) -> _Raised:
    return (args.exc_type, args.exc_value, args.exc_traceback)


def _logged(event: str, raised: _Raised) -> None:
    with suppress(Exception):  # as above
        if issubclass(raised[0], KeyboardInterrupt):
            log.warning("interrupted")
        elif not issubclass(raised[0], SystemExit):  # with which a thread may end
            log.critical(event, exc_info=raised)
