"""Transcripts: how long somebody waits for three hours of talk, a page of it, and what a search finds in it.

The bot and both stand-ins run in this process, so the time in which the stand-in writes the answers counts as well. From
the press to what Slack is sent, over HTTP on this machine: each asks for the call, and downloads the file anew.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.figures import percentile, short
from bench.goals import Goal
from bench.report import goals_table, machine, table
from bot.cards.call_buttons import TRANSCRIPT
from bot.cards.kit.blocks import actions, button
from bot.cards.transcript import SEARCH, transcript_id
from bot.playground.run import Playground, playground
from bot.playground.spoken import Spoken

TITLE = "Transcript of three hours"
WITHIN_MS = 300.0
"""How long a search may take."""
_WHO = "U0TONY"


@dataclass(frozen=True, slots=True)
class Plan:
    """How often each thing is done."""

    times: int


QUICK = Plan(times=3)
USUAL = Plan(times=30)


async def measure(plan: Plan) -> str:
    """Return the report as Markdown."""
    load = os.getloadavg()[0]
    async with playground(callinfo_rate_limit="100000/minute") as ground:
        sample = next(each for each in ground.samples if each.title == TITLE)
        (spoken,) = sample.transcripts
        file = json.dumps(spoken.content(), ensure_ascii=False).encode()
        ground.cometchat.transcribe(
            sample.session_id,
            Spoken(spoken.tid, spoken.started_at, spoken.ended_at, lambda: file, spoken.mid),
        )
        row = actions([button("Transcript", TRANSCRIPT, sample.session_id)])
        card = ground.slack.post(None, "a card", [row], bot=True)
        rows = []
        for name, act in (("open", _open), ("turn a page", _turn), ("search", _search)):
            took = [await _timed(ground, card, act) for _ in range(plan.times)]
            waited, cpu = ([each[which] for each in took] for which in (0, 1))
            figures = (percentile(waited, 0.5), percentile(waited, 0.95), percentile(cpu, 0.5))
            rows.append((name, *map(short, figures)))
    goal = Goal("search in three hours of talk: p95, ms", percentile(waited, 0.95), WITHIN_MS)
    said = (
        f"A file of {len(file) / 1e6:.1f} MB, {plan.times} times each; load average before it {load:.1f}. "
        f"{'; '.join(machine().values())}."
    )
    measured = table(["ms", "p50", "p95", "CPU, the stand-ins’ too"], rows)
    return "\n\n".join([said, goals_table([goal]), measured]) + "\n"


Act = Callable[[Playground, str], Awaitable[str]]
"""Does something; returns the words that the modal then has."""


async def _timed(ground: Playground, card: str, act: Act) -> tuple[float, float]:
    """Return how many milliseconds it took until Slack had the answer, and of how many a core."""
    began, busy = time.perf_counter(), time.process_time()
    words = await act(ground, card)
    await ground.slack.wait_for(lambda: words in str([each.view for each in ground.slack.modals(_WHO)]))
    return (time.perf_counter() - began) * 1000, (time.process_time() - busy) * 1000


async def _open(ground: Playground, card: str) -> str:
    for modal in ground.slack.modals(_WHO):
        await ground.slack.close_view(_WHO, modal.view_id)
    await ground.slack.press(_WHO, card, TRANSCRIPT)
    return "Page 1 of"


async def _turn(ground: Playground, _: str) -> str:
    """Go to and fro between the second page and the third."""
    modal = ground.slack.modals(_WHO)[-1]
    page = 2 if "Page 2 of" in str(modal.view) else 1
    block_id = next(
        each["block_id"] for each in modal.blocks if each["block_id"].startswith(transcript_id("", page))
    )
    await ground.slack.press(_WHO, modal.view_id, TRANSCRIPT, block_id=block_id)
    return f"Page {page + 1} of"


async def _search(ground: Playground, _: str) -> str:
    view_id = ground.slack.modals(_WHO)[-1].view_id
    await ground.slack.submit(_WHO, view_id, {SEARCH: {SEARCH: "deploy lunch"}})
    return "turns mention"
