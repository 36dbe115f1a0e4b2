"""Slack's Block Kit limits: `violations` says which ones a message or a view breaks (pure).

It only reports; what to do about it is for the caller. Lengths are counted in code points. Only what this bot uses
passes: a block type that it does not use is a violation.

The numbers are in `numbers.py`, the rules in `blocks.py` and `elements.py`.
"""

from collections.abc import Mapping
from typing import Any

from bot.cards.kit.limits import numbers
from bot.cards.kit.limits.blocks import check_blocks
from bot.cards.kit.limits.findings import PLAIN, Findings
from bot.cards.kit.limits.numbers import Surface as Surface


def violations(message: Mapping[str, Any], surface: Surface = "message") -> list[str]:
    """Return every limit that `message` breaks, each as a sentence that begins with its path; none is good.

    For the surfaces `modal` and `home` the mapping is the view. Never raises, whatever is in the mapping.
    """
    found = Findings(surface)
    if surface == "message":
        _check_message(found, message)
    else:
        _check_view(found, message)
    return found.problems


def _check_message(found: Findings, message: Mapping[str, Any]) -> None:
    found.optional_string("text", message.get("text"), numbers.MESSAGE_TEXT, least=0)
    check_blocks(found, "blocks", message.get("blocks"))
    if found.text > numbers.MESSAGE_TOTAL_TEXT:
        found.too_many("blocks", found.text, numbers.MESSAGE_TOTAL_TEXT, "characters of text in all")


def _check_view(found: Findings, view: Mapping[str, Any]) -> None:
    if view.get("type") != found.surface:
        found.problem("type", f"must be {found.surface}")
    if found.surface == "modal":
        found.text_object("title", view.get("title"), numbers.VIEW_TITLE, PLAIN)
        found.optional_text("submit", view.get("submit"), numbers.VIEW_SUBMIT, PLAIN)
        found.optional_text("close", view.get("close"), numbers.VIEW_CLOSE, PLAIN)
    else:
        for key in ("title", "submit", "close"):
            if view.get(key) is not None:
                found.problem(key, "a home tab has none")
    found.optional_string("private_metadata", view.get("private_metadata"), numbers.PRIVATE_METADATA, least=0)
    found.optional_string("callback_id", view.get("callback_id"), numbers.IDENTIFIER, least=0)
    found.optional_string("external_id", view.get("external_id"), numbers.IDENTIFIER, least=0)
    if view.get("blocks") is None:
        found.problem("blocks", "missing")
    check_blocks(found, "blocks", view.get("blocks"))
    if found.inputs and found.surface == "modal" and view.get("submit") is None:
        found.problem("submit", "missing, and there is an input block")
