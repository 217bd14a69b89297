"""Schedules before a job has them."""

from __future__ import annotations

import asyncio
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.core.clock import from_ms, to_ms
from app.core.schedule_preview import SchedulePreview, preview
from app.services.api.body import read_strict
from app.services.api.deps import call_of, platform_of
from app.services.api.openapi import operation_id, problems, takes
from app.services.api.reply import instant, json_reply
from app.services.api.schemas_schedules import PreviewBody, PreviewRequest

router = APIRouter(tags=["jobs"], generate_unique_id_function=operation_id)


@router.post(
    "/schedules/preview",
    response_model=PreviewBody,
    responses=problems(400, 422, write=True),
    openapi_extra=takes(PreviewRequest),
)
async def preview_schedule(request: Request) -> Response:
    """Return a schedule in words, its next fires, and what changes of the clocks do to them."""
    at = platform_of(request)
    wanted = read_strict(PreviewRequest, call_of(request).body)
    now_ms = at.clock.now_ms() if wanted.now is None else to_ms(wanted.now)
    # Rare fires take long to find, and others are served meanwhile.
    found = await asyncio.to_thread(
        preview, wanted.schedule, at.settings.timezone, now_ms, wanted.count, wanted.jitter_sec
    )
    return json_reply(_preview_view(found))


def _preview_view(found: SchedulePreview) -> dict[str, Any]:
    zone = ZoneInfo(found.timezone)
    return {
        "words": {"id": found.words.id, "en": found.words.en},
        "timezone": found.timezone,
        "next": [_fire_view(at_ms, zone) for at_ms in found.fires],
        "dst_notes": [
            {
                "at": instant(note.at_ms),
                "kind": note.kind,
                "text_id": note.words.id,
                "text_en": note.words.en,
            }
            for note in found.notes
        ],
        "ends": found.ends,
    }


def _fire_view(at_ms: int, zone: ZoneInfo) -> dict[str, Any]:
    local = from_ms(at_ms).astimezone(zone)
    text = local.isoformat()
    return {"local": text, "utc": instant(at_ms), "offset": text[-6:]}
