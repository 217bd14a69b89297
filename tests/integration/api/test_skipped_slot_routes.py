"""Skipped slots over the API: occurrences, why, and runs in place of a skipped slot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from app.services.api.services import Services

DAY_MS = 86_400_000


def job(skip: dict[str, Any], on_skip: str = "drop") -> dict[str, Any]:
    schedule = {"cron": "0 0 * * *", "timezone": "UTC", "skip": skip, "on_skip": on_skip}
    return {"job_id": "daily", "type": "test.load", "schedule": schedule}


def midnight(days: int) -> datetime:
    """Return the start of a day from now, in UTC."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=days)


def sunday_is_0(day: datetime) -> int:
    return day.isoweekday() % 7


async def into_ledger(platform: Services, reason: str, first: datetime) -> None:
    at = round(first.timestamp() * 1000)
    await platform.link.call("RPUSH", platform.keys.ledger("daily"), f"{at}|{at}|1|{reason}|{at}")


async def test_the_ledger_says_in_words_why_slots_were_skipped(
    client: httpx.AsyncClient, platform: Services
) -> None:
    """Occurrences carry both languages; `why` speaks the reader's and names the step."""
    await client.post("/jobs", json=job({"days_of_month": [31]}))
    await into_ledger(platform, "skip:holiday:Hari Raya Natal", midnight(-1))
    await into_ledger(platform, "skip@leave:date:2026-12-24", midnight(0))
    since = f"{midnight(-2):%Y-%m-%dT%H:%M:%SZ}"
    found = (await client.get("/jobs/daily/occurrences", params={"from": since})).json()
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}"
    past = [each for each in found if each["outcome"] == "skipped" and each["from"] <= now]
    assert [(each["reason"], each["words"]) for each in past] == [
        ("skip", {"id": "libur: Hari Raya Natal", "en": "holiday: Hari Raya Natal"}),
        ("skip", {"id": "kalender leave: 2026-12-24", "en": "calendar leave: 2026-12-24"}),
    ]
    why = (
        await client.get("/jobs/daily/why", params={"from": since}, headers={"Accept-Language": "id"})
    ).json()
    newest, older = why["occurrences"][:2]
    assert (newest["reason"], newest["outcome"]) == ("skip", "skipped")
    assert "kalender leave: 2026-12-24" in newest["text"]
    assert "multi-job calendars show leave" in newest["next_step"]
    assert "libur: Hari Raya Natal" in older["text"]


async def test_slots_to_come_that_are_skipped_are_listed_and_named(client: httpx.AsyncClient) -> None:
    """The next fire is the true one; what lies before it is said."""
    await client.post("/jobs", json=job({"weekdays": [sunday_is_0(midnight(1))]}))
    stored = (await client.get("/jobs/daily")).json()
    assert stored["next_run_at"] == f"{midnight(2):%Y-%m-%dT%H:%M:%S}.000Z"
    until = f"{midnight(3):%Y-%m-%dT%H:%M:%SZ}"
    found = (await client.get("/jobs/daily/occurrences", params={"to": until})).json()
    assert [(each["outcome"], each["from"][:10]) for each in found] == [
        ("skipped", f"{midnight(1):%Y-%m-%d}"),
        ("upcoming", f"{midnight(2):%Y-%m-%d}"),
        ("upcoming", f"{midnight(3):%Y-%m-%d}"),
    ]
    why = (await client.get("/jobs/daily/why")).json()
    assert why["next"]["at"] == stored["next_run_at"]
    assert why["next"]["reason"] == "scheduler_down"


async def test_why_names_the_slots_before_the_next_fire(
    client: httpx.AsyncClient, platform: Services
) -> None:
    """With a scheduler alive, the text says what is left out until then."""
    now = platform.clock.now_ms()
    await platform.link.call("ZADD", platform.keys.instances, now, "scheduler-x:1")
    await client.post("/jobs", json=job({"weekdays": [sunday_is_0(midnight(1))]}))
    text = (await client.get("/jobs/daily/why")).json()["next"]["text"]
    assert f"{midnight(1):%A}" in text
    assert "1 slot of" in text
    await platform.link.call("ZREM", platform.keys.instances, "scheduler-x:1")


async def test_a_job_whose_calendar_closes_everything_says_so(client: httpx.AsyncClient) -> None:
    """It has no next fire, and `why` points to the skip."""
    await client.put("/calendars/leave", json={})
    await client.post("/jobs", json=job({"calendars": ["leave"]}))
    await client.put("/calendars/leave", json={"weekdays": list(range(7))})
    found = (await client.get("/jobs/daily/why")).json()["next"]
    assert (found["at"], found["reason"]) == (None, "skip")
    assert "leaves out all of its times" in found["text"]


async def test_slots_that_pass_are_shown_before_the_ledger_has_them(
    client: httpx.AsyncClient, platform: Services
) -> None:
    """Today's slot is skipped; the next fire will record it, and occurrences have it already."""
    await client.post("/jobs", json=job({"weekdays": [sunday_is_0(midnight(0))]}))
    await platform.link.call(
        "HSET", platform.keys.job("daily"), "updated", round(midnight(-1).timestamp() * 1000)
    )
    since = f"{midnight(-1):%Y-%m-%dT%H:%M:%SZ}"
    found = (await client.get("/jobs/daily/occurrences", params={"from": since})).json()
    assert [(each["outcome"], each["from"][:10]) for each in found if each["outcome"] == "skipped"] == [
        ("skipped", f"{midnight(0):%Y-%m-%d}")
    ]
    why = (await client.get("/jobs/daily/why", params={"from": since})).json()
    assert [each["reason"] for each in why["occurrences"]] == ["skip"]


async def test_a_run_shows_the_slot_in_whose_place_it_ran(
    client: httpx.AsyncClient, platform: Services
) -> None:
    """`moved` has the slot and the reason in both languages; other runs have none."""
    await client.post("/jobs", json=job({"holidays": "ID"}, "before"))
    run_id = (await client.post("/jobs/daily/run")).json()["run_id"]
    assert (await client.get(f"/runs/{run_id}")).json()["moved"] is None
    stored = '{"from":1798160400000,"reason":"skip>2026-12-24:holiday:Hari Raya Natal"}'
    await platform.link.call("HSET", platform.keys.run(run_id), "moved", stored)
    assert (await client.get(f"/runs/{run_id}")).json()["moved"] == {
        "from": "2026-12-25T01:00:00.000Z",
        "reason": {"id": "libur: Hari Raya Natal", "en": "holiday: Hari Raya Natal"},
    }
    assert (await client.get("/runs", params={"job_id": "daily"})).json()[0]["moved"]["from"][:4] == "2026"
