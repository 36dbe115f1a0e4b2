"""`/callinfo link @user <uid>`, for admins, and "Link anyway", where others have the UID."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls.problems import Problem
from bot.cards.link_buttons import LINK_ANYWAY, Anyway
from bot.cards.linking import linked, taken
from bot.links.results import Linked, Taken
from bot.links.service import Wish
from bot.listeners.payloads import Press, of_press
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button."""

    @app.action(LINK_ANYWAY)
    async def link_anyway(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press = of_press("link_anyway", body, context)

        async def work() -> Outcome | Problem:
            return await _link_anyway(services, press)

        await services.responder.after_the_ack(press.interaction, ack, work)


async def answer(services: Services, interaction: Interaction, user_id: str, uid: str) -> Outcome | Problem:
    """Link that member of the admin's workspace to the UID."""
    subject = replace(interaction.user, user_id=user_id)
    wish = Wish(interaction.user, subject, uid, reference=interaction.reference)
    return outcome(await services.linking.link(wish))


async def _link_anyway(services: Services, press: Press) -> Outcome | Problem:
    anyway, interaction = Anyway.from_text(press.value), press.interaction
    wish = Wish(
        interaction.user,
        anyway.subject,
        anyway.uid,
        confirmed=anyway.seal,
        requested=anyway.requested,
        reference=interaction.reference,
    )
    return outcome(await services.linking.link(wish), replacing=True)


def outcome(
    result: Linked | Taken | Problem, *, replacing: bool = False, direct: bool = False
) -> Outcome | Problem:
    """Return what came of it; a link takes the place of what was pressed."""
    match result:
        case Linked():
            return Outcome("linked", linked(result, direct=direct), replace=replacing)
        case Taken():
            return Outcome("uid_taken", taken(result))
        case _:
            return result
