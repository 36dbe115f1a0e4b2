"""Every setting and its default, validated once at the start; nothing else reads the environment.

README.md documents them; app.json describes them to Heroku.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.cometchat import CallsApp, Uid, parse_uid
from bot.cometchat.transcript_file import HOSTS
from bot.observability.redaction import passwords_in
from bot.storage.address import parse_database_url
from bot.throttling.rate_limiter import parse_rates
from bot.throttling.redis_counts import parse_store_url

Region = Literal["us", "eu", "in"]

POLL_SECONDS, POLL_WITH_WEBHOOK_SECONDS = 60.0, 600.0
"""How often people's calls are looked for where CALLINFO_POLL_SECONDS does not say."""

_DOTENV = ".env"  # of the working directory
_SLACK_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
_MAP_KEY = re.compile(r"(?:T[A-Z0-9]{1,30}:)?[UW][A-Z0-9]{1,30}")


class InvalidSettingsError(Exception):
    """The environment can't be used; the message lists every problem, one a line, without any value.

    `problems` are the same as pairs of variable and sentence: none where the file `.env` can't be read at all.
    """

    def __init__(self, message: str, problems: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


def _wrong(sentence: str) -> PydanticCustomError:
    """Return an error that shows nothing but its own sentence (a ValueError's message may show the value)."""
    return PydanticCustomError("callinfo", "{sentence}", {"sentence": sentence})


def _plain(begins: str, sentence: str) -> Callable[[Any], Any]:
    """Return a validator for plain characters behind that beginning; what is no text, pydantic refuses."""

    def validate(value: Any) -> Any:
        if isinstance(value, str) and "…" in value:
            raise _wrong("still has the … of an example in it")
        if isinstance(value, str) and not re.fullmatch(rf"{begins}[\x21-\x7e]+", value):
            raise _wrong(sentence)
        return value

    return validate


_secret = _plain("", "must have no spaces and only plain characters")
_bot_token = _plain("xoxb-", "must be a bot token, which begins with xoxb-")
_app_token = _plain("xapp-", "must be an app-level token, which begins with xapp-")


def _signing_secret(value: Any) -> Any:
    if isinstance(value, str) and re.match(r"xox|xapp-", value):
        raise _wrong("must be the signing secret, which is no token")
    return _secret(value)


def _parsed_by(parse: Callable[[str], object], sentence: str = "") -> Callable[[Any], Any]:
    """Return a validator for what `parse` takes, without a ValueError; `sentence` replaces that error's message."""

    def validate(value: Any) -> Any:
        if isinstance(value, str):
            try:
                parse(value)
            except ValueError as error:
                raise _wrong(sentence or str(error)) from None
        return value

    return validate


_rate_limit = _parsed_by(
    parse_rates, "must be a number of look-ups and a time, such as 30/minute, or several: 30/minute;500/day"
)
_rate_limit_store = _parsed_by(parse_store_url)
_database_url = _parsed_by(parse_database_url)


def _url(value: Any) -> str | None:
    """Take an http(s) address without credentials, query and fragment; return it without a slash at its end."""
    if value is None:
        return None
    try:
        parts = urlsplit(str(value))
        is_url = (
            parts.scheme in {"http", "https"} and (parts.hostname or "").encode("idna") and parts.port != 0
        )
    except ValueError:  # a UnicodeError, of an impossible host name, is one
        is_url = False
    if not is_url or parts.username or parts.query or parts.fragment or re.search(r"[\s\\]", str(value)):
        raise _wrong("must be an http:// or https:// address without credentials, query and fragment")
    return str(value).rstrip("/")


def _user_map(value: Any) -> dict[str, Uid]:
    if isinstance(value, str):
        try:
            value = json.loads(value, object_pairs_hook=_without_duplicates)
        except (ValueError, RecursionError):
            raise _wrong(
                'must be a JSON object without repeats, such as {"U012AB3CD": "superhero1"}'
            ) from None
    if not isinstance(value, dict):
        raise _wrong('must be a JSON object, such as {"U012AB3CD": "superhero1"}')
    return {_map_key(key): _uid(key, uid) for key, uid in value.items()}


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def _map_key(key: str) -> str:
    if not _MAP_KEY.fullmatch(key):
        raise _wrong("has a key that is neither a Slack user id (U012AB3CD) nor TEAM:USER (T01:U012AB3CD)")
    return key


def _uid(key: str, uid: Any) -> Uid:
    try:
        return parse_uid(uid if isinstance(uid, str) else "")
    except ValueError as error:
        raise _wrong(f"has no usable UID for {key}: {error}") from None


def _user_ids(value: Any) -> tuple[str, ...]:
    ids = (
        [part.strip().strip(_QUOTES) for part in value.split(",")] if isinstance(value, str) else list(value)
    )
    if any(not _SLACK_USER.fullmatch(each) for each in ids if each):
        raise _wrong("must be Slack user ids with commas between them, such as U012AB3CD,U045EF6GH")
    return tuple(dict.fromkeys(each for each in ids if each))


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _webhook_user(value: Any) -> Any:
    if isinstance(value, str) and ":" in value:
        raise _wrong("must have no colon, which ends the user in Basic Auth")
    return _secret(value)


def _sentry_dsn(value: Any) -> Any:
    if isinstance(value, str):
        if not re.fullmatch(r"https?://[0-9A-Za-z:]+@[0-9A-Za-z.:-]+(?:/[\w.-]+)*/[0-9]+", value):
            raise _wrong("must be the DSN of a Sentry project: https://KEY@HOST/NUMBER")
        if importlib.util.find_spec("sentry_sdk") is None:
            raise _wrong(
                "needs sentry-sdk, which is not installed: pip install --no-deps -r requirements-sentry.txt"
            )
    return value


class StoreSettings(BaseSettings):
    """The settings of the database and the log: all that `migrate` reads, since a release task may have no others."""

    model_config = SettingsConfigDict(
        env_file=_DOTENV,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    # A secret, since it may have a password in it
    database_url: Annotated[SecretStr, BeforeValidator(_database_url)] = SecretStr("sqlite:///callinfo.db")
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(_upper)
    ] = "INFO"
    log_format: Annotated[Literal["console", "json"] | None, BeforeValidator(_lower)] = None

    @classmethod
    def load(cls, **overrides: Any) -> Self:
        """Read the environment and `.env`; `overrides` replace what they say. Raises InvalidSettingsError."""
        try:
            return cls(**overrides)
        except ValidationError as error:
            problems = _problems(error)
            raise InvalidSettingsError(_message(problems), problems) from None
        except (OSError, UnicodeDecodeError):
            raise InvalidSettingsError("callinfo can't start: the file .env can't be read as UTF-8") from None

    @classmethod
    def of(cls, **values: Any) -> Self:
        """Return settings of these values alone, whatever the environment says (for the playground and tests)."""
        settings: Self = _without_environment(cls)(**values)
        return settings

    def secrets(self) -> tuple[str, ...]:
        """Return what must never be shown: each secret value; of an address, its passwords."""
        secrets: list[str] = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            text = value.get_secret_value() if isinstance(value, SecretStr) else value
            if isinstance(text, str) and "://" in text:
                secrets += passwords_in(text)
            elif isinstance(value, SecretStr):
                secrets.append(text)
        return tuple(secrets)

    @model_validator(mode="before")
    @classmethod
    def _blank_is_unset(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Drop blank values, white space around values (a pasted line end), and quotes (`docker --env-file`)."""
        stripped = {
            key: _unquoted(key, value) if isinstance(value, str) else value for key, value in values.items()
        }
        return {key: value for key, value in stripped.items() if value != ""}

    @field_validator("*", mode="before")
    @classmethod
    def _no_quote_is_left(cls, value: Any, field: ValidationInfo) -> Any:
        """Refuse what still begins or ends with a quote; in words for people it may be right."""
        is_plain = isinstance(value, str) and field.field_name not in _WORDS
        if is_plain and value and (value[0] in _QUOTES or value[-1] in _QUOTES):
            raise _wrong("begins or ends with a quote that has no partner: take it off")
        return value


_QUOTES = "\"'"
_WORDS = frozenset({"callinfo_support"})


def _unquoted(name: str, value: str) -> str:
    """Return the value without white space, and without a matching pair of quotes, around it."""
    value = value.strip()
    if len(value) < 2 or value[0] != value[-1] or value[0] not in _QUOTES:  # noqa: PLR2004 - a pair
        return value
    within = re.findall(rf"\B{value[0]}|{value[0]}\B", value[1:-1])  # and not the one of "don't"
    if name in _WORDS and within and len(within) % 2 == 0:  # "Ask" or "wait"
        return value
    return value[1:-1].strip()


class Settings(StoreSettings):
    """All settings. Durations are seconds."""

    slack_bot_token: Annotated[SecretStr, BeforeValidator(_bot_token)]
    slack_app_token: Annotated[SecretStr | None, BeforeValidator(_app_token)] = None
    slack_signing_secret: Annotated[
        SecretStr | None, BeforeValidator(_signing_secret), Field(validate_default=True)
    ] = None
    slack_api_url: Annotated[str, BeforeValidator(_url)] = "https://slack.com/api"

    cometchat_app_id: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z-]{0,62}$")]
    cometchat_region: Annotated[Region, BeforeValidator(_lower)]
    cometchat_api_key: Annotated[SecretStr, BeforeValidator(_secret)]
    cometchat_base_url: Annotated[str | None, BeforeValidator(_url)] = None

    # The user comes after the password, since it is what says that one of the two is missing
    cometchat_webhook_password: Annotated[SecretStr | None, BeforeValidator(_secret)] = None
    cometchat_webhook_user: Annotated[
        str | None, BeforeValidator(_webhook_user), Field(validate_default=True)
    ] = None
    callinfo_poll_seconds: Annotated[float | None, Field(ge=0, le=86_400, allow_inf_nan=False)] = None

    callinfo_user_map: Annotated[dict[str, Uid], NoDecode, BeforeValidator(_user_map)] = {}
    callinfo_uid_rule: Annotated[Literal["none", "slack-id"], BeforeValidator(_lower)] = "none"
    callinfo_admins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_user_ids)] = ()
    callinfo_rate_limit: Annotated[str, BeforeValidator(_rate_limit)] = "30/minute"
    # A secret, since it may have a password in it
    callinfo_rate_limit_store: Annotated[SecretStr, BeforeValidator(_rate_limit_store)] = SecretStr(
        "memory://"
    )
    callinfo_answer_within: Annotated[float, Field(ge=0, le=2.8, allow_inf_nan=False)] = 2.0
    callinfo_support: Annotated[str | None, StringConstraints(max_length=300)] = None

    sentry_dsn: Annotated[SecretStr | None, BeforeValidator(_sentry_dsn)] = None

    host: str = "0.0.0.0"  # noqa: S104 - a platform's router reaches the bot from outside its container
    port: Annotated[int, Field(ge=0, le=65535)] = 3000

    @field_validator("slack_signing_secret")
    @classmethod
    def _signing_secret_or_app_token(
        cls, value: SecretStr | None, others: ValidationInfo
    ) -> SecretStr | None:
        """Require a signing secret without Socket Mode; a wrong app token is a problem by itself."""
        if value is None and others.data.get("slack_app_token", "wrong") is None:
            raise _wrong("is missing (it is needed unless SLACK_APP_TOKEN is set, for Socket Mode)")
        return value

    @field_validator("cometchat_webhook_user")
    @classmethod
    def _webhook_user_and_password(cls, value: str | None, others: ValidationInfo) -> str | None:
        """Require both or neither; a wrong password is a problem by itself."""
        if "cometchat_webhook_password" not in others.data:
            return value
        password = others.data["cometchat_webhook_password"]
        if value is None and password is not None:
            raise _wrong("is missing (COMETCHAT_WEBHOOK_PASSWORD is set: set both, or neither)")
        if value is not None and password is None:
            raise _wrong("is set without COMETCHAT_WEBHOOK_PASSWORD: set both, or neither")
        return value

    @property
    def webhook(self) -> tuple[str, SecretStr] | None:
        """User and password that CometChat's webhook sends, None where it has none."""
        user, password = self.cometchat_webhook_user, self.cometchat_webhook_password
        return (user, password) if user is not None and password is not None else None

    @property
    def poll_seconds(self) -> float:
        """How often the calls of people with subscriptions are looked for without being told; 0 for never."""
        if self.callinfo_poll_seconds is not None:
            return self.callinfo_poll_seconds
        return POLL_WITH_WEBHOOK_SECONDS if self.webhook else POLL_SECONDS

    @property
    def calls_base_url(self) -> str:
        """Where CometChat's Calls API answers, without a slash at the end."""
        derived = f"https://{self.cometchat_app_id}.call-{self.cometchat_region}.cometchat.io/v3.0"
        return self.cometchat_base_url or derived

    @property
    def calls_app(self) -> CallsApp:
        """The CometChat app that session ids are expected to name."""
        return CallsApp(app_id=self.cometchat_app_id, region=self.cometchat_region)

    @property
    def recording_hosts(self) -> tuple[str, ...]:
        """The hosts, and those below them, that a recording may be on: CometChat's, and the configured one."""
        own = urlsplit(self.calls_base_url).hostname
        return (*HOSTS, *([own] if own else []))


def skipped_lines() -> tuple[int, ...]:
    """Return the numbers of the lines of `.env` that are not read, such as `NAME: value`; python-dotenv logs them."""
    from dotenv.parser import parse_stream  # noqa: PLC0415 - for subcommands, which log nothing

    try:
        with Path(_DOTENV).open(encoding="utf-8") as file:
            return tuple(each.original.line for each in parse_stream(file) if each.error)
    except (OSError, UnicodeDecodeError):  # no file, or `load` says what is wrong with it
        return ()


@cache
def _without_environment(settings: Any) -> Any:
    """Return the class without its sources; kept, since building it is a quarter of a playground's start."""

    class WithoutEnvironment(settings):  # type: ignore[misc] # pydantic-settings takes its sources from the class
        @classmethod
        def settings_customise_sources(cls, *_: Any, init_settings: Any, **__: Any) -> tuple[Any, ...]:
            return (init_settings,)

    return WithoutEnvironment


_OWN = frozenset({"missing", "callinfo"})  # these have better sentences than the variable's
# By the variable, where pydantic's own sentence would speak of input and parsing, else by the type of the problem
_SENTENCES = {
    "missing": "is missing",
    "string_pattern_mismatch": "must be an app id: letters, digits and -",
    "COMETCHAT_REGION": "must be us, eu or in",
    "CALLINFO_UID_RULE": "must be none or slack-id",
    "CALLINFO_ANSWER_WITHIN": "must be seconds from 0 to 2.8, such as 2.0",
    "CALLINFO_SUPPORT": "must have at most 300 characters",
    "CALLINFO_POLL_SECONDS": "must be seconds from 0 (never) to 86400, such as 60",
    "PORT": "must be a port number, from 0 to 65535",
    "LOG_LEVEL": "must be DEBUG, INFO, WARNING, ERROR or CRITICAL",
    "LOG_FORMAT": "must be console or json",
}


def _problems(error: ValidationError) -> tuple[tuple[str, str], ...]:
    """Return every problem: the variable's name and a sentence; pydantic's sentences show no values here."""
    found = []
    for problem in error.errors(include_input=False, include_url=False):
        name = str(problem["loc"][0]).upper() if problem["loc"] else "The environment"
        kind = name if name in _SENTENCES and problem["type"] not in _OWN else problem["type"]
        sentence = _SENTENCES.get(kind) or problem["msg"][:1].lower() + problem["msg"][1:]
        found.append((name, sentence))
    return tuple(sorted(found))


def _message(problems: tuple[tuple[str, str], ...]) -> str:
    lines = [f"  {name}: {sentence}" for name, sentence in problems]
    return "\n".join(["callinfo can't start; these settings need fixing:", *lines])
