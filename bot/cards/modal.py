"""A modal as Slack takes it, within Slack's limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cards.blocks import Block, plain_text
from bot.cards.limits import violations
from bot.cards.message import InvalidMessageError

DETAILS_VIEW = "callinfo_details"
"""The id of every modal that only tells something (contract.md)."""

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
