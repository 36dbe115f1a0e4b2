"""What Share posts for everyone to see, and what the person who shared from "Find a call" reads."""

from __future__ import annotations

from dataclasses import replace

from bot.calls.lookup import LookupResult
from bot.cards.attendance import attendees
from bot.cards.call_buttons import block_id, details_button
from bot.cards.find import FOUND_VIEW, TITLE
from bot.cards.kit.blocks import actions
from bot.cards.kit.lines import Mention, Words, rich
from bot.cards.kit.message import Message, lines_message
from bot.cards.kit.modal import View, modal
from bot.cards.participants import tells_apart
from bot.cards.summary import call_card, the_rest


def shared_summary(found: LookupResult, *, now: int, sharer: str) -> Message:
    """Return the card that everyone sees: nobody is "you", and one mention, of the Slack user who shares.

    Its button looks the call up anew, for whoever presses it. `now` is Unix time: a call that is not over is shown as
    of then.
    """
    # The hint names CometChat apps, which is nobody else's business
    found, people = replace(found, hint=None), attendees(found.call, now=now)
    details = actions([details_button(found.session_id)], block_id=block_id(which=found.which))
    beside = tells_apart(found.call, people, now=now) and the_rest(found.call, people)
    return call_card(
        found,
        people,
        now=now,
        viewer=None,
        buttons=[] if beside else [details],
        more=details_button(found.session_id),
        footer=[[Words("Shared by "), Mention(sharer)]],
    )


def shared_modal(*, before: bool) -> View:
    """Return that the call was shared, now or `before`."""
    return modal(TITLE, [rich([[Words(_shared(before=before))]])], callback_id=FOUND_VIEW)


def shared_message(*, before: bool) -> Message:
    """Return the same for a person who has closed the modal."""
    return lines_message([[Words(_shared(before=before))]])


def _shared(*, before: bool) -> str:
    return "This call was already shared there." if before else "Call shared."
