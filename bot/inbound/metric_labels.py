"""The values that the metrics' labels may have, gathered from the rooms that own them."""

from __future__ import annotations

from typing import Literal, get_args

from bot.answers.interaction import Done, InteractionKind
from bot.calls.problems import ProblemKind
from bot.cometchat.events import TRIGGERS
from bot.inbound.cometchat_events import EventOutcome
from bot.inbound.slack_requests import STATUSES
from bot.observability.metrics import Labels
from bot.slack.connection import ROUTES
from bot.throttling.client import UpstreamOutcome, UpstreamRequest
from bot.throttling.refusals import Scope

LookReason = Literal["event", "poll", "again", "catch_up"]
"""`again`: a record that lagged behind its call's end. `catch_up`: the bot was off for a while."""
LookOutcome = Literal["found", "nothing", "failed", "rate_limited", "ended"]
"""`found`: calls to tell of. `ended`: the subscription ended with it, since the link has changed or the person has left."""
TellingPlace = Literal["direct_message", "channel", "thread"]
TellingOutcome = Literal["posted", "updated", "held", "refused", "failed"]
"""`held`: until the quiet hours end. `refused`: by Slack, with a word that lasts. `failed`: tried again."""

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
