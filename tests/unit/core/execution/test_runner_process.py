"""Attempts in child processes, isolated from each other."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import orjson
import psutil
import pytest

from app.core.execution.process import ProcessAttempt
from app.core.models import AttemptOutcome, AttemptResult
from app.core.redaction import redactor
from app.core.runner import Stopped, StopReason
from tests.support.queue.run_port import Bench, error_of
from tests.support.waiting import wait_until, wait_until_async

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
PROCESS = {"runs_in": "process"}


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "ledger"
    monkeypatch.setenv("TEST_LEDGER", str(path))
    return path


def started_pid(ledger: Path) -> int:
    return orjson.loads(ledger.read_text().splitlines()[0])["pid"]


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_process_handler_runs_in_another_process(ledger: Path) -> None:
    """The handler has a pid of its own, and its output comes back."""
    finish = await Bench().finish("test.record", {"duration_ms": 1, **PROCESS})
    assert finish.outcome is AttemptOutcome.SUCCESS
    assert started_pid(ledger) != os.getpid()


async def test_process_handler_output_logs_progress_and_tools_come_through() -> None:
    """What a handler says and asks in a child arrives as from the loop."""
    bench = Bench()
    finish = await bench.finish("test.log", {"lines": 4, **PROCESS})
    assert finish.output == "4"
    assert [line.message for line in bench.port.lines] == ["line 0", "line 1", "line 2", "line 3"]
    assert bench.port.progress_values[-1] == {"done": 4, "of": 4}
    bench.port.answer = ["OK", "41"]
    finish = await bench.finish("test.kv", PROCESS)
    assert (finish.output, orjson.loads(finish.calls)[0]["tool"]) == ("41", "kv")


async def test_process_handler_sees_no_secret_of_the_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child gets the worker's variables without the deployment's secrets."""
    secrets = {"SECRET_KEY", "REDIS_PASSWORD", "API_KEYS"}
    for name in (*secrets, "SHOP_TOKEN"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("REDIS_URL", "redis://:login@h/0")
    seen = set(orjson.loads((await Bench().finish("test.environment", PROCESS)).output))
    assert "SHOP_TOKEN" in seen
    assert seen & {*secrets, "REDIS_URL"} == set()


async def test_process_plain_function_is_run() -> None:
    """A `def` runs in a child too."""
    finish = await Bench().finish("test.sleep_sync", {"duration_ms": 1, **PROCESS})
    assert finish.output == '{"cancelled":false}'


async def test_process_handler_prints_do_not_break_the_protocol() -> None:
    """Neither print() nor a write to descriptor 1 can forge or break a message."""
    assert (await Bench().finish("test.print", PROCESS)).output == '"real"'


async def test_process_handler_failure_keeps_its_class_and_frames() -> None:
    """An exception in a child is reported like one in the loop."""
    bench = Bench()
    child = await bench.finish("test.fail", {"retryable": False, **PROCESS})
    here = await bench.finish("test.fail", {"retryable": False})
    assert (child.outcome, child.fingerprint) == (AttemptOutcome.FAILED, here.fingerprint)
    assert error_of(child)["traceback"] == error_of(here)["traceback"]


async def test_process_result_that_cannot_be_kept_is_final() -> None:
    """Size and form of a result are checked in the child."""
    bench = Bench(max_result_bytes=2048)
    assert error_of(await bench.run("test.big", {"bytes": 2049, **PROCESS}))["code"] == "result_too_large"
    finish = await bench.finish("test.unserialisable", PROCESS)
    assert (finish.outcome, error_of(finish)["code"]) == (AttemptOutcome.FAILED, "result_not_serialisable")


async def test_process_result_at_the_limit_fits_through_the_pipe() -> None:
    """A result of the largest size, of characters that need escapes, arrives whole."""
    finish = await Bench().finish("test.big", {"bytes": 262_144, **PROCESS})
    assert len(finish.output) == 262_144


@pytest.mark.parametrize("job_type", ["test.poison", "test.exit"])
async def test_process_child_that_leaves_fails_its_attempt(job_type: str) -> None:
    """os._exit and sys.exit are failures of the attempt that may be tried again."""
    finish = await Bench().finish(job_type, PROCESS)
    assert finish.outcome is AttemptOutcome.RETRY


async def test_process_child_that_dies_tells_its_exit_code() -> None:
    """The failure is a crash and names the exit code."""
    error = error_of(await Bench().run("test.poison", PROCESS))
    assert (error["kind"], error["code"], error["retryable"]) == ("crash", "child_exited", True)
    assert "42" in error["message"]


async def test_process_child_that_is_killed_names_the_signal(ledger: Path) -> None:
    """A child that the kernel kills, as for memory, fails with the signal's name."""
    bench = Bench()
    bench.start("test.record", {"duration_ms": 15_000, **PROCESS})
    await wait_until_async(ledger.exists)
    os.kill(started_pid(ledger), signal.SIGKILL)
    assert "SIGKILL" in error_of(await bench.end())["message"]


async def test_process_time_out_ends_the_child() -> None:
    """The time of a child counts from its start, and it is gone when its time-out is reported."""
    bench = Bench()
    execution = bench.start("test.block_loop", {"duration_ms": 15_000, **PROCESS}, timeout_ms=2_000)
    assert isinstance(execution, ProcessAttempt)
    finish = await bench.end()
    assert isinstance(finish, AttemptResult)
    assert error_of(finish)["code"] == "timed_out"
    assert finish.duration_ms >= 2_000
    assert execution._process is not None
    assert not is_alive(execution._process.pid)


@pytest.mark.parametrize(
    ("job_type", "inputs"), [("test.block_loop", {"duration_ms": 60_000}), ("test.hog", {})]
)
async def test_process_time_out_ends_a_handler_that_gives_no_turn(
    job_type: str, inputs: dict[str, int], ledger: Path
) -> None:
    """A handler that blocks its process, or holds the interpreter, is killed after the grace, in time."""
    bench = Bench()
    execution = bench.start(job_type, {**inputs, **PROCESS}, timeout_ms=60_000)
    await wait_until_async(ledger.exists, 60, "the handler has started")
    execution._arm(0)  # The rest of its time passes, however long its process took to start.
    start = asyncio.get_running_loop().time()
    finish = await bench.end()
    assert error_of(finish)["code"] == "timed_out"
    assert asyncio.get_running_loop().time() - start <= 4
    assert not is_alive(started_pid(ledger))


async def test_process_stop_cancelled_ends_the_child(ledger: Path) -> None:
    """Cancelling ends the child by SIGTERM, without waiting out the grace."""
    bench = Bench()
    execution = bench.start("test.record", {"duration_ms": 15_000, **PROCESS})
    await wait_until_async(ledger.exists)
    execution.stop(StopReason.CANCELLED)
    finish = await bench.end()
    assert isinstance(finish, AttemptResult)
    assert finish.outcome is AttemptOutcome.CANCELLED
    assert not is_alive(started_pid(ledger))


@pytest.mark.usefixtures("long_grace")
async def test_process_stop_while_the_child_is_being_spawned_is_obeyed() -> None:
    """A stop that finds no child yet ends it as soon as there is one, without the grace."""
    bench = Bench()
    bench.start("test.sleep", {"duration_ms": 15_000, **PROCESS}).stop(StopReason.DRAIN)
    assert await bench.end() == Stopped(StopReason.DRAIN, abandoned=False)


@pytest.mark.usefixtures("long_grace")
async def test_process_plain_function_sees_its_cancellation() -> None:
    """A `def` in a child has the grace to look at ctx.cancelled and finish."""
    bench = Bench()
    bench.port.answer = ["OK", "1"]
    execution = bench.start("test.sleep_sync", {"duration_ms": 15_000, **PROCESS})
    await wait_until_async(lambda: bench.port.progress_values)
    execution.stop(StopReason.CANCELLED)
    finish = await bench.end()
    assert isinstance(finish, AttemptResult)
    assert (finish.outcome, finish.output) == (AttemptOutcome.SUCCESS, '{"cancelled":true}')


async def test_process_tool_call_after_the_lease_is_lost_is_refused() -> None:
    """The parent checks the lease for the child: the attempt ends as lost."""
    bench = Bench()
    bench.port.lost = True
    assert await bench.run("test.kv", PROCESS) == Stopped(StopReason.LOST, abandoned=False)


async def test_process_secrets_are_masked_by_the_parent() -> None:
    """A secret that only the worker knows is masked in a child's logs and errors."""
    redactor.register("canary-of-the-parent")
    bench = Bench()
    inputs = {"lines": 1, "message": "it is canary-of-the-parent", **PROCESS}
    await bench.finish("test.log", inputs)
    finish = await bench.finish("test.fail", {"message": "canary-of-the-parent", **PROCESS})
    echoed = await bench.finish("test.echo", {"text": "canary-of-the-parent", **PROCESS})
    assert bench.port.lines[0].message == "it is *** 0"
    assert "canary" not in finish.error + echoed.output


async def test_process_child_environment_reaches_the_handlers_modules() -> None:
    """Modules that the worker can import are found by the child, wherever it was started."""
    finish = await Bench().finish("test.fail", {"times": 0, **PROCESS})
    assert finish.outcome is AttemptOutcome.SUCCESS


PARENT = """
import asyncio, sys
from tests.support.queue.run_port import Bench, error_of
async def main():
    bench = Bench()
    bench.start(sys.argv[1], {"runs_in": "process", **({"duration_ms": 50_000} if sys.argv[2:] else {})})
    await bench.end()
asyncio.run(main())
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["test.block_loop", "long"],
        pytest.param(["test.hog"], marks=pytest.mark.skipif(sys.platform != "linux", reason="prctl")),
    ],
)
def test_process_child_leaves_when_its_parent_is_killed(ledger: Path, arguments: list[str]) -> None:
    """A SIGKILL of the worker ends a busy child, even one that never lets the interpreter go (Linux)."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen([sys.executable, "-c", PARENT, *arguments], env=environment) as parent:
        wait_until(ledger.exists)
        pid = started_pid(ledger)
        assert is_alive(pid)
        parent.kill()
        wait_until(lambda: not is_alive(pid), 60)


def test_process_child_leaves_when_its_pipe_closes() -> None:
    """The closed pipe alone ends a child: it needs no signal and no kernel's help."""
    with subprocess.Popen(
        [sys.executable, "-m", "app.core.execution.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    ) as child:
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(10) == 1
