"""Finds and fills in what Slack does inside blocks: ids, pressed elements, values of inputs. Pure."""

import copy
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.cards.kit.limits.findings import is_date
from bot.playground.slack.workspace import Json

_INTERACTIVE = frozenset(
    {
        *("button", "static_select", "overflow", "checkboxes", "radio_buttons", "plain_text_input"),
        *("datepicker", "conversations_select"),
    }
)
_VALUES = ("value", "selected_option", "selected_options", "selected_date", "selected_conversation")
REQUIRED = "Please complete this required field."


def with_ids(blocks: Sequence[Any] | None) -> list[Json] | None:
    """Copy the blocks and give ids to those that have none, as Slack does."""
    if blocks is None:
        return None
    copied: list[Json] = copy.deepcopy(list(blocks))
    for block in copied:
        if not block.get("block_id"):
            block["block_id"] = secrets.token_urlsafe(4)
        for element in _elements(block):
            if element.get("type") in _INTERACTIVE and not element.get("action_id"):
                element["action_id"] = secrets.token_urlsafe(4)
    return copied


def find_element(
    blocks: Sequence[Json],
    action_id: str,
    block_id: str | None = None,
    value: str | list[str] | None = None,
) -> tuple[Json, Json]:
    """Return the block and the element in it with that action id; LookupError when there is none.

    Where several share the id, `value` (a button's, or one option's) tells them apart.
    """
    for block in blocks:
        if block_id is not None and block.get("block_id") != block_id:
            continue
        for element in _elements(block):
            if element.get("action_id") == action_id and _has_value(element, value):
                return block, element
    raise LookupError(f"no element {action_id!r} here")


def pressed(block: Json, element: Json, value: str | list[str] | None, action_ts: str) -> Json:
    """Return the entry of `actions` that Slack sends for that element, from Slack's own copy of it.

    `value` is the option, the day or the conversation that was chosen, where it is no button.
    """
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": action_ts,
    }
    if element["type"] == "button":
        return action | {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    return action | _state_of(element, value)


def state(
    blocks: Sequence[Json],
    given: Mapping[str, Mapping[str, Any]],
    conversations: Iterable[str] = (),
    current: str | None = None,
) -> Json:
    """Return `state.values` of a view: for each input, what was given, else its initial value.

    `conversations` are those that the person can choose, `current` the one that the view was opened over.
    """
    reachable = frozenset(conversations)
    values: Json = {}
    for block in blocks:
        for element in _elements(block):
            if element.get("type") in (None, "button", "overflow", "image"):
                continue
            action_id = element.get("action_id", "")
            value = given.get(block["block_id"], {}).get(action_id)
            if element["type"] == "conversations_select":
                chosen = initial_conversation(element, current) if value is None else str(value)
                offered = chosen in reachable and offers(element, chosen or "")
                entry = _conversation(chosen if offered else None)
            else:
                entry = _state_of(element, value)
            entry = {"type": element["type"], **entry}
            values.setdefault(block["block_id"], {})[action_id] = entry
    return values


def missing(blocks: Sequence[Json], values: Mapping[str, Any]) -> dict[str, str]:
    """Return what Slack's own client complains about before it sends anything: block id to words."""
    complaints: dict[str, str] = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        entry = values[block["block_id"]][element["action_id"]]
        filled = next((entry[key] for key in _VALUES if key in entry), "")
        if not filled:
            if not block.get("optional"):
                complaints[block["block_id"]] = REQUIRED
        elif element["type"] == "plain_text_input":
            least, most = element.get("min_length", 0), element.get("max_length", 3_000)
            if not least <= len(filled) <= most:
                complaints[block["block_id"]] = f"Use {least} to {most:,} characters."
    return complaints


def response_conversations(blocks: Sequence[Json], values: Json) -> Iterator[tuple[str, str, str]]:
    """Yield block id, action id and conversation of each choice that gets a response URL.

    https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#conversations_select
    """
    for block in blocks:
        element = block["element"] if block.get("type") == "input" else {}
        if element.get("response_url_enabled"):
            entry = values[block["block_id"]][element["action_id"]]
            if chosen := entry["selected_conversation"]:
                yield block["block_id"], element["action_id"], chosen


def initial_conversation(element: Json, current: str | None) -> str | None:
    """Return the conversation that is chosen before the person chooses one."""
    if element.get("default_to_current_conversation") and current:
        return current
    initial: str | None = element.get("initial_conversation")
    return initial


def offers(element: Json, conversation: str) -> bool:
    """Return whether the menu offers that conversation (its filter leaves direct messages out, or channels)."""
    include = (element.get("filter") or {}).get("include")
    direct = conversation.startswith("D")
    return include is None or any(each in (("im",) if direct else ("public", "private")) for each in include)


def _conversation(chosen: str | None) -> Json:
    return {"selected_conversation": chosen}


def _elements(block: Mapping[str, Any]) -> Iterator[Json]:
    listed = block.get("elements") if block.get("type") == "actions" else None
    for element in (block.get("accessory"), block.get("element"), *(listed or ())):
        if isinstance(element, dict):
            yield element


def _has_value(element: Json, value: str | list[str] | None) -> bool:
    if value is None:
        return True
    if isinstance(value, list):
        return element["type"] == "checkboxes" and all(_has_value(element, each) for each in value)
    if element["type"] == "plain_text_input":
        return True  # any may be typed
    if element["type"] in ("datepicker", "conversations_select"):
        return True  # any may be chosen
    if "options" in element:
        return any(option.get("value") == value for option in element["options"])
    return bool(element.get("value") == value)


def _state_of(element: Json, value: Any) -> Json:
    if element["type"] == "plain_text_input":
        return {"value": (element.get("initial_value") if value is None else str(value)) or None}
    if element["type"] == "datepicker":
        return {"selected_date": element.get("initial_date") if value is None else _day(value)}
    if element["type"] == "conversations_select":
        return _conversation(value)
    wanted = value if isinstance(value, list) else [value]
    chosen = [option for option in element.get("options", []) if option.get("value") in wanted]
    if element["type"] == "checkboxes":
        initial = element.get("initial_options", [])
        return {"selected_options": initial if value is None else chosen}
    initial = element.get("initial_option")
    return {"selected_option": initial if value is None else next(iter(chosen), None)}


def _day(value: Any) -> str | None:
    """Return a day; the client has a calendar, so what is none was not chosen, nor was "", which clears it."""
    return str(value) if is_date(value) else None
