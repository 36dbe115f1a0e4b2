"""A case: one request, made of a seed and a number and nothing else, and what came of it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from http import HTTPStatus
from random import Random

from fuzz import marks, signed
from fuzz.connection import Answer, Connection
from fuzz.events import event
from fuzz.oracle import Complaint, of_answer
from fuzz.raw import raw

_STEPS = (0, 1, 2, 3, 4)
_HOW_OFTEN = (15, 40, 25, 12, 8)
_EVENTS = 0.2
"""The share of CometChat's events among what is not signed by Slack."""
_ODD_TYPES = (signed.JSON, "text/plain", "", "application/json; charset=latin-1", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Case:
    """A request as bytes. `steps` is how many mutations are in it, `answers` how many answers have to come."""

    number: int
    kind: str
    data: bytes
    is_signed: bool
    steps: int = 0
    answers: int = 1
    body_less: bool = False
    statuses: frozenset[int] = frozenset()
    """Those that the answer may have; any where there are none."""


def case(
    seed: int, number: int, reply_base: str, *, without: AbstractSet[int] = frozenset(), tries: int = 0
) -> Case:
    """Return the case of that number; every other one is signed by Slack, and some of the others are CometChat's.

    `without` are the mutations (by their place) that are left out; `tries` keeps a replay apart from the first.
    """
    rng = Random(f"case:{seed}:{number}")
    steps = tuple(rng.randrange(2**32) for _ in range(rng.choices(_STEPS, _HOW_OFTEN)[0]))
    kept = [step for place, step in enumerate(steps) if place not in without]
    body = signed.body(signed.scene(number, reply_base, rng, tries=tries), kept)
    if number % 2 and rng.random() < _EVENTS:
        sent = event(rng, number)
        return Case(number, sent.kind, sent.data, is_signed=False, statuses=sent.statuses)
    if number % 2:
        of = raw(rng, body.data)
        return Case(number, of.kind, of.data, is_signed=False, answers=of.answers, body_less=of.body_less)
    content_type = body.content_type if rng.random() < 0.97 else rng.choice(_ODD_TYPES)  # noqa: PLR2004 - nearly all
    data = signed.signed_request(body.data, content_type, body.path)
    return Case(number, f"signed {body.kind}", data, is_signed=True, steps=len(steps))


async def play(of: Case, connection: Connection) -> tuple[list[Answer], Complaint | None]:
    """Send the case; return the answers, and what is wrong with them."""
    try:
        answers = await (_asked(of, connection) if of.answers else connection.provoke(of.data))
    except (OSError, EOFError, ValueError) as error:
        connection.reset()
        return [], Complaint(f"no answer: {type(error).__name__}", f"{of.kind}: {error}")
    for answer in answers:
        if of.statuses and answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
            continue  # the database is too busy to store it in CometChat's 2 s, as the report shows
        allowed = marks.IN_MESSAGES if of.is_signed else marks.IN_ECHOES
        if of.is_signed and answer.body.startswith(b'{"response_action"'):  # the ack of a modal fills it
            allowed = marks.IN_FILLED_VIEWS
        if of.is_signed and answer.body.startswith(b'{"jsonrpc"'):
            allowed = marks.IN_QUESTIONS
        if complaint := of_answer(answer, allowed):
            return answers, complaint
        if of.statuses and answer.status not in of.statuses:
            return answers, Complaint(f"an event was answered with {answer.status}", of.kind)
        if not of.is_signed and answer.status == HTTPStatus.OK and b"blocks" in answer.body:
            return answers, Complaint("an unsigned request was answered as Slack's", of.kind)
    return answers, None


async def _asked(of: Case, connection: Connection) -> list[Answer]:
    """Ask, once more where a connection that was kept had been closed meanwhile."""
    try:
        return await connection.ask(of.data, answers=of.answers, body_less=of.body_less)
    except (ConnectionError, EOFError):
        connection.reset()
        return await connection.ask(of.data, answers=of.answers, body_less=of.body_less)
