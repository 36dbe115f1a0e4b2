"""The first sample, the one in the README's picture: a group call in which everybody came and went differently."""

from bot.playground.samples.build import (
    CAPTAIN,
    CYCLOPS,
    IRON_MAN,
    SPIDERMAN,
    WOLVERINE,
    Group,
    Person,
    Sample,
    absent,
    call_json,
    entities,
    present,
    session_id,
)
from bot.playground.samples.transcribed import standup_talk

_GROUP = Group("release-standup", "Release stand-up")
_PRIYA = Person("priya-nair", "Priya Nair")
_JONAS = Person("jonas-weber", "Jonas Weber")

_QUARTER = 15 * 60
_LENGTH = 32 * 60


def standup_sample(now: int) -> Sample:
    """Return the stand-up, which began two hours before `now` (Unix seconds) at a full quarter."""
    initiated = (now - 2 * 3600) // _QUARTER * _QUARTER
    start = initiated + 12
    end = start + _LENGTH
    sid = session_id("release stand-up", initiated)
    call = call_json(
        sessionId=sid,
        type="video",
        initiatedAt=initiated,
        startedAt=start,
        endedAt=end,
        initiator=IRON_MAN.uid,
        receiver=_GROUP.guid,
        receiverType="group",
        hasRecording=True,
        recordings=[
            {
                "rid": "rec-release-standup",
                "recording_url": "https://recordings-eu.cometchat.io/2574867aa2e6e417/rec-release-standup.mp4",
                "duration": 30.5,
                "startTime": start + 60,
                "endTime": end - 30,
            }
        ],
        hasTranscription=True,
        participants=[
            present(IRON_MAN, start, end),
            present(CAPTAIN, start + 380, end),
            present(WOLVERINE, start + 40, start + 570),
            present(SPIDERMAN, start + 15, start + 700),
            present(CYCLOPS, start + 720, start + 1290),
            present(SPIDERMAN, start + 1025, end),
            absent(_PRIYA, "rejected"),
            absent(_JONAS, "unanswered"),
        ],
        data=entities(IRON_MAN, _GROUP),
    )
    return Sample(
        sid,
        "Release stand-up",
        "A recorded group video call of 32 minutes: 5 of 7 joined, at different times",
        [call],
        transcripts=(standup_talk(start),),
    )
