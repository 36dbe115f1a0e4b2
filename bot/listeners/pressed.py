"""What every button about a call does first: the call is looked up anew, for the person who presses."""

from __future__ import annotations

from bot import problems
from bot.cometchat import InvalidSessionIdError, parse_session_id
from bot.listeners.payloads import Press
from bot.listeners.services import Services
from bot.lookup import Found
from bot.problems import Problem


async def look_up(services: Services, press: Press) -> Found | Problem:
    """Return the call of the button's value as the presser may see it.

    The value is our own, but it has been outside: it is parsed like anything typed.
    """
    try:
        wanted = parse_session_id(press.value)
    except InvalidSessionIdError as error:
        return problems.not_a_session_id(str(error))
    return await services.lookup(press.interaction.user, wanted)
