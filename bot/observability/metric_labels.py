"""What the labels of metrics may say: closed sets, and nothing else.

Each combination of labels is a time series, kept here and in Prometheus for good. So nothing that a person or an API
sends becomes a label: a value that is in no set counts as "other".
"""

from __future__ import annotations

from itertools import product
from typing import Generic, Literal, TypeVar, get_args

from prometheus_client.metrics import MetricWrapperBase

from bot.answers.interaction import Done, Kind
from bot.calls.problems import ProblemKind
from bot.throttling.refusals import Scope

Question = Literal["get_call", "list_calls", "check_user"]
"""What CometChat is asked."""
Answered = Literal[
    "found",
    "not_found",
    "unknown_uid",
    "refused_key",
    "misconfigured",
    "rate_limited",
    "plan_restricted",
    "server_error",
    "unreachable",
    "timeout",
    "bad_answer",
]
"""What came of asking it."""
Route = Literal["response_url", "views", "chat"]
"""The ways that messages go to Slack after the ack."""
Status = Literal["400", "401", "404", "405", "408", "411", "413", "415", "417", "431", "503"]

Sets = dict[str, frozenset[str]]
"""Of each label of a metric, by its name, what it may say besides "other"."""

OTHER = "other"
KIND: Sets = {"kind": frozenset(get_args(Kind))}
OUTCOME: Sets = {"outcome": frozenset(map(str, (*get_args(Done), *ProblemKind)))}
QUESTION: Sets = {"request": frozenset(get_args(Question))}
ANSWERED: Sets = {"outcome": frozenset(get_args(Answered))}
SCOPE: Sets = {"scope": frozenset(Scope)}
ROUTE: Sets = {"route": frozenset(get_args(Route))}
STATUS: Sets = {"status": frozenset(get_args(Status))}

_Metric = TypeVar("_Metric", bound=MetricWrapperBase)


class Bounded(Generic[_Metric]):
    """A metric whose labels come from closed sets; each of its time series is looked for in the metric only once."""

    def __init__(self, metric: _Metric, sets: Sets) -> None:
        self._metric = metric
        self._allowed = tuple(sets.values())
        self._found: dict[tuple[str, ...], _Metric] = {}

    def show(self, sets: Sets) -> None:
        """Let each combination of these be there, as 0, before it first happens: only then its 1 is an increase."""
        for values in product(*sets.values()):
            self.of(*values)

    def of(self, *values: str) -> _Metric:
        """Return the time series with those labels, in the order of the sets; it is there from now on."""
        found = self._found.get(values)
        if found is not None:
            return found
        bounded = tuple(
            value if value in allowed else OTHER for value, allowed in zip(values, self._allowed, strict=True)
        )
        found = self._metric.labels(*bounded)
        if bounded == values:  # nothing from outside is kept
            self._found[values] = found
        return found
