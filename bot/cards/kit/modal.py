"""A modal as Slack takes it, within Slack's limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cards.kit.blocks import Block, plain_text, section
from bot.cards.kit.limits import violations
from bot.cards.kit.limits.numbers import TEXT
from bot.cards.kit.message import InvalidMessageError, Message

DETAILS_VIEW = "callinfo_details"
"""The callback id of every modal without inputs."""


View = dict[str, Any]
"""A view's JSON (https://docs.slack.dev/reference/views/modal-views)."""


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback_id: str,
    close: str = "Close",
    submit: str | None = None,
    private_metadata: str = "",
) -> View:
    """Make a modal. Raises InvalidMessageError, a bug, where Slack would refuse it."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title),
        "close": plain_text(close),
        "blocks": list(blocks),
        "private_metadata": private_metadata,
    }
    if submit:
        view["submit"] = plain_text(submit)
    if broken := violations(view, "modal"):
        raise InvalidMessageError("; ".join(broken))
    return view


def message_modal(message: Message) -> View:
    """Return a modal with a message's text, without its buttons, which work only in a message."""
    parts = [""]
    for line in message.text.split("\n"):
        longer = f"{parts[-1]}\n{line}"
        parts[-1:] = [longer] if len(longer) <= TEXT else [parts[-1], line[:TEXT]]
    shown = [section(part.strip("\n")) for part in parts if part.strip("\n")]
    return modal("callinfo", shown, callback_id=DETAILS_VIEW)


def blocks_modal(message: Message) -> View:
    """Return a modal with a message's blocks, for messages whose buttons work in a modal too."""
    return modal("callinfo", message.blocks, callback_id=DETAILS_VIEW)
