"""Redaction: no secret leaves by a log line or a crash report.

A value becomes the same value with `[redacted …]` in the place of each secret. Secrets are the configured ones, as they
are and percent-encoded, and a few forms that are recognised without knowing them. Pure, and never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

_SHORTEST = 4
_SHORTEST_WITHIN_WORDS = 12  # below, only as a word of its own: the password "post" must not eat "postgresql"


@dataclass(frozen=True, slots=True)
class Rule:
    """Replaces each match of `pattern`; there is none in a text without one of `needles`, compared case-folded."""

    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: str

    def applied(self, text: str) -> str:
        """Return the text without such secrets."""
        return self.pattern.sub(self.replacement, text)


def _rule(needles: str, pattern: str, replacement: str) -> Rule:
    return Rule(tuple(needles.split()), re.compile(pattern, re.IGNORECASE), replacement)


FORMS = (
    # https://docs.slack.dev/authentication/tokens, cut ones too
    _rule("xox xapp-", r"(?:xox[a-z](?:\.xox[a-z])?|xapp)-(?=\w)[\w.…-]+", "[redacted token]"),
    # https://docs.slack.dev/interactivity/handling-user-interaction#message_responses: anybody who has it may post
    _rule("hooks.slack", r"(?:https?://)?hooks\.slack(?:-gov)?\.com/[^\s\"'<>]+", "[redacted address]"),
    # user:password@ of a URL
    _rule("://", r"(?<=://)([^\s/@:\"'<>]*:)[^\s/\"'<>]+@", r"\1[redacted password]@"),
    # Words follow "basic" and "bearer" in English too, but without digits and signs
    _rule(
        "bearer basic",
        r"\b(?:bearer|basic)[ \t]+(?=\S*[0-9+/=])[^\s\"']{8,}",
        "[redacted credentials]",
    ),
    # https://docs.slack.dev/authentication/verifying-requests-from-slack
    _rule("v0=", r"v0=[0-9a-f]{16,}", "[redacted signature]"),
)
"""What is a secret by its form."""


class Redactor:
    """Takes the configured `secrets` out of values, and what is a secret by its form."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        configured = _configured(secrets)
        self._rules = (configured, *FORMS) if configured else FORMS
        self._needles = {needle for rule in self._rules for needle in rule.needles}

    def event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return a log event without secrets. Its own keys are ours, and stay."""
        return {key: self.value(value) for key, value in event.items()}

    def value(self, value: Any) -> Any:
        """Return the value without secrets, as JSON knows it; of other types, the `repr`."""
        try:
            if value is None or isinstance(value, int | float):
                return value
            if isinstance(value, dict):
                return {self._shown(key): self.value(item) for key, item in value.items()}
            if isinstance(value, list | tuple):
                return [self.value(item) for item in value]
            return self._shown(value)
        except Exception:  # noqa: BLE001 - a foreign `repr` may raise anything, and no log line may be lost by it
            return "[redacted unreadable]"

    def text(self, text: str) -> str:
        """Return the text without secrets."""
        if self._is_suspicious(text):
            for rule in self._rules:
                text = rule.applied(text)
        return text

    def _shown(self, value: Any) -> str:
        return self.text(value if isinstance(value, str) else repr(value))

    def _is_suspicious(self, text: str) -> bool:
        folded = text.casefold()
        return any(needle in folded for needle in self._needles)


def passwords_in(url: str) -> tuple[str, ...]:
    """Return the passwords in the URL of a database or a service, as written and percent-decoded."""
    found = re.search(r"://[^:/?#@]*:([^@]+)@", url)  # a database's password may have a / in it
    written = {found[1]} if found else set()
    try:
        parts = urlsplit(url)
        # A user without a password is a key, as in Sentry's DSNs
        written.add(parts.password or (parts.username if parts.password is None else "") or "")
    except ValueError:
        pass
    written.update(re.findall(r"[?&](?:ssl)?password=([^&]+)", url))
    return tuple(sorted({form for text in written for form in (text, unquote(text)) if form}))


def _configured(secrets: Iterable[str]) -> Rule | None:
    """Return the rule for these secrets, as they are and percent-encoded; None where there is none."""
    usable = {secret for secret in secrets if len(secret) >= _SHORTEST}
    forms = sorted(usable | {quote(secret, safe="") for secret in usable}, key=len, reverse=True)
    if not forms:
        return None
    pattern = re.compile("|".join(_pattern(form) for form in forms), re.IGNORECASE)
    return Rule(tuple(form.casefold() for form in forms), pattern, "[redacted secret]")


def _pattern(form: str) -> str:
    escaped = re.escape(form)
    return escaped if len(form) >= _SHORTEST_WITHIN_WORDS else rf"(?<![A-Za-z0-9]){escaped}(?![A-Za-z0-9])"
