"""Crashes on their way to Sentry, with a transport that keeps what would be sent."""

import json
import logging
import sys
from typing import Any, NoReturn

import pytest
import structlog
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from bot.observability.crash_reports import CrashReports
from bot.observability.redaction import Redactor

DSN = "https://publickey0123456@sentry.invalid/7"
KEY = "k#configured-s3cr3tS3CR3T"


class Kept(Transport):
    """Takes reports and sends nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[dict[str, Any]] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        event = envelope.get_event()
        assert event
        self.events.append(json.loads(json.dumps(event)))


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def reports(kept: Kept) -> CrashReports:
    return CrashReports(DSN, Redactor([KEY]), transport=kept)


def crash(text: str) -> NoReturn:
    variable = text  # which must not be sent
    raise ValueError(f"{variable} is wrong")


def reported(reports: CrashReports, text: str, **facts: Any) -> structlog.typing.EventDict:
    try:
        crash(text)
    except ValueError:
        return reports(None, "error", {"event": "crashed", "level": "error", "exc_info": True, **facts})


def test_a_crash_is_reported_with_its_reference_and_without_secrets(
    reports: CrashReports, kept: Kept
) -> None:
    event = reported(
        reports, KEY + " https://hooks.slack.com/commands/T1/2/s3cr3t", reference="R1", kind="command"
    )
    assert event["exc_info"] is True  # the log still needs it
    (sent,) = kept.events
    (raised,) = sent["exception"]["values"]
    assert raised["type"] == "ValueError"
    assert raised["value"] == "[redacted secret] [redacted address] is wrong"
    assert sent["tags"] == {"event": "crashed", "reference": "R1", "kind": "command"}
    assert sent["level"] == "error"
    assert [frame["function"] for frame in raised["stacktrace"]["frames"]] == ["reported", "crash"]
    assert "s3cr3t" not in str(sent)
    assert '"vars"' not in json.dumps(sent)


def test_nothing_about_people_requests_the_machine_or_other_work_is_sent(
    reports: CrashReports, kept: Kept
) -> None:
    logging.getLogger("some.library").warning("a breadcrumb, if anything made them")
    reported(reports, "x", user="U012AB3CD", team="T1")
    (sent,) = kept.events
    for name in ("user", "request", "modules", "extra", "spans", "transaction", "threads"):
        assert not sent.get(name), name
    assert not sent.get("breadcrumbs", {}).get("values")
    assert sent["server_name"] == "callinfo"
    assert sent["sdk"]["integrations"] == []
    assert "U012AB3CD" not in str(sent)


def test_an_uncaught_exception_is_reported_as_fatal(reports: CrashReports, kept: Kept) -> None:
    try:
        crash(KEY)
    except ValueError:
        raised = sys.exc_info()
    reports(None, "critical", {"event": "crashed", "level": "critical", "exc_info": raised})
    reports(None, "critical", {"event": "crashed", "level": "error", "exc_info": raised[1]})
    assert [event["level"] for event in kept.events] == ["fatal", "error"]


@pytest.mark.parametrize(
    "event",
    [
        {"event": "interaction", "level": "info"},
        {"event": "reply failed", "level": "error"},
        {"event": "odd", "level": "warning", "exc_info": (ValueError, ValueError(), None)},
        {"event": "odd", "level": "error", "exc_info": False},
    ],
)
def test_what_is_no_crash_is_not_reported(
    reports: CrashReports, kept: Kept, event: structlog.typing.EventDict
) -> None:
    assert reports(None, "x", event) is event
    assert kept.events == []


def test_trouble_with_a_report_is_no_trouble_for_the_log(reports: CrashReports, kept: Kept) -> None:
    event = {"event": "odd", "level": "error", "exc_info": "nonsense"}
    assert reports(None, "error", event) is event
    assert kept.events == []


def test_closing_is_for_once_and_for_all(reports: CrashReports, kept: Kept) -> None:
    reports.close()
    reported(reports, "x")
    assert kept.events == []
