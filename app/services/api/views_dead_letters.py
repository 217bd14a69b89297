"""Dead letters as the API shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.services.api.reply import instant

if TYPE_CHECKING:
    from app.core.dead_choice import Letter, Refused
    from app.core.dead_letters import DeadGroup

SAMPLES = 5


def group_view(group: DeadGroup) -> dict[str, Any]:
    return {
        "fingerprint": group.fingerprint,
        "error": group.error,
        "count": group.count,
        "jobs": group.jobs,
        "first_at": instant(group.first_at),
        "last_at": instant(group.last_at),
        "latest_run_id": group.run_ids[0] if group.run_ids else None,
        "sample_run_ids": group.run_ids,
    }


def counted_view(letters: list[Letter]) -> dict[str, Any]:
    return {"count": len(letters), "sample_run_ids": [letter.run_id for letter in letters[:SAMPLES]]}


def refused_view(refused: list[Refused]) -> list[dict[str, str]]:
    return [{"run_id": each.run_id, "code": each.code} for each in refused]
