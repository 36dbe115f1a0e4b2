"""An answer in a modal: opened at once, for Slack lets that be done for 3 s only, and filled once there is something.

An answer that comes when the person has gone on in that modal is not shown any more (modal_turns.py). What can't be
shown, and is more than a look at something, is told in a message (telling.py), where there is a `response_url`.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.answers.delivery import Telling, Told
from bot.answers.interaction import Interaction, Outcome, Work
from bot.answers.modal_turns import ModalTurns, OvertakenError
from bot.answers.outbox import OwedAnswers
from bot.answers.settling import Settling
from bot.calls import problems
from bot.calls.problems import Problem
from bot.cards.kit.modal import View
from bot.slack.views import ViewFailedError, ViewGoneError, Views

LOADING_SECONDS = 0.3
"""From the ack to what takes the place of its view: else Slack might show them the wrong way round."""


class Filling:
    """Fills modals."""

    def __init__(self, settling: Settling, telling: Telling, modals: Views, owed: OwedAnswers) -> None:
        self._settling = settling
        self._telling = telling
        self._modals = modals
        self._owed = owed
        self._turns = ModalTurns()

    def begun(self, interaction: Interaction) -> None:
        """Note that this was done, perhaps in a modal: what comes of something earlier there is not shown any more."""
        self._turns.note(interaction)

    def is_filling(self, view_id: str) -> bool:
        """Whether something is on its way into that modal."""
        return self._turns.is_taken(view_id)

    async def fill(self, interaction: Interaction, work: Work, loading: View | None) -> Told:
        """Show `loading` in a new modal (None: in the one that the button is in), then what comes of the work."""
        try:
            view_id = (
                await self._modals.open(interaction.trigger_id, loading) if loading else interaction.view_id
            )
        except ViewFailedError as error:
            return await self._telling.tell(interaction, problems.modal_refused(str(error)))
        return await self._finish(interaction, view_id, await self._settling.result(interaction, work))

    async def fill_after_loading(
        self, interaction: Interaction, answer: asyncio.Task[Outcome | Problem]
    ) -> Told:
        """Show what comes of the work in a submitted modal, whose ack has put a view in the place of what was typed."""
        await asyncio.sleep(LOADING_SECONDS)
        return await self._finish(interaction, interaction.view_id, await answer)

    async def _finish(self, interaction: Interaction, view_id: str, result: Outcome | Problem) -> Told:
        outcome = self._settling.told(interaction, result)
        if not await self._owed.begin(interaction.reference):  # the heir has told them in a message
            with suppress(ViewFailedError, OvertakenError):  # where "just a moment" would stay for ever
                await self._fill_in_turn(interaction, view_id, result)
            return Told(outcome, {"answered": "by another process"})
        more = await self._show(interaction, view_id, result)
        await self._owed.settle(interaction.reference)
        return Told(outcome, more)

    async def _show(
        self, interaction: Interaction, view_id: str, result: Outcome | Problem
    ) -> dict[str, str]:
        """Fill the modal with what came of it, or tell that elsewhere; return what the log says of that."""
        try:
            await self._fill_in_turn(interaction, view_id, result)
        except OvertakenError:
            told = await self._in_a_message(interaction, result) if _tells(result) else {}
            return {"modal": "left to what was done later", **told}
        except ViewGoneError:  # whoever has shared a call sees it in its channel, but not why it isn't there
            told = await self._in_a_message(interaction, result) if isinstance(result, Problem) else {}
            return {"modal": "closed by the person", **told}
        except ViewFailedError as error:
            instead = result if _tells(result) else problems.modal_refused(str(error))
            told = await self._in_a_message(interaction, instead)
            last_resort = told.get("last_resort") or told.get("told", "no way to tell")
            return {"reply_failure": str(error), "last_resort": last_resort}
        return {}

    async def _fill_in_turn(self, interaction: Interaction, view_id: str, result: Outcome | Problem) -> None:
        """Fill the modal; raises OvertakenError, or ViewFailedError."""
        async with self._turns.turn(view_id, interaction):
            await self._modals.update(view_id, self._settling.modal(interaction, result))

    async def _in_a_message(self, interaction: Interaction, result: Outcome | Problem) -> dict[str, str]:
        """Tell the person by `response_url`, which most of what is done inside a modal has none of."""
        if not interaction.response_url:
            return {}
        return (await self._telling.tell(interaction, result)).more or {"told": "told in a message"}


def _tells(result: Outcome | Problem) -> bool:
    """Whether there is something to say, also to one who does not look at the modal any more."""
    return isinstance(result, Problem) or result.message is not None
