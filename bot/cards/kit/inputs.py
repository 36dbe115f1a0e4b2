"""Inputs of a modal as plain JSON values (pure); each may be left as it is.

https://docs.slack.dev/reference/block-kit/blocks/input-block and the elements that it takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.cards.kit.blocks import Block, plain_text


def choice(block_id: str, label: str, options: Mapping[str, str], *, chosen: str) -> Block:
    """Return a menu of options, texts by values, of which one is chosen."""
    shown = {value: {"text": plain_text(text), "value": value} for value, text in options.items()}
    element = {"type": "static_select", "options": list(shown.values()), "initial_option": shown[chosen]}
    return _input(block_id, label, element, optional=True)


def line(block_id: str, label: str, *, hint: str, written: str, max_length: int) -> Block:
    """Return a line to type in."""
    element: dict[str, Any] = {"type": "plain_text_input", "max_length": max_length}
    if written:
        element["initial_value"] = written
    block = _input(block_id, label, element, optional=True)
    block["hint"] = plain_text(hint)
    return block


def day(block_id: str, label: str, *, chosen: date | None) -> Block:
    """Return a calendar; the day that is chosen comes back as 2026-01-31."""
    initial = {"initial_date": chosen.isoformat()} if chosen else {}
    return _input(block_id, label, {"type": "datepicker", **initial}, optional=True)


def conversation(block_id: str, label: str, *, hint: str) -> Block:
    """Return a menu of conversations, the present one chosen; the submission has an address to post there.

    https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#conversations_select
    """
    element = {
        "type": "conversations_select",
        "default_to_current_conversation": True,
        "response_url_enabled": True,
    }
    block = _input(block_id, label, element, optional=False)
    block["hint"] = plain_text(hint)
    return block


def _input(block_id: str, label: str, element: Mapping[str, Any], *, optional: bool) -> Block:
    """Return an input whose element goes by the block's own id."""
    return Block(
        {
            "type": "input",
            "block_id": block_id,
            "label": plain_text(label),
            "optional": optional,
            "element": {**element, "action_id": block_id},
        }
    )
