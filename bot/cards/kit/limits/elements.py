"""What is inside blocks: buttons, choices, inputs, images, and the dialog that asks to confirm."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.cards.kit.limits.findings import ANY_TEXT, PLAIN, Findings, is_date, is_whole, shown
from bot.cards.kit.limits.numbers import (
    BUTTON_TEXT,
    BUTTON_VALUE,
    CHECKBOX_OPTIONS,
    CONFIRM_BUTTON,
    CONFIRM_TEXT,
    CONFIRM_TITLE,
    IDENTIFIER,
    IMAGE_ALT_TEXT,
    IMAGE_TITLE,
    IMAGE_URL,
    INPUT_LENGTH,
    OPTION_DESCRIPTION,
    OPTION_TEXT,
    OPTION_VALUE,
    OVERFLOW_OPTIONS,
    PLACEHOLDER,
    RADIO_OPTIONS,
    SELECT_OPTIONS,
    URL,
)

_PICKED = frozenset({"static_select", "checkboxes", "radio_buttons", "datepicker", "conversations_select"})
BUTTONS = _PICKED | {"button", "overflow"}
ACCESSORIES = BUTTONS | {"image"}
INPUTS = _PICKED | {"plain_text_input"}
_CONVERSATIONS = ("im", "mpim", "private", "public")
_OPTIONS = {
    "static_select": SELECT_OPTIONS,
    "overflow": OVERFLOW_OPTIONS,
    "checkboxes": CHECKBOX_OPTIONS,
    "radio_buttons": RADIO_OPTIONS,
}


def check_element(found: Findings, at: str, element: object, kinds: frozenset[str]) -> None:
    """Check an element, of one of those kinds."""
    if not isinstance(element, dict):
        found.problem(at, "missing or not an object")
        return
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in kinds:
        found.problem(f"{at}.type", f"{shown(kind)} does not work here")
        return
    if kind == "image":
        check_image(found, at, element)
        return
    found.identifier(f"{at}.action_id", element.get("action_id"), found.action_ids)
    if element.get("confirm") is not None:
        _confirm(found, f"{at}.confirm", element["confirm"])
    found.optional_text(f"{at}.placeholder", element.get("placeholder"), PLACEHOLDER, PLAIN)
    if kind in _OPTIONS:
        _options(found, at, element, kind)
    else:
        _RULES[kind](found, at, element)
    if element.get("response_url_enabled") and (kinds is not INPUTS or found.surface != "modal"):
        # https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#conversations_select
        found.problem(f"{at}.response_url_enabled", "works in an input of a modal only")


def check_image(found: Findings, at: str, image: Mapping[str, Any]) -> None:
    """Check an image, as a block or as an element."""
    if image.get("slack_file") is None:
        found.string(f"{at}.image_url", image.get("image_url"), IMAGE_URL)
    found.string(f"{at}.alt_text", image.get("alt_text"), IMAGE_ALT_TEXT)
    found.optional_text(f"{at}.title", image.get("title"), IMAGE_TITLE, PLAIN)


def _button(found: Findings, at: str, button: Mapping[str, Any]) -> None:
    found.text_object(f"{at}.text", button.get("text"), BUTTON_TEXT, PLAIN)
    found.optional_string(f"{at}.value", button.get("value"), BUTTON_VALUE)
    found.optional_string(f"{at}.url", button.get("url"), URL)
    found.optional_string(f"{at}.accessibility_label", button.get("accessibility_label"), BUTTON_TEXT)
    if button.get("style") not in (None, "primary", "danger"):
        found.problem(f"{at}.style", "must be primary or danger")


def _confirm(found: Findings, at: str, confirm: object) -> None:
    if not isinstance(confirm, dict):
        found.problem(at, "must be an object")
        return
    found.text_object(f"{at}.title", confirm.get("title"), CONFIRM_TITLE, PLAIN)
    found.text_object(f"{at}.text", confirm.get("text"), CONFIRM_TEXT)
    found.text_object(f"{at}.confirm", confirm.get("confirm"), CONFIRM_BUTTON, PLAIN)
    found.text_object(f"{at}.deny", confirm.get("deny"), CONFIRM_BUTTON, PLAIN)


def _options(found: Findings, at: str, element: Mapping[str, Any], kind: str) -> None:
    # Only checkboxes and radio buttons take mrkdwn in an option.
    kinds = ANY_TEXT if kind in ("checkboxes", "radio_buttons") else PLAIN
    for path, option in found.items(f"{at}.options", element.get("options"), _OPTIONS[kind], "options"):
        found.text_object(f"{path}.text", option.get("text"), OPTION_TEXT, kinds)
        found.string(f"{path}.value", option.get("value"), OPTION_VALUE)
        found.optional_text(f"{path}.description", option.get("description"), OPTION_DESCRIPTION, kinds)
    initial = element.get("initial_option")
    listed = element.get("options")
    if initial is not None and initial not in (listed if isinstance(listed, list | tuple) else ()):
        found.problem(f"{at}.initial_option", "is none of the options")


def _datepicker(found: Findings, at: str, element: Mapping[str, Any]) -> None:
    initial = element.get("initial_date")
    if initial is not None and not is_date(initial):
        found.problem(f"{at}.initial_date", "must be a date such as 2026-01-31")


def _conversations_select(found: Findings, at: str, element: Mapping[str, Any]) -> None:
    found.optional_string(f"{at}.initial_conversation", element.get("initial_conversation"), IDENTIFIER)
    chosen = element.get("filter")
    if chosen is None:
        return
    include = chosen.get("include") if isinstance(chosen, Mapping) else ()
    if include is not None and (not isinstance(include, list | tuple) or not include):
        found.problem(f"{at}.filter.include", "must name kinds of conversations")
    elif include is not None and not all(each in _CONVERSATIONS for each in include):
        found.problem(f"{at}.filter.include", f"may name {', '.join(_CONVERSATIONS)}")


def _plain_text_input(found: Findings, at: str, element: Mapping[str, Any]) -> None:
    for key, least in (("min_length", 0), ("max_length", 1)):
        value = element.get(key)
        if value is not None and not (is_whole(value) and least <= value <= INPUT_LENGTH):
            found.problem(f"{at}.{key}", f"must be a whole number from {least} to {INPUT_LENGTH:,}")


_RULES: dict[str, Callable[[Findings, str, Mapping[str, Any]], None]] = {
    "button": _button,
    "plain_text_input": _plain_text_input,
    "datepicker": _datepicker,
    "conversations_select": _conversations_select,
}
