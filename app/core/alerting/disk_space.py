"""Findings about disks with little free space, one for each disk of each machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.alerting.findings import WatchFinding
from app.core.i18n import _, number
from app.core.incidents.models import IncidentKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from app.core.records import DiskSpace, InstanceInfo

PREFIX: Final = "disk:"
LOW_SHARE, LOW_BYTES, CRITICAL_SHARE = 0.10, 1_000_000_000, 0.03
_ROOM: Final = 1.1
"""An open incident ends above the limit by this factor."""


def is_low(disk: DiskSpace, room: float = 1.0) -> bool:
    """Return whether less than 10 % or less than 1 GB is free."""
    return disk.share < LOW_SHARE * room or disk.free_bytes < LOW_BYTES * room


def is_critical(disk: DiskSpace) -> bool:
    """Return whether less than 3 % is free."""
    return disk.share < CRITICAL_SHARE


def disk_findings(instances: Iterable[InstanceInfo], open_keys: Collection[str]) -> Iterator[WatchFinding]:
    """Yield a finding for each disk with little space; `open_keys` are the causes of open incidents."""
    disks = {(each.host, disk.path): disk for each in instances for disk in each.disks}
    for (host, path), disk in sorted(disks.items()):
        key = f"{PREFIX}{host}:{path}"
        if not is_low(disk, _ROOM if key in open_keys else 1.0):
            continue
        severity = "critical" if is_critical(disk) else "warning"
        cause = _(
            "{share} ({free} GB) of the disk with {folders} is free: {path}. Delete files there, or enlarge "
            "it.",
            share=f"{disk.share:.0%}",
            free=number(disk.free_bytes / 1e9, ",.1f"),
            folders=disk.folders,
            path=path,
        )
        yield WatchFinding(key, IncidentKind.DISK_SPACE, severity, cause, subject=host)
