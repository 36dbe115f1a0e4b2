"""Answers in a modal: opened at once, since Slack allows that for 3 s only, and updated when there is an answer.

In one modal the last thing that the person did wins: the answer to an earlier one is not shown over it. What can't be
shown, and is more than a view of something, is sent as a message where there is a `response_url`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from cachetools import LRUCache

from bot.answers.delivery import Delivery, DeliveryResult
from bot.answers.interaction import Interaction, Outcome
from bot.answers.outbox import Outbox
from bot.answers.wording import Wording
from bot.calls import problems
from bot.calls.problems import Problem
from bot.cards.kit.modal import View
from bot.slack.views import ViewFailedError, ViewGoneError, Views

LOADING_SECONDS = 0.3
"""From the ack of a submitted modal to its update: Slack might apply the two in the wrong order otherwise."""

MOST_KEPT = 2_000
"""Modals of which it is known what was done there last; in a forgotten one the later answer wins."""


class _Modal:
    def __init__(self, last: str) -> None:
        self.last = last  # the reference of what was done there last
        self.updating = asyncio.Lock()


class _OvertakenError(Exception):
    """The person has done something else in the modal since."""


class ModalUpdates:
    """Shows answers in modals. Of those that another process shows nothing is known here."""

    def __init__(self, wording: Wording, delivery: Delivery, views: Views, outbox: Outbox) -> None:
        self._wording = wording
        self._delivery = delivery
        self._views = views
        self._outbox = outbox
        self._modals: LRUCache[str, _Modal] = LRUCache(MOST_KEPT)

    def begin(self, interaction: Interaction) -> None:
        """Note that this was done now: if it was in a modal, it overtakes what was done there before."""
        if interaction.view_id:
            modal = self._modals.setdefault(interaction.view_id, _Modal(interaction.reference))
            modal.last = interaction.reference

    def is_updating(self, view_id: str) -> bool:
        """Whether an update of that modal is on its way to Slack."""
        modal = self._modals.get(view_id)
        return modal is not None and modal.updating.locked()

    async def answer(
        self,
        interaction: Interaction,
        result: Callable[[], Awaitable[Outcome | Problem]],
        loading: View | None,
    ) -> DeliveryResult:
        """Show `loading` and then what comes of the work: in the modal that the button is in, else in a new one.

        Without `loading` that modal stays as it is meanwhile.
        """
        view_id = interaction.view_id
        if view_id and loading:
            with suppress(ViewFailedError, _OvertakenError):  # the answer may still get through
                await self._update(interaction, view_id, loading)
        elif loading:
            try:
                view_id = await self._views.open(interaction.trigger_id, loading)
            except ViewFailedError as error:
                return await self._delivery.deliver(interaction, problems.modal_refused(str(error)))
        return await self._finish(interaction, view_id, await result())

    async def answer_after_loading(
        self, interaction: Interaction, answer: asyncio.Task[Outcome | Problem]
    ) -> DeliveryResult:
        """Show what comes of the work in a submitted modal, which its ack has made a loading one."""
        await asyncio.sleep(LOADING_SECONDS)
        return await self._finish(interaction, interaction.view_id, await answer)

    async def _finish(
        self, interaction: Interaction, view_id: str, result: Outcome | Problem
    ) -> DeliveryResult:
        outcome = self._wording.outcome(interaction, result)
        if not await self._outbox.begin_sending(interaction.reference):
            # Another process has sent it as a message
            with suppress(ViewFailedError, _OvertakenError):  # else it would go on saying "just a moment"
                await self._update(interaction, view_id, self._wording.modal(interaction, result))
            return DeliveryResult(outcome, {"answered": "by another process"})
        facts = await self._show(interaction, view_id, result)
        await self._outbox.delete(interaction.reference)
        return DeliveryResult(outcome, facts)

    async def _show(
        self, interaction: Interaction, view_id: str, result: Outcome | Problem
    ) -> dict[str, str]:
        """Show the result in the modal, or elsewhere; return what the log says of that."""
        is_news = isinstance(result, Problem) or result.message is not None
        try:
            await self._update(interaction, view_id, self._wording.modal(interaction, result))
        except _OvertakenError:
            sent = await self._in_a_message(interaction, result) if is_news else {}
            return {"modal": "left to what was done later", **sent}
        except ViewGoneError:  # a share shows in its channel, but not why there is none
            sent = await self._in_a_message(interaction, result) if isinstance(result, Problem) else {}
            return {"modal": "closed by the person", **sent}
        except ViewFailedError as error:
            instead = result if is_news else problems.modal_refused(str(error))
            sent = await self._in_a_message(interaction, instead)
            last_resort = sent.get("last_resort") or sent.get("told", "no way to tell")
            return {"reply_failure": str(error), "last_resort": last_resort}
        return {}

    async def _update(self, interaction: Interaction, view_id: str, view: View) -> None:
        """Update the modal, one update at a time; raises _OvertakenError or ViewFailedError."""
        modal = self._modals.get(view_id) or _Modal(interaction.reference)
        async with modal.updating:
            if modal.last != interaction.reference:
                raise _OvertakenError
            await self._views.update(view_id, view)

    async def _in_a_message(self, interaction: Interaction, result: Outcome | Problem) -> dict[str, str]:
        """Send the result to the `response_url`, which few interactions in a modal have."""
        if not interaction.response_url:
            return {}
        return (await self._delivery.deliver(interaction, result)).facts or {"told": "told in a message"}
