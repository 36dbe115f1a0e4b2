"""What is inside blocks: buttons, choices, inputs, images, and the dialog that asks to confirm."""

from collections.abc import Mapping
from typing import Any

from bot.cards.limits.findings import ANY_TEXT, PLAIN, Findings, is_whole, shown
from bot.cards.limits.numbers import (
    BUTTON_TEXT,
    BUTTON_VALUE,
    CHECKBOX_OPTIONS,
    CONFIRM_BUTTON,
    CONFIRM_TEXT,
    CONFIRM_TITLE,
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

BUTTONS = frozenset({"button", "static_select", "overflow", "checkboxes", "radio_buttons"})
ACCESSORIES = BUTTONS | {"image"}
INPUTS = frozenset({"plain_text_input", "static_select", "checkboxes", "radio_buttons"})
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
    if kind == "button":
        _button(found, at, element)
    elif kind == "plain_text_input":
        _plain_text_input(found, at, element)
    else:
        _options(found, at, element, kind)


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


def _plain_text_input(found: Findings, at: str, element: Mapping[str, Any]) -> None:
    for key, least in (("min_length", 0), ("max_length", 1)):
        value = element.get(key)
        if value is not None and not (is_whole(value) and least <= value <= INPUT_LENGTH):
            found.problem(f"{at}.{key}", f"must be a whole number from {least} to {INPUT_LENGTH:,}")
