"""What listeners work with, passed in by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.answering import Answering
from bot.lookup import Lookup


@dataclass(frozen=True, slots=True)
class Services:
    """The collaborators of all listeners. `now` is the wall clock, in Unix seconds."""

    lookup: Lookup
    answering: Answering
    now: Callable[[], float]
