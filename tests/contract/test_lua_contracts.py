"""The Lua scripts keep the contract of their heads: words, keys, flags, guards, states."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.core.models import TRANSITIONS, RunStatus
from app.core.storage.keys import KEY_SPECS, Keys, lua_names
from app.core.storage.scripts import LUA_DIR, compose, script_source
from tests.support.guards import all_guards, script_names

TESTS = Path(__file__).resolve().parents[1]
APP = TESTS.parent / "app"
SOURCES = {path.stem: path.read_text("utf-8") for path in TESTS.rglob("test_*.py")}
TEST_NAMES = {name for text in SOURCES.values() for name in re.findall(r"def (test_\w+)", text)}
LIBRARIES = sorted(path.stem for path in (LUA_DIR / "lib").glob("*.lua"))

# Existing work starts, ends and reports while Redis is out of memory. New work (enqueue, fire, chain) and log
# lines, which the worker keeps until the end of the run, are refused.
ALLOWED_WHEN_FULL = {
    "idempotency/add_counts",
    "accounts/lease",
    "accounts/set_state",
    "deployment/alarm",
    "access/audit",
    "queue/cancel",
    "accounts/answer_checks",
    "queue/check_lanes",
    "accounts/pending_checks",
    "queue/claim",
    "deployment/confirm_write",
    "accounts/delete",
    "calendars/delete",
    "specs/delete",
    "deployment/id",
    "dead_letters/discard",
    "secrets/end_rotation",
    "queue/ensure_groups",
    "access/end_session",
    "queue/finish",
    "queue/repair_entries",
    "deployment/heartbeat",
    "deployment/store_cursor",
    "tools/kv",
    "queue/remove_consumers",
    "deployment/record_purge",
    "outbox/close",
    "outbox/deliver_to_inbox",
    "outbox/expire_senders",
    "outbox/purge",
    "outbox/put",
    "outbox/settle",
    "outbox/take",
    "queue/pause",
    "queue/promote",
    "outbox/provider_report",
    "tools/publish",
    "runs/purge",
    "queue/reclaim",
    "secrets/register_key",
    "queue/release",
    "queue/renew",
    "secrets/reseal",
    "queue/resume",
    "access/revoke_key",
    "specs/set_enabled",
    "queue/restart_idle_times",
    "deployment/store_memory",
    "queue/grant_free_slots",
    "deployment/claim_task",
    "statistics/thin_rollups",
    "statistics/thin_value",
    "tools/metrics",
    "access/touch_sessions",
}

# Each word that a script can answer, and the test that makes it do so.
WORDS: dict[str, dict[str, str]] = {
    "accounts/lease": {
        "YES": "test_an_account_has_one_connector_at_a_time",
        "NO": "test_an_account_has_one_connector_at_a_time",
        "GIVEN": "test_a_lease_given_back_is_free_at_once",
    },
    "accounts/set_state": {
        "CHANGED": "test_a_change_of_state_is_reported_once",
        "SAME": "test_a_change_of_state_is_reported_once",
        "LOST": "test_a_state_of_another_connector_is_refused",
    },
    "deployment/alarm": {
        "RAISED": "test_alarm_is_raised_once_for_all_schedulers",
        "CLEARED": "test_alarm_is_raised_once_for_all_schedulers",
        "SAME": "test_alarm_is_raised_once_for_all_schedulers",
    },
    "access/audit": {
        "OK": "test_audit_shows_the_newest_first",
        "SAME": "test_audit_entry_sent_again_is_stored_once",
    },
    "queue/append_log": {
        "OK": "test_log_lines_sent_again_stand_once",
        "LOST": "test_log_of_a_lost_lease_is_refused",
    },
    "idempotency/bind_plan": {
        "OK": "test_bound_plan_stays_the_one_of_the_key",
        "REPLAY": "test_bound_plan_stays_the_one_of_the_key",
        "UNKNOWN": "test_bound_plan_stays_the_one_of_the_key",
        "MISMATCH": "test_execute_key_with_another_body_is_refused",
    },
    "queue/cancel": {
        "CANCELLED": "test_cancel_of_a_queued_run_takes_its_entry_out",
        "REQUESTED": "test_cancel_of_a_running_run_asks_its_worker",
        "TERMINAL": "test_cancel_of_an_ended_run_changes_nothing",
        "NOT_FOUND": "test_cancel_of_an_unknown_run_is_not_found",
        "ERROR": "test_cancel_of_a_damaged_record_is_refused",
    },
    "queue/dispatch_chains": {
        "OK": "test_a_run_that_ends_starts_its_chain",
        "DUPLICATE": "test_an_entry_that_came_back_makes_no_second_run",
        "GONE": "test_an_entry_becomes_a_run_by_one_scheduler",
        "DROPPED": "test_a_job_that_is_gone_is_not_run_and_said_so",
        "ERROR": "test_entries_that_cannot_be_treated_are_dropped",
    },
    "accounts/answer_checks": {"OK": "test_answer_of_a_check_comes_once"},
    "accounts/request_check": {
        "OK": "test_check_is_answered_by_the_connector",
        "NO_ACCOUNT": "test_account_that_is_not_stored_is_not_configured",
        "DISABLED": "test_disabled_account_is_not_configured",
    },
    "queue/check_lanes": {
        "WALK": "test_a_lane_that_was_lost_starts_a_walk",
        "FINE": "test_lanes_without_a_loss_start_no_walk",
    },
    "queue/claim": {
        "OK": "test_claim_starts_an_attempt",
        "STALE": "test_claim_with_an_older_number_is_stale",
    },
    "access/create_key": {
        "OK": "test_key_is_shown_once_and_kept_as_a_digest",
        "SAME": "test_idempotency_key_of_a_key_makes_one_key",
        "MISMATCH": "test_idempotency_key_of_a_key_with_another_body_is_refused",
        "FULL": "test_keys_are_limited_in_number",
        "NO_ADMIN": "test_only_admin_key_does_not_expire",
    },
    "access/count_refused": {
        "OK": "test_refusals_are_counted_by_reason",
        "SILENT": "test_refusals_wait_for_the_heartbeat",
    },
    "access/create_session": {
        "OK": "test_session_has_the_rights_of_its_key",
        "NO_KEY": "test_session_of_a_revoked_key_is_not_stored",
    },
    "accounts/delete": {
        "OK": "test_deleted_account_is_gone",
        "MORE": "test_messages_of_a_deleted_account_have_failed",
        "MISSING": "test_deleted_account_is_gone",
    },
    "specs/delete": {
        "OK": "test_delete_cancels_what_waits_and_forgets_the_job",
        "MORE": "test_delete_of_a_job_with_many_runs_takes_several_scripts",
        "MISSING": "test_delete_of_what_does_not_exist_is_not_found",
    },
    "dead_letters/discard": dict.fromkeys(
        ("OK", "NOT_DEAD", "ERROR"), "test_discard_takes_dead_letters_off_the_list_alone"
    ),
    "access/end_session": {
        "OK": "test_ended_session_is_refused_and_forgotten",
        "MISSING": "test_ended_session_is_refused_and_forgotten",
    },
    "queue/enqueue": {
        "OK": "test_enqueue_stores_everything_that_a_claim_needs",
        "DUPLICATE": "test_enqueue_of_an_existing_run_is_a_duplicate",
        "REPLAY": "test_idempotency_key_sent_again_answers_the_first_run",
        "MISMATCH": "test_idempotency_key_with_another_body_is_refused",
        "OUTDATED": "test_a_run_of_an_older_spec_is_not_created",
        "FULL": "test_a_submission_beyond_the_limit_is_refused",
        "ERROR": "test_enqueue_with_a_damaged_record_leaves_its_neighbours_alone",
    },
    "queue/finish": {
        "OK": "test_finish_moves_a_run_by_its_outcome",
        "LOST": "test_finish_of_a_lost_lease_changes_nothing",
        "NOT_FOUND": "test_finish_of_an_unknown_run_is_not_found",
        "ERROR": "test_finish_of_a_damaged_record_leaves_its_neighbours_alone",
    },
    "schedule/fire": {
        "FIRED": "test_a_slot_that_fires_is_a_run",
        "SKIPPED": "test_overlap_skip_records_the_slot",
        "RECORDED": "test_missed_slots_stand_in_the_ledger",
        "LOST": "test_a_slot_is_fired_by_one_scheduler",
        "EARLY": "test_a_slot_never_fires_early",
        "ERROR": "test_fire_of_a_damaged_job_leaves_its_neighbours_alone",
    },
    "queue/repair_entries": dict.fromkeys(("MORE", "DONE"), "test_a_walk_resumes_after_another_scheduler"),
    "deployment/heartbeat": {
        "UP": "test_service_up_is_reported_once",
        "OK": "test_service_up_is_reported_once",
        "LEFT": "test_leave_sent_again_tells_once",
        "UNKNOWN": "test_leave_sent_again_tells_once",
    },
    "deployment/store_cursor": {"OK": "test_purge_resumes_although_redis_is_full"},
    "tools/kv": {
        "OK": "test_kv_keeps_values_of_every_kind",
        "LOST": "test_kv_of_a_lost_lease_is_refused",
        "STALE": "test_tool_call_with_an_older_number_is_stale",
        "MISSING": "test_kv_keeps_values_of_every_kind",
        "LIMIT": "test_kv_refuses_one_key_too_many",
        "CONFLICT": "test_kv_compare_and_set_of_another_value_conflicts",
        "NOT_INTEGER": "test_kv_incr_of_a_text_is_refused",
    },
    "deployment/record_purge": dict.fromkeys(("OK", "SAME"), "test_early_purge_sent_again_is_reported_once"),
    "outbox/close": {
        "OK": "test_close_gives_a_message_up",
        "STATE": "test_close_of_what_is_sent_is_refused",
        "NOT_FOUND": "test_deciding_about_an_unknown_id_is_not_found",
    },
    "outbox/deliver_to_inbox": {"OK": "test_sandbox_message_lands_in_the_inbox_once"},
    "outbox/put": {
        "OK": "test_put_stores_a_pending_message",
        "EXISTS": "test_put_of_the_same_message_finds_the_stored_one",
        "MISMATCH": "test_put_of_another_message_is_a_mismatch",
        "LOST": "test_put_of_a_lost_lease_is_refused",
    },
    "outbox/resend": {
        "OK": "test_resend_lets_a_message_wait_again",
        "STATE": "test_resend_of_what_is_not_over_is_refused",
        "NOT_FOUND": "test_deciding_about_an_unknown_id_is_not_found",
    },
    "outbox/settle": {
        "OK": "test_settle_keeps_the_receipt",
        "LOST": "test_settle_of_another_sender_is_refused",
        "NOT_FOUND": "test_settle_of_what_does_not_exist_is_not_found",
    },
    "outbox/take": {
        "OK": "test_take_hands_out_messages_in_their_order",
        "NONE": "test_take_hands_out_messages_in_their_order",
    },
    "planner/spend_tokens": dict.fromkeys(("OK", "USED_UP"), "test_a_call_beyond_the_budget_is_refused"),
    "queue/pause": {
        "PAUSED": "test_pausing_twice_is_one_pause",
        "OVER": "test_a_pause_sent_again_after_its_end_pauses_nothing",
        "MISSING": "test_a_pause_of_what_does_not_exist_is_not_found",
    },
    "deployment/probe_write": {"OK": "test_redis_that_refuses_writes_is_refusing"},
    "queue/set_progress": {
        "OK": "test_progress_is_stored_and_reported_once",
        "LOST": "test_progress_of_a_lost_lease_is_refused",
    },
    "outbox/provider_report": {
        "OK": "test_report_says_how_far_a_message_came",
        "STALE": "test_report_that_comes_late_takes_nothing_back",
        "EARLY": "test_report_that_comes_early_waits_for_its_message",
    },
    "tools/publish": {
        "OK": "test_published_record_is_put_and_taken_off_once",
        "LOST": "test_publish_of_a_lost_lease_is_refused",
        "STALE": "test_published_record_is_put_and_taken_off_once",
        "MISSING": "test_published_record_is_put_and_taken_off_once",
    },
    "queue/reclaim": {
        "OK": "test_reclaim_leaves_a_lease_that_is_kept",
        "GRACE": "test_reclaim_gives_grace_after_a_gap",
        "STAMP": "test_reclaim_asks_for_stamps_until_the_lane_is_stamped",
    },
    "idempotency/call_once": {
        "OK": "test_a_call_with_another_body_is_a_mismatch",
        "REPLAY": "test_the_first_answer_of_a_call_stays",
        "MISMATCH": "test_a_call_with_another_body_is_a_mismatch",
    },
    "dead_letters/redrive": {
        "ERROR": "test_redrive_of_a_damaged_record_leaves_its_neighbours_alone",
        "OK": "test_redrive_queues_a_dead_letter_as_a_fresh_run",
        "STALE": "test_redrive_of_an_older_attempt_is_stale",
        "NOT_DEAD": "test_redrive_of_what_is_no_dead_letter_is_refused",
        "NOT_FOUND": "test_redrive_of_an_unknown_run_is_not_found",
    },
    "queue/release": {
        "OK": "test_release_gives_a_run_back_at_no_cost",
        "LOST": "test_release_of_a_lost_lease_changes_nothing",
        "CANCELLED": "test_release_of_a_cancelled_run_ends_it",
        "ERROR": "test_release_of_a_damaged_record_leaves_its_neighbours_alone",
    },
    "queue/renew": {
        "OK": "test_renewal_makes_a_lease_young_again",
        "CANCELLED": "test_renewal_is_separate_for_each_run",
        "LOST": "test_renewal_of_a_lost_lease_is_refused",
    },
    "schedule/reschedule": {
        "OK": "test_reschedule_sets_the_next_fire",
        "LOST": "test_reschedule_yields_to_a_newer_save",
    },
    "restore/account": {
        "CREATED": "test_a_record_is_created_found_or_replaced",
        "SAME": "test_a_record_is_created_found_or_replaced",
        "REPLACED": "test_a_record_is_created_found_or_replaced",
        "DIFFERENT": "test_a_record_is_created_found_or_replaced",
        "ERROR": "test_a_damaged_stored_record_is_an_error",
        "LOST": "test_a_restore_that_lost_its_lock_writes_nothing",
    },
    "restore/calendar": {
        "CREATED": "test_a_record_is_created_found_or_replaced",
        "SAME": "test_a_record_is_created_found_or_replaced",
        "REPLACED": "test_a_record_is_created_found_or_replaced",
        "DIFFERENT": "test_a_record_is_created_found_or_replaced",
        "ERROR": "test_a_damaged_stored_record_is_an_error",
        "LOST": "test_a_restore_that_lost_its_lock_writes_nothing",
    },
    "restore/contact": {
        "CREATED": "test_a_record_is_created_found_or_replaced",
        "SAME": "test_a_record_is_created_found_or_replaced",
        "REPLACED": "test_a_record_is_created_found_or_replaced",
        "DIFFERENT": "test_a_record_is_created_found_or_replaced",
        "ERROR": "test_a_damaged_stored_record_is_an_error",
        "LOST": "test_a_restore_that_lost_its_lock_writes_nothing",
    },
    "restore/set_next_fire": {
        "ARMED": "test_a_next_fire_that_is_set_stays",
        "LEFT": "test_a_job_that_was_changed_is_not_armed",
        "ERROR": "test_a_damaged_job_is_not_armed",
        "LOST": "test_a_restore_that_lost_its_lock_writes_nothing",
    },
    "restore/figures": {
        "CREATED": "test_a_record_is_created_found_or_replaced",
        "SAME": "test_a_record_is_created_found_or_replaced",
        "KEPT": "test_a_record_is_created_found_or_replaced",
        "OVER": "test_figures_whose_time_is_over_stay_away",
        "ERROR": "test_a_damaged_stored_record_is_an_error",
        "LOST": "test_a_restore_that_lost_its_lock_writes_nothing",
    },
    "restore/job": {
        "CREATED": "test_a_record_is_created_found_or_replaced",
        "SAME": "test_a_record_is_created_found_or_replaced",
        "REPLACED": "test_a_record_is_created_found_or_replaced",
        "DIFFERENT": "test_a_record_is_created_found_or_replaced",
        "LIMIT": "test_a_restored_job_with_another_limit_is_refused",
        "ERROR": "test_a_damaged_stored_record_is_an_error",
        "LOST": "test_a_restore_that_lost_its_lock_writes_nothing",
    },
    "restore/lock": {
        "YES": "test_one_restore_at_a_time",
        "NO": "test_one_restore_at_a_time",
        "GIVEN": "test_one_restore_at_a_time",
    },
    "restore/marks": {
        "OK": "test_marks_are_only_raised",
        "LOST": "test_a_restore_that_lost_its_lock_writes_nothing",
    },
    "restore/message": {
        "CREATED": "test_a_record_is_created_found_or_replaced",
        "SAME": "test_a_record_is_created_found_or_replaced",
        "KEPT": "test_a_message_that_went_on_is_kept",
        "REPLACED": "test_a_record_is_created_found_or_replaced",
        "DIFFERENT": "test_a_record_is_created_found_or_replaced",
        "ERROR": "test_a_damaged_stored_record_is_an_error",
        "LOST": "test_a_restore_that_lost_its_lock_writes_nothing",
    },
    "restore/run": {
        "CREATED": "test_a_record_is_created_found_or_replaced",
        "SAME": "test_a_record_is_created_found_or_replaced",
        "KEPT": "test_a_run_that_went_on_is_kept",
        "REPLACED": "test_a_record_is_created_found_or_replaced",
        "DIFFERENT": "test_a_record_is_created_found_or_replaced",
        "ERROR": "test_a_damaged_stored_record_is_an_error",
        "LOST": "test_a_restore_that_lost_its_lock_writes_nothing",
    },
    "restore/value": {
        "CREATED": "test_a_record_is_created_found_or_replaced",
        "SAME": "test_a_record_is_created_found_or_replaced",
        "REPLACED": "test_a_record_is_created_found_or_replaced",
        "DIFFERENT": "test_a_record_is_created_found_or_replaced",
        "OVER": "test_a_value_whose_time_is_over_stays_away",
        "ERROR": "test_a_damaged_stored_record_is_an_error",
        "LOST": "test_a_restore_that_lost_its_lock_writes_nothing",
    },
    "restore/version": {
        "CREATED": "test_a_record_is_created_found_or_replaced",
        "SAME": "test_a_record_is_created_found_or_replaced",
        "REPLACED": "test_a_record_is_created_found_or_replaced",
        "DIFFERENT": "test_a_record_is_created_found_or_replaced",
        "ERROR": "test_a_damaged_stored_record_is_an_error",
        "LOST": "test_a_restore_that_lost_its_lock_writes_nothing",
    },
    "queue/resume": {
        "MORE": "test_resume_gives_600_of_600_back_in_order",
        "DONE": "test_resume_gives_600_of_600_back_in_order",
        "PAUSED": "test_a_resume_ends_no_later_pause",
    },
    "secrets/begin_rotation": {
        "OK": "test_rotation_reseals_everything_and_ends",
        "BUSY": "test_rotation_waits_for_a_restore",
        "CHANGED": "test_rotation_of_another_key_is_refused",
    },
    "secrets/end_rotation": {
        "OK": "test_rotation_reseals_everything_and_ends",
        "CHANGED": "test_rotation_of_another_key_is_not_ended",
    },
    "secrets/replace_key": dict.fromkeys(("OK", "CHANGED"), "test_key_that_is_not_the_lost_one_stays"),
    "accounts/save": {
        "OK": "test_each_save_is_another_revision",
        "REPEAT": "test_save_of_an_account_sent_again_is_one_revision",
        "CONFLICT": "test_two_saves_of_an_account_lose_no_secret",
        "OTHER_KEY": "test_account_sealed_by_a_replaced_key_is_not_stored",
    },
    "accounts/save_contact": {
        "OK": "test_contact_that_is_saved_returns_the_one_before",
        "FULL": "test_contacts_are_limited_in_number",
    },
    "calendars/save": {
        "OK": "test_calendar_lives_from_creation_to_removal",
        "FULL": "test_the_number_of_calendars_is_bounded",
    },
    "calendars/delete": {
        "OK": "test_calendar_lives_from_creation_to_removal",
        "MISSING": "test_calendar_lives_from_creation_to_removal",
        "IN_USE": "test_a_calendar_in_use_is_not_deleted",
    },
    "calendars/refire": {
        "OK": "test_a_changed_calendar_moves_the_next_fire_of_its_jobs",
        "LOST": "test_a_changed_calendar_leaves_a_job_that_changed_meanwhile",
        "ERROR": "test_a_damaged_job_leaves_the_others_of_its_calendar_alone",
    },
    "specs/save": {
        "CREATED": "test_create_stores_a_spec_with_its_next_fire",
        "UPDATED": "test_every_save_is_a_version_with_its_author",
        "REPEAT": "test_save_sent_again_makes_one_version",
        "EXISTS": "test_creating_an_existing_job_is_refused",
        "MISSING": "test_replacing_what_does_not_exist_is_not_found",
        "CONFLICT": "test_save_of_an_older_version_is_a_conflict",
        "LIMIT": "test_two_limits_for_one_key_are_refused",
        "CALENDAR": "test_a_job_can_not_name_a_calendar_that_was_just_deleted",
    },
    "access/replace_keys": {"OK": "test_records_of_an_earlier_version_are_adopted_once"},
    "access/revoke_key": {
        "OK": "test_revoked_key_is_gone",
        "MISSING": "test_key_that_goes_meanwhile_is_revoked",
        "LAST_ADMIN": "test_last_admin_key_stays",
    },
    "access/rotate_key": {
        "OK": "test_rotated_key_has_a_successor",
        "SAME": "test_rotation_under_one_idempotency_key_is_one",
        "MISMATCH": "test_rotation_under_one_idempotency_key_is_one",
        "CHANGED": "test_key_revoked_meanwhile_is_not_rotated",
        "FULL": "test_rotations_are_limited_in_number",
    },
    "secrets/save": {
        "OK": "test_secret_save_sent_twice_is_one_save",
        "CHANGED": "test_secret_save_overwrites_no_other",
        "FULL": "test_secrets_are_limited_in_number",
    },
    "specs/set_enabled": {
        "OK": "test_disabling_takes_the_job_off_the_schedule",
        "MISSING": "test_enabling_what_does_not_exist_is_not_found",
        "CONFLICT": "test_enabling_an_older_version_is_a_conflict",
    },
    "deployment/store_memory": {"OK": "test_estimate_is_stored_for_people_and_rules"},
    "statistics/thin_value": dict.fromkeys(
        ("OK", "CHANGED"), "test_thinning_takes_back_nothing_that_a_job_wrote"
    ),
    "accounts/store_updates": {"OK": "test_update_that_comes_again_is_stored_once"},
    "deployment/claim_task": dict.fromkeys(("YES", "NO"), "test_a_chore_has_one_scheduler_at_a_time"),
    "access/touch_sessions": {"OK": "test_use_of_a_session_puts_off_its_end"},
    "tools/metrics": {
        "OK": "test_metrics_add_up",
        "LOST": "test_metrics_of_a_lost_lease_are_refused",
        "STALE": "test_tool_call_with_an_older_number_is_stale",
        "LIMIT": "test_metrics_refuse_one_series_too_many",
        "CONFLICT": "test_metrics_of_another_kind_conflict",
    },
}


def _head(name: str) -> str:
    lines = script_source(name).splitlines()[1:]
    end = next(i for i, line in enumerate(lines) if not line.startswith("--"))
    return "\n".join(lines[:end])


def _words(text: str) -> set[str]:
    return set(re.findall(r"\b[A-Z][A-Z_]+\b", text))


def _promised(name: str) -> set[str]:
    # Words alone: a sentence or a bracket behind them explains.
    returns = _head(name).split("-- Returns", 1)[1].split("; ", 1)[0]
    return _words(returns.split(". ", 1)[0])


@pytest.mark.parametrize("name", script_names())
def test_a_script_begins_with_its_contract(name: str) -> None:
    """What it does, what it needs, what it is given, which keys it builds, what it answers."""
    first, head = script_source(name).splitlines()[0], _head(name)
    assert first.startswith("#!lua")
    assert head.startswith(f"-- {name}: ")
    assert all(part in head for part in ("-- ARGV: ", "-- Keys built inside: ", "-- Returns "))


@pytest.mark.parametrize("name", script_names())
def test_every_word_of_a_script_has_a_test(name: str) -> None:
    """The words of the head are those of the table, and each names a test that exists."""
    table = WORDS.get(name, {})
    assert _promised(name) == set(table)
    assert set(table.values()) <= TEST_NAMES


@pytest.mark.parametrize("name", script_names())
def test_a_script_answers_with_no_other_words(name: str) -> None:
    """Every word that the script returns is declared in its head."""
    returned = re.findall(r"return \{?'([A-Z_]+)'", script_source(name))
    assert set(returned) <= _promised(name)


@pytest.mark.parametrize("name", script_names())
def test_a_script_names_its_keys_in_the_head(name: str) -> None:
    """Every family that its own lines touch is announced and declared."""
    source, head = script_source(name), _head(name)
    announced = head.split("-- Keys built inside:", 1)[1].split("-- Returns")[0]
    used = {family for family in lua_names(source) if family not in {"events", "metrics", "control", "wake"}}
    assert used <= set(re.findall(r"\w+", announced))
    assert lua_names(source) <= {spec.name for spec in KEY_SPECS}


@pytest.mark.parametrize("name", script_names())
def test_only_scripts_that_let_work_end_pass_when_redis_is_full(name: str) -> None:
    """`allow-oom` is set on exactly these scripts."""
    flagged = "allow-oom" in script_source(name).splitlines()[0]
    assert flagged == (name in ALLOWED_WHEN_FULL)


@pytest.mark.parametrize("name", script_names())
def test_a_script_is_composed_of_all_that_it_calls(name: str) -> None:
    """Each library function that is called is defined once, before its first use."""
    text = compose(name, Keys("ns"))
    for part in LIBRARIES:
        library = (LUA_DIR / "lib" / f"{part}.lua").read_text("utf-8")
        for function in re.findall(r"^local function (\w+)", library, re.MULTILINE):
            defined = [match.start() for match in re.finditer(rf"local function {function}\(", text)]
            used = re.search(rf"(?<!function )\b{function}\(", text)
            assert len(defined) <= 1
            assert used is None or (defined and defined[0] < used.start()), f"{function} is not there"


@pytest.mark.parametrize(
    "path", sorted(LUA_DIR.rglob("*.lua")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_scripts_search_nothing_and_hold_no_key_literal(path: Path) -> None:
    """No KEYS, no SCAN, and every key comes from `K`."""
    text = path.read_text("utf-8")
    assert re.search(r"'(KEYS|[HSZ]?SCAN|FLUSHALL|FLUSHDB)'", text) is None
    for command in re.findall(r"redis\.p?call\('(?:[A-Z]+)', ([^,)]+)", text):
        assert not command.startswith("'{"), command


@pytest.mark.parametrize(
    "path", sorted(LUA_DIR.rglob("*.lua")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_lines_of_a_script_are_short_and_a_guards_mark_has_its_own(path: Path) -> None:
    """At most 110 columns; the mark of a guard is the line above what it marks."""
    lines = path.read_text("utf-8").splitlines()
    assert [line for line in lines if len(line) > 110] == []
    assert [
        line for line in lines if "-- guard:" in line and not line.lstrip().startswith("-- guard: ")
    ] == []


def test_no_folder_holds_many_scripts() -> None:
    """At most 25 files in a folder, and no script outside of one."""
    folders = {path.parent for path in LUA_DIR.rglob("*.lua")}
    assert LUA_DIR not in folders
    assert [folder.name for folder in folders if len(list(folder.glob("*.lua"))) > 25] == []


def test_every_guard_names_a_test() -> None:
    """A guard whose test was renamed protects nothing."""
    assert {guard.test for guard in all_guards()} <= TEST_NAMES
    assert [guard for guard in all_guards() if not guard.lines] == []
    assert len(all_guards()) >= 220


def test_a_tests_name_is_one_tests() -> None:
    """Guards and words name tests, so a name must not stand in two suites of scripts."""
    wanted = {guard.test for guard in all_guards()} | {t for words in WORDS.values() for t in words.values()}
    found = [name for text in SOURCES.values() for name in re.findall(r"def (test_\w+)", text)]
    assert [name for name in wanted if found.count(name) != 1] == []


def test_moves_of_the_scripts_stand_in_the_table() -> None:
    """A move with both states written out is a transition; every status that is written is one."""
    text = "\n".join(path.read_text("utf-8") for path in LUA_DIR.rglob("*.lua"))
    moves = re.findall(r"move_status\([^,]+, [^,]+, '(\w+)', '(\w+)'\)", text)
    assert len(moves) >= 5
    assert all(RunStatus(target) in TRANSITIONS[RunStatus(source)] for source, target in moves)
    written = re.findall(r"'status', '(\w+)'", text) + re.findall(r"finalize\(run, h, '(\w+)'", text)
    names = {status.value for status in RunStatus}
    assert set(written) - {"lease", "attempt", "seq", "entry", "job", "waiting"} <= names


def test_every_declared_family_is_used() -> None:
    """A key family that no code writes is not part of the schema."""
    python = "\n".join(path.read_text("utf-8") for path in APP.rglob("*.py") if path.name != "keys.py")
    lua = lua_names("\n".join(path.read_text("utf-8") for path in LUA_DIR.rglob("*.lua")))
    unused = {s.name for s in KEY_SPECS if s.name not in lua and f".{s.name}" not in python}
    assert unused == set()
