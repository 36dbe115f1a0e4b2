"""Share to channel: the call, looked up anew for the person who presses, becomes a message that everyone sees.

The ephemeral original goes. One press twice (two devices, a repeated delivery) posts once.
"""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls import problems
from bot.calls.lookup import LookupResult
from bot.calls.problems import Problem
from bot.calls.share_claims import Claim
from bot.cards.buttons import SHARE
from bot.cards.summary import shared_summary
from bot.listeners.payloads import Press, of_press
from bot.listeners.pressed import look_up
from bot.listeners.services import Services
from bot.slack.response_url import ReplyFailedError, ReplyRefusedError

log = structlog.get_logger()


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button."""

    @app.action(SHARE)
    async def share(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press = of_press("share", body, context)

        async def work() -> Outcome | Problem:
            return await _share(services, press)

        await services.answering.after_the_ack(press.interaction, ack, work, about=press.wanted)


async def _share(services: Services, press: Press) -> Outcome | Problem:
    found = await look_up(services, press, anew=True)
    if isinstance(found, Problem):
        return found
    interaction = press.interaction
    outcome = await publish(services, interaction, found, where=interaction.message_ts)
    if isinstance(outcome, Problem):
        return outcome
    if outcome.outcome == "already_shared":
        await _delete_original(services, interaction)
    else:
        # Not waited for: where Slack is slow, who has shared would else be told that the call is still looked up
        services.tasks.start(_delete_original(services, interaction))
    return outcome


async def publish(
    services: Services, interaction: Interaction, found: LookupResult, *, where: str
) -> Outcome | Problem:
    """Post the call for everyone to the interaction's address, once from `where` it is shared to its channel.

    Raises ReplyRefusedError when it was not posted.
    """
    card = shared_summary(found, now=int(services.now()), sharer=interaction.user.user_id)
    key = (interaction.user.team_id, interaction.channel_id, where, found.session_id)
    match await services.shares.claim(key):
        case Claim.POSTED:
            return Outcome("already_shared")
        case Claim.TAKEN:  # by a press before this one, or by a process that has died
            return problems.share_under_way()
    try:
        await services.replies.publish(
            interaction.response_url, card, whose=interaction.user, thread_ts=interaction.thread_ts
        )
    except ReplyRefusedError:
        await services.shares.release(key)
        services.record("share", interaction, "failed", uid=found.viewer, session_id=found.session_id)
        raise
    except ReplyFailedError as error:  # it may have been posted: the claim stays
        await services.shares.posted(key)
        services.record("share", interaction, "unconfirmed", uid=found.viewer, session_id=found.session_id)
        return problems.share_unconfirmed(str(error))
    except BaseException:  # a bug, or the end of the drain, and it may have been posted: the claim stays
        await services.shares.posted(key)
        raise
    await services.shares.posted(key)
    services.record("share", interaction, "shared", uid=found.viewer, session_id=found.session_id)
    return Outcome("shared", upstream_status=found.upstream_status)


async def _delete_original(services: Services, interaction: Interaction) -> None:
    """Delete the card that was shared; where Slack doesn't, what matters is shared, and the person can dismiss it."""
    try:
        await services.replies.delete_original(interaction.response_url, whose=interaction.user)
    except ReplyFailedError as error:
        log.warning("original not deleted", reference=interaction.reference, reply_failure=str(error))
