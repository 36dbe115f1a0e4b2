"""Requests for a link: a person asks the admins, an admin approves by entering the UID, or declines.

The UID never comes from the person who asks.
"""

from __future__ import annotations

from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls.problems import Problem
from bot.cards.kit.modal import blocks_modal
from bot.cards.link_request import (
    APPROVE,
    ASK_ADMIN,
    BLOCK,
    DECLINE,
    VIEW,
    Approval,
    approve,
    declined_by_you,
    request_sent,
    user_from_text,
)
from bot.cards.whoami import whoami
from bot.links import problems
from bot.links.results import ActingAs
from bot.links.service import ProposedLink
from bot.listeners.links import link_outcome
from bot.listeners.payloads.actions import Press, parse_press
from bot.listeners.payloads.reading import Payload
from bot.listeners.payloads.views import parse_approval
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the person's button, which may be in a modal, to the admin's two, and to the admin's modal."""

    @app.action(ASK_ADMIN)
    async def ask(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press = parse_press("ask_admin", body, context)
        work = partial(_ask, services, press.interaction)
        responder = services.responder
        answer = responder.in_a_modal if press.interaction.view_id else responder.after_the_ack
        await answer(press.interaction, ack, work)

    @app.action(APPROVE)
    async def open_approval(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press = parse_press("approve", body, context)
        work = partial(_open_approval, services, press)
        await services.responder.after_the_ack(press.interaction, ack, work)

    @app.action(DECLINE)
    async def decline(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press = parse_press("decline", body, context)
        work = partial(_decline, services, press)
        await services.responder.after_the_ack(press.interaction, ack, work)

    @app.view(VIEW)
    async def approve_with_uid(ack: AsyncAck, body: Payload, context: Payload) -> None:
        interaction, approval, typed = parse_approval(body, context)
        work = partial(_approve, services, interaction, approval, typed)
        await services.responder.beside_the_input(interaction, ack, work, block_id=BLOCK)


async def _ask(services: Services, interaction: Interaction) -> Outcome | Problem:
    result = await services.link_requests.ask(interaction.user, reference=interaction.reference)
    if isinstance(result, Problem):
        return result
    if isinstance(result, ActingAs):  # linked since the button was shown
        card = whoami(result, services.contacts.besides(interaction.user.user_id))
        return Outcome("whoami", card, replace=True, view=blocks_modal(card))
    card = request_sent(result)
    return Outcome("asked", card, replace=True, view=blocks_modal(card))


async def _open_approval(services: Services, press: Press) -> Outcome | Problem:
    interaction = press.interaction
    if problem := await services.link_requests.open_approval(interaction.user):
        return problem
    view = approve(Approval(user_from_text(press.value), interaction.response_url))
    await services.views.open(interaction.trigger_id, view)
    return Outcome("approving")


async def _approve(
    services: Services, interaction: Interaction, approval: Approval | None, typed: str
) -> Outcome | Problem:
    if approval is None:
        return problems.WINDOW_NOT_UNDERSTOOD
    by, reference = interaction.user, interaction.reference
    proposed = ProposedLink(by, approval.subject, typed, requested=True, reference=reference)
    return link_outcome(await services.links.link(proposed), replacing=True)


async def _decline(services: Services, press: Press) -> Outcome | Problem:
    interaction, subject = press.interaction, user_from_text(press.value)
    problem = await services.link_requests.decline(interaction.user, subject, reference=interaction.reference)
    return problem or Outcome("declined", declined_by_you(subject), replace=True)
