"""recent_calls: the person's latest calls, filtered."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from bot.answers.interaction import Interaction, Outcome
from bot.calls import problems
from bot.calls.cursor import PageRequest
from bot.calls.filters import LONGEST_NAME, CallFilter
from bot.calls.history import PAGE_SIZE
from bot.calls.local_days import Zone
from bot.calls.problems import Problem
from bot.calls.typed_text import without_controls
from bot.cards.slackbot.recent_calls import OUTPUT, recent_calls
from bot.listeners.services import Services
from bot.listeners.slackbot.tool import Arguments, Tool, definition, read

NAME = "recent_calls"
_ISO = "an ISO 8601 date such as 2026-11-28, or date-time such as 2026-11-28T14:00 or 2026-11-28T14:00+01:00"
_ZONE = "Without an offset it is in the person's own time zone."
# A model may give null for what it leaves out, which has no length
_Time = Annotated[str, Field(max_length=40)]
_Name = Annotated[str, Field(max_length=LONGEST_NAME)]
_DESCRIPTION = """\
Lists calls (audio and video, made or received, one-to-one and in groups) that the person who asks took part in or was \
invited to, the newest first: with whom, when, how it ended, how many seconds it took, and its session id. \
Use it for "my last call with Natasha", "calls I missed today", "how long did I talk this week" (add up duration_seconds). \
With limit 1 and no other argument it returns the very last call. \
It sees the calls of the person who asks and of nobody else; no argument changes that. \
It can't make, change or delete calls, and knows nothing of what was said. \
For who joined and left when, give a call's session id or call_id to get_call."""


class RecentCallsArguments(Arguments):
    """Which of the person's calls are wanted."""

    kind: Literal["audio", "video"] | SkipJsonSchema[None] = Field(
        None, description="Only audio or only video calls."
    )
    outcome: (
        Literal["missed", "ended", "ongoing", "unanswered", "rejected", "cancelled", "busy"]
        | SkipJsonSchema[None]
    ) = Field(
        None,
        description="How the call ended. missed: the person was called and neither took it nor declined; ended: it "
        "took place and is over; ongoing: it is in progress; unanswered: nobody took it; rejected: it was declined; "
        "cancelled: the caller hung up first; busy: the called person was in another call.",
    )
    with_whom: _Name | SkipJsonSchema[None] = Field(
        None,
        alias="with",
        description="Only calls with somebody else, or with a group: the beginning of each word of their name "
        "(natasha, nat rom), their CometChat user id, or a Slack mention such as <@U012AB3CD>.",
    )
    since: _Time | SkipJsonSchema[None] = Field(
        None,
        description=f"Only calls that began then or later: {_ISO}. {_ZONE} A date is the start of that day.",
    )
    until: _Time | SkipJsonSchema[None] = Field(
        None,
        description=f"Only calls that began before that: {_ISO}. {_ZONE} A date is the end of that day.",
    )
    limit: int = Field(PAGE_SIZE, ge=1, le=20, description="How many calls to return at most.")

    @property
    def dated(self) -> bool:
        """Whether it depends on the person's time zone."""
        return bool(self.since or self.until)

    def filter(self, zone: Zone) -> CallFilter:
        """Return the filter, with its times in that zone; raises ValueError for what is no time."""
        return CallFilter(
            kind=self.kind,
            ended=self.outcome,
            with_whom=" ".join(without_controls(self.with_whom or "").split()).removeprefix("@"),
            since=_instant(self.since, zone, ends=False) if self.since else None,
            until=_instant(self.until, zone, ends=True) if self.until else None,
        )


async def answer(services: Services, interaction: Interaction, given: dict[str, Any]) -> Outcome | Problem:
    """List the calls."""
    arguments = read(RecentCallsArguments, given)
    if isinstance(arguments, Problem):
        return arguments
    zone = asyncio.create_task(services.days.zone_of(interaction.user))  # Slack is asked while CometChat is
    try:
        call_filter = arguments.filter(await zone if arguments.dated else Zone())
    except ValueError:
        return problems.arguments_not_understood("since or until", f"must be {_ISO}")
    listed = await services.calls.list_page(interaction, PageRequest(call_filter), size=arguments.limit)
    if isinstance(listed, Problem):
        return listed
    wanted = arguments.model_dump(by_alias=True, exclude_none=True)
    told = recent_calls(listed, await zone, wanted, now=int(services.now()))
    return Outcome("listed", upstream_status=listed.upstream_status, told=told)


def _instant(text: str, zone: Zone, *, ends: bool) -> int:
    """Return the Unix time of an ISO date or date-time; a date `ends` or begins. Raises ValueError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        at = datetime.fromisoformat(text)
        return int((at if at.tzinfo else at.replace(tzinfo=zone.tz)).timestamp())
    return zone.ends(day) if ends else zone.begins(day)


TOOL = Tool(definition(NAME, "Recent calls", _DESCRIPTION, RecentCallsArguments, OUTPUT), answer)
