"""A real platform on this machine: Redis and the four processes, on free ports, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from multi_job import Client
from multi_job.testing.processes import PlatformProcess, foreign_environment
from multi_job.testing.redis import HOST, EmbeddedRedis, free_port
from multi_job.testing.waiting import wait_until

START_SEC = 60.0
_ENDS = ("success", "failed", "cancelled", "skipped")
_BACKGROUND = ("scheduler", "worker", "connector")
_PATHS = frozenset(
    {
        *("POLICIES_FILE", "FILES_ROOT", "REDIS_PASSWORD_FILE"),
        *("UI_SESSION_SECRET_FILE", "OIDC_CLIENT_SECRET_FILE"),
    }
)


class LocalPlatform:
    """Redis, the API, the scheduler, a worker and the connector, until `close`.

    `settings` are the platform's variables: `HANDLER_MODULES` and `POLICIES_FILE` for job types that are
    not installed. A relative path starts at the working directory. Modules are found as in this process.
    Redis is the server that comes with the platform; on Windows, which has none, `REDIS_URL` in `settings`
    names one.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="multi-job-platform-"))
        self.port = free_port()
        self._settings = _with_whole_paths(settings or {})
        self._redis = None if "REDIS_URL" in self._settings else EmbeddedRedis(self.folder / "redis")
        self._processes: list[PlatformProcess] = []
        self.http = httpx.Client(base_url=self.url, timeout=10)
        """A client of the API for any request."""

    @cached_property
    def client(self) -> Client:
        """Return the platform's Python client."""
        return Client(self.url)

    @property
    def url(self) -> str:
        """Return the API's address."""
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start everything and wait until /readyz is ok; RuntimeError with the logs if it is not."""
        if self._redis is not None:
            self._redis.start()
        api = ("uvicorn", "app.services.api.main:app", "--host", HOST, "--port", str(self.port))
        self._start("api", api)
        for name in _BACKGROUND:
            self._start(name)
        try:
            wait_until(self._is_ready, START_SEC, "the platform is ready")
        except AssertionError as error:
            raise RuntimeError(f"{error}\n{self.logs()}") from error

    def close(self) -> None:
        """End all processes and remove the folder."""
        self.http.close()
        if "client" in vars(self):
            self.client.close()
        for process in self._processes:
            process.end_all()
        if self._redis is not None:
            self._redis.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def create_job(
        self, job_id: str, job_type: str, inputs: Mapping[str, Any] | None = None, **spec: Any
    ) -> dict[str, Any]:
        """Save a job and return it; `spec` has further fields, such as `schedule`."""
        body = {"job_id": job_id, "type": job_type, "inputs": dict(inputs or {}), **spec}
        return self.ask("POST", "/jobs", body)

    def run_job(
        self, job_id: str, inputs: Mapping[str, Any] | None = None, *, wait_sec: float = 30
    ) -> dict[str, Any]:
        """Run a job, wait for its end, and return the run; its `result` has the output or the error."""
        body = {} if inputs is None else {"inputs": dict(inputs)}
        run_id = str(self.ask("POST", f"/jobs/{job_id}/run", body)["run_id"])
        return self.wait_for_run(run_id, wait_sec=wait_sec)

    def wait_for_run(self, run_id: str, *, wait_sec: float = 30) -> dict[str, Any]:
        """Return an ended run; AssertionError with the logs if it has not ended after `wait_sec`."""
        run: dict[str, Any] = {}

        def has_ended() -> bool:
            run.update(self.ask("GET", f"/runs/{run_id}"))
            return run["status"] in _ENDS

        try:
            wait_until(has_ended, wait_sec, f"run {run_id} has ended")
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {run.get('status')}\n{self.logs()}") from error
        return run

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request to the API and return the JSON of its answer; AssertionError unless it succeeded."""
        answer = self.http.request(method, path, json=body)
        if not answer.is_success:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    def logs(self) -> str:
        """Return the end of the log of each process."""
        parts = [f"--- {each.name}, exit code {each.code}\n{each.log_tail()}" for each in self._processes]
        return "\n".join(parts)

    def _start(self, name: str, arguments: tuple[str, ...] = ()) -> None:
        environment = {
            # A busy machine's Redis may stand still for some seconds.
            "REQUEST_PATIENCE_SEC": "30",
            **foreign_environment(),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "MULTI_JOB_HOME": str(self.folder),
            "API_PORT": str(self.port),
            "RATE_LIMIT_PER_SEC": "0",
            **({} if self._redis is None else {"REDIS_URL": self._redis.url}),
            **self._settings,
        }
        log_file = self.folder / f"{name}.log"
        process = PlatformProcess(name, environment, log_file, arguments, folder=self.folder)
        self._processes.append(process)

    def _is_ready(self) -> bool:
        dead = [each for each in self._processes if each.code is not None]
        if dead:
            raise RuntimeError(f"{dead[0].name} ended at once\n{self.logs()}")
        try:
            answer = self.http.get("/readyz")
        except httpx.TransportError:
            return False
        if not answer.is_success:
            return False
        return all(check["status"] == "ok" for check in answer.json()["checks"].values())


def _with_whole_paths(settings: Mapping[str, str]) -> dict[str, str]:
    """Return settings whose files and folders are found from the processes' own working directory too."""
    paths = {name: value for name, value in settings.items() if name.upper() in _PATHS and value}
    return {**settings, **{name: str(Path(value).absolute()) for name, value in paths.items()}}
