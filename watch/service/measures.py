"""What the watch counts, as Prometheus reads it. One module for prometheus_client.

Counts, seconds and bytes only: no label ever comes from a file, a name or a number of a case.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from casefiles.errors import StoreAway
from casefiles.system import resident_mb
from watch.service.health import Pulse
from watch.service.truth import Counts

MEDIA = CONTENT_TYPE_PLAIN_0_0_4
OUTCOMES = ("accepted", "waiting", "duplicate", "refused", "draft")
_SECONDS = (0.25, 0.5, 1, 2.5, 5, 7.5, 10, 15, 30, 60, 120, 300, 900, 3600)


class Counted(Protocol):
    """The pool, as it is measured."""

    @property
    def pids(self) -> tuple[int, ...]:
        """The worker processes of this machine."""

    @property
    def depth(self) -> dict[str, int]:
        """Jobs that wait or are being done, by kind."""

    @property
    def restarts(self) -> dict[str, int]:
        """Workers replaced, by what ended them."""


class Asked(Protocol):
    """The truth, as it is measured."""

    def counts(self) -> Counts:
        """Open cases and blocked steps."""

    def outcomes(self, streams: Sequence[str]) -> list[str]:
        """How those drops were answered."""


class Measures:
    """The counts of one watch since it began; `text`, from any thread, is what Prometheus reads."""

    def __init__(self, pulse: Pulse, hands: Counted, truth: Asked) -> None:
        self._truth = truth
        self._registry = CollectorRegistry()
        self._received = Counter(
            "parchemin_files_received", "Fichiers pris au dépôt.", registry=self._registry
        )
        self._answered = Counter(
            "parchemin_files_answered",
            "Accusés rendus, selon la réponse.",
            ["outcome"],
            registry=self._registry,
        )
        self._latency = Histogram(
            "parchemin_receipt_seconds",
            "Du dernier mouvement du fichier à son accusé, repos compris.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        for outcome in OUTCOMES:
            self._answered.labels(outcome)
        self._registry.register(_Now(pulse, hands, truth))

    def received(self) -> None:
        """A file was claimed."""
        self._received.inc()

    def answered(self, streams: Iterable[str], seconds: float | None) -> None:
        """Drops were answered; seconds since the file last moved, None when nobody knows."""
        drops = [stream for stream in streams if stream.startswith("depot/")]
        try:
            outcomes = self._truth.outcomes(drops)
        except StoreAway:
            return
        for outcome in outcomes:
            self._answered.labels(outcome).inc()
        if outcomes and seconds is not None:
            self._latency.observe(seconds)

    def text(self) -> bytes:
        """Everything, in Prometheus’ text format."""
        return generate_latest(self._registry)


class _Now:
    """What is looked up at the moment it is asked for."""

    def __init__(self, pulse: Pulse, hands: Counted, truth: Asked) -> None:
        self._pulse, self._hands, self._truth = pulse, hands, truth

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: the registry would else collect to learn the names."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The gauges, as of now; those of a database that does not answer are left out."""
        waiting = self._pulse.waiting
        yield _gauge("parchemin_files_waiting", "Fichiers déposés, pas encore pris.", waiting)
        jobs = GaugeMetricFamily(
            "parchemin_queue_jobs", "Travaux en attente ou en cours.", labels=["kind"]
        )
        for kind, count in self._hands.depth.items():
            jobs.add_metric([kind], count)
        yield jobs
        if self._pulse.reconciled is not None:
            since = time.monotonic() - self._pulse.reconciled
            yield _gauge(
                "parchemin_reconcile_age_seconds", "Depuis la dernière relecture entière.", since
            )
        restarts = CounterMetricFamily(
            "parchemin_worker_restarts", "Processus de travail remplacés.", labels=["cause"]
        )
        for cause, count in self._hands.restarts.items():
            restarts.add_metric([cause], count)
        yield restarts
        memory = GaugeMetricFamily(
            "parchemin_resident_bytes", "Mémoire occupée, sur cette machine.", labels=["process"]
        )
        memory.add_metric(["watcher"], resident_mb() * 1e6)
        memory.add_metric(["workers"], sum(resident_mb(pid) for pid in self._hands.pids) * 1e6)
        yield memory
        try:
            counts = self._truth.counts()
        except StoreAway:
            return
        yield _gauge("parchemin_cases_open", "Dossiers où il reste à faire.", counts.open_cases)
        yield _gauge(
            "parchemin_steps_blocked", "Étapes bloquées, à relancer par le bureau.", counts.blocked
        )


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
