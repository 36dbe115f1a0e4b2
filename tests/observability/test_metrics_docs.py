"""docs/metrics.md, the dashboard and the alerts against the metrics, so that none runs away from the others."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.inbound.metric_labels import LABELS as KNOWN
from bot.observability.metrics import OTHER, Metrics
from tests.scraping import Family, families, samples, told

DOCS = Path(__file__).parent.parent.parent / "docs"
METRICS = Metrics(KNOWN)
TEXT = told(METRICS)
FAMILIES = {each.name: each for each in families(TEXT)}
LABELS: dict[str, dict[str, frozenset[str]]] = {
    **{name: {} for name in FAMILIES},
    **METRICS.labels,
    "callinfo_build_info": {"version": frozenset()},
}
GUIDE = (DOCS / "metrics.md").read_text(encoding="utf-8")
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((DOCS / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
DASHBOARD: dict[str, Any] = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
EXPRESSIONS = [
    *(pytest.param(rule["expr"], id=rule["alert"]) for rule in RULES),
    *(
        pytest.param(target["expr"], id=f"{panel['title']} {target['refId']}")
        for panel in PANELS
        for target in panel["targets"]
    ),
]

_OF_PROMETHEUS = {"instance"}  # the label that Prometheus itself adds
_METRIC = re.compile(r"\b((?:callinfo|process)_\w+)(?:\{([^}]*)\})?")
_MATCHER = re.compile(r'(\w+)(=~|!~|!=|=)"([^"]*)"')
_BY = re.compile(r"\bby \(([^)]*)\)")


def unit(name: str) -> str:
    stem = name.removesuffix("_total")
    return next((each for each in ("seconds", "bytes") if stem.endswith(f"_{each}")), "–")


def row(family: Family) -> str:
    labels = ", ".join(f"`{label}`" for label in LABELS[family.name]) or "–"
    return f"| `{family.name}` | {family.type} | {labels} | {unit(family.name)} | {family.meaning} |"


def rows_of_labels() -> Iterator[str]:
    of: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name, sets in METRICS.labels.items():
        for label, values in sets.items():
            of.setdefault((label, tuple(sorted(values))), []).append(f"`{name}`")
    for (label, each), names in of.items():
        yield f"| `{label}` | {', '.join(names)} | {', '.join(f'`{value}`' for value in each)} |"


def family_of(name: str) -> str:
    """Return the metric that a series of that name belongs to."""
    stems = (name.removesuffix(suffix) for suffix in ("", "_bucket", "_sum", "_count"))
    return next(stem for stem in stems if stem in FAMILIES)


def test_the_guide_tells_every_metric_and_no_other() -> None:
    rows = [line for line in GUIDE.splitlines() if re.match(r"\| `(callinfo|process)_", line)]
    if not Path("/proc/stat").exists():  # other systems than Linux have no process metrics
        rows = [line for line in rows if "`process_" not in line]
    expected = [row(each) for each in FAMILIES.values()]
    assert rows == expected, "\n".join(expected)


def test_the_guide_tells_every_value_of_every_label() -> None:
    expected = list(rows_of_labels())
    rows = [line for line in GUIDE.splitlines() if re.match(r"\| `[a-z]+` \| `callinfo_", line)]
    assert rows == expected, "\n".join(expected)


def test_names_and_units_are_as_prometheus_recommends() -> None:
    for name, family in FAMILIES.items():
        assert re.fullmatch(r"(callinfo|process)_[a-z_]+", name)
        assert name.endswith("_total") == (family.type == "counter")
        if family.type == "histogram":
            assert name.endswith("_seconds")


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_dashboard_and_alerts_ask_for_is_there_with_those_labels(expression: str) -> None:
    asked = _METRIC.findall(expression)
    assert asked
    known = set(_OF_PROMETHEUS)
    for name, matchers in asked:
        family = family_of(name)
        known |= {*LABELS[family], *({"le"} if name.endswith("_bucket") else ())}
        matched = _MATCHER.findall(matchers)
        assert ",".join(f'{label}{how}"{said}"' for label, how, said in matched) == matchers
        for label, _, said in matched:
            if label == "le":
                assert said in {each.labels["le"] for each in samples(some_of(family)) if each.name == name}
            elif label not in _OF_PROMETHEUS:
                assert set(said.split("|")) <= LABELS[family][label] | {OTHER}
    for labels in _BY.findall(expression):
        assert set(labels.split(", ")) <= known


def some_of(family: str) -> str:
    """Return the text where each histogram has something in it."""
    metrics = Metrics(KNOWN)
    metrics.ended("command", "found", ack=0.1, total=0.1)
    metrics.upstream_answered("get_call", "found", seconds=0.1)
    metrics.told("channel", "posted", lag=0.1)
    text = told(metrics)
    assert f"{family}_bucket" in text
    return text


def test_there_are_six_alerts_and_each_says_how_bad_it_is_and_what_to_do() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES) == 6
    for rule in RULES:
        assert re.fullmatch(r"\d+m", rule["for"])
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert set(rule["annotations"]) == {"summary", "what_to_do"}
        assert rule["expr"].count("(") == rule["expr"].count(")")


def test_the_outcomes_that_an_alert_looks_for_are_there_before_they_happen() -> None:
    """Else the first of them would be no increase."""
    shown = {
        (each.name, label, said)
        for each in samples(TEXT)
        for label, said in each.labels.items()
        if not each.value
    }
    for rule in RULES:
        for name, matchers in _METRIC.findall(rule["expr"]):
            for label, how, said in _MATCHER.findall(matchers):
                if label != "le" and how in {"=", "=~"}:
                    assert {(name, label, each) for each in said.split("|")} <= shown


def test_the_dashboard_can_be_imported_anywhere() -> None:
    variables = {each["name"]: each for each in DASHBOARD["templating"]["list"]}
    assert (variables["datasource"]["type"], variables["datasource"]["query"]) == ("datasource", "prometheus")
    assert DASHBOARD["id"] is None  # Grafana gives one
    assert len(DASHBOARD["uid"]) <= 40
    sources = [panel["datasource"] for panel in PANELS]
    sources += [target["datasource"] for panel in PANELS for target in panel["targets"]]
    assert all(each == {"type": "prometheus", "uid": "${datasource}"} for each in sources)
    used = set(re.findall(r"\$\{?([a-z]\w*)", json.dumps(DASHBOARD)))
    assert used == set(variables)


def test_the_dashboard_s_panels_lie_side_by_side() -> None:
    assert len({panel["id"] for panel in PANELS}) == len({panel["title"] for panel in PANELS}) == len(PANELS)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in PANELS)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) == 23  # the whole of Grafana's 24 columns


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    shown = {
        family_of(name)
        for panel in PANELS
        for target in panel["targets"]
        for name, _ in _METRIC.findall(target["expr"])
    }
    assert {name for name in FAMILIES if name.startswith("callinfo_")} <= shown


def test_every_file_that_the_guide_points_to_is_there() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", GUIDE):
        assert (DOCS / target).exists(), target
