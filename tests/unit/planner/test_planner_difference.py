"""A plan as the difference from stored jobs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core.records import JobRecord
from app.planner.diff import PlanDiff
from app.planner.models import Certainty, ChainLink, Change, FieldDifference, JobChange, NoteKind, PlannedJob
from tests.support.planner.planner_fakes import (
    CHECKS,
    VIEW,
    ZONE,
    known,
    monitor,
    planned,
    schedule_of,
    stored,
    wanted,
)

REPORT = planned()
AT_1630 = planned(schedule={"cron": "30 16 * * *", "timezone": ZONE}, slot="1630")


def changes(
    *jobs: PlannedJob, records: tuple[JobRecord, ...] = (), taken: tuple[str, ...] = ()
) -> list[JobChange]:
    comparison = PlanDiff(known(*records, taken=taken), CHECKS.spec, VIEW)
    return comparison.changes([wanted(job) for job in jobs])


def change(job: PlannedJob, *records: JobRecord) -> JobChange:
    return changes(job, records=records)[0]


def test_unknown_job_is_created() -> None:
    """Without a stored job of the target a new one is planned under the target's slug."""
    found = change(monitor("bot_a01"))
    assert (found.spec.job_id, found.change) == ("monitor-telegram-bot_a01", Change.CREATE)
    assert (found.base_version, found.diff) == (None, ())
    assert found.spec.timeout_ms == 15_000


def test_same_request_again_is_unchanged() -> None:
    """What is stored under whatever id already is what was asked for."""
    found = change(monitor("bot_a01"), stored("my-own-name", monitor("bot_a01"), version=4))
    assert (found.spec.job_id, found.change, found.base_version) == ("my-own-name", Change.UNCHANGED, 4)
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("schedule", "same"),
    [
        ({"cron": "0 7 * * *"}, True),
        ({"cron": "00 07 * * *", "timezone": ZONE}, True),
        ({"cron": "0 7 * * *", "timezone": "UTC"}, False),
        ({"cron": "0 8 * * *", "timezone": ZONE}, False),
        ({"interval_sec": 86_400}, False),
    ],
)
def test_schedules_are_compared_by_their_meaning(schedule: dict[str, Any], *, same: bool) -> None:
    """Another spelling of the same times is no change; the stored spelling stays."""
    found = change(REPORT, stored("r", REPORT, schedule=schedule))
    assert (found.change is Change.UNCHANGED) is same
    assert (schedule_of(found.spec) == schedule) is same


def test_update_sets_only_what_was_said() -> None:
    """The rest of a hand-edited spec stays, and a warning names it."""
    record = stored(
        "m",
        monitor("bot_a01", 60, fail_after=9),
        version=3,
        timeout_ms=9_000,
        description="penting",
        tags=["ops"],
    )
    found = change(monitor("bot_a01", 30, notify={"channel": "email"}), record)
    assert (found.change, found.base_version) == (Change.UPDATE, 3)
    assert found.spec.inputs == {**record.spec.inputs, "notify": {"channel": "email"}}
    assert (found.spec.timeout_ms, found.spec.description, found.spec.tags) == (9_000, "penting", ["ops"])
    assert found.diff == (
        FieldDifference("/schedule/interval_sec", 60, 30),
        FieldDifference("/inputs/notify", None, {"channel": "email"}),
    )
    (warning,) = found.assumptions
    assert "description, tags, timeout_ms, inputs.fail_after" in warning


def test_update_to_another_kind_of_schedule_shows_both() -> None:
    """The old kind goes, the new one comes."""
    found = change(REPORT, stored("r", REPORT, schedule={"interval_sec": 86_400}))
    assert found.diff == (
        FieldDifference("/schedule/interval_sec", 86_400, None),
        FieldDifference("/schedule/cron", None, "0 7 * * *"),
        FieldDifference("/schedule/timezone", None, ZONE),
    )


def test_bounds_of_a_schedule_stay() -> None:
    """Somebody's first and last day outlive another interval."""
    bounds = {"start_at": "2026-01-01T00:00:00Z", "end_at": "2027-01-01T00:00:00Z"}
    found = change(monitor("a", 30), stored("m", monitor("a"), schedule={"interval_sec": 60, **bounds}))
    assert schedule_of(found.spec) == {"interval_sec": 30, **bounds}


def test_disabled_job_stays_disabled() -> None:
    """A plan turns nothing on by itself; it says what does."""
    found = change(monitor("bot_a01", 45), stored("m", monitor("bot_a01"), enabled=False))
    assert found.change is Change.UPDATE
    assert not found.spec.enabled
    assert found.next_runs == ()
    assert any("multi-job enable m" in warning for warning in found.warnings)


def test_of_several_jobs_the_equal_schedule_is_meant() -> None:
    """It wins over the oldest, and the others are named."""
    records = (stored("old", REPORT, schedule={"interval_sec": 9}), stored("fits", REPORT))
    found = change(REPORT, *records)
    assert (found.spec.job_id, found.change) == ("fits", Change.UNCHANGED)
    assert any("old" in warning for warning in found.assumptions)


def test_of_several_jobs_else_the_oldest_is_meant() -> None:
    """If no schedule is equal, the first one created is changed."""
    records = tuple(
        stored(name, REPORT, schedule={"cron": f"0 {n} * * *", "timezone": ZONE})
        for n, name in ((8, "old"), (9, "later"))
    )
    found = change(REPORT, *records)
    assert (found.spec.job_id, found.change) == ("old", Change.UPDATE)
    assert any("later" in warning for warning in found.assumptions)


@pytest.mark.parametrize(
    "schedule",
    [
        {"cron": "0 17 * * 5", "timezone": ZONE},
        {"cron": "0 7 1 * *", "timezone": ZONE},
        {"rrule": "FREQ=MONTHLY;BYDAY=1MO;BYHOUR=7;BYMINUTE=0", "timezone": ZONE},
        {"interval_sec": 3_600},
        {"at": "2027-01-01T07:00:00+07:00"},
    ],
)
def test_job_of_another_cadence_is_new(schedule: dict[str, Any]) -> None:
    """A weekly report is another job than the daily one that is stored, and the plan says so."""
    found = change(planned(schedule=schedule), stored("daily", REPORT))
    assert found.change is Change.CREATE
    assert any("daily" in text for text in found.assumptions)


def test_monitor_of_a_target_is_changed_at_whatever_times() -> None:
    """A target has one monitor."""
    cron = {"cron": "*/5 8-17 * * *", "timezone": ZONE}
    found = change(replace(monitor("a"), schedule=cron), stored("m", monitor("a")))
    assert (found.spec.job_id, found.change) == ("m", Change.UPDATE)


EVERY_3_DAYS = "FREQ=DAILY;INTERVAL=3;BYHOUR=8;BYMINUTE=0"


@pytest.mark.parametrize(
    ("start", "kept"), [("2026-11-25T08:00:00+07:00", True), ("2026-12-01T00:00:00+07:00", False)]
)
def test_anchor_of_a_counted_rule_is_no_change(start: str, *, kept: bool) -> None:
    """Planned again on another day it is unchanged; a start that was said is a change."""
    rule = {"rrule": EVERY_3_DAYS, "timezone": ZONE}
    before = {**rule, "start_at": "2026-11-21T08:00:00+07:00"}
    found = change(planned(schedule={**rule, "start_at": start}), stored("r", REPORT, schedule=before))
    assert (found.change is Change.UNCHANGED) == kept


def test_bounds_that_were_said_are_set() -> None:
    """The other bound stays as it is stored."""
    said = {"cron": "0 7 * * *", "timezone": ZONE, "end_at": "2027-01-01T00:00:00Z"}
    before = {"cron": "0 7 * * *", "timezone": ZONE, "start_at": "2026-01-01T00:00:00Z"}
    found = change(planned(schedule=said), stored("r", REPORT, schedule=before))
    assert schedule_of(found.spec) == {**before, "end_at": "2027-01-01T00:00:00Z"}


def test_second_schedule_of_a_target_is_a_job_of_its_own() -> None:
    """Two times for one report in one prompt are two jobs, the second with its time in its id."""
    found = changes(REPORT, AT_1630)
    assert [(each.spec.job_id, each.change) for each in found] == [
        ("report-daily", Change.CREATE),
        ("report-daily-1630", Change.CREATE),
    ]
    again = changes(
        REPORT,
        AT_1630,
        records=tuple(
            stored(each.spec.job_id, job) for each, job in zip(found, (REPORT, AT_1630), strict=True)
        ),
    )
    assert [each.change for each in again] == [Change.UNCHANGED] * 2
    assert [each.warnings for each in again] == [()] * 2


def test_two_schedules_find_their_own_jobs_in_any_order() -> None:
    """An equal schedule is taken before any job is changed."""
    found = changes(AT_1630, REPORT, records=(stored("r", REPORT),))
    assert [(each.spec.job_id, each.change) for each in found] == [
        ("report-daily-1630", Change.CREATE),
        ("r", Change.UNCHANGED),
    ]


def test_id_of_another_target_is_not_taken() -> None:
    """An id that somebody gave to another job stays theirs."""
    (found,) = changes(REPORT, taken=("report-daily",))
    assert found.change is Change.CREATE
    assert found.spec.job_id.startswith("report-daily-")


def test_two_targets_of_one_slug_get_two_ids() -> None:
    """Different targets never share an id, also within one plan."""
    found = changes(monitor("a@b"), monitor("a-b"), monitor("a+b"))
    ids = [each.spec.job_id for each in found]
    assert ids[0] == "monitor-telegram-a-b"
    assert len(set(ids)) == 3


def test_message_without_a_schedule_leaves_a_stored_one_alone() -> None:
    """Sending it now does not stop the daily one."""
    daily = planned("message.send", {"cron": "0 9 * * *", "timezone": ZONE}, to="ops", text="halo")
    now = PlannedJob(
        "message.send", None, {"to": "ops", "text": "halo"}, "now", (), Certainty.CERTAIN, (), ""
    )
    found = change(now, stored("daily", daily))
    assert (found.spec.job_id, found.change) == ("daily", Change.UNCHANGED)
    assert change(now).spec.schedule is None


def test_other_spelling_of_a_url_is_no_change() -> None:
    """The stored job keeps the address as it was written."""
    minute = {"interval_sec": 60}
    record = stored("m", planned("monitor.http", minute, url="https://a.example/"))
    found = change(planned("monitor.http", minute, url="HTTPS://A.example"), record)
    assert found.change is Change.UNCHANGED


def test_next_runs_are_three_in_the_schedules_zone() -> None:
    """A cron speaks its own zone, an interval the reader's."""
    report = change(planned(schedule={"cron": "0 7 * * *", "timezone": "Asia/Makassar"}))
    assert [fire.timezone for fire in report.next_runs] == ["Asia/Makassar"] * 3
    assert [fire.at_ms - VIEW.now_ms for fire in report.next_runs] == [h * 3_600_000 for h in (20, 44, 68)]
    assert [fire.timezone for fire in change(monitor("a")).next_runs] == [ZONE] * 3


def test_merge_that_does_not_hold_together_is_refused() -> None:
    """A change that a stored spec makes impossible is left out and reported, the rest is planned."""
    record = stored(
        "m", planned("monitor.http", {"interval_sec": 60}, url="https://a.example", method="HEAD")
    )
    job = planned("monitor.http", {"interval_sec": 60}, url="https://a.example", contains="ok")
    comparison = PlanDiff(known(record), CHECKS.spec, VIEW)
    found = comparison.changes([wanted(job), wanted(REPORT)])
    assert [each.spec.type for each in found] == ["report.daily"]
    assert comparison.dropped == [job]


def test_other_fields_that_were_said_are_set() -> None:
    """A priority that the prompt names is in the new spec, and in the difference of an existing one."""
    urgent = replace(REPORT, fields={"priority": "high", "description": "harian"})
    assert change(urgent).spec.priority == "high"
    found = change(urgent, stored("r", REPORT, description="lama", timeout_ms=5_000))
    assert (found.change, found.spec.description, found.spec.timeout_ms) == (Change.UPDATE, "harian", 5_000)
    assert FieldDifference("/priority", "normal", "high") in found.diff
    assert FieldDifference("/description", "lama", "harian") in found.diff


def test_certain_job_is_meant_and_a_new_one_takes_over_none() -> None:
    """Of two jobs of a target the one with the id is changed; what must be new gets an id of its own."""
    records = tuple(
        stored(name, REPORT, schedule={"interval_sec": n}) for n, name in ((8, "old"), (9, "later"))
    )
    assert change(replace(REPORT, job_id="later"), *records).spec.job_id == "later"
    new = change(replace(AT_1630, is_new=True), *records)
    assert (new.change, new.spec.job_id) == (Change.CREATE, "report-daily-1630")


def test_part_of_a_policy_that_is_not_said_stays() -> None:
    """Another number of tries leaves the stored delays; a new job has the default ones."""
    record = stored("r", REPORT, retry_policy={"max_retry": 1, "backoff_sec": [60], "jitter": 0.5})
    policy = change(replace(REPORT, fields={"retry_policy": {"max_retry": 5}}), record).spec.retry_policy
    assert (policy.max_retry, policy.backoff_sec, policy.jitter) == (5, [60], 0.5)


def test_schedule_that_no_words_name_stays_as_it_is_stored() -> None:
    """A job that only its retry names keeps its own time."""
    record = stored("r", REPORT, schedule={"cron": "0 9 * * *", "timezone": ZONE})
    found = change(replace(REPORT, keeps_schedule=True, fields={"priority": "low"}), record)
    assert schedule_of(found.spec)["cron"] == "0 9 * * *"
    assert [each.pointer for each in found.diff] == ["/priority"]


BACKUP = planned("backup.export", {"cron": "0 3 * * *", "timezone": ZONE})
AFTERWARDS = replace(planned("backup.export"), schedule=None, key="second")
FIRST = replace(REPORT, key="first", chains=(ChainLink("on_success", "second"),))


def test_chain_names_the_id_that_is_chosen() -> None:
    """The first job names the other by its id, whatever the order in which they are said."""
    for jobs in ((FIRST, AFTERWARDS), (AFTERWARDS, FIRST)):
        specs = {each.spec.type: each.spec for each in changes(*jobs)}
        assert specs["report.daily"].on_success == ["backup-export"]
        assert specs["backup.export"].schedule is None


def test_repeated_chain_is_unchanged() -> None:
    """The stored jobs do the same already; other jobs that the first one starts stay."""
    records = (stored("r", REPORT, on_success=["other", "b"]), stored("b", BACKUP))
    found = changes(FIRST, AFTERWARDS, records=records)
    assert [each.change for each in found] == [Change.UNCHANGED, Change.UNCHANGED]
    added = changes(
        FIRST, AFTERWARDS, records=(stored("r", REPORT, on_success=["other"]), stored("b", BACKUP))
    )
    assert [each.change for each in added] == [Change.UPDATE, Change.UNCHANGED]
    assert added[0].spec.on_success == ["other", "b"]


def test_chain_that_leads_back_is_refused() -> None:
    """Neither in one sentence nor through a stored job does a job start itself."""
    back = replace(AFTERWARDS, chains=(ChainLink("on_failure", "first"),))
    one, other = changes(FIRST, back)
    assert (one.spec.on_success, other.spec.on_failure) == (["backup-export"], [])
    assert NoteKind.REFUSAL in other.doubts
    again = changes(FIRST, AFTERWARDS, records=(stored("r", REPORT), stored("b", BACKUP, on_failure=["r"])))
    assert again[0].spec.on_success == []
    assert NoteKind.REFUSAL in again[0].doubts


@pytest.mark.parametrize("names", [(), ("one", "two")])
def test_first_job_that_is_only_named_must_be_one_stored_job(names: tuple[str, ...]) -> None:
    """With none stored, or two, nothing is planned and a question is asked; with one it gets the chain."""
    named = replace(FIRST, schedule=None, is_named=True)
    records = tuple(stored(name, REPORT) for name in names)
    comparison = PlanDiff(known(*records), CHECKS.spec, VIEW)
    assert comparison.changes([wanted(named), wanted(AFTERWARDS)]) == []
    assert [(note.kind, note.choices) for note in comparison.notes] == [(NoteKind.QUESTION, names)]
    if names:
        one = changes(replace(named, job_id="two"), AFTERWARDS, records=records)
        assert [each.spec.job_id for each in one] == ["two", "backup-export"]
    found = changes(named, AFTERWARDS, records=(stored("r", REPORT),))
    assert [(each.change, each.spec.job_id) for each in found] == [
        (Change.UPDATE, "r"),
        (Change.CREATE, "backup-export"),
    ]
    assert found[0].spec.schedule is not None


def test_bounds_that_were_said_replace_the_stored_ones() -> None:
    """A new end is set; a start that is not said stays."""
    cron = {"cron": "0 7 * * *", "timezone": ZONE}
    record = stored(
        "r", REPORT, schedule={**cron, "start_at": "2026-01-01T00:00:00Z", "end_at": "2027-01-01T00:00:00Z"}
    )
    found = change(planned(schedule={**cron, "end_at": "2028-01-01T00:00:00Z"}), record)
    assert found.spec.schedule is not None
    instants = (found.spec.schedule.start_at, found.spec.schedule.end_at)
    assert [each.year for each in instants if each is not None] == [2026, 2028]


def test_new_time_keeps_the_days_that_are_left_out() -> None:
    """A stored job that leaves out holidays does so at its new time, unless the sentence says which."""
    skip = {"holidays": "ID"}
    stored_schedule = {"cron": "0 7 * * *", "timezone": ZONE, "skip": skip, "on_skip": "before"}
    record = stored("r", REPORT, schedule=stored_schedule)
    later = planned(schedule={"cron": "0 9 * * *", "timezone": ZONE})
    kept = change(later, record).spec.schedule
    assert kept is not None
    assert kept.model_dump(mode="json", exclude_none=True) == {**stored_schedule, "cron": "0 9 * * *"}
    sundays = planned(schedule={"cron": "0 9 * * *", "timezone": ZONE, "skip": {"weekdays": [0]}})
    said = change(sundays, record).spec.schedule
    assert said is not None
    assert (said.skip and said.skip.weekdays, said.on_skip) == ([0], "drop")
