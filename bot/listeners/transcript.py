"""The transcript of a call: a modal, opened at once and filled when its file has come; it can be searched and paged.

Each press and each search reads it anew, for the person who does it.
"""

from __future__ import annotations

from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls import problems
from bot.calls.problems import Problem, ProblemKind
from bot.cards.call_buttons import TRANSCRIPT
from bot.cards.transcript import (
    TRANSCRIPT_VIEW,
    Shows,
    transcript,
    transcript_page,
)
from bot.cards.waiting import loading_transcript
from bot.listeners.payloads.actions import parse_transcript_press
from bot.listeners.payloads.reading import Payload
from bot.listeners.payloads.views import parse_transcript_search
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button, in a message and in modals, and to the search."""

    @app.action(TRANSCRIPT)
    async def show(ack: AsyncAck, body: Payload, context: Payload) -> None:
        await show_transcript(services, ack, body, context)

    @app.view(TRANSCRIPT_VIEW)
    async def search(ack: AsyncAck, body: Payload, context: Payload) -> None:
        interaction, shows = parse_transcript_search(body, context)
        work = partial(_read, services, interaction, shows, 0)
        loading = loading_transcript()
        await services.responder.in_the_submitted_modal(interaction, ack, work, loading=loading)


async def show_transcript(
    services: Services, ack: AsyncAck, body: Payload, context: Payload, *, again: bool = False
) -> None:
    """Show the page of a transcript that a button leads to; `again`: it failed before."""
    press, shows = parse_transcript_press(body, context)
    page = transcript_page(press.block_id)
    work = partial(_read, services, press.interaction, shows, page or 0)
    turns_a_page = page is not None and press.interaction.view_id and not again
    loading = None if turns_a_page else loading_transcript()
    await services.responder.in_a_modal(press.interaction, ack, work, loading=loading)


async def _read(services: Services, interaction: Interaction, shows: Shows, page: int) -> Outcome | Problem:
    call = shows.call
    if call is None:
        return problems.not_a_session_id("it is none that callinfo has put there")
    read = await services.calls.read_transcript(interaction, call.session_id, which=call)
    if isinstance(read, Problem):
        return read
    view = transcript(read, shows, now=int(services.now()), number=page)
    unreadable = bool(read.faults) and not read.turns
    return Outcome(
        ProblemKind.TRANSCRIPT_UNREADABLE if unreadable else "transcript",
        view=view,
        upstream_status=read.found.upstream_status,
        upstream_code=" ".join(read.faults) or None,
    )
