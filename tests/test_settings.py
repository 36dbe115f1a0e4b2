import re
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.cometchat import CallsApp
from bot.settings import InvalidSettingsError, Settings, StoreSettings, skipped_lines

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1-2-s3cret",
    "SLACK_SIGNING_SECRET": "signing-s3cret",
    "COMETCHAT_APP_ID": "2574867aa2e6e417",
    "COMETCHAT_REGION": "eu",
    "COMETCHAT_API_KEY": "key-s3cret",
}
NAMES = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def _good_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def refused() -> str:
    with pytest.raises(InvalidSettingsError) as caught:
        Settings.load()
    return str(caught.value)


def test_the_defaults_are_those_of_the_contract() -> None:
    settings = Settings.load()
    assert settings.slack_api_url == "https://slack.com/api"
    assert settings.calls_base_url == "https://2574867aa2e6e417.call-eu.cometchat.io/v3.0"
    assert settings.calls_app == CallsApp(app_id="2574867aa2e6e417", region="eu")
    assert settings.webhook is None
    assert settings.poll_seconds == 60
    assert settings.callinfo_user_map == {}
    assert settings.callinfo_uid_rule == "none"
    assert settings.callinfo_admins == ()
    assert settings.callinfo_rate_limit == "30/minute"
    assert settings.callinfo_rate_limit_store.get_secret_value() == "memory://"
    assert settings.callinfo_answer_within == 2.0
    assert settings.callinfo_support is None
    assert settings.database_url.get_secret_value() == "sqlite:///callinfo.db"
    assert (settings.host, settings.port) == ("0.0.0.0", 3000)  # noqa: S104 - the contract's default
    assert (settings.log_level, settings.log_format) == ("INFO", None)


def test_all_that_is_missing_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        monkeypatch.delenv(name)
    message = refused()
    assert all(f"  {name}: is missing" in message for name in GOOD)


@pytest.mark.parametrize("nothing", ["", "   ", "\n"])
def test_an_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch, nothing: str) -> None:
    monkeypatch.setenv("COMETCHAT_API_KEY", nothing)
    monkeypatch.setenv("COMETCHAT_BASE_URL", nothing)
    monkeypatch.setenv("PORT", nothing)
    assert refused().splitlines()[1:] == ["  COMETCHAT_API_KEY: is missing"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-not-a-bot-s3cret"),
        ("SLACK_SIGNING_SECRET", "two words s3cret"),
        ("SLACK_APP_TOKEN", "xoxb-not-an-app-s3cret"),
        ("SLACK_APP_TOKEN", "xapp-s3cret with spaces"),
        ("SLACK_API_URL", "slack.com/s3cret"),
        ("COMETCHAT_APP_ID", "evil.example/s3cret"),
        ("COMETCHAT_REGION", "s3cret"),
        ("COMETCHAT_API_KEY", "s3cret\u00e9"),
        ("COMETCHAT_BASE_URL", "https://user:s3cret@example.com"),
        ("COMETCHAT_BASE_URL", "ftp://example.com/s3cret"),
        ("COMETCHAT_BASE_URL", "https://example.com/?s3cret"),
        ("COMETCHAT_BASE_URL", "https://[s3cret"),
        ("COMETCHAT_BASE_URL", "https://s3cret..example"),
        ("COMETCHAT_WEBHOOK_USER", "s3cret"),
        ("CALLINFO_POLL_SECONDS", "s3cret"),
        ("CALLINFO_POLL_SECONDS", "-1"),
        ("CALLINFO_POLL_SECONDS", "inf"),
        ("CALLINFO_USER_MAP", '{"U012AB3CD": "s3cret"'),
        ("CALLINFO_USER_MAP", '["s3cret"]'),
        ("CALLINFO_USER_MAP", '{"someone": "s3cret"}'),
        ("CALLINFO_USER_MAP", '{"U012AB3CD": "s3cret@example.com"}'),
        ("CALLINFO_USER_MAP", '{"U012AB3CD": 5}'),
        ("CALLINFO_USER_MAP", '{"U012AB3CD": "a", "U012AB3CD": "s3cret"}'),
        ("CALLINFO_UID_RULE", "s3cret"),
        ("CALLINFO_ADMINS", "@s3cret"),
        ("CALLINFO_RATE_LIMIT", "s3cret"),
        ("CALLINFO_RATE_LIMIT", "0/minute"),
        ("CALLINFO_RATE_LIMIT", "1/s3cret"),
        ("CALLINFO_RATE_LIMIT_STORE", "s3cret"),
        ("CALLINFO_RATE_LIMIT_STORE", "memcached://s3cret:11211"),
        ("CALLINFO_RATE_LIMIT_STORE", "redis://:s3cret@"),
        ("CALLINFO_RATE_LIMIT_STORE", "redis://[s3cret"),
        ("CALLINFO_RATE_LIMIT_STORE", "redis://:s3cret@host:port/0"),
        ("CALLINFO_RATE_LIMIT_STORE", "redis://:s3cret@host/links"),
        ("CALLINFO_RATE_LIMIT_STORE", "redis://:s3cret@host/0?ssl_cert_reqs=none"),
        ("CALLINFO_RATE_LIMIT_STORE", "rediss://:s3cret@host/0?decode_responses=true"),
        ("CALLINFO_RATE_LIMIT_STORE", "rediss://:s3cret@host/0?ssl_cert_reqs=s3cret"),
        ("CALLINFO_ANSWER_WITHIN", "s3cret"),
        ("CALLINFO_ANSWER_WITHIN", "3"),
        ("CALLINFO_ANSWER_WITHIN", "nan"),
        ("CALLINFO_SUPPORT", "s3cret" * 60),
        ("SLACK_SIGNING_SECRET", "xoxb-s3cret"),
        ("SLACK_SIGNING_SECRET", "xapp-s3cret"),
        ("SLACK_SIGNING_SECRET", "s3cret…"),
        ("SLACK_BOT_TOKEN", "xoxb-s3cret…"),
        ("SLACK_APP_TOKEN", "xapp-s3cret…"),
        ("DATABASE_URL", "mysql://u:s3cret@host/links"),
        ("DATABASE_URL", "postgres://u:s3cret@host/links?s3cret=1"),
        ("PORT", "65536"),
        ("SENTRY_DSN", "https://sentry.invalid/s3cret"),
        ("SENTRY_DSN", "s3cret"),
        ("LOG_LEVEL", "s3cret"),
        ("LOG_FORMAT", "s3cret"),
    ],
)
def test_an_invalid_value_is_told_by_its_variable_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    message = refused()
    assert message.splitlines()[0].endswith("need fixing:")
    assert [line.split(":")[0] for line in message.splitlines()[1:]] == [f"  {name}"]
    assert "s3cret" not in message


@pytest.mark.parametrize(
    "name",
    [
        *("COMETCHAT_REGION", "CALLINFO_UID_RULE", "CALLINFO_ANSWER_WITHIN", "CALLINFO_POLL_SECONDS"),
        *("PORT", "LOG_LEVEL", "LOG_FORMAT"),
    ],
)
def test_what_would_be_right_is_told_in_plain_words(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "wrong")
    (sentence,) = refused().splitlines()[1:]
    assert " must be " in sentence
    assert not re.search("input|valid|pars|literal", sentence)


def test_several_problems_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_SIGNING_SECRET")
    monkeypatch.setenv("COMETCHAT_REGION", "mars")
    monkeypatch.setenv("PORT", "high")
    named = [line.split(":")[0].strip() for line in refused().splitlines()[1:]]
    assert named == ["COMETCHAT_REGION", "PORT", "SLACK_SIGNING_SECRET"]


def test_values_are_taken_without_white_space_around_them_and_in_any_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COMETCHAT_REGION", " EU\n")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-2-s3cret\n")
    settings = Settings.load()
    assert (settings.cometchat_region, settings.log_level) == ("eu", "DEBUG")
    assert settings.slack_bot_token == SecretStr("xoxb-1-2-s3cret")


def test_with_an_app_token_no_signing_secret_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_SIGNING_SECRET")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1-A0-s3cret\n")
    settings = Settings.load()
    assert settings.slack_app_token == SecretStr("xapp-1-A0-s3cret")
    assert settings.slack_signing_secret is None
    assert "xapp-1-A0-s3cret" in settings.secrets()
    assert "s3cret" not in f"{settings} {settings!r} {settings.model_dump_json()}"


def test_an_app_token_that_is_wrong_is_the_one_thing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_SIGNING_SECRET")
    monkeypatch.setenv("SLACK_APP_TOKEN", "s3cret")
    assert refused().splitlines()[1:] == [
        "  SLACK_APP_TOKEN: must be an app-level token, which begins with xapp-"
    ]


def test_a_signing_secret_that_is_missing_is_told_with_the_other_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_SIGNING_SECRET")
    assert refused().splitlines()[1:] == [
        "  SLACK_SIGNING_SECRET: is missing (it is needed unless SLACK_APP_TOKEN is set, for Socket Mode)"
    ]


@pytest.mark.parametrize(
    ("user", "password", "told"),
    [
        ("hook", "", "COMETCHAT_WEBHOOK_USER: is set without COMETCHAT_WEBHOOK_PASSWORD: set both, or neither"),
        ("", "s3cret", "COMETCHAT_WEBHOOK_USER: is missing (COMETCHAT_WEBHOOK_PASSWORD is set: set both, or neither)"),
        ("ho:ok", "s3cret", "COMETCHAT_WEBHOOK_USER: must have no colon, which ends the user in Basic Auth"),
        ("hook", "s3 cret", "COMETCHAT_WEBHOOK_PASSWORD: must have no spaces and only plain characters"),
    ],
)  # fmt: skip
def test_of_the_webhook_s_user_and_password_both_are_set_or_neither(
    monkeypatch: pytest.MonkeyPatch, user: str, password: str, told: str
) -> None:
    monkeypatch.setenv("COMETCHAT_WEBHOOK_USER", user)
    monkeypatch.setenv("COMETCHAT_WEBHOOK_PASSWORD", password)
    assert refused().splitlines()[1:] == [f"  {told}"]


@pytest.mark.parametrize(
    ("password", "said", "seconds"), [("", "", 60), ("s3cret", "", 600), ("s3cret", "5", 5), ("", "0", 0)]
)
def test_calls_are_looked_for_less_often_where_events_come(
    monkeypatch: pytest.MonkeyPatch, password: str, said: str, seconds: float
) -> None:
    monkeypatch.setenv("COMETCHAT_WEBHOOK_USER", password and "hook")
    monkeypatch.setenv("COMETCHAT_WEBHOOK_PASSWORD", password)
    monkeypatch.setenv("CALLINFO_POLL_SECONDS", said)
    settings = Settings.load()
    assert settings.poll_seconds == seconds
    assert bool(settings.webhook) is bool(password)
    assert "s3cret" not in f"{settings} {settings.webhook}"


def test_the_map_and_the_admins_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLINFO_USER_MAP", '{"U012AB3CD": "SuperHero1", "T01:U012AB3CD": "superhero2"}')
    monkeypatch.setenv("CALLINFO_ADMINS", "U012AB3CD, W045EF6GH,,U012AB3CD")
    settings = Settings.load()
    assert settings.callinfo_user_map == {"U012AB3CD": "superhero1", "T01:U012AB3CD": "superhero2"}
    assert settings.callinfo_admins == ("U012AB3CD", "W045EF6GH")


def test_a_base_url_of_one_s_own_replaces_the_derived_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMETCHAT_BASE_URL", "http://127.0.0.1:8080/v3.0/")
    monkeypatch.setenv("SLACK_API_URL", "https://slack-gov.com/api/")
    settings = Settings.load()
    assert settings.calls_base_url == "http://127.0.0.1:8080/v3.0"
    assert settings.slack_api_url == "https://slack-gov.com/api"


def test_a_dotenv_file_is_honoured_below_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.chdir(str(tmp_path))
    monkeypatch.delenv("COMETCHAT_APP_ID")
    with open(".env", "w", encoding="utf-8") as file:  # noqa: PTH123 - the file is named by the working directory
        file.write("COMETCHAT_APP_ID=fromfile\nCOMETCHAT_REGION=us\nSOMETHING_ELSE=1\n")
    settings = Settings.load()
    assert (settings.cometchat_app_id, settings.cometchat_region) == ("fromfile", "eu")


def test_a_line_of_the_dotenv_file_that_is_not_read_is_told_by_its_number_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert skipped_lines() == ()
    (tmp_path / ".env").write_text(
        "# a comment: fine\nexport PORT=3001\nCALLINFO_SUPPORT: s3cret\n\nHOST\nSENTRY_DSN : s3cret\n",
        encoding="utf-8",
    )
    assert Settings.load().port == 3001
    assert skipped_lines() == (3, 6)
    assert [f"line {line}" in caplog.text for line in (3, 6)] == [True, True], (
        "`serve` has it from dotenv itself"
    )
    assert "s3cret" not in caplog.text


def test_a_dotenv_file_that_can_not_be_read_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"\xff\xfe bad")
    assert ".env can't be read" in refused()
    assert skipped_lines() == ()


def test_settings_show_no_secret_when_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u:s3cret@host/links?sslmode=require")
    monkeypatch.setenv("SENTRY_DSN", "https://keys3cret@sentry.invalid/1")
    settings = Settings.load()
    ways = f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"
    assert "s3cret" not in ways + str(list(settings.__repr_args__())) + str(vars(settings))


@pytest.mark.parametrize("name", NAMES)
def test_what_pydantic_says_of_wrong_settings_shows_no_value(name: str) -> None:
    values: dict[str, object] = {key.lower(): value for key, value in GOOD.items()}
    values["database_url"] = "postgres://u:s3cret@host/links"
    with pytest.raises(ValidationError) as caught:
        Settings.of(**values | {name.lower(): {"odd": ["s3cret"]}})
    assert "s3cret" not in f"{caught.value} {caught.value!r}"


def test_the_secrets_are_all_secret_values_and_the_passwords_of_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u:pa%2Fss@host/links")
    monkeypatch.setenv("SENTRY_DSN", "https://publickey@sentry.invalid/1")
    monkeypatch.setenv("COMETCHAT_BASE_URL", "http://127.0.0.1:8080/v3.0")
    assert set(Settings.load().secrets()) == {
        *("xoxb-1-2-s3cret", "signing-s3cret", "key-s3cret", "pa%2Fss", "pa/ss", "publickey")
    }
    monkeypatch.delenv("DATABASE_URL")
    assert StoreSettings.load().secrets() == ()


def test_sentry_without_its_sdk_is_a_problem_of_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTRY_DSN", "https://publickey@sentry.invalid/1")
    monkeypatch.setattr("bot.settings.importlib.util.find_spec", lambda _: None)
    assert refused().splitlines()[1:] == [
        "  SENTRY_DSN: needs sentry-sdk, which is not installed: pip install --no-deps -r requirements-sentry.txt"
    ]


def test_the_store_of_counts_may_have_a_password_which_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    address = "rediss://user:s3cret@host:6380/1?ssl_cert_reqs=none"
    monkeypatch.setenv("CALLINFO_RATE_LIMIT", "30 per minute; 500/day")
    monkeypatch.setenv("CALLINFO_RATE_LIMIT_STORE", address)
    settings = Settings.load()
    assert settings.callinfo_rate_limit_store.get_secret_value() == address
    assert "s3cret" not in f"{settings} {settings!r} {settings.model_dump_json()}"


def test_the_store_s_settings_need_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@host/links")
    assert StoreSettings.load().database_url.get_secret_value() == "postgres://u:p@host/links"


def test_settings_of_values_alone_heed_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLINFO_ANSWER_WITHIN", "0.5")
    settings = Settings.of(**{name.lower(): value for name, value in GOOD.items()})
    assert settings.callinfo_answer_within == 2.0


@pytest.mark.parametrize("quote", ["'", '"'])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef"),
        ("SLACK_BOT_TOKEN", "xoxb-1-abc"),
        ("COMETCHAT_API_KEY", "0123456789abcdef"),
        ("CALLINFO_RATE_LIMIT", "5/minute"),
        ("DATABASE_URL", "sqlite:///x.db"),
        ("CALLINFO_SUPPORT", "ask O\u2019Brien"),
        ("CALLINFO_SUPPORT", "don't wait"),
        ("CALLINFO_SUPPORT", "don't panic, it's fine"),
        ("CALLINFO_SUPPORT", '24" screens: ask us'),
    ],
)
def test_a_matching_pair_of_quotes_around_a_value_is_taken_off(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, quote: str
) -> None:
    monkeypatch.setenv(name, f" {quote}{value}{quote} ")
    taken = getattr(Settings.load(), name.lower())
    assert (taken.get_secret_value() if isinstance(taken, SecretStr) else taken) == value


@pytest.mark.parametrize("quote", ["'", '"'])
def test_quotes_around_the_map_are_taken_off_whatever_quotes_it_has(
    monkeypatch: pytest.MonkeyPatch, quote: str
) -> None:
    monkeypatch.setenv("CALLINFO_USER_MAP", f"""{quote}{{"U012AB3CD": "superhero1"}}{quote}""")
    assert Settings.load().callinfo_user_map == {"U012AB3CD": "superhero1"}


def test_quotes_around_each_admin_are_taken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLINFO_ADMINS", '"U012AB3CD", "U045EF6GH"')
    assert Settings.load().callinfo_admins == ("U012AB3CD", "U045EF6GH")


def test_quotes_around_nothing_are_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", '""')
    monkeypatch.setenv("CALLINFO_SUPPORT", "''")
    settings = Settings.load()
    assert (settings.slack_app_token, settings.callinfo_support) == (None, None)


def test_quotes_of_people_s_words_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    for words in ('"Ask" or "wait"', 'the "help desk"', "the users' desk"):
        monkeypatch.setenv("CALLINFO_SUPPORT", words)
        assert Settings.load().callinfo_support == words


@pytest.mark.parametrize("value", ['"{}', "{}'", "\"{}'", '""{}""', '"'])
@pytest.mark.parametrize(
    "name", ["SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "DATABASE_URL", "CALLINFO_USER_MAP", "PORT", "HOST"]
)
def test_a_quote_without_its_partner_is_told_as_the_cause_without_the_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value.format("s3cret"))
    assert refused().splitlines()[1:] == [
        f"  {name}: begins or ends with a quote that has no partner: take it off"
    ]
