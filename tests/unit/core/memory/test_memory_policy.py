"""Rules for removing history early."""

from __future__ import annotations

import pytest

from app.core.i18n import render
from app.core.memory.usage import (
    HISTORY_FLOOR_MS,
    KINDS,
    MEGABYTE,
    RESEND_FLOOR_MS,
    EarlyPurge,
    MemoryUsage,
    describe_usage,
    has_room,
    is_stuck,
    plan_early_purge,
)
from app.core.redis_client import ServerMemory

CAP = 512


def server(used: int, limit: int | None = 1_000) -> ServerMemory:
    return ServerMemory(used * MEGABYTE, None if limit is None else limit * MEGABYTE)


def usage(
    history: int = 0, *, logs: int = 0, rollups: int = 0, removable: int | None = None, now: int | None = None
) -> MemoryUsage:
    """Return an estimate in MB; all of the history is removable unless said otherwise."""
    old = history if removable is None else removable
    kinds = {**dict.fromkeys(KINDS, 0), "history": history, "logs": logs, "rollups": rollups}
    return MemoryUsage(
        at_ms=1,
        kinds={kind: size * MEGABYTE for kind, size in kinds.items()},
        removable_bytes=old * MEGABYTE,
        removable_now_bytes=(history if now is None else now) * MEGABYTE,
        ended_runs=history * 100,
    )


def plan(at: ServerMemory, own: MemoryUsage) -> EarlyPurge | None:
    return plan_early_purge(at, own, CAP * MEGABYTE)


def test_cap_counts_only_history_and_logs_of_this_deployment() -> None:
    """Roll-ups and other applications may be as large as they like."""
    assert plan(server(5_000, None), usage(500, logs=12, rollups=4_000)) is None
    beyond = plan(server(5_000, None), usage(600, logs=12))
    assert beyond == EarlyPurge((612 * MEGABYTE) - round(CAP * MEGABYTE * 0.95), RESEND_FLOOR_MS, "cap")


def test_cap_that_logs_alone_exceed_costs_no_history() -> None:
    """Removing all runs would not bring it below the cap, so none go."""
    assert plan(server(5_000, None), usage(100, logs=600)) is None


def test_cap_that_dead_letters_exceed_leaves_a_quarter_to_runs() -> None:
    """Other history is neither removed without effect nor grows without bound."""
    assert plan(server(5_000, None), usage(700, now=120)) is None
    beyond = plan(server(5_000, None), usage(900, now=300))
    assert beyond is not None
    assert 300 * MEGABYTE - beyond.remove_bytes == round(CAP * MEGABYTE * 0.25 * 0.95)


def test_short_server_is_brought_below_the_line() -> None:
    """At 80 % of 1,000 MB, 80 MB of old history go: down to 72 %."""
    assert plan(server(800), usage(300)) == EarlyPurge(80 * MEGABYTE, HISTORY_FLOOR_MS, "server")
    assert plan(server(800), usage(60)) == EarlyPurge(60 * MEGABYTE, HISTORY_FLOOR_MS, "server")
    assert plan(server(750), usage(300)) is None


def test_data_of_others_cost_no_history() -> None:
    """12 MB of ours cannot make room for 60 MB too many."""
    assert plan(server(810), usage(12)) is None
    assert is_stuck(server(810), usage(12), CAP * MEGABYTE)
    assert plan(server(1_100), usage(12)) is None


def test_last_hour_stays_while_new_runs_are_accepted() -> None:
    """Below 90 % only history older than an hour is removed; above, new runs matter more than history."""
    own = usage(300, removable=10)
    assert plan(server(850), own) is None
    assert is_stuck(server(850), own, CAP * MEGABYTE)
    assert plan(server(950), own) == EarlyPurge(70 * MEGABYTE, RESEND_FLOOR_MS, "server")


@pytest.mark.parametrize(("used", "stuck"), [(1_000, True), (400, False), (600, False)])
def test_server_without_a_limit_is_short_if_others_outweigh_the_cap(used: int, stuck: bool) -> None:
    """No `maxmemory`: more than RETENTION_MAX_MB of others, and more than ours."""
    assert is_stuck(server(used, None), usage(100), CAP * MEGABYTE) is stuck


def test_alarm_ends_with_a_margin() -> None:
    """An alarm that was raised at 75 % ends at 72 %, or as soon as removing history helps."""
    assert not has_room(server(740), usage(1), CAP * MEGABYTE, 0.8)
    assert has_room(server(719), usage(1), CAP * MEGABYTE, 0.8)
    assert has_room(server(740), usage(200), CAP * MEGABYTE, 0.8)
    assert not has_room(server(850), usage(200), CAP * MEGABYTE, 0.8)
    assert has_room(server(500, None), usage(200), CAP * MEGABYTE, 0.8)
    assert not has_room(server(700, None), usage(200), CAP * MEGABYTE, 0.8)


def test_nothing_is_known_before_the_first_estimate() -> None:
    """The server's own share still counts."""
    assert not is_stuck(server(990), None, 0)
    assert has_room(server(790), None, 0, 0.8)
    described = describe_usage(server(990), None)
    assert described == "990 MB of 1,000 MB"
    assert render(described, "id") == "990 MB dari 1.000 MB"


def test_words_name_what_uses_the_memory() -> None:
    """Ours by kind, largest first, and the rest."""
    english = describe_usage(server(810), usage(12, rollups=30))
    ours = "this deployment uses 42 MB (rollups 30 MB, history 12 MB)"
    assert english == f"810 MB of 1,000 MB; {ours}, everything else 768 MB"
    assert "instalasi ini memakai 42 MB" in render(english, "id")
