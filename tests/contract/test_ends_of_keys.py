"""Each key with an end or with instants is listed with what a step back of Redis' clock does to it.

A key that Redis ends, or that holds an instant, may outlast its purpose if the clock was ahead when it was
stored. A new key must be added to a group here, by its owner, after a look at what its end decides.
"""

from __future__ import annotations

import re
from pathlib import Path

from app.core.storage.keys import KEY_SPECS

TESTS = Path(__file__).resolve().parents[1]

# A claim with more than its full life left is stale and is taken: `lua/lib/claims/holder.lua`.
STALE = {
    "chore": "test_a_claim_from_before_the_clock_went_back_is_stale",
    "account_lease": "test_a_claim_from_before_the_clock_went_back_is_stale",
    "restore_lock": "test_a_restore_from_before_the_clock_went_back_holds_nothing",
}
# A scheduler moves what waits: `lua/deployment/correct_instants.lua`, `clock_recovery.py`.
CORRECTED = {
    "schedule": "test_a_step_back_that_no_scheduler_saw_is_dealt_with",
    "delayed": "test_runs_and_cooldowns_from_the_future_keep_their_waits",
    "job": "test_runs_and_cooldowns_from_the_future_keep_their_waits",
    "outbox": "test_a_message_and_its_alarm_from_the_future_leave",
    "outbox_due": "test_a_message_and_its_alarm_from_the_future_leave",
    "outbox_sending": "test_a_message_and_its_alarm_from_the_future_leave",
    "account_hold": "test_a_message_and_its_alarm_from_the_future_leave",
    "incidents_due": "test_a_message_and_its_alarm_from_the_future_leave",
    "incident_deliveries": "test_a_message_and_its_alarm_from_the_future_leave",
    "rate_wakes": "test_a_rate_from_the_future_is_looked_at_again",
}
# An instant in the future counts as now, or as none, where it is read.
CLAMPED = {
    "lease_clock": "test_reclaim_asks_for_stamps_until_the_lane_is_stamped",
    "starts": "test_a_rate_holds_if_the_clock_goes_back",
    "alarm_recent": "test_messages_from_the_future_hold_up_no_alarm",
    "heal": "test_walks_for_a_count_keep_their_distance",
    "instances": "test_heartbeat_from_the_future_is_brought_back",
    "meta": "test_work_from_before_the_clock_went_back_waits_since_then",
    "isolated": "test_a_crash_in_the_future_keeps_no_job_isolated",
}
# Slots that have fired or were written off stay so: the ledger says `clock_went_back`.
KEPT = {"fired": "test_a_slot_fires_once_though_its_run_is_purged"}
# An instant that a person or a schedule chose; it stays the same time of day.
CHOSEN = {"pauses", "pause_ends", "success_due", "api_keys", "maintenance", "kv_index", "secret_key"}
# Monitors have their own record of time, `lua/lib/monitors.lua`.
MONITORS = {"pings_due", "ping", "monitor", "monitor_quarters", "monitor_latency"}
# It lives longer by the step, and decides only whether a repeat, a replay or a guess is recognised: longer is
# safe. A session and a sign-in link have an end of their own in their record, by the clock of the API.
LONGER = {
    *("pause_over", "claim", "oidc_used", "idempotency", "plan", "plan_asker", "plan_last", "tool_calls"),
    *("sign_in_code", "session", "sessions", "sessions_key", "updates_seen", "updates_begun", "receipts"),
    *("updates_fetched", "checks", "check", "lost_workers", "instance"),
}
# It decides only for how long something is shown or kept.
RETENTION = {
    *("log", "planner_tokens", "rollup_minute", "rollup_quarter", "rollup_durations", "rollup_jobs"),
    *(
        "rollup_day",
        "rollup_all",
        "artifacts",
        "artifacts_doomed",
        "artifact",
        "updates",
        "chats",
        "health",
        "answer_text",
    ),
    *("account_state", "api_keys_used", "successes", "incident_jobs", "incident_members", "incidents_ended"),
}
GROUPS = (set(STALE), set(CORRECTED), set(CLAMPED), set(KEPT), CHOSEN, MONITORS, LONGER, RETENTION)


def _has_an_end(purpose: str, *, expires: bool) -> bool:
    return expires or re.search(r"\bms\b|\binstant|\bend\b|\bends\b", purpose) is not None


def test_each_key_with_an_end_is_listed_once() -> None:
    """A key that is new, or has a new lifetime, needs a look at what a step back of the clock does to it."""
    listed = [name for group in GROUPS for name in group]
    wanted = {spec.name for spec in KEY_SPECS if _has_an_end(spec.purpose, expires=spec.expires)}
    assert wanted - set(listed) == set()
    assert set(listed) - {spec.name for spec in KEY_SPECS} == set()
    assert len(listed) == len(set(listed))


def test_each_key_that_decides_something_names_its_test() -> None:
    """What is stale, corrected or clamped is shown by a test that exists."""
    named = {test for group in (STALE, CORRECTED, CLAMPED, KEPT) for test in group.values()}
    sources = "\n".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    assert {test for test in named if f"def {test}(" not in sources} == set()


def test_no_script_reads_a_claim_without_its_life() -> None:
    """`EXISTS` of a lock, or a `GET` that lets no other process in, would obey an ended owner."""
    lua = Path(__file__).resolve().parents[2] / "app/core/storage/lua"
    texts = {path: path.read_text("utf-8") for path in lua.rglob("*.lua")}
    assert [str(p) for p, text in texts.items() if "'EXISTS', K.restore_lock" in text] == []
