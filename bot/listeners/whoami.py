"""`/callinfo whoami`: which CometChat user a person acts as, and by what rule."""

from __future__ import annotations

from bot.answers.interaction import Interaction, Outcome
from bot.calls.problems import Problem
from bot.cards.linking import whoami
from bot.listeners.services import Services


async def answer(services: Services, interaction: Interaction) -> Outcome | Problem:
    """Say who the person is."""
    acting = await services.whoami(interaction.user)
    return acting if isinstance(acting, Problem) else Outcome("whoami", whoami(acting, services.helpers))
