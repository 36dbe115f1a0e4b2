"""What Slack sends, changed: real payloads of the stand-in Slack, mutated, and signed as Slack signs. Pure.

The session id in a payload names its case: the stand-in CometChat answers it with that case's answer (answers.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote_plus

from bot.calls.call_ref import CallRef
from bot.calls.search_form import SearchForm, SearchState
from bot.cards import find, subscriptions
from bot.cards.ask_session import Origin, ask_session
from bot.cards.home import SWITCHES
from bot.cards.kit.modal import DETAILS_VIEW
from bot.cards.link_request import Approval, approve
from bot.cards.subscriptions import OPEN_FORM, UNSUBSCRIBE
from bot.cards.transcript import SEARCH, TRANSCRIPT_VIEW, Shows
from bot.cometchat import SessionId
from bot.identity import SlackUser
from bot.playground.slack import payloads
from bot.playground.slack.homes import Home
from bot.playground.slack.messages import Message
from bot.playground.slack.modals import Modal
from bot.playground.slack.signing import sign
from bot.playground.slack.workspace import COMMAND, OTHER_BOT_ID, TEAM_ID, Json, Person
from bot.slack.manifest import EVENTS, MCP
from bot.subscriptions.form import SubscribeForm
from fuzz import marks
from fuzz.mutate import as_json, changed, changed_bytes, changed_pairs
from fuzz.people import ADMIN, user

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Body:
    """A request's body, what it was before it was changed, and its content type."""

    kind: str
    content_type: str
    data: bytes
    path: str = EVENTS


@dataclass(frozen=True, slots=True)
class Scene:
    """What one payload is about. `reply_to` is its response_url, `trigger` its trigger_id."""

    who: Person
    session_id: str
    reply_to: str
    trigger: str
    rng: Random


def scene(number: int, reply_base: str, rng: Random, *, tries: int = 0) -> Scene:
    """Return the scene of a case; `tries` keeps a replay from being the same request once more."""
    return Scene(
        who=user(number),
        session_id=f"fuzz-{number}",
        reply_to=f"{reply_base}/{marks.mark('reply', f'{number}-{tries}')}",
        trigger=marks.mark("trigger", f"{number}-{tries}"),
        rng=rng,
    )


def body(of: Scene, steps: Sequence[int]) -> Body:
    """Return a payload of any kind after those steps."""
    kind = of.rng.choices(_KINDS, _WEIGHTS)[0]
    byte_steps = [step for step in steps if step % 8 == 0]
    steps = [step for step in steps if step % 8]
    if kind == "command":
        pairs = list(command(of, of.rng.choice(_texts(of))).items())
        data = _form(changed_pairs(pairs, steps))
        return Body(kind, FORM, changed_bytes(data, byte_steps))
    payload = as_json(changed(_BUILDERS[kind](of) | {"token": marks.VERIFICATION}, steps))
    encoded = changed_bytes(payload.encode(errors="surrogatepass"), byte_steps)
    if kind in {"event", "question"}:
        return Body(kind, JSON, encoded, MCP if kind == "question" else EVENTS)
    return Body(kind, FORM, b"payload=" + quote_plus(encoded).encode())


def command(of: Scene, text: str) -> dict[str, str]:
    """Return the form of a slash command."""
    form = payloads.command(of.who, COMMAND, text, response_url=of.reply_to, trigger_id=of.trigger)
    return form | {"token": marks.VERIFICATION}


def command_body(of: Scene, text: str) -> bytes:
    """Return a slash command as it is, unchanged."""
    return _form(list(command(of, text).items()))


def press_body(of: Scene, action_id: str) -> bytes:
    """Return a press of a button about the scene's call in an ephemeral message, unchanged."""
    return b"payload=" + quote_plus(as_json(_press(of, action_id, of.session_id))).encode()


def shortcut_body(of: Scene) -> bytes:
    """Return a message shortcut, unchanged."""
    return b"payload=" + quote_plus(as_json(_shortcut(of))).encode()


def signature(data: bytes) -> dict[str, str]:
    """Return the headers that prove the body to be Slack's, now."""
    return sign(marks.SIGNING_SECRET, data, time.time())


def request(data: bytes, headers: dict[str, str], path: str = EVENTS) -> bytes:
    """Return the whole HTTP request to one of the bot's addresses."""
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    head = f"POST {path} HTTP/1.1\r\nHost: bot\r\n{''.join(lines)}Content-Length: {len(data)}\r\n\r\n"
    return head.encode() + data


def signed_request(data: bytes, content_type: str = FORM, path: str = EVENTS) -> bytes:
    """Return the whole HTTP request as Slack sends it."""
    return request(data, {"Content-Type": content_type, "User-Agent": "Slackbot 1.0"} | signature(data), path)


def _question(of: Scene) -> Json:
    """Return a message of Slackbot's: mostly a call of a tool, with what its arguments may be and what they may not."""
    about = {"user_id": of.who.id, "team_id": TEAM_ID}
    filters = {
        "kind": "video",
        "with": of.rng.choice(["nat", "<@U0STEVE>"]),
        "since": "2023-11-14",
        "limit": 3,
    }
    calls: list[tuple[str, Json]] = [
        ("get_call", {"session_id": of.session_id}),
        ("get_transcript", {"session_id": of.session_id, "search": "budget"}),
        ("recent_calls", {}),
        ("recent_calls", filters | {"user_id": "U0STEVE"}),
    ]
    name, arguments = of.rng.choice(calls)
    call = {"name": name, "arguments": arguments, "_meta": {"slack": about}}
    hello = {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "Slackbot", "version": "1"},
    }
    others: list[tuple[str, Json]] = [
        ("initialize", hello),
        ("tools/list", {}),
        ("ping", {}),
        ("resources/list", {}),
    ]
    method, params = of.rng.choice([*[("tools/call", call)] * 8, *others])
    return {"jsonrpc": "2.0", "id": of.rng.randrange(1_000), "method": method, "params": params}


def _form(pairs: list[tuple[str, str]]) -> bytes:
    coded = (
        f"{quote_plus(name, errors='surrogatepass')}={quote_plus(value, errors='surrogatepass')}"
        for name, value in pairs
    )
    return "&".join(coded).encode()


def _texts(of: Scene) -> list[str]:
    mention = f"<@{user(of.rng.randrange(50)).id}|someone>"
    return [
        *([of.session_id] * 6),
        *(
            "",
            "help",
            "whoami",
            "links",
            "recent",
            f"recent missed with {mention}",
            "recent video today",
            f"links {mention}",
            "a b c",
            f"unlink {mention}",
            "subscribe",
            f"subscribe missed ended video longer 10m with {mention}",
            f"subscribe ended as superhero{of.rng.randrange(6)} here",
            "subscriptions",
            "unsubscribe here",
        ),
        *(f"link {mention} superhero{of.rng.randrange(6)}", f"<http://{of.session_id}|{of.session_id}>"),
    ]


def _shortcut(of: Scene) -> Json:
    words = f"{marks.mark('words')} said Tony"
    mentions = of.rng.choice(
        (f"session: {of.session_id}", f"session: {of.session_id} or session: a-1", "no id")
    )
    section = {"type": "section", "text": {"type": "mrkdwn", "text": mentions}}
    message = Message(
        ts="1763812800.000100",
        sender="person",
        user_id=of.rng.choice((of.who.id, OTHER_BOT_ID)),
        user_name=of.who.name,
        text=words,
        blocks=of.rng.choice((None, [section])),
        attachments=of.rng.choice((None, [{"title": "session", "value": of.session_id, "text": words}])),
        thread_ts=of.rng.choice((None, "1763812700.000100")),
    )
    return payloads.shortcut(
        of.who,
        "callinfo_from_message",
        message,
        replies=of.rng.randrange(3),
        action_ts="1763812801.000100",
        response_url=of.reply_to,
        trigger_id=of.trigger,
    )


_ABOUT_CALLS = ("share_call", "call_details", "refresh_call", "pick_call", "call_transcript")
_LISTS = ("recent_older", "recent_newer")
_ABOUT_SUBSCRIPTIONS = (UNSUBSCRIBE, OPEN_FORM, SWITCHES)
_ABOUT_LINKS = ("ask_admin", "approve_link", "decline_link", "link_anyway", "links_previous", "links_next")


def _pressed(of: Scene) -> Json:
    subject = f":{TEAM_ID}:{user(of.rng.randrange(50)).id}"
    queries = ("1.5#2|video|missed|-|tony", "1.0|||today|", "3.7||ended|1-2|<@U0STEVE>")
    ids = ("0123456789abcdef", "mute:0123456789abcdef")
    values = (*ids, of.session_id, subject, f"{subject}:superhero2:requested", "50:U0", "ask", *queries)
    action_id = of.rng.choice((*_ABOUT_CALLS * 3, *_LISTS, *_ABOUT_LINKS, *_ABOUT_SUBSCRIPTIONS))
    value = of.session_id if action_id in _ABOUT_CALLS else of.rng.choice(values)
    return _press(of, action_id, value)


def _press(of: Scene, action_id: str, value: str) -> Json:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": marks.mark("words")}}]
    thread = of.rng.choice((None, "1763812700.000100"))
    message = Message(
        ts=f"1763812800.{of.rng.randrange(10**6):06d}",
        sender="app",
        user_id="U0CALLINFO",
        user_name="callinfo",
        text=marks.mark("words"),
        blocks=blocks,
        only_for=of.rng.choice((of.who.id, None)),
        thread_ts=thread,
    )
    return payloads.press_on_message(
        of.who,
        _action(of, action_id, value),
        message,
        replies=0,
        response_url=of.reply_to,
        trigger_id=of.trigger,
    )


def _action(of: Scene, action_id: str, value: str) -> Json:
    block_id = of.rng.choice(
        (
            *("b1", "callinfo_call:1763812700.000100", "callinfo_page:1", "callinfo_page:99"),
            *("callinfo_transcript:", "callinfo_transcript:1", "callinfo_transcript:99999:@1763812800"),
        )
    )
    return {
        "type": "button",
        "action_id": action_id,
        "block_id": block_id,
        "action_ts": "1763812801.000200",
        "text": {"type": "plain_text", "text": "Press", "emoji": False},
        "value": value,
    }


def _turned(of: Scene) -> Json:
    modal = _modal(of, {"type": "modal", "callback_id": DETAILS_VIEW, "title": _plain("Call"), "blocks": []})
    action = _action(of, "call_details", of.session_id)
    return payloads.press_in_view(of.who, action, modal, {}, trigger_id=of.trigger)


def _at_home(of: Scene) -> Json:
    home = Home(f"V0{of.who.id[2:]}", of.who.id, "1763812800.abc", {"type": "home", "blocks": []})
    pressed = _pressed(of)["actions"][0]
    return payloads.press_in_view(of.who, pressed, home, {}, trigger_id=of.trigger)


def _asked(of: Scene) -> Json:
    view = ask_session(Origin(of.reply_to, "C0SUPPORT", of.rng.choice((None, "1763812700.000100"))))
    values = {"session_id": {"session_id": {"type": "plain_text_input", "value": of.session_id}}}
    return payloads.view_submission(of.who, _modal(of, view), values, trigger_id=of.trigger)


def _searched(of: Scene) -> Json:
    values: Json = {
        find.KIND: {find.KIND: {"selected_option": {"value": of.rng.choice(("any", "audio", "video"))}}},
        find.ENDED: {find.ENDED: {"selected_option": {"value": of.rng.choice(("any", "missed", "ended"))}}},
        find.WITH_WHOM: {find.WITH_WHOM: {"value": of.rng.choice((None, "tony", "<!channel> *x*"))}},
        find.FIRST: {find.FIRST: {"selected_date": of.rng.choice((None, "2025-01-02"))}},
        find.LAST: {find.LAST: {"selected_date": of.rng.choice((None, "2025-01-01", "2026-01-02"))}},
    }
    return payloads.view_submission(
        of.who, _modal(of, find.form(SearchForm())), values, trigger_id=of.trigger
    )


def _share_chosen(of: Scene) -> Json:
    about = SearchState(SearchForm("video"), CallRef(SessionId(of.session_id))).to_text()
    view = {"type": "modal", "callback_id": find.CHOSEN_VIEW, "title": _plain("Call"), "blocks": []}
    to = {
        "block_id": find.CONVERSATION,
        "action_id": find.CONVERSATION,
        "channel_id": "C0SUPPORT",
        "response_url": of.reply_to,
    }
    modal = _modal(of, view | {"private_metadata": about})
    return payloads.view_submission(of.who, modal, {}, trigger_id=of.trigger, response_urls=[to])


def _found(of: Scene) -> Json:
    """Return a press in the modals of "Find a call", or the shortcut that opens the first."""
    action_id = of.rng.choice((find.FOUND_CALL, find.BACK, find.CHANGE, find.OLDER, find.NEWER, ""))
    if not action_id:
        return payloads.global_shortcut(of.who, "callinfo_find", action_ts="17.1", trigger_id=of.trigger)
    view = {"type": "modal", "callback_id": find.FOUND_VIEW, "title": _plain("Call"), "blocks": []}
    modal = _modal(of, view | {"private_metadata": SearchState(SearchForm(with_whom="tony")).to_text()})
    one, page = CallRef(SessionId(of.session_id), "0123456789abcdef", 1_763_812_800), "3.7#2|||-|tony"
    value = of.rng.choice((one.to_text(), of.session_id)) if action_id == find.FOUND_CALL else page
    return payloads.press_in_view(of.who, _action(of, action_id, value), modal, {}, trigger_id=of.trigger)


def _chose(of: Scene) -> Json:
    """Return the form that subscribes, submitted, or a choice in it."""
    origin = Origin(of.rng.choice(("", of.reply_to)), "C0SUPPORT", None)
    modal = _modal(of, subscriptions.form(SubscribeForm(), origin))
    which = of.rng.sample(("missed", "ended", "other"), of.rng.randrange(4))
    boxes = {"type": "checkboxes", "selected_options": [{"value": each} for each in which]}
    channel = of.rng.choice((None, "C0SUPPORT", "D0FUZZ"))
    length = {"selected_option": {"value": of.rng.choice(("any", "600", "-1"))}}
    values: Json = {
        subscriptions.WHICH: {subscriptions.WHICH: boxes},
        subscriptions.KIND: {subscriptions.KIND: {"selected_option": {"value": "video"}}},
        subscriptions.LONGER: {subscriptions.LONGER: length},
        subscriptions.WITH_WHOM: {subscriptions.WITH_WHOM: {"value": of.rng.choice((None, "<!here> *x*"))}},
        subscriptions.CHANNEL: {subscriptions.CHANNEL: {"selected_conversation": channel}},
    }
    if of.rng.random() < 0.5:  # noqa: PLR2004 - as often as not
        return payloads.view_submission(of.who, modal, values, trigger_id=of.trigger)
    action = {"type": "checkboxes", "action_id": subscriptions.WHICH, "block_id": subscriptions.WHICH} | boxes
    return payloads.press_in_view(of.who, action, modal, values, trigger_id=of.trigger)


def _transcribed(of: Scene) -> Json:
    """Return a search in a transcript, or a press in its modal."""
    shows = Shows(CallRef(SessionId(of.session_id)), of.rng.choice(("", "morning", "(a|b)* \u0130")))
    view = {"type": "modal", "callback_id": TRANSCRIPT_VIEW, "title": _plain("Call"), "blocks": []}
    modal = _modal(of, view | {"private_metadata": of.rng.choice((shows.to_text(), "{}", "x"))})
    if of.rng.random() < 0.5:  # noqa: PLR2004 - as often as not
        action = _action(of, "call_transcript", of.session_id)
        return payloads.press_in_view(of.who, action, modal, {}, trigger_id=of.trigger)
    typed = of.rng.choice((None, "morning", "x" * 3_000, "*\n<!here>", "\ud800"))
    values = {SEARCH: {SEARCH: {"type": "plain_text_input", "value": typed}}}
    return payloads.view_submission(of.who, modal, values, trigger_id=of.trigger)


def _approved(of: Scene) -> Json:
    view = approve(Approval(SlackUser(None, TEAM_ID, user(of.rng.randrange(50)).id), of.reply_to))
    values = {"uid": {"uid": {"type": "plain_text_input", "value": f"superhero{of.rng.randrange(9)}"}}}
    return payloads.view_submission(ADMIN, _modal(of, view), values, trigger_id=of.trigger)


def _closed(of: Scene) -> Json:
    return payloads.view_closed(of.who, _modal(of, ask_session(Origin(of.reply_to, "C0SUPPORT", None))))


def _modal(of: Scene, view: Json) -> Modal:
    return Modal(f"V0{of.who.id[2:]}", "V0ROOT", None, of.who.id, "1763812800.abc", view, "1763812800.000100")


def _event(of: Scene) -> Json:
    inner: Json = of.rng.choice(
        (
            {"type": "app_uninstalled"},
            {"type": "tokens_revoked", "tokens": {"oauth": [of.who.id], "bot": ["U0CALLINFO"]}},
            {"type": "app_home_opened", "user": of.who.id, "channel": "D0FUZZ", "tab": "home"},
            {
                "type": "message",
                "channel": "C0SUPPORT",
                "user": of.who.id,
                "text": marks.mark("words"),
                "ts": "1.2",
            },
        )
    )
    if of.rng.random() < 0.1:  # noqa: PLR2004 - now and then
        return {"type": "url_verification", "challenge": "abc"}
    return payloads.event(inner, event_id=f"Ev{of.rng.randrange(10**9)}", event_time=1763812800)


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


_BUILDERS: dict[str, Callable[[Scene], Any]] = {
    "shortcut": _shortcut,
    "press": _pressed,
    "turn": _turned,
    "home": _at_home,
    "submission": _asked,
    "search": _searched,
    "found": _found,
    "share found": _share_chosen,
    "approval": _approved,
    "subscribe": _chose,
    "transcript": _transcribed,
    "closed": _closed,
    "event": _event,
    "question": _question,
}
_KINDS = ("command", *_BUILDERS)
_WEIGHTS = (30, 16, 26, 5, 5, 8, 4, 5, 5, 5, 6, 4, 3, 7, 14)
