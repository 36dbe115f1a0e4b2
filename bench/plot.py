"""The plot: a few metrics as bars, each beside the others' of the same metric, as SVG. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from bench.figures import METRICS, Rounds, over_rounds, short
from bench.line_up import ASYNC_TUTORIAL, BEFORE, BESIDE, FLOOR, OURS

_KEYS = ("one_ms", "network_ms", "rate_16", "p99_16_ms", "cpu_10000", "start_s", "idle_mib")
_COLOURS = {OURS: "#0b6e69", ASYNC_TUTORIAL: "#8a94a0", FLOOR: "#dde1e5", BEFORE: "#b9c0c8"}
_WIDTH, _NAMES, _BAR, _GAP = 760, 130, 16, 14
_LONGEST = _WIDTH - _NAMES - 90


def svg(programs: Mapping[str, Rounds]) -> str:
    """Return the picture; in each group the longest bar is the largest median."""
    parts: list[str] = []
    y = 10
    for metric in METRICS:
        medians = {
            name: spread.median
            for name in (OURS, *BESIDE)
            if metric.key in _KEYS and (spread := over_rounds(programs.get(name, {}), metric.key))
        }
        if not medians:
            continue
        y += 14
        parts.append(f'<text x="0" y="{y}" font-weight="600">{escape(metric.title)}</text>')
        y += 6
        for name, median in medians.items():
            length = max(1.0, median / max(medians.values()) * _LONGEST)
            parts.append(f'<text x="{_NAMES - 8}" y="{y + 12}" text-anchor="end">{escape(name)}</text>')
            parts.append(
                f'<rect x="{_NAMES}" y="{y}" width="{length:.1f}" height="{_BAR - 3}" fill="{_COLOURS[name]}"/>'
            )
            parts.append(f'<text x="{_NAMES + length + 6:.1f}" y="{y + 12}">{short(median)}</text>')
            y += _BAR
        y += _GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" role="img" '
        f'aria-label="callinfo beside the async tutorial and the floor" font-family="sans-serif" font-size="12">'
        f'<rect width="{_WIDTH}" height="{y}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )
