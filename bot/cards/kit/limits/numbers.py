"""Slack's numbers: how long, how many. From the pages of https://docs.slack.dev/reference/block-kit.

Slack publishes no limit for all text of a message together: it answered msg_blocks_too_long from 11,000 characters on.
"""

from typing import Literal

Surface = Literal["message", "modal", "home"]

BLOCKS = {"message": 50, "modal": 100, "home": 100}
MESSAGE_TEXT = 40_000  # the top-level `text`
MESSAGE_TOTAL_TEXT = 8_000  # all text in blocks
TEXT = 3_000
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
IDENTIFIER = 255  # action_id, block_id, callback_id, external_id
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
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
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = {"static_select": 100, "checkboxes": 10, "radio_buttons": 10, "overflow": 5}
