"""What callinfo counts and times, for Prometheus: every metric there is, and the text that `/metrics` answers.

Knows nothing of HTTP, nor of those who feed it. Names and units follow https://prometheus.io/docs/practices/naming/;
docs/metrics.md says what each tells an operator.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

import structlog
from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot import __version__
from bot.calls.problems import ProblemKind
from bot.observability.metric_labels import (
    ANSWERED,
    KIND,
    OUTCOME,
    QUESTION,
    ROUTE,
    SCOPE,
    STATUS,
    Bounded,
    Sets,
)

log = structlog.get_logger()

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
KEPT_SECONDS = 1.0
"""Anybody may ask, at any rate, and to tell takes milliseconds in which nobody else is served."""

_NAMESPACE = "callinfo"

# From an answer of a neighbour's to the longest that anything is waited for; at 3 s Slack gives an ack up
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 2.5, 3.0, 5.0, 10.0)
# What docs/alerts.yml looks for: there as 0 from the start; all others, of hundreds, once they happen
_ALERTED = frozenset(
    map(str, (ProblemKind.CRASHED, ProblemKind.IDENTITY_UNAVAILABLE, ProblemKind.LINKS_UNAVAILABLE))
)


class Metrics:
    """The metrics of one bot, in a registry of their own. Times are in seconds; `clock` is monotonic.

    Any string will do for a label: what is in no set of metric_labels.py counts as "other".
    """

    def __init__(
        self, processes: Collector | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._told, self._told_at = b"", -KEPT_SECONDS  # long enough ago
        self._registry = CollectorRegistry()
        self.labels: dict[str, Sets] = {}
        """By the name of a metric, its labels and what they may say besides "other"."""
        self._interactions = self._counter(
            "interactions",
            "Interactions that ended, by what the person did and what came of it.",
            KIND | OUTCOME,
            shown=KIND | {"outcome": _ALERTED},
        )
        self._acks = self._histogram(
            "ack_duration_seconds", "From the arrival of Slack's request to its ack; Slack waits 3 s.", KIND
        )
        self._answers = self._histogram(
            "answer_duration_seconds", "From the arrival of Slack's request to the end of its answer.", KIND
        )
        self.interactions_in_flight = self._gauge(
            "interactions_in_flight", "Interactions that have not ended yet."
        )
        self._upstream = self._counter(
            "upstream_requests", "Requests to CometChat, by what came of them.", QUESTION | ANSWERED
        )
        self._upstream_seconds = self._histogram(
            "upstream_request_duration_seconds", "From a request to CometChat to its answer.", QUESTION
        )
        self.upstream_in_flight = self._gauge(
            "upstream_requests_in_flight", "Requests to CometChat that have no answer yet."
        )
        self._limited = self._counter(
            "rate_limited", "Look-ups that were turned away, by the limit they met.", SCOPE
        )
        self._reply_failures = self._counter(
            "reply_failures", "Messages and modals that Slack did not take, by the way they went.", ROUTE
        )
        self._refused = self._counter(
            "refused_requests", "Requests to /slack/events that were refused, by HTTP status.", STATUS
        )
        self._draining = self._gauge("draining", "1 from the moment that a shutdown begins, else 0.")
        self._store_up = self._gauge("store_up", "1 when the database did what it was last asked, else 0.")
        self._slack_connected = self._gauge(
            "slack_connected",
            "1 when Slack can reach the bot: by HTTP always, by Socket Mode while there is a connection; else 0.",
        )
        build = Info(
            "build", "Always 1; says which version runs.", namespace=_NAMESPACE, registry=self._registry
        )
        build.info({"version": __version__})
        self._registry.register(_Careful(processes or ProcessCollector(registry=None)))

    def ended(self, kind: str, outcome: str, *, ack: float | None, total: float | None) -> None:
        """Count an interaction that ended: the seconds from its arrival to its ack, and to the end of its answer.

        None for what was acked by a process that has died, or can't be known.
        """
        self._interactions.of(kind, outcome).inc()
        if ack is not None:
            self._acks.of(kind).observe(ack)
        if total is not None:
            self._answers.of(kind).observe(total)

    def upstream_answered(self, request: str, outcome: str, *, seconds: float) -> None:
        """Count a request to CometChat that came to an end."""
        self._upstream.of(request, outcome).inc()
        self._upstream_seconds.of(request).observe(seconds)

    def rate_limited(self, scope: str) -> None:
        """Count a look-up that was turned away, by a `metric_labels.Scope`."""
        self._limited.of(scope).inc()

    def reply_failed(self, route: str) -> None:
        """Count a message or a modal that Slack did not take, by a `metric_labels.Route`."""
        self._reply_failures.of(route).inc()

    def refused(self, status: int) -> None:
        """Count a request that was refused with that HTTP status."""
        self._refused.of(str(status)).inc()

    def drain(self) -> None:
        """Say from now on that the bot shuts down."""
        self._draining.set(1)

    def watch_store(self, is_well: Callable[[], bool]) -> None:
        """Ask `is_well`, which must not fail, about the database whenever somebody wants to know."""
        self._store_up.set_function(is_well)

    def watch_connection(self, is_connected: Callable[[], bool]) -> None:
        """Ask `is_connected`, which must not fail, about the way to Slack whenever somebody wants to know."""
        self._slack_connected.set_function(is_connected)

    def text(self) -> bytes:
        """Return all of it in Prometheus's text format, which is CONTENT_TYPE, as it was at most KEPT_SECONDS ago."""
        now = self._clock()
        if now >= self._told_at + KEPT_SECONDS:
            self._told_at, self._told = now, generate_latest(_WithoutTimesOfBirth(self._registry))
        return self._told

    def _counter(self, name: str, meaning: str, sets: Sets, *, shown: Sets | None = None) -> Bounded[Counter]:
        self.labels[f"{_NAMESPACE}_{name}_total"] = sets
        counter = Counter(name, meaning, tuple(sets), namespace=_NAMESPACE, registry=self._registry)
        bounded = Bounded(counter, sets)
        bounded.show(shown or sets)
        return bounded

    def _histogram(self, name: str, meaning: str, sets: Sets) -> Bounded[Histogram]:
        self.labels[f"{_NAMESPACE}_{name}"] = sets
        histogram = Histogram(
            name, meaning, tuple(sets), namespace=_NAMESPACE, registry=self._registry, buckets=_BUCKETS
        )
        return Bounded(histogram, sets)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(name, meaning, namespace=_NAMESPACE, registry=self._registry)


class _Careful(Collector):
    """What the kernel tells of the process; nothing where it can't be read, for then the rest still counts.

    prometheus_client 0.26 raises ValueError where the limit of open files is "unlimited".
    """

    def __init__(self, processes: Collector) -> None:
        self._processes = processes

    def collect(self) -> Iterable[Metric]:
        try:
            return list(self._processes.collect())
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the other metrics
            log.debug("process metrics unavailable", reason=type(error).__name__)
            return []


class _WithoutTimesOfBirth(Collector):
    """All metrics, without the time at which each series began: it would be a series more for each, and nobody asks."""

    def __init__(self, registry: Collector) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            metric.samples = [each for each in metric.samples if not each.name.endswith("_created")]
            yield metric
