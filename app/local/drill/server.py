"""A Redis that lives as long as a restore drill, in memory alone."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from app.core.execution.parent import die_with_parent, tie_to_this_process
from app.core.secret_keys import make_key_file, new_key
from app.local.environment import process_environment
from app.local.redis_probe import ProbeState, RedisAddress, RedisProbeError, probe, read_info
from app.local.redis_server import HOST, EmbeddedRedisError, ServerChoice, choose_server, server_arguments

START_SEC, STOP_SEC = 30.0, 10.0
_TRIES = 5


@contextmanager
def temporary_redis(folder: Path) -> Generator[str]:
    """Start a server, yield its URL, and end it; raises EmbeddedRedisError.

    It writes nothing to disk. Its password is new each time and in no argument, so that other users of the
    machine cannot read what is restored into it.
    """
    password, server = new_key(), choose_server(None, os.environ)
    configuration = folder / "redis.conf"
    digest = hashlib.sha256(password.encode()).hexdigest()
    make_key_file(configuration, f"user default on #{digest} ~* &* +@all\n")
    process, port = _started(server, folder, configuration, password)
    try:
        yield f"redis://:{password}@{HOST}:{port}/0"
    finally:
        process.terminate()
        try:
            process.wait(STOP_SEC)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _started(
    server: ServerChoice, folder: Path, configuration: Path, password: str
) -> tuple[subprocess.Popen[bytes], int]:
    log_file = folder / "redis.log"
    for _turn in range(_TRIES):
        port = _free_port()
        arguments = server_arguments(port, folder, "--appendonly", "no")
        with log_file.open("ab") as log:
            process = subprocess.Popen(
                [str(server.binary.path), str(configuration), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=server.environment(process_environment("redis", os.environ)),
                # One system call: a drill that is killed leaves no server with its data in memory.
                preexec_fn=partial(die_with_parent, os.getpid()) if sys.platform == "linux" else None,  # noqa: PLW1509
            )
        tie_to_this_process(process.pid)
        if _is_ready(process, RedisAddress(HOST, port, password=password)):
            return process, port
        process.kill()
        process.wait()
    raise EmbeddedRedisError(f"the server of the drill did not start: {log_file.read_text()[-300:]}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return listener.getsockname()[1]


def _is_ready(process: subprocess.Popen[bytes], address: RedisAddress) -> bool:
    """Wait for PING, and make sure that no other server has taken the port."""
    deadline = time.monotonic() + START_SEC
    while process.poll() is None and time.monotonic() < deadline:
        if probe(address).state is ProbeState.READY:
            try:
                return read_info(address, "server").get("process_id") == str(process.pid)
            except (OSError, RedisProbeError):
                return False
        time.sleep(0.01)
    return False
