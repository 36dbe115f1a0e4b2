"""Slack's Block Kit limits, and one function that says what a message or a view breaks.

Pure, and quick enough for every message (the slack_sdk models leave out field lengths, tables, duplicate
ids and totals). It only reports: cutting a text short, or answering otherwise, is for the caller.
Numbers: facts/slack.md, "Block Kit limits"; those it does not give are Slack's published ones.
Lengths are counted in code points. Only what this bot may use passes: an unknown block type is a violation.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]

BLOCKS = {"message": 50, "modal": 100, "home": 100}
MESSAGE_TEXT = 40_000  # the top-level `text`
MESSAGE_TOTAL_TEXT = 8_000  # all text in blocks; msg_blocks_too_long was seen from 11,000
TEXT = 3_000
SECTION_FIELDS = 10
SECTION_FIELD_TEXT = 2_000
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
URL = 3_000
IDENTIFIER = 255  # action_id, block_id, callback_id, external_id
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
IMAGE_URL = 3_000
IMAGE_ALT_TEXT = 2_000
IMAGE_TITLE = 2_000
ALERT_TEXT = 200
VIEW_TITLE = 24
VIEW_SUBMIT = 24
VIEW_CLOSE = 24
PRIVATE_METADATA = 3_000
TABLES = 1  # in one message
TABLE_ROWS = 100
TABLE_COLUMNS = 20
TABLE_TEXT = 10_000  # over all cells
INPUT_LABEL = 2_000
INPUT_HINT = 2_000
INPUT_LENGTH = 3_000  # the highest min_length and max_length of a plain_text_input
PLACEHOLDER = 150
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTION_DESCRIPTION = 75
SELECT_OPTIONS = 100
OVERFLOW_OPTIONS = 5
CHECKBOX_OPTIONS = 10
RADIO_OPTIONS = 10

_PLAIN = frozenset({"plain_text"})
_ANY_TEXT = frozenset({"plain_text", "mrkdwn"})
_BUTTONS = frozenset({"button", "static_select", "overflow", "checkboxes", "radio_buttons"})
_ACCESSORIES = _BUTTONS | {"image"}
_INPUTS = frozenset({"plain_text_input", "static_select", "checkboxes", "radio_buttons"})
_OPTIONS = {
    "static_select": SELECT_OPTIONS,
    "overflow": OVERFLOW_OPTIONS,
    "checkboxes": CHECKBOX_OPTIONS,
    "radio_buttons": RADIO_OPTIONS,
}
_RICH_CONTAINERS = frozenset(
    {"rich_text_section", "rich_text_preformatted", "rich_text_quote", "rich_text_list"}
)
# An element of a rich text, and the string without which Slack refuses it.
_RICH_LEAVES = {
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
_ONLY_ON: dict[str, frozenset[str]] = {
    "alert": frozenset({"modal"}),
    # slackblocks' table of surfaces, drawn from Slack's pages, has no table in a modal.
    "table": frozenset({"message", "home"}),
}


def violations(message: Mapping[str, Any], surface: Surface = "message") -> list[str]:
    """Return every limit that `message` breaks, each as a sentence that begins with its path; none is good.

    For the surfaces `modal` and `home` the mapping is the view. Never raises, whatever is in the mapping.
    """
    check = _Check(surface)
    if surface == "message":
        check.message(message)
    else:
        check.view(message)
    return check.problems


class _Check:
    """One walk over one message or view: the problems, and what is counted over all of it."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.problems: list[str] = []
        self._block_ids: set[str] = set()
        self._action_ids: set[str] = set()
        self._text = 0
        self._tables = 0
        self._inputs = 0
        self._rules: dict[str, Callable[[str, Mapping[str, Any]], None]] = {
            "section": self._section,
            "header": self._header,
            "divider": self._divider,
            "context": self._context,
            "actions": self._actions,
            "image": self._image,
            "input": self._input,
            "alert": self._alert,
            "table": self._table,
            "rich_text": self._rich_text,
        }

    # The two kinds of things that are checked

    def message(self, message: Mapping[str, Any]) -> None:
        if message.get("text") is not None:
            self._string("text", message["text"], MESSAGE_TEXT, least=0)
        self._blocks("blocks", message.get("blocks"))
        attachments = message.get("attachments")
        if attachments is not None and not isinstance(attachments, list | tuple):
            self._problem("attachments", "must be a list")
            return
        for index, attachment in enumerate(attachments or ()):
            if isinstance(attachment, Mapping):
                self._blocks(f"attachments[{index}].blocks", attachment.get("blocks"))
            else:
                self._problem(f"attachments[{index}]", "must be an object")
        if self._text > MESSAGE_TOTAL_TEXT:
            self._too_many("blocks", self._text, MESSAGE_TOTAL_TEXT, "characters of text in all")

    def view(self, view: Mapping[str, Any]) -> None:
        if view.get("type") != self.surface:
            self._problem("type", f"must be {self.surface}")
        if self.surface == "modal":
            self._text_object("title", view.get("title"), VIEW_TITLE, _PLAIN)
            self._optional_text("submit", view, VIEW_SUBMIT, _PLAIN)
            self._optional_text("close", view, VIEW_CLOSE, _PLAIN)
        for key, most in (
            ("private_metadata", PRIVATE_METADATA),
            ("callback_id", IDENTIFIER),
            ("external_id", IDENTIFIER),
        ):
            if view.get(key) is not None:
                self._string(key, view[key], most, least=0)
        if view.get("blocks") is None:
            self._problem("blocks", "missing")
        self._blocks("blocks", view.get("blocks"))
        if self._inputs and self.surface == "modal" and view.get("submit") is None:
            self._problem("submit", "missing, and there is an input block")

    # Blocks

    def _blocks(self, path: str, blocks: object) -> None:
        if blocks is None:
            return
        for at, block in self._items(path, blocks, BLOCKS[self.surface], "blocks", least=0):
            kind = block.get("type")
            rule = self._rules.get(kind) if isinstance(kind, str) else None
            if rule is None:
                self._problem(f"{at}.type", f"unknown block type {_shown(kind)}")
                continue
            surfaces = _ONLY_ON.get(str(kind))
            if surfaces is not None and self.surface not in surfaces:
                self._problem(f"{at}.type", f"{kind} does not work in a {self.surface}")
            self._identifier(at, block, "block_id", self._block_ids)
            # Slack's own rule is one block's action ids apart; our lists have a button a row with one id, so the
            # stricter "unique within a message" of our notes is not taken over
            self._action_ids = set()
            rule(at, block)

    def _section(self, at: str, block: Mapping[str, Any]) -> None:
        text, fields, accessory = block.get("text"), block.get("fields"), block.get("accessory")
        if text is None and fields is None:
            self._problem(at, "a section needs text or fields")
        if text is not None:
            self._text_object(f"{at}.text", text, TEXT)
        if fields is not None:
            for path, field in self._items(f"{at}.fields", fields, SECTION_FIELDS, "fields"):
                self._text_object(path, field, SECTION_FIELD_TEXT)
        if accessory is not None:
            self._element(f"{at}.accessory", accessory, _ACCESSORIES)

    def _header(self, at: str, block: Mapping[str, Any]) -> None:
        self._text_object(f"{at}.text", block.get("text"), HEADER_TEXT, _PLAIN)

    def _divider(self, at: str, block: Mapping[str, Any]) -> None:
        """Nothing is in a divider that could be wrong."""

    def _context(self, at: str, block: Mapping[str, Any]) -> None:
        for path, element in self._items(
            f"{at}.elements", block.get("elements"), CONTEXT_ELEMENTS, "elements"
        ):
            if element.get("type") == "image":
                self._image(path, element)
            else:
                self._text_object(path, element, TEXT)

    def _actions(self, at: str, block: Mapping[str, Any]) -> None:
        for path, element in self._items(
            f"{at}.elements", block.get("elements"), ACTIONS_ELEMENTS, "elements"
        ):
            self._element(path, element, _BUTTONS)

    def _image(self, at: str, block: Mapping[str, Any]) -> None:
        if block.get("slack_file") is None:
            self._string(f"{at}.image_url", block.get("image_url"), IMAGE_URL)
        self._string(f"{at}.alt_text", block.get("alt_text"), IMAGE_ALT_TEXT)
        self._optional_text("title", block, IMAGE_TITLE, _PLAIN, within=at)

    def _input(self, at: str, block: Mapping[str, Any]) -> None:
        self._inputs += 1
        self._text_object(f"{at}.label", block.get("label"), INPUT_LABEL, _PLAIN)
        self._optional_text("hint", block, INPUT_HINT, _PLAIN, within=at)
        self._element(f"{at}.element", block.get("element"), _INPUTS)

    def _alert(self, at: str, block: Mapping[str, Any]) -> None:
        self._text_object(f"{at}.text", block.get("text"), ALERT_TEXT)

    def _table(self, at: str, block: Mapping[str, Any]) -> None:
        self._tables += 1
        if self._tables == TABLES + 1:
            self._problem(at, "a second table, at most 1 a message")
        settings = block.get("column_settings")
        if settings is not None:
            self._listed(f"{at}.column_settings", settings, TABLE_COLUMNS, "columns", least=0)
        before = self._text
        for index, row in enumerate(self._listed(f"{at}.rows", block.get("rows"), TABLE_ROWS, "rows")):
            for path, cell in self._items(f"{at}.rows[{index}]", row, TABLE_COLUMNS, "cells"):
                self._cell(path, cell)
        if self._text - before > TABLE_TEXT:
            self._too_many(at, self._text - before, TABLE_TEXT, "characters in all cells")

    def _cell(self, at: str, cell: Mapping[str, Any]) -> None:
        kind = cell.get("type")
        before = self._text
        if kind == "rich_text":
            self._rich_text(at, cell)
        elif kind in ("raw_text", "raw_number"):
            text = cell.get("text")
            self._text += len(text) if isinstance(text, str) else 0
            if not isinstance(text, str) or not text.strip():
                # A cell of blanks is as empty as none: whether Slack takes it is not known.
                self._problem(at, "an empty cell")
            if kind == "raw_number" and not _is_number(cell.get("value")):
                self._problem(f"{at}.value", "must be a number")
        else:
            self._problem(f"{at}.type", f"unknown cell type {_shown(kind)}")
            return
        if kind == "rich_text" and self._text == before:
            self._problem(at, "an empty cell")

    def _rich_text(self, at: str, block: Mapping[str, Any]) -> None:
        for path, element in self._items(f"{at}.elements", block.get("elements"), None, "elements"):
            self._rich_container(path, element, _RICH_CONTAINERS)

    def _rich_container(self, at: str, element: Mapping[str, Any], kinds: frozenset[str]) -> None:
        kind = element.get("type")
        if not isinstance(kind, str) or kind not in kinds:
            self._problem(f"{at}.type", f"unknown rich text element {_shown(kind)}")
            return
        children = self._items(f"{at}.elements", element.get("elements"), None, "elements")
        if kind == "rich_text_list":
            if element.get("style") not in ("bullet", "ordered"):
                self._problem(f"{at}.style", "must be bullet or ordered")
            for path, child in children:
                self._rich_container(path, child, _RICH_CONTAINERS - {"rich_text_list"})
            return
        for path, child in children:
            self._rich_leaf(path, child)

    def _rich_leaf(self, at: str, leaf: Mapping[str, Any]) -> None:
        kind = leaf.get("type")
        needed = _RICH_LEAVES.get(kind) if isinstance(kind, str) else None
        if needed is None:
            self._problem(f"{at}.type", f"unknown rich text element {_shown(kind)}")
            return
        value = leaf.get(needed)
        if not isinstance(value, str) or not value:
            self._problem(f"{at}.{needed}", "missing or empty")
            return
        if kind == "date" and not _is_whole(leaf.get("timestamp")):
            self._problem(f"{at}.timestamp", "must be whole seconds since 1970")
        shown = leaf.get("text") if kind == "link" else None
        self._text += len(shown) if isinstance(shown, str) and shown else len(value)

    # What is inside blocks

    def _element(self, at: str, element: object, kinds: frozenset[str]) -> None:
        if not isinstance(element, Mapping):
            self._problem(at, "missing or not an object")
            return
        kind = element.get("type")
        if not isinstance(kind, str) or kind not in kinds:
            self._problem(f"{at}.type", f"{_shown(kind)} does not work here")
            return
        if kind == "image":
            self._image(at, element)
            return
        self._identifier(at, element, "action_id", self._action_ids)
        if element.get("confirm") is not None:
            self._confirm(f"{at}.confirm", element["confirm"])
        self._optional_text("placeholder", element, PLACEHOLDER, _PLAIN, within=at)
        if kind == "button":
            self._button(at, element)
        elif kind == "plain_text_input":
            self._plain_text_input(at, element)
        else:
            self._options(at, element, kind)

    def _button(self, at: str, button: Mapping[str, Any]) -> None:
        self._text_object(f"{at}.text", button.get("text"), BUTTON_TEXT, _PLAIN)
        if button.get("value") is not None:
            self._string(f"{at}.value", button["value"], BUTTON_VALUE)
        if button.get("url") is not None:
            self._string(f"{at}.url", button["url"], URL)
        if button.get("accessibility_label") is not None:
            self._string(f"{at}.accessibility_label", button["accessibility_label"], BUTTON_TEXT)
        if button.get("style") not in (None, "primary", "danger"):
            self._problem(f"{at}.style", "must be primary or danger")

    def _confirm(self, at: str, confirm: object) -> None:
        if not isinstance(confirm, Mapping):
            self._problem(at, "must be an object")
            return
        self._text_object(f"{at}.title", confirm.get("title"), CONFIRM_TITLE, _PLAIN)
        self._text_object(f"{at}.text", confirm.get("text"), CONFIRM_TEXT)
        self._text_object(f"{at}.confirm", confirm.get("confirm"), CONFIRM_BUTTON, _PLAIN)
        self._text_object(f"{at}.deny", confirm.get("deny"), CONFIRM_BUTTON, _PLAIN)

    def _options(self, at: str, element: Mapping[str, Any], kind: str) -> None:
        # Only checkboxes and radio buttons take mrkdwn in an option.
        kinds = _ANY_TEXT if kind in ("checkboxes", "radio_buttons") else _PLAIN
        for path, option in self._items(f"{at}.options", element.get("options"), _OPTIONS[kind], "options"):
            self._text_object(f"{path}.text", option.get("text"), OPTION_TEXT, kinds)
            self._string(f"{path}.value", option.get("value"), OPTION_VALUE)
            self._optional_text("description", option, OPTION_DESCRIPTION, kinds, within=path)

    def _plain_text_input(self, at: str, element: Mapping[str, Any]) -> None:
        for key, least in (("min_length", 0), ("max_length", 1)):
            value = element.get(key)
            if value is not None and not (_is_whole(value) and least <= value <= INPUT_LENGTH):
                self._problem(f"{at}.{key}", f"must be a whole number from {least} to {INPUT_LENGTH:,}")

    def _identifier(self, at: str, owner: Mapping[str, Any], key: str, seen: set[str]) -> None:
        value = owner.get(key)
        if value is None:
            return  # Slack makes one up
        if not self._string(f"{at}.{key}", value, IDENTIFIER):
            return
        if value in seen:
            self._problem(f"{at}.{key}", f"{_shown(value)} is used twice")
        seen.add(value)

    # Texts, strings, lists

    def _optional_text(
        self, key: str, owner: Mapping[str, Any], most: int, kinds: frozenset[str], within: str = ""
    ) -> None:
        if owner.get(key) is not None:
            self._text_object(f"{within}.{key}" if within else key, owner[key], most, kinds)

    def _text_object(self, at: str, text: object, most: int, kinds: frozenset[str] = _ANY_TEXT) -> None:
        if not isinstance(text, Mapping):
            self._problem(at, "missing or not a text object")
            return
        kind = text.get("type")
        if not isinstance(kind, str) or kind not in kinds:
            self._problem(f"{at}.type", f"must be {' or '.join(sorted(kinds))}, not {_shown(kind)}")
        value = text.get("text")
        if self._string(f"{at}.text", value, most):
            self._text += len(str(value))

    def _string(self, at: str, value: object, most: int, *, least: int = 1) -> bool:
        """Say whether `value` is a string at all; report its length when that is wrong."""
        if not isinstance(value, str):
            self._problem(at, "missing or not a string")
            return False
        if len(value) > most:
            self._too_many(at, len(value), most, "characters")
        elif len(value) < least:
            self._problem(at, "empty")
        return True

    def _listed(self, at: str, value: object, most: int | None, what: str, *, least: int = 1) -> list[Any]:
        if not isinstance(value, list | tuple):
            self._problem(at, "missing or not a list")
            return []
        if len(value) < least:
            self._problem(at, f"no {what}")
        if most is not None and len(value) > most:
            self._too_many(at, len(value), most, what)
        return list(value)

    def _items(
        self, at: str, value: object, most: int | None, what: str, *, least: int = 1
    ) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the objects in a list with the path of each."""
        found = []
        for index, item in enumerate(self._listed(at, value, most, what, least=least)):
            if isinstance(item, Mapping):
                found.append((f"{at}[{index}]", item))
            else:
                self._problem(f"{at}[{index}]", "must be an object")
        return found

    def _too_many(self, at: str, count: int, most: int, what: str) -> None:
        self._problem(at, f"{count:,} {what}, at most {most:,}")

    def _problem(self, at: str, what: str) -> None:
        self.problems.append(f"{at}: {what}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: object) -> str:
    return repr(value)[:60]
