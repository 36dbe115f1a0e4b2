"""`/webapi/{method}`: the methods of Slack's Web API that the bot needs, with Slack's words for errors.

https://docs.slack.dev/reference/methods. An error is HTTP 200 with `ok: false`, as with Slack.
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Mapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any
from uuid import UUID

from aiohttp import web

from bot.playground.slack import payloads
from bot.playground.slack.faults import Received
from bot.playground.slack.refusals import RefusedError, check_message, check_view
from bot.playground.slack.socket_mode import SocketMode
from bot.playground.slack.state import State
from bot.playground.slack.workspace import (
    APP_NAME,
    BOT_ID,
    BOT_USER_ID,
    CHANNEL_ID,
    PEOPLE,
    TEAM_ID,
    TEAM_NAME,
    TIME_ZONE,
    Json,
    Person,
    direct_channel,
    person,
)

_SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "users.info": "users:read",
    "users.list": "users:read",
    "users.lookupByEmail": "users:read.email",
}
_ERRORS = {HTTPStatus.TOO_MANY_REQUESTS.value: "ratelimited"}


class WebApi:
    """The methods, and what an installation of the bot may do: its token, its scopes, its channel."""

    def __init__(self, state: State, *, token: str, scopes: Iterable[str], socket: SocketMode) -> None:
        self.scopes = tuple(scopes)
        self.in_channel = True
        self.home_tab = True
        self.token_error: str | None = None
        self.deactivated: set[str] = set()
        self.admins = {who.id for who in PEOPLE if who.admin}
        self.workspace_url = ""
        self.clock_off = 0.0
        self._posted: dict[object, Json] = {}
        self._state = state
        self._token = token
        self._socket = socket
        self._methods: dict[str, Callable[[Json], Json]] = {
            "api.test": lambda _: {},
            "auth.test": self._auth_test,
            "blocks.validate": _blocks_validate,
            "views.open": self._views_open,
            "views.publish": self._views_publish,
            "views.update": self._views_update,
            "views.push": self._views_push,
            "chat.postMessage": self._post_message,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "users.info": self._users_info,
            "users.list": self._users_list,
            "users.lookupByEmail": self._users_lookup_by_email,
            "apps.connections.open": socket.open,
        }

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request of the bot's."""
        method = request.match_info["method"]
        await request.read()  # what has come is taken, even where the bot is killed during a delay
        fault = self._state.faults.take(method)
        if fault is not None:
            await asyncio.sleep(fault.delay)
        arguments: Json = {}
        headers = {
            "X-OAuth-Scopes": ",".join(self.scopes),
            "Date": formatdate(time.time() + self.clock_off, usegmt=True),
        }
        status, answer = 200, ""
        if fault is not None and fault.status is not None:
            arguments = await _lenient_arguments(request)
            status, headers = fault.status, {"Date": headers["Date"]} | dict(fault.headers)
            default = {"ok": False, "error": _ERRORS.get(status, "internal_error")}
            answer = fault.body if isinstance(fault.body, str) else json.dumps(fault.body or default)
        else:
            try:
                arguments = await _arguments(request)
                answer = json.dumps({"ok": True, **self._call(method, request, arguments)})
            except RefusedError as refused:
                self._state.record.refuse(method, refused)
                answer = json.dumps(_refusal(refused))
        arguments.pop("token", None)
        self._state.record.receive(Received(method, arguments, status, answer, self._state.now()))
        kind = "application/json" if answer.startswith("{") else "text/plain"
        return web.Response(status=status, text=answer, headers=headers, content_type=kind)

    def _call(self, method: str, request: web.Request, arguments: Json) -> Json:
        run = self._methods.get(method)
        if run is None:
            raise RefusedError("unknown_method", (method,))
        if method != "api.test":
            self._authorise(method, request, arguments)
        return run(arguments)

    def _authorise(self, method: str, request: web.Request, arguments: Json) -> None:
        header = request.headers.get("Authorization", "")
        if method == "apps.connections.open":
            self._socket.authorise(header.removeprefix("Bearer "))
            return
        token = header.removeprefix("Bearer ") if header else str(arguments.get("token") or "")
        if not token:
            raise RefusedError("not_authed")
        if token != self._token:
            raise RefusedError("invalid_auth")
        if self.token_error is not None:
            raise RefusedError(self.token_error)
        needed = _SCOPES.get(method)
        if needed is not None and needed not in self.scopes:
            raise RefusedError("missing_scope", (f"needed: {needed}",))

    def _auth_test(self, _arguments: Json) -> Json:
        return {
            "url": self.workspace_url,
            "team": TEAM_NAME,
            "user": APP_NAME,
            "team_id": TEAM_ID,
            "user_id": BOT_USER_ID,
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }

    def _views_open(self, arguments: Json) -> Json:
        # The view first: Slack does not use a trigger up on a view that it refuses.
        check_view(arguments.get("view"))
        trigger = self._state.triggers.redeem(_text(arguments, "trigger_id"))
        modal = self._state.modals.open(trigger.user_id, arguments["view"], trigger.channel_id)
        return {"view": payloads.view(modal, {})}

    def _views_publish(self, arguments: Json) -> Json:
        # https://docs.slack.dev/reference/methods/views.publish
        if not self.home_tab:
            raise RefusedError("not_enabled")
        check_view(arguments.get("view"), "home")
        try:
            who = person(_text(arguments, "user_id"))
        except LookupError:
            raise RefusedError("invalid_arguments", ("user_id: there is nobody of that id",)) from None
        home = self._state.homes.publish(who.id, arguments["view"], arguments.get("hash"))
        return {"view": payloads.view(home, {})}

    def _views_push(self, arguments: Json) -> Json:
        check_view(arguments.get("view"))
        trigger = self._state.triggers.redeem(_text(arguments, "trigger_id"))
        if trigger.view_id is None or not self._state.modals.stack(trigger.user_id):
            raise RefusedError("not_found", ("that trigger does not come from an open view",))
        modal = self._state.modals.push(trigger.user_id, arguments["view"])
        return {"view": payloads.view(modal, {})}

    def _views_update(self, arguments: Json) -> Json:
        check_view(arguments.get("view"))
        try:
            modal = self._state.modals.find(_text(arguments, "view_id"))
        except LookupError:
            raise RefusedError("not_found") from None
        if arguments.get("hash") not in (None, "", modal.hash):
            raise RefusedError("hash_conflict")
        return {"view": payloads.view(self._state.modals.update(modal.view_id, arguments["view"]), {})}

    def _post_message(self, arguments: Json) -> Json:
        """Post a message; answer a repetition, which is known by its `client_msg_id`, with what is there."""
        key = (arguments.get("channel"), _uuid(arguments.get("client_msg_id")))
        if key[1] and key in self._posted:
            return self._posted[key]
        answer = self._posted[key] = self._post(arguments)
        return answer

    def _post(self, arguments: Json) -> Json:
        if str(arguments.get("channel") or "").startswith(("U", "W")):
            return self._post_direct(arguments)
        self._check_channel(arguments)
        check_message(arguments)
        message = self._state.messages.add_from_bot(arguments, thread_ts=arguments.get("thread_ts"))
        return {"channel": CHANNEL_ID, "ts": message.ts, "message": {"ts": message.ts, "text": message.text}}

    def _post_direct(self, arguments: Json) -> Json:
        # https://docs.slack.dev/reference/methods/chat.postMessage#dm: to a user id, in the app's own channel
        try:
            who = person(_text(arguments, "channel"))
        except LookupError:
            raise RefusedError("channel_not_found") from None
        if who.id in self.deactivated:
            raise RefusedError("channel_not_found")
        check_message(arguments)
        message = self._state.messages.add_from_bot(arguments, only_for=who.id, direct=True)
        return {
            "channel": direct_channel(who.id),
            "ts": message.ts,
            "message": {"ts": message.ts, "text": message.text},
        }

    def _post_ephemeral(self, arguments: Json) -> Json:
        self._check_channel(arguments)
        check_message(arguments)
        try:
            who = person(_text(arguments, "user"))
        except LookupError:
            raise RefusedError("user_not_in_channel") from None
        message = self._state.messages.add_from_bot(
            arguments, only_for=who.id, thread_ts=arguments.get("thread_ts")
        )
        return {"message_ts": message.ts}

    def _update(self, arguments: Json) -> Json:
        # https://docs.slack.dev/reference/methods/chat.update: one's own messages, where the bot still is
        ts, channel = _text(arguments, "ts"), _text(arguments, "channel")
        message = self._state.messages.of_bot(ts)
        if message is None:
            raise RefusedError(
                "message_not_found" if ts not in self._state.messages else "cant_update_message"
            )
        if channel != message.channel_id:
            raise RefusedError("channel_not_found")
        if not message.direct:
            self._check_channel(arguments)
        check_message(arguments)
        self._state.messages.replace(ts, arguments)
        return {"channel": channel, "ts": ts, "text": arguments.get("text") or ""}

    def _users_info(self, arguments: Json) -> Json:
        try:
            who = person(_text(arguments, "user"))
        except LookupError:
            raise RefusedError("user_not_found") from None
        return {"user": self._user(who)}

    def _users_list(self, arguments: Json) -> Json:
        # https://docs.slack.dev/reference/methods/users.list: pages by cursor; our cursor is where the next begins
        start, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit") or len(PEOPLE))
        members = [self._user(who) for who in PEOPLE[start : start + limit]]
        following = str(start + limit) if start + limit < len(PEOPLE) else ""
        return {"members": members, "response_metadata": {"next_cursor": following}}

    def _users_lookup_by_email(self, arguments: Json) -> Json:
        email = _text(arguments, "email").strip().lower()
        for who in PEOPLE:
            if who.email == email and who.id not in self.deactivated:
                return {"user": self._user(who)}
        raise RefusedError("users_not_found")

    def _user(self, who: Person) -> Json:
        """Return a user object (https://docs.slack.dev/reference/objects/user-object)."""
        about = {"real_name": who.name, "display_name": who.name, "title": who.title}
        if "users:read.email" in self.scopes:
            about["email"] = who.email
        found: Json = {
            "id": who.id,
            "team_id": TEAM_ID,
            "name": who.name.lower(),
            "deleted": who.id in self.deactivated,
            "is_bot": False,
            "profile": about,
        }
        if who.id not in self.deactivated:  # Slack leaves the rest out of those who have left
            found |= {"real_name": who.name, "is_admin": who.id in self.admins, "is_owner": False}
            found |= {"tz": TIME_ZONE, "tz_label": "India Standard Time", "tz_offset": 19_800}
        return found

    def _check_channel(self, arguments: Json) -> None:
        if arguments.get("channel") != CHANNEL_ID:
            raise RefusedError("channel_not_found")
        if not self.in_channel:
            raise RefusedError("not_in_channel")


def _blocks_validate(arguments: Json) -> Json:
    """Validate one payload (https://docs.slack.dev/reference/methods/blocks.validate); its words for one that is wrong."""
    kinds = [kind for kind in ("blocks", "message", "view") if arguments.get(kind) is not None]
    if len(kinds) != 1:
        raise RefusedError("invalid_arguments", ("exactly one of blocks, message and view",))
    payload = arguments[kinds[0]]
    try:
        if kinds[0] == "view":
            is_home = isinstance(payload, dict) and payload.get("type") == "home"
            check_view(payload, "home" if is_home else "modal")
        elif kinds[0] == "blocks":
            check_message({"blocks": payload})
        else:
            check_message(payload if isinstance(payload, dict) else {})
    except RefusedError as refused:
        raise RefusedError(f"invalid_{kinds[0]}", refused.problems) from None
    return {}


def _uuid(value: object) -> str:
    try:
        return str(UUID(str(value))) if value else ""
    except ValueError:
        raise RefusedError("invalid_arguments") from None


def _text(arguments: Mapping[str, Any], name: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str) or not value:
        raise RefusedError("invalid_arguments", (f"{name}: missing or not a string",))
    return value


async def _arguments(request: web.Request) -> Json:
    """Return the arguments of a form or a JSON body; JSON inside a form is parsed, as Slack does."""
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise RefusedError("invalid_json") from None
        if not isinstance(body, dict):
            raise RefusedError("json_not_object")
        found: Json = body
    else:
        found = {**request.query, **await request.post()}
    for name in ("view", "blocks", "message", "attachments"):
        if isinstance(found.get(name), str):
            try:
                found[name] = json.loads(found[name])
            except ValueError:
                word = "invalid_arguments" if name == "view" else f"invalid_{name}_format"
                raise RefusedError(word) from None
    return found


async def _lenient_arguments(request: web.Request) -> Json:
    try:
        return await _arguments(request)
    except RefusedError:
        return {}


def _refusal(refused: RefusedError) -> Json:
    answer: Json = {"ok": False, "error": refused.error}
    if refused.problems:
        answer["response_metadata"] = {"messages": [f"[ERROR] {problem}" for problem in refused.problems]}
    return answer
