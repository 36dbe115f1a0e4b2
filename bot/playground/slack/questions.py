"""What a person asks Slackbot, as calls of callinfo's tools. Pure.

Slackbot has a model for that. Here a few fixed forms and simple rules do, so that the same question is always the same call.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.playground.slack.workspace import Json

_HEROES = {"superhero2": "Captain America", "superhero3": "Spiderman", "superhero1": "Iron Man"}

_WHEN = r"(?: (?P<when>today|yesterday|this week|since (?P<since>\d{4}-\d\d-\d\d)))?"
_KIND = r"(?:(?P<kind>audio|video) )?"
_WITH = r"(?: with (?P<whom>.+?))?"
_LAST = re.compile(
    rf"(?P<what>how long was|when was|who was in|show|what was said in) my last {_KIND}call{_WITH}",
    re.IGNORECASE,
)
_MISSED = re.compile(rf"(?:which|what) {_KIND}calls did i miss{_WITH}{_WHEN}", re.IGNORECASE)
_LIST = re.compile(rf"(?:show|list) (?:me )?my (?:last |latest )?{_KIND}calls{_WITH}{_WHEN}", re.IGNORECASE)
_ONE = re.compile(
    r"(?P<what>how long was|who was in|show|what was said in) (?:the )?(?:call|session) (?P<session>\S+)",
    re.IGNORECASE,
)
_FOLLOWED = {"who was in": "get_call", "show": "get_call", "what was said in": "get_transcript"}


@dataclass(frozen=True)
class ToolCall:
    """A tool and its arguments. `then` is a tool that is called with the first call that this one returns."""

    tool: str
    arguments: Json = field(default_factory=dict)
    then: str | None = None


def questions(uid: str) -> tuple[str, ...]:
    """Return one question of each form for that CometChat user, who asks of calls with others than themselves."""
    first, second, *_ = (name for hero, name in _HEROES.items() if hero != uid)
    return (
        f"How long was my last call with {first}?",
        "Who was in my last call?",
        "Which calls did I miss this week?",
        f"Show my video calls with {second}",
        "Show my calls since 2026-11-01",
        "What was said in my last video call?",
    )


def tool_call(question: str, today: date) -> ToolCall | None:
    """Return the call that answers the question, None for one of no known form. `today` is the person's."""
    asked = " ".join(question.split()).rstrip("?!. ")
    if match := _ONE.fullmatch(asked):
        return ToolCall(_FOLLOWED.get(match["what"].lower(), "get_call"), {"session_id": match["session"]})
    if match := _LAST.fullmatch(asked):
        then = _FOLLOWED.get(match["what"].lower())
        # What is said in a call that goes on is only written when it's over
        outcome = "ended" if then == "get_transcript" else None
        arguments = {"kind": match["kind"], "with": match["whom"], "outcome": outcome, "limit": 1}
        return ToolCall("recent_calls", _given(arguments), then)
    if match := _MISSED.fullmatch(asked):
        return ToolCall("recent_calls", _given({"outcome": "missed", **_narrowed(match, today)}))
    if match := _LIST.fullmatch(asked):
        return ToolCall("recent_calls", _given(_narrowed(match, today)))
    return None


def _narrowed(match: re.Match[str], today: date) -> Json:
    since = match["since"]
    until = None
    match (match["when"] or "").lower():
        case "today":
            since = today.isoformat()
        case "yesterday":
            since = until = (today - timedelta(days=1)).isoformat()
        case "this week":
            since = (today - timedelta(days=today.weekday())).isoformat()
    return {"kind": match["kind"], "with": match["whom"], "since": since, "until": until}


def _given(arguments: Json) -> Json:
    return {
        name: value.lower() if name == "kind" else value
        for name, value in arguments.items()
        if value is not None
    }
