"""How an account was over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.account_watch import AccountWatch
from app.services.api.deps import platform_of
from app.services.api.openapi import operation_id, problems
from app.services.api.reply import instant, json_reply
from app.services.api.schemas_availability import AvailabilityBody

if TYPE_CHECKING:
    from app.core.account_watch import AccountHistory

router = APIRouter(tags=["connectors"], generate_unique_id_function=operation_id)
MAX_HOURS = 168

Hours = Annotated[int, Query(ge=1, le=MAX_HOURS, description="How many, the running quarter hour included.")]


@router.get(
    "/connectors/{channel}/accounts/{account_id}/availability",
    response_model=AvailabilityBody,
    responses=problems(422),
)
async def get_availability(request: Request, channel: str, account_id: str, hours: Hours = 24) -> Response:
    """Return how an account was, by the `monitor.channel` jobs that watch it; empty where none does.

    The account need not be set up: a monitor of one that is not says so. Where several jobs watch it, a
    quarter hour is told by the one that saw most of it; the time since the last check is not counted yet.
    """
    at = platform_of(request)
    found = await AccountWatch(at.link, at.keys).history(channel, account_id, at.clock.now_ms(), hours)
    return json_reply({"channel": channel, "account_id": account_id, **_view(found)})


def _view(found: AccountHistory) -> dict[str, Any]:
    return {
        "since": instant(found.since_ms),
        "until": instant(found.until_ms),
        "quarters": [
            {"at": instant(each.at_ms), **{f"{state}_ms": ms for state, ms in each.ms.items()}}
            for each in found.quarters
        ],
        "outages": [
            {
                "from": instant(outage.from_ms),
                "to": instant(outage.to_ms),
                "reason": outage.reason,
                "job_id": job_id,
            }
            for job_id, outage in found.outages
        ],
        "job_ids": list(found.job_ids),
    }
