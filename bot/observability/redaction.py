"""Nothing secret leaves by a log or a crash report: a value becomes the same value without secrets.

Pure, and for any value: texts and bytes, keys too, what is nested, and the `repr` of whatever else. In place of a
secret stands `[redacted …]` with a word for its kind. Doing it twice changes nothing more. It never raises.

What a secret looks like is in `secret_patterns.py`; the configured ones, in `secret_forms.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.observability import secret_forms, secret_patterns
from bot.observability.secret_patterns import has_trigger_id, kind_of_name, redacted, without_trigger_ids

_PLAIN = frozenset({int, float, bool, type(None)})
_DEEPEST = 24
_PAIR = 2
_REMEMBERED = 2_000  # short texts in which nothing was found, some 200 kB
_WORD = 32  # characters
# What structlog and we write under these names, and a machine reads; a password may be the word "event"
_FIXED_KEYS = frozenset({"event", "level", "timestamp", "logger", "exception", "stack"})


class Redactor:
    """Takes out what looks like a secret, and the configured `secrets` whatever they look like.

    `slack_api_url` is where Slack's Web API is, beside which a stand-in takes replies.
    """

    def __init__(self, secrets: Iterable[str] = (), *, slack_api_url: str = "") -> None:
        self._rules = (secret_forms.rule(secrets), *secret_patterns.rules(slack_api_url))
        every = {needle for rule in self._rules for needle in rule.needles}
        self._needles = tuple(
            sorted(each for each in every if not any(other != each and other in each for other in every))
        )
        self._harmless: set[str] = set()

    def event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return a log's event without secrets. One of plain, short facts is looked at in one go."""
        facts = [fact for name, fact in event.items() if name != "timestamp" and type(fact) not in _PLAIN]
        if all(type(fact) is str for fact in facts) and self._are_harmless((*event, *facts)):
            return dict(event)
        return {
            key if key in _FIXED_KEYS else self.text(key): self._under(key, fact, ())
            for key, fact in event.items()
        }

    def value(self, value: Any) -> Any:
        """Return the value without secrets: of the same type where JSON knows it, or bytes; a text for others."""
        return self._value(value, ())

    def text(self, text: str) -> str:
        """Return the text without secrets."""
        clean = self._once(text)
        if clean == text:
            return text
        return self._once(
            self._once(clean)
        )  # what was put together by that may be a secret; mostly it is not

    def _once(self, text: str) -> str:
        if not self._is_suspicious(text):
            return text
        folded = text.casefold()
        for rule in self._rules:
            if any(needle in folded for needle in rule.needles):
                text = rule.without(text)
        return without_trigger_ids(text)

    def _are_harmless(self, texts: Iterable[str]) -> bool:
        """Whether none of the texts has to be looked at; most words of a line stood in another before."""
        new = [text for text in texts if text not in self._harmless]
        if new:
            if self._is_suspicious("\n".join(new)):
                return False
            if len(self._harmless) > _REMEMBERED:
                self._harmless.clear()
            self._harmless.update(text for text in new if len(text) <= _WORD)
        return True

    def _is_suspicious(self, text: str) -> bool:
        folded = text.casefold()
        for needle in self._needles:  # faster than any(), and on the way of every line
            if needle in folded:
                return True
        return has_trigger_id(text)

    def _value(self, value: Any, within: tuple[int, ...]) -> Any:
        """Return the value without secrets; `within` are the containers around it, which may be in it again."""
        try:
            if isinstance(value, dict | list | tuple) and id(value) not in within and len(within) < _DEEPEST:
                return self._container(value, (*within, id(value)))
            if isinstance(value, bytes | bytearray):
                return self.text(value.decode(errors="surrogateescape")).encode(errors="surrogateescape")
            if value is None or isinstance(value, int | float):
                # Of an enum's member the number, without what its class makes of it
                return value if type(value) in _PLAIN else value + 0  # type: ignore[operator] # None is plain
            return self.text(_as_text(value))
        except Exception:  # noqa: BLE001 - whatever a foreign value does when it is looked at
            return redacted("unreadable")

    def _container(self, value: Any, within: tuple[int, ...]) -> Any:
        if isinstance(value, dict):
            return {self._key(key): self._under(key, item, within) for key, item in value.items()}
        if len(value) == _PAIR and isinstance(value[0], str | bytes):  # of a list of headers
            items = [self._value(value[0], within), self._under(value[0], value[1], within)]
        else:
            items = [self._value(item, within) for item in value]
        return items if isinstance(value, list) else tuple(items)

    def _under(self, name: Any, value: Any, within: tuple[int, ...]) -> Any:
        """Return the value without secrets; under some names it is one, whatever it is."""
        kind = _named_by(name) if isinstance(name, str | bytes) else None
        if kind is None or value is None or value is True or value is False:
            return self._value(value, within)
        return redacted(kind)

    def _key(self, key: Any) -> Any:
        """Return a key that JSON takes."""
        return key if type(key) in _PLAIN else self.text(_as_text(self._value(key, ())))


def _as_text(value: Any) -> str:
    """Return the text that a value is, or is shown as."""
    return str.__str__(value if isinstance(value, str) else repr(value))


def _named_by(value: str | bytes) -> str | None:
    return kind_of_name(value.decode(errors="replace") if isinstance(value, bytes) else value)
