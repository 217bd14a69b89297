"""Readiness rules: the status of each service from its facts."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.activity.readiness import (
    MAIL_OVERDUE_MS,
    OVERDUE_MS,
    ReadinessCheck,
    ReadinessLimits,
    ReadinessReport,
    Status,
    WorkFacts,
    assess_connector,
    assess_scheduler,
    assess_worker,
)
from app.core.i18n import render
from app.core.records import InstanceInfo

NOW = 10_000_000
LIMITS = ReadinessLimits(late_ms=15_000, wait_ms=30_000)


def instance(service: str, age_ms: int = 100, **state: Any) -> InstanceInfo:
    return InstanceInfo(f"{service}-1", service, 1, "h", "0.1", 1000, 2000, age_ms, state)


def worker(running: int = 0, age_ms: int = 100) -> InstanceInfo:
    return instance("worker", age_ms, concurrency=4, running=[f"r{n}" for n in range(running)])


def facts(**ages_ms: int | str) -> WorkFacts:
    """Return facts; an instant is given as its age in ms."""
    instants = {"ready_since", "last_start", "due_since", "mail_since", "mail_moved"}
    values: dict[str, Any] = {
        name: NOW - int(value) if name in instants else value for name, value in ages_ms.items()
    }
    return WorkFacts(now=NOW, **values)


@pytest.mark.parametrize(
    ("found", "workers", "status", "blocks"),
    [
        (facts(), [worker()], "ok", False),
        (facts(), [], "missing", False),
        (facts(ready_since=1), [], "missing", True),
        (facts(), [worker(age_ms=20_000)], "late", False),
        (facts(ready_since=1), [worker(age_ms=20_000)], "late", True),
        (facts(ready_since=1), [worker(age_ms=20_000), worker()], "ok", False),
        # A long backlog that drains: the oldest has waited for long, and runs start.
        (facts(ready_since=600_000, last_start=10), [worker(4)], "ok", False),
        # Idle until a moment ago: nothing has started for long, and nothing has waited for long.
        (facts(ready_since=1_000, last_start=600_000), [worker()], "ok", False),
        (facts(ready_since=31_000, last_start=40_000), [worker(4)], "busy", True),
        (facts(ready_since=31_000, last_start=40_000), [worker(3)], "stalled", True),
        (facts(ready_since=31_000), [worker()], "stalled", True),
        (facts(last_start=600_000), [worker(4)], "ok", False),
    ],
)
def test_worker_is_judged_by_what_waits_and_what_starts(
    found: WorkFacts, workers: list[InstanceInfo], status: str, blocks: bool
) -> None:
    """Red while waiting work makes no progress; busy is red once no run has started for the bound."""
    check = assess_worker(found, workers, LIMITS)
    assert (check.status, check.blocks) == (status, blocks)
    assert (check.reason is None) == (check.next_step is None) == (status == "ok")


def test_reason_of_a_busy_worker_has_the_figures_in_both_languages() -> None:
    """It has the number of slots, the waiting time and the remedy."""
    check = assess_worker(facts(ready_since=41_000, last_start=50_000), [worker(4)], LIMITS)
    english, indonesian = (render(check.reason or "", language) for language in ("en", "id"))
    assert "All 4 slots are taken; the oldest run has waited 41 s" in english
    assert "Semua 4 slot terpakai; run terlama sudah menunggu 41 detik" in indonesian


@pytest.mark.parametrize(
    ("age_ms", "instances", "status", "blocks"),
    [
        (None, 1, "ok", False),
        (OVERDUE_MS, 1, "ok", False),
        (OVERDUE_MS + 1, 1, "stalled", True),
        (None, 0, "missing", False),
        (OVERDUE_MS + 1, 0, "missing", True),
    ],
)
def test_scheduler_is_judged_by_what_is_due(
    age_ms: int | None, instances: int, status: str, blocks: bool
) -> None:
    """Work that is overdue by more than ten seconds makes the scheduler stalled."""
    found = facts() if age_ms is None else facts(due_since=age_ms, due_job="daily")
    check = assess_scheduler(found, [instance("scheduler")] * instances, LIMITS)
    assert (check.status, check.blocks) == (status, blocks)
    assert age_ms is None or status == "ok" or "daily" in (check.reason or "")


LATE_MAIL = MAIL_OVERDUE_MS + 1


@pytest.mark.parametrize(
    ("found", "instances", "status", "blocks"),
    [
        (facts(), 1, "ok", False),
        (facts(), 0, "missing", False),
        (facts(mail_since=LATE_MAIL), 0, "missing", True),
        (facts(mail_since=LATE_MAIL), 1, "stalled", True),
        (facts(mail_since=LATE_MAIL, mail_moved=LATE_MAIL), 1, "stalled", True),
        # A channel allows one message a second, and many wait: they go out.
        (facts(mail_since=LATE_MAIL, mail_moved=500), 1, "ok", False),
        (facts(mail_since=5_000), 1, "ok", False),
    ],
)
def test_connector_is_judged_by_messages_that_wait(
    found: WorkFacts, instances: int, status: str, blocks: bool
) -> None:
    """Red if one is due for a minute and none has moved meanwhile."""
    check = assess_connector(found, [instance("connector")] * instances, LIMITS)
    assert (check.status, check.blocks) == (status, blocks)


def test_report_is_as_well_as_its_worst_check() -> None:
    """Ready, degraded, unready."""
    well, gone = ReadinessCheck("ok", 1, 1), ReadinessCheck("missing", None, 0, "r", "n")
    assert ReadinessReport({"a": well, "b": well}).status is Status.READY
    assert ReadinessReport({"a": well, "b": gone}).status is Status.DEGRADED
    blocking = ReadinessCheck("stalled", 1, 1, "r", "n", blocks=True)
    assert ReadinessReport({"a": gone, "b": blocking}).status is Status.UNREADY
