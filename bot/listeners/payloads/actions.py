"""Presses of buttons, parsed: in a message, in a modal, in the Home tab."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answers.interaction import Interaction, InteractionKind
from bot.calls.call_ref import CallRef
from bot.calls.search_form import SearchState
from bot.cards.call_buttons import thread_of, which_of
from bot.cards.find import CHOSEN_VIEW, FOUND_VIEW
from bot.cards.kit.modal import DETAILS_VIEW
from bot.cards.transcript import TRANSCRIPT_VIEW, Shows, transcript_page, transcript_which
from bot.cometchat import InvalidSessionIdError, SessionId, parse_session_id
from bot.listeners.payloads.reading import (
    Payload,
    acting_user,
    arrived,
    identifier,
    nested,
    objects,
    response_url,
    text,
    ticked,
)
from bot.listeners.payloads.views import chosen_in, shown_in


@dataclass(frozen=True, slots=True)
class Press:
    """A press of a button, or a choice. callinfo wrote the value, but it has been outside, so its readers parse it.

    `ticked` are the values of all boxes that are ticked now.
    """

    interaction: Interaction
    value: str
    block_id: str
    ticked: tuple[str, ...] = ()

    @property
    def session_id(self) -> SessionId | None:
        """The session that the button is about, None for a value that is no session id."""
        try:
            return parse_session_id(self.value)
        except InvalidSessionIdError:
            return None

    @property
    def call(self) -> CallRef | None:
        """Which of the session's calls the button is about, the newest unless its block says another."""
        session_id = self.session_id
        return CallRef.of(session_id, _which(self.block_id)) if session_id else None


def parse_press(kind: InteractionKind, body: Payload, context: Payload) -> Press:
    """Return the press of a button."""
    action = next(iter(objects(body.get("actions"))), {})
    container, block_id = nested(body, "container"), identifier(action, "block_id")
    view = nested(body, "view")
    in_home = view.get("type") == "home"
    interaction = Interaction(
        kind=kind,
        arrived=arrived(context),
        user=acting_user(body, context),
        channel_id=identifier(nested(body, "channel"), "id") or identifier(container, "channel_id"),
        channel_name=text(nested(body, "channel"), "name"),
        message_ts=identifier(container, "message_ts"),
        thread_ts=identifier(container, "thread_ts") or thread_of(block_id),
        view_id="" if in_home else identifier(view, "id"),
        response_url="" if in_home else response_url(body),
        trigger_id=identifier(body, "trigger_id"),
        filter=_which(block_id),
        in_home=in_home,
        home_hash=identifier(view, "hash") if in_home else "",
    )
    value = text(action, "value") or text(nested(action, "selected_option"), "value")
    return Press(interaction, value, block_id, tuple(ticked(action)))


def _which(block_id: str) -> str:
    return which_of(block_id) or transcript_which(block_id)


def parse_details_press(body: Payload, context: Payload) -> tuple[Press, SearchState | None]:
    """Return the press of Details, and what the modal of "Find a call" was about that it was in, if it was in one."""
    press, about = parse_press("details", body, context), _found_in(body)
    return replace(press, interaction=replace(press.interaction, finding=about)), about


def parse_transcript_press(body: Payload, context: Payload) -> tuple[Press, Shows]:
    """Return the press of Transcript or of a page of it, and what the modal then shows."""
    press, about = parse_press("transcript", body, context), _found_in(body)
    shows = shown_in(body)
    if shows.query and transcript_page(press.block_id) is None:
        shows = shows.searched("")
    press = replace(press, interaction=replace(press.interaction, finding=about))
    return press, replace(shows, call=press.call, about=about)


def _found_in(body: Payload) -> SearchState | None:
    """Return what the modal of "Find a call" was about that a button was in, or that was there before; None for none."""
    view = nested(body, "view")
    callback_id = text(view, "callback_id")
    if callback_id == TRANSCRIPT_VIEW:
        return shown_in(body).about
    in_find = callback_id in {FOUND_VIEW, CHOSEN_VIEW} or (
        callback_id == DETAILS_VIEW and view.get("private_metadata")
    )
    return chosen_in(body) if in_find else None


def parse_find_press(kind: InteractionKind, body: Payload, context: Payload) -> tuple[Press, SearchState]:
    """Return the press of a button in "Find a call", and what its modal is about; in the Home tab, nothing yet.

    A button of the list is about its own call.
    """
    press, about = parse_press(kind, body, context), chosen_in(body)
    if kind == "found_call":
        about = replace(about, call=CallRef.from_text(press.value))
    return replace(press, interaction=replace(press.interaction, finding=about)), about
