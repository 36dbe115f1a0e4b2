"""Faults of CometChat, and of the way to it."""

from __future__ import annotations

import gzip
import json

from bot.app import Limits
from bot.playground.samples import ECHOED_KEY_PART, call_json
from bot.playground.scripted import Answer, Hang, Raw, error_body
from tests.faults.model import LOOK_UPS, Cell, Entry, Fault, Group, Place, Scripted, Set, good, late, told

_CALL = json.dumps({"data": [call_json()]}).encode()
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_PAGE = b"<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>"
_TOO_MANY = error_body("ERR_TOO_MANY_REQUESTS", "You have exceeded the rate limit.")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(_CALL)

_IN_TROUBLE = ("CometChat isn’t responding right now.",)
_NOT_IN_TIME = ("CometChat took too long to answer.",)
_NO_SENSE = ("CometChat sent an answer that callinfo doesn’t understand.", "If it keeps happening")
_TOO_MANY_TOLD = "Too many requests to CometChat."
_NO_SUCH_CALL = ("No call of yours has this session id.",)
_OPERATOR = "Only the person who runs callinfo can fix this."
_WRONG_KEY = ("callinfo isn’t set up correctly: CometChat rejects its API key.", _OPERATOR)
_WRONG_APP = ("callinfo isn’t set up correctly: CometChat rejects its app id.", _OPERATOR)
_WRONG_ADDRESS = ("callinfo isn’t set up correctly: CometChat rejects its address.", _OPERATOR)

# As when it runs, only sooner: the promise comes before the look-up is given up
_SOON = Set({"callinfo_answer_within": 0.2}, Limits(call=1.5))

_WAIT = "Look at CometChat’s status page. Nothing to do here: the next request after its recovery succeeds."
_NETWORK = (
    "Try `curl -sS -o /dev/null -w '%{http_code}' <base URL>` from the bot’s machine. "
    "One such line now and then is the network’s; many are an outage, a firewall or a proxy."
)
_CHECK_KEY = (
    "Compare `COMETCHAT_API_KEY` with the dashboard: it has to be a *full-access REST API key* of the app "
    "`COMETCHAT_APP_ID`. The message of CometChat, which repeats part of the key, is neither shown nor logged."
)
_CHECK_ADDRESS = "Compare `COMETCHAT_APP_ID`, `COMETCHAT_REGION` and `COMETCHAT_BASE_URL` with the dashboard."
_NOTHING = "Nothing: this is an answer, not a failure. The words are the same for all its reasons, so that nobody can probe for calls."
_REPORT = (
    "Ask with the same id by `curl` and look at what comes: mostly a proxy that answers in CometChat’s place. "
    "If it is CometChat’s own answer, report it as an issue, with its shape and without its content."
)


def _in_trouble(name: str, step: Answer | Raw, to_do: str, **log: str | int) -> Fault:
    cells = told(*_IN_TROUBLE, outcome="cometchat_in_trouble", log=log)
    return Fault(name, (Scripted(step),), to_do, cells)


def _no_sense(name: str, step: Answer | Raw, **log: str | int) -> Fault:
    return Fault(name, (Scripted(step),), _REPORT, told(*_NO_SENSE, outcome="bad_answer", ask=True, log=log))


def _misconfigured(name: str, reads: tuple[str, ...], to_do: str, answer: Answer, **log: str | int) -> Fault:
    said = {"upstream_status": answer.status, **log}
    return Fault(name, (Scripted(answer),), to_do, told(*reads, outcome="misconfigured", ask=True, log=said))


def _no_such_call(**log: str | int) -> dict[Entry, Cell]:
    """Return the cells for what is no such call; a list of calls is then one without any."""
    none_yet = Cell(Place.ANSWER, ("No calls yet.",), {"outcome": "listed"})
    return told(*_NO_SUCH_CALL, outcome="no_such_call", log=log) | {Entry.RECENT: none_yet}


def _refused(status: int, code: str, message: str = "No.") -> Answer:
    return Answer(status, error_body(code, message))


_REACHED = (
    Fault(
        "The connection is refused",
        (Set({"cometchat_base_url": "http://127.0.0.1:9/v3.0"}),),
        _NETWORK,
        told(*_IN_TROUBLE, outcome="cometchat_in_trouble", log={"upstream_code": "ClientConnectorError"}),
    ),
    Fault(
        "The name can’t be resolved (DNS)",
        (Set({"cometchat_base_url": "http://cometchat.invalid/v3.0"}),),
        "Check `COMETCHAT_APP_ID` and `COMETCHAT_REGION`, which are parts of the name, and the machine’s resolver.",
        told(*_IN_TROUBLE, outcome="cometchat_in_trouble", log={"upstream_code": "ClientConnectorDNSError"}),
    ),
    _in_trouble("The connection is reset", Raw(b"", then="reset"), _NETWORK, upstream_code="ClientOSError"),
    _in_trouble(
        "The connection ends before the answer",
        Raw(b"", then="close"),
        _NETWORK,
        upstream_code="ServerDisconnectedError",
    ),
    _in_trouble(
        "The connection ends in the middle of the answer",
        Raw(_HEAD + _CALL[:100], then="close"),
        _NETWORK,
        upstream_code="ClientPayloadError",
    ),
    Fault(
        "No answer comes",
        (_SOON, Scripted(Hang())),
        _WAIT + " A request is given up after 8 s.",
        late(told(*_NOT_IN_TIME, outcome="no_answer_in_time")),
    ),
    Fault(
        "The answer stops in the middle",
        (_SOON, Scripted(Raw(_HEAD + _CALL[:100], then="hold"))),
        _WAIT + " A request is given up after 8 s.",
        late(told(*_NOT_IN_TIME, outcome="no_answer_in_time")),
    ),
)

_NONSENSE = (
    _no_sense("Garbage that is not HTTP", Raw(b"garbage\r\n\r\n")),
    _no_sense(
        "A gzip stream that is cut off",
        Answer(200, gzip.compress(_CALL, mtime=0)[:-20], {"Content-Encoding": "gzip"}),
        upstream_status=200,
    ),
    _no_sense("A body of 10 MB", Answer(200, b'{"data": "' + b"x" * 10_000_000 + b'"}'), upstream_status=200),
    _no_sense("A web page where JSON should be", Answer(200, _PAGE, _HTML), upstream_status=200),
    Fault(
        "The wrong content type, on a good answer",
        (Scripted(Answer(200, {"data": [call_json()]}, {"Content-Type": "text/plain"})),),
        "Nothing: what counts is the body.",
        good(*LOOK_UPS),
    ),
    _no_sense("A bare `{}` with 400", Answer(400, {}), upstream_status=400),
)

_REFUSALS = (
    _in_trouble("A gateway’s 502, as HTML", Answer(502, _PAGE, _HTML), _WAIT, upstream_status=502),
    _in_trouble(
        "An error of 500",
        _refused(500, "ERR_EXCEPTION"),
        _WAIT,
        upstream_status=500,
        upstream_code="ERR_EXCEPTION",
    ),
    _in_trouble(
        "An `error` in a 200",
        _refused(200, "ERR_OPERATION_FAILED"),
        _WAIT,
        upstream_status=200,
        upstream_code="ERR_OPERATION_FAILED",
    ),
    _misconfigured(
        "A redirect",
        _WRONG_ADDRESS,
        _CHECK_ADDRESS + " A redirect is not followed: the key must not go elsewhere.",
        Answer(302, b"", {"Location": "/elsewhere"}),
    ),
    _misconfigured(
        "401: the key is unknown",
        _WRONG_KEY,
        _CHECK_KEY,
        _refused(401, "AUTH_ERR_APIKEY_NOT_FOUND", f"The API key {ECHOED_KEY_PART}… does not exist."),
        upstream_code="AUTH_ERR_APIKEY_NOT_FOUND",
    ),
    Fault(
        "401: the user is not a part of the call",
        (Scripted(_refused(401, "ERR_CALL_NOT_A_PART")),),
        _NOTHING,
        _no_such_call(upstream_code="ERR_CALL_NOT_A_PART"),
    ),
    _misconfigured(
        "403: the key has no access",
        _WRONG_KEY,
        _CHECK_KEY,
        _refused(403, "AUTH_ERR_NO_ACCESS"),
        upstream_code="AUTH_ERR_NO_ACCESS",
    ),
    _misconfigured(
        "403: the app id is wrong",
        _WRONG_APP,
        _CHECK_ADDRESS,
        _refused(403, "AUTH_ERR_INVALID_APPID"),
        upstream_code="AUTH_ERR_INVALID_APPID",
    ),
    Fault(
        "404: no such call",
        (Scripted(_refused(404, "ERR_CALL_SESSION_NOT_FOUND")),),
        _NOTHING,
        _no_such_call(upstream_code="ERR_CALL_SESSION_NOT_FOUND"),
    ),
    Fault(
        "404: no such user",
        (Scripted(_refused(404, "ERR_UID_NOT_FOUND")),),
        "See with `/callinfo links` which UID the person is linked to, and link them to the right one: `/callinfo link @user <uid>`.",
        told(
            "CometChat doesn’t know the user you’re connected to, or has deactivated it.",
            "An admin needs to fix your connection.",
            outcome="unknown_uid",
            ask=True,
            log={"upstream_status": 404, "upstream_code": "ERR_UID_NOT_FOUND"},
        ),
    ),
    _misconfigured(
        "404: no such API",
        _WRONG_ADDRESS,
        _CHECK_ADDRESS,
        _refused(404, "ERR_API_NOT_FOUND"),
        upstream_code="ERR_API_NOT_FOUND",
    ),
    Fault(
        "An empty list where a call should be",
        (Scripted(Answer(200, {"data": []})),),
        _NOTHING,
        _no_such_call(upstream_status=200),
    ),
    Fault(
        "429, and how long to wait (`Retry-After: 30`)",
        (Scripted(Answer(429, _TOO_MANY, {"Retry-After": "30"})),),
        "callinfo asks nothing until then, and tells everybody so. CometChat’s limits are per app. If it stays so, something else uses the same app, or the plan is too small.",
        told(_TOO_MANY_TOLD, "Try again in 30 s.", outcome="rate_limited"),
        also=("cometchat asks for a pause",),
        apart=True,
    ),
    Fault(
        "429 that doesn’t say how long",
        (Scripted(Answer(429, _TOO_MANY)),),
        "As above.",
        told(_TOO_MANY_TOLD, "Try again in 15 s.", outcome="rate_limited"),
        also=("cometchat asks for a pause",),
        apart=True,
    ),
    Fault(
        "The plan does not allow it",
        (Scripted(_refused(403, "ERR_PLAN_RESTRICTION")),),
        "Look at the app’s plan in CometChat’s dashboard.",
        told(
            "This CometChat plan doesn’t include call details, or has expired.",
            "Only the person who pays for CometChat can change this.",
            outcome="plan_restricted",
            ask=True,
            log={"upstream_status": 403, "upstream_code": "ERR_PLAN_RESTRICTION"},
        ),
    ),
)

COMETCHAT = Group(
    "CometChat",
    "Whatever CometChat answers, people read it where they asked. A failed connection and a gateway’s error are "
    "retried once before anybody reads of them.",
    (*_REACHED, *_NONSENSE, *_REFUSALS),
)
