"""Which addresses a reply may go to (pure): Slack's, and no other.

A `response_url` comes from a signed payload, a modal's metadata or the database. Somebody who got hold of the
signing secret, or of a row, could name an address that only this machine reaches, or their own.
"""

from __future__ import annotations

import re

from yarl import URL  # aiohttp's own parser, so that both find the same host in an address

_SLACK = ("slack.com", "slack-gov.com")
_HTTPS_PORT = 443
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class ReplyAddresses:
    """Knows which addresses are Slack's, or on the host of `slack_api_url` where that is an emulator's.

    Slack's are at hooks.slack.com
    (https://docs.slack.dev/interactivity/handling-user-interaction#message_responses), GovSlack's at
    hooks.slack-gov.com; any name below their domains is accepted. An emulator may use any port.
    """

    def __init__(self, slack_api_url: str = "https://slack.com/api") -> None:
        host = URL(slack_api_url).raw_host or ""
        if _is_slack(host):
            self._emulator: frozenset[str] = frozenset()
        else:
            self._emulator = _THIS_MACHINE if host in _THIS_MACHINE else frozenset({host})

    def has(self, response_url: str) -> bool:
        """Whether a reply may go there."""
        try:
            url = URL(response_url)
        except ValueError:
            return False
        host = url.raw_host or ""
        if url.scheme not in {"http", "https"} or not host or url.user is not None:
            return False
        if host in self._emulator:
            return True
        return url.scheme == "https" and url.port == _HTTPS_PORT and _is_slack(host)


def _is_slack(host: str) -> bool:
    """Whether it is one of Slack's domains, or below one."""
    return bool(_HOST.fullmatch(host)) and any(host == each or host.endswith(f".{each}") for each in _SLACK)
