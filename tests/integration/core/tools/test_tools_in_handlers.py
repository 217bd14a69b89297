"""The tools `http` and `files` as handlers have them: in the loop, in a thread, in a child process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.models import AttemptOutcome, AttemptResult
from app.core.policies import Policies, PolicyFile
from app.core.registry import Registry, recorded_specs
from app.core.runner import Runner, StopReason
from app.core.storage.keys import Keys
from app.core.tools.base import ToolDependencies
from app.core.tools.files.performer import files_factory
from app.core.tools.http.performer import http_factory
from tests.support.api.raw_http import HOST, RawServer, answer, raw_server
from tests.support.queue import tool_handlers
from tests.support.queue.run_port import Bench
from tests.support.waiting import wait_until_async

POLICIES = Policies(
    PolicyFile.model_validate(
        {
            "types": {
                "fetch": {"allow": {"http": {"hosts": ["*"]}}},
                "fetch.plainly": {"allow": {"http": {"hosts": ["*"]}}},
                "write": {"allow": {"files": {"bytes": 4_000_000, "paths": ["mine/*", "folder/*"]}}},
            }
        }
    ).types
)


@dataclass
class Place:
    """A runner with real tools, the files that it writes, a server that it may call."""

    bench: Bench
    files: Path
    server: RawServer

    async def do(self, job_type: str, **inputs: Any) -> AttemptResult:
        return await self.bench.finish(job_type, inputs)

    def left(self) -> list[str]:
        return sorted(str(path.relative_to(self.files)) for path in self.files.rglob("*"))


async def no_secrets(_key: str) -> dict[str, str]:
    """Answer as a Redis without a secret."""
    return {}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with raw_server() as server:
        chosen: dict[str, Any] = {
            "http_allow_private": f"{HOST}:{server.port},{HOST}:1",
            "files_root": tmp_path / "files",
            "files_max_mb": 3,
            "max_result_bytes": 1_000_000,
        }
        settings = Settings(_env_file=None, **chosen)  # pyright: ignore[reportCallIssue]
        registry = Registry(recorded_specs(tool_handlers.__name__))
        bench = Bench(registry=registry)
        scripts = cast("Any", SimpleNamespace(keys=Keys("tools")))
        dependencies = ToolDependencies(
            settings, SystemClock(), cast("Any", SimpleNamespace(hash=no_secrets)), scripts
        )
        tools = {"http": http_factory(dependencies), "files": files_factory(dependencies)}
        bench.runner = Runner(registry, POLICIES, bench.port, SystemClock(), settings, tools=tools)
        yield Place(bench, tmp_path / "files", server)


def output(finish: AttemptResult) -> Any:
    assert finish.outcome is AttemptOutcome.SUCCESS, finish.error
    return orjson.loads(finish.output)


def error(finish: AttemptResult) -> dict[str, Any]:
    return orjson.loads(finish.error)


@pytest.mark.parametrize("runs_in", ["loop", "thread", "process"])
async def test_tools_http_answers_wherever_the_handler_runs(place: Place, runs_in: str) -> None:
    """Large bodies are sent and received whole, and the call is in the run's record."""
    place.server.says["/"] = answer("é" * 400_000, 201)
    finish = await place.do("fetch", url=place.server.url(), body="\x00" * 524_288, runs_in=runs_in)
    assert output(finish) == {"status": 201, "text": "é" * 400_000, "bytes_read": 800_000}
    assert place.server.requests[0].body == b"\x00" * 524_288
    assert [(c["tool"], c["op"], c["ok"]) for c in orjson.loads(finish.calls)] == [("http", "request", True)]


async def test_tools_http_serves_plain_functions(place: Place) -> None:
    """A function without `async` waits for its answer in its thread."""
    place.server.says["/"] = answer("hi")
    finish = await place.do("fetch.plainly", url=place.server.url())
    assert output(finish) == {"status": 200, "text": "hi"}


@pytest.mark.parametrize("runs_in", ["loop", "process"])
async def test_tools_http_errors_keep_their_class_and_phase(place: Place, runs_in: str) -> None:
    """A handler in a child process can tell a dead host from a refused one."""
    finish = await place.do("fetch", url=f"http://{HOST}:1/", runs_in=runs_in)
    assert output(finish) == {"phase": "connect", "retryable": True}
    for url, code in [
        ("http://169.254.169.254/", "url_refused"),
        ("http://example.test:22/", "policy_denied"),
    ]:
        refused = error(await place.do("fetch", url=url, runs_in=runs_in))
        assert (refused["code"], refused["retryable"]) == (code, False)


@pytest.mark.parametrize("runs_in", ["loop", "thread", "process"])
async def test_tools_files_work_wherever_the_handler_runs(place: Place, runs_in: str) -> None:
    """Written in pieces, read back, listed, removed; only what the policy names is listed."""
    place.files.mkdir()
    (place.files / "others").write_text("not ours")
    finish = await place.do("write", path="mine/a.txt", size=700_000, runs_in=runs_in)
    assert output(finish) == {
        "bytes": 700_000,
        "found": ["folder/other", "mine/a.txt"],
        "removed": True,
        "gone": None,
    }
    assert place.left() == ["mine", "mine/a.txt", "others"]
    chunks = [call for call in orjson.loads(finish.calls) if call["op"] == "chunk"]
    assert len(chunks) == 4  # three of one file: small pieces are sent on together


@pytest.mark.parametrize("runs_in", ["loop", "process"])
@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"path": "others"}, "policy_denied"),
        ({"path": "mine/../others"}, "path_refused"),
        ({"path": "mine/a", "size": 3_500_000}, "limit_exceeded"),
        ({"path": "mine/a", "size": 4_500_000}, "limit_exceeded"),
        ({"path": "mine/a", "size": 600_000, "then": "raise"}, "exception"),
    ],
    ids=str,
)
async def test_tools_files_that_fail_leave_nothing(
    place: Place, inputs: dict[str, Any], code: str, runs_in: str
) -> None:
    """Denied, refused, too much, or an error of the handler's own: no file and no part of one."""
    finish = await place.do("write", **inputs, runs_in=runs_in)
    assert error(finish)["code"] == code
    await wait_until_async(lambda: place.left() == [], message="nothing is left")


@pytest.mark.parametrize("reason", [StopReason.CANCELLED, StopReason.LOST, StopReason.DRAIN])
@pytest.mark.parametrize("runs_in", ["loop", "process"])
async def test_tools_files_of_a_stopped_attempt_are_removed(
    place: Place, runs_in: str, reason: StopReason
) -> None:
    """An attempt that is taken away amid a file leaves nothing, though it cannot say so any more."""
    inputs = {"path": "mine/a", "size": 600_000, "then": "hang", "runs_in": runs_in}
    execution = place.bench.start("write", inputs)
    await wait_until_async(lambda: place.bench.port.progress_values, message="half of the file")
    assert len(place.left()) == 2
    execution.stop(reason)
    await place.bench.end()
    await wait_until_async(lambda: place.left() == [], message="nothing is left")


async def test_tools_files_of_a_dead_child_are_removed(place: Place) -> None:
    """A child process that leaves amid a file leaves nothing else behind."""
    finish = await place.do("write", path="mine/a", size=600_000, then="exit", runs_in="process")
    assert finish.outcome is not AttemptOutcome.SUCCESS
    await wait_until_async(lambda: place.left() == [], message="nothing is left")
