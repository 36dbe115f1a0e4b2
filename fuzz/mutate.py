"""The structural mutator: values, forms and bytes, each changed step by step. Pure.

A step is a number and nothing else: the same value and the same steps give the same result, so a failure can be
replayed, and made smaller by leaving steps out. A string with a mark in it (marks.py) is only ever taken away
whole: if it were moved, it would come out where it may.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from fuzz.marks import is_marked, unmarked

DEEP = "@@deep@@"
"""Stands in a value for lists nested deeper than json can write; `as_json` puts them in."""
_DEPTH = 3000

HOSTILE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 3, 0.3166, 2**31, 2**63, -(2**63), 10**19, 10**400, 1e308),
    *(float("nan"), float("inf"), float("-inf"), "", " ", "0", "null", "true", "-1", "00:00:00", "1e999"),
    *([], {}, [[]], [None], [{}], {"": None}, [1, "a", {}], {"id": None}, {"id": "", "uid": "", "value": ""}),
    *("\x00", "a\x00b", "\ud800", "\udfff\ud800", "\u202eevil", "\u200b\u2060", "\u3164", "\ufeff"),
    *(
        "<!channel>",
        "<@U012AB3CD>",
        "<https://evil.example|x>",
        "@here",
        "&lt;!here&gt;",
        "*b* `c`",
        ":tada:",
    ),
    *(
        "x" * 300,
        "x" * 5000,
        "é" * 2001,
        "👩‍👩‍👧‍👦" * 60,
        "محمد",
        "🏳️‍🌈",
        "../../etc/passwd",
        "%2e%2e%2f",
        "%",
        "%zz",
    ),
    *("T", "U", "U0", "E0:T0:U0", "::", ":T0PLAYGROUND:U0FUZZ001", "1:", "99999999999", "1763812800.000100"),
    *(
        "' OR 1=1 --",
        "{{7*7}}",
        "${jndi:x}",
        "\r\nX-Evil: 1",
        "http://",
        "http://[",
        "http://127.0.0.1:99999/",
    ),
    *(
        "file:///etc/passwd",
        "https://user:pw@evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "\\\\x",
    ),
    *(DEEP, [DEEP], {"a": DEEP}, "v1.eu.2574867aa2e6e417." + "0" * 50, "v1.us.x." + "9" * 300, "." * 50),
)

_FEW = 100
"""Lists with fewer values in them may be repeated many times over; else a few steps would make millions."""

_Slot = tuple[Any, Any]
"""Where a value stands: its list or object, and the index or key in it."""


def as_json(value: Any) -> str:
    """Return the value as JSON text, with the deep lists in it."""
    text = json.dumps(value, separators=(",", ":"))
    return text.replace(f'"{DEEP}"', "[" * _DEPTH + "]" * _DEPTH) if DEEP in text else text


def changed(value: Any, steps: Sequence[int]) -> Any:
    """Return the JSON value after those steps; the value itself is changed."""
    root = [value]
    for step in steps:
        rng = Random(step)
        slot = rng.choice(list(_slots(root)))
        rng.choices(_ON_VALUES, _WEIGHTS)[0](rng, slot, root)
    return root[0] if root else None


def changed_pairs(pairs: list[tuple[str, str]], steps: Sequence[int]) -> list[tuple[str, str]]:
    """Return a form's fields after those steps."""
    pairs = list(pairs)
    for step in steps:
        rng = Random(step)
        if not pairs:
            break
        place = rng.randrange(len(pairs))
        name, value = pairs[place]
        match rng.randrange(6):
            case 0:
                del pairs[place]
            case 1:
                pairs.insert(rng.randrange(len(pairs) + 1), (name, value))
            case 2:
                rng.shuffle(pairs)
            case 3:
                pairs[place] = (rng.choice((name.upper(), f"{name}[]", "", f" {name}")), value)
            case _:
                pairs[place] = (name, _as_field(_hostile(rng)) if is_marked(value) else _tweaked(rng, value))
    return pairs


def changed_bytes(data: bytes, steps: Sequence[int]) -> bytes:
    """Return the bytes after those steps: flipped, cut, repeated, put in."""
    if steps:
        data = unmarked(data)
    for step in steps:
        rng = Random(step)
        place = rng.randrange(len(data) + 1)
        end = min(len(data), place + rng.choice((1, 1, 2, 8, 64)))
        match rng.randrange(5):
            case 0:
                data = data[:place] + bytes([rng.randrange(256)]) + data[place + 1 :]
            case 1:
                data = data[:place] + data[end:]
            case 2:
                data = data[:place] + data[place:end] * rng.choice((2, 3, 50)) + data[end:]
            case 3:
                data = data[:place] + rng.choice(_BYTES) + data[place:]
            case _:
                data = data[:place]
    return data


_BYTES = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"%",
    b"&",
    b"=",
    b"{",
    b"]",
    b'"',
    b"\\u",
    b"\r\n",
)


def _slots(root: Any) -> Iterator[_Slot]:
    items = root.items() if isinstance(root, dict) else enumerate(root)
    for key, value in items:
        yield root, key
        if isinstance(value, dict | list):
            yield from _slots(value)


def _replace(rng: Random, slot: _Slot, _: Any) -> None:
    slot[0][slot[1]] = _hostile(rng)


def _remove(_: Random, slot: _Slot, root: Any) -> None:
    if slot[0] is not root:
        del slot[0][slot[1]]


def _wrap(rng: Random, slot: _Slot, _: Any) -> None:
    value = slot[0][slot[1]]
    slot[0][slot[1]] = rng.choice(([value], {"id": value}, [value] * 3, {"value": value, "uid": value}))


def _graft(rng: Random, slot: _Slot, root: Any) -> None:
    """Put some other part of the whole there."""
    container, key = rng.choice(list(_slots(root)))
    text = json.dumps(container[key])
    if not is_marked(text):
        slot[0][slot[1]] = json.loads(text)


def _tweak(rng: Random, slot: _Slot, _: Any) -> None:
    value = slot[0][slot[1]]
    if isinstance(value, str) and not is_marked(value):
        slot[0][slot[1]] = _tweaked(rng, value)
    elif isinstance(value, int | float):
        slot[0][slot[1]] = rng.choice((-value, value + 1, value // 1000, str(value), [value], value * 1000))


def _rearrange(rng: Random, slot: _Slot, _: Any) -> None:
    """Repeat or turn around a list, give a key of an object another name."""
    value = slot[0][slot[1]]
    if isinstance(value, list) and value:
        many = 60 if sum(1 for _ in _slots(value)) < _FEW else 2
        slot[0][slot[1]] = rng.choice((value[::-1], value * many, value[:1]))
    elif isinstance(value, dict) and value:
        key = rng.choice(list(value))
        value[rng.choice((key.upper(), f"{key}s", "", "x" * 300))] = value.pop(key)


_ON_VALUES: tuple[Callable[[Random, _Slot, Any], None], ...] = (
    _replace,
    _remove,
    _wrap,
    _graft,
    _tweak,
    _rearrange,
)
_WEIGHTS = (6, 3, 2, 2, 3, 1)


def _hostile(rng: Random) -> Any:
    value = rng.choice(HOSTILE)
    return json.loads(json.dumps(value)) if isinstance(value, dict | list) else value


def _as_field(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _tweaked(rng: Random, text: str) -> str:
    text = text[:5000]
    place = rng.randrange(len(text) + 1)
    end = place + rng.choice((1, 2, 10))
    insert = rng.choice(("\x00", " ", "\n", "\u202e", "\u200b", "<", "&", "%", "/", '"', "é", "\ud800", "."))
    return rng.choice(
        (
            text[:place],
            text[:place] + text[end:],
            text[:place] + insert + text[place:],
            text * rng.choice((2, 100)),
            text.upper(),
            text.swapcase(),
            f" {text} ",
            _as_field(_hostile(rng)),
        )
    )
