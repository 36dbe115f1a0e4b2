"""`/callinfo …`: what a person types. One word that is no subcommand is a session id; all else gets the usage."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import problems, session_id
from bot.answering import Outcome
from bot.cards.summary import summary
from bot.cards.usage import usage
from bot.cometchat import InvalidSessionIdError
from bot.listeners.payloads import command_interaction, command_user
from bot.listeners.services import Services
from bot.problems import Problem

COMMAND = "/callinfo"
# The words that contract.md gives a meaning; those without a module yet get the usage, never a look-up
_SUBCOMMANDS = frozenset({"help", "recent", "whoami", "link", "unlink", "links"})


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the slash command."""

    @app.command(COMMAND)
    async def callinfo(ack: AsyncAck, command: dict[str, Any], context: dict[str, Any]) -> None:
        async def work() -> Outcome | Problem:
            return await _answer(command, services)

        await services.answering.command(command_interaction(command, context), ack, work)


async def _answer(command: dict[str, Any], services: Services) -> Outcome | Problem:
    words = session_id.tidied(command.get("text") or "").split()
    if len(words) != 1 or words[0].lower() in _SUBCOMMANDS:
        return Outcome(usage(), "usage")
    try:
        wanted = session_id.from_text(words[0])
    except InvalidSessionIdError as error:
        return problems.not_a_session_id(str(error))
    found = await services.lookup(command_user(command), wanted)
    if isinstance(found, Problem):
        return found
    return Outcome(summary(found, now=int(services.now())), "found", found.upstream_status)
