"""Crashes to Sentry, where SENTRY_DSN is set: an optional extra, redacted as the log is.

What is sent is an exception's type, message and trace without variables, and the reference that the person was shown.
The client has no integrations: none patches a library, reads a payload or follows requests. `send_default_pii` is off
unless set (https://docs.sentry.io/platforms/python/configuration/options/).
"""

from __future__ import annotations

import atexit
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog

from bot import __version__
from bot.observability.redaction import Redactor

if TYPE_CHECKING:
    from sentry_sdk.transport import Transport

_LEVELS = {"error": "error", "critical": "fatal"}
_TAGS = ("event", "reference", "kind", "logger")


class CrashReports:
    """A structlog processor that reports the events with an exception; needs sentry-sdk.

    `transport` replaces the way to Sentry. Reports are sent in the background, the last ones at the process's end.
    """

    def __init__(self, dsn: str, redactor: Redactor, *, transport: Transport | None = None) -> None:
        import sentry_sdk  # noqa: PLC0415 - an optional extra

        def redacted(sent: Any, _hint: Any) -> Any:
            return redactor.value(sent)

        self._client = sentry_sdk.Client(
            dsn,
            transport=transport,
            release=f"callinfo@{__version__}",
            environment="production",
            server_name="callinfo",
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            max_request_body_size="never",
            include_local_variables=False,
            max_breadcrumbs=0,
            traces_sample_rate=None,
            propagate_traces=False,
            enable_logs=False,
            enable_metrics=False,
            spotlight=False,
            before_send=redacted,
            before_breadcrumb=redacted,
        )
        self._scope = sentry_sdk.Scope(client=self._client)
        atexit.register(self.close)

    def __call__(
        self, _logger: Any, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        """Report the event if it is a crash; return it as it is."""
        if event.get("exc_info") and event.get("level") in _LEVELS:
            with suppress(Exception):  # the log has it, whatever is wrong with the SDK
                self._report(event)
        return event

    def close(self) -> None:
        """Send what is left, in at most 2 s."""
        atexit.unregister(self.close)
        self._client.close(timeout=2.0)

    def _report(self, event: structlog.typing.EventDict) -> None:
        from sentry_sdk.utils import event_from_exception  # noqa: PLC0415 - as above

        raised = event["exc_info"] if event["exc_info"] is not True else sys.exc_info()
        report, hint = event_from_exception(raised, client_options=self._client.options)
        report["level"] = _LEVELS[event["level"]]  # type: ignore[typeddict-item] # two of Sentry's words
        report["tags"] = {name: str(event[name]) for name in _TAGS if name in event}
        self._client.capture_event(report, hint, self._scope)
