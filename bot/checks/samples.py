"""Does Slack itself find the bot's messages sound? Asked of its own validator, with calls that are made up.

https://docs.slack.dev/reference/methods/blocks.validate: `errors` says where; what it says is Slack's, so only the
name of the sample is told on.
"""

from __future__ import annotations

import json
from typing import Any

from bot.calls.lookup import Found
from bot.calls.problems import not_linked
from bot.cards.details import details
from bot.cards.problem import Contacts, problem_card
from bot.cards.summary import summary
from bot.cards.usage import usage
from bot.checks.desk import Desk, SlackRefusedError, SlackUnreachableError
from bot.checks.finding import Verdict, failed, ok, skipped
from bot.cometchat import SessionId, Uid
from bot.cometchat.parsing import parse_call
from bot.playground.samples import calls_in, samples

_UNSOUND = frozenset({"invalid_blocks", "invalid_message", "invalid_view"})


async def check_samples(desk: Desk) -> Verdict:
    """Let Slack validate a message or a window of each kind; where it can't be asked, that is no failure."""
    unsound = []
    made = sample_payloads(int(desk.now()))
    for name, (kind, payload) in made.items():
        try:
            await desk.ask_slack("blocks.validate", {kind: json.dumps(payload)})
        except SlackUnreachableError:
            return skipped("Slack gave no answer.")
        except SlackRefusedError as error:
            if str(error) not in _UNSOUND:
                return skipped(f"Slack does not validate messages here ({error}).")
            unsound.append(name)
    if unsound:
        return failed(
            f"Slack would not show: {', '.join(unsound)}.",
            "Slack has changed its rules: look for a newer version of callinfo, or report it.",
        )
    return ok(f"Slack's own validator takes all {len(made)} sample messages.")


def sample_payloads(now: int) -> dict[str, tuple[str, Any]]:
    """Return payloads by name, each with the argument of blocks.validate that takes it. `now` is Unix time."""
    sample = samples(now)[0]
    call = parse_call(calls_in(sample.data or [])[0])
    found = Found(SessionId(sample.session_id), Uid("superhero1"), call, 1, None, 200)
    return {
        "a call": ("message", summary(found, now=now).as_json()),
        "its details": ("view", details(found, now=now)),
        "a problem": ("message", problem_card(not_linked(), "ABCD-1234", Contacts()).as_json()),
        "the usage": ("message", usage().as_json()),
    }
