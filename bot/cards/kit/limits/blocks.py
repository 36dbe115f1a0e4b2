"""Blocks: a rule for each type, and on which surface it works."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.cards.kit.limits import numbers
from bot.cards.kit.limits.elements import BUTTONS, INPUTS, check_element
from bot.cards.kit.limits.findings import PLAIN, Findings, is_whole, shown

_LEAVES = {"text": "text", "link": "url", "user": "user_id", "channel": "channel_id", "date": "format"}
"""The elements of a line of rich text, and the string without which Slack refuses each."""


def check_blocks(found: Findings, path: str, blocks: object) -> None:
    """Check a list of blocks, if there is one."""
    if blocks is None:
        return
    for at, block in found.items(path, blocks, numbers.BLOCKS[found.surface], "blocks", least=0):
        kind = block.get("type")
        rule = _RULES.get(kind) if isinstance(kind, str) else None
        if rule is None:
            found.problem(f"{at}.type", f"unknown block type {shown(kind)}")
            continue
        found.identifier(f"{at}.block_id", block.get("block_id"), found.block_ids)
        found.action_ids.clear()  # they are unique within a block only: lists have one id in each row
        rule(found, at, block)


def _section(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    found.text_object(f"{at}.text", block.get("text"), numbers.TEXT)
    if block.get("accessory") is not None:
        check_element(found, f"{at}.accessory", block["accessory"], BUTTONS)


def _header(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    found.text_object(f"{at}.text", block.get("text"), numbers.HEADER_TEXT, PLAIN)


def _divider(_found: Findings, _at: str, _block: Mapping[str, Any]) -> None:
    """Nothing in a divider can be wrong."""


def _context(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    elements = block.get("elements")
    for path, element in found.items(f"{at}.elements", elements, numbers.CONTEXT_ELEMENTS, "elements"):
        found.text_object(path, element, numbers.TEXT)


def _actions(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    elements = block.get("elements")
    for path, element in found.items(f"{at}.elements", elements, numbers.ACTIONS_ELEMENTS, "elements"):
        check_element(found, path, element, BUTTONS)


def _input(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    found.inputs += 1
    found.text_object(f"{at}.label", block.get("label"), numbers.INPUT_LABEL, PLAIN)
    found.optional_text(f"{at}.hint", block.get("hint"), numbers.INPUT_HINT, PLAIN)
    check_element(found, f"{at}.element", block.get("element"), INPUTS)


def _table(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    if found.surface == "modal":
        found.problem(f"{at}.type", "table does not work in a modal")
    found.tables += 1
    if found.tables == numbers.TABLES + 1:
        found.problem(at, "a second table, at most 1 a message")
    settings = block.get("column_settings")
    if settings is not None:
        found.listed(f"{at}.column_settings", settings, numbers.TABLE_COLUMNS, "columns", least=0)
    before = found.text
    for index, row in enumerate(found.listed(f"{at}.rows", block.get("rows"), numbers.TABLE_ROWS, "rows")):
        for path, cell in found.items(f"{at}.rows[{index}]", row, numbers.TABLE_COLUMNS, "cells"):
            _cell(found, path, cell)
    if found.text - before > numbers.TABLE_TEXT:
        found.too_many(at, found.text - before, numbers.TABLE_TEXT, "characters in all cells")


def _cell(found: Findings, at: str, cell: Mapping[str, Any]) -> None:
    kind, before = cell.get("type"), found.text
    if kind == "rich_text":
        _rich_text(found, at, cell)
    elif kind == "raw_text":
        text = cell.get("text")
        found.text += len(text) if isinstance(text, str) and text.strip() else 0
    else:
        found.problem(f"{at}.type", f"unknown cell type {shown(kind)}")
        return
    if found.text == before:
        found.problem(at, "an empty cell")


def _rich_text(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    """Check a rich text, as a block or as a table's cell, and count its text. Slack publishes no lengths for it."""
    for path, line in found.items(f"{at}.elements", block.get("elements"), None, "elements"):
        kind = line.get("type")
        if kind not in ("rich_text_section", "rich_text_preformatted"):
            found.problem(f"{path}.type", f"unknown rich text element {shown(kind)}")
            continue
        for leaf_path, leaf in found.items(f"{path}.elements", line.get("elements"), None, "elements"):
            _leaf(found, leaf_path, leaf)


def _leaf(found: Findings, at: str, leaf: Mapping[str, Any]) -> None:
    kind = leaf.get("type")
    needed = _LEAVES.get(kind) if isinstance(kind, str) else None
    if needed is None:
        found.problem(f"{at}.type", f"unknown rich text element {shown(kind)}")
        return
    value = leaf.get(needed)
    if not isinstance(value, str) or not value:
        found.problem(f"{at}.{needed}", "missing or empty")
        return
    if kind == "date" and not is_whole(leaf.get("timestamp")):
        found.problem(f"{at}.timestamp", "must be whole seconds since 1970")
    label = leaf.get("text") if kind == "link" else None
    found.text += len(label) if isinstance(label, str) and label else len(value)


_RULES: dict[str, Callable[[Findings, str, Mapping[str, Any]], None]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "table": _table,
    "rich_text": _rich_text,
}
