"""`python -m bot check`: says what is wrong with the set-up, and what to do next; for people and release phases."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Sequence
from dataclasses import replace

from bot.checks.desk import opened
from bot.checks.environment import Environment, examine
from bot.checks.every import all_skipped, run_all
from bot.checks.finding import Finding
from bot.checks.report import as_json as told_as_json
from bot.checks.report import next_step, table
from bot.command_line.manifesting import MANIFEST
from bot.command_line.running import be_quiet
from bot.redaction import Redactor


def run_check(address: str | None, *, as_json: bool) -> int:
    """Check all, print it, and return the exit status: 2 for the settings, 1 for any other failure."""
    be_quiet()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without ✔ has the words all the same
    environment = examine()
    redactor = _redactor(environment)
    findings = [
        replace(found, sentence=redactor.text(found.sentence), do=found.do and redactor.text(found.do))
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


def _redactor(environment: Environment) -> Redactor:
    """Return what sees to it that nothing secret is told, whatever a check says."""
    settings = environment.settings
    return Redactor(settings.secrets(), slack_api_url=settings.slack_api_url) if settings else Redactor()
