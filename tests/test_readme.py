"""The README against the code, so that neither runs away from the other."""

import re
from pathlib import Path

from pydantic import SecretStr

from bot.app import DRAIN_SECONDS
from bot.settings import Settings

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([A-Z_]+)` \| .* \| (.*) \|$", README, re.MULTILINE)


def test_the_configuration_table_names_every_setting_and_no_other() -> None:
    assert sorted(name for name, _ in ROWS) == sorted(name.upper() for name in Settings.model_fields)


def test_the_configuration_table_gives_the_defaults() -> None:
    told = dict(ROWS)
    for name, field in Settings.model_fields.items():
        if field.is_required():
            assert told[name.upper()] == "required"
        elif field.default:
            default = (
                field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
            )
            assert str(default).rstrip("/") in told[name.upper()].replace("/`", "`")


def test_every_file_and_heading_that_the_readme_points_to_is_there() -> None:
    root = Path(__file__).parent.parent
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", README):
        path, _, heading = target.partition("#")
        assert not path or (root / path).exists(), target
        if heading:
            text = (root / path).read_text(encoding="utf-8") if path else README
            headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
            assert heading in {each.lower().replace(" ", "-") for each in headings}, target


def test_what_a_newcomer_looks_for_is_there_in_the_order_in_which_they_look() -> None:
    wanted = [
        "Try it",
        "Install it in Slack",
        "Deploy",
        "Commands",
        "Configuration",
        "Security",
        "How it works",
    ]
    headings = re.findall(r"^## (.+)$", README, re.MULTILINE)
    assert [each for each in headings if each in wanted] == wanted
    assert headings[-2:] == ["Develop", "Licence"]


def test_the_example_of_a_file_env_names_every_required_setting() -> None:
    for name, field in Settings.model_fields.items():
        if field.is_required():
            assert f"   {name.upper()}=" in README


def test_how_long_a_drain_takes_is_told_alike_everywhere() -> None:
    root = Path(__file__).parent.parent
    told = {
        "README.md": rf"for {DRAIN_SECONDS:.0f} seconds at most",
        "docs/deploy.md": "within 26 of the 30 seconds",
        "fly.toml": rf"takes 26 at most: {DRAIN_SECONDS:.0f} to finish",
    }
    for path, words in told.items():
        assert words in " ".join((root / path).read_text(encoding="utf-8").split()), path
