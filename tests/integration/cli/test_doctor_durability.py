"""Doctor checks for DURABILITY: missing replicas, too few confirmations, `min-replicas-to-write`."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from app.cli.commands.doctor import diagnose_redis
from app.cli.doctor.findings import Finding, FindingLevel
from app.core.config import Durability
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.http.servers import master_with_replica, say
from tests.support.redis_server import fresh_settings


@pytest.fixture
def replicated_url(tmp_path: Path) -> Generator[str]:
    with master_with_replica(tmp_path) as url:
        yield url


def found(url: str, home: Path, **changes: Any) -> dict[str, Finding]:
    """Return the findings of a deployment with these settings by check."""
    return {finding.check: finding for finding in diagnose_redis(fresh_settings(url, home, **changes))}


def test_replicated_without_replicas_is_broken(redis_server: EmbeddedRedis, tmp_path: Path) -> None:
    """No write is acknowledged there; the doctor works all the same."""
    checks = found(redis_server.url, tmp_path, durability=Durability.REPLICATED)
    assert checks["durability"].verdict is FindingLevel.FAILED
    assert "replicaof" in checks["durability"].remedy
    assert found(redis_server.url, tmp_path)["durability"].verdict is FindingLevel.OK


def test_replicas_are_compared_with_the_setting(replicated_url: str, tmp_path: Path) -> None:
    """One replica serves `all` and 1, not 2; for fsynced it is a warning."""
    verdicts = {
        number: found(replicated_url, tmp_path, durability=Durability.REPLICATED, durability_replicas=number)[
            "durability"
        ].verdict
        for number in (0, 1, 2)
    }
    assert verdicts == {0: FindingLevel.OK, 1: FindingLevel.OK, 2: FindingLevel.FAILED}
    fsynced = found(replicated_url, tmp_path, durability=Durability.FSYNCED)["durability"]
    assert (fsynced.verdict, "failover" in fsynced.seen) == (FindingLevel.WARN, True)


def test_master_that_nothing_fences_is_seen(replicated_url: str, tmp_path: Path) -> None:
    """`min-replicas-to-write` is in INFO, also if CONFIG is blocked; without replicas it is not checked."""
    unset = found(replicated_url, tmp_path)["min-replicas-to-write"]
    assert (unset.verdict, "min-replicas-to-write 1" in unset.remedy) == (FindingLevel.WARN, True)
    port = int(replicated_url.rpartition(":")[2].partition("/")[0])
    assert say(port, "CONFIG SET min-replicas-to-write 1").startswith("+OK")
    assert found(replicated_url, tmp_path)["min-replicas-to-write"].verdict is FindingLevel.OK


def test_server_without_replicas_needs_no_fence(redis_server: EmbeddedRedis, tmp_path: Path) -> None:
    """One server alone has no failover."""
    assert "min-replicas-to-write" not in found(redis_server.url, tmp_path)
