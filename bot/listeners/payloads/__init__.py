"""What Slack sends, parsed at the border: who did something, where, and how they can be answered.

https://docs.slack.dev/reference/interaction-payloads. The payload is signed, so who it names is who it was; nothing
of what a button carries is taken for that.
"""

from __future__ import annotations

from bot.listeners.payloads.commands import of_command, of_shortcut
from bot.listeners.payloads.events import happened_at, of_home, of_removal
from bot.listeners.payloads.modals import of_approval, of_asked_session, of_search, of_share_found
from bot.listeners.payloads.presses import Press, of_finding_press, of_press
from bot.listeners.payloads.reading import ARRIVED
from bot.listeners.payloads.texts import texts_of

__all__ = [
    "ARRIVED",
    "Press",
    "happened_at",
    "of_approval",
    "of_asked_session",
    "of_command",
    "of_finding_press",
    "of_home",
    "of_press",
    "of_removal",
    "of_search",
    "of_share_found",
    "of_shortcut",
    "texts_of",
]
