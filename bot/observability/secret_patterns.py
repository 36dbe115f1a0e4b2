r"""What a secret looks like in a text, whoever wrote it: tokens, addresses to reply to, headers, passwords, recordings.

Knows no configured value; `secret_forms.py` does. Each rule is one pass over the text, and linear: what repeats
without bound can't fail once begun (possessive `*+`, an end that may be missing), and begins after something fixed.
So a secret that was cut, or whose closing quote is gone, is one too. With a secret rather too much goes than too little.

Quotes may be escaped (JSON in a text in JSON: `\"`, `\\\"`), slashes too (`\/`), and all of it percent-encoded, as in
the forms that Slack posts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

PLACEHOLDER = r"\[redacted [a-z]{1,20}\]"


def redacted(kind: str) -> str:
    """Return what stands in the place of a secret."""
    return f"[redacted {kind}]"


@dataclass(frozen=True, slots=True)
class Rule:
    """Takes one sort of secret out of a text. Without one of `needles` in the casefolded text there is none."""

    needles: tuple[str, ...]
    without: Callable[[str], str]


# Names under which secrets travel: the end of a header's, a key's or a parameter's name
_NAMES = {
    "credentials": r"authori[sz]ation",
    "cookie": r"cookie",
    "key": r"(?:api|access|secret|private)[-_ ]?key|sentry[-_]dsn",
    "signature": r"slack[-_]signature",
    "secret": r"secret",
    "password": r"passw(?:or)?d|passphrase",
    "token": r"token|(?:(?<![a-z])|(?<=%3f)|(?<=%26))ticket",  # of a Socket Mode address
    "address": r"(?:response|webhook|upload)[-_]?url",
    "trigger": r"trigger[-_]?id",
    "recording": r"(?:recording|transcript|transcription)[-_]?url",
}
_NAME_NEEDLES = (
    *("authori", "cookie", "key", "dsn", "signature", "secret", "passw", "passphrase", "token", "ticket"),
    *("url", "trigger"),
)
_KINDS = tuple(_NAMES)
_NAME = "|".join(f"({words})" for words in _NAMES.values())
_NAME_ALONE = re.compile(rf"(?:{_NAME})\Z", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?:{_NAME})"
    r"(?:\\{0,8}[\"']\s{0,20}[:=,]|\s{0,20}(?:=>|[:=])"
    r"|(?P<percent>(?:%5c){0,8}(?:%2[27])?(?:%20|\+)?%3[ad](?:%20|\+)?))",
    re.IGNORECASE,
)
_QUOTED = re.compile(  # up to the same quote with as many backslashes
    r"(?P<open>\s{0,20}[bru]{0,2}(?P<quote>\\{0,8}[\"']))(?:(?!(?P=quote))(?:[^\\]|\\++.))*+",
    re.IGNORECASE | re.DOTALL,
)
_LISTED = re.compile(  # header libraries give each name a list of values
    rf"(?P<open>\s{{0,20}})(?!{PLACEHOLDER})[\[(]"
    r"(?:(?P<quote>\\{0,8}[\"'])(?:(?!(?P=quote))(?:[^\\]|\\++.))*+(?:(?P=quote))?|[^\"'\])])*+[\])]?",
    re.DOTALL,
)
_BARE = re.compile(
    r"(?P<open>[ \t]{0,20})(?!(?:none|null|true|false)(?![\w.~+/=-])|\{)"
    rf"(?:{PLACEHOLDER}|[^\s\"'&,;)\]}}>\\]|[,;](?!\s)|[)\]}}>](?=\w)|\\(?![rn\"'\\]))++",
    re.IGNORECASE,
)
_TO_THE_END_OF_THE_LINE = re.compile(
    rf"(?P<open>[ \t]{{0,20}})(?:digest [^\r\n]*+|(?:{PLACEHOLDER}|[^\r\n\"'\\]|\\(?![rn\"'\\]))++)",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    rf"(?P<open>(?:(?:%5c){{0,8}}%2[27])?)(?:{PLACEHOLDER}|[^\s\"'&%]|%(?!2[267c]|5d|7d))++", re.IGNORECASE
)
_VALUES = (_QUOTED, _LISTED, _BARE)
_LINES = (_QUOTED, _LISTED, _TO_THE_END_OF_THE_LINE)


def kind_of_name(name: str) -> str | None:
    """Return what sort of secret has such a name, None where a value of that name is none."""
    found = _NAME_ALONE.search(name[-40:])
    return _KINDS[(found.lastindex or 1) - 1] if found else None


def _without_named(text: str) -> str:
    """Take away the values behind names, however the two are written together."""
    kept, end = [], 0
    while found := _NAMED.search(text, end):
        percent = found["percent"] is not None
        kind = next(kind for kind, words in zip(_KINDS, found.groups(), strict=False) if words)
        kept.append(text[end : found.end()])
        end = found.end()
        ways = (_PERCENT,) if percent else _LINES if kind in {"credentials", "cookie"} else _VALUES
        for way in ways:
            value = way.match(text, end)
            if value and value.end() > value.end("open"):
                kept.append(value["open"] + redacted(kind))
                end = value.end()
                break
    return "".join((*kept, text[end:]))


_REST = rf"(?:{PLACEHOLDER}|[^\s\"'<>])*+"  # of an address
_SLASH = r"(?:\\{0,8}/|%2f)"
_URL = re.compile(rf"https?:\\{{0,8}}/\\{{0,8}}/{_REST}|https?%3a%2f%2f[^\s\"'<>&]*+", re.IGNORECASE)
# Slack's forms of response_urls and webhooks: https://docs.slack.dev/interactivity/handling-user-interaction
_REPLY_PATH = (
    rf"{_SLASH}(?:commands|actions|services|workflows|triggers){_SLASH}[TEW][A-Z0-9]{{1,30}}{_SLASH}"
)
_REPLY_HOST = r"hooks\.slack(?:-gov)?\.com"
_REPLY_NEEDLES = ("hooks.slack", "commands", "actions", "services", "workflows", "triggers")
_SLACK_ITSELF = re.compile(r"(?:[a-z0-9-]+\.)?slack(?:-gov)?\.com(?::443)?", re.IGNORECASE)
_RECORDING = re.compile(
    r"recording|transcript|\.(?:mp4|webm|mkv|mov|m4a|mp3|wav|ogg|m3u8|vtt|srt)(?![a-z0-9])", re.IGNORECASE
)


def _addresses(slack_api_url: str) -> Rule:
    """Take away addresses to reply to, with all that belongs to them, and those of recordings.

    A stand-in for Slack has its replies on the host of its Web API, beside the API.
    """
    replies, needles = [_REPLY_HOST, _REPLY_PATH], [*_REPLY_NEEDLES, "://", ":\\/", "%3a%2f"]
    host, _, path = slack_api_url.rstrip("/").partition("://")[2].partition("/")
    if host and not _SLACK_ITSELF.fullmatch(host):
        api = rf"(?!{re.escape(path)}(?![\w-]))" if path else ""
        for written, slash in ((host, "/"), (quote(host, safe=""), "%2f")):
            replies.append(rf"{re.escape(written)}{slash}{api}(?=[^\s\"'<>])")
            needles.append(f"{written}{slash}".casefold())
    reply, recording, address = "|".join(replies), redacted("recording"), redacted("address")
    is_reply, bare = re.compile(reply, re.IGNORECASE), re.compile(rf"(?:{reply}){_REST}", re.IGNORECASE)

    def of(url: re.Match[str]) -> str:
        if is_reply.search(url[0]):
            return address
        return recording if _RECORDING.search(url[0]) else url[0]

    return Rule(tuple(needles), lambda text: bare.sub(address, _URL.sub(of, text)))


def _sub(pattern: str, replacement: str) -> Callable[[str], str]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda text: compiled.sub(replacement, text)


# As Slack and its stand-in make them. The first is quick to look for: nothing in a trigger_id is fixed but its points
_TRIGGER_ID = re.compile(r"(?<![0-9])[0-9]{6,20}\.[0-9]{1,20}\.[0-9a-f]{4,}+", re.IGNORECASE)
_POINTS = re.compile(r"[0-9]\.[0-9]{1,20}\.[0-9a-fA-F]")


def has_trigger_id(text: str) -> bool:
    """Say whether there is a trigger id in the text; in session ids there are points as well."""
    return _POINTS.search(text) is not None and _TRIGGER_ID.search(text) is not None


def without_trigger_ids(text: str) -> str:
    """Take trigger ids away, for which there are no needles."""
    return _TRIGGER_ID.sub(redacted("trigger"), text) if _POINTS.search(text) else text


def rules(slack_api_url: str = "") -> tuple[Rule, ...]:
    """Return all rules but that for trigger ids, in their order: what is part of an address goes with it."""
    return (
        _addresses(slack_api_url),
        Rule(  # user:password@ of a URL, and a lone key there
            ("://",),
            _sub(
                r"(?<=://)([^\s/@:\"'<>]*+:)[^\s\"'<>@]{1,256}+@(?:[^\s\"'<>@/?#]{0,256}+@)*+",
                rf"\1{redacted('password')}@",
            ),
        ),
        Rule(("://",), _sub(r"(?<=://)[^\s/@:\"'<>]{16,}+@", f"{redacted('key')}@")),
        Rule(
            ("%2f%2f",),
            _sub(
                r"(?<=%3a%2f%2f)([^\s&%]{0,64}+%3a)(?:(?!%40)[^\s&]){1,256}%40",
                rf"\1{redacted('password')}%40",
            ),
        ),
        Rule(_NAME_NEEDLES, _without_named),
        Rule(  # https://docs.slack.dev/authentication/tokens
            ("xox", "xapp", "xwfp"),
            _sub(
                r"(?:xox[a-z](?:\.xox[a-z])?|xapp|xwfp)(?:-|%2d)(?=[.…-]*+\w)(?:[\w.…-]|%2d)++",
                redacted("token"),
            ),
        ),
        Rule(  # "basic" is a word too, as in "Basic Information": base64 has more than small letters behind its first
            ("basic", "bearer"),
            _sub(
                r"\b(?:bearer|basic(?=[^a-z]{1,8}(?-i:\S[a-z]*+[^a-z\s.,;:)])))(?:[ \t]|%20|\+){1,8}[^\s\"'\[]{8,}+",
                redacted("credentials"),
            ),
        ),
        Rule(("v0=", "v0%3d"), _sub(r"v0(?:=|%3d)[0-9a-f]{16,}+", redacted("signature"))),
    )
