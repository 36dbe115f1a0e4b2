"""`/callinfo unlink @user`, for admins."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.interaction import Interaction, Outcome
from bot.calls.problems import Problem
from bot.cards.linking import unlinked
from bot.listeners.services import Services


async def answer(services: Services, interaction: Interaction, user_id: str) -> Outcome | Problem:
    """Remove the link of that member of the admin's workspace."""
    subject = replace(interaction.user, user_id=user_id)
    result = await services.linking.unlink(interaction.user, subject, reference=interaction.reference)
    return result if isinstance(result, Problem) else Outcome("unlinked", unlinked(result))
