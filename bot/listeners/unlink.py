"""`/callinfo unlink @user`, for admins."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.linking import unlinked
from bot.interactions import Interaction, Outcome
from bot.listeners.services import Services
from bot.problems import Problem


async def answer(services: Services, interaction: Interaction, user_id: str) -> Outcome | Problem:
    """Remove the link of that member of the admin's workspace."""
    subject = replace(interaction.user, user_id=user_id)
    result = await services.linking.unlink(interaction.user, subject, reference=interaction.reference)
    return result if isinstance(result, Problem) else Outcome("unlinked", unlinked(result))
