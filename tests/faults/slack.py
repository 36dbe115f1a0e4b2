"""Faults of Slack, on the ways that lead from the bot to it: response URLs and the Web API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.faults.model import (
    TOLD_IN,
    Cell,
    Entry,
    Fault,
    Group,
    Place,
    ResponseUrlsLead,
    Set,
    SlackFails,
    good,
    told,
)

_PAGE = "<!doctype html><html><body><h1>Be right back</h1></body></html>"
_METHODS = ("auth.test", "chat.postMessage", "users.info", "views.open", "views.update")
_LONGER_THAN_ANYBODY_WAITS = 60.0

_NOT_TAKEN = ("Slack didn’t accept the message.", "Try again.", "If it keeps happening")
_UNCONFIRMED = (
    "Slack didn’t confirm that the call was shared.",
    "Check the channel. If it isn’t there, look the call up again and share it.",
)
_NO_WINDOW = ("Slack couldn’t open the window.", "Press the button again.")
_WHO = ("I can’t check who you are in CometChat right now.",)

# A slow command's answer needs response URLs and nothing else of Slack's
_ON_TIME: dict[Entry, Cell] = {
    entry: cell for entry, cell in good().items() if entry is not Entry.SLOW_COMMAND
}

_TOLD = {"last_resort": "told in a modal"}
_TOO_LATE = {"last_resort": "no modal either: expired_trigger_id"}
_BY_MESSAGE = (Entry.SHORTCUT, Entry.SEVERAL, Entry.PICK, Entry.REFRESH, Entry.SUBMISSION)

_STATUS_PAGE = "Look at Slack’s status page, and at the machine’s way out to `hooks.slack.com`."
_ALERT = "Alert on `reply failed`: each such line is a person who may wait for an answer."


def _lost(outcome: str, reason: str, **log: str) -> Cell:
    """Return that nothing reached the person."""
    return Cell(Place.NOWHERE, (), {"outcome": outcome, "reply_failure": reason, **log}, event="reply failed")


def _response_urls(reason: str, share: Cell) -> dict[Entry, Cell]:
    """Return the cells for response URLs that fail for `reason`, and `share`."""
    found = _lost("found", reason, **_TOO_LATE)
    cells = good(Entry.COMMAND, Entry.RECENT) | {
        Entry.SLOW_COMMAND: Cell(Place.NOWHERE, (), found.log, promised=True, event="reply failed")
    }
    for entry, usual in good(*_BY_MESSAGE).items():
        log = {**usual.log, "reply_failure": reason, **_TOLD}
        cells[entry] = Cell(Place.WINDOW, _NOT_TAKEN, log, ask=True, event="reply failed")
    return cells | {Entry.SHARE: share} | good(Entry.ASKING, Entry.DETAILS, Entry.TRANSCRIPT, Entry.QUESTION)


def _refused(reason: str) -> dict[Entry, Cell]:
    log = {"outcome": "slack_refused", "upstream_code": reason, "reply_failure": reason, **_TOLD}
    return _response_urls(reason, Cell(Place.WINDOW, _NOT_TAKEN, log, ask=True, event="reply failed"))


def _unconfirmed(reason: str) -> dict[Entry, Cell]:
    log = {"outcome": "share_unconfirmed", "upstream_code": reason, "reply_failure": reason, **_TOLD}
    return _response_urls(reason, Cell(Place.WINDOW, _UNCONFIRMED, log, event="reply failed"))


def _web_api(reason: str) -> dict[Entry, Cell]:
    """Return the cells for a Web API that fails for `reason`: only windows need it."""
    log = {"outcome": "modal_refused", "upstream_code": reason}
    return _ON_TIME | {
        entry: Cell(Place.MESSAGE, _NO_WINDOW, log)
        for entry in (Entry.ASKING, Entry.DETAILS, Entry.TRANSCRIPT)
    }


def _web_api_silent() -> dict[Entry, Cell]:
    """Return the same for a Web API that is given up after 3 s: people who wait for a window read that it takes long."""
    cells = _web_api("TimeoutError")
    return cells | {Entry.ASKING: replace(cells[Entry.ASKING], promised=True)}


def _nothing_taken(reason: str) -> dict[Entry, Cell]:
    """Return the cells where neither response URLs nor windows work."""
    no_window = {"last_resort": f"no modal either: {reason}"}
    cells = good(Entry.COMMAND, Entry.RECENT, Entry.QUESTION) | {
        entry: _lost(str(usual.log["outcome"]), reason, **no_window)
        for entry, usual in good(*_BY_MESSAGE).items()
    }
    for entry in (Entry.ASKING, Entry.DETAILS, Entry.TRANSCRIPT):
        cells[entry] = _lost("modal_refused", reason, upstream_code=reason, **no_window)
    cells[Entry.SHARE] = _lost("share_unconfirmed", reason, upstream_code=reason, **no_window)
    return cells


def _response_url_fault(name: str, fails: SlackFails, cells: Mapping[Entry, Cell], to_do: str) -> Fault:
    return Fault(f"Response URLs {name}", (fails,), to_do, cells)


def _web_api_fault(name: str, fails: SlackFails, cells: Mapping[Entry, Cell], to_do: str) -> Fault:
    return Fault(f"The Web API {name}", (fails,), to_do, cells)


_URL = ("response_url",)

_RESPONSE_URLS = (
    Fault(
        "Response URLs refuse the connection",
        (ResponseUrlsLead("http://127.0.0.1:9/"),),
        f"{_STATUS_PAGE} {_ALERT}",
        _unconfirmed("ClientConnectorError"),
    ),
    _response_url_fault(
        "answer 404",
        SlackFails(_URL, 404, "used_url"),
        _refused("status 404"),
        f"An address was used five times, or 30 minutes ago. {_ALERT}",
    ),
    _response_url_fault(
        "answer 429",
        SlackFails(_URL, 429, "slow down", {"Retry-After": "30"}),
        _refused("status 429"),
        "Slack takes about one message a second in a channel. A short `Retry-After` is waited for. " + _ALERT,
    ),
    _response_url_fault(
        "answer 500", SlackFails(_URL, 500, ""), _unconfirmed("status 500"), f"{_STATUS_PAGE} {_ALERT}"
    ),
    _response_url_fault(
        "answer with a web page",
        SlackFails(_URL, 200, _PAGE),
        _unconfirmed("WebPageError"),
        f"A proxy that answers in Slack’s place, or Slack’s maintenance. {_ALERT}",
    ),
    _response_url_fault("are slow, but in time", SlackFails(_URL, None, delay=0.7), good(), "Nothing."),
    Fault(
        "Response URLs never answer",
        (SlackFails(_URL, 500, "", delay=_LONGER_THAN_ANYBODY_WAITS),),
        f"{_STATUS_PAGE} {_ALERT}",
        _response_urls(
            "TimeoutError",
            _lost("share_unconfirmed", "TimeoutError", upstream_code="TimeoutError", **_TOO_LATE),
        ),
        close_to_the_limit=True,
    ),
)

_WEB_API = (
    Fault(
        "The Web API refuses connections from the start",
        (
            # slack_sdk tries again after a second or so
            Set({"slack_api_url": "http://127.0.0.1:9", "callinfo_answer_within": 2.8}),
        ),
        "Look at the machine’s way out to `slack.com`. Once it is back, the workspace is known within seconds; "
        "until then nobody is taken for a member of it, so only links of the database count.",
        {
            entry: Cell(TOLD_IN[entry], _WHO, {"outcome": "identity_unavailable"})
            for entry in (Entry.COMMAND, Entry.RECENT, Entry.SHORTCUT, Entry.PICK, Entry.SHARE, Entry.REFRESH)
        }
        | {
            entry: Cell(
                Place.MESSAGE,
                _NO_WINDOW,
                {"outcome": "modal_refused", "upstream_code": "ClientConnectorError"},
            )
            for entry in (Entry.ASKING, Entry.DETAILS, Entry.TRANSCRIPT)
        },
        also=("workspace unknown",),
    ),
    _web_api_fault("answers 404", SlackFails(_METHODS, 404, ""), _web_api("status 404"), _STATUS_PAGE),
    _web_api_fault(
        "answers 429",
        SlackFails(_METHODS, 429, headers={"Retry-After": "30"}),
        _web_api("ratelimited"),
        "Something else uses the same token, or very many people press at once.",
    ),
    _web_api_fault("answers 500", SlackFails(_METHODS, 500, ""), _web_api("status 500"), _STATUS_PAGE),
    _web_api_fault(
        "answers with a web page",
        SlackFails(_METHODS, 200, _PAGE),
        _web_api("not JSON"),
        "A proxy that answers in Slack’s place, or Slack’s maintenance.",
    ),
    _web_api_fault(
        "takes the token no more",
        SlackFails(_METHODS, 200, {"ok": False, "error": "token_revoked"}),
        _web_api("token_revoked"),
        "Install the app again and set the new `SLACK_BOT_TOKEN`; the next start would end with that message.",
    ),
    _web_api_fault("is slow, but in time", SlackFails(_METHODS, None, delay=0.7), _ON_TIME, "Nothing."),
    _web_api_fault(
        "never answers",
        SlackFails(_METHODS, 500, delay=_LONGER_THAN_ANYBODY_WAITS),
        _web_api_silent(),
        _STATUS_PAGE,
    ),
    _web_api_fault(
        "opens windows and does not fill them",
        SlackFails(("views.update",), 500, ""),
        {
            entry: Cell(
                Place.MESSAGE,
                _NO_WINDOW,
                {**usual.log, "reply_failure": "status 500", "last_resort": "told in a message"},
                event="reply failed",
            )
            for entry, usual in good(Entry.DETAILS, Entry.TRANSCRIPT).items()
        },
        _STATUS_PAGE,
    ),
    Fault(
        "Slack takes nothing at all: response URLs and the Web API answer 500",
        (SlackFails((*_URL, *_METHODS), 500, ""),),
        f"{_STATUS_PAGE} {_ALERT} Nothing can reach these people; they find out by asking again, for "
        "`/callinfo` itself still answers.",
        _nothing_taken("status 500"),
    ),
)

SLACK = Group(
    "Slack",
    "An answer to a command goes out with Slack’s own request and needs no way back. What comes later goes to the "
    "interaction’s response URL; where Slack does not take it, callinfo opens a window that says so, while Slack "
    "still lets it: 3 s from the press.",
    (*_RESPONSE_URLS, *_WEB_API),
)

WHO = told(*_WHO, outcome="identity_unavailable")
"""The cells where it can't be found out who somebody is."""
