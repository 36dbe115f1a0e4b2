"""docs/reference.md against the code, so that outsiders can rely on it."""

import re
from pathlib import Path

from bot.cli.arguments import parser
from bot.listeners.command import COMMAND

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
CODE = "\n".join(each.read_text(encoding="utf-8") for each in (ROOT / "bot").rglob("*.py"))


def test_every_id_of_the_page_is_in_the_code_and_every_action_of_the_code_on_the_page() -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE.split("\n## Ids in payloads\n")[1]))
    assert len(named) > 20
    assert not {each for each in named - {"value", "private_metadata"} if f'"{each}"' not in CODE}
    listened = re.findall(r"@app\.(?:action|view|shortcut)\((\w+)\)", CODE)
    assert len(listened) > 10
    assert not {each for each in listened if not set(re.findall(rf'\b{each} = "(\w+)"', CODE)) & named}
    assert f"command `{COMMAND}`" in PAGE


def test_the_page_names_every_subcommand_of_the_command_line() -> None:
    usage = parser().format_help()
    listed = set(re.findall(r"^    (\w+)(?: |$)", usage, re.MULTILINE))
    assert listed == {"serve", "check", "manifest", "migrate", "links", "webhooks", "playground"}
    assert all(f"`{each}`" in PAGE or f"bot {each}`" in PAGE for each in listed)


def test_every_file_that_the_page_points_to_is_there() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
