"""Inputs of a modal as plain JSON values (pure). Each element goes by its block's id.

https://docs.slack.dev/reference/block-kit/blocks/input-block and the elements that it takes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from bot.cards.kit.blocks import Block, checkboxes, options_of, plain_text


def text_input(
    block_id: str,
    label: str,
    *,
    hint: str,
    max_length: int,
    initial: str = "",
    required: bool = False,
    dispatch: bool = False,
) -> Block:
    """Return one line to type in. A `required` one has the focus when its modal opens.

    With `dispatch`, here and below, Slack tells of each change (of a text when Enter is pressed), before the modal is
    submitted.
    """
    element: dict[str, Any] = {"type": "plain_text_input", "max_length": max_length}
    if initial:
        element["initial_value"] = initial
    if required:
        element["focus_on_load"] = True
    return _input(block_id, label, element, hint=hint, optional=not required, dispatch=dispatch)


def select(
    block_id: str, label: str, options: Mapping[str, str], *, chosen: str, dispatch: bool = False
) -> Block:
    """Return a menu of options, texts by values, of which one is chosen."""
    shown = options_of(options)
    initial = next(option for option in shown if option["value"] == chosen)
    element = {"type": "static_select", "options": shown, "initial_option": initial}
    return _input(block_id, label, element, dispatch=dispatch)


def boxes(
    block_id: str,
    label: str,
    options: Mapping[str, str],
    *,
    ticked: Collection[str],
    optional: bool = True,
) -> Block:
    """Return boxes to tick, texts by values; unless `optional`, one has to be. Slack tells of each change."""
    element = checkboxes(block_id, options, ticked=ticked)
    return _input(block_id, label, element, optional=optional, dispatch=True)


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


def channel_select(block_id: str, label: str, *, hint: str, chosen: str = "") -> Block:
    """Return a menu of channels that may be left empty; Slack tells of each change.

    https://docs.slack.dev/reference/block-kit/composition-objects/conversation-filter-object
    """
    element: dict[str, Any] = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if chosen:
        element["initial_conversation"] = chosen
    return _input(block_id, label, element, hint=hint, dispatch=True)


def _input(
    block_id: str,
    label: str,
    element: Mapping[str, Any],
    *,
    hint: str = "",
    optional: bool = True,
    dispatch: bool = False,
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
    if dispatch:
        block["dispatch_action"] = True
    if hint:
        block["hint"] = plain_text(hint)
    return block
