"""Which addresses a reply may go to, as yarl and so aiohttp read them."""

import pytest

from bot.slack.reply_addresses import ReplyAddresses

SLACK = ReplyAddresses()


@pytest.mark.parametrize(
    "address",
    [
        "https://hooks.slack.com/commands/T1/2/x",
        "https://hooks.slack.com:443/actions/T1/2/x",
        "https://HOOKS.slack.com/actions/T1/2/x",
        "https://hooks.slack-gov.com/actions/T1/2/x",
        "https://eu1.hooks.slack.com/x",
    ],
)
@pytest.mark.parametrize(
    "api", ["https://slack.com/api", "https://slack-gov.com/api", "https://proxy.example/api"]
)
def test_slack_s_own_are_there_whatever_the_web_api_is(address: str, api: str) -> None:
    assert ReplyAddresses(api).has(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "//hooks.slack.com/x",
        "http://hooks.slack.com/x",
        "https://hooks.slack.com:8443/x",
        "https://hooks.slack.com:99999/x",
        "https://hooks.slack.com@evil.example/x",
        "https://user@hooks.slack.com/x",
        "https://hooks.slack.com.evil.example/x",
        "https://evilslack.com/x",
        "https://.slack.com/x",
        "https://evil.example#.slack.com/",
        "https://evil.example?.slack.com/",
        "https://evil.example%2f.slack.com/",
        "https://evil.example\\.slack.com/",
        "https://evil.example /.slack.com/",
        "https://a b.slack.com/",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "http://127.0.0.1:6379/",
        "http://[::1]/x",
        "http://",
        "http://[",
        "https:///x",
        "file:///etc/passwd",
        "ftp://hooks.slack.com/x",
    ],
)
def test_all_others_are_not(address: str) -> None:
    assert not SLACK.has(address)


EMULATOR = "https://slack.emulator.example/api"


@pytest.mark.parametrize(
    ("api", "address", "may"),
    [
        ("http://127.0.0.1:4000/api", "http://127.0.0.1:4000/response/x", True),
        ("http://127.0.0.1:4000/api", "http://127.0.0.1:4001/response/x", True),
        ("http://127.0.0.1:4000/api", "http://localhost:4001/response/x", True),
        ("http://localhost:4000/api", "http://127.0.0.1:4000/response/x", True),
        ("http://[::1]:4000/api", "http://localhost:4000/response/x", True),
        (EMULATOR, "https://slack.emulator.example/x", True),
        (EMULATOR, "https://other.example/x", False),
        (EMULATOR, "https://below.slack.emulator.example/x", False),
        (EMULATOR, "http://127.0.0.1/x", False),
        (EMULATOR, "https:///x", False),
    ],
)
def test_an_emulator_s_are_on_the_host_of_its_web_api_and_no_other(
    api: str, address: str, *, may: bool
) -> None:
    assert ReplyAddresses(api).has(address) is may
