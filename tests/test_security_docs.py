"""docs/security.md against the tests that it names, so that no promise stands there which nothing shows."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PROMISED = GUIDE.split("\n## Promised\n")[1].split("\n## ")[0]
PROMISES = re.findall(r"^- .*(?:\n  .*)*", PROMISED, re.MULTILINE)
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", GUIDE)


def names_in(file: str) -> set[str]:
    module = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {each.name for each in module.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))}


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise[:40])
def test_each_promise_names_a_test_that_shows_it(promise: str) -> None:
    assert re.search(r"^  - `tests/", promise, re.MULTILINE)


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_each_test_that_is_named_is_there(file: str, name: str) -> None:
    assert name.startswith("test_")
    assert name in names_in(file)


def test_every_name_of_a_test_is_one_that_these_tests_have_read() -> None:
    assert len(NAMED) == GUIDE.count("`tests/") > len(PROMISES) > 20


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/security.md"])
def test_every_file_that_the_pages_point_to_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:)([^)]+)\)", text)
    assert targets
    for target in targets:
        assert ((ROOT / page).parent / target).exists(), target


def test_the_readme_points_to_both() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("\n## Security\n")[1].split("\n## ")[0]
    assert {"docs/security.md", "SECURITY.md"} <= set(re.findall(r"\]\(([^)]+)\)", section))
