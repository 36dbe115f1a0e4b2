"""manifest.yml against the listeners, and against Slack's own schema where ../shared has it."""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.listeners.command import COMMAND

ROOT = Path(__file__).parent.parent
SCHEMA = Path(os.environ.get("CALLINFO_SHARED", "nowhere")) / "slack" / "manifest.schema.v1.json"
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))


@pytest.mark.skipif(not SCHEMA.exists(), reason="only .ci/run says where Slack's schema is")
def test_the_manifest_is_valid_by_slack_s_schema() -> None:
    jsonschema.validate(MANIFEST, json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_commands_are_those_that_the_bot_listens_to() -> None:
    assert [each["command"] for each in MANIFEST["features"]["slash_commands"]] == [COMMAND]


def test_the_scopes_are_the_fewest_that_will_do() -> None:
    assert MANIFEST["oauth_config"]["scopes"] == {"bot": ["commands"]}


def test_what_slack_s_schema_does_not_check() -> None:
    about = MANIFEST["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    for command in MANIFEST["features"]["slash_commands"]:
        assert command["url"].endswith("/slack/events")
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
