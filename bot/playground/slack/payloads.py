"""What Slack sends to a bot, field by field. Pure: from values to the JSON of a payload.

Shapes: https://docs.slack.dev/interactivity/implementing-slash-commands and
https://docs.slack.dev/reference/interaction-payloads.
"""

import re
from collections.abc import Sequence
from html import unescape

from bot.playground.slack.homes import Home
from bot.playground.slack.messages import Message
from bot.playground.slack.modals import Modal
from bot.playground.slack.workspace import (
    APP_ID,
    BOT_ID,
    BOT_USER_ID,
    CHANNEL_ID,
    CHANNEL_NAME,
    OTHER_BOT_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    VERIFICATION_TOKEN,
    Json,
    Person,
    direct_channel,
)

# What Slack says of a Home tab, which has no title
_NO_TITLE: Json = {"type": "plain_text", "text": "View Title", "emoji": True}
_LINK = re.compile(r"<(https?://[^>]+)>")


def command(who: Person, name: str, text: str, *, response_url: str, trigger_id: str) -> dict[str, str]:
    """Return the form of a slash command."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": CHANNEL_ID,
        "channel_name": CHANNEL_NAME,
        "user_id": who.id,
        "user_name": who.name.lower(),
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def global_shortcut(who: Person, callback_id: str, *, action_ts: str, trigger_id: str) -> Json:
    """Return the payload of a global shortcut: it knows no channel, and has no response URL.

    https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
    """
    return {
        "type": "shortcut",
        "callback_id": callback_id,
        "action_ts": action_ts,
        "trigger_id": trigger_id,
        **_common(who),
    }


def shortcut(
    who: Person,
    callback_id: str,
    message: Message,
    *,
    replies: int,
    action_ts: str,
    response_url: str,
    trigger_id: str,
) -> Json:
    """Return the payload of a message shortcut."""
    return {
        "type": "message_action",
        "callback_id": callback_id,
        "action_ts": action_ts,
        "message_ts": message.ts,
        "message": _message(message, replies),
        "channel": {
            "id": message.channel_id,
            "name": "directmessage" if message.direct else CHANNEL_NAME,
        },
        "response_url": response_url,
        "trigger_id": trigger_id,
        **_common(who),
    }


def press_on_message(
    who: Person, action: Json, message: Message, *, replies: int, response_url: str, trigger_id: str
) -> Json:
    """Return the payload of a press in a message. An ephemeral message is not in it, as with Slack."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel_id,
        "is_ephemeral": message.ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload: Json = {
        "type": "block_actions",
        "api_app_id": APP_ID,
        "container": container,
        "channel": {
            "id": message.channel_id,
            "name": "directmessage" if message.direct else CHANNEL_NAME,
        },
        "state": {"values": _chosen(action)},
        "response_url": response_url,
        "trigger_id": trigger_id,
        "actions": [action],
        **_common(who),
    }
    if not message.ephemeral:
        payload["message"] = _message(message, replies)
    return payload


def press_in_view(who: Person, action: Json, shown: Modal | Home, values: Json, *, trigger_id: str) -> Json:
    """Return the payload of a press in a modal or a Home tab: no channel, no message, no response URL."""
    return {
        "type": "block_actions",
        "api_app_id": APP_ID,
        "container": {"type": "view", "view_id": shown.view_id},
        "trigger_id": trigger_id,
        "view": view(shown, values),
        "actions": [action],
        **_common(who),
    }


def view_submission(
    who: Person, modal: Modal, values: Json, *, trigger_id: str, response_urls: Sequence[Json] = ()
) -> Json:
    """Return the payload of a submitted modal."""
    return {
        "type": "view_submission",
        "api_app_id": APP_ID,
        "trigger_id": trigger_id,
        "view": view(modal, values),
        "response_urls": list(response_urls),
        **_common(who),
    }


def view_closed(who: Person, modal: Modal) -> Json:
    """Return the payload of a closed modal, which Slack sends only when `notify_on_close` asks for it."""
    return {
        "type": "view_closed",
        "api_app_id": APP_ID,
        "view": view(modal, {}),
        "is_cleared": False,
        **_common(who),
    }


def view(shown: Modal | Home, values: Json) -> Json:
    """Return a view as Slack describes it, in payloads and in the Web API's answers."""
    given = shown.view
    return {
        "id": shown.view_id,
        "team_id": TEAM_ID,
        "type": given["type"],
        "blocks": shown.blocks,
        "private_metadata": given.get("private_metadata") or "",
        "callback_id": shown.callback_id,
        "state": {"values": values},
        "hash": shown.hash,
        "title": given.get("title") or dict(_NO_TITLE),
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        "close": given.get("close"),
        "submit": given.get("submit"),
        "previous_view_id": shown.previous_view_id if isinstance(shown, Modal) else None,
        "root_view_id": shown.root_view_id if isinstance(shown, Modal) else shown.view_id,
        "app_id": APP_ID,
        "external_id": given.get("external_id") or "",
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
    }


def home_opened(user_id: str, tab: str, home: Home | None, *, event_ts: str) -> Json:
    """Return the event of a person who opens a tab of the app's (https://docs.slack.dev/reference/events/app_home_opened)."""
    opened: Json = {
        "type": "app_home_opened",
        "user": user_id,
        "channel": direct_channel(user_id),
        "tab": tab,
        "event_ts": event_ts,
    }
    if home is not None:
        opened["view"] = view(home, {})
    return opened


def event(inner: Json, *, event_id: str, event_time: int) -> Json:
    """Return the JSON body of an event (https://docs.slack.dev/apis/events-api#event-type-structure)."""
    authorization = {
        "enterprise_id": None,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": inner,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": event_time,
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }


def _common(who: Person) -> Json:
    return {
        "token": VERIFICATION_TOKEN,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": who.id, "username": who.name.lower(), "name": who.name.lower(), "team_id": TEAM_ID},
    }


def _message(message: Message, replies: int) -> Json:
    found: Json = {"type": "message", "ts": message.ts, "team": TEAM_ID}
    if message.user_id == OTHER_BOT_ID:
        # It may lack `user` and `text`: https://docs.slack.dev/reference/events/message/bot_message
        found |= {"subtype": "bot_message", "bot_id": OTHER_BOT_ID}
    else:
        found |= {"user": message.user_id, "text": message.text}
    if message.text:
        found["text"] = message.text
    if message.user_id == BOT_USER_ID:
        found |= {"bot_id": BOT_ID, "app_id": APP_ID}
    if message.sender == "person" and message.blocks is None:
        found["blocks"] = [_rich_text(message.text)]
    elif message.blocks is not None:
        found["blocks"] = message.blocks
    if message.attachments is not None:
        found["attachments"] = message.attachments
    if message.thread_ts:
        found["thread_ts"] = message.thread_ts
    elif replies:
        # The first message of a thread names itself as the thread.
        found |= {"thread_ts": message.ts, "reply_count": replies}
    return found


def _rich_text(text: str) -> Json:
    """Return the block that Slack makes of what a person wrote: text and links."""
    elements: list[Json] = []
    for number, part in enumerate(_LINK.split(text)):
        url, _, label = part.partition("|")
        if part and number % 2:
            elements.append({"type": "link", "url": unescape(url), "text": unescape(label or url)})
        elif part:
            elements.append({"type": "text", "text": unescape(part)})
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": "typed", "elements": [section]}


def _chosen(action: Json) -> Json:
    chosen = {key: action[key] for key in ("selected_option", "selected_options") if key in action}
    if not chosen:
        return {}
    return {action["block_id"]: {action["action_id"]: {"type": action["type"], **chosen}}}
