"""What is inside blocks: buttons, choices, inputs, and the dialog that asks to confirm."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.cards.kit.limits import numbers
from bot.cards.kit.limits.findings import ANY_TEXT, PLAIN, Findings, is_date, is_whole, shown

_PICKERS = frozenset({*numbers.OPTIONS, "datepicker", "conversations_select"})
BUTTONS = _PICKERS | {"button"}
INPUTS = (_PICKERS - {"overflow"}) | {"plain_text_input"}
_PLAIN_OPTIONS = frozenset({"static_select", "overflow"})


def check_element(found: Findings, at: str, element: object, types: frozenset[str]) -> None:
    """Check an element, of one of those types."""
    if not isinstance(element, dict):
        found.problem(at, "missing or not an object")
        return
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in types:
        found.problem(f"{at}.type", f"{shown(kind)} does not work here")
        return
    found.identifier(f"{at}.action_id", element.get("action_id"), found.action_ids)
    if element.get("confirm") is not None:
        _confirm(found, f"{at}.confirm", element["confirm"])
    if rule := _RULES.get(kind):
        rule(found, at, element)
    if element.get("response_url_enabled") and (types is not INPUTS or found.surface != "modal"):
        # https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#conversations_select
        found.problem(f"{at}.response_url_enabled", "works in an input of a modal only")


def _confirm(found: Findings, at: str, confirm: object) -> None:
    if not isinstance(confirm, dict):
        found.problem(at, "must be an object")
        return
    found.text_object(f"{at}.title", confirm.get("title"), numbers.CONFIRM_TITLE, PLAIN)
    found.text_object(f"{at}.text", confirm.get("text"), numbers.CONFIRM_TEXT)
    found.text_object(f"{at}.confirm", confirm.get("confirm"), numbers.CONFIRM_BUTTON, PLAIN)
    found.text_object(f"{at}.deny", confirm.get("deny"), numbers.CONFIRM_BUTTON, PLAIN)


def _button(found: Findings, at: str, button: Mapping[str, Any]) -> None:
    found.text_object(f"{at}.text", button.get("text"), numbers.BUTTON_TEXT, PLAIN)
    found.optional_string(f"{at}.value", button.get("value"), numbers.BUTTON_VALUE)
    label = button.get("accessibility_label")
    found.optional_string(f"{at}.accessibility_label", label, numbers.BUTTON_TEXT)
    if button.get("style") not in (None, "primary", "danger"):
        found.problem(f"{at}.style", "must be primary or danger")


def _options(found: Findings, at: str, element: Mapping[str, Any]) -> None:
    types = PLAIN if element["type"] in _PLAIN_OPTIONS else ANY_TEXT
    most, options = numbers.OPTIONS[element["type"]], element.get("options")
    for path, option in found.items(f"{at}.options", options, most, "options"):
        found.text_object(f"{path}.text", option.get("text"), numbers.OPTION_TEXT, types)
        found.string(f"{path}.value", option.get("value"), numbers.OPTION_VALUE)
    initial = element.get("initial_option")
    if initial is not None and initial not in (options if isinstance(options, list | tuple) else ()):
        found.problem(f"{at}.initial_option", "is none of the options")
    ticked = element.get("initial_options")
    if ticked is None:
        return
    for path, each in found.items(f"{at}.initial_options", ticked, most, "options"):
        if each not in (options if isinstance(options, list | tuple) else ()):
            found.problem(path, "is none of the options")


def _datepicker(found: Findings, at: str, element: Mapping[str, Any]) -> None:
    initial = element.get("initial_date")
    if initial is not None and not is_date(initial):
        found.problem(f"{at}.initial_date", "must be a date such as 2026-01-31")


def _plain_text_input(found: Findings, at: str, element: Mapping[str, Any]) -> None:
    for key, least in (("min_length", 0), ("max_length", 1)):
        value = element.get(key)
        if value is not None and not (is_whole(value) and least <= value <= numbers.INPUT_LENGTH):
            found.problem(f"{at}.{key}", f"must be a whole number from {least} to {numbers.INPUT_LENGTH:,}")


_RULES: dict[str, Callable[[Findings, str, Mapping[str, Any]], None]] = {
    "button": _button,
    "datepicker": _datepicker,
    "plain_text_input": _plain_text_input,
    **dict.fromkeys(numbers.OPTIONS, _options),
}
