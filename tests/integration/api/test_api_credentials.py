"""Headers with a key, an unreadable one or none, as bytes to a real API process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.support.api.api_process import running_api
from tests.support.api.credential_table import KEY, request_rows, send
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.embedded_redis import EmbeddedRedis

ROWS = request_rows()
# The parser of the server refuses some control characters before the API sees the request.
_MALFORMED = 400


@pytest.mark.parametrize("keys", ["none", "some"])
def test_api_reads_credentials_as_the_table_says(
    redis_server: EmbeddedRedis, tmp_path: Path, keys: str
) -> None:
    """Without keys only a request without any header of a key is served; with them only the key itself is."""
    variables = {"NAMESPACE": f"credentials{os.getpid()}{keys}"}
    variables |= {"API_KEYS": f"ana:admin:{KEY}"} if keys == "some" else {}
    served = "none" if keys == "none" else KEY
    with running_api(redis_server.url, tmp_path, **variables) as api:
        wait_until(lambda: api.status("/readyz") == 200, 180, "ready")
        found = {row.name: send(api.port, "GET /jobs HTTP/1.1", row)[0] for row in ROWS}
    expected = {row.name: 200 if row.reads == served else 401 for row in ROWS}
    found = {name: 401 if status == _MALFORMED else status for name, status in found.items()}
    assert found == expected
