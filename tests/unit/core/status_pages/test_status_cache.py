"""The kept views of status pages: fresh, last known, and gone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from app.core.errors import StatusPageNotFound, Unavailable
from app.core.status_pages.cache import FRESH_SEC, RETRY_SEC, StatusPageCache
from app.core.status_pages.models import PublicStatus
from app.core.status_pages.store import StatusPageStore
from tests.support.fake_clock import FakeClock

NOW = datetime(2026, 3, 31, 5, 30, tzinfo=UTC)


class Pages:
    """The store's answers, one after the other; the last one stays."""

    def __init__(self, *answers: PublicStatus | Exception) -> None:
        self._answers = list(answers)
        self.reads = 0

    async def public(self, slug: str) -> PublicStatus:
        self.reads += 1
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def view(title: str) -> PublicStatus:
    return PublicStatus(
        slug="shop",
        title=title,
        language="en",
        timezone="UTC",
        state="up",
        uptime=1.0,
        monitors=[],
        incidents=[],
        maintenance=[],
        generated_at=NOW,
    )


def cache(pages: Pages, clock: FakeClock, folder: Path) -> StatusPageCache:
    return StatusPageCache(cast("StatusPageStore", pages), clock, folder)


async def test_readers_within_some_seconds_get_the_same_view(tmp_path: Path) -> None:
    """Then it is read again."""
    pages, clock = Pages(view("first"), view("second")), FakeClock(NOW)
    kept = cache(pages, clock, tmp_path)
    assert [(await kept.get("shop")).title for _ in range(3)] == ["first"] * 3
    clock.advance(FRESH_SEC)
    assert (await kept.get("shop")).title == "second"
    assert pages.reads == 2


async def test_an_outage_serves_the_last_known_view_also_after_a_restart(tmp_path: Path) -> None:
    """It is marked as stale, and Redis is asked each 5 s."""
    pages, clock = Pages(view("first"), Unavailable("away")), FakeClock(NOW)
    kept = cache(pages, clock, tmp_path)
    await kept.get("shop")
    clock.advance(FRESH_SEC)
    assert (await kept.get("shop")).stale
    reads = pages.reads
    assert (await kept.get("shop")).stale
    assert pages.reads == reads
    clock.advance(RETRY_SEC)
    await kept.get("shop")
    assert pages.reads == reads + 1
    assert (await cache(Pages(Unavailable("away")), clock, tmp_path).get("shop")).title == "first"


async def test_a_page_that_is_public_no_more_is_not_served_in_an_outage(tmp_path: Path) -> None:
    """Neither from memory nor from its file."""
    clock = FakeClock(NOW)
    kept = cache(Pages(view("first"), StatusPageNotFound("shop"), Unavailable("away")), clock, tmp_path)
    await kept.get("shop")
    clock.advance(FRESH_SEC)
    with pytest.raises(StatusPageNotFound):
        await kept.get("shop")
    for later in (kept, cache(Pages(Unavailable("away")), clock, tmp_path)):
        clock.advance(FRESH_SEC + RETRY_SEC)
        with pytest.raises(Unavailable):
            await later.get("shop")
