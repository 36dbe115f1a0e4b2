"""What must never be in the log, and never be answered. Pure: from a line, or an answer, to a complaint."""

from __future__ import annotations

import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from bot.cards.kit.limits import violations
from fuzz.connection import Answer
from fuzz.marks import leaked


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something that must not be. Two with the same `sort` are one bug seen twice; `text` tells of this one."""

    sort: str
    text: str


def of_line(line: bytes) -> Complaint | None:
    """Judge a line of the log, which has to be one JSON object without a trace and without a secret."""
    text = line.decode(errors="replace").rstrip()
    if kinds := leaked(text):
        return Complaint(f"the log has a planted {', '.join(sorted(kinds))}", text)
    try:
        said: Any = json.loads(text)
    except ValueError:
        return Complaint("the log has a line that is no JSON", text)
    event = str(said.get("event")) if isinstance(said, dict) else ""
    if isinstance(said, dict) and "exception" not in said and "Traceback" not in text:
        return Complaint(f"the log says {event!r}", text) if _is_bad(event, said) else None
    return Complaint(f"unhandled: {_place(said)}", text)


def _is_bad(event: str, said: dict[str, Any]) -> bool:
    trouble = said.get("level") in {"error", "critical"} and said.get("logger") is not None
    return event == "crashed" or trouble


def _place(said: Any) -> str:
    """Name what was raised, and where, so that each bug is told once."""
    try:
        last = said["exception"][-1]
        frame = last["frames"][-1]
        return f"{said['event'].splitlines()[0][:80]}: {last['exc_type']} in {frame['name']}, line {frame['lineno']}"
    except (LookupError, TypeError, AttributeError):
        return str(said)[-300:]


def of_answer(answer: Answer, allowed: AbstractSet[str]) -> Complaint | None:
    """Judge an answer to any request; `allowed` are the marks that may be in it."""
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Complaint(f"status {answer.status}", f"{answer.head!r} {answer.body[:300]!r}")
    if kinds := leaked(answer.head + answer.body, allowed):
        return Complaint(f"an answer has a planted {', '.join(sorted(kinds))}", repr(answer.body[:2000]))
    if answer.body.startswith(b"{"):
        return of_message(answer.body)
    return None


def of_message(body: bytes) -> Complaint | None:
    """Hold what would be shown as a message against Slack's limits."""
    try:
        message: Any = json.loads(body)
    except ValueError:
        return Complaint("no JSON", repr(body[:300]))
    if not isinstance(message, dict):
        return None
    if "jsonrpc" in message:  # an answer to Slackbot
        result = message.get("result") or {}
        message = result.get("_meta", {}).get("slack", {})
    if "blocks" in message and (wrong := violations(message, "message")):
        return Complaint("Slack would refuse the message", f"{wrong[:3]}")
    return None
