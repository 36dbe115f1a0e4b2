"""The forms in which a configured secret may stand in a text: as it is, escaped, percent-encoded, in base64.

Texts are searched for all of them, without regard to case, by `without_forms`. A secret of fewer than 4 characters is
not searched for, and one of fewer than 12 only as a word of its own: a test's key `k` must not eat the log.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, quote_plus, unquote, urlsplit

from bot.observability.secret_patterns import PLACEHOLDER, Rule, redacted

_SHORTEST = 4
_SHORTEST_WITHIN_WORDS = 12
_SHORTEST_IN_PARTS = 16
_PART = 8


def passwords_in(url: str) -> tuple[str, ...]:
    """Return the password of an address of a database, a store or a service, as written and as meant."""
    found = re.search(r"://[^:/?#@]*:([^@]+)@", url)  # as storage/address.py reads it: a / may be in it
    written = {found[1]} if found else set()
    try:
        parts = urlsplit(url)
        # A lone user of that place is a key, as in Sentry's addresses
        written.add(parts.password or (parts.username if parts.password is None else "") or "")
    except ValueError:
        pass
    written.update(re.findall(r"[?&](?:ssl)?password=([^&]+)", url))
    return tuple(sorted({each for text in written for each in (text, unquote(text)) if each}))


def rule(secrets: Iterable[str]) -> Rule:
    """Return the rule that takes these secrets away, whatever their form."""
    usable = sorted({secret for secret in secrets if len(secret) >= _SHORTEST})
    literals = {form for secret in usable for form in _forms(secret)}
    patterns = [_pattern(form) for form in sorted(literals, key=len, reverse=True)]
    heads = {secret[:_PART] for secret in usable if _has_telling_parts(secret)}
    patterns += [rf"{re.escape(head)}[\w.…-]*+" for head in sorted(heads)]
    tails = {secret[-_PART:] for secret in usable if _has_telling_parts(secret)}
    patterns += [re.escape(tail) for tail in sorted(tails)]
    if not patterns:
        return Rule((), lambda text: text)
    needles = tuple(sorted({form.casefold() for form in literals | heads | tails}))
    return Rule(_shortest_of(needles), _without(patterns))


def _without(patterns: list[str]) -> Callable[[str], str]:
    # What is redacted already stays, even where a password is the word "secret"
    compiled = re.compile(f"({PLACEHOLDER})|{'|'.join(patterns)}", re.IGNORECASE)
    replacement = redacted("secret")
    return lambda text: compiled.sub(lambda found: found[1] or replacement, text)


def _pattern(form: str) -> str:
    escaped = re.escape(form)
    return escaped if len(form) >= _SHORTEST_WITHIN_WORDS else rf"(?<![A-Za-z0-9]){escaped}(?![A-Za-z0-9])"


def _has_telling_parts(secret: str) -> bool:
    """Whether half of it would still give it away, and is no word: CometChat echoes parts of a key."""
    parts = (secret[:_PART], secret[-_PART:])
    return len(secret) >= _SHORTEST_IN_PARTS and all(re.search(r"[0-9]", part) for part in parts)


def _forms(secret: str) -> set[str]:
    raw = secret.encode(errors="surrogatepass")
    written = {secret}
    for each in (secret, json.dumps(secret)[1:-1]):
        written |= {each, quote(each, safe="", errors="surrogatepass"), quote(each, errors="surrogatepass")}
        written |= {quote_plus(each, errors="surrogatepass"), json.dumps(each)[1:-1], html.escape(each)}
    written |= {repr(secret)[1:-1], ascii(secret)[1:-1], repr(raw)[2:-1]}
    written.add(quote(quote(secret, safe="", errors="surrogatepass"), safe=""))
    if len(secret) >= _SHORTEST_WITHIN_WORDS:
        written |= {raw.hex(), *_in_base64(raw)}
    return {form for form in written if len(form) >= _SHORTEST}


def _in_base64(raw: bytes) -> set[str]:
    """Return what base64 makes of it wherever it begins in what is encoded, less what its neighbours change."""
    found = set()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw).decode()
        first, last = (0, 2, 3)[before], len(encoded)
        if left := (before + len(raw)) % 3:
            last -= 4 - left
        core = encoded[first:last]
        found |= {core, core.replace("+", "-").replace("/", "_"), quote(core, safe="")}
    return found


def _shortest_of(needles: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out needles that have another in them: it is found wherever they are."""
    return tuple(each for each in needles if not any(other != each and other in each for other in needles))
