"""Transcripts' files of the stand-in CometChat, in the shapes that they may have. Values only.

`calls_api.py` lists them, `cometchat.py` serves them; what is said in them is up to the samples and the tests.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Said = tuple[str, str, float, str]
"""Who said it (UID and name), how many seconds after the start, and the words."""

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Spoken:
    """One transcript. Times are Unix seconds; without a `mid` it covers the whole session.

    `content` returns the file when it is asked for: JSON, or bytes as they are. `url` is said to be its address instead
    of the stand-in's own.
    """

    tid: str
    started_at: int
    ended_at: int
    content: Callable[[], object] = field(compare=False)
    mid: str | None = None
    url: str | None = None

    def path(self, app_id: str) -> str:
        """Return the file's path on its host."""
        return f"/{app_id}/transcript_{self._iso}_{self.tid}.json"

    def as_json(self, session_id: str, app_id: str, host: str) -> JsonObject:
        """Return it as the API lists it; `host` is the scheme and host that the file is on."""
        listed = {
            "roomName": session_id,
            "mid": self.mid,
            "tid": self.tid,
            "startTime": self.started_at,
            "endTime": self.ended_at,
            "transcriptDate": self._iso,
            "transcriptUrl": self.url or f"{host}{self.path(app_id)}",
        }
        return {key: value for key, value in listed.items() if value is not None}

    @property
    def _iso(self) -> str:
        return f"{datetime.fromtimestamp(self.started_at, UTC):%Y-%m-%dT%H:%M:%S.000Z}"


def jitsi(said: Iterable[Said], started_at: int) -> JsonObject:
    """Return a file as Jitsi writes it: each speech twice, first with words that were still to change."""
    said = list(said)
    names = {uid: name for uid, name, _, _ in said}
    people = [{"name": name, "id": f"{uid}-device", "identity_id": uid} for uid, name in names.items()]
    events: list[JsonObject] = [{"event": "JOIN", "timestamp": started_at * 1000, "participant": people[0]}]
    for uid, name, at, text in said:
        whose = {"name": name, "id": f"{uid}-device", "identity_id": uid}
        for interim, words in ((True, f"{text.split(' ', maxsplit=1)[0]} uh"), (False, text)):
            events.append(
                {
                    "event": "SPEECH",
                    "timestamp": int((started_at + at) * 1000),
                    "participant": whose,
                    "transcript": [{"text": words, "confidence": 0.93}],
                    "language": "en-US",
                    "is_interim": interim,
                }
            )
    return {"room_name": "room", "start_time": started_at, "initial_participants": people, "events": events}


def bare_list(said: Iterable[Said]) -> list[JsonObject]:
    """Return a file that is a list of speaker, text and start, in seconds from the start."""
    return [{"speaker": name, "text": text, "start": at} for _, name, at, text in said]


def spoken(tid: str, started_at: int, seconds: int, content: object, **more: Any) -> Spoken:
    """Return a transcript with that content, made already."""
    return Spoken(tid, started_at, started_at + seconds, lambda: content, **more)
