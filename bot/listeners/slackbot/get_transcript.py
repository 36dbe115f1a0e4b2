"""get_transcript: what was said in a call of the person's."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from bot.answers.interaction import Interaction, Outcome
from bot.calls.problems import Problem
from bot.cards.slackbot.get_transcript import OUTPUT, get_transcript
from bot.listeners.services import Services
from bot.listeners.slackbot.get_call import GetCallArguments, look_up
from bot.listeners.slackbot.tool import Tool, definition, read

NAME = "get_transcript"
_LONGEST = 200
_DESCRIPTION = """\
Returns what was said in one call that the person who asks took part in. callinfo has no transcripts yet: it says so, and \
the person should be told that there is none, not a guess. \
It needs the session id, or a call_id from recent_calls; if there is none, call recent_calls first. \
For who was there and how long, use get_call."""


class GetTranscriptArguments(GetCallArguments):
    """Whose transcript is wanted, and what is looked for in it."""

    search: str | SkipJsonSchema[None] = Field(
        None, max_length=_LONGEST, description="Only the passages that hold these words."
    )


async def answer(services: Services, interaction: Interaction, given: dict[str, Any]) -> Outcome | Problem:
    """Look the call up, which decides whether the person may know of it."""
    found = await look_up(services, interaction, read(GetTranscriptArguments, given))
    if isinstance(found, Problem):
        return found
    return Outcome("transcript", upstream_status=found.upstream_status, told=get_transcript(found))


TOOL = Tool(definition(NAME, "Transcript of a call", _DESCRIPTION, GetTranscriptArguments, OUTPUT), answer)
