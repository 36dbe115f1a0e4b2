"""An answer in a modal: opened at once, for Slack lets that be done for 3 s only, and filled once there is something.

What can't be shown there is told in a message (telling.py), where the interaction has a `response_url`.
"""

from __future__ import annotations

import asyncio

from bot import problems
from bot.cards.modal import View
from bot.interactions import Interaction, Outcome, Work
from bot.modals import ModalFailedError, ModalGoneError, Modals
from bot.owed import OwedAnswers
from bot.problems import Problem
from bot.settling import Settling
from bot.telling import Telling, Told

LOADING_SECONDS = 0.3
"""From the ack to what takes the place of its view: else Slack might show them the wrong way round."""


class Filling:
    """Fills modals."""

    def __init__(self, settling: Settling, telling: Telling, modals: Modals, owed: OwedAnswers) -> None:
        self._settling = settling
        self._telling = telling
        self._modals = modals
        self._owed = owed

    async def fill(self, interaction: Interaction, work: Work, loading: View | None) -> Told:
        """Show `loading` in a new modal (None: in the one that the button is in), then what comes of the work."""
        try:
            view_id = (
                await self._modals.open(interaction.trigger_id, loading) if loading else interaction.view_id
            )
        except ModalFailedError as error:
            return await self._telling.tell(interaction, problems.modal_refused(str(error)))
        result = await self._settling.result(interaction, work)
        outcome = self._settling.told(interaction, result)
        view = self._settling.modal(interaction, result)
        if not await self._owed.begin(interaction.reference):  # the heir has told them in a message
            return Told(outcome, {"answered": "by another process"})
        more = await self._show(interaction, view_id, view)
        await self._owed.settle(interaction.reference)
        return Told(outcome, more)

    async def fill_after_loading(
        self, interaction: Interaction, answer: asyncio.Task[Outcome | Problem]
    ) -> Told:
        """Show what comes of the work in a submitted modal, whose ack has put a view in the place of what was typed."""
        await asyncio.sleep(LOADING_SECONDS)
        result = await answer
        view = self._settling.modal(interaction, result)
        return Told(
            self._settling.told(interaction, result), await self._show(interaction, interaction.view_id, view)
        )

    async def _show(self, interaction: Interaction, view_id: str, view: View) -> dict[str, str]:
        """Fill the modal; where Slack refuses that, say so by `response_url`, for inside a modal there is none."""
        try:
            await self._modals.fill(view_id, view)
        except ModalGoneError:
            return {"modal": "closed by the person"}
        except ModalFailedError as error:
            if not interaction.response_url:
                return {"reply_failure": str(error), "last_resort": "no way to tell"}
            more = (await self._telling.tell(interaction, problems.modal_refused(str(error)))).more
            return {"reply_failure": str(error), "last_resort": more.get("last_resort", "told in a message")}
        return {}
