"""The values that the metrics' labels may have, gathered from the rooms that own them."""

from __future__ import annotations

from typing import get_args

from bot.answers.interaction import Done, InteractionKind
from bot.calls.problems import ProblemKind
from bot.cometchat.events import TRIGGERS
from bot.inbound.cometchat_events import EventOutcome
from bot.inbound.slack_requests import STATUSES
from bot.observability.metrics import Labels
from bot.slack.connection import ROUTES
from bot.subscriptions.looks import LookOutcome, LookReason
from bot.subscriptions.outgoing import TellingOutcome, TellingPlace
from bot.throttling.client import UpstreamOutcome, UpstreamRequest
from bot.throttling.refusals import Scope

LABELS = Labels(
    kinds=frozenset(get_args(InteractionKind)),
    outcomes=frozenset((*get_args(Done), *ProblemKind)),
    alerted=frozenset((ProblemKind.CRASHED, ProblemKind.IDENTITY_UNAVAILABLE, ProblemKind.LINKS_UNAVAILABLE)),
    requests=frozenset(get_args(UpstreamRequest)),
    upstream_outcomes=frozenset(get_args(UpstreamOutcome)),
    scopes=frozenset(Scope),
    routes=frozenset(ROUTES),
    statuses=frozenset(map(str, STATUSES)),
    triggers=TRIGGERS,
    event_outcomes=frozenset(get_args(EventOutcome)),
    look_reasons=frozenset(get_args(LookReason)),
    look_outcomes=frozenset(get_args(LookOutcome)),
    telling_places=frozenset(get_args(TellingPlace)),
    telling_outcomes=frozenset(get_args(TellingOutcome)),
)
