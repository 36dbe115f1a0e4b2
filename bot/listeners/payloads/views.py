"""Submitted modals, parsed: what was typed or chosen, and what the modal was about."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.interaction import Interaction, InteractionKind
from bot.calls.search_form import SearchForm, SearchState
from bot.calls.transcript_pages import tidy_query
from bot.cards import ask_session, find, link_request, subscriptions
from bot.cards.ask_session import Origin
from bot.cards.link_request import Approval
from bot.cards.transcript import Shows
from bot.listeners.payloads.reading import (
    MAX_ID,
    MAX_URL,
    Payload,
    acting_user,
    arrived,
    identifier,
    nested,
    objects,
    plain,
    response_url,
    text,
    ticked,
)
from bot.subscriptions.form import SubscribeForm


def parse_asked_session(body: Payload, context: Payload) -> tuple[Interaction, str, bool]:
    """Return the modal that asks for a session id, what was typed, and whether that is what was offered.

    The answer goes to the shortcut's origin.
    """
    origin = origin_in(body)
    interaction = replace(
        _submission("asked_session", body, context),
        view_id="",
        channel_id=plain(origin.channel_id, MAX_ID),
        thread_ts=plain(origin.thread_ts or "", MAX_ID) or None,
        response_url=plain(origin.response_url, MAX_URL),
    )
    typed = _value(body, ask_session.BLOCK)
    return interaction, typed, typed == origin.offered


def parse_search(body: Payload, context: Payload) -> tuple[Interaction, SearchForm]:
    """Return the form of "Find a call", and what was filled in."""
    values = nested(body, "view", "state", "values")
    options = {
        name: text(nested(values, block, block, "selected_option"), "value")
        for name, block in (("kind", find.KIND), ("ended", find.ENDED))
    }
    days = {
        name: text(nested(values, block, block), "selected_date")
        for name, block in (("first", find.FIRST), ("last", find.LAST))
    }
    filled = SearchForm.of({**options, **days, "with_whom": _value(body, find.WITH_WHOM)})
    return replace(_submission("search", body, context), finding=SearchState(filled)), filled


def parse_share_found(body: Payload, context: Payload) -> tuple[Interaction, SearchState]:
    """Return the modal with a chosen call; its `response_urls` say where to share that to.

    https://docs.slack.dev/surfaces/modals#response_url_enabled
    """
    urls = objects(body.get("response_urls"))
    to = next((each for each in urls if each.get("block_id") == find.CONVERSATION), {})
    about = chosen_in(body)
    interaction = replace(
        _submission("share_found", body, context),
        channel_id=identifier(to, "channel_id"),
        response_url=response_url(to),
        finding=about,
    )
    return interaction, about


def parse_transcript_search(body: Payload, context: Payload) -> tuple[Interaction, Shows]:
    """Return the Transcript modal, which call it is about, and what is searched for in it."""
    shown = shown_in(body)
    shows = shown.searched(tidy_query(_value(body, shown.search_block)))
    return replace(_submission("transcript", body, context), finding=shows.about), shows


def shown_in(body: Payload) -> Shows:
    """Return what the Transcript modal shows in which something was done."""
    return Shows.from_text(text(nested(body, "view"), "private_metadata"))


def parse_approval(body: Payload, context: Payload) -> tuple[Interaction, Approval | None, str]:
    """Return the modal of an approval, whose request it is, and what was typed. The answer goes to the request.

    A request in the Home tab has no response_url: the answer goes to the tab. The approval is None for metadata that
    callinfo never wrote.
    """
    try:
        approval = Approval.from_text(text(nested(body, "view"), "private_metadata"))
    except ValueError:
        approval = None
    interaction = replace(
        _submission("approval", body, context),
        view_id="",
        response_url=plain(approval.response_url, MAX_URL) if approval else "",
        in_home=approval is not None and not approval.response_url,
    )
    return interaction, approval, _value(body, link_request.BLOCK)


def parse_subscription(body: Payload, context: Payload) -> tuple[Interaction, SubscribeForm]:
    """Return the submitted form that subscribes. The answer goes to where it was opened, else to the Home tab."""
    origin = origin_in(body)
    url = plain(origin.response_url, MAX_URL)
    interaction = replace(
        _submission("subscribe", body, context),
        view_id="",
        channel_id=plain(origin.channel_id, MAX_ID),
        response_url=url,
        in_home=not url,
    )
    return interaction, subscription_in(body)


def origin_in(body: Payload) -> Origin:
    """Return where the modal was opened."""
    return Origin.from_text(text(nested(body, "view"), "private_metadata"))


def subscription_in(body: Payload) -> SubscribeForm:
    """Return what is chosen in the form that subscribes, submitted or not."""
    values = nested(body, "view", "state", "values")
    kind, longer = (
        text(nested(values, block, block, "selected_option"), "value")
        for block in (subscriptions.KIND, subscriptions.LONGER)
    )
    which, quiet = (
        ticked(nested(values, block, block)) for block in (subscriptions.WHICH, subscriptions.QUIET_HOURS)
    )
    return SubscribeForm.of(
        which=which,
        kind=kind,
        longer=longer,
        with_whom=_value(body, subscriptions.WITH_WHOM),
        channel_id=text(
            nested(values, subscriptions.CHANNEL, subscriptions.CHANNEL), "selected_conversation"
        ),
        quiet=quiet,
    )


def chosen_in(body: Payload) -> SearchState:
    """Return what the modal of "Find a call" is about in which something was done."""
    return SearchState.from_text(text(nested(body, "view"), "private_metadata"))


def _submission(kind: InteractionKind, body: Payload, context: Payload) -> Interaction:
    """Return the interaction of a submitted modal, which is answered in that modal."""
    return Interaction(
        kind=kind,
        arrived=arrived(context),
        user=acting_user(body, context),
        view_id=identifier(nested(body, "view"), "id"),
        trigger_id=identifier(body, "trigger_id"),
    )


def _value(body: Payload, block: str) -> str:
    """Return what was typed into the input of that block, which has the same action id."""
    return text(nested(body, "view", "state", "values", block, block), "value")
