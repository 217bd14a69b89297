"""Specs that must be refused: change, pointer, code."""

from __future__ import annotations

from typing import Any

REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"schedule": {"interval_sec": 0}}, "/schedule/interval_sec", "greater_than_equal"),
    ({"schedule": {"interval_sec": -1}}, "/schedule/interval_sec", "greater_than_equal"),
    ({"schedule": {"interval_sec": 0.001}}, "/schedule/interval_sec", "int_type"),
    ({"schedule": {"interval_sec": 1e18}}, "/schedule/interval_sec", "int_type"),
    ({"schedule": {"interval_sec": 10**18}}, "/schedule/interval_sec", "less_than_equal"),
    ({"schedule": {"cron": "* * * * * *"}}, "/schedule/cron", "cron_fields"),
    ({"schedule": {"cron": "0 0 31 2 *"}}, "/schedule/cron", "cron_never"),
    ({"schedule": {"cron": "R * * * *"}}, "/schedule/cron", "cron_syntax"),
    ({"schedule": {"cron": "*" * 10_240}}, "/schedule/cron", "string_too_long"),
    ({"schedule": {"cron": "0 7 * * *", "timezone": "../../etc"}}, "/schedule/timezone", "timezone_unknown"),
    ({"schedule": {"cron": "0 7 * * *", "interval_sec": 30}}, "/schedule", "invalid"),
    ({"schedule": {}}, "/schedule", "invalid"),
    ({"schedule": {"at": 5}}, "/schedule/at", "datetime_type"),
    ({"schedule": {"at": "2030-01-01T00:00:00"}}, "/schedule/at", "timezone_aware"),
    ({"schedule": 5}, "/schedule", "model_type"),
    ({"retry_policy": {"max_retry": -1}}, "/retry_policy/max_retry", "greater_than_equal"),
    ({"retry_policy": {"max_retry": 101}}, "/retry_policy/max_retry", "less_than_equal"),
    ({"retry_policy": {"backoff_sec": []}}, "/retry_policy/backoff_sec", "too_short"),
    ({"retry_policy": {"backoff_sec": [1] * 101}}, "/retry_policy/backoff_sec", "too_long"),
    ({"retry_policy": {"backoff_sec": [1, -1]}}, "/retry_policy/backoff_sec/1", "greater_than_equal"),
    ({"retry_policy": {"backoff_sec": [86_401]}}, "/retry_policy/backoff_sec/0", "less_than_equal"),
    ({"retry_policy": {"backoff_sec": {"bas": 1}}}, "/retry_policy/backoff_sec/bas", "unknown_field"),
    ({"retry_policy": {"backoff_sec": "1"}}, "/retry_policy/backoff_sec", "list_type"),
    ({"timeout_ms": 0}, "/timeout_ms", "greater_than_equal"),
    ({"timeout_ms": 86_400_001}, "/timeout_ms", "less_than_equal"),
    ({"inputs": {"duration_ms": -1}}, "/inputs/duration_ms", "greater_than_equal"),
    ({"inputs": {"place": {"city": 5}}}, "/inputs/place/city", "string_type"),
    ({"inputs": {"a/b~c": 1}}, "/inputs/a~1b~0c", "unknown_field"),
    ({"enabled": "yes"}, "/enabled", "bool_type"),
    ({"tags": ["a", "/"]}, "/tags/1", "string_pattern_mismatch"),
    ({"job_id": "new"}, "/job_id", "invalid"),
    ({"job_id": "a\n"}, "/job_id", "string_pattern_mismatch"),
    ({"type": "test.tool"}, "/type", "policy_denied"),
]
