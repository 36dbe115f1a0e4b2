"""A crash before there was any work to answer, while a listener read the payload.

Bolt passes it to this handler (https://docs.slack.dev/tools/bolt-python/concepts/errors). Its own would show the person
Slack's "dispatch_failed" and log nothing, since Bolt's logger is off.
"""

from __future__ import annotations

import time
from traceback import walk_tb
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.answers.interaction import Interaction
from bot.cards.kit.message import Message
from bot.cards.kit.modal import View
from bot.identity import SlackUser
from bot.listeners.services import Services
from bot.slack.response_url import ReplyFailedError
from bot.slack.views import ViewFailedError

log = structlog.get_logger()


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the errors that escape the listeners."""

    @app.error
    async def crashed(error: Exception, body: dict[str, Any]) -> BoltResponse | None:
        if not _is_ours(error):  # Bolt failed on an odd payload, which is logged where the request came in
            raise error
        response_url = body.get("response_url")
        interaction = Interaction(
            kind="crash",
            arrived=time.monotonic(),
            user=SlackUser(None, "", ""),  # nothing in the payload can be relied on now
            response_url=response_url if isinstance(response_url, str) else "",
        )
        if body.get("type") == "view_submission":
            # Not words beside an input (https://docs.slack.dev/surfaces/modals), which would need its block's id
            view = services.responder.crashed_in_a_modal(interaction, error)
            return BoltResponse(status=200, body={"response_action": "update", "view": view})
        if not interaction.response_url and (view_id := _view_id(body)):  # a button in a modal
            view = services.responder.crashed_in_a_modal(interaction, error)
            services.tasks.start(_show(services, interaction, view_id, view))
            return BoltResponse(status=200)
        words = services.responder.crashed(interaction, error)
        if isinstance(body.get("command"), str):
            return BoltResponse(status=200, body={"response_type": "ephemeral", **words.as_json()})
        if interaction.response_url:
            services.tasks.start(_tell(services, interaction, words))
            return BoltResponse(status=200)
        return None  # a refusal, which Slack shows in its own words


def _is_ours(error: Exception) -> bool:
    """Return whether a listener of ours had the payload when it happened."""
    names = [frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__)]
    return any(name.startswith("bot.listeners.") and name != __name__ for name in names)


def _view_id(body: dict[str, Any]) -> str:
    """Return the id of the modal in which it happened, empty where there is none."""
    view = body.get("view")
    view_id = view.get("id") if isinstance(view, dict) and view.get("type") != "home" else None
    return view_id if isinstance(view_id, str) else ""


async def _show(services: Services, interaction: Interaction, view_id: str, view: View) -> None:
    try:
        await services.views.update(view_id, view)
    except ViewFailedError as failure:
        log.error("reply failed", reference=interaction.reference, reply_failure=str(failure))  # noqa: TRY400 - as below


async def _tell(services: Services, interaction: Interaction, words: Message) -> None:
    try:
        await services.replies.ephemeral(interaction.response_url, words, user=interaction.user)
    except ReplyFailedError as failure:
        log.error("reply failed", reference=interaction.reference, reply_failure=str(failure))  # noqa: TRY400 - Slack's word is all there is to say
