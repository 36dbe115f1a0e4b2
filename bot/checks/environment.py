"""The settings: what is wrong with them, and those that are right, so that the other checks can use them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.checks.results import Result, failed, ok
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
    "COMETCHAT_API_KEY": "It is a full-access REST API key, from CometChat's dashboard.",
}
_WEBHOOK = frozenset({"cometchat_webhook_user", "cometchat_webhook_password"})
_README = "The README's table says what it may be."
_NO_FILE = "The file .env can't be read as UTF-8."


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings, None where nothing can be read. Fields named in `unusable` hold placeholders.

    `results` are one for each problem, or one that there is none.
    """

    settings: Settings | None
    unusable: frozenset[str]
    results: tuple[Result, ...]

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
    sentence = "All required settings are there, and all settings are valid."
    return Environment(settings, frozenset(), (replace(ok(sentence), check=NAME),))


def _with_problems(error: InvalidSettingsError) -> Environment:
    if not error.problems:
        unreadable = replace(failed(_NO_FILE, "Save .env as UTF-8, or remove it."), check=NAME)
        return Environment(None, frozenset(), (unreadable,))
    unusable = frozenset(name.lower() for name, _ in error.problems)
    if unusable & _WEBHOOK:  # one without the other would be the next problem
        unusable |= _WEBHOOK
    results = tuple(
        replace(failed(f"{name} {sentence}.", _fix(name)), check=NAME) for name, sentence in error.problems
    )
    rest = Settings.load(**{name: _placeholder(name) for name in unusable})
    return Environment(rest, unusable, results)


def _fix(name: str) -> str:
    """Return what to do about a setting; an optional one is only ever wrong, never missing."""
    if name in _WHERE:
        return f"Set {name}. {_WHERE[name]}"
    return f"Correct {name}, or unset it. {_README}"


def _placeholder(name: str) -> Any:
    return _PLACEHOLDERS.get(name, Settings.model_fields[name].get_default())
