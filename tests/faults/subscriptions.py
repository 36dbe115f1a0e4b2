"""Faults as people meet them who want to be told of their calls."""

from __future__ import annotations

from tests.faults.model import Cell, Database, Entry, Fault, Group, Place, SlackFails, as_late, good

_UNAVAILABLE = ("The list of subscriptions isn’t available right now.", "Try again in a minute.")
_NOT_THERE = ("I’m not in that channel, so I can’t post there.", "in the channel, then subscribe again.")
_ARCHIVED = ("That channel is archived, so nobody can post there.", "Choose another channel.")
_REFUSES = ("Slack doesn’t let me post in that channel.", "Ask whoever manages the channel")
_NO_WINDOW = ("Slack couldn’t open the window.", "Press the button again.")
_NOT_TAKEN = ("Slack didn’t accept the message.", "Try again.")
_THERE = ("chat.postEphemeral",)

_NO_LIST = {
    entry: Cell(place, _UNAVAILABLE, {"outcome": "subscriptions_unavailable"})
    for entry, place in (
        (Entry.SUBSCRIBE, Place.ANSWER),
        (Entry.SUBSCRIBE_HERE, Place.ANSWER),
        (Entry.STOP, Place.MESSAGE),
    )
}
_SUBSCRIBED_HERE = good(Entry.SUBSCRIBE_HERE)[Entry.SUBSCRIBE_HERE]
_BY_ANSWER = Cell(Place.ANSWER, _SUBSCRIBED_HERE.reads, _SUBSCRIBED_HERE.log)
_KEPT = "Nothing: the subscription is kept. If callinfo isn’t in that channel, its owner is told at the first call."


def _there(name: str, word: str, reads: tuple[str, ...], to_do: str) -> Fault:
    cell = Cell(Place.ANSWER, reads, {"outcome": "not_in_channel"})
    fails = SlackFails(_THERE, 200, {"ok": False, "error": word})
    return Fault(f"Subscribing: {name}", (fails,), to_do, {Entry.SUBSCRIBE_HERE: cell})


SUBSCRIPTIONS = Group(
    "Subscriptions",
    "What becomes of a subscription that a person makes or ends. “Done” is said only after the database has it.",
    (
        Fault(
            "Subscribing: the database refuses connections",
            (Database.REFUSES,),
            "Repair the database; nothing needs a restart.",
            _NO_LIST | good(Entry.SUBSCRIBE_FORM),
            also=("audit not stored", "database unavailable"),
        ),
        Fault(
            "Subscribing: the database takes no changes, since another program holds the lock (SQLite)",
            (Database.NO_CHANGES,),
            "End the other program.",
            {entry: as_late(cell) for entry, cell in _NO_LIST.items()} | good(Entry.SUBSCRIBE_FORM),
            also=("database unavailable",),
            apart=True,
        ),
        _there(
            "callinfo isn’t in the channel",
            "not_in_channel",
            _NOT_THERE,
            "Nothing: the person reads how to invite it. The optional scope `chat:write.public` does without in public channels.",
        ),
        _there(
            "callinfo isn’t in the private channel",
            "channel_not_found",
            _NOT_THERE,
            "Nothing: the person reads how to invite it.",
        ),
        _there("the channel is archived", "is_archived", _ARCHIVED, "Nothing."),
        _there(
            "only some people may post in the channel",
            "restricted_action",
            _REFUSES,
            "Whoever manages the channel lets callinfo post in it. The reason is in the log: `message not shown in a channel`.",
        ),
        Fault(
            "Subscribing: Slack’s `chat.postEphemeral` answers 500",
            (SlackFails(_THERE, 500, ""),),
            _KEPT,
            {Entry.SUBSCRIBE_HERE: _BY_ANSWER},
        ),
        Fault(
            "Subscribing: Slack’s `chat.postEphemeral` never answers",
            (SlackFails(_THERE, 500, "", delay=60.0),),
            _KEPT,
            {Entry.SUBSCRIBE_HERE: as_late(_BY_ANSWER)},
        ),
        Fault(
            "Subscribing: Slack’s `views.open` answers 500",
            (SlackFails(("views.open",), 500, ""),),
            "Look at Slack’s status page.",
            {
                Entry.SUBSCRIBE_FORM: Cell(
                    Place.MESSAGE,
                    _NO_WINDOW,
                    {"outcome": "modal_refused", "upstream_code": "status 500"},
                )
            },
        ),
        Fault(
            "Subscribing: response URLs answer 500",
            (SlackFails(("response_url",), 500, ""),),
            "Look at Slack’s status page, and at the machine’s way out to `hooks.slack.com`. What was stopped is stopped.",
            good(Entry.SUBSCRIBE, Entry.SUBSCRIBE_HERE, Entry.SUBSCRIBE_FORM)
            | {
                Entry.STOP: Cell(
                    Place.WINDOW,
                    _NOT_TAKEN,
                    {
                        "outcome": "unsubscribed",
                        "reply_failure": "status 500",
                        "last_resort": "told in a modal",
                    },
                    ask=True,
                    event="reply failed",
                )
            },
        ),
    ),
)
