"""A call as CometChat describes it. parsing.py makes these values.

What the API leaves out is None. Timestamps are Unix seconds, durations are minutes. The API's words (status, mode,
type, state) are lower case, otherwise unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.cometchat.ids import Uid, lower_uid


@dataclass(frozen=True, slots=True)
class Party:
    """Who called or was called: a user, or a group, whose `uid` is then a GUID."""

    uid: str
    name: str | None = None
    group: bool = False

    def is_user(self, uid: Uid) -> bool:
        """Whether it is that user."""
        return not self.group and lower_uid(self.uid) == uid


@dataclass(frozen=True, slots=True)
class Participant:
    """An entry of the call's list of participants. Each device of a user has its own."""

    uid: str
    name: str | None = None
    joined: bool = False
    state: str | None = None
    joined_at: int | None = None
    left_at: int | None = None
    minutes: float | None = None
    audio_minutes: float | None = None
    video_minutes: float | None = None
    device_id: str | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording. Anybody with its URL can watch it, so keep that out of logs and shared messages."""

    rid: str | None = None
    started_at: int | None = None
    ended_at: int | None = None
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Transcription:
    """A transcript's file. Without a `mid` it covers the whole session, not one call of it.

    Anybody with its URL can read it, so keep that out of logs and shared messages.
    """

    tid: str | None = None
    mid: str | None = None
    started_at: int | None = None
    ended_at: int | None = None
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a session. `joined_count` counts devices that joined, not people.

    `unlisted` counts people of a very large call who are not among the `participants`. `inferred`: status and end are
    what the rest of the record says; CometChat's own may still move on. `transcriptions` are the newest few at most.
    """

    session_id: str | None = None
    mid: str | None = None
    type: str | None = None
    mode: str | None = None
    status: str | None = None
    initiator: Party | None = None
    receiver: Party | None = None
    receiver_type: str | None = None
    initiated_at: int | None = None
    started_at: int | None = None
    ended_at: int | None = None
    minutes: float | None = None
    audio_minutes: float | None = None
    video_minutes: float | None = None
    joined_count: int | None = None
    participants: tuple[Participant, ...] = ()
    has_recording: bool | None = None
    recordings: tuple[Recording, ...] = ()
    has_transcription: bool | None = None
    transcriptions: tuple[Transcription, ...] = ()
    inferred: bool = False
    unlisted: int = 0

    @property
    def began_at(self) -> int | None:
        """When the call started, else when it began to ring."""
        return self.started_at if self.started_at is not None else self.initiated_at

    @property
    def with_group(self) -> bool:
        """Whether the receiver is a group."""
        return self.receiver_type not in {None, "user"}

    def involves(self, uid: Uid) -> bool:
        """Whether that user called, was called, or is a participant."""
        sides = (self.initiator, self.receiver)
        return any(side.is_user(uid) for side in sides if side) or any(
            lower_uid(person.uid) == uid for person in self.participants
        )
