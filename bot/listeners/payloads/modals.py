"""Submitted modals, parsed: what was typed or chosen, and what the modal was about."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.interaction import Interaction, Kind
from bot.calls.search_form import SearchForm, SearchState
from bot.cards import find, request
from bot.cards.ask_session import ACTION, BLOCK, Origin
from bot.cards.request import Approval
from bot.listeners.payloads.reading import (
    LONGEST_ADDRESS,
    LONGEST_ID,
    Payload,
    address,
    an_id,
    arrived,
    objects,
    plain,
    text,
    who,
    within,
)


def of_asked_session(body: Payload, context: Payload) -> tuple[Interaction, str]:
    """Return the submitted modal that asks for a session id, and what was typed; the answer goes to its origin."""
    view = within(body, "view")
    origin = Origin.from_text(text(view, "private_metadata"))
    typed = text(within(view, "state", "values", BLOCK, ACTION), "value")
    interaction = Interaction(
        kind="asked_session",
        arrived=arrived(context),
        user=who(body),
        channel_id=plain(origin.channel_id, LONGEST_ID),
        thread_ts=plain(origin.thread_ts or "", LONGEST_ID) or None,
        response_url=plain(origin.response_url, LONGEST_ADDRESS),
        trigger_id=an_id(body, "trigger_id"),
    )
    return interaction, typed


def of_search(body: Payload, context: Payload) -> tuple[Interaction, SearchForm]:
    """Return the submitted form of "Find a call", and what was filled in."""
    values = within(body, "view", "state", "values")
    options = {
        name: text(within(values, block, block, "selected_option"), "value")
        for name, block in (("kind", find.KIND), ("ended", find.ENDED))
    }
    days = {
        name: text(within(values, block, block), "selected_date")
        for name, block in (("first", find.FIRST), ("last", find.LAST))
    }
    with_whom = text(within(values, find.WITH_WHOM, find.WITH_WHOM), "value")
    filled = SearchForm.of({**options, **days, "with_whom": with_whom})
    return replace(_of_view("search", body, context), finding=SearchState(filled)), filled


def of_share_found(body: Payload, context: Payload) -> tuple[Interaction, SearchState]:
    """Return the submitted modal with a chosen call; its `response_urls` say where that is to be shared to.

    https://docs.slack.dev/surfaces/modals#response_url_enabled
    """
    addressed = (
        each for each in objects(body.get("response_urls")) if each.get("block_id") == find.CONVERSATION
    )
    to = next(addressed, {})
    about = chosen_in(body)
    interaction = replace(
        _of_view("share_found", body, context),
        channel_id=an_id(to, "channel_id"),
        response_url=address(to),
        finding=about,
    )
    return interaction, about


def of_approval(body: Payload, context: Payload) -> tuple[Interaction, Approval | None, str]:
    """Return the submitted modal of an approval, whose it is, and what was typed; the answer goes to the request.

    Where the request stood in the Home tab, and so has no address, the answer goes there.

    Whose it is may be None: then its metadata is none that callinfo has written.
    """
    view = within(body, "view")
    try:
        approval = Approval.from_text(text(view, "private_metadata"))
    except ValueError:
        approval = None
    typed = text(within(view, "state", "values", request.BLOCK, request.ACTION), "value")
    interaction = Interaction(
        kind="approval",
        arrived=arrived(context),
        user=who(body),
        response_url=plain(approval.response_url, LONGEST_ADDRESS) if approval else "",
        trigger_id=an_id(body, "trigger_id"),
        in_home=approval is not None and not approval.response_url,
    )
    return interaction, approval, typed


def chosen_in(body: Payload) -> SearchState:
    """Return what the modal of "Find a call" is about that somebody did something in."""
    return SearchState.from_text(text(within(body, "view"), "private_metadata"))


def _of_view(kind: Kind, body: Payload, context: Payload) -> Interaction:
    """Return the interaction that a submitted modal is, which is answered in its place."""
    return Interaction(
        kind=kind,
        arrived=arrived(context),
        user=who(body),
        view_id=an_id(within(body, "view"), "id"),
        trigger_id=an_id(body, "trigger_id"),
    )
