"""Block Kit as plain JSON values (pure): how each block is written. Inputs are in `inputs.py`.

Each function is one object of https://docs.slack.dev/reference/block-kit, with the fields that this bot uses. Text that
others wrote is safe in `plain_text`, `raw_text` and rich text; markup is escaped by the caller. Nothing is checked
here: `message.py` and `modal.py` check the whole against `limits/`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, NewType

# JSON objects that only the type checker tells apart: a button in place of a block is an error to it
Block = NewType("Block", dict[str, Any])
Text = NewType("Text", dict[str, Any])
Button = NewType("Button", dict[str, Any])
Menu = NewType("Menu", dict[str, Any])
"""An element in which a person chooses: a menu behind three dots, or boxes to tick."""
Confirm = NewType("Confirm", dict[str, Any])
Cell = NewType("Cell", dict[str, Any])
Piece = NewType("Piece", dict[str, Any])
"""A part of a line of rich text: words, a date, a user, a link."""
Run = NewType("Run", dict[str, Any])
"""A line of rich text, or preformatted text."""


def plain_text(text: str) -> Text:
    """Return a text in which nothing is parsed, `:emoji:` neither."""
    return Text({"type": "plain_text", "text": text, "emoji": False})


def header(text: str) -> Block:
    """Return a headline."""
    return Block({"type": "header", "text": plain_text(text)})


def section(markup: str, *, accessory: Button | Menu | None = None, block_id: str | None = None) -> Block:
    """Return a paragraph in mrkdwn, with a button or a menu beside it."""
    block = _block("section", block_id)
    block["text"] = _mrkdwn(markup)
    if accessory is not None:
        block["accessory"] = accessory
    return block


def context(markup: str) -> Block:
    """Return a line of mrkdwn in small print."""
    return Block({"type": "context", "elements": [_mrkdwn(markup)]})


def divider() -> Block:
    """Return a horizontal line."""
    return Block({"type": "divider"})


def actions(elements: Sequence[Button | Menu], *, block_id: str | None = None) -> Block:
    """Return a row of buttons and menus."""
    block = _block("actions", block_id)
    block["elements"] = list(elements)
    return block


def button(
    text: str,
    action_id: str,
    value: str,
    *,
    style: Literal["primary", "danger"] | None = None,
    confirm: Confirm | None = None,
    label: str | None = None,
) -> Button:
    """Return a button. Slack sends `value` when it is pressed; a screen reader says `label` instead of `text`."""
    made = Button({"type": "button", "text": plain_text(text), "action_id": action_id, "value": value})
    if style is not None:
        made["style"] = style
    if confirm is not None:
        made["confirm"] = confirm
    if label is not None:
        made["accessibility_label"] = label
    return made


def link_button(text: str, action_id: str, url: str) -> Button:
    """Return a button that opens an address; Slack also tells of the press, which has to be acked."""
    return Button({"type": "button", "text": plain_text(text), "action_id": action_id, "url": url})


def overflow(action_id: str, options: Mapping[str, str]) -> Menu:
    """Return the menu behind three dots, texts by values; Slack sends the value that is chosen."""
    return Menu({"type": "overflow", "action_id": action_id, "options": options_of(options)})


def checkboxes(action_id: str, options: Mapping[str, str], *, ticked: Collection[str]) -> Menu:
    """Return boxes to tick, texts by values; at each change Slack sends the values of all that are ticked."""
    shown = options_of(options)
    boxes = Menu({"type": "checkboxes", "action_id": action_id, "options": shown})
    if initial := [option for option in shown if option["value"] in ticked]:  # Slack refuses an empty list
        boxes["initial_options"] = initial
    return boxes


def options_of(options: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the options of a menu, texts by values."""
    return [{"text": plain_text(text), "value": value} for value, text in options.items()]


def confirmation(title: str, text: str, *, confirm: str, deny: str) -> Confirm:
    """Return the dialog that asks for confirmation after a press."""
    texts = {"title": title, "text": text, "confirm": confirm, "deny": deny}
    return Confirm({name: plain_text(each) for name, each in texts.items()})


def table(rows: Sequence[Sequence[Cell]], *, wrapped: Sequence[bool]) -> Block:
    """Return a table, the header first; `wrapped` says for each column whether long cells wrap."""
    return Block(
        {
            "type": "table",
            "column_settings": [{"is_wrapped": each} for each in wrapped],
            "rows": [list(row) for row in rows],
        }
    )


def cell(text: str) -> Cell:
    """Return a cell of a table with text in which nothing is parsed."""
    return Cell({"type": "raw_text", "text": text})


def rich_text(runs: Iterable[Run]) -> Block:
    """Return lines of rich text, which parses nothing."""
    return Block({"type": "rich_text", "elements": list(runs)})


def rich_line(pieces: Iterable[Piece]) -> Run:
    """Return a line of rich text."""
    return Run({"type": "rich_text_section", "elements": list(pieces)})


def preformatted(text: str) -> Run:
    """Return text in a monospaced font, its lines as they are."""
    return Run({"type": "rich_text_preformatted", "elements": [words(text)]})


def words(text: str, *, bold: bool = False, code: bool = False) -> Piece:
    """Return words of rich text."""
    piece = Piece({"type": "text", "text": text})
    if bold or code:
        piece["style"] = {name: True for name, on in (("bold", bold), ("code", code)) if on}
    return piece


def date(at: int, form: str, fallback: str) -> Piece:
    """Return a time (Unix seconds) in each viewer's zone; `form` is in Slack's date tokens."""
    return Piece({"type": "date", "timestamp": at, "format": form, "fallback": fallback})


def user(user_id: str) -> Piece:
    """Return a mention of a Slack user."""
    return Piece({"type": "user", "user_id": user_id})


def channel(channel_id: str) -> Piece:
    """Return the name of a channel, which leads there."""
    return Piece({"type": "channel", "channel_id": channel_id})


def link(url: str, text: str) -> Piece:
    """Return words that are a link."""
    return Piece({"type": "link", "url": url, "text": text})


def _block(kind: str, block_id: str | None) -> Block:
    """Return the start of a block that may have an id; where it has none, Slack makes one up."""
    return Block({"type": kind} if block_id is None else {"type": kind, "block_id": block_id})


def _mrkdwn(markup: str) -> Text:
    """Return markup; verbatim, so that a plain @here, #channel or address in it is not parsed."""
    return Text({"type": "mrkdwn", "text": markup, "verbatim": True})
