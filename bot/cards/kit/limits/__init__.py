"""Slack's Block Kit limits, and one function that says what a message or a view breaks.

Pure, and quick enough for every message: nothing else checks what cards put together. It only reports: cutting a text short, or answering otherwise, is for the caller.
Lengths are counted in code points. Only what this bot may use passes: an unknown block type is a violation.

numbers.py has the limits; surfaces.py, blocks.py, elements.py and rich_text.py each check one kind of thing,
all by the rules in findings.py.
"""

from bot.cards.kit.limits.numbers import *  # noqa: F403 - the numbers are for everybody, and each is named once
from bot.cards.kit.limits.surfaces import violations as violations
