"""Details: a modal, opened at once and filled when CometChat has answered; its own buttons turn its pages."""

from __future__ import annotations

from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Outcome
from bot.calls.problems import Problem
from bot.cards.call_buttons import DETAILS, page_of
from bot.cards.details import details
from bot.cards.waiting import loading_details
from bot.listeners.payloads.actions import Press, parse_press
from bot.listeners.payloads.reading import Payload
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button, in a message and in the modal."""

    @app.action(DETAILS)
    async def show_details(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press = parse_press("details", body, context)
        work = partial(show, services, press)
        loading = None if press.interaction.view_id else loading_details()
        await services.responder.in_a_modal(press.interaction, ack, work, loading=loading)


async def show(services: Services, press: Press) -> Outcome | Problem:
    """Return the details of the call that was pressed."""
    found = await services.look_up_pressed(press)
    if isinstance(found, Problem):
        return found
    page, hosts = page_of(press.block_id), services.recording_hosts
    view = details(found, now=int(services.now()), page=page, recording_hosts=hosts)
    return Outcome("details", view=view, upstream_status=found.upstream_status)
