"""What the table is made of: what people do, what fails, and what comes of it. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.app import Limits
from bot.playground.scripted import Step


class Entry(StrEnum):
    """What a person does; the value is how an operator would say it."""

    COMMAND = "`/callinfo <session id>`"
    RECENT = "`/callinfo recent`"
    SLOW_COMMAND = "`/callinfo <session id>`, where CometChat takes longer than 3 s"
    SHORTCUT = "*Get call info* on a message with one id"
    SEVERAL = "*Get call info* on a message with several ids"
    ASKING = "*Get call info* on a message without an id"
    PICK = "a choice out of several ids"
    SHARE = "*Share to channel*"
    DETAILS = "*Details*"
    TRANSCRIPT = "*Transcript*"
    REFRESH = "*Refresh*"
    SUBMISSION = "a session id in the window that asks for one"
    QUESTION = "a question to Slackbot about a call"
    HOME = "*Home*, opened"
    SUBSCRIBE = "`/callinfo subscribe missed`"
    SUBSCRIBE_HERE = "`/callinfo subscribe ended here`"
    SUBSCRIBE_FORM = "`/callinfo subscribe`"
    STOP = "*Stop these*"


class Place(StrEnum):
    """Where a person reads the answer."""

    ANSWER = "in the command’s own answer"
    MESSAGE = "in a message that only they see"
    CHANNEL = "in the channel, as everyone does"
    CARD = "in the card itself"
    WINDOW = "in a window"
    TAB = "in the Home tab"
    SLACKBOT = "from Slackbot, in its own words"
    BESIDE = "beside the input"
    SLACK = "from Slack itself"
    NOWHERE = "nowhere"


Log = Mapping[str, str | int]
"""The fields that a line in the log has to have."""


@dataclass(frozen=True)
class Cell:
    """What comes of one entry under one fault.

    `reads` are sentences, in order; with `ask`, whom to ask follows. `promised`: "This is taking longer" comes
    first, in the Home tab "Loading…". `event` and `log` are the one line in the log, its outcome included.
    """

    place: Place
    reads: tuple[str, ...]
    log: Log
    ask: bool = False
    promised: bool = False
    event: str = "interaction"


@dataclass(frozen=True)
class Scripted:
    """CometChat does this with each session id that is asked for."""

    step: Step


@dataclass(frozen=True)
class Transcribed:
    """What CometChat does with the list of each call's transcripts, and their host with each file.

    `content` is in the files, `url` is said to be their address; without `any` the list is empty.
    """

    listed: Step | None = None
    file: Step | None = None
    content: object = None
    url: str | None = None
    any: bool = True


@dataclass(frozen=True)
class Set:
    """The bot's settings, and how long it waits for others, are these from the start."""

    values: Mapping[str, object]
    limits: Limits | None = None


@dataclass(frozen=True)
class SlackFails:
    """Slack's Web API (each of `targets`) or its response URLs fail so; the rest is `StandInSlack.fail`'s."""

    targets: tuple[str, ...]
    status: int | None = 500
    body: str | Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass(frozen=True)
class ResponseUrlsLead:
    """Slack's response URLs are at this address, ending in a slash."""

    to: str


class Database(StrEnum):
    """What is wrong with the database."""

    REFUSES = "refuses connections"
    SILENT = "takes connections and says nothing"
    LOCKED = "the table of links is locked"
    NO_CHANGES = "another program holds the lock for changes"


@dataclass(frozen=True)
class ClockOff:
    """Slack's clock and the bot's differ by so many seconds."""

    seconds: float


@dataclass(frozen=True)
class NoDescriptors:
    """The process may open no more files and sockets."""


Cause = Scripted | Transcribed | Set | SlackFails | ResponseUrlsLead | Database | ClockOff | NoDescriptors


@dataclass(frozen=True)
class Fault:
    """One thing that fails: what it is called, how a test causes it, what an operator does, and each entry's cell.

    `also` are the other events of level warning and above in the bot's log. `apart` gives each cell a bot of its
    own, where the bot remembers the fault for a while, or one cell would wait long for another. With
    `close_to_the_limit`, a window is opened shortly before Slack would not let it any more: then Slack's clock goes
    at half speed, lest a busy machine makes it too late.
    """

    name: str
    causes: tuple[Cause, ...]
    to_do: str
    cells: Mapping[Entry, Cell]
    also: tuple[str, ...] = ()
    apart: bool = False
    close_to_the_limit: bool = False


@dataclass(frozen=True)
class Group:
    """Faults of one origin; `about` is said once, for all of them."""

    name: str
    about: str
    faults: tuple[Fault, ...]


LOOK_UPS = (
    Entry.COMMAND,
    Entry.RECENT,
    Entry.SHORTCUT,
    Entry.PICK,
    Entry.SHARE,
    Entry.DETAILS,
    Entry.TRANSCRIPT,
    Entry.REFRESH,
    Entry.SUBMISSION,
    Entry.QUESTION,
)
"""The entries that look calls up."""

TOLD_IN = {
    Entry.COMMAND: Place.ANSWER,
    Entry.RECENT: Place.ANSWER,
    Entry.SLOW_COMMAND: Place.MESSAGE,
    Entry.SHORTCUT: Place.MESSAGE,
    Entry.SEVERAL: Place.MESSAGE,
    Entry.ASKING: Place.MESSAGE,
    Entry.PICK: Place.MESSAGE,
    Entry.SHARE: Place.MESSAGE,
    Entry.DETAILS: Place.WINDOW,
    Entry.TRANSCRIPT: Place.WINDOW,
    Entry.REFRESH: Place.MESSAGE,
    Entry.SUBMISSION: Place.BESIDE,
    Entry.QUESTION: Place.SLACKBOT,
    Entry.HOME: Place.TAB,
    Entry.SUBSCRIBE: Place.ANSWER,
    Entry.SUBSCRIBE_HERE: Place.ANSWER,
    Entry.SUBSCRIBE_FORM: Place.MESSAGE,
    Entry.STOP: Place.MESSAGE,
}
"""Where people read of a problem."""


def told(*reads: str, outcome: str, ask: bool = False, log: Log | None = None) -> dict[Entry, Cell]:
    """Return the cells of a problem that reads the same wherever a call is looked up."""
    said = {"outcome": outcome, **(log or {})}
    return {entry: Cell(TOLD_IN[entry], reads, said, ask=ask) for entry in LOOK_UPS}


def late(cells: Mapping[Entry, Cell]) -> dict[Entry, Cell]:
    """Return the cells for an answer that takes longer than Slack waits: a promise first, where there is no window."""
    return {entry: as_late(cell) for entry, cell in cells.items()}


def as_late(cell: Cell) -> Cell:
    """Return the cell for an answer that takes longer than Slack waits."""
    if cell.place in {Place.WINDOW, Place.SLACKBOT}:  # Slackbot waits for a minute
        return cell
    return replace(cell, place=Place.MESSAGE, promised=True)


def good(*entries: Entry) -> dict[Entry, Cell]:
    """Return the cells of those entries at which nothing is wrong; where none is named, of all that show a call.

    The Home tab and subscriptions have faults of their own (`home.py`, `subscriptions.py`).
    """
    return {entry: _GOOD[entry] for entry in entries or [each for each in _GOOD if each not in _APART]}


YOU = ("You are",)
"""What the Home tab of a linked person says below their calls."""

_APART = {Entry.HOME, Entry.SUBSCRIBE, Entry.SUBSCRIBE_HERE, Entry.SUBSCRIBE_FORM, Entry.STOP}
_CALL = ("Audio call with Captain America, 4 minutes 5 seconds.",)
_SHARED = "Audio call between Iron Man and Captain America, 4 minutes 5 seconds."
_GOOD = {
    Entry.COMMAND: Cell(Place.ANSWER, _CALL, {"outcome": "found"}),
    Entry.RECENT: Cell(Place.ANSWER, ("Your latest calls",), {"outcome": "listed"}),
    Entry.SLOW_COMMAND: Cell(Place.MESSAGE, _CALL, {"outcome": "found"}, promised=True),
    Entry.SHORTCUT: Cell(Place.MESSAGE, _CALL, {"outcome": "found"}),
    Entry.SEVERAL: Cell(Place.MESSAGE, ("This message mentions 2 calls",), {"outcome": "choices"}),
    Entry.ASKING: Cell(
        Place.WINDOW, ("There’s no session id in this message.",), {"outcome": "asked_for_session"}
    ),
    Entry.PICK: Cell(Place.MESSAGE, _CALL, {"outcome": "found"}),
    Entry.SHARE: Cell(Place.CHANNEL, (_SHARED, "Shared by"), {"outcome": "shared"}),
    Entry.DETAILS: Cell(Place.WINDOW, ("Participants (2)",), {"outcome": "details"}),
    Entry.TRANSCRIPT: Cell(Place.WINDOW, ("Said in the call.",), {"outcome": "transcript"}),
    Entry.REFRESH: Cell(Place.CARD, _CALL, {"outcome": "found"}),
    Entry.SUBMISSION: Cell(Place.MESSAGE, _CALL, {"outcome": "found"}),
    Entry.QUESTION: Cell(
        Place.SLACKBOT, ("Audio call with", "It lasted 4 min 5 s (245 seconds)."), {"outcome": "found"}
    ),
    Entry.HOME: Cell(Place.TAB, ("Your latest calls", "4 min 5 s", *YOU), {"outcome": "home"}, ask=True),
    Entry.SUBSCRIBE: Cell(
        Place.ANSWER, ("I’ll message you when you miss a call.",), {"outcome": "subscribed"}
    ),
    Entry.SUBSCRIBE_HERE: Cell(Place.MESSAGE, ("I’ll post in",), {"outcome": "subscribed"}),
    Entry.SUBSCRIBE_FORM: Cell(
        Place.WINDOW, ("I’ll message you when you miss a call.",), {"outcome": "subscribing"}
    ),
    Entry.STOP: Cell(Place.MESSAGE, ("I’ll no longer message you",), {"outcome": "unsubscribed"}),
}
