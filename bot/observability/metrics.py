"""What callinfo counts and times, for Prometheus: every metric, and the text of `/metrics`.

Names and units follow https://prometheus.io/docs/practices/naming/; docs/metrics.md says what each tells an operator.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeVar

import structlog
from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot import __version__

log = structlog.get_logger()
disable_created_metrics()  # type: ignore[no-untyped-call] # one more series for each, which nobody asks for

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
KEPT_SECONDS = 1.0
"""Anybody may ask, at any rate, and the text takes milliseconds to make, in which nobody else is served."""
OTHER = "other"
"""The label of what is in no set."""

_NAMESPACE = "callinfo"
# From a cached answer to the longest that anything is waited for; at 3 s Slack gives an ack up
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 2.5, 3.0, 5.0, 10.0)

# From a call's end to its message: an event takes seconds, a poll up to ten minutes, quiet hours a night
_LAG_BUCKETS = (0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 43200.0)

Sets = dict[str, frozenset[str]]
"""The labels of a metric: by name, the values that each may have besides "other"."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The values of all labels; each set belongs to the room that counts by it.

    A combination of labels is a time series, kept here and in Prometheus for good. So nothing that a person or an API
    sends becomes a label: a value in no set counts as "other".
    """

    kinds: frozenset[str]
    outcomes: frozenset[str]
    alerted: frozenset[str]
    """The outcomes that docs/alerts.yml looks for. They are there as 0 from the start; the others, hundreds, are not."""
    requests: frozenset[str]
    """What CometChat is asked."""
    upstream_outcomes: frozenset[str]
    scopes: frozenset[str]
    """The limits that a look-up may run into."""
    routes: frozenset[str]
    """The ways to Slack after the ack."""
    statuses: frozenset[str]
    """HTTP statuses of refused requests."""
    triggers: frozenset[str]
    """What CometChat's events tell of."""
    event_outcomes: frozenset[str]
    look_reasons: frozenset[str]
    """Why a person's calls are looked for without being asked."""
    look_outcomes: frozenset[str]
    telling_places: frozenset[str]
    telling_outcomes: frozenset[str]


_Metric = TypeVar("_Metric", bound=MetricWrapperBase)


class _Bounded(Generic[_Metric]):
    """A metric whose labels come from closed sets."""

    def __init__(self, metric: _Metric, sets: Sets) -> None:
        self._metric = metric
        self._sets = tuple(sets.values())

    def of(self, *values: str) -> _Metric:
        """Return the time series with those labels, in the order of the sets; it is exported from now on."""
        pairs = zip(values, self._sets, strict=True)
        return self._metric.labels(*(value if value in known else OTHER for value, known in pairs))


class Metrics:
    """The metrics of one bot, in a registry of their own. Times are in seconds; `clock` is monotonic."""

    def __init__(
        self,
        labels: Labels,
        processes: Collector | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._text, self._made_at = b"", -KEPT_SECONDS
        self._registry = CollectorRegistry()
        self.labels: dict[str, Sets] = {}
        """By the name of a metric, its labels and their values."""
        kind, request = {"kind": labels.kinds}, {"request": labels.requests}
        self._interactions = self._counter(
            "interactions",
            "Interactions that ended, by kind and outcome.",
            kind | {"outcome": labels.outcomes},
            shown=kind | {"outcome": labels.alerted},
        )
        self._acks = self._histogram(
            "ack_duration_seconds", "From the arrival of Slack's request to its ack; Slack waits 3 s.", kind
        )
        self._answers = self._histogram(
            "answer_duration_seconds", "From the arrival of Slack's request to the end of its answer.", kind
        )
        self.interactions_in_flight = self._gauge(
            "interactions_in_flight", "Interactions that have not ended yet."
        )
        self._upstream = self._counter(
            "upstream_requests",
            "Requests to CometChat that ended, by outcome.",
            request | {"outcome": labels.upstream_outcomes},
        )
        self._upstream_seconds = self._histogram(
            "upstream_request_duration_seconds", "From a request to CometChat to its response.", request
        )
        self.upstream_in_flight = self._gauge(
            "upstream_requests_in_flight", "Requests to CometChat that have no response yet."
        )
        self._limited = self._counter(
            "rate_limited",
            "Look-ups that were refused, by the limit that they reached.",
            {"scope": labels.scopes},
        )
        self._reply_failures = self._counter(
            "reply_failures",
            "Messages and views that Slack did not accept, by route.",
            {"route": labels.routes},
        )
        self._refused = self._counter(
            "refused_requests",
            "Requests to /slack/events and /mcp that were refused, by HTTP status.",
            {"status": labels.statuses},
        )
        self._events = self._counter(
            "cometchat_events",
            "Events of CometChat's webhook, by trigger and what became of them.",
            {"trigger": labels.triggers, "outcome": labels.event_outcomes},
            shown={"trigger": frozenset({OTHER}), "outcome": labels.event_outcomes},
        )
        self._looks = self._counter(
            "looks",
            "Looks for a subscriber's calls, by what they were for and what came of them.",
            {"reason": labels.look_reasons, "outcome": labels.look_outcomes},
        )
        self._tellings = self._counter(
            "tellings",
            "Messages about calls that subscriptions asked for, by where they go and what became of them.",
            {"place": labels.telling_places, "outcome": labels.telling_outcomes},
        )
        self._telling_lag = self._histogram(
            "telling_lag_seconds",
            "From the end of a call to Slack's taking of the first message about it, quiet hours left out.",
            {"place": labels.telling_places},
            buckets=_LAG_BUCKETS,
        )
        self._draining = self._gauge("draining", "1 from the start of a shutdown, else 0.")
        self._store_up = self._gauge("store_up", "1 if the last query of the database worked, else 0.")
        self._slack_connected = self._gauge(
            "slack_connected",
            "1 if Slack can reach the bot: over HTTP always, in Socket Mode while there is a connection; else 0.",
        )
        build = Info(
            "build", "Always 1; says which version runs.", namespace=_NAMESPACE, registry=self._registry
        )
        build.info({"version": __version__})
        self._registry.register(_OptionalCollector(processes or ProcessCollector(registry=None)))

    def ended(self, kind: str, outcome: str, *, ack: float | None, total: float | None) -> None:
        """Count an interaction that ended, `ack` and `total` seconds after it arrived.

        None where that is not known, as for one that was acked by a process that has died.
        """
        self._interactions.of(kind, outcome).inc()
        if ack is not None:
            self._acks.of(kind).observe(ack)
        if total is not None:
            self._answers.of(kind).observe(total)

    def upstream_answered(self, request: str, outcome: str, *, seconds: float) -> None:
        """Count a request to CometChat that ended."""
        self._upstream.of(request, outcome).inc()
        self._upstream_seconds.of(request).observe(seconds)

    def rate_limited(self, scope: str) -> None:
        """Count a look-up that was refused."""
        self._limited.of(scope).inc()

    def reply_failed(self, route: str) -> None:
        """Count a message or a modal that Slack did not take."""
        self._reply_failures.of(route).inc()

    def refused(self, status: int) -> None:
        """Count a request that was refused with that HTTP status."""
        self._refused.of(str(status)).inc()

    def event(self, trigger: str, outcome: str) -> None:
        """Count an event of CometChat's webhook; `trigger` is "" where it is not known."""
        self._events.of(trigger, outcome).inc()

    def looked(self, reason: str, outcome: str) -> None:
        """Count a look for a subscriber's calls."""
        self._looks.of(reason, outcome).inc()

    def told(self, place: str, outcome: str, *, lag: float | None = None) -> None:
        """Count a message about a call; `lag` is how many seconds after the call's end, None where that says nothing."""
        self._tellings.of(place, outcome).inc()
        if lag is not None:
            self._telling_lag.of(place).observe(max(lag, 0.0))

    def drain(self) -> None:
        """Say from now on that the bot shuts down."""
        self._draining.set(1)

    def watch_store(self, is_well: Callable[[], bool]) -> None:
        """Ask `is_well`, which must not fail, about the database at each scrape."""
        self._store_up.set_function(is_well)

    def watch_connection(self, is_connected: Callable[[], bool]) -> None:
        """Ask `is_connected`, which must not fail, about the connection to Slack at each scrape."""
        self._slack_connected.set_function(is_connected)

    def text(self) -> bytes:
        """Return all metrics as CONTENT_TYPE, at most KEPT_SECONDS old."""
        now = self._clock()
        if now >= self._made_at + KEPT_SECONDS:
            self._made_at, self._text = now, generate_latest(self._registry)
        return self._text

    def _counter(
        self, name: str, meaning: str, sets: Sets, *, shown: Sets | None = None
    ) -> _Bounded[Counter]:
        """Return a counter; the series of `shown` are there as 0: only then is their first 1 an increase."""
        self.labels[f"{_NAMESPACE}_{name}_total"] = sets
        counter = Counter(name, meaning, tuple(sets), namespace=_NAMESPACE, registry=self._registry)
        for values in product(*(shown or sets).values()):
            counter.labels(*values)
        return _Bounded(counter, sets)

    def _histogram(
        self, name: str, meaning: str, sets: Sets, *, buckets: tuple[float, ...] = _BUCKETS
    ) -> _Bounded[Histogram]:
        self.labels[f"{_NAMESPACE}_{name}"] = sets
        histogram = Histogram(
            name, meaning, tuple(sets), namespace=_NAMESPACE, registry=self._registry, buckets=buckets
        )
        return _Bounded(histogram, sets)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(name, meaning, namespace=_NAMESPACE, registry=self._registry)


class _OptionalCollector(Collector):
    """The kernel's metrics of the process; none where they can't be read, so that the others are still exported.

    prometheus_client 0.26 raises ValueError where the limit of open files is "unlimited".
    """

    def __init__(self, collector: Collector) -> None:
        self._collector = collector

    def collect(self) -> Iterable[Metric]:
        try:
            return list(self._collector.collect())
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the other metrics
            log.debug("process metrics unavailable", reason=type(error).__name__)
            return []
