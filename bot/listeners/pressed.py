"""What every button about a call does first: the call is looked up anew, for the person who presses."""

from __future__ import annotations

from bot.calls import problems
from bot.calls.lookup import LookupResult
from bot.calls.problems import Problem
from bot.listeners.payloads import Press
from bot.listeners.services import Services


async def look_up(services: Services, press: Press, *, anew: bool = False) -> LookupResult | Problem:
    """Return the call of the button's value as the presser may see it; `anew` is for what others will see."""
    which = press.meant
    if which is None:
        return problems.not_a_session_id("it is none that callinfo has put there")
    return await services.look_up(press.interaction, which.session_id, which=which, anew=anew)
