"""What `/metrics` says, read as Prometheus reads it."""

from __future__ import annotations

import asyncio
import math
import re
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from bot.observability.metrics import Metrics
from tests.plain_http import plain_http


@dataclass(frozen=True)
class Family:
    """A metric: its name and type as Prometheus knows them, and its meaning."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class Sample:
    """One line of the text."""

    name: str
    labels: dict[str, str]
    value: float


def families(text: str) -> list[Family]:
    types = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    meanings = dict(re.findall(r"^# HELP (\S+) (.+)$", text, re.MULTILINE))
    return [Family(name, types[name], meanings[name]) for name in types]


def samples(text: str) -> list[Sample]:
    return [
        Sample(each.name, each.labels, each.value)
        for family in text_string_to_metric_families(text)
        for each in family.samples
    ]


def value(text: str, name: str, **labels: str) -> float:
    """Return the sum of the samples of that name that have those labels."""
    return sum(
        each.value for each in samples(text) if each.name == name and labels.items() <= each.labels.items()
    )


async def scraped(url: str) -> str:
    async with plain_http() as client:
        answer = await client.get(f"{url}/metrics")
    assert answer.status_code == 200
    return answer.text


async def counted(url: str, name: str, least: float = 1, most: float = math.inf, **labels: str) -> str:
    """Wait until it is no less and no more than that, and return all that is said then."""
    async with asyncio.timeout(30):
        while True:
            text = await scraped(url)
            if least <= value(text, name, **labels) <= most:
                return text
            await asyncio.sleep(0.02)


def told(metrics: Metrics) -> str:
    return metrics.text().decode()
