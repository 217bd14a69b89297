"""Requests without a key, through real sockets of real users: only the user who runs the API is served."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from app.core.home.local_key import LOCAL_KEY_FILE
from tests.support.api.api_process import ROOT, Api, running_api
from tests.support.api.exposure_table import read_rows
from tests.support.api.strangers import NOBODY, forwarder, plain_nginx, status_of_user
from tests.support.embedded_redis import free_port
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from tests.support.embedded_redis import EmbeddedRedis

pytestmark = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root has other users")
USER = 12_345
READS = ("/jobs", "/secrets", "/audit", "/exports", "/keys", "/me", "/settings", "/metrics")
VARIANTS = [
    row
    for row in read_rows()
    if row.settings == {"AUTH": "auto", "UI_ALLOWED_HOSTS": "", "UI_HOST": "127.0.0.1"}
]
CLOSE_AT_ONCE = """
import os, socket, struct, sys
os.setgroups([]); os.setgid({uid}); os.setuid({uid})
body = b'{{"job_id": "of-a-stranger", "type": "simulation.load", "inputs": {{"duration_ms": 1}}}}'
request = (b"PUT /jobs/of-a-stranger HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nContent-Type: application/json\\r\\n"
           b"Content-Length: %d\\r\\n\\r\\n" % len(body)) + body
for turn in range({count}):
    with socket.create_connection(("127.0.0.1", {port}), timeout=60) as stranger:
        if turn % 2:
            stranger.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stranger.sendall(request)
"""


@pytest.fixture(scope="module", params=["root", "user"])
def api(request: pytest.FixtureRequest, redis_server: EmbeddedRedis) -> Generator[Api]:
    """An API of root, and one of an ordinary user; each serves its own user alone, and has no key."""
    with api_of(request.param, redis_server) as api:
        yield api


@pytest.fixture(params=["root", "user"])
def own_api(request: pytest.FixtureRequest, redis_server: EmbeddedRedis) -> Generator[Api]:
    """An API for a test that makes a key."""
    with api_of(request.param, redis_server) as api:
        yield api


@contextmanager
def api_of(user: str, redis_server: EmbeddedRedis) -> Generator[Api]:
    # The folders of pytest are closed to other users.
    home = Path(tempfile.mkdtemp(prefix="multi-job-"))
    prefix: list[str] = []
    if user == "user":
        prefix = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        os.chown(home, USER, USER)
    # Each home has a secret of its own, and a namespace fits one secret.
    variables = {"NAMESPACE": f"owner{home.name[-8:]}"}
    try:
        with running_api(redis_server.url, home, prefix, **variables) as api:
            wait_until(lambda: api.status("/readyz") == 200, 180, "ready")
            api.uid = USER if prefix else 0
            yield api
    finally:
        shutil.rmtree(home)


def test_the_user_who_runs_the_api_needs_no_key(api: Api) -> None:
    """Reads and writes, and more than one request on a connection."""
    headers = {"Host": "127.0.0.1"}
    assert {status_of_user(api.uid, "GET", api.port, path, headers) for path in READS} <= {200, 403, 404}
    # An empty body is refused by the route, behind the gate.
    assert status_of_user(api.uid, "POST", api.port, "/jobs", headers) == 422


def test_another_user_of_the_machine_gets_nothing(api: Api) -> None:
    """Not even root from an API that runs as a user; and nothing is written."""
    for uid in {NOBODY, 0, USER} - {api.uid}:
        assert {status_of_user(uid, "GET", api.port, path, {"Host": "localhost"}) for path in READS} == {401}
        assert status_of_user(uid, "POST", api.port, "/keys", {"Host": "localhost"}) == 401


def test_a_proxy_without_headers_opens_nothing(api: Api, tmp_path: Path) -> None:
    """A plain nginx rewrites Host and adds no header: each variant of a stranger is refused."""
    port = free_port()
    tmp_path.chmod(0o755)
    with plain_nginx(tmp_path, port, api.port), httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        answers = {
            row.name: client.get("/jobs", headers={"Host": row.host, **row.headers}) for row in VARIANTS
        }
        made = client.post("/keys", json={"name": "stranger", "role": "admin"})
    assert len(answers) >= 50
    # nginx refuses a Host such as `::1` itself.
    assert {answer.status_code for answer in answers.values()} <= {400, 401}
    assert [answer.status_code for answer in answers.values()].count(401) >= 50
    assert made.status_code == 401
    assert "www-data" in made.json()["detail"]


def test_a_forwarder_of_another_user_opens_nothing(api: Api) -> None:
    """A tunnel such as `ssh -L` of another login is that login's connection."""
    port = free_port()
    with forwarder(port, api.port, NOBODY):
        assert {httpx.get(f"http://127.0.0.1:{port}{path}").status_code for path in READS} == {401}


def test_strangers_that_close_at_once_are_not_taken_for_root(
    api: Api, request: pytest.FixtureRequest
) -> None:
    """The kernel reports a closed connection as root's; none of them is served."""
    count = 10_000 if request.config.getoption("--full") else 1_000
    script = CLOSE_AT_ONCE.format(uid=NOBODY, count=count, port=api.port)
    subprocess.run([sys.executable, "-c", script], check=True, timeout=280, cwd=ROOT)
    # Behind all of theirs: the API serves in order of arrival.
    wait_until(lambda: status_of_user(api.uid, "GET", api.port, "/me", {"Host": "localhost"}) == 200)
    assert status_of_user(api.uid, "GET", api.port, "/jobs/of-a-stranger", {"Host": "localhost"}) == 404


def test_the_local_key_works_for_those_who_can_read_it_until_there_is_a_key(own_api: Api) -> None:
    """A file of mode 0600, for machines and users whose connection proves nothing."""
    file = own_api.home / "runtime-data" / LOCAL_KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    headers = {"Host": "localhost", "Authorization": f"Bearer {file.read_text()}"}
    assert status_of_user(NOBODY, "GET", own_api.port, "/secrets", headers) == 200
    wrong = {**headers, "Authorization": f"Bearer {file.read_text()[:-1]}"}
    assert status_of_user(NOBODY, "GET", own_api.port, "/secrets", wrong) == 401
    key = make_key(own_api, headers)
    assert status_of_user(NOBODY, "GET", own_api.port, "/secrets", headers) == 401
    assert status_of_user(own_api.uid, "GET", own_api.port, "/jobs", {"Host": "localhost"}) == 401
    assert own_api.client.delete(f"/keys/{key['id']}", headers=bearer(key)).status_code == 409


def make_key(api: Api, headers: dict[str, str]) -> dict[str, str]:
    answer = api.client.post("/keys", json={"name": "root", "role": "admin"}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def bearer(key: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {key['key']}"}
