"""docs/architecture.md against the code: what it names is there, and imports go the way that it says."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
DIAGRAM = PAGE.split("```")[1]


def imported(source: Path) -> set[str]:
    """Return the modules that a file imports, by their full names."""
    found = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


def test_every_module_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`((?:bot|tests|fuzz|bench)[\w/]*(?:/|\.py)|manifest\.yml)`", PAGE))
    assert len(named) > 30
    assert not [each for each in named if not (ROOT / each).exists()]


def test_every_module_of_the_diagram_exists() -> None:
    named = set(re.findall(r"\b[a-z_]+(?:\.py|/)", DIAGRAM))
    assert {"http_events.py", "listeners/", "lookup.py", "cometchat/", "cards/"} <= named
    assert not [each for each in named if not (ROOT / "bot" / each).exists()]
    assert all((ROOT / "bot" / f"{each}.py").exists() for each in ("slack_requests", "repeats", "metrics"))


@pytest.mark.parametrize(
    ("importing", "never"),
    [
        (
            "bot/cards",
            r"bot\.(app|server|storage|listeners|settings|reply|answering|cometchat\.(client|wire))\b",
        ),
        ("bot/listeners", r"(bot\.(app|server|storage|settings|cometchat\.(client|wire))|aiohttp|httpx)\b"),
        ("bot/identity", r"bot\.(app|server|listeners|cards|settings)\b"),
        ("bot/storage", r"bot\.(app|server|listeners|cards|settings|lookup|linking)\b"),
        ("bot/flood", r"bot\.(app|server|listeners|cards|settings)\b"),
        ("bot/lookup.py", r"(bot\.(app|server|listeners|cards|storage|settings)|slack_bolt|aiohttp)\b"),
        ("bot/recent.py", r"(bot\.(app|server|listeners|cards|storage|settings)|slack_bolt|aiohttp)\b"),
        ("bot/linking.py", r"(bot\.(app|server|listeners|cards|storage|settings)|slack_bolt|aiohttp)\b"),
        (
            "bot/link_requests.py",
            r"(bot\.(app|server|listeners|cards|storage|settings)|slack_bolt|aiohttp)\b",
        ),
        ("bot/home_tab.py", r"(bot\.(app|server|listeners|cards|storage|settings)|slack_bolt|aiohttp)\b"),
        (
            "bot/homes.py",
            r"(bot\.(app|server|listeners|cards|storage|settings)|slack_bolt|slack_sdk|aiohttp)\b",
        ),
        ("bot/checks", r"bot\.(app|server|listeners|command_line)\b"),
    ],
)
def test_imports_go_one_way(importing: str, never: str) -> None:
    place = ROOT / importing
    for source in [place] if place.is_file() else place.rglob("*.py"):
        assert not [each for each in imported(source) if re.match(never, each)], source


def test_cometchat_could_be_published_on_its_own() -> None:
    for source in (ROOT / "bot" / "cometchat").rglob("*.py"):
        ours = {each for each in imported(source) if each == "bot" or each.startswith("bot.")}
        assert not [each for each in ours if not re.match(r"bot(\.__version__|\.cometchat\b.*)?$", each)]


def test_only_settings_reads_the_environment() -> None:
    for source in (ROOT / "bot").rglob("*.py"):
        assert not re.search(r"\bos\.(environ|getenv)\b", source.read_text(encoding="utf-8")), source
