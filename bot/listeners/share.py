"""Share to channel: the call is looked up again for the person who presses, and posted for everyone to see.

The ephemeral original is deleted. One press twice (two devices, a repeated delivery) posts once.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls import problems
from bot.calls.lookup import LookupResult
from bot.calls.problems import Problem
from bot.calls.share_claims import ClaimResult
from bot.cards.call_buttons import SHARE
from bot.cards.share import shared_summary
from bot.listeners.payloads.actions import Press, parse_press
from bot.listeners.payloads.reading import Payload
from bot.listeners.services import Services
from bot.slack.response_url import ReplyFailedError, ReplyRefusedError

log = structlog.get_logger()


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button."""

    @app.action(SHARE)
    async def share(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press = parse_press("share", body, context)
        work = partial(_share, services, press)
        await services.responder.after_the_ack(press.interaction, ack, work, about=press.session_id)


async def _share(services: Services, press: Press) -> Outcome | Problem:
    found = await services.look_up_pressed(press, fresh=True)
    if isinstance(found, Problem):
        return replace(found, again=None)  # its card is still there, and Share with it
    interaction = press.interaction
    outcome = await publish(services, interaction, found, where=interaction.message_ts)
    if isinstance(outcome, Problem):
        return outcome
    if outcome.outcome == "already_shared":
        await _delete_original(services, interaction)
    else:
        # Not awaited: if Slack is slow, the person would read that the call is still being looked up
        services.tasks.start(_delete_original(services, interaction))
    return outcome


async def publish(
    services: Services, interaction: Interaction, found: LookupResult, *, where: str
) -> Outcome | Problem:
    """Post the call to the interaction's response_url for everyone, once for each `where` (a message or modal).

    Raises ReplyRefusedError when it was not posted.
    """
    record = partial(services.record, "share", interaction, uid=found.viewer, session_id=found.session_id)
    card = shared_summary(found, now=int(services.now()), sharer=interaction.user.user_id)
    key = (interaction.user.team_id, interaction.channel_id, where, found.session_id)
    match await services.shares.claim(key):
        case ClaimResult.POSTED:
            return Outcome("already_shared")
        case ClaimResult.TAKEN:  # by a press before this one, or by a process that has died
            return problems.share_under_way()
    try:
        await services.replies.publish(
            interaction.response_url, card, user=interaction.user, thread_ts=interaction.thread_ts
        )
    except ReplyRefusedError:
        await services.shares.release(key)
        record("failed")
        raise
    except ReplyFailedError as error:  # it may have been posted: the claim stays
        await services.shares.posted(key)
        record("unconfirmed")
        return problems.share_unconfirmed(str(error))
    except BaseException:  # a bug, or a shutdown, and it may have been posted: the claim stays
        await services.shares.posted(key)
        raise
    await services.shares.posted(key)
    record("shared")
    return Outcome("shared", upstream_status=found.upstream_status)


async def _delete_original(services: Services, interaction: Interaction) -> None:
    """Delete the card that was shared. If that fails, the call is shared all the same, and the person can dismiss it."""
    try:
        await services.replies.delete_original(interaction.response_url, user=interaction.user)
    except ReplyFailedError as error:
        log.warning("original not deleted", reference=interaction.reference, reply_failure=str(error))
