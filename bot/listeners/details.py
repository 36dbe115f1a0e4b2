"""Details and recordings: a modal, opened at once and filled when CometChat has answered; its own buttons turn its pages and show ids.

In "Find a call" it takes the place of what was there, and leads back to it.
"""

from __future__ import annotations

import re
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Outcome
from bot.calls.problems import Problem
from bot.calls.search_form import SearchState
from bot.cards.call_buttons import DETAILS, RECORDING, page_of, shows_ids
from bot.cards.details import details
from bot.cards.recordings import recordings
from bot.cards.waiting import loading_details, loading_recording
from bot.listeners.payloads.actions import Press, parse_details_press, parse_press
from bot.listeners.payloads.reading import Payload
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons, wherever they are, and to those that watch a recording, which the browser opens."""

    @app.action(DETAILS)
    async def show_details(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press, about = parse_details_press(body, context)
        work = partial(show, services, press, about)
        loading = None if press.interaction.view_id else loading_details()
        await services.responder.in_a_modal(press.interaction, ack, work, loading=loading)

    @app.action(RECORDING)
    async def show_recordings(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press = parse_press("recording", body, context)
        work = partial(_recordings, services, press)
        await services.responder.in_a_modal(press.interaction, ack, work, loading=loading_recording())

    @app.action(re.compile(rf"{RECORDING}_[0-9]{{1,2}}"))
    async def watch(ack: AsyncAck) -> None:
        await ack()


async def show(services: Services, press: Press, about: SearchState | None = None) -> Outcome | Problem:
    """Return the details of the call that was pressed; `about` is what the modal was about that they lead back to."""
    found = await services.look_up_pressed(press)
    if isinstance(found, Problem):
        return found
    view = details(
        found,
        now=int(services.now()),
        page=page_of(press.block_id),
        ids=shows_ids(press.block_id),
        recording_hosts=services.recording_hosts,
        about=about,
    )
    return Outcome("details", view=view, upstream_status=found.upstream_status)


async def _recordings(services: Services, press: Press) -> Outcome | Problem:
    found = await services.look_up_pressed(press)
    if isinstance(found, Problem):
        return found
    view = recordings(found, services.recording_hosts, now=int(services.now()))
    return Outcome("recording", view=view, upstream_status=found.upstream_status)
