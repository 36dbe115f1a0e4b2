"""Presses of buttons, parsed: in a message, in a modal, in the Home tab."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answers.interaction import Interaction, Kind
from bot.calls.call_ref import CallRef
from bot.calls.search_form import SearchState
from bot.cards.buttons import thread_of, which_of
from bot.cometchat import InvalidSessionIdError, SessionId, parse_session_id
from bot.listeners.payloads.modals import chosen_in
from bot.listeners.payloads.reading import Payload, address, an_id, arrived, objects, text, who, within


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
    def meant(self) -> CallRef | None:
        """Which of the session's calls it is about, by its block; the newest where that does not say."""
        session_id = self.wanted
        return CallRef.of(session_id, which_of(self.block_id)) if session_id else None


def of_press(kind: Kind, body: Payload, context: Payload) -> Press:
    """Return the press of a button, in a message, in a modal or in the Home tab."""
    action = next(iter(objects(body.get("actions"))), {})
    container, block_id = within(body, "container"), an_id(action, "block_id")
    view = within(body, "view")
    in_home = view.get("type") == "home"
    interaction = Interaction(
        kind=kind,
        arrived=arrived(context),
        user=who(body),
        channel_id=an_id(within(body, "channel"), "id") or an_id(container, "channel_id"),
        message_ts=an_id(container, "message_ts"),
        thread_ts=an_id(container, "thread_ts") or thread_of(block_id),
        view_id="" if in_home else an_id(view, "id"),
        response_url="" if in_home else address(body),
        trigger_id=an_id(body, "trigger_id"),
        sought=which_of(block_id),
        in_home=in_home,
        home_hash=an_id(view, "hash") if in_home else "",
    )
    return Press(interaction, text(action, "value"), block_id)


def of_finding_press(kind: Kind, body: Payload, context: Payload) -> tuple[Press, SearchState]:
    """Return the press of a button in "Find a call", and what its modal is about; in the Home tab, nothing yet.

    A button of the list is about its own call.
    """
    press, about = of_press(kind, body, context), chosen_in(body)
    if kind == "found_call":
        about = replace(about, call=CallRef.from_text(press.value))
    return replace(press, interaction=replace(press.interaction, finding=about)), about
