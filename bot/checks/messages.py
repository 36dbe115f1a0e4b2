"""Would Slack show the bot's messages? Its own validator is asked, with a call that is made up.

https://docs.slack.dev/reference/methods/blocks.validate. It explains errors in words of its own, so only the name
of the message is shown.
"""

from __future__ import annotations

import json
from typing import Any

from bot.calls.lookup import LookupResult
from bot.calls.problems import not_linked
from bot.cards.details import details
from bot.cards.problem import Contacts, problem_card
from bot.cards.summary import summary
from bot.cards.usage import usage
from bot.checks.context import Context, SlackRefusedError, SlackUnreachableError
from bot.checks.results import Result, failed, ok, skipped
from bot.cometchat import Call, SessionId, Uid
from bot.cometchat.models import Participant, Party, Recording

_INVALID = frozenset({"invalid_blocks", "invalid_message", "invalid_view"})
_SESSION = "v1.us.0123456789abcdef.1763805600"


async def check_messages(context: Context) -> Result:
    """Let Slack validate one message or modal of each kind; where it can't be asked, that is no failure."""
    invalid = []
    payloads = sample_payloads(int(context.now()))
    for name, (kind, payload) in payloads.items():
        try:
            await context.ask_slack("blocks.validate", {kind: json.dumps(payload)})
        except SlackUnreachableError as error:
            return skipped(f"{error.sentence}.")
        except SlackRefusedError as error:
            if str(error) not in _INVALID:
                return skipped(f"Slack does not validate messages here ({error}).")
            invalid.append(name)
    if invalid:
        return failed(
            f"Slack would not show: {', '.join(invalid)}.",
            "Slack has changed its rules: look for a newer version of callinfo, or report it.",
        )
    return ok(f"Slack's own validator takes all {len(payloads)} sample messages.")


def sample_payloads(now: int) -> dict[str, tuple[str, Any]]:
    """Return payloads by name, each with the argument of blocks.validate that takes it. `now` is Unix time."""
    found = LookupResult(SessionId(_SESSION), Uid("ada"), _sample_call(now - 3600), 1, None, 200)
    return {
        "a call": ("message", summary(found, now=now).as_json()),
        "its details": ("view", details(found, now=now)),
        "a problem": ("message", problem_card(not_linked(), "ABCD-1234", Contacts()).as_json()),
        "the usage": ("message", usage().as_json()),
    }


def _sample_call(start: int) -> Call:
    """Return a recorded group call in which some came late, twice or not at all: it has all blocks that a card may have."""
    end = start + 1920
    return Call(
        session_id=_SESSION,
        type="video",
        mode="call",
        status="ended",
        initiator=Party("ada", "Ada"),
        receiver=Party("stand-up", "Stand-up", group=True),
        receiver_type="group",
        initiated_at=start - 12,
        started_at=start,
        ended_at=end,
        minutes=32.0,
        joined_count=4,
        participants=(
            _present("ada", "Ada", start, end),
            _present("bilal", "Bilal", start + 40, start + 700),
            _present("bilal", "Bilal", start + 1025, end),
            _present("chen", "Chen", start + 380, end),
            Participant("daria", "Daria", state="rejected"),
            Participant("emeka", "Emeka", state="unanswered"),
        ),
        has_recording=True,
        recordings=(Recording("r1", start + 60, end, "https://recordings-us.cometchat.io/r1.mp4"),),
        has_transcription=True,
    )


def _present(uid: str, name: str, joined_at: int, left_at: int) -> Participant:
    return Participant(
        uid,
        name,
        joined=True,
        state="ended",
        joined_at=joined_at,
        left_at=left_at,
        minutes=(left_at - joined_at) / 60,
        video_minutes=(left_at - joined_at) / 60,
        device_id=f"{uid}-{joined_at}",
    )
