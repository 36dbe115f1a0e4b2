"""`python -m bot check`: says what is wrong with the set-up, and what to do next; for people and release phases."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.checks.desk import opened
from bot.checks.environment import Environment, examine
from bot.checks.every import all_skipped, run_all
from bot.checks.finding import Finding
from bot.checks.report import as_json as told_as_json
from bot.checks.report import next_step, table
from bot.cli.manifesting import MANIFEST
from bot.cli.running import be_quiet
from bot.observability.redaction import Redactor


def run_check(address: str | None, *, as_json: bool) -> int:
    """Check all, print it, and return the exit status: 2 for the settings, 1 for any other failure."""
    be_quiet()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without ✔ has the words all the same
    environment = examine()
    without = _without_secrets(environment)
    findings = [
        replace(found, sentence=without(found.sentence), do=found.do and without(found.do))
        for found in (*environment.findings, *asyncio.run(_findings(environment, address)))
    ]
    print(told_as_json(findings) if as_json else table(findings))  # noqa: T201 - what was asked for
    if not environment.is_sound:
        return 2
    return 0 if next_step(findings) is None else 1


async def _findings(environment: Environment, address: str | None) -> Sequence[Finding]:
    if environment.settings is None:
        return all_skipped()
    async with opened(environment.settings, MANIFEST.read_text(encoding="utf-8"), address) as desk:
        return await run_all(desk, environment)


def _without_secrets(environment: Environment) -> Callable[[str], str]:
    """Return what takes the configured secrets out of a text, whatever a check says.

    Only those: the sentences are our own, and the log's rules would take "TOKEN: the" for a secret with its name.
    """
    return Redactor(environment.settings.secrets() if environment.settings else (), forms=()).text
