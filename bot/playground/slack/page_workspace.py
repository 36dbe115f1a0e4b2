"""What the page is told once of the workspace, and what the playground puts into it: sample calls, calls that come in."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.playground.slack.questions import questions
from bot.playground.slack.workspace import (
    APP_ID,
    APP_NAME,
    CHANNEL_ID,
    CHANNEL_NAME,
    COMMAND,
    PEOPLE,
    SLACKBOT_NAME,
    SUBCOMMANDS,
    TEAM_ID,
    TEAM_NAME,
    Json,
)

_SLACKBOT: Json = {
    "name": SLACKBOT_NAME,
    "hint": "Ask about your calls in one of these forms",
    "questions": {who.id: questions(who.uid) for who in PEOPLE},
}


class SampleCall(Protocol):
    """What the page shows of a call that can be looked up."""

    @property
    def session_id(self) -> str:
        """What a person types after the command."""

    @property
    def title(self) -> str:
        """A few words."""

    @property
    def about(self) -> str:
        """One line on what the person will see."""

    @property
    def group(self) -> str:
        """What it stands with on the page."""

    @property
    def uids(self) -> Collection[str]:
        """Who has a part in it, in CometChat."""


class CallStep(Protocol):
    """What happens in a call that comes in, `after` seconds, in words for the page."""

    @property
    def after(self) -> float:
        """From its beginning."""

    @property
    def says(self) -> str:
        """One sentence."""


class IncomingCall(Protocol):
    """A call that comes in."""

    @property
    def session_id(self) -> str:
        """Of the call."""

    @property
    def caller(self) -> str:
        """Who calls, by name."""

    @property
    def steps(self) -> Sequence[CallStep]:
        """What will happen."""


class BeginCall(Protocol):
    """Lets a call come in for a person; None while another is under way."""

    def __call__(self, user_id: str, *, answered: bool) -> IncomingCall | None:
        """Begin it."""


def workspace_json(
    samples: Sequence[SampleCall],
    shortcuts: Mapping[str, str],
    global_shortcuts: Mapping[str, str],
    *,
    usage_hint: str,
    can_ask: bool,
) -> Json:
    """Return who and what is there, and what to try. `can_ask` says whether Slackbot reaches the bot."""
    return {
        "team": {"id": TEAM_ID, "name": TEAM_NAME},
        "channel": {"id": CHANNEL_ID, "name": CHANNEL_NAME},
        "app": {"id": APP_ID, "name": APP_NAME, "command": COMMAND, "usage_hint": usage_hint},
        "shortcuts": _named(shortcuts),
        "global_shortcuts": _named(global_shortcuts),
        "slackbot": _SLACKBOT if can_ask else None,
        "people": [
            {"id": who.id, "name": who.name, "about": who.about, "admin": who.admin} for who in PEOPLE
        ],
        "commands": [
            {"text": text, "about": about, "admins_only": admin} for text, about, admin in SUBCOMMANDS
        ],
        "samples": [
            {
                "session_id": sample.session_id,
                "title": sample.title,
                "about": sample.about,
                "group": sample.group,
                "whose": [who.name for who in PEOPLE if who.uid in sample.uids],
            }
            for sample in samples
        ],
    }


def _named(shortcuts: Mapping[str, str]) -> list[Json]:
    return [{"callback_id": key, "name": name} for key, name in shortcuts.items()]
