"""Calendars on a real server: their routes, their jobs, their audit."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.core.access.audit import AuditFilter
from app.core.alerting.rules import NotificationRule, NotificationRules
from app.core.errors import InvalidSpec
from app.core.models import Calendar, JobSpec, Skip
from app.core.specs import calendars as calendars_module
from app.core.specs.store import RefireRow
from app.core.storage.scripts import Scripts, flat
from app.services.api.services import Services

LEAVE: dict[str, Any] = {"dates": ["2026-12-24"], "weekdays": [0], "description": "Year's end"}


def job(job_id: str = "daily", *calendars: str, cron: str = "0 8 * * *") -> dict[str, Any]:
    skip = {"calendars": list(calendars)} if calendars else None
    schedule = {"cron": cron, "timezone": "Asia/Jakarta"} | ({"skip": skip} if skip else {})
    return {"job_id": job_id, "type": "test.load", "schedule": schedule}


async def test_calendar_lives_from_creation_to_removal(client: httpx.AsyncClient) -> None:
    """Put, get, list, replace, delete: each sees the write before it."""
    put = await client.put("/calendars/leave", json=LEAVE)
    body = put.json()
    assert (put.status_code, body["name"], body["dates"], body["jobs"]) == (200, "leave", ["2026-12-24"], [])
    assert body["words"] == {
        "en": "not on Sunday and 2026-12-24",
        "id": "kecuali Minggu dan 2026-12-24",
    }
    assert (await client.get("/calendars/leave")).json() == body
    assert [each["name"] for each in (await client.get("/calendars")).json()] == ["leave"]
    replaced = await client.put("/calendars/leave", json={"windows": ["22:00-06:00"]})
    assert (replaced.json().get("dates"), replaced.json()["windows"]) == (None, ["22:00-06:00"])
    assert (await client.delete("/calendars/leave")).json() == {"name": "leave", "status": "deleted"}
    gone = await client.get("/calendars/leave")
    assert (gone.status_code, gone.json()["code"]) == (404, "calendar_not_found")
    assert (await client.delete("/calendars/leave")).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"dates": ["2026-02-30"]}, "/dates/0"),
        ({"weekdays": [7]}, "/weekdays/0"),
        ({"windows": ["22-6"]}, "/windows/0"),
        ({"holidays": "XX"}, "/holidays"),
        ({"holidays": "ID", "names": ["Ulang Tahun"]}, "/names"),
        ({"calendars": ["other"]}, "/calendars"),
        ({"dates": ["2026-01-01"] * 401}, "/dates"),
    ],
)
async def test_calendar_that_does_not_fit_is_a_422(
    client: httpx.AsyncClient, body: dict[str, Any], pointer: str
) -> None:
    """The field is named, and nothing is stored."""
    answer = await client.put("/calendars/leave", json=body)
    assert answer.status_code == 422, answer.text
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert (await client.get("/calendars")).json() == []


async def test_calendar_in_the_audit_has_its_changes(client: httpx.AsyncClient, platform: Services) -> None:
    """Saving and removing it are acts."""
    await client.put("/calendars/leave", json=LEAVE)
    await client.put("/calendars/leave", json={**LEAVE, "weekdays": [6]})
    await client.delete("/calendars/leave")
    page = await platform.audit.log.list(AuditFilter(target="calendar:"), None, 10)
    acts = [each.act for each in page.items]
    assert [act.action for act in acts] == ["delete_calendar", "put_calendar", "put_calendar"]
    assert acts[1].target == "calendar:leave"
    assert {"path": "/weekdays", "from": [0], "to": [6]} in acts[1].diff


async def test_the_number_of_calendars_is_bounded(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A further name is refused, an existing one can still be changed."""
    monkeypatch.setattr(calendars_module, "MAX_CALENDARS", 1)
    await client.put("/calendars/leave", json=LEAVE)
    refused = await client.put("/calendars/other", json=LEAVE)
    assert (refused.status_code, refused.json()["code"]) == (429, "limit_exceeded")
    assert (await client.put("/calendars/leave", json={})).status_code == 200


async def test_a_job_that_names_an_unknown_calendar_is_refused(client: httpx.AsyncClient) -> None:
    """The save and its check point to the field, and name the nearest calendar."""
    await client.put("/calendars/leave", json=LEAVE)
    for path, body in (("/jobs", job("daily", "leav")), ("/jobs/check", {"spec": job("daily", "leav")})):
        refused = await client.post(path, json=body)
        assert refused.status_code == 422
        assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [
            ("/schedule/skip/calendars", "unknown_calendar")
        ]
        assert "Did you mean 'leave'?" in refused.text


async def test_a_calendar_in_use_is_not_deleted(client: httpx.AsyncClient) -> None:
    """409 names the job; when the job no longer names it, it can go."""
    await client.put("/calendars/leave", json=LEAVE)
    await client.post("/jobs", json=job("daily", "leave"))
    assert (await client.get("/calendars/leave")).json()["jobs"] == ["daily"]
    refused = await client.delete("/calendars/leave")
    assert (refused.status_code, refused.json()["code"]) == (409, "calendar_in_use")
    assert "daily" in refused.json()["detail"]
    await client.put("/jobs/daily", json=job("daily"))
    assert (await client.delete("/calendars/leave")).status_code == 200


async def test_quiet_hours_name_calendars_that_exist(client: httpx.AsyncClient, platform: Services) -> None:
    """They are a monitor's; an unknown one is refused, a named one can't be deleted."""
    await client.put("/calendars/night", json={"windows": ["22:00-06:00"]})

    def watch(calendar: str) -> JobSpec:
        inputs = {"url": "https://a.example", "quiet": {"calendars": [calendar]}}
        return JobSpec(job_id="watch", type="monitor.http", inputs=inputs)

    with pytest.raises(InvalidSpec) as refused:
        await platform.jobs.create(watch("nigth"), actor="ana", origin="test")
    problem = refused.value.problems[0]
    assert (problem.pointer, problem.code) == ("/inputs/quiet/calendars", "unknown_calendar")
    assert "Did you mean 'night'?" in problem.message
    await platform.jobs.create(watch("night"), actor="ana", origin="test")
    assert (await client.delete("/calendars/night")).json()["code"] == "calendar_in_use"


async def test_a_calendar_of_a_notification_rule_is_not_deleted(
    client: httpx.AsyncClient, platform: Services
) -> None:
    """Without it the rule would have no quiet hours; 409 names the rule, and the rule keeps them."""
    await client.put("/calendars/night", json={"windows": ["22:00-06:00"]})
    rule = NotificationRule.model_validate({"name": "Owner", "to": [{"channel": "sandbox", "to": "ana"}]})
    hours = Skip(calendars=["night"])
    for rules, status in (
        ([rule, rule.model_copy(update={"name": "Quiet", "hours": hours})], 409),
        ([rule], 200),
    ):
        await platform.notification_rules.put(NotificationRules(rules=rules), "ana")
        answer = await client.delete("/calendars/night")
        assert answer.status_code == status, answer.text
        assert ("the notification rule 'Quiet'" in answer.text) == (status == 409)


async def test_a_deleted_job_names_no_calendar(client: httpx.AsyncClient) -> None:
    """Its calendar can be deleted after it."""
    await client.put("/calendars/leave", json=LEAVE)
    await client.post("/jobs", json=job("daily", "leave"))
    await client.delete("/jobs/daily")
    assert (await client.get("/calendars/leave")).json()["jobs"] == []
    assert (await client.delete("/calendars/leave")).status_code == 200


async def test_a_job_can_not_name_a_calendar_that_was_just_deleted(
    client: httpx.AsyncClient, platform: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The save that read it before looks again, and is refused."""
    await client.put("/calendars/leave", json=LEAVE)
    read = platform.calendars.some

    async def read_then_deleted(names: list[str]) -> dict[str, Calendar]:
        found = await read(names)
        if found:
            await platform.calendars.delete("leave")
        return found

    monkeypatch.setattr(platform.calendars, "some", read_then_deleted)
    refused = await client.post("/jobs", json=job("daily", "leave"))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unknown_calendar")


async def test_a_changed_calendar_moves_the_next_fire_of_its_jobs(client: httpx.AsyncClient) -> None:
    """Closed days push it on, opened ones bring it back; a job that names none stays."""
    await client.put("/calendars/leave", json={})
    for body in (job("daily", "leave"), job("other")):
        await client.post("/jobs", json=body)
    plain = (await client.get("/jobs/daily")).json()["next_run_at"]
    closed = [day for day in range(7) if day != 3]
    await client.put("/calendars/leave", json={"weekdays": closed})
    moved = (await client.get("/jobs/daily")).json()["next_run_at"]
    preview = await client.post("/schedules/preview", json={"schedule": job("x", "leave")["schedule"]})
    assert moved == preview.json()["next"][0]["utc"]
    await client.put("/calendars/leave", json={"windows": ["00:00-24:00"]})
    assert (await client.get("/jobs/daily")).json()["next_run_at"] is None
    await client.put("/calendars/leave", json={})
    assert (await client.get("/jobs/daily")).json()["next_run_at"] == plain
    assert (await client.get("/jobs/other")).json()["next_run_at"] == plain


async def test_a_changed_calendar_leaves_a_job_that_changed_meanwhile(
    client: httpx.AsyncClient, platform: Services, scripts: Scripts
) -> None:
    """An older version, another next slot, or a job that is disabled: nothing is set."""
    await client.put("/calendars/leave", json={})
    await client.post("/jobs", json=job("daily", "leave"))
    record = await platform.jobs.find("daily")
    slot = record.next_run_at or 0
    rows = [
        RefireRow("daily", record.version + 1, slot, slot + 1, slot + 1),
        RefireRow("daily", record.version, slot + 5, slot + 1, slot + 1),
    ]
    assert await scripts.run("calendars/refire", *flat(rows)) == ["LOST", "LOST"]
    await client.put("/jobs/daily/disable")
    assert await scripts.run(
        "calendars/refire", *flat([RefireRow("daily", record.version, "", slot, slot)])
    ) == ["LOST"]
    assert await platform.jobs.refire(["daily"]) == 0
    assert (await platform.jobs.find("daily")).next_run_at is None


async def test_a_damaged_job_leaves_the_others_of_its_calendar_alone(
    client: httpx.AsyncClient, platform: Services, scripts: Scripts
) -> None:
    """Its record has another type: it is quarantined, and its neighbour moves."""
    await client.put("/calendars/leave", json={})
    await client.post("/jobs", json=job("daily", "leave"))
    record = await platform.jobs.find("daily")
    await platform.link.call("LPUSH", platform.keys.job("damaged"), "x")
    slot = record.next_run_at or 0
    rows = [
        RefireRow("damaged", 1, slot, slot + 1, slot + 1),
        RefireRow("daily", record.version, slot, slot + 1, slot + 1),
    ]
    assert await scripts.run("calendars/refire", *flat(rows)) == ["ERROR", "OK"]
    assert (await platform.jobs.find("daily")).next_run_at == slot + 1
    await platform.link.call("DEL", platform.keys.job("damaged"))


async def test_a_schedule_that_skips_all_of_its_times_is_refused_by_the_api(
    client: httpx.AsyncClient,
) -> None:
    """Its own rules or its calendar's: the skip is named."""
    await client.put("/calendars/leave", json={"weekdays": list(range(7))})
    for skip in ({"calendars": ["leave"]}, {"windows": ["07:00-09:00"]}):
        body = job()
        body["schedule"]["skip"] = skip
        refused = await client.post("/jobs", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/schedule/skip")
        assert refused.json()["errors"][0]["code"] == "skips_all"


async def test_a_preview_shows_what_is_skipped_and_what_is_not_sure(client: httpx.AsyncClient) -> None:
    """Holidays by name, days that move, dates that are estimated."""
    schedule = {
        "cron": "0 8 25 * *",
        "timezone": "Asia/Jakarta",
        "skip": {"holidays": "ID", "cuti_bersama": True},
        "on_skip": "before",
    }
    body = {"schedule": schedule, "now": "2026-11-24T10:00:00+07:00", "count": 2}
    found = (await client.post("/schedules/preview", json=body)).json()
    assert [fire["local"] for fire in found["next"]] == [
        "2026-11-25T08:00:00+07:00",
        "2026-12-23T08:00:00+07:00",
    ]
    skipped = found["skipped"][0]
    assert (skipped["from"], skipped["slots"], skipped["moved_to"]) == (
        "2026-12-25T01:00:00.000Z",
        1,
        "2026-12-23",
    )
    assert skipped["reason"]["id"] == "digeser ke 2026-12-23, libur: Hari Raya Natal"
    assert "2027-03-10 Hari Raya Idul Fitri (perkiraan)" in found["holiday_notes"][0]["id"]
    assert found["words"]["en"].endswith(
        "not on public holidays and joint leave days (ID), moved to the nearest day before"
    )
