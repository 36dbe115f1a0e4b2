"""Logs: structlog, one line an event, on standard output, redacted, from libraries too.

Libraries' records, warnings and uncaught exceptions go the same way as the bot's own lines.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Literal

import structlog

from bot.observability.redaction import Redactor

# structlog's own `dict_tracebacks` prints the frames' variables: tokens, names, whole payloads
_TRACES_WITHOUT_VALUES = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)

LogFormat = Literal["console", "json"]

log = structlog.get_logger()

# What asyncio takes for a passing shortage when it accepts a connection
_OUT_OF_RESOURCES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

# slack_bolt logs whole requests at INFO, slack_sdk and aiohttp what they send: people's names, texts and UIDs too,
# which no redaction could recognise. Whatever LOG_LEVEL says, these never log below this.
_LEVELS = {
    "slack_bolt": logging.CRITICAL,
    "slack_sdk": logging.CRITICAL,
    "aiohttp": logging.CRITICAL,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "asyncio": logging.WARNING,
    "alembic": logging.WARNING,
}

_Raised = tuple[type[BaseException], BaseException | None, TracebackType | None]


def configure_logs(
    level: str,
    log_format: LogFormat | None,
    redactor: Redactor | None = None,
    *,
    reports: structlog.typing.Processor | None = None,
) -> None:
    """Set logging up for the process: `console` for people, `json` for machines; None decides by the terminal.

    `redactor` knows the configured secrets. `reports` gets each event before it is redacted, with its exception.
    """
    log_format = log_format or ("console" if sys.stdout.isatty() else "json")
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    rendering = [*([reports] if reports else []), *_rendering(log_format, redactor or Redactor())]
    threshold = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[*shared, structlog.processors.StackInfoRenderer(), *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = _configure_libraries(threshold, shared, rendering)
    logging.lastResort = handler  # for loggers without a handler
    logging.captureWarnings(capture=True)
    _on_uncaught(_log_uncaught)


def print_uncaught(redactor: Redactor) -> None:
    """Print uncaught exceptions on standard error, redacted: for subcommands, where a person reads."""

    def show(_event: str, raised: _Raised) -> None:
        text = "".join(traceback.format_exception(*raised))
        print(redactor.text(text), end="", file=sys.stderr)  # noqa: T201 - for the person at the terminal

    _on_uncaught(show)


def log_loop_trouble(loop: asyncio.AbstractEventLoop, trouble: dict[str, Any]) -> None:
    """Log what the event loop can raise to nobody; for `loop.set_exception_handler`.

    That no connection can be accepted for now is no bug, and one line: asyncio tries again every second.
    """
    error = trouble.get("exception")
    if isinstance(error, OSError) and error.errno in _OUT_OF_RESOURCES:
        log.error(
            "out of descriptors", reason=errno.errorcode[error.errno], consequence="Slack can't be let in"
        )
    else:
        loop.default_exception_handler(trouble)


def _rendering(log_format: LogFormat, redactor: Redactor) -> list[structlog.typing.Processor]:
    """Return the processors from an exception's trace to the line; nothing is added after the redaction."""

    def redact(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        return redactor.event(event)

    if log_format == "json":
        return [_TRACES_WITHOUT_VALUES, redact, structlog.processors.JSONRenderer()]
    return [
        structlog.processors.format_exc_info,
        redact,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]


class _LibraryHandler(logging.StreamHandler[Any]):
    """Writes libraries' records."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name for it
        """Log that a record can't be written; logging itself would print all that is in it."""
        with suppress(Exception):
            log.error(
                "log record not readable", logger=record.name, line=f"{record.filename}:{record.lineno}"
            )


def _configure_libraries(
    threshold: int,
    shared: list[structlog.typing.Processor],
    rendering: list[structlog.typing.Processor],
) -> logging.Handler:
    """Send the libraries' records through the same processors; return what writes them."""
    handler = _LibraryHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(threshold, logging.INFO))
    for name, lowest in _LEVELS.items():
        logging.getLogger(name).setLevel(max(threshold, lowest))
    return handler


def _on_uncaught(handle: Callable[[str, _Raised], None]) -> None:
    """Give uncaught exceptions to `handle`: Python itself prints them with their messages, which may have a secret.

    asyncio's own handler logs to the logger `asyncio`, and needs nothing here.
    """

    def safely(event: str, raised: _Raised) -> None:
        with suppress(Exception):  # else Python prints both exceptions whole
            handle(event, raised)

    sys.excepthook = lambda *raised: safely("crashed", raised)
    threading.excepthook = lambda args: safely("crashed in a thread", _raised(args))
    sys.unraisablehook = lambda args: safely("crashed while cleaning up", _raised(args))


def _raised(args: Any) -> _Raised:
    return (args.exc_type, args.exc_value, args.exc_traceback)


def _log_uncaught(event: str, raised: _Raised) -> None:
    if issubclass(raised[0], KeyboardInterrupt):
        log.warning("interrupted")
    elif not issubclass(raised[0], SystemExit):  # with which a thread may end
        log.critical(event, exc_info=raised)
