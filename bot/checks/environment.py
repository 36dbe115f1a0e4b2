"""The settings as far as they go: what is wrong with them, and the rest, so that it can be checked all the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.checks.finding import Finding, State
from bot.settings import InvalidSettingsError, Settings

NAME = "Settings"
# In place of those that are missing or wrong; nothing is ever asked with these
_PLACEHOLDERS: dict[str, Any] = {
    "slack_bot_token": "xoxb-placeholder-of-the-check",
    "slack_signing_secret": "placeholder-of-the-check",
    "slack_app_token": "xapp-placeholder-of-the-check",  # without one a signing secret would be required
    "cometchat_app_id": "placeholder",
    "cometchat_region": "us",
    "cometchat_api_key": "placeholder-of-the-check",
}
_WHERE = {
    "SLACK_BOT_TOKEN": "It is the Bot User OAuth Token, in the Slack app's page OAuth & Permissions.",
    "SLACK_SIGNING_SECRET": "It is in the Slack app's page Basic Information.",
    "SLACK_APP_TOKEN": "It is an app-level token with the scope connections:write, in the Slack app's page Basic "
    "Information.",
    "COMETCHAT_APP_ID": "It is in CometChat's dashboard, beside the region.",
    "COMETCHAT_REGION": "It is us, eu or in: CometChat's dashboard names it beside the app id.",
    "COMETCHAT_API_KEY": "It is a full-access REST API key, in CometChat's dashboard.",
}
_README = "The README's table says what it may be."
_NO_FILE = "The file .env can't be read as UTF-8."


@dataclass(frozen=True, slots=True)
class Environment:
    """What the environment gives.

    `settings` are None where nothing can be read; a field named in `unusable` holds a placeholder. `findings` are
    one for each problem, or one that there is none.
    """

    settings: Settings | None
    unusable: frozenset[str]
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether the bot can start with it."""
        return not self.unusable and self.settings is not None


def examine() -> Environment:
    """Read the environment and `.env`."""
    try:
        settings = Settings.load()
    except InvalidSettingsError as error:
        return _with_problems(error)
    told = "All required settings are there, and all that are set are of the right form."
    return Environment(settings, frozenset(), (Finding(NAME, State.OK, told),))


def _with_problems(error: InvalidSettingsError) -> Environment:
    if not error.problems:
        return Environment(
            None, frozenset(), (Finding(NAME, State.FAILED, _NO_FILE, "Save .env as UTF-8, or remove it."),)
        )
    unusable = frozenset(name.lower() for name, _ in error.problems)
    findings = tuple(
        Finding(NAME, State.FAILED, f"{name} {sentence}.", _mend(name)) for name, sentence in error.problems
    )
    rest = Settings.load(**{name: _instead_of(name) for name in unusable})
    return Environment(rest, unusable, findings)


def _mend(name: str) -> str:
    """Return what to do about a setting; one that may be left out is only ever wrong, never missing."""
    if name in _WHERE:
        return f"Set {name}. {_WHERE[name]}"
    return f"Correct {name}, or unset it. {_README}"


def _instead_of(name: str) -> Any:
    return _PLACEHOLDERS.get(name, Settings.model_fields[name].get_default())
