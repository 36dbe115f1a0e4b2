"""What goes wrong on request: scripted failures of the stand-in, and the record of what it received."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.playground.slack.changes import Changes
from bot.playground.slack.refusals import Refusal, RefusedError

_KEPT = 1_000


@dataclass(frozen=True)
class Fault:
    """One way to fail: after `delay` seconds, with this answer; no status means slow, but fine."""

    status: int | None
    body: str | Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


class Faults:
    """Failures waiting for their turn, by target: `response_url` or a Web API method."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Fault]] = {}

    def add(self, target: str, fault: Fault, times: int) -> None:
        """Let the next `times` requests to `target` fail in this way."""
        self._waiting.setdefault(target, []).extend([fault] * times)

    def clear(self) -> None:
        """Forget all failures that have not happened yet."""
        self._waiting.clear()

    def take(self, target: str) -> Fault | None:
        """Return the failure whose turn it is, if any."""
        waiting = self._waiting.get(target)
        return waiting.pop(0) if waiting else None


@dataclass(frozen=True)
class Received:
    """One request of the bot's: to `response_url` or a Web API method, and what it was answered."""

    target: str
    body: Mapping[str, Any]
    status: int
    answer: str
    at: float  # by the stand-in's clock, in seconds
    key: str = ""  # the last part of the response URL: each command and each press has its own


class Record:
    """All the bot sent and all that was refused, the last thousand of each."""

    def __init__(self, changes: Changes) -> None:
        self.received: list[Received] = []
        self.refusals: list[Refusal] = []
        self._changes = changes

    def receive(self, received: Received) -> None:
        """Note a request of the bot's."""
        self.received.append(received)
        del self.received[:-_KEPT]
        self._changes.announce()

    def refuse(self, where: str, refused: RefusedError) -> None:
        """Note a refusal."""
        self.refusals.append(Refusal(where, refused.error, refused.problems))
        del self.refusals[:-_KEPT]
        self._changes.announce()
