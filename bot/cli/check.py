"""`python -m bot check`: says what is wrong with the set-up, and what to do next; for people and release phases."""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
from collections.abc import Sequence
from dataclasses import replace

from bot.checks.context import opened
from bot.checks.environment import Environment, examine
from bot.checks.results import Result, as_json, as_table, next_step
from bot.checks.runner import all_skipped, run_all
from bot.cli.manifest import MANIFEST
from bot.cli.running import be_quiet
from bot.observability.redaction import Redactor


def run(options: argparse.Namespace) -> int:
    """Run all checks and print the results; return 2 for wrong settings, 1 for any other failure."""
    be_quiet()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without ✔ has the words all the same
    environment = examine()
    redact = Redactor(environment.settings.secrets() if environment.settings else ()).text
    results = [
        replace(result, sentence=redact(result.sentence), do=result.do and redact(result.do))
        for result in (*environment.results, *asyncio.run(_results(environment, options.url)))
    ]
    print(as_json(results) if options.json else as_table(results))  # noqa: T201 - what was asked for
    if not environment.is_sound:
        return 2
    return 0 if next_step(results) is None else 1


async def _results(environment: Environment, address: str | None) -> Sequence[Result]:
    if environment.settings is None:
        return all_skipped()
    async with opened(environment.settings, MANIFEST.read_text(encoding="utf-8"), address) as context:
        return await run_all(context, environment)
