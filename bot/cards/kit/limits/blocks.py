"""Blocks: one rule a type of block, and where each may be."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.cards.kit.limits.elements import ACCESSORIES, BUTTONS, INPUTS, check_element, check_image
from bot.cards.kit.limits.findings import PLAIN, Findings, shown
from bot.cards.kit.limits.numbers import (
    ACTIONS_ELEMENTS,
    ALERT_TEXT,
    BLOCKS,
    CONTEXT_ELEMENTS,
    HEADER_TEXT,
    INPUT_HINT,
    INPUT_LABEL,
    SECTION_FIELD_TEXT,
    SECTION_FIELDS,
    TABLE_COLUMNS,
    TABLE_ROWS,
    TABLE_TEXT,
    TABLES,
    TEXT,
)
from bot.cards.kit.limits.rich_text import check_rich_text

_ONLY_ON: dict[str, frozenset[str]] = {
    "alert": frozenset({"modal"}),
    # slackblocks' table of surfaces, drawn from Slack's pages, has no table in a modal.
    "table": frozenset({"message", "home"}),
}


def check_blocks(found: Findings, path: str, blocks: object) -> None:
    """Check a list of blocks, if there is one."""
    if blocks is None:
        return
    for at, block in found.items(path, blocks, BLOCKS[found.surface], "blocks", least=0):
        kind = block.get("type")
        rule = _RULES.get(kind) if isinstance(kind, str) else None
        if rule is None:
            found.problem(f"{at}.type", f"unknown block type {shown(kind)}")
            continue
        surfaces = _ONLY_ON.get(str(kind))
        if surfaces is not None and found.surface not in surfaces:
            found.problem(f"{at}.type", f"{kind} does not work in a {found.surface}")
        found.identifier(f"{at}.block_id", block.get("block_id"), found.block_ids)
        # Slack's own rule is one block's action ids apart; our lists have a button a row with one id, so the
        # stricter "unique within a message" of our notes is not taken over
        found.action_ids.clear()
        rule(found, at, block)


def _section(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    text, fields, accessory = block.get("text"), block.get("fields"), block.get("accessory")
    if text is None and fields is None:
        found.problem(at, "a section needs text or fields")
    if text is not None:
        found.text_object(f"{at}.text", text, TEXT)
    if fields is not None:
        for path, field in found.items(f"{at}.fields", fields, SECTION_FIELDS, "fields"):
            found.text_object(path, field, SECTION_FIELD_TEXT)
    if accessory is not None:
        check_element(found, f"{at}.accessory", accessory, ACCESSORIES)


def _header(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    found.text_object(f"{at}.text", block.get("text"), HEADER_TEXT, PLAIN)


def _divider(_found: Findings, _at: str, _block: Mapping[str, Any]) -> None:
    """Nothing is in a divider that could be wrong."""


def _context(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    for path, element in found.items(f"{at}.elements", block.get("elements"), CONTEXT_ELEMENTS, "elements"):
        if element.get("type") == "image":
            check_image(found, path, element)
        else:
            found.text_object(path, element, TEXT)


def _actions(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    for path, element in found.items(f"{at}.elements", block.get("elements"), ACTIONS_ELEMENTS, "elements"):
        check_element(found, path, element, BUTTONS)


def _input(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    found.inputs += 1
    found.text_object(f"{at}.label", block.get("label"), INPUT_LABEL, PLAIN)
    found.optional_text(f"{at}.hint", block.get("hint"), INPUT_HINT, PLAIN)
    check_element(found, f"{at}.element", block.get("element"), INPUTS)


def _alert(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    found.text_object(f"{at}.text", block.get("text"), ALERT_TEXT)


def _table(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    found.tables += 1
    if found.tables == TABLES + 1:
        found.problem(at, "a second table, at most 1 a message")
    settings = block.get("column_settings")
    if settings is not None:
        found.listed(f"{at}.column_settings", settings, TABLE_COLUMNS, "columns", least=0)
    before = found.text
    for index, row in enumerate(found.listed(f"{at}.rows", block.get("rows"), TABLE_ROWS, "rows")):
        for path, cell in found.items(f"{at}.rows[{index}]", row, TABLE_COLUMNS, "cells"):
            _cell(found, path, cell)
    if found.text - before > TABLE_TEXT:
        found.too_many(at, found.text - before, TABLE_TEXT, "characters in all cells")


def _cell(found: Findings, at: str, cell: Mapping[str, Any]) -> None:
    kind = cell.get("type")
    if kind == "rich_text":
        before = found.text
        check_rich_text(found, at, cell)
        if found.text == before:
            found.problem(at, "an empty cell")
    elif kind in ("raw_text", "raw_number"):
        text = cell.get("text")
        if isinstance(text, str):
            found.text += len(text)
        if not isinstance(text, str) or not text.strip():
            # A cell of blanks is as empty as none: whether Slack takes it is not known.
            found.problem(at, "an empty cell")
        if kind == "raw_number" and not _is_number(cell.get("value")):
            found.problem(f"{at}.value", "must be a number")
    else:
        found.problem(f"{at}.type", f"unknown cell type {shown(kind)}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_RULES: dict[str, Callable[[Findings, str, Mapping[str, Any]], None]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "image": check_image,
    "input": _input,
    "alert": _alert,
    "table": _table,
    "rich_text": check_rich_text,
}
