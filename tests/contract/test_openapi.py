"""The OpenAPI document: in sync, typed throughout, every refusal declared."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.services.api.app import create_app
from app.services.api.http.auth import is_open
from app.services.api.openapi.document import openapi_json

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
TEXT = openapi_json(create_app())
OPERATIONS: list[tuple[str, str, dict[str, Any]]] = [
    (path, method, operation)
    for path, operations in json.loads(TEXT)["paths"].items()
    for method, operation in operations.items()
]
ROUTES = {
    "GET /me",
    "GET /platform",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /jobs",
    "POST /jobs",
    "GET /jobs/{job_id}",
    "PUT /jobs/{job_id}",
    "DELETE /jobs/{job_id}",
    "PUT /jobs/{job_id}/enable",
    "PUT /jobs/{job_id}/disable",
    "POST /jobs/{job_id}/run",
    "GET /jobs/{job_id}/runs",
    "GET /jobs/{job_id}/occurrences",
    "GET /jobs/{job_id}/versions",
    "GET /jobs/{job_id}/why",
    "GET /runs",
    "GET /runs/counts",
    "GET /runs/{run_id}",
    "GET /runs/{run_id}/logs",
    "POST /runs/bulk",
    "POST /runs/{run_id}/cancel",
    "GET /connectors",
    "GET /connectors/sandbox/messages",
    "GET /connectors/{channel}/accounts/{account_id}",
    "PUT /connectors/{channel}/accounts/{account_id}",
    "DELETE /connectors/{channel}/accounts/{account_id}",
    "GET /connectors/{channel}/accounts/{account_id}/availability",
    "POST /connectors/{channel}/accounts/{account_id}/test",
    "POST /connectors/{channel}/accounts/{account_id}/chats",
    "POST /connectors/{channel}/accounts/{account_id}/messages",
    "GET /contacts",
    "GET /contacts/{contact_name}",
    "PUT /contacts/{contact_name}",
    "DELETE /contacts/{contact_name}",
    "GET /calendars",
    "GET /calendars/{calendar_name}",
    "PUT /calendars/{calendar_name}",
    "DELETE /calendars/{calendar_name}",
    "GET /notification-rules",
    "PUT /notification-rules",
    "GET /maintenance",
    "POST /maintenance",
    "DELETE /maintenance/{maintenance_id}",
    "GET /messages",
    "GET /messages/{message_id}",
    "POST /messages/{message_id}/resend",
    "POST /messages/{message_id}/close",
    "GET /settings/default-notify",
    "PUT /settings/default-notify",
    "DELETE /settings/default-notify",
    "GET /webhooks/{channel}/{account_id}",
    "POST /webhooks/{channel}/{account_id}",
    "GET /reports",
    "GET /reports/{report_id}",
    "GET /exports",
    "GET /exports/{export_id}",
    "GET /job-types",
    "GET /workers",
    "GET /keys",
    "POST /keys",
    "DELETE /keys/{key_id}",
    "GET /secrets",
    "GET /secrets/{secret_name}",
    "PUT /secrets/{secret_name}",
    "DELETE /secrets/{secret_name}",
    "GET /audit",
    "GET /policies",
    "GET /queue",
    "GET /queues",
    "POST /pause",
    "POST /resume",
    "GET /stats",
    "GET /events",
    "GET /events/stream",
    "POST /jobs/{job_id}/rollback/{version}",
    "POST /schedules/preview",
    "POST /jobs/check",
    "POST /planner/plan",
    "POST /planner/plan-ai",
    "POST /planner/execute",
}


def test_openapi_document_is_in_sync() -> None:
    """docs/openapi.json matches the code; `python -m tools.generate_docs` updates it."""
    assert DOCUMENT.read_text("utf-8") == TEXT


def test_openapi_has_every_route() -> None:
    """The routes of this version are there."""
    assert {f"{method.upper()} {path}" for path, method, _ in OPERATIONS} >= ROUTES


def test_openapi_references_resolve() -> None:
    """Every schema that is referred to exists, and none of the framework's own error shapes is left."""
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', TEXT))
    schemas = json.loads(TEXT)["components"]["schemas"]
    assert named <= schemas.keys()
    assert "HTTPValidationError" not in schemas


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_openapi_operation_is_typed(path: str, method: str, operation: dict[str, Any]) -> None:
    """Each success has a schema, each refusal is a problem, each write says 413 and 415."""
    successes = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    assert successes
    for answer in successes:
        assert answer["content"]
        assert all(content["schema"] for content in answer["content"].values())
    refused = {status for status in operation["responses"] if status[0] in "45"}
    assert refused >= {"403", "421", "429", "500", "503"}
    # A sign-in link is a credential of its own.
    assert ("401" in refused) is (not is_open(path) or path == "/sessions/link")
    for status in refused - ({"503"} if path in {"/healthz", "/readyz"} else set()):
        assert list(operation["responses"][status]["content"]) == ["application/problem+json"]
    if method != "get":
        assert refused >= {"413", "415"}


def test_openapi_declares_bodies_and_headers() -> None:
    """Routes that read their body or headers themselves still say so."""
    by_id = {operation["operationId"]: operation for _, _, operation in OPERATIONS}
    assert len(by_id) == len(OPERATIONS)
    for name in ("create_job", "replace_job", "run_job", "plan_prompt", "plan_prompt_ai", "execute_plan"):
        assert "application/json" in by_id[name]["requestBody"]["content"]
    headers = {
        name: {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
        for name, operation in by_id.items()
    }
    assert headers["create_job"] == headers["run_job"] == {"Idempotency-Key"}
    assert headers["replace_job"] == {"If-Match"}
    assert headers["take_webhook"] == {"X-Telegram-Bot-Api-Secret-Token", "X-Hub-Signature-256"}
