"""The whole table."""

from __future__ import annotations

from tests.faults.below import DATABASE, MACHINE
from tests.faults.cometchat import COMETCHAT
from tests.faults.home import HOME
from tests.faults.slack import SLACK
from tests.faults.subscriptions import SUBSCRIPTIONS
from tests.faults.transcripts import TRANSCRIPTS

GROUPS = (COMETCHAT, TRANSCRIPTS, SLACK, HOME, SUBSCRIPTIONS, DATABASE, MACHINE)
FAULTS = tuple(fault for group in GROUPS for fault in group.faults)
