"""The Slack app's manifest: `manifest.yml` with an address filled in, or for Socket Mode, as text or as a link.

Pure, from text to text, so that the file's comments stay. It is read line by line: a YAML parser would be a dependency
for this alone, and a test compares the result with one. Whether the manifest is valid is up to that test and to Slack.
"""

from __future__ import annotations

import re
from urllib.parse import quote

EVENTS = "/slack/events"
"""The path to which Slack posts everything but Slackbot’s questions."""
MCP = "/mcp"
"""The path to which Slackbot posts its questions."""

# Pasted into the page behind it, the manifest makes a new app (https://docs.slack.dev/app-manifests/)
_NEW_APP = "https://api.slack.com/apps?new_app=1&manifest_yaml="
_ADDRESS = re.compile(r"^(\s*(?:request_)?url: )(\S+)$", re.MULTILINE)
_SLACKBOT = re.compile(
    r"^( *)# (- mcp:connect\b.*|mcp_servers:|  callinfo:|    url: \S+/mcp|    auth_type: \S+)$", re.MULTILINE
)
_SOCKET = re.compile(r"^(\s*socket_mode_enabled: )\w+", re.MULTILINE)
_HEAD = re.compile(r"\A(?:#.*\n)+")
_COMMENT = re.compile(r"(?:^|\s+)#\s.*$", re.MULTILINE)  # a colour is no comment: no space behind its #
_SCOPES = re.compile(r"^ {4}bot:\n((?: {6}.*\n)+)", re.MULTILINE)
_SCOPE = re.compile(r"^ {6}- ([a-z:._]+)", re.MULTILINE)
_PLAIN = re.compile(
    r"https://[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?(?::([0-9]{1,5}))?(?:/[0-9A-Za-z._~-]+)*"
)

_NOT_PUBLIC = re.compile(
    r"https://(?:localhost(?![\w.-])|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.)"
)


def parse_address(text: str) -> str:
    """Return a bot's public address, without a slash at the end and without Slack's path.

    Raises ValueError; Slack sends to https alone (https://docs.slack.dev/apis/events-api/using-http-request-urls).
    """
    address = text.strip().rstrip("/").removesuffix(EVENTS)
    plain = _PLAIN.fullmatch(address)
    if plain is None or int(plain[1] or 443) not in range(1, 65536):
        raise ValueError("must be the bot's public address, such as https://my-app.example")
    return address


def parse_public_address(text: str) -> str:
    """Return such an address, if the internet may reach it; raises ValueError."""
    address = parse_address(text)
    if _NOT_PUBLIC.match(address):
        raise ValueError("must be an address that Slack can reach; where there is none, use --socket")
    return address


def with_address(manifest: str, address: str) -> str:
    """Return the manifest of a bot that Slack reaches at that address, which `parse_address` has returned."""

    def filled(match: re.Match[str]) -> str:
        return f"{match[1]}{address}{MCP if match[2].endswith(MCP) else EVENTS}"

    return _ADDRESS.sub(filled, _HEAD.sub("", manifest))


def with_slackbot(manifest: str) -> str:
    """Return the manifest of a bot that Slackbot may ask: with the lines for that, which are comments otherwise."""
    return _SLACKBOT.sub(r"\1\2", manifest)


def for_socket_mode(manifest: str) -> str:
    """Return the manifest of a bot that connects to Slack itself, and needs no address."""
    without = re.sub(rf"{_ADDRESS.pattern}\n", "", _HEAD.sub("", manifest), flags=re.MULTILINE)
    return _SOCKET.sub(r"\g<1>true", without)


def link(manifest: str) -> str:
    """Return the URL of Slack's page for a new app, with that manifest filled in, without its comments."""
    lines = _COMMENT.sub("", manifest).splitlines()
    return _NEW_APP + quote("\n".join(each for each in lines if each.strip()) + "\n", safe="")


def addresses(manifest: str) -> frozenset[str]:
    """Return the addresses to which Slack posts."""
    return frozenset(found[2] for found in _ADDRESS.finditer(manifest))


def scopes(manifest: str) -> tuple[str, ...]:
    """Return the scopes that the bot's token is granted, in the manifest's order; raises LookupError without any."""
    section = _SCOPES.search(manifest)
    if section is None:
        raise LookupError("manifest.yml names no scopes")
    return tuple(_SCOPE.findall(section[1]))
