"""Session ids that fail, each in one known way of CometChat's, of a gateway or of the network."""

from bot.playground.samples.build import CAPTAIN, IRON_MAN, Sample, call_json, present, session_id
from bot.playground.scripted import Answer, Hang, Slow, Step, error_body

ECHOED_KEY_PART = "0dd5c0ffee1e"
"""The part of a key that the bad-key answer echoes; nobody may ever get to read it."""

_GATEWAY_PAGE = (
    b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
)
_LOGIN_PAGE = b"<!doctype html><html><body><h1>Sign in to continue</h1></body></html>"
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_TOO_MANY = error_body("ERR_TOO_MANY_REQUESTS", "You have exceeded the rate limit. Please try again later.")


def trouble_samples(now: int) -> tuple[Sample, ...]:
    """Return the failing sessions; where a call is found in the end it is before `now` (Unix seconds)."""
    at = now - 30 * 3600
    return (
        _found(at, "Slow", "The answer takes 5 seconds", Slow(5.0)),
        _found(
            at - 60,
            "A hiccup",
            "The first try gets a 502, the next one the call",
            Answer(502, _GATEWAY_PAGE, _HTML, times=1),
        ),
        *(_failing(at, title, about, step) for title, about, step in _FAILURES),
    )


def _found(at: int, title: str, about: str, step: Step) -> Sample:
    sid = session_id(title, at)
    start, end = at + 10, at + 10 + 95
    call = call_json(
        sessionId=sid,
        initiatedAt=at,
        startedAt=start,
        endedAt=end,
        participants=[present(person, start, end, kind="audio") for person in (IRON_MAN, CAPTAIN)],
    )
    return Sample(sid, title, about, [call], (step,))


def _failing(at: int, title: str, about: str, step: Step) -> Sample:
    return Sample(session_id(title, at), title, about, script=(step,))


_FAILURES: tuple[tuple[str, str, Step], ...] = (
    (
        "The user is unknown",
        "CometChat has no such user: the link is wrong",
        Answer(404, error_body("ERR_UID_NOT_FOUND", "The user does not exist.")),
    ),
    (
        "CometChat is down",
        "Error 500, every time",
        Answer(500, error_body("ERR_EXCEPTION", "Something broke.")),
    ),
    # After a 429 the bot leaves CometChat alone for everybody: so briefly that the other samples go on
    ("Too many requests", "Error 429, try again in 2 s", Answer(429, _TOO_MANY, {"Retry-After": "2"})),
    (
        "A wrong key",
        "CometChat rejects the bot’s key, and repeats part of it",
        Answer(
            401,
            error_body(
                "AUTH_ERR_APIKEY_NOT_FOUND",
                f"The API key {ECHOED_KEY_PART}… does not exist. Please use a key of this app.",
            ),
        ),
    ),
    (
        "Not in the plan",
        "The CometChat plan does not allow it",
        Answer(403, error_body("ERR_PLAN_RESTRICTION", "This feature is not part of your plan.")),
    ),
    ("A web page", "HTML where JSON should be", Answer(200, _LOGIN_PAGE, _HTML)),
    ("Broken JSON", "The answer ends in the middle", Answer(200, b'{"data": [{"sessionId": "v1.eu.25748')),
    ("A bare 400", "Error 400 with an empty object", Answer(400, {})),
    (
        "An error that says 200",
        "Status 200, but the body is an error",
        Answer(200, error_body("ERR_OPERATION_FAILED", "The operation failed.")),
    ),
    (
        "A redirect",
        "It leads elsewhere; the key must not follow",
        Answer(302, b"", {"Location": "/elsewhere"}),
    ),
    ("No answer", "CometChat never answers", Hang()),
)
