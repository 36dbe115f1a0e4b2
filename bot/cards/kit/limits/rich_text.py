"""Rich text: which elements there are, and what each must have. Slack publishes no lengths for it."""

from collections.abc import Mapping
from typing import Any

from bot.cards.kit.limits.findings import Findings, is_whole, shown

_CONTAINERS = frozenset({"rich_text_section", "rich_text_preformatted", "rich_text_quote", "rich_text_list"})
_IN_A_LIST = _CONTAINERS - {"rich_text_list"}
# An element of a rich text, and the string without which Slack refuses it.
_LEAVES = {
    "text": "text",
    "link": "url",
    "emoji": "name",
    "user": "user_id",
    "usergroup": "usergroup_id",
    "channel": "channel_id",
    "team": "team_id",
    "broadcast": "range",
    "color": "value",
    "date": "format",
}


def check_rich_text(found: Findings, at: str, block: Mapping[str, Any]) -> None:
    """Check a rich text, as a block or as a table's cell, and count its text."""
    for path, element in found.items(f"{at}.elements", block.get("elements"), None, "elements"):
        _container(found, path, element, _CONTAINERS)


def _container(found: Findings, at: str, element: Mapping[str, Any], kinds: frozenset[str]) -> None:
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in kinds:
        found.problem(f"{at}.type", f"unknown rich text element {shown(kind)}")
        return
    children = found.items(f"{at}.elements", element.get("elements"), None, "elements")
    if kind != "rich_text_list":
        for path, child in children:
            _leaf(found, path, child)
        return
    if element.get("style") not in ("bullet", "ordered"):
        found.problem(f"{at}.style", "must be bullet or ordered")
    for path, child in children:
        _container(found, path, child, _IN_A_LIST)


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
