"""The sample calls: one of every shape that CometChat's documents, samples and gateways are known to give.

This package says what they look like and how they fail; `bot.playground.cometchat` serves them.
Tests build calls of their own with `call_json` and `participant_json`.
"""

from dataclasses import replace

from bot.playground.samples.build import (
    APP_ID,
    REGION,
    Data,
    JsonObject,
    Sample,
    call_json,
    calls_in,
    participant_json,
    session_id,
)
from bot.playground.samples.documented import DOCUMENTED, documented_call
from bot.playground.samples.odd import odd_samples
from bot.playground.samples.ordinary import ordinary_samples
from bot.playground.samples.privacy import privacy_samples
from bot.playground.samples.standup import standup_sample
from bot.playground.samples.transcribed import transcribed_samples
from bot.playground.samples.troubles import ECHOED_KEY_PART, trouble_samples

__all__ = [
    "APP_ID",
    "ECHOED_KEY_PART",
    "REGION",
    "Data",
    "JsonObject",
    "Sample",
    "call_json",
    "calls_in",
    "documented_call",
    "participant_json",
    "samples",
    "session_id",
]


def samples(now: int) -> tuple[Sample, ...]:
    """Return all samples, the one of the README's screenshot first.

    `now` is in Unix seconds. The calls lie before it and their session ids carry their time stamps, so another
    `now` gives other ids: call this once and pass the result on.
    """
    groups = {
        "Calls": (standup_sample(now), *ordinary_samples(now)),
        "Transcripts": transcribed_samples(now),
        "Privacy": privacy_samples(now),
        "When things go wrong": trouble_samples(now),
        "Odd data": (DOCUMENTED, *odd_samples(now)),
    }
    return tuple(replace(sample, group=group) for group, listed in groups.items() for sample in listed)
