"""Block Kit as plain JSON values: the one module that knows how a block is written (pure).

Each function is one object of https://docs.slack.dev/reference/block-kit, with what this bot uses of it. Foreign
words are safe wherever `plain_text`, `raw_text` or rich text takes them; markup is escaped by the caller. Nothing is
checked here: that Slack takes what was put together is for limits/, which message.py and modal.py ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NewType

# Kinds of JSON objects, told apart by the type checker alone: a button where a block belongs is an error to it
Block = NewType("Block", dict[str, Any])
Text = NewType("Text", dict[str, Any])
Button = NewType("Button", dict[str, Any])
Confirm = NewType("Confirm", dict[str, Any])
Cell = NewType("Cell", dict[str, Any])
Piece = NewType("Piece", dict[str, Any])
"""What rich text is made of in a line: words, a date, a user, a link."""
Run = NewType("Run", dict[str, Any])
"""A line of rich text, or a preformatted text."""


def plain_text(text: str) -> Text:
    """Return a text in which nothing is parsed, `:emoji:` neither."""
    return Text({"type": "plain_text", "text": text, "emoji": False})


def header(text: str) -> Block:
    """Return a headline."""
    return Block({"type": "header", "text": plain_text(text)})


def section(markup: str, *, accessory: Button | None = None, block_id: str | None = None) -> Block:
    """Return a paragraph in mrkdwn, with a button beside it."""
    block = _block("section", block_id)
    block["text"] = _mrkdwn(markup)
    if accessory is not None:
        block["accessory"] = accessory
    return block


def context(markup: str) -> Block:
    """Return a line of mrkdwn in small print."""
    return Block({"type": "context", "elements": [_mrkdwn(markup)]})


def divider() -> Block:
    """Return a rule across."""
    return Block({"type": "divider"})


def actions(buttons: Sequence[Button], *, block_id: str | None = None) -> Block:
    """Return a row of buttons."""
    block = _block("actions", block_id)
    block["elements"] = list(buttons)
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
    """Return a button; Slack gives `value` back when it is pressed. `label` is what a screen reader says instead of `text`."""
    made = Button({"type": "button", "text": plain_text(text), "action_id": action_id, "value": value})
    if style is not None:
        made["style"] = style
    if confirm is not None:
        made["confirm"] = confirm
    if label is not None:
        made["accessibility_label"] = label
    return made


def confirmation(title: str, text: str, *, confirm: str, deny: str) -> Confirm:
    """Return the dialog that asks once more after a press."""
    texts = {"title": title, "text": text, "confirm": confirm, "deny": deny}
    return Confirm({name: plain_text(each) for name, each in texts.items()})


def text_input(
    block_id: str, action_id: str, *, label: str, hint: str, max_length: int, written: str = ""
) -> Block:
    """Return one line to type in, which has the focus when its modal opens; `written` stands in it already."""
    block = _block("input", block_id)
    block["label"] = plain_text(label)
    block["hint"] = plain_text(hint)
    block["element"] = {
        "type": "plain_text_input",
        "action_id": action_id,
        "focus_on_load": True,
        "max_length": max_length,
        **({"initial_value": written} if written else {}),
    }
    return block


def table(rows: Sequence[Sequence[Cell]], *, wrapped: Sequence[bool]) -> Block:
    """Return a table, the header first; `wrapped` says of each column whether long cells go on in a second line."""
    return Block(
        {
            "type": "table",
            "column_settings": [{"is_wrapped": each} for each in wrapped],
            "rows": [list(row) for row in rows],
        }
    )


def raw_cell(text: str) -> Cell:
    """Return a cell of a table with text in which nothing is parsed."""
    return Cell({"type": "raw_text", "text": text})


def rich_cell(run: Run) -> Cell:
    """Return a cell of a table with a line of rich text."""
    return Cell({"type": "rich_text", "elements": [run]})


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


def link(url: str, text: str) -> Piece:
    """Return words that lead somewhere."""
    return Piece({"type": "link", "url": url, "text": text})


def _block(kind: str, block_id: str | None) -> Block:
    """Return the start of a block that may have an id; where it has none, Slack makes one up."""
    return Block({"type": kind} if block_id is None else {"type": kind, "block_id": block_id})


def _mrkdwn(markup: str) -> Text:
    """Return markup; verbatim, so that a plain @here, #channel or address in it is not parsed."""
    return Text({"type": "mrkdwn", "text": markup, "verbatim": True})
