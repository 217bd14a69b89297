"""Bodies that the OpenAPI document shows: each is a request that would be taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Example(NamedTuple):
    """A request body, and what it is for in one line."""

    summary: str
    value: Any


_PROMPT = "Pantau telegram akun bot_a01 tiap 30 detik dan buat laporan harian jam 07:00"
_DAILY = {"cron": "0 7 * * *", "timezone": "Asia/Jakarta"}
_REPORT = {"job_id": "report-daily", "type": "report.daily", "schedule": _DAILY, "tags": ["ops"]}
_MONITOR = {
    "job_id": "monitor-telegram-a01",
    "type": "monitor.channel",
    "schedule": {"interval_sec": 30},
    "inputs": {"channel": "telegram", "account_id": "bot_a01"},
    "retry_policy": {"max_retry": 2, "backoff_sec": [1, 5]},
}

EXAMPLES: Mapping[str, Mapping[str, Example]] = {
    "JobSpec": {
        "report": Example("A report each morning.", _REPORT),
        "monitor": Example("Look at an account every half minute.", _MONITOR),
    },
    "CheckRequest": {"report": Example("Would this be saved, and what would change?", {"spec": _REPORT})},
    "RunRequest": {
        "now": Example("With the inputs of the spec.", {}),
        "later": Example("In an hour.", {"delay_sec": 3600}),
    },
    "BatchRequest": {
        "two": Example("Two runs, one of them later.", [{"job_id": "a"}, {"job_id": "b", "delay_sec": 60}])
    },
    "RerunRequest": {"same": Example("With the inputs of that run.", {})},
    "BulkRequest": {
        "count": Example(
            "How many failed runs of a job would it be?",
            {"action": "rerun", "filter": {"job_id": "a", "status": ["failed"]}, "dry_run": True},
        ),
        "cancel": Example(
            "End all that waits or runs of a job.", {"action": "cancel", "filter": {"job_id": "a"}}
        ),
    },
    "RedriveRequest": {
        "look": Example("How many would it be?", {"fingerprint": "4dea0204acb1", "dry_run": True}),
        "slowly": Example("All of a job, five a second.", {"filter": {"job_id": "a"}, "rate_per_sec": 5}),
    },
    "DiscardRequest": {
        "look": Example("How many would it be?", {"fingerprint": "4dea0204acb1", "dry_run": True})
    },
    "AccountRequest": {
        "telegram": Example(
            "A bot, and where its messages go.",
            {"secrets": {"token": "123456789:AAExampleOnly_0123456789abcdefghi"}, "default_to": "4711"},
        )
    },
    "SendRequest": {
        "default": Example("To the account's `default_to`.", {"text": "Halo dari Multi-Job"}),
        "chat": Example("To a chat.", {"to": "4711", "text": "Halo dari Multi-Job"}),
    },
    "DefaultNotifyRequest": {
        "sandbox": Example(
            "The sandbox, for a try.", {"channel": "sandbox", "account_id": "default", "to": "inbox"}
        )
    },
    "KeyRequest": {
        "ci": Example("A key for a pipeline.", {"name": "ci", "role": "operator"}),
        "brief": Example("A key that ends.", {"name": "audit", "role": "viewer", "expires_in_days": 90}),
    },
    "KeyRotation": {"day": Example("The old key works for another day.", {"overlap_hours": 24})},
    "SecretRequest": {
        "token": Example(
            "A token of another service, for its host alone.",
            {"value": "example-only-0123456789", "hosts": ["shop.example"]},
        )
    },
    "PlanRequestBody": {"sentence": Example("A sentence.", {"prompt": _PROMPT})},
    "PlanAiRequestBody": {"sentence": Example("A sentence.", {"prompt": _PROMPT})},
    "ExecuteRequestBody": {"sentence": Example("Plan and save at once.", {"prompt": _PROMPT})},
    "PreviewRequest": {"morning": Example("Each morning.", {"schedule": _DAILY, "count": 3})},
    "PauseRequest": {"all": Example("Hold everything.", {"scope": "all", "reason": "database upgrade"})},
    "ResumeRequest": {"all": Example("Let everything go on.", {"scope": "all"})},
}
