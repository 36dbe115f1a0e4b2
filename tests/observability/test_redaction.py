"""Values go in with secrets planted in them, and come out without."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.observability.redaction import Redactor, passwords_in

MARK = "s3cr3tS3CR3T"
TOKEN = "xoxb-123456789012-" + MARK
SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"
KEY = "k#9/+=&<é>-0123456789"
SECRETS = (TOKEN, SIGNING, KEY)

UNCONFIGURED = Redactor()
CONFIGURED = Redactor(SECRETS)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"token xoxb-1-{MARK} of a bot", "token [redacted token] of a bot"),
        (f"XOXB-1-{MARK}", "[redacted token]"),
        (f"cut: xoxp-{MARK[:6]}…", "cut: [redacted token]"),
        (f"xoxe.xoxb-1-{MARK}", "[redacted token]"),
        (f"'xapp-1-A0-{MARK}'", "'[redacted token]'"),
        (f"Authorization: Bearer {MARK}", "Authorization: [redacted credentials]"),
        (f'{{"authorization": "Basic {MARK}"}}', '{"authorization": "[redacted credentials]"}'),
        (f"<https://hooks.slack.com/commands/T1/2/{MARK}>", "<[redacted address]>"),
        (f"hooks.slack.com/services/T1/B2/{MARK}", "[redacted address]"),
        (f"https://hooks.slack-gov.com/actions/T1/2/{MARK} x", "[redacted address] x"),
        (f"postgresql://u:{MARK}@host/db", "postgresql://u:[redacted password]@host/db"),
        (f"postgres://u:a@{MARK}@host/db", "postgres://u:[redacted password]@host/db"),
        (f"redis://:{MARK}@host:6379/0", "redis://:[redacted password]@host:6379/0"),
        ("X-Slack-Signature: v0=" + "c0ffee5eed" * 6, "X-Slack-Signature: [redacted signature]"),
    ],
)
def test_what_looks_like_a_secret_is_replaced_by_its_kind(text: str, clean: str) -> None:
    assert UNCONFIGURED.text(text) == clean
    assert UNCONFIGURED.text(clean) == clean


@pytest.mark.parametrize(
    "text",
    [
        "",
        "GET /livez 200",
        "v1.eu.2574867aa2e6e417.1715845999" + "ab" * 20,
        "https://slack.com/archives/C1/p1763812800123456",
        "http://127.0.0.1:4567/api/chat.postMessage",
        "Cannot connect to host hooks.slack.com:443",
        "AUTH_ERR_APIKEY_NOT_FOUND",
        "a token that begins with xoxb-.",
        "postgresql://user@host/db?sslmode=require",
        "https://host:443/a@b",
        "basic understanding of bearer tokens",
        "v0=1",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert CONFIGURED.text(text) == text


@pytest.mark.parametrize("secret", SECRETS)
def test_a_configured_secret_is_found_as_it_is_and_percent_encoded(secret: str) -> None:
    for form in (secret, secret.upper(), quote(secret, safe=""), quote(secret, safe="").lower()):
        assert CONFIGURED.text(f"before {form} after") == "before [redacted secret] after"
        assert "[redacted" in CONFIGURED.text(f"before{form}after")


def test_a_short_secret_is_found_as_a_word_and_the_shortest_not_at_all() -> None:
    redactor = Redactor(["postgres", "k"])
    assert redactor.text("password postgres of postgresql, kind k") == (
        "password [redacted secret] of postgresql, kind k"
    )


def test_the_passwords_of_a_url_are_known_as_written_and_decoded() -> None:
    assert passwords_in("postgres://u:p%40ss@host/db") == ("p%40ss", "p@ss")
    assert passwords_in("postgres://u:a/b@host/db") == ("a/b",)
    assert passwords_in("redis://:pw@host:6379/0?password=other") == ("other", "pw")
    assert passwords_in("https://publickey@o1.ingest.sentry.io/1") == ("publickey",)
    assert passwords_in("sqlite:///callinfo.db") == ()
    assert passwords_in("https://[broken") == ()


class Hostile:
    """Shows a secret, or raises one."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def __repr__(self) -> str:
        if self._error:
            raise self._error
        return f"<Hostile xoxb-{MARK}>"


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        (None, None),
        (True, True),
        (1.5, 1.5),
        (f"xoxb-{MARK}", "[redacted token]"),
        (f"xoxb-{MARK}".encode(), "b'[redacted token]'"),
        ({"a": [{"b": (f"xoxb-{MARK}", 1)}]}, {"a": [{"b": ["[redacted token]", 1]}]}),
        ({f"xoxb-{MARK}": 1, 5: 6}, {"[redacted token]": 1, "5": 6}),
        ({f"xoxb-{MARK}"}, "{'[redacted token]'}"),
        (ValueError(f"xoxb-{MARK}"), "ValueError('[redacted token]')"),
        (Hostile(), "<Hostile [redacted token]>"),
        ([1, Hostile(KeyError(MARK))], [1, "[redacted unreadable]"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_value_comes_out_clean_as_json_knows_it(value: Any, clean: Any) -> None:
    assert UNCONFIGURED.value(value) == clean
    assert UNCONFIGURED.event({"event": "x", "fact": value}) == {"event": "x", "fact": clean}


TEXTS = st.lists(
    st.sampled_from(
        [
            *(
                "xoxb-",
                "xapp-1",
                "://",
                "a:b@",
                "basic ",
                "bearer ",
                "v0=0123456789abcdef",
                "hooks.slack.com/",
            ),
            *("'", '"', "\\", " ", "%", "\n", "[redacted token]", "[redacted ", "none", "0", TOKEN, KEY, "ſ"),
        ]
    )
    | st.text(max_size=5),
    max_size=20,
).map("".join)


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_a_configured_secret_never_comes_through_whatever_is_around_it(before: str, after: str) -> None:
    for secret in SECRETS:
        assert secret not in CONFIGURED.value({"x": [before + secret + after]})["x"][0]


@settings(deadline=None)
@given(TEXTS)
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = UNCONFIGURED.text(text)
    assert UNCONFIGURED.text(once) == once


@pytest.mark.parametrize(
    "part", ["://a:", "://", "xoxb-", "xapp-1", "basic 1", "bearer ", "v0=0", "a:b@", "9"]
)
def test_100_kb_of_hostile_text_end(part: str) -> None:
    """Where a pattern were worse than linear, this would not end in a minute."""
    assert isinstance(CONFIGURED.text((part * 100_000)[:100_000]), str)


def test_an_event_of_plain_facts_stays_as_it_is() -> None:
    event = {"event": "interaction", "kind": "command", "ack_ms": 1.5, "status": None, "user": "U1"}
    assert json.dumps(UNCONFIGURED.event(event)) == json.dumps(event)
