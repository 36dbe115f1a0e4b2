"""Inputs of a modal as plain JSON values (pure). Each element goes by its block's id.

https://docs.slack.dev/reference/block-kit/blocks/input-block and the elements that it takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.cards.kit.blocks import Block, plain_text


def text_input(
    block_id: str, label: str, *, hint: str, max_length: int, initial: str = "", required: bool = False
) -> Block:
    """Return one line to type in. A `required` one has the focus when its modal opens."""
    element: dict[str, Any] = {"type": "plain_text_input", "max_length": max_length}
    if initial:
        element["initial_value"] = initial
    if required:
        element["focus_on_load"] = True
    return _input(block_id, label, element, hint=hint, optional=not required)


def select(block_id: str, label: str, options: Mapping[str, str], *, chosen: str) -> Block:
    """Return a menu of options, texts by values, of which one is chosen."""
    shown = {value: {"text": plain_text(text), "value": value} for value, text in options.items()}
    element = {"type": "static_select", "options": list(shown.values()), "initial_option": shown[chosen]}
    return _input(block_id, label, element)


def date_picker(block_id: str, label: str, *, chosen: date | None) -> Block:
    """Return a calendar; the day that is chosen comes back as 2026-01-31."""
    initial = {"initial_date": chosen.isoformat()} if chosen else {}
    return _input(block_id, label, {"type": "datepicker", **initial})


def conversation_select(block_id: str, label: str, *, hint: str) -> Block:
    """Return a menu of conversations, the current one chosen; the submission has a response_url to post there.

    https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#conversations_select
    """
    element = {
        "type": "conversations_select",
        "default_to_current_conversation": True,
        "response_url_enabled": True,
    }
    return _input(block_id, label, element, hint=hint, optional=False)


def _input(
    block_id: str, label: str, element: Mapping[str, Any], *, hint: str = "", optional: bool = True
) -> Block:
    block = Block(
        {
            "type": "input",
            "block_id": block_id,
            "label": plain_text(label),
            "optional": optional,
            "element": {**element, "action_id": block_id},
        }
    )
    if hint:
        block["hint"] = plain_text(hint)
    return block
