"""The figures of the last minutes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.minute_stats import MAX_MINUTES, MinuteStats
from app.services.api.deps import platform_of
from app.services.api.openapi import operation_id, problems
from app.services.api.reply import instant, json_reply
from app.services.api.schemas_stats import StatsBody

if TYPE_CHECKING:
    from app.core.minute_stats import LastMinutes

router = APIRouter(tags=["platform"], generate_unique_id_function=operation_id)

Minutes = Annotated[int, Query(ge=1, le=MAX_MINUTES, description="How many, the running one included.")]


@router.get("/stats", response_model=StatsBody, responses=problems(422))
async def get_stats(request: Request, minutes: Minutes = 60) -> Response:
    """Return what started and ended in each of the last minutes, and how long it waited and took."""
    at = platform_of(request)
    found = await MinuteStats(at.link, at.keys).last(minutes, at.clock.now_ms())
    return json_reply(_view(found))


def _view(found: LastMinutes) -> dict[str, Any]:
    return {
        "since": instant(found.since_ms),
        "until": instant(found.until_ms),
        "minutes": [{"at": instant(at), **asdict(figures)} for at, figures in found.minutes],
        "totals": asdict(found.totals),
    }
