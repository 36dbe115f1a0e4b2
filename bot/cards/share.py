"""What Share posts for everyone to see, and what the person who shared from "Find a call" reads."""

from __future__ import annotations

from dataclasses import replace

from bot.calls.lookup import LookupResult
from bot.cards.find import FOUND_VIEW, TITLE
from bot.cards.kit.lines import Mention, Words, rich
from bot.cards.kit.message import Message, lines_message
from bot.cards.kit.modal import View, modal
from bot.cards.summary import call_card


def shared_summary(found: LookupResult, *, now: int, sharer: str) -> Message:
    """Return the card that everyone sees: no buttons, nobody is "you", and one mention, of the Slack user who shares.

    `now` is Unix time: a call that is not over is shown as of then.
    """
    # The hint names CometChat apps, which is nobody else's business
    found = replace(found, hint=None)
    return call_card(found, now=now, viewer=None, footer=[[Words("Shared by "), Mention(sharer)]])


def shared_modal(*, before: bool) -> View:
    """Return that the call was shared, now or `before`."""
    return modal(TITLE, [rich([[Words(_shared(before=before))]])], callback_id=FOUND_VIEW)


def shared_message(*, before: bool) -> Message:
    """Return the same for a person who has closed the modal."""
    return lines_message([[Words(_shared(before=before))]])


def _shared(*, before: bool) -> str:
    return "This call was shared there already." if before else "The call was shared."
