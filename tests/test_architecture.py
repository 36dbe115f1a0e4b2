"""docs/architecture.md against the code: the rooms that it names are there, and no import runs upwards."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

FLOORS = (
    "inbound",
    "listeners",
    "answers",
    "cards",
    "subscriptions",
    "links",
    "calls",
    "throttling",
    "identity",
    "cometchat",
    "slack",
    "observability",
)
"""From the way in down to what needs nobody. A room imports only rooms below it."""

BESIDE = {
    # Implements the stores of these rooms, with their values
    "storage": {"answers", "subscriptions", "links", "calls", "identity", "cometchat", "observability"},
    "checks": {*FLOORS, "storage"},
    "cli": {*FLOORS, "storage", "checks", "playground"},
    "playground": {*FLOORS, "storage"},
}


def imported(source: Path) -> set[str]:
    """Return the modules that a file imports, by their full names."""
    found = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


def below(room: str) -> set[str]:
    """Return the rooms that a room may import."""
    return BESIDE[room] if room in BESIDE else set(FLOORS[FLOORS.index(room) + 1 :])


def rooms() -> list[str]:
    return sorted(each.parent.name for each in (ROOT / "bot").glob("*/__init__.py"))


def test_every_room_has_its_place() -> None:
    assert set(rooms()) == {*FLOORS, *BESIDE}


@pytest.mark.parametrize("room", rooms())
def test_no_import_runs_upwards(room: str) -> None:
    upwards = set()
    for source in (ROOT / "bot" / room).rglob("*.py"):
        for each in imported(source):
            parts = each.split(".")
            other = parts[1] if parts[0] == "bot" and len(parts) > 1 else room
            if other in {*FLOORS, *BESIDE} - {room} - below(room):
                upwards.add((str(source.relative_to(ROOT / "bot")), other))
    assert not upwards


def test_settings_and_the_composition_root_are_imported_by_who_starts_something() -> None:
    for source in (ROOT / "bot").rglob("*.py"):
        names = imported(source)
        room = source.relative_to(ROOT / "bot").parts[0]
        if room not in {"__main__.py", "app.py", "cli", "checks", "playground"}:
            assert not {"bot.settings", "bot.app"} & names, source


def test_cometchat_could_be_published_on_its_own() -> None:
    for source in (ROOT / "bot" / "cometchat").rglob("*.py"):
        ours = {each for each in imported(source) if each == "bot" or each.startswith("bot.")}
        assert not [each for each in ours if not re.match(r"bot(\.__version__|\.cometchat\b.*)?$", each)]


def test_only_settings_reads_the_environment() -> None:
    for source in (ROOT / "bot").rglob("*.py"):
        assert not re.search(r"\bos\.(environ|getenv)\b", source.read_text(encoding="utf-8")), source


def test_every_module_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`((?:bot|tests|fuzz|bench)[\w/]*(?:/|\.py)|manifest\.yml)`", PAGE))
    assert len(named) > 30
    assert not [each for each in named if not (ROOT / each).exists()]
