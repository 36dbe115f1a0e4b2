"""Logs: structlog, one line an event, on standard output, without secrets, whoever wrote the event.

Libraries' records, warnings and what nobody caught go the same way as the bot's own lines (`uncaught.py`). What a
secret is, `redaction.py` knows; where crashes are reported besides, `crash_reports.py`.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
from contextlib import suppress
from typing import Any, Literal

import structlog

from bot.observability.redaction import Redactor
from bot.observability.uncaught import log_what_nobody_catches

# structlog's own `dict_tracebacks` prints the frames' variables: tokens, names, whole payloads
_TRACES_WITHOUT_VALUES = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)

LogFormat = Literal["console", "json"]

log = structlog.get_logger()

# What asyncio takes for a shortage that passes when it accepts a connection
_NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

# slack_bolt logs whole requests at INFO, slack_sdk and aiohttp what they send: names, texts and UIDs of people too,
# which look like nothing in particular, so that no redaction could know them. Whatever LOG_LEVEL says, these never
# say more than this.
_TAMED = {
    "slack_bolt": logging.CRITICAL,
    "slack_sdk": logging.CRITICAL,
    "aiohttp": logging.CRITICAL,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "asyncio": logging.WARNING,
    "alembic": logging.WARNING,
}


def configure_logs(
    level: str,
    log_format: LogFormat | None,
    redactor: Redactor | None = None,
    *,
    reports: structlog.typing.Processor | None = None,
) -> None:
    """Set logging up for the process: `console` for people, `json` for machines, by the terminal where unset.

    `redactor` knows the configured secrets; without one, what looks like a secret is still taken out. `reports` sees
    each event before that, with its exception.
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
    log_what_nobody_catches(handler)


def _rendering(log_format: LogFormat, redactor: Redactor) -> list[structlog.typing.Processor]:
    """Return the way of an event from its exception's trace to its line; nothing is added after the redaction."""

    def redact(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        return redactor.event(event)

    if log_format == "json":
        return [_TRACES_WITHOUT_VALUES, redact, structlog.processors.JSONRenderer()]
    return [
        structlog.processors.format_exc_info,
        redact,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]


class _Records(logging.StreamHandler[Any]):
    """Writes libraries' records."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name for it
        """Say that a record can't be written; logging itself would print all that is in it."""
        with suppress(Exception):
            log.error(
                "log record not readable", logger=record.name, line=f"{record.filename}:{record.lineno}"
            )


def log_loop_trouble(loop: asyncio.AbstractEventLoop, trouble: dict[str, Any]) -> None:
    """Log what the event loop can't raise to anybody; that a connection can't be accepted now is no bug, and one line.

    For `loop.set_exception_handler`. asyncio tries to accept again by itself, every second.
    """
    error = trouble.get("exception")
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        log.error(
            "out of descriptors", reason=errno.errorcode[error.errno], consequence="Slack can't be let in"
        )
    else:
        loop.default_exception_handler(trouble)


def _configure_libraries(
    threshold: int,
    shared: list[structlog.typing.Processor],
    rendering: list[structlog.typing.Processor],
) -> logging.Handler:
    """Let the libraries' records through the same renderer; return what writes them."""
    handler = _Records(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(threshold, logging.INFO))
    for name, quietest in _TAMED.items():
        logging.getLogger(name).setLevel(max(threshold, quietest))
    return handler
