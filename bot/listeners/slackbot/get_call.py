"""get_call: one call of the person's, with everybody in it."""

from __future__ import annotations

import re
from typing import Any

from pydantic import Field

from bot.answers.interaction import Interaction, Outcome
from bot.calls import problems, session_ids
from bot.calls.call_ref import WHICH, CallRef
from bot.calls.lookup import LookupResult
from bot.calls.markup import OPENING, unescaped
from bot.calls.mentioned_ids import is_cut, is_server_made
from bot.calls.problems import Problem
from bot.cards.slackbot.get_call import OUTPUT, get_call
from bot.cometchat import InvalidSessionIdError, SessionId, parse_session_id
from bot.listeners.services import Services
from bot.listeners.slackbot.tool import Arguments, Tool, definition, read

NAME = "get_call"
_LONGEST = 2_000
_MARKED = re.compile(rf"\s*(?:{OPENING}|<)")
_CALL_ID = re.compile(rf"(?P<session_id>\S+) (?P<which>{WHICH})")
_DESCRIPTION = """\
Shows one call that the person who asks took part in or was invited to: who called whom, every participant with when they \
joined and left and how many seconds they stayed, when the call began and ended, how it ended, and whether there is a \
recording or a transcript. \
Use it for "who was in that call", "when did Steve leave", or when the person gives a session id. \
It needs the session id, or a call_id from recent_calls; if there is none, call recent_calls first. \
It sees calls of the person who asks and of nobody else: a session of others is answered like one that doesn't exist."""


class GetCallArguments(Arguments):
    """Which call is wanted."""

    session_id: str = Field(
        max_length=_LONGEST,
        description="A CometChat session id, such as v1.eu.2574867aa2e6e417.1715845999, whole and as it was given; it "
        "shows the session's newest call. Or a call_id from recent_calls, which shows just that call.",
    )


async def answer(services: Services, interaction: Interaction, given: dict[str, Any]) -> Outcome | Problem:
    """Look the call up."""
    found = await look_up(services, interaction, read(GetCallArguments, given))
    if isinstance(found, Problem):
        return found
    zone = await services.days.zone_of(interaction.user)
    told = get_call(found, zone, now=int(services.now()))
    return Outcome("found", upstream_status=found.upstream_status, told=told)


async def look_up(
    services: Services, interaction: Interaction, arguments: GetCallArguments | Problem
) -> LookupResult | Problem:
    """Look up the call that the arguments name."""
    which = arguments if isinstance(arguments, Problem) else call_ref(arguments.session_id)
    if isinstance(which, Problem):
        return which
    return await services.calls.look_up(interaction, which.session_id, which=which)


def call_ref(text: str) -> CallRef | Problem:
    """Return the call that a session id or a call_id names."""
    match = _CALL_ID.fullmatch(text)
    given = match["session_id"] if match else text
    try:
        session_id = session_ids.from_text(given) if _MARKED.match(given) else _as_given(given)
    except InvalidSessionIdError as error:
        return problems.not_a_session_id(str(error))
    return CallRef.of(session_id, match["which"] if match else "")


def _as_given(text: str) -> SessionId:
    """Return the id that the text is, with the marks at its ends: those may be its own. Raises InvalidSessionIdError."""
    tidied = session_ids.tidied(text)
    if is_cut(text) or is_server_made(tidied):
        return session_ids.from_tidied(tidied)
    try:
        return parse_session_id(unescaped(text.strip()))
    except InvalidSessionIdError:
        return session_ids.from_tidied(tidied)


TOOL = Tool(definition(NAME, "One call", _DESCRIPTION, GetCallArguments, OUTPUT), answer)
