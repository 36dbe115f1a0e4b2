"""What a test can make a stand-in do with a request, instead of the ordinary answer.

Values only. The samples say with them how trouble looks; `cometchat.py` carries them out.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Answer:
    """Answers everybody with just this.

    `body` goes out as it is when it is bytes, else as JSON. `delay` is in seconds. `times` says how many
    requests get it before the next step's turn; None means all of them.
    """

    status: int = 200
    body: object = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    times: int | None = None

    @property
    def payload(self) -> bytes:
        """The body as it goes over the wire; raises TypeError for what is neither bytes nor JSON."""
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Slow:
    """Waits that many seconds, then gives the ordinary answer."""

    seconds: float
    times: int | None = None


@dataclass(frozen=True)
class Hang:
    """Never answers: holds the connection until the other side gives up."""

    times: int | None = None


@dataclass(frozen=True)
class Drop:
    """Closes the connection without an answer."""

    times: int | None = None


@dataclass(frozen=True)
class Raw:
    """Sends these very bytes, whether HTTP or not; then closes, resets or holds the connection."""

    sent: bytes
    then: Literal["close", "reset", "hold"] = "close"
    times: int | None = None


Step = Answer | Slow | Hang | Drop | Raw


def error_body(code: str, message: str) -> dict[str, dict[str, str]]:
    """Return an error in CometChat's envelope: `{"error": {"code", "message"}}`."""
    return {"error": {"code": code, "message": message}}
