"""Logs: structlog, one line an event, on standard output; the libraries' loggers kept from telling secrets."""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
from typing import Any, Literal

import structlog

log = structlog.get_logger()

# What asyncio takes for a shortage that passes when it accepts a connection
_NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

# structlog's own `dict_tracebacks` prints the frames' variables: tokens, names, whole payloads
_TRACES_WITHOUT_VALUES = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)

LogFormat = Literal["console", "json"]

# slack_bolt logs whole requests at INFO and slack_sdk tokens and response_urls at DEBUG; aiohttp's access log and
# httpx's INFO lines name addresses. Whatever LOG_LEVEL says, these never say more than this.
_TAMED = {
    "slack_bolt": logging.CRITICAL,
    "slack_sdk": logging.CRITICAL,
    "aiohttp": logging.CRITICAL,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "asyncio": logging.WARNING,
    "alembic": logging.WARNING,
}


def configure_logs(level: str, log_format: LogFormat | None) -> None:
    """Set logging up for the process: `console` for people, `json` for machines, by the terminal where unset."""
    log_format = log_format or ("console" if sys.stdout.isatty() else "json")
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    rendering: list[structlog.typing.Processor] = (
        [_TRACES_WITHOUT_VALUES, structlog.processors.JSONRenderer()]
        if log_format == "json"
        else [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    )
    threshold = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[*shared, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    _configure_libraries(threshold, shared, rendering)


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
) -> None:
    """Let the libraries' records through the same renderer."""
    handler = logging.StreamHandler(sys.stdout)
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
