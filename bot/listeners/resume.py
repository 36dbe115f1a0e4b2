"""Answers that another process promised and did not give: a call is looked up again, or calls are listed again.

What may not be done twice (a share, a change of a link) is not done again: the person only reads that it was cut short,
and of subscriptions, which they have now.
Neither is an answer given again that may have arrived.
"""

from __future__ import annotations

import asyncio
import time

from bot.answers.interaction import Interaction, Outcome
from bot.answers.outbox import Promise
from bot.calls import problems
from bot.calls.call_ref import CallRef
from bot.calls.cursor import PageRequest
from bot.calls.problems import Problem
from bot.cards import subscriptions as cards
from bot.listeners import recent
from bot.listeners.services import Services
from bot.listeners.subscriptions import SUBSCRIPTIONS, list_subscriptions

_LOOK_UPS = frozenset({"command", "shortcut", "pick", "asked_session", "refresh", "retry"})
_ABOUT_SUBSCRIPTIONS = frozenset({"subscribe", "unsubscribe"})
_REPLACING = frozenset({"refresh", "retry"})


def resume(services: Services, promise: Promise) -> asyncio.Task[None]:
    """Begin to give the answer; the task ends when it is given."""
    interaction = Interaction(
        kind=promise.kind,
        arrived=time.monotonic(),
        user=promise.user,
        thread_ts=promise.thread_ts,
        response_url=promise.response_url,
        reference=promise.reference,
    )

    async def work() -> Outcome | Problem:
        return await _answer(services, interaction, promise)

    return services.responder.resume(interaction, work, about=promise.session_id)


async def _answer(services: Services, interaction: Interaction, promise: Promise) -> Outcome | Problem:
    if promise.sending:
        return problems.cut_short_while_answering()
    if promise.filter == SUBSCRIPTIONS or promise.kind in _ABOUT_SUBSCRIPTIONS:
        return await list_subscriptions(services, interaction, news=cards.cut_short_lines())
    if query := PageRequest.from_text(promise.filter):
        return await recent.answer(services, interaction, query, replace=promise.kind == "recent")
    if promise.session_id is None or promise.kind not in _LOOK_UPS:
        return problems.cut_short()
    which = CallRef.of(promise.session_id, promise.filter)
    found = await services.calls.look_up(interaction, promise.session_id, which=which)
    return services.summarised(interaction, found, replace=promise.kind in _REPLACING)
