"""What a person can do with the bot, and what its answer changes in the channel.

A command, a shortcut, a press, a submitted or closed modal, an opened Home tab: each becomes one request (payloads.py, dispatch.py).
LookupError when the person does not see what they act on: then nothing is sent, as in Slack.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from bot.playground.slack import blocks, payloads
from bot.playground.slack.dispatch import Delivery, Dispatcher
from bot.playground.slack.modals import Modal
from bot.playground.slack.refusals import RefusedError, check_message, check_view
from bot.playground.slack.state import State
from bot.playground.slack.tickets import Origin
from bot.playground.slack.workspace import (
    APP_NAME,
    BOT_USER_ID,
    CHANNEL_ID,
    COMMAND,
    Json,
    conversations,
    person,
)

_JSON = "application/json"


class Interactions:
    """Turns what people do into requests to the bot. `base_url` is where its response URLs lead."""

    def __init__(self, state: State, dispatcher: Dispatcher) -> None:
        self.base_url = ""
        self._dispatcher = dispatcher
        self._messages = state.messages
        self._modals = state.modals
        self._homes = state.homes
        self._triggers = state.triggers
        self._urls = state.urls
        self._record = state.record

    async def command(self, user_id: str, text: str, name: str, fields: Mapping[str, str]) -> Delivery:
        """Send a slash command, and show its answer: none, a text, or a message."""
        form = payloads.command(
            person(user_id),
            name,
            text.strip(),
            response_url=self._response_url(Origin("command", user_id)),
            trigger_id=self._triggers.issue(user_id, channel_id=CHANNEL_ID),
        )
        delivery = await self._dispatcher.command({**form, **fields})
        if delivery.error is not None:
            self._failed(user_id, name, delivery.error)
            return delivery
        try:
            message = _command_answer(delivery)
            if message is None:
                return delivery
            check_message(message)
        except RefusedError as refused:
            self._record.refuse("command", refused)
            self._failed(user_id, name, refused.error)
            return replace(delivery, error=refused.error)
        public = message.get("response_type") == "in_channel"
        self._messages.add_from_bot(message, only_for=None if public else user_id)
        return replace(delivery, message=message)

    async def shortcut(self, user_id: str, ts: str, callback_id: str) -> Delivery:
        """Use a message shortcut."""
        message = self._messages.visible(ts, user_id)
        if message.ephemeral:
            raise LookupError("shortcuts do not appear on ephemeral messages")
        payload = payloads.shortcut(
            person(user_id),
            callback_id,
            message,
            replies=self._messages.reply_counts()[ts],
            action_ts=self._messages.new_ts(),
            response_url=self._response_url(Origin("shortcut", user_id, ts)),
            trigger_id=self._triggers.issue(user_id, channel_id=message.channel_id),
        )
        return await self.interact(user_id, payload)

    async def global_shortcut(self, user_id: str, callback_id: str) -> Delivery:
        """Use a shortcut from the menu beside the message box."""
        payload = payloads.global_shortcut(
            person(user_id),
            callback_id,
            action_ts=self._messages.new_ts(),
            trigger_id=self._triggers.issue(user_id, channel_id=CHANNEL_ID),
        )
        return await self.interact(user_id, payload)

    async def open_home(
        self, user_id: str, tab: str = "home", fields: Mapping[str, Any] = MappingProxyType({})
    ) -> Delivery:
        """Open a tab of the app's; `fields` replaces fields around the event."""
        home = self._homes.of(person(user_id).id)
        opened = payloads.home_opened(user_id, tab, home, event_ts=self._messages.new_ts())
        return await self.event(opened, fields)

    async def press(
        self,
        user_id: str,
        where: str,
        action_id: str,
        block_id: str | None,
        value: str | list[str] | None,
        *,
        given: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    ) -> Delivery:
        """Press an element of a message (`where` is its ts) or of a view (its id), with the values `given` in its inputs."""
        if where.startswith("V"):
            return await self._press_in_view(user_id, where, action_id, block_id, value, given=given)
        message = self._messages.visible(where, user_id)
        if message.user_id != BOT_USER_ID:
            raise LookupError("that message is another app's")
        block, element = blocks.find_element(message.all_blocks, action_id, block_id, value)
        payload = payloads.press_on_message(
            person(user_id),
            blocks.pressed(block, element, value, self._messages.new_ts()),
            message,
            replies=self._messages.reply_counts()[where],
            response_url=self._response_url(Origin("press", user_id, where)),
            trigger_id=self._triggers.issue(user_id, channel_id=message.channel_id),
        )
        return await self.interact(user_id, payload)

    async def submit(self, user_id: str, view_id: str, given: Mapping[str, Mapping[str, Any]]) -> Delivery:
        """Submit a view with values by block id and action id; its answer closes, changes or pushes."""
        modal = self._modals.find(view_id, user_id)
        values = blocks.state(modal.blocks, given, conversations(user_id), modal.channel_id)
        if complaints := blocks.missing(modal.blocks, values):
            # Slack's client checks required fields itself: the bot gets no request.
            self._modals.complain(view_id, complaints)
            return Delivery(0, "", 0.0, {}, b"", {}, error="not_sent", errors=complaints)
        self._modals.complain(view_id, {})
        trigger_id = self._triggers.issue(user_id, view_id)
        payload = payloads.view_submission(
            person(user_id),
            modal,
            values,
            trigger_id=trigger_id,
            response_urls=self._response_urls(modal, values),
        )
        delivery = await self._dispatcher.interaction(payload)
        if delivery.error is not None:
            return delivery  # the modal stays, and says so itself: no line in the channel
        try:
            return self._answered(modal, delivery)
        except RefusedError as refused:
            self._record.refuse("view_submission", refused)
            return replace(delivery, error=refused.error)
        except LookupError:
            return delivery  # closed meanwhile: there is nothing left to change

    async def close(self, user_id: str, view_id: str) -> Delivery | None:
        """Close a view; the bot gets a request only if the view has `notify_on_close`."""
        modal = self._modals.find(view_id, user_id)
        self._modals.close(view_id)
        if not modal.view.get("notify_on_close"):
            return None
        return await self.interact(user_id, payloads.view_closed(person(user_id), modal))

    async def interact(self, user_id: str, payload: Mapping[str, Any]) -> Delivery:
        """Send any payload; when it fails, the person reads so."""
        delivery = await self._dispatcher.interaction(payload)
        if delivery.error is not None:
            line = f"{APP_NAME} didn’t answer, so that didn’t work ({delivery.error}). Please try again."
            self._messages.add_from_slackbot(line, user_id)
        return delivery

    async def event(
        self, inner: Mapping[str, Any], fields: Mapping[str, Any] = MappingProxyType({})
    ) -> Delivery:
        """Tell the bot what happened in the workspace; `fields` replaces fields around it."""
        event_id = f"Ev{secrets.token_hex(5).upper()}"
        payload = payloads.event(dict(inner), event_id=event_id, event_time=int(time.time()))
        return await self._dispatcher.event({**payload, **fields})

    async def _press_in_view(
        self,
        user_id: str,
        view_id: str,
        action_id: str,
        block_id: str | None,
        value: str | list[str] | None,
        *,
        given: Mapping[str, Mapping[str, Any]],
    ) -> Delivery:
        home = self._homes.of(user_id)
        shown = home if home and home.view_id == view_id else self._modals.find(view_id, user_id)
        block, element = blocks.find_element(shown.blocks, action_id, block_id, value)
        over = shown.channel_id if isinstance(shown, Modal) else None
        if block.get("type") == "input":  # what was chosen just now is in the view's values as well
            given = {**given, block["block_id"]: {element["action_id"]: value}}
        payload = payloads.press_in_view(
            person(user_id),
            blocks.pressed(block, element, value, self._messages.new_ts()),
            shown,
            blocks.state(shown.blocks, given, conversations(user_id), over),
            # A modal opened from the Home tab lies on nothing: it is the first of its stack
            trigger_id=self._triggers.issue(user_id, view_id if isinstance(shown, Modal) else None, over),
        )
        return await self.interact(user_id, payload)

    def _answered(self, modal: Modal, delivery: Delivery) -> Delivery:
        """Do what the answer to a submitted view says (docs.slack.dev, "Modals": response_action)."""
        answer = _object(delivery) or {}
        action = answer.get("response_action")
        if action == "errors":
            return self._complained(modal, delivery, answer.get("errors"))
        if action in ("update", "push"):
            check_view(answer.get("view"))
            if action == "update":
                self._modals.update(modal.view_id, answer["view"])
            else:
                self._modals.push(modal.user_id, answer["view"])
        elif action == "clear":
            self._modals.clear(modal.user_id)
        elif action is None:
            self._modals.close(modal.view_id)
        else:
            raise RefusedError("invalid_response_action", (str(action),))
        return delivery

    def _complained(self, modal: Modal, delivery: Delivery, errors: object) -> Delivery:
        inputs = {block["block_id"] for block in modal.blocks if block.get("type") == "input"}
        if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
            raise RefusedError("invalid_errors", ("errors: must name input blocks of the view",))
        words = {str(block_id): str(said) for block_id, said in errors.items()}
        self._modals.complain(modal.view_id, words)
        return replace(delivery, errors=words)

    def _response_urls(self, modal: Modal, values: Json) -> list[Json]:
        return [
            {
                "block_id": block_id,
                "action_id": action_id,
                "channel_id": chosen,
                "response_url": self._response_url(Origin("view", modal.user_id, channel_id=chosen)),
            }
            for block_id, action_id, chosen in blocks.response_conversations(modal.blocks, values)
        ]

    def _response_url(self, origin: Origin) -> str:
        return f"{self.base_url}response/{self._urls.issue(origin)}"

    def _failed(self, user_id: str, name: str, error: str) -> None:
        self._messages.add_from_slackbot(f'{name or COMMAND} failed with the error "{error}"', user_id)


def _command_answer(delivery: Delivery) -> Json | None:
    """Return the message in a command's answer; None when there is nothing to show."""
    if not delivery.body.strip():
        return None
    if delivery.content_type != _JSON:
        return {"text": delivery.body}
    message = _object(delivery)
    if message is None or not any(message.get(part) for part in ("text", "blocks", "attachments")):
        return None  # such as {"response_type": "in_channel"}, which only shows the command
    return message


def _object(delivery: Delivery) -> Json | None:
    try:
        parsed = delivery.parsed()
    except ValueError:
        raise RefusedError("invalid_json") from None
    if parsed is not None and not isinstance(parsed, dict):
        raise RefusedError("json_not_object")
    return parsed
