"""`python -m bot manifest` against Slack's schema, a YAML parser and the file that it is made from."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
import yaml

from bot.__main__ import main
from bot.slack.manifest import addresses, parse_address, scopes

FILE = (Path(__file__).parents[2] / "manifest.yml").read_text(encoding="utf-8")
MANIFEST: dict[str, Any] = yaml.safe_load(FILE)
SCHEMA = Path(os.environ.get("CALLINFO_SHARED", "nowhere")) / "slack" / "manifest.schema.v1.json"
EVENTS = "https://my-app.example/slack/events"
LEADING = "https://api.slack.com/apps?new_app=1&manifest_yaml="


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["manifest", *arguments]) == 0
    return capsys.readouterr().out


def manifest_in(text: str) -> dict[str, Any]:
    manifest: dict[str, Any] = yaml.safe_load(
        parse_qs(urlsplit(text).query)["manifest_yaml"][0] if text.startswith("https:") else text
    )
    return manifest


WAYS = [
    ["--url", "https://my-app.example"],
    ["--url", "https://my-app.example", "--link"],
    ["--socket"],
    ["--socket", "--link"],
    ["--url", "https://my-app.example", "--slackbot"],
    ["--url", "https://my-app.example", "--slackbot", "--link"],
]


@pytest.mark.skipif(not SCHEMA.exists(), reason="only .ci/run says where Slack's schema is")
@pytest.mark.parametrize("arguments", WAYS)
def test_what_is_printed_is_valid_by_slack_s_schema(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(manifest_in(printed(capsys, *arguments)), schema)


@pytest.mark.parametrize("link", [[], ["--link"]])
def test_only_the_addresses_differ_from_the_file(capsys: pytest.CaptureFixture[str], link: list[str]) -> None:
    made = manifest_in(printed(capsys, "--url", "https://my-app.example", *link))
    assert made["settings"]["event_subscriptions"]["request_url"] == EVENTS
    assert made["settings"]["interactivity"]["request_url"] == EVENTS
    assert made["features"]["slash_commands"][0]["url"] == EVENTS
    assert "callinfo.example.com" not in str(made)
    assert json.loads(json.dumps(made).replace("my-app.example", "callinfo.example.com")) == MANIFEST


@pytest.mark.parametrize("link", [[], ["--link"]])
def test_for_socket_mode_there_is_no_address_and_the_switch_is_on(
    capsys: pytest.CaptureFixture[str], link: list[str]
) -> None:
    made = manifest_in(printed(capsys, "--socket", *link))
    assert made["settings"]["socket_mode_enabled"] is True
    assert "http" not in json.dumps(made)
    assert made["features"]["slash_commands"][0]["command"] == "/callinfo"
    assert made["settings"]["event_subscriptions"]["bot_events"]
    assert made["settings"]["interactivity"] == {"is_enabled": True}
    assert made["oauth_config"] == MANIFEST["oauth_config"]


@pytest.mark.parametrize("link", [[], ["--link"]])
def test_with_slackbot_there_is_its_scope_and_its_address_and_all_else_stays(
    capsys: pytest.CaptureFixture[str], link: list[str]
) -> None:
    without = manifest_in(printed(capsys, "--url", "https://my-app.example"))
    made = manifest_in(printed(capsys, "--url", "https://my-app.example", "--slackbot", *link))
    server = {"url": "https://my-app.example/mcp", "auth_type": "slack_identity_auth"}
    assert made.pop("mcp_servers") == {"callinfo": server}
    made["oauth_config"]["scopes"]["bot"].remove("mcp:connect")
    assert made == without


def test_slackbot_does_not_come_by_socket_mode(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifest", "--socket", "--slackbot"]) == 2
    assert "--slackbot needs --url" in capsys.readouterr().err


def test_the_link_is_one_line_of_plain_characters_that_opens_slack_s_page(
    capsys: pytest.CaptureFixture[str],
) -> None:
    link = printed(capsys, "--url", "https://my-app.example", "--link")
    assert link.startswith(LEADING)
    assert link.count("\n") == 1
    assert link.isascii()
    assert "%20%23%20" not in link  # no comment
    assert "%231f2a44" in link  # the colour is none


def test_comments_stay_but_for_those_on_how_to_paste_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    made = printed(capsys, "--url", "https://my-app.example")
    assert made.startswith("_metadata:")
    assert "# users:read.email" in made.replace("- ", "")


@pytest.mark.parametrize(
    "given", ["https://my-app.example/", "https://my-app.example/slack/events", " https://my-app.example"]
)
def test_an_address_is_taken_as_people_paste_it(capsys: pytest.CaptureFixture[str], given: str) -> None:
    made = manifest_in(printed(capsys, "--url", given))
    assert made["settings"]["interactivity"]["request_url"] == EVENTS


@pytest.mark.parametrize(
    "given",
    [
        "http://my-app.example",
        "my-app.example",
        "https://",
        "https://user:pass@my-app.example",
        "https://my-app.example?x=1",
        "https://my-app.example/#x",
        "https://my-app.example:99999",
        "https://my-app.example: x",
        "https://my-app.example/\nevil: yes",
        "https://-/",
    ],
)
def test_what_is_no_address_for_slack_is_wrong_usage(capsys: pytest.CaptureFixture[str], given: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["manifest", "--url", given])
    assert ended.value.code == 2
    assert "https://my-app.example" in capsys.readouterr().err


def test_neither_address_nor_socket_mode_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifest"]) == 2
    assert "--url" in capsys.readouterr().err


def test_a_port_and_a_path_in_front_of_the_bot_are_kept() -> None:
    assert (
        parse_address("https://my-app.example:8443/bots/callinfo/")
        == "https://my-app.example:8443/bots/callinfo"
    )


def test_what_is_read_from_the_file_is_what_a_yaml_parser_reads() -> None:
    assert list(scopes(FILE)) == MANIFEST["oauth_config"]["scopes"]["bot"]
    assert addresses(FILE) == {MANIFEST["settings"]["interactivity"]["request_url"]}


def test_a_manifest_without_scopes_is_told() -> None:
    with pytest.raises(LookupError):
        scopes("oauth_config: {}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--url", "https://my-app.example", "--socket"],
        ["--url", "https://localhost:3000"],
        ["--url", "https://127.0.0.1"],
        ["--url", "https://192.168.1.5:3000"],
        ["--url", "https://172.31.0.1"],
    ],
)
def test_an_address_that_would_do_nothing_is_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["manifest", *arguments])
    assert caught.value.code == 2


@pytest.mark.parametrize(
    "address", ["https://localhost.example.com", "https://172.32.0.1", "https://10callinfo.example"]
)
def test_an_address_that_only_looks_like_one_at_home_is_taken(
    capsys: pytest.CaptureFixture[str], address: str
) -> None:
    assert address in printed(capsys, "--url", address)
