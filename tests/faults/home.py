"""Faults as the Home tab meets them: each part of it is there or says why not, and Slack has to take the whole."""

from __future__ import annotations

from dataclasses import replace

from bot.app import Limits
from bot.playground.samples import ECHOED_KEY_PART
from bot.playground.scripted import Answer, Hang, Raw, Slow, Step, error_body
from tests.faults.model import (
    YOU,
    Cell,
    Database,
    Entry,
    Fault,
    Group,
    Place,
    Scripted,
    Set,
    SlackFails,
    good,
)

_IN_TROUBLE = ("CometChat isn’t responding right now.",)
_ABOVE = "As where somebody asks for a call: see *CometChat* above. Opening the tab again asks again."
_USUAL = good(Entry.HOME)[Entry.HOME]


def _calls_not_had(name: str, step: Step, cell: Cell, *, also: tuple[str, ...] = ()) -> Fault:
    return Fault(f"Home: {name}", (Scripted(step),), _ABOVE, {Entry.HOME: cell}, also=also)


def _without_calls(*reads: str, calls: str, promised: bool = False) -> Cell:
    """Return that all but the calls is there. Whom to ask is beside who the person is."""
    log = {"outcome": "home", "calls": calls}
    return Cell(Place.TAB, ("Your latest calls", *reads, *YOU), log, ask=True, promised=promised)


def _not_taken(name: str, fails: SlackFails, reason: str, to_do: str) -> Fault:
    log = {"outcome": "home", "reply_failure": reason}
    cell = Cell(Place.NOWHERE, (), log, event="reply failed")
    return Fault(f"Home: Slack’s `views.publish` {name}", (fails,), to_do, {Entry.HOME: cell})


_PUBLISH = ("views.publish",)
_STAYS = "The tab stays as it was; who opens it again gets it as soon as Slack takes it."

HOME = Group(
    "The Home tab",
    "A part that can’t be loaded says why, and the other parts are there. What takes longer than "
    "a second is filled in when it comes; until then the tab says “Loading…”. Each change of it is tried twice.",
    (
        Fault(
            "Home: CometChat is slow, but in time",
            (Scripted(Slow(2.5)),),
            "Nothing.",
            {Entry.HOME: replace(_USUAL, promised=True)},
        ),
        Fault(
            "Home: CometChat never answers",
            (Set({}, Limits(call=3.0)), Scripted(Hang())),
            _ABOVE,
            {
                Entry.HOME: _without_calls(
                    "CometChat took too long to answer.",
                    calls="no_answer_in_time",
                    promised=True,
                )
            },
        ),
        _calls_not_had(
            "CometChat answers with 500",
            Answer(500, error_body("ERR_EXCEPTION", "No.")),
            _without_calls(*_IN_TROUBLE, calls="cometchat_in_trouble"),
        ),
        _calls_not_had(
            "CometChat answers with garbage",
            Raw(b"garbage\r\n\r\n"),
            _without_calls("CometChat sent an answer that callinfo doesn’t understand.", calls="bad_answer"),
        ),
        _calls_not_had(
            "CometChat takes the key no more (401)",
            Answer(401, error_body("AUTH_ERR_APIKEY_NOT_FOUND", f"The API key {ECHOED_KEY_PART}… is gone.")),
            _without_calls(
                "callinfo isn’t set up correctly: CometChat rejects its API key.",
                calls="misconfigured",
            ),
        ),
        _calls_not_had(
            "CometChat asks for a pause (429)",
            Answer(429, error_body("ERR_TOO_MANY_REQUESTS", "No."), {"Retry-After": "30"}),
            _without_calls(
                "Too many requests to CometChat.",
                calls="rate_limited",
            ),
            also=("cometchat asks for a pause",),
        ),
        Fault(
            "Home: the database refuses connections",
            (Set({"callinfo_user_map": {}}), Database.REFUSES),
            "Repair the database; nothing needs a restart.",
            {
                Entry.HOME: Cell(
                    Place.TAB,
                    (
                        "I can’t check who you are in CometChat right now.",
                        "Try again in a minute.",
                        "In any conversation",
                    ),
                    {"outcome": "home", "acting": "identity_unavailable"},
                )
            },
            also=("database unavailable",),
        ),
        _not_taken(
            "answers 429",
            SlackFails(_PUBLISH, 429, headers={"Retry-After": "30"}),
            "ratelimited",
            f"Something else uses the same token, or very many people open it at once. {_STAYS}",
        ),
        _not_taken(
            "takes the token no more",
            SlackFails(_PUBLISH, 200, {"ok": False, "error": "invalid_auth"}),
            "invalid_auth",
            "Compare `SLACK_BOT_TOKEN` with the app’s page; `python -m bot check` says what is wrong with it.",
        ),
        _not_taken(
            "answers 500",
            SlackFails(_PUBLISH, 500, ""),
            "status 500",
            f"Look at Slack’s status page. {_STAYS}",
        ),
        _not_taken(
            "never answers",
            SlackFails(_PUBLISH, 500, delay=60.0),
            "TimeoutError",
            f"Look at Slack’s status page, and at the machine’s way out to `slack.com`. {_STAYS}",
        ),
    ),
)
