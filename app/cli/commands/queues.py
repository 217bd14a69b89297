"""`multi-job queues`: the queues, what waits in them, and who serves them."""

from __future__ import annotations

from typing import Any

from app.cli.client import Client
from app.cli.options import Json, as_json
from app.cli.output import instant, say, show_list
from app.core.i18n import _
from app.core.ids import DEFAULT_QUEUE
from app.core.incidents.remedies import RemedyAction, remedy


def queues(*, _json: Json = False) -> None:
    """List the queues with what waits and runs in them, and the workers that serve them."""
    found = Client().get("/queues")
    show_list(
        found,
        {
            "queue": "name",
            "waiting": "waiting",
            "running": "running",
            "oldest": _oldest,
            "jobs": _jobs,
            "workers": "workers",
            "paused": _paused,
        },
    )
    if not as_json.get():
        for queue in found:
            _print_obstacles(queue)


def _jobs(queue: dict[str, Any]) -> str:
    return "" if queue["name"] == DEFAULT_QUEUE else str(queue["jobs"])


def _oldest(queue: dict[str, Any]) -> str:
    return "" if queue["oldest_ms"] is None else _("{count} s", count=queue["oldest_ms"] // 1000)


def _paused(queue: dict[str, Any]) -> str:
    pause = queue["paused"]
    return (
        ""
        if pause is None
        else _("since {since}, {held} held", since=instant(pause["since"]), held=pause["held"])
    )


def _print_obstacles(queue: dict[str, Any]) -> None:
    """Print why runs of a queue cannot start, each with the command that helps."""
    name = queue["name"]
    if queue["waiting"] and not queue["workers"]:
        say(_("{queue}: no live worker serves it", queue=name))
        say(f"  → {remedy(RemedyAction.START_SERVICE, f'worker:queue:{name}').command}")
    for missing in queue["missing_types"]:
        target = f"worker:type:{missing['type']}"
        say(_("{queue}: {waiting} runs wait for a worker with the type {type}", queue=name, **missing))
        say(f"  → {remedy(RemedyAction.START_SERVICE, target).command}")
