"""What CometChat answers, changed: the samples' calls with marked names and recordings, mutated. Pure.

A case's number says all of its answer, so that the stand-in and whoever replays it give the same.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.playground.samples import samples
from fuzz.marks import API_KEY, mark
from fuzz.mutate import as_json, changed, changed_bytes

NOW = 1_763_812_800
HOST = "https://files.fuzz.invalid"
"""Stands for the address of transcripts' files until an answer is sent."""
_MOST_STEPS = 4
_CODES = (
    *("ERR_CALL_SESSION_NOT_FOUND", "ERR_CALL_NOT_A_PART", "ERR_UID_NOT_FOUND", "AUTH_ERR_APIKEY_NOT_FOUND"),
    *("ERR_API_NOT_FOUND", "ERR_PLAN_RESTRICTION", "ERR_EXCEPTION", "ERR_NEW", "x", ""),
)
_STATUSES = (200, 200, 200, 201, 204, 301, 400, 401, 402, 403, 404, 404, 409, 422, 500, 503, 599)
_BODIES = (
    *(
        b"",
        b"{}",
        b"[]",
        b"null",
        b'""',
        b"{",
        b"<html><h1>502 Bad Gateway</h1>",
        b"\xff\xfe\x00",
        b"\x1f\x8b\x08",
    ),
    *(
        b'{"data":[]}',
        b'{"data":{}}',
        b'{"data":null}',
        b'{"data":"x"}',
        b'{"data":[1,2]}',
        b'{"data":[[]]}',
        b"9" * 6000,
    ),
)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of CometChat's. `steps` are those that were taken to it."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    steps: tuple[int, ...] = ()


def _planted() -> tuple[str, ...]:
    """Return the samples' `data` as JSON, with a mark in every name and recording."""
    return tuple(json.dumps(_marked(sample.data)) for sample in samples(NOW) if sample.data)


def _marked(node: Any) -> Any:
    if isinstance(node, list):
        return [_marked(item) for item in node]
    if not isinstance(node, dict):
        return node
    found = {key: _marked(value) for key, value in node.items()}
    if isinstance(found.get("name"), str) and found["name"]:
        found["name"] = mark("name", found["name"])
    if "participants" in found and "recordings" not in found:
        found["recordings"] = [
            {"rid": "rid-1", "startTime": NOW - 900, "endTime": NOW - 60, "recording_url": ""}
        ]
    if found.get("hasTranscription"):
        url = f"{HOST}/files/1-0/{mark('file')}.json"
        found["transcriptions"] = [{"tid": "t", "mid": found.get("mid"), "transcriptUrl": url}]
    for recording in found.get("recordings") or ():
        recording["recording_url"] = f"https://recordings.cometchat.io/{mark('recording')}.mp4"
    return found


_PLANTED = _planted()
_WEIGHTS = [1 / len(data) for data in _PLANTED]  # the calls of fifty people take the longest to draw
GOOD = f'{{"data":{_PLANTED[0]}}}'.encode()
"""The whole answer for a plain call of superhero1's, with marked names."""


def answer(seed: int, number: int, without: AbstractSet[int] = frozenset()) -> Reply:
    """Return the case's answer; `without` are the steps (by their place) that are left out."""
    rng = Random(f"answer:{seed}:{number}")
    steps = tuple(rng.randrange(2**32) for _ in range(rng.randint(0, _MOST_STEPS)))
    kept = [step for place, step in enumerate(steps) if place not in without]
    if rng.random() < 0.15:  # noqa: PLR2004 - a few are no calls at all
        return _trouble(rng, steps, kept)
    document = {"data": json.loads(rng.choices(_PLANTED, _WEIGHTS)[0])}
    body = as_json(changed(document, [step for step in kept if step % 8])).encode(errors="surrogatepass")
    body = changed_bytes(body, [step for step in kept if not step % 8])
    return packed(rng, body, steps)


def _trouble(rng: Random, steps: tuple[int, ...], kept: list[int]) -> Reply:
    """Return an error whose text repeats the key, or no document of the API's."""
    if rng.random() < 0.3:  # noqa: PLR2004 - as above
        return Reply(rng.choice(_STATUSES), rng.choice(_BODIES), steps=steps)
    error = {"code": rng.choice(_CODES), "message": f"The key {API_KEY} …", "details": {"x": mark("words")}}
    body = as_json(changed({"error": error}, kept)).encode(errors="surrogatepass")
    return Reply(rng.choice(_STATUSES), body, steps=steps)


def packed(rng: Random, body: bytes, steps: tuple[int, ...]) -> Reply:
    """Return the body as an answer, now and then compressed, also wrongly."""
    if rng.random() < 0.9:  # noqa: PLR2004 - most come as they are
        return Reply(200, body, steps=steps)
    whole = gzip.compress(body, mtime=0)
    sent = rng.choice((whole, whole[: len(whole) // 2], body, whole + b"x"))
    return Reply(200, sent, {"Content-Encoding": rng.choice(("gzip", "deflate", "x-odd"))}, steps)
