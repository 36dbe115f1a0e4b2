"""What a person did last in a modal: what comes of something earlier is not shown over it.

Of one process: what another one shows is known to nobody here.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.answers.interaction import Interaction

MOST_KEPT = 2_000
"""Of how many modals it is known what was done there last; in one that is forgotten the later answer stays."""


class OvertakenError(Exception):
    """The person has done something else in the modal since."""


@dataclass(slots=True)
class _Modal:
    """A modal: the reference of what was done there last, and the turn to fill it."""

    last: str = ""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class ModalTurns:
    """Knows what was done last in each modal."""

    def __init__(self) -> None:
        self._modals: OrderedDict[str, _Modal] = OrderedDict()

    def note(self, interaction: Interaction) -> None:
        """Note that this was done now, unless it was not in a modal."""
        if not interaction.view_id:
            return
        self._modals.setdefault(interaction.view_id, _Modal()).last = interaction.reference
        self._modals.move_to_end(interaction.view_id)
        if len(self._modals) > MOST_KEPT:
            self._modals.popitem(last=False)

    def is_taken(self, view_id: str) -> bool:
        """Whether something is being shown in the modal right now."""
        modal = self._modals.get(view_id)
        return modal is not None and modal.turn.locked()

    @asynccontextmanager
    async def turn(self, view_id: str, interaction: Interaction) -> AsyncIterator[None]:
        """Let what came of that be shown in the modal, after whatever is on its way there; raises OvertakenError."""
        modal = self._modals.get(view_id, _Modal(interaction.reference))
        async with modal.turn:
            if modal.last != interaction.reference:
                raise OvertakenError
            yield
