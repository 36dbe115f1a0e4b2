"""The people of the playground, and short ways to do what they do."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from bot.playground.run import Playground
from bot.playground.samples import Sample, call_json, participant_json
from bot.playground.slack import Message

TONY, STEVE, ROBIN, ALEX = "U0TONY", "U0STEVE", "U0ROBIN", "U0ALEX"


def sample(ground: Playground, title: str) -> Sample:
    """Return the sample call of that title."""
    return next(each for each in ground.samples if each.title == title)


def going_on(**changes: Any) -> dict[str, Any]:
    """Return a call of Tony's that goes on, with him in it for ten minutes."""
    here = participant_json(joinedAt=int(time.time()) - 600, leftAt=None, state="ongoing")
    return call_json(**{"status": "ongoing", "endedAt": None, "participants": [here]} | changes)


async def seen(ground: Playground, user: str, is_it: Callable[[Message], bool]) -> Message:
    """Wait until that person sees such a message, and return it."""
    found = await ground.slack.wait_for(lambda: [each for each in ground.slack.seen_by(user) if is_it(each)])
    return found[0]


async def logged(logs: Sequence[Any], event: str, kind: str | None = None, within: float = 30) -> Any:
    """Wait until there is such a line in the log, and return it."""
    async with asyncio.timeout(within):
        while True:
            for line in logs:
                if line["event"] == event and kind in {None, line.get("kind")}:
                    return line
            await asyncio.sleep(0.01)


async def audited(logs: Sequence[Any], deed: str, within: float = 30) -> Any:
    """Wait until there is an entry of such a deed in the audit, and return it."""
    async with asyncio.timeout(within):
        while True:
            for line in logs:
                if line["event"] == "audit" and line["deed"] == deed:
                    return line
            await asyncio.sleep(0.01)


async def answered(ground: Playground, user: str, words: str) -> Message:
    """Wait until that person reads those words in a message of callinfo's, and return it."""
    return await seen(ground, user, lambda each: each.sender == "app" and words in each.text)


async def summary_of(ground: Playground, user: str, session_id: str) -> Message:
    """Ask for a call by the command, and return the message with its buttons."""
    await ground.slack.command(user, session_id)
    return ground.slack.seen_by(user)[-1]


def buttons(message: Message) -> list[str]:
    """Return the action ids of a message's buttons."""
    found = []
    for block in message.blocks or []:
        elements = [*block.get("elements", []), *([block["accessory"]] if block.get("accessory") else [])]
        found += [element["action_id"] for element in elements if element.get("type") == "button"]
    return found
