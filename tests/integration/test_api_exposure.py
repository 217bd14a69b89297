"""Who is served without a key, through the real server and its sockets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.api_process import running_api
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from app.embedded_redis import EmbeddedRedis

ADMIN = "an-admin-key-of-this-test-only"


def test_audit_records_the_peer_of_the_socket(redis_server: EmbeddedRedis, tmp_path: Path) -> None:
    """A caller's X-Forwarded-For never becomes the origin of an act: uvicorn would replace the peer by it."""
    variables = {"NAMESPACE": f"exposure{os.getpid()}", "API_KEYS": f"ana:admin:{ADMIN}"}
    with running_api(redis_server.url, tmp_path, **variables) as api:
        wait_until(lambda: api.status("/readyz") == 200, 30, "ready")
        headers = {"X-API-Key": ADMIN, "X-Forwarded-For": "8.8.8.8"}
        assert api.client.delete("/jobs/none", headers=headers).status_code == 404
        acts = api.client.get("/audit", headers={"X-API-Key": ADMIN}).json()
    assert [(act["target"], act["origin"]) for act in acts] == [("job:none", "127.0.0.1")]
