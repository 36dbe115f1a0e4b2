"""Calls with hostile or broken data, for property tests of every card."""

import re
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.cards.kit.limits import Surface, violations
from bot.cards.kit.message import Message

NASTY = [
    "<!channel>",
    "<!here|x>",
    "@here",
    "@channel",
    "#general",
    "<@U012AB3CD>",
    "<https://evil.example|click>",
    "https://evil.example",
    "`code`",
    "*bold* _it_ ~s~",
    "&lt;!channel&gt;",
    ":tada:",
    "x" * 5000,
    "\u202eevil",
    "שלום עולם",
    "محمد",
    "👩‍👩‍👧‍👦" * 40,
    "a\nb\tc\x00",
    "\u200b\u2060",
    "\u3164",
    "",
    " ",
    "Ｚ" * 200,
]
names = st.none() | st.sampled_from(NASTY) | st.text(max_size=50)
stamps = st.none() | st.integers(-10, 2**40) | st.integers(1715840000, 1715843600)
minutes = st.none() | st.floats(allow_nan=True) | st.integers(-5, 10**6)
words = (
    st.none() | st.sampled_from(["ended", "ongoing", "unanswered", "rejected", "absent", "missed"]) | names
)
participants = st.fixed_dictionaries(
    {
        "uid": st.sampled_from(["superhero1", "superhero2", "u3", "u4"]) | names,
        "name": names,
        "isJoined": st.none() | st.booleans(),
        "state": words,
        "joinedAt": stamps,
        "leftAt": stamps,
        "totalDurationInMinutes": minutes,
        "totalAudioMinutes": minutes,
        "totalVideoMinutes": minutes,
        "deviceId": names,
    }
)
hostile_calls: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "initiator": st.just("superhero1"),
        "receiver": names | st.fixed_dictionaries({"uid": names, "name": names}),
        "receiverType": st.sampled_from(["user", "group", None]) | names,
        "type": st.sampled_from(["audio", "video", None]) | names,
        "mode": st.sampled_from(["call", "meet", "presenter", None]) | names,
        "status": words,
        "initiatedAt": stamps,
        "startedAt": stamps,
        "endedAt": stamps,
        "totalDuration": names | st.just("01:02:03"),
        "totalDurationInMinutes": minutes,
        "totalParticipants": minutes,
        "mid": names,
        "hasRecording": st.none() | st.booleans(),
        "hasTranscription": st.none() | st.booleans(),
        "recordings": st.lists(
            st.fixed_dictionaries(
                {"rid": names, "startTime": stamps, "endTime": stamps, "recording_url": names}
            ),
            max_size=3,
        ),
        "participants": st.lists(participants, max_size=4)
        | st.lists(participants, min_size=1, max_size=2).map(lambda few: few * 100),
    }
)

_ALLOWED_MARKUP = re.compile(r"<!date\^\d+\^(?:\{[a-z_]+\}| at )+\|[A-Za-z0-9 ,:]+ UTC>")


CHANNEL = "C0SUPPORT"
"""The one channel that a card of a test may name."""


def assert_sound(
    message: Message, surface: Surface = "message", mentions: str | tuple[str, ...] = ()
) -> None:
    """Check a message against Slack's limits, and that Slack parses nothing in it that comes from others."""
    mentions = (mentions,) if isinstance(mentions, str) else mentions
    mentioned = re.compile("|".join(map(re.escape, (*mentions, "\0"))))
    assert violations(message.as_json(), surface) == []
    assert_known_to_the_sdk(message.blocks)
    parsed = [message.text, *_parsed_texts(list(message.blocks))]
    for text in parsed:
        rest = mentioned.sub("", _ALLOWED_MARKUP.sub("", text))
        assert "<" not in rest
        assert ">" not in rest
    assert not re.search(r"[@#]\w|://", mentioned.sub("", _ALLOWED_MARKUP.sub("", message.text)))
    message.text.encode()


def _parsed_texts(node: Any) -> list[str]:
    """Return every text in which Slack parses mentions and links; each must be verbatim."""
    if isinstance(node, list):
        return [text for item in node for text in _parsed_texts(item)]
    if not isinstance(node, dict):
        return []
    if node.get("type") == "mrkdwn":
        assert node.get("verbatim") is True
        return [node["text"]]
    if node.get("type") == "plain_text":
        assert node.get("emoji") is False
    assert node.get("type") not in {"link", "broadcast", "usergroup", "image"}
    assert node.get("type") != "channel" or node["channel_id"] == CHANNEL
    return [text for value in node.values() for text in _parsed_texts(value)]


def assert_known_to_the_sdk(blocks: Iterable[dict[str, Any]]) -> None:
    """Check blocks with the models of Slack's SDK, which are independent of ours."""
    for block in blocks:
        model = Block.parse(block)
        assert model is not None
        assert model.to_dict() == block


def assert_sound_view(view: dict[str, Any]) -> None:
    """Check a modal against Slack's limits, and that Slack parses or links nothing in it that comes from others."""
    assert violations(view, "modal") == []
    assert_known_to_the_sdk(view["blocks"])
    for block in view["blocks"]:
        for leaf in _leaves(block):
            if "url" in leaf:
                assert leaf["url"].startswith("https://")
                assert leaf["text"]["text"].startswith("Watch")
            assert leaf.get("type") not in {"broadcast", "channel", "usergroup", "user", "mrkdwn", "link"}
    str(view).encode()


def _leaves(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [leaf for item in node for leaf in _leaves(item)]
    if not isinstance(node, dict):
        return []
    return [node, *(leaf for value in node.values() for leaf in _leaves(value))]
