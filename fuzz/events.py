"""Posts to CometChat's webhook: by CometChat, and by everybody who does not know its password. Pure."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.playground import webhooks
from bot.playground.samples.build import Person
from fuzz import signed
from fuzz.marks import WEBHOOK_PASSWORD, WEBHOOK_USER, mark
from fuzz.mutate import as_json, changed, changed_bytes

PATH = "/cometchat/events"
_READ = frozenset({200, 400, 413})
"""What a changed event may get: it may be no object any more, too deep or too large."""
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Event:
    """A whole request, and the statuses that its response may have."""

    kind: str
    data: bytes
    statuses: frozenset[int]


def event(rng: Random, number: int) -> Event:
    """Return a case."""
    return rng.choices(tuple(_KINDS), _WEIGHTS)[0](rng, number)


def _documented(rng: Random, number: int) -> dict[str, Any]:
    """Return an event as CometChat's documentation has it, with marks for names."""
    sid, person = f"fuzz-{number}", Person("superhero1", mark("name", number))
    return rng.choice(
        (
            webhooks.started(sid, 1_763_812_800),
            webhooks.joined(sid, person, 1_763_812_800),
            webhooks.left(sid, person, 1_763_812_800, 1_763_812_900),
            webhooks.ended(sid, [person, person], 1_763_812_800, 1_763_812_900),
            webhooks.recorded(sid, 1_763_812_800, 21.4, f"https://x.example/{mark('recording')}"),
            webhooks.rung("call_initiated", "superhero1", "superhero2", 1_763_812_800),
            webhooks.rung("call_rejected", "superhero1", "superhero2", 1_763_812_800, by="superhero2"),
            {"trigger": "message_sent", "data": {"text": mark("words")}},
            {},
        )
    )


def _sound(rng: Random, number: int) -> Event:
    return Event("event", _post(json.dumps(_documented(rng, number)).encode()), frozenset({200}))


def _changed(rng: Random, number: int) -> Event:
    steps = [rng.randrange(2**32) for _ in range(rng.randint(1, 4))]
    body = as_json(changed(_documented(rng, number), steps)).encode(errors="replace")
    return Event("event, changed", _post(body), _READ)


def _mangled(rng: Random, number: int) -> Event:
    steps = [rng.randrange(2**32) for _ in range(rng.randint(1, 4))]
    return Event(
        "event, mangled", _post(changed_bytes(json.dumps(_documented(rng, number)).encode(), steps)), _READ
    )


def _no_object(rng: Random, _: int) -> Event:
    body = rng.choice((b"", b"[]", b"null", b"1", b'"x"', b"{", b"\xff\xfe", b"[" * 9000, b"{}{}", b"\x00"))
    return Event("event, no object", _post(body), frozenset({400}))


def _forged(rng: Random, number: int) -> Event:
    """Return an event without the right user and password, whatever else is right or wrong with it."""
    claimed = rng.choice(
        (
            "",
            "Basic",
            "Basic !",
            f"Bearer {WEBHOOK_PASSWORD}",
            WEBHOOK_PASSWORD,
            *(
                _basic(*pair)
                for pair in (
                    (WEBHOOK_USER, ""),
                    ("", WEBHOOK_PASSWORD),
                    (WEBHOOK_USER, WEBHOOK_PASSWORD + "x"),
                    (WEBHOOK_USER, WEBHOOK_PASSWORD[:-1]),
                    (WEBHOOK_USER.upper(), WEBHOOK_PASSWORD),
                    ("é\udcff", "\x00"),
                )
            ),
        )
    )
    body = rng.choice((json.dumps(_documented(rng, number)).encode(), b"", b"{", b"x" * 300_000))
    return Event("event, forged", _post(body, claimed), frozenset({401}))


def _large(rng: Random, _: int) -> Event:
    body = b'{"trigger":"call_ended","x":"' + b"x" * rng.choice((262_144, 300_000, _MB)) + b'"}'
    return Event("event, large", _post(body), frozenset({413}))


def _basic(user: str, password: str) -> str:
    credentials = f"{user}:{password}".encode(errors="surrogateescape")
    return f"Basic {base64.b64encode(credentials).decode()}"


def _post(body: bytes, claimed: str | None = None) -> bytes:
    authorization = _basic(WEBHOOK_USER, WEBHOOK_PASSWORD) if claimed is None else claimed
    headers = {"Content-Type": signed.JSON, "Authorization": authorization}
    return signed.request(body, {name: value for name, value in headers.items() if value}, path=PATH)


_KINDS: tuple[Callable[[Random, int], Event], ...] = (
    _sound,
    _changed,
    _mangled,
    _no_object,
    _forged,
    _large,
)
_WEIGHTS = (30, 30, 10, 8, 21, 1)
