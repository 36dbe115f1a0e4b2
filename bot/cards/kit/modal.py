"""A modal as Slack takes it, within Slack's limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cards.kit.blocks import Block, context, plain_text, section
from bot.cards.kit.limits import violations
from bot.cards.kit.message import ONLY_YOU, InvalidMessageError, Message

DETAILS_VIEW = "callinfo_details"
"""The id of every modal that only tells something (contract.md)."""

_PARAGRAPH = (
    3_000  # characters of a section (https://docs.slack.dev/reference/block-kit/blocks/section-block)
)

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
    """Put a modal together; raises InvalidMessageError, a bug, where Slack would refuse it."""
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


def message_modal(said: Message) -> View:
    """Return a modal that says what a message says, less its buttons, which would have nowhere to answer."""
    parts = [""]
    for line in said.text.split("\n"):
        longer = f"{parts[-1]}\n{line}"
        parts[-1:] = [longer] if len(longer) <= _PARAGRAPH else [parts[-1], line[:_PARAGRAPH]]
    shown = [section(part.strip("\n")) for part in parts if part.strip("\n")]
    return modal("callinfo", shown, callback_id=DETAILS_VIEW)


def telling(message: Message) -> View:
    """Return a modal that says what the message does, buttons included; that nobody else sees it needs no saying."""
    only_you = context(ONLY_YOU)
    blocks = [Block(block) for block in message.blocks if block != only_you]
    return modal("callinfo", blocks, callback_id=DETAILS_VIEW)
