"""What Slack sends, parsed at the border: who did something, where, and how they can be answered.

https://docs.slack.dev/reference/interaction-payloads. The payload is signed, so who it names is who it was; nothing
of what a button carries is taken for that.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.cards import find, request
from bot.cards.ask_session import ACTION, BLOCK, Origin
from bot.cards.buttons import thread_of, which_of
from bot.cards.request import Approval
from bot.cometchat import InvalidSessionIdError, SessionId, parse_session_id
from bot.finding import Chosen, Form
from bot.identity import SlackUser
from bot.interactions import Interaction, Kind
from bot.one_call import OneCall

ARRIVED = "callinfo_arrived"
"""The key of Bolt's context under which server.py puts the time of arrival (`time.monotonic()`)."""

Payload = Mapping[str, Any]

_PLAIN = re.compile(r"[!#-\[\]-~]*")  # printable, and neither a space nor what JSON escapes
_LONGEST_ID = 255
_LONGEST_ADDRESS = 2_000


def of_command(command: Payload, context: Payload, sought: str = "") -> Interaction:
    """Return the interaction that a slash command is; `sought` is what a list of calls is to have on it."""
    return Interaction(
        kind="command",
        arrived=_arrived(context),
        user=_person(_id(command, "enterprise_id"), _id(command, "team_id"), _id(command, "user_id")),
        channel_id=_id(command, "channel_id"),
        response_url=_address(command),
        trigger_id=_id(command, "trigger_id"),
        sought=sought,
    )


def of_shortcut(shortcut: Payload, context: Payload, kind: Kind = "shortcut") -> Interaction:
    """Return the interaction that a shortcut is; a message in a thread names the thread, a global one has no message."""
    message = _dict(shortcut, "message")
    return Interaction(
        kind=kind,
        arrived=_arrived(context),
        user=_user(shortcut),
        channel_id=_id(_dict(shortcut, "channel"), "id"),
        message_ts=_id(message, "ts"),
        thread_ts=_thread(message),
        response_url=_address(shortcut),
        trigger_id=_id(shortcut, "trigger_id"),
    )


def _thread(message: Payload) -> str | None:
    """Return the thread that a message is a reply in; a thread's first message stands in the channel."""
    thread_ts = _id(message, "thread_ts")
    return thread_ts if thread_ts and thread_ts != _id(message, "ts") else None


@dataclass(frozen=True, slots=True)
class Press:
    """A press of a button. The value is our own, but it has been outside: whoever reads it parses it."""

    interaction: Interaction
    value: str
    block_id: str

    @property
    def wanted(self) -> SessionId | None:
        """The session that the button is about, None for a value that is no session id."""
        try:
            return parse_session_id(self.value)
        except InvalidSessionIdError:
            return None

    @property
    def meant(self) -> OneCall | None:
        """Which of the session's calls it is about, by its block; the newest where that does not say."""
        return OneCall.of(self.wanted, which_of(self.block_id)) if self.wanted else None


def of_press(kind: Kind, body: Payload, context: Payload) -> Press:
    """Return the press of a button, in a message, in a modal or in the Home tab."""
    action = next(iter(_dicts(body.get("actions"))), {})
    container, block_id = _dict(body, "container"), _id(action, "block_id")
    view = _dict(body, "view")
    in_home = view.get("type") == "home"
    interaction = Interaction(
        kind=kind,
        arrived=_arrived(context),
        user=_user(body),
        channel_id=_id(_dict(body, "channel"), "id") or _id(container, "channel_id"),
        message_ts=_id(container, "message_ts"),
        thread_ts=_id(container, "thread_ts") or thread_of(block_id),
        view_id="" if in_home else _id(view, "id"),
        response_url="" if in_home else _address(body),
        trigger_id=_id(body, "trigger_id"),
        sought=which_of(block_id),
        in_home=in_home,
        home_hash=_id(view, "hash") if in_home else "",
    )
    return Press(interaction, _text(action, "value"), block_id)


def of_asked_session(body: Payload, context: Payload) -> tuple[Interaction, str]:
    """Return the submitted modal that asks for a session id, and what was typed; the answer goes to its origin."""
    view = _dict(body, "view")
    origin = Origin.from_text(_text(view, "private_metadata"))
    typed = _text(_dict(view, "state", "values", BLOCK, ACTION), "value")
    interaction = Interaction(
        kind="asked_session",
        arrived=_arrived(context),
        user=_user(body),
        channel_id=_plain(origin.channel_id, _LONGEST_ID),
        thread_ts=_plain(origin.thread_ts or "", _LONGEST_ID) or None,
        response_url=_plain(origin.response_url, _LONGEST_ADDRESS),
        trigger_id=_id(body, "trigger_id"),
    )
    return interaction, typed


def of_search(body: Payload, context: Payload) -> tuple[Interaction, Form]:
    """Return the submitted form of "Find a call", and what was filled in."""
    values = _dict(body, "view", "state", "values")
    options = {
        name: _text(_dict(values, block, block, "selected_option"), "value")
        for name, block in (("kind", find.KIND), ("ended", find.ENDED))
    }
    days = {
        name: _text(_dict(values, block, block), "selected_date")
        for name, block in (("first", find.FIRST), ("last", find.LAST))
    }
    with_whom = _text(_dict(values, find.WITH_WHOM, find.WITH_WHOM), "value")
    filled = Form.of({**options, **days, "with_whom": with_whom})
    return replace(_of_view("search", body, context), finding=Chosen(filled)), filled


def of_share_found(body: Payload, context: Payload) -> tuple[Interaction, Chosen]:
    """Return the submitted modal with a chosen call; its `response_urls` say where that is to be shared to.

    https://docs.slack.dev/surfaces/modals#response_url_enabled
    """
    addressed = (
        each for each in _dicts(body.get("response_urls")) if each.get("block_id") == find.CONVERSATION
    )
    to = next(addressed, {})
    about = _chosen_in(body)
    interaction = replace(
        _of_view("share_found", body, context),
        channel_id=_id(to, "channel_id"),
        response_url=_address(to),
        finding=about,
    )
    return interaction, about


def of_finding_press(kind: Kind, body: Payload, context: Payload) -> tuple[Press, Chosen]:
    """Return the press of a button in "Find a call", and what its modal is about; in the Home tab, nothing yet.

    A button of the list is about its own call.
    """
    press, about = of_press(kind, body, context), _chosen_in(body)
    if kind == "found_call":
        about = replace(about, call=OneCall.from_text(press.value))
    return replace(press, interaction=replace(press.interaction, finding=about)), about


def _chosen_in(body: Payload) -> Chosen:
    return Chosen.from_text(_text(_dict(body, "view"), "private_metadata"))


def _of_view(kind: Kind, body: Payload, context: Payload) -> Interaction:
    """Return the interaction that a submitted modal is, which is answered in its place."""
    return Interaction(
        kind=kind,
        arrived=_arrived(context),
        user=_user(body),
        view_id=_id(_dict(body, "view"), "id"),
        trigger_id=_id(body, "trigger_id"),
    )


def of_approval(body: Payload, context: Payload) -> tuple[Interaction, Approval | None, str]:
    """Return the submitted modal of an approval, whose it is, and what was typed; the answer goes to the request.

    Where the request stood in the Home tab, and so has no address, the answer goes there.

    Whose it is may be None: then its metadata is none that callinfo has written.
    """
    view = _dict(body, "view")
    try:
        approval = Approval.from_text(_text(view, "private_metadata"))
    except ValueError:
        approval = None
    typed = _text(_dict(view, "state", "values", request.BLOCK, request.ACTION), "value")
    interaction = Interaction(
        kind="approval",
        arrived=_arrived(context),
        user=_user(body),
        response_url=_plain(approval.response_url, _LONGEST_ADDRESS) if approval else "",
        trigger_id=_id(body, "trigger_id"),
        in_home=approval is not None and not approval.response_url,
    )
    return interaction, approval, typed


def of_home(body: Payload, context: Payload) -> tuple[Interaction, bool]:
    """Return the event of a person who opens a tab of the app's, and whether that is the Home tab.

    https://docs.slack.dev/reference/events/app_home_opened: it names the person, and the payload around it the
    workspace.
    """
    event = _dict(body, "event")
    user = _person(_id(body, "enterprise_id"), _id(body, "team_id"), _id(event, "user"))
    interaction = Interaction(
        kind="home",
        arrived=_arrived(context),
        user=user,
        in_home=True,
        home_hash=_id(_dict(event, "view"), "hash"),
    )
    return interaction, event.get("tab") == "home" and bool(user.user_id)


def of_removal(body: Payload) -> str:
    """Return the workspace that an event says callinfo was removed from, empty where it names none."""
    return _id(body, "team_id")


def happened_at(body: Payload, now: float) -> int:
    """Return when an event happened, Unix time; Slack may deliver it an hour later."""
    at = body.get("event_time")
    if isinstance(at, bool) or not isinstance(
        at, int
    ):  # True is an int to Python, and no number to a database
        return int(now)
    return at if 0 < at <= now else int(now)


def texts_of(message: Any) -> Iterator[str]:
    """Yield all texts and addresses of a message, in reading order.

    A bot's message may have no `text`, so blocks and attachments are read as well, whatever their types: every
    string that is not one of Slack's own words for structure counts.
    """
    if isinstance(message, str):
        yield message
    elif isinstance(message, list):
        for item in message:
            yield from texts_of(item)
    elif isinstance(message, dict):
        if isinstance(message.get("title"), str) and isinstance(message.get("value"), str):
            yield f"{message['title']}: {message['value']}"  # an attachment's field: a label and its value
        ordered = sorted(message, key=lambda key: _READING_ORDER.get(key, len(_READING_ORDER)))
        for key in ordered:
            if key not in _STRUCTURE:
                yield from texts_of(message[key])


_READING_ORDER = {
    key: place for place, key in enumerate(("pretext", "title", "title_link", "text", "fields", "blocks"))
}
_STRUCTURE = frozenset(
    {
        *(
            "type",
            "ts",
            "thread_ts",
            "user",
            "team",
            "bot_id",
            "app_id",
            "bot_profile",
            "client_msg_id",
            "subtype",
        ),
        *(
            "block_id",
            "action_id",
            "style",
            "color",
            "icons",
            "edited",
            "reactions",
            "metadata",
            "parent_user_id",
        ),
        *("reply_users", "latest_reply", "last_read", "permalink", "user_id", "channel_id", "confirm"),
    }
)


def _arrived(context: Payload) -> float:
    arrived = context.get(ARRIVED)
    return arrived if isinstance(arrived, float) else time.monotonic()


def _user(body: Payload) -> SlackUser:
    """Return who it was; in a shared channel the person's team may be another than the bot's."""
    user, team = _dict(body, "user"), _dict(body, "team")
    enterprise = _id(_dict(body, "enterprise"), "id") or _id(team, "enterprise_id")
    return _person(enterprise, _id(user, "team_id") or _id(team, "id"), _id(user, "id"))


def _person(enterprise_id: str, team_id: str, user_id: str) -> SlackUser:
    """Return the person; who has no id is nobody, and so a member of no workspace."""
    return SlackUser(enterprise_id or None, team_id if user_id else "", user_id)


def _dict(payload: Payload, *path: str) -> Payload:
    for key in path:
        value = payload.get(key)
        payload = value if isinstance(value, dict) else {}
    return payload


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _id(payload: Payload, key: str) -> str:
    """Return an id or a time stamp, which Slack makes of plain characters; nothing else gets any further."""
    return _plain(_text(payload, key), _LONGEST_ID)


def _address(payload: Payload) -> str:
    """Return the response_url; it has to fit into a modal's private metadata, with two ids."""
    return _plain(_text(payload, "response_url"), _LONGEST_ADDRESS)


def _plain(value: str, longest: int) -> str:
    return value if _PLAIN.fullmatch(value) and len(value) <= longest else ""


def _text(payload: Payload, key: str) -> str:
    value = payload.get(key)
    return value if isinstance(value, str) else ""
