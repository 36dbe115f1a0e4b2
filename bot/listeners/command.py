"""`/callinfo …`: what a person types. One word that is no subcommand is a session id; all else gets the usage."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import problems, session_id
from bot.cards.usage import usage
from bot.cometchat import InvalidSessionIdError, SessionId
from bot.interactions import Outcome
from bot.listeners.payloads import of_command
from bot.listeners.services import Services
from bot.problems import Problem

COMMAND = "/callinfo"
# The words that contract.md gives a meaning; those without a module yet get the usage, never a look-up
_SUBCOMMANDS = frozenset({"help", "recent", "whoami", "link", "unlink", "links"})


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the slash command."""

    @app.command(COMMAND)
    async def callinfo(ack: AsyncAck, command: dict[str, Any], context: dict[str, Any]) -> None:
        interaction = of_command(command, context)
        wanted = _wanted(command.get("text") or "")

        async def work() -> Outcome | Problem:
            if isinstance(wanted, Outcome | Problem):
                return wanted
            return services.summarised(interaction, await services.lookup(interaction.user, wanted))

        about = None if isinstance(wanted, Outcome | Problem) else wanted
        await services.answering.in_the_ack(interaction, ack, work, about=about)


def _wanted(text: str) -> SessionId | Outcome | Problem:
    """Return the session id that the text asks for, else the usage, or why the text can't be one."""
    words = session_id.tidied(text).split()
    if len(words) != 1 or words[0].lower() in _SUBCOMMANDS:
        return Outcome("usage", usage())
    try:
        return session_id.from_tidied(words[0])
    except InvalidSessionIdError as error:
        return problems.not_a_session_id(str(error))
