"""Values go in with secrets planted in them and come out without, whatever the form."""

import base64
import html
import json
from collections import UserDict
from enum import IntEnum
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.observability.redaction import Redactor
from bot.observability.secret_forms import passwords_in

MARK = "s3cr3tS3CR3T"
TOKEN = "xoxb-123456789012-" + MARK
SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"
KEY = 'k#9/+="quoted"\\&<é>-0123456789'
SECRETS = (TOKEN, SIGNING, KEY)
STAND_IN = "http://127.0.0.1:4567/api"

PATTERNS = Redactor()
CONFIGURED = Redactor(SECRETS, slack_api_url=STAND_IN)


@pytest.mark.parametrize(
    "text",
    [
        f"token xoxb-1-{MARK} of a bot",
        f"XOXB-1-{MARK}",
        f"cut: xoxp-{MARK[:6]}…",
        f"xoxe.xoxb-1-{MARK}",
        f"xapp-1-A0-{MARK}",
        f"wss://wss-primary.slack.com/link/?ticket={MARK}&app_id=A0",
        f'"url": "wss:\\/\\/wss-primary.slack.com\\/link\\/?ticket={MARK}"',
        f"url='https://wss-primary.slack.com/link/?app_id=A0&ticket={MARK}'",
        f"wss%3A%2F%2Fwss.slack.com%2Flink%2F%3Fticket%3D{MARK}%26app_id%3DA0",
        f"xwfp-{MARK}",
        f"xoxb%2D1%2D{MARK}",
        f"Authorization: Bearer {MARK}",
        f'authorization: Digest username="u", response="{MARK}"',
        f"{{'Authorization': 'Bearer {MARK}', 'x': 1}}",
        f'{{"authorization": ["Basic {MARK}"]}}',
        f"[(b'Authorization', b'Bearer {MARK}')]",
        f"<CIMultiDict('apiKey': '{MARK}')>",
        f'{{"apiKey": "a\\"{MARK}"}}',
        f'"{{\\"apiKey\\": \\"{MARK}\\"}}"',
        f'"{{\\\\\\"apiKey\\\\\\": \\\\\\"a\\\\\\\\\\\\\\"{MARK}\\\\\\""',
        f"apikey:{MARK}",
        f"apiKey={MARK}&x=1",
        f'apiKey: "{MARK} and no end',
        f"apiKey => {MARK}",
        f"X-Api-Key : {MARK}",
        f"{{'x-slack-signature': ['v0={MARK}']}}",
        f"X-Slack-Signature: v0={MARK}",
        "v0=" + "c0ffee5eed" * 6,
        f"Cookie: a=b; d={MARK}",
        f"SLACK_SIGNING_SECRET={MARK}",
        f"Basic {base64.b64encode(MARK.encode()).decode()}",
        f"bearer {MARK}",
        f"https://hooks.slack.com/commands/T1/2/{MARK}",
        f"hooks.slack.com/services/T1/B2/{MARK}",
        f"https://hooks.slack-gov.com/actions/T1/2/{MARK}",
        f'"https:\\/\\/hooks.slack.com\\/commands\\/T1\\/2\\/{MARK}"',
        f"response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1%2F2%2F{MARK}&x=1",
        f"POST /commands/T012AB/345/{MARK} HTTP/1.1",
        f"http://stand-in:1/actions/T012AB/345/{MARK}",
        f"%2Fworkflows%2FT012AB%2F345%2F{MARK}",
        f'"response_url": "http://127.0.0.1:1/response/{MARK}"',
        f"payload=%7B%22trigger_id%22%3A%22{MARK}%22%7D",
        f"payload=%7B%5C%22token%5C%22%3A+%5C%22{MARK}%5C%22%7D",
        "13345224609.738474920.8088930838d88f008e0" + f" trigger_id='{MARK}'",
        f"https://recordings-eu.cometchat.io/app/{MARK}",
        f"https://x.cometchat.io/{MARK}.mp4?x=1",
        f"'recording_url': 'https://x.example/{MARK}'",
        f"transcriptUrl={MARK}",
        f"postgresql://u:{MARK}@host/db",
        f"postgres://u:a@{MARK}@host/db",
        f"redis://:{MARK}@host:6379/0",
        f"postgres%3A%2F%2Fu%3A{MARK}%40host",
        f"host=h password='{MARK} x' dbname=d",
        f"host=h password={MARK},",
        f"https://{MARK}{MARK}@o1.ingest.sentry.io/1",
        f"wss://wss-primary.slack.com/link/?ticket={MARK}&app_id=1",
        f'{{\n  "token":\n    "{MARK}"\n}}',
        f"ToKeN={MARK}",
        f"ſecret={MARK}",  # the long s is an s to a regular expression that knows no case
    ],
)
def test_what_looks_like_a_secret_is_taken_out_and_told_by_its_kind(text: str) -> None:
    clean = PATTERNS.text(text)
    assert MARK not in clean
    assert MARK[:6] not in clean
    assert "c0ffee" not in clean
    assert "[redacted " in clean
    assert PATTERNS.text(clean) == clean


@pytest.mark.parametrize(
    "text",
    [
        "",
        "GET /livez 200",
        "v1.eu.2574867aa2e6e417.1715845999" + "ab" * 20,
        "https://slack.com/archives/C1/p1763812800123456",
        "http://127.0.0.1:4567/api/chat.postMessage",
        "1763812800.123456",
        "AUTH_ERR_APIKEY_NOT_FOUND",
        "the token, which is wrong; tokens: 5",
        "token=None password=null secret=",
        "postgresql://user@host/db?sslmode=require",
        "basic understanding",
        "v0=1",
        "ratio 1.2.3.4 at 10.0.0.1",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert CONFIGURED.text(text) == text


def test_what_stands_beside_a_secret_stays() -> None:
    assert PATTERNS.text("{'apiKey': 'x', 'user': 'U1'}") == "{'apiKey': '[redacted key]', 'user': 'U1'}"
    assert PATTERNS.text("a=1&trigger_id=1.2&user=U1") == "a=1&trigger_id=[redacted trigger]&user=U1"
    assert PATTERNS.text("redis://me:x@host/0") == "redis://me:[redacted password]@host/0"
    assert PATTERNS.text("apiKey: x\nuser: U1") == "apiKey: [redacted key]\nuser: U1"


def test_a_stand_in_s_replies_are_secret_and_its_api_is_not() -> None:
    assert CONFIGURED.text(f"{STAND_IN}/views.open") == f"{STAND_IN}/views.open"
    for address in (
        "http://127.0.0.1:4567/response/abc",
        "127.0.0.1:4567/apis",
        "127.0.0.1%3A4567%2Fr%2Fabc",
    ):
        assert CONFIGURED.text(f"<{address}>") == "<[redacted address]>"
    without_path = Redactor(slack_api_url="http://127.0.0.1:4567")
    assert without_path.text("http://127.0.0.1:4567/response/abc") == "[redacted address]"
    slack = Redactor(slack_api_url="https://slack.com/api")
    assert slack.text("https://slack.com/archives/C1") == "https://slack.com/archives/C1"


def forms(secret: str) -> list[str]:
    raw = secret.encode()
    return [
        secret,
        secret.upper(),
        quote(secret),
        quote(secret, safe="").lower(),
        quote_plus(secret),
        quote(quote(secret, safe=""), safe=""),
        json.dumps(secret),
        json.dumps(json.dumps(secret)),
        repr(secret),
        ascii(secret),
        repr(raw),
        html.escape(secret),
        raw.hex(),
        *(base64.b64encode(b"x" * before + raw + b"y").decode() for before in range(5)),
        base64.b64encode(f"user:{secret}".encode()).decode(),
        base64.urlsafe_b64encode(raw).decode(),
    ]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_configured_secret_is_found_in_every_form(secret: str) -> None:
    for form in forms(secret):
        clean = CONFIGURED.text(f"before{form}after")
        assert "[redacted" in clean, form
        # base64 leaves at most what shares its letters with the neighbours
        assert secret[2:-2].casefold() not in clean.casefold()
        assert clean.startswith("before")
        assert len(clean) < len("before[redacted secret]after") + 12, form
        assert CONFIGURED.text(clean) == clean


def test_parts_of_a_configured_key_are_found_as_cometchat_echoes_them() -> None:
    key = "9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d12345678"
    redactor = Redactor([key])
    assert redactor.text(f"the key {key[:12]}… is wrong") == "the key [redacted secret] is wrong"
    assert redactor.text(f"ends with {key[-8:]}") == "ends with [redacted secret]"


def test_a_short_secret_is_found_as_a_word_and_the_shortest_only_where_its_name_stands() -> None:
    redactor = Redactor(["postgres", "k"])
    assert redactor.text("password postgres of postgresql") == "password [redacted secret] of postgresql"
    assert redactor.text("kind apiKey=k") == "kind apiKey=[redacted key]"


def test_a_password_that_is_a_word_of_ours_leaves_placeholders_and_the_log_s_own_keys_alone() -> None:
    redactor = Redactor(["secret", "event", "redacted"])
    assert redactor.event({"event": "an event", "level": "info"}) == {
        "event": "an [redacted secret]",
        "level": "info",
    }
    assert redactor.text(redactor.text("a secret")) == "a [redacted secret]"


def test_the_passwords_of_an_address_are_known_as_written_and_as_meant() -> None:
    assert passwords_in("postgres://u:p%40ss@host/db") == ("p%40ss", "p@ss")
    assert passwords_in("postgres://u:a/b@host/db") == ("a/b",)
    assert passwords_in("redis://:pw@host:6379/0?password=other") == ("other", "pw")
    assert passwords_in("https://publickey@o1.ingest.sentry.io/1") == ("publickey",)
    assert passwords_in("sqlite:///callinfo.db") == ()
    assert passwords_in("https://[broken") == ()


class Hostile:
    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def __repr__(self) -> str:
        if self._error:
            raise self._error
        return f"<apiKey={MARK}>"

    __str__ = __repr__


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        raise RuntimeError

    def __repr__(self) -> str:
        raise RuntimeError


class Number(IntEnum):
    ONE = 1

    def __repr__(self) -> str:
        return MARK


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        (None, None),
        (True, True),
        (1.5, 1.5),
        (HTTPStatus.OK, 200),
        (Number.ONE, 1),
        (f"apiKey={MARK}", "apiKey=[redacted key]"),
        (f"apiKey={MARK}".encode(), b"apiKey=[redacted key]"),
        (b"\xff apiKey=x", b"\xff apiKey=[redacted key]"),
        (bytearray(b"plain"), b"plain"),
        ({"apiKey": MARK, "a": [{"b": (f"xoxb-{MARK}",)}]}, {"apiKey": "[redacted key]", "a": [{"b": ("[redacted token]",)}]}),
        ({f"xoxb-{MARK}": 1, b"token": MARK, 5: 6}, {"[redacted token]": 1, "b'token'": "[redacted token]", 5: 6}),
        ({(1, f"xoxb-{MARK}"): 1}, {"(1, '[redacted token]')": 1}),
        ({"token": None, "secret": False}, {"token": None, "secret": False}),
        ({"password": 123456, "authorization": ["a", "b"]}, {"password": "[redacted password]", "authorization": "[redacted credentials]"}),
        ([("Authorization", MARK), [b"apiKey", MARK.encode()]], [("Authorization", "[redacted credentials]"), [b"apiKey", "[redacted key]"]]),
        ({f"xoxb-{MARK}"}, "{'[redacted token]'}"),
        (ValueError(f"apiKey={MARK}"), "ValueError('apiKey=[redacted key]')"),
        (Hostile(), "<apiKey=[redacted key]>"),
        (Hostile(ValueError(MARK)), "[redacted unreadable]"),
        (Hostile(RecursionError()), "[redacted unreadable]"),
        ([1, Hostile(KeyError())], [1, "[redacted unreadable]"]),
        (Text(f"xoxb-{MARK}"), "[redacted token]"),
        (UserDict(token=MARK), "{'token': '[redacted token]'}"),
        (MappingProxyType({"token": MARK}), "mappingproxy({'token': '[redacted token]'})"),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_any_value_comes_out_clean_of_the_type_that_json_knows(value: Any, clean: Any) -> None:
    found = PATTERNS.value(value)
    assert found == clean
    assert type(found) is type(clean)
    assert PATTERNS.event({"fact": value}) == {"fact": clean}


def test_what_contains_itself_or_is_too_deep_ends() -> None:
    ring: list[Any] = [f"xoxb-{MARK}"]
    ring.append(ring)
    assert PATTERNS.value(ring) == ["[redacted token]", "['[redacted token]', [...]]"]
    deep: Any = f"xoxb-{MARK}"
    for _ in range(500):
        deep = [deep]
    clean = json.dumps(PATTERNS.value(deep))
    assert MARK not in clean


def test_an_event_of_plain_facts_is_taken_as_it_is_however_often() -> None:
    event = {"event": "interaction", "kind": "command", "ack_ms": 1.5, "status": None, "user": "U1"}
    for number in range(3_000):  # more than it remembers
        line = event | {"reference": f"R{number}"}
        assert PATTERNS.event(line) == line
    assert PATTERNS.event(event | {"reason": f"xoxb-{MARK}"})["reason"] == "[redacted token]"


@pytest.mark.parametrize(
    "key", ["apiKey", "slack_bot_token", "X-Slack-Signature", "response_url", "trigger_id"]
)
def test_a_fact_of_a_secret_s_name_is_taken_out_of_an_event_and_the_same_word_as_a_fact_stays(
    key: str,
) -> None:
    assert PATTERNS.event({"event": "x", key: MARK})[key].startswith("[redacted ")
    assert PATTERNS.event({"event": "x", "missing": key}) == {"event": "x", "missing": key}


BITS = st.sampled_from(
    [
        *(
            "xoxb-",
            "xapp-1",
            "://",
            "a:b@",
            "apiKey",
            "token",
            "secret",
            "password",
            ":",
            "=",
            "=>",
            ",",
            " ",
        ),
        *("'", '"', "\\", '\\"', "(", "[", "{", ")", "]", "}", "%22", "%3A", "%2F", "%40", "%5C", "\n", "b'"),
        *(
            "https://",
            "hooks.slack.com/",
            "/commands/T1/",
            "a.mp4",
            "recording",
            "basic ",
            "bearer ",
            "digest ",
        ),
        *(
            "authorization",
            "v0=0123456789abcdef",
            "123456.1.",
            "abcdef",
            "[redacted key]",
            "[redacted ",
            "none",
        ),
        *(TOKEN, SIGNING[:9], KEY, "127.0.0.1:4567/", "é", "\u212a", "ſ", "\x00", "x"),
    ]
)
HOSTILE = st.lists(BITS | st.text(max_size=5), max_size=20).map("".join)


@settings(deadline=None)
@given(HOSTILE)
@example("https://x/basic abcdefgh,foo.mp4")
@example("https://x/token=(a b),foo.mp4")
def test_twice_is_as_once(text: str) -> None:
    once = CONFIGURED.text(text)
    assert CONFIGURED.text(once) == once


@settings(deadline=None)
@given(HOSTILE, HOSTILE)
def test_a_configured_secret_never_comes_through_whatever_is_around_it(before: str, after: str) -> None:
    for secret in SECRETS:
        clean = CONFIGURED.value({"x": [before + secret + after]})["x"][0]
        assert secret not in clean


@settings(deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | HOSTILE
        | st.binary(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(HOSTILE, inner, max_size=4),
        max_leaves=12,
    )
)
def test_any_tree_of_values_comes_through_and_its_json_has_no_secret(value: Any) -> None:
    clean = json.dumps(CONFIGURED.value(value), default=repr)
    assert all(json.dumps(secret)[1:-1] not in clean for secret in SECRETS)


@settings(deadline=None, max_examples=40)
@given(BITS, BITS, st.sampled_from([2_000, 20_000]))
@example("9", "9", 50_000)
@example("://a:", "", 20_000)
@example("\\", "", 100_000)
@example('token="', "\\", 10_000)
@example("token=('", '"', 10_000)
@example("%3a%2f%2fa%3a", "", 7_000)
@example("123456.1.", "", 10_000)
def test_100_kb_of_hostile_text_end(one: str, other: str, times: int) -> None:
    """Where a pattern were worse than linear, this would not end in a minute."""
    text = ((one + other) * times)[:100_000]
    assert isinstance(CONFIGURED.text(text), str)
