"""All that the stand-in remembers, in one value that its parts share."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.slack.changes import Changes
from bot.playground.slack.faults import Faults, Record
from bot.playground.slack.homes import Homes
from bot.playground.slack.messages import Messages
from bot.playground.slack.modals import Modals
from bot.playground.slack.tickets import ResponseUrls, Triggers


@dataclass(frozen=True)
class State:
    """The channel, the modals, the Home tabs, tickets and URLs, scripted failures, what happened. `now` gives Unix seconds."""

    now: Callable[[], float]
    changes: Changes
    messages: Messages
    modals: Modals
    homes: Homes
    triggers: Triggers
    urls: ResponseUrls
    faults: Faults
    record: Record


def fresh(now: Callable[[], float]) -> State:
    """Return the state of a workspace in which nothing has happened yet."""
    changes = Changes()
    messages = Messages(now, changes)
    return State(
        now=now,
        changes=changes,
        messages=messages,
        modals=Modals(messages.new_ts, changes),
        homes=Homes(changes),
        triggers=Triggers(now),
        urls=ResponseUrls(now),
        faults=Faults(),
        record=Record(changes),
    )
