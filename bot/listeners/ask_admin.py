"""Ask an admin: a person asks to be linked, an admin enters the UID, or declines.

The UID never comes from the person who asks. Of two admins who decide at once, one does.
"""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls.problems import Problem
from bot.cards.kit.modal import telling
from bot.cards.link_buttons import APPROVE, ASK_ADMIN, DECLINE, user_of
from bot.cards.linking import whoami
from bot.cards.request import BLOCK, VIEW, Approval, approve, asked, declined_by_you
from bot.links import problems as link_problems
from bot.links.results import Acting
from bot.links.service import Wish
from bot.listeners.link import outcome
from bot.listeners.payloads import Press, of_approval, of_press
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the person's button, which a modal may have too, the admin's two, and the modal."""

    @app.action(ASK_ADMIN)
    async def ask(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press = of_press("ask_admin", body, context)

        async def work() -> Outcome | Problem:
            return await _ask(services, press.interaction)

        responder = services.responder
        answer = responder.in_a_modal if press.interaction.view_id else responder.after_the_ack
        await answer(press.interaction, ack, work)

    @app.action(APPROVE)
    async def open_approval(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press = of_press("approve", body, context)

        async def work() -> Outcome | Problem:
            return await _open_approval(services, press)

        await services.responder.after_the_ack(press.interaction, ack, work)

    @app.action(DECLINE)
    async def decline(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press = of_press("decline", body, context)

        async def work() -> Outcome | Problem:
            return await _decline(services, press)

        await services.responder.after_the_ack(press.interaction, ack, work)

    @app.view(VIEW)
    async def approve_with_uid(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        interaction, approval, typed = of_approval(body, context)

        async def work() -> Outcome | Problem:
            if approval is None:
                return link_problems.window_not_understood()
            return await _approve(services, interaction, approval, typed)

        await services.responder.beside_the_input(interaction, ack, work, block_id=BLOCK)


async def _ask(services: Services, interaction: Interaction) -> Outcome | Problem:
    result = await services.link_requests.ask(interaction.user, reference=interaction.reference)
    if isinstance(result, Problem):
        return result
    if isinstance(result, Acting):  # linked since the button was shown
        card = whoami(result, services.helpers)
        return Outcome("whoami", card, replace=True, view=telling(card))
    card = asked(result)
    return Outcome("asked", card, replace=True, view=telling(card))


async def _open_approval(services: Services, press: Press) -> Outcome | Problem:
    interaction = press.interaction
    if problem := await services.link_requests.may_decide(interaction.user):
        return problem
    view = approve(Approval(user_of(press.value), interaction.response_url))
    await services.views.open(interaction.trigger_id, view)
    return Outcome("approving")


async def _approve(
    services: Services, interaction: Interaction, approval: Approval, typed: str
) -> Outcome | Problem:
    by, reference = interaction.user, interaction.reference
    wish = Wish(by, approval.subject, typed, requested=True, reference=reference)
    return outcome(await services.linking.link(wish), replacing=True, direct=True)


async def _decline(services: Services, press: Press) -> Outcome | Problem:
    interaction, subject = press.interaction, user_of(press.value)
    problem = await services.link_requests.decline(interaction.user, subject, reference=interaction.reference)
    return problem or Outcome("declined", declined_by_you(subject), replace=True)
