"""What a check finds: a state, a sentence for a person, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How a check went; `SKIPPED` where it could not be made, which says nothing about the set-up."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `do` is the one thing to do, for a failure."""

    check: str
    state: State
    sentence: str
    do: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says of what it looked at; who ran it knows its name."""

    state: State
    sentence: str
    do: str | None = None


def ok(sentence: str) -> Verdict:
    """Return that all is well."""
    return Verdict(State.OK, sentence)


def failed(sentence: str, do: str) -> Verdict:
    """Return that something has to be done."""
    return Verdict(State.FAILED, sentence, do)


def skipped(sentence: str) -> Verdict:
    """Return that it can't be told."""
    return Verdict(State.SKIPPED, sentence)
