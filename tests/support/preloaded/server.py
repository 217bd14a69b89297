"""A process that has imported the application, and is cloned for each service that a test starts.

It is started as `python -m tests.support.preloaded.server FD`; `client.py` sends the requests.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import importlib.util
import json
import os
import pkgutil
import platform
import runpy
import signal
import socket
import sys
import threading
import time
from typing import TypedDict

from multi_job.testing.processes import die_with_parent

MOST_BYTES = 1_000_000
REFUSED = -1
_CLONE = {"x86_64": 56, "aarch64": 220}
"""The number of the system call."""
_CLONE_PARENT = 0x8000
_SERVICES = ("worker", "scheduler", "connector")
# Whatever a service imports at its start, lazily or by name.
_MORE = (
    "app.core.connectors.channels",
    "app.services.api.app",
    "uvicorn.__main__",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvloop",
)


class Request(TypedDict):
    """A service to start; the file descriptor of its log comes with the request."""

    module: str
    arguments: list[str]
    environment: dict[str, str]
    folder: str
    own_session: bool


def preload() -> None:
    """Import what the services import, but none of their `main` modules."""
    for service in _SERVICES:
        name = f"app.services.{service}.main"
        importlib.import_module(name)
        # `run_module` runs it afresh.
        del sys.modules[name]
    for name in _MORE:
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name)
    for found in pkgutil.walk_packages(importlib.import_module("app.jobs").__path__, "app.jobs."):
        importlib.import_module(found.name)
    assert threading.active_count() == 1, "a process with threads is not cloned"
    gc.collect()
    # The pages of what lives on are not written to by the collector of each clone.
    gc.freeze()


def clone() -> int:
    """Fork so that the child's parent is our own parent: the test waits for it as for any of its children."""
    system_call = ctypes.PyDLL(None, use_errno=True).syscall
    system_call.restype = ctypes.c_long
    arguments = [_CLONE[platform.machine()], _CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0]
    ctypes.pythonapi.PyOS_BeforeFork()
    pid = int(system_call(*map(ctypes.c_long, arguments)))
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(ctypes.get_errno(), "clone")
    return pid


def serve(connection: socket.socket) -> Request | None:
    """Clone this process for each request; return the request in the clone, None when the test has gone."""
    while True:
        data, descriptors, _flags, _address = socket.recv_fds(connection, MOST_BYTES, 1)
        if not data:
            return None
        request: Request = json.loads(data)
        try:
            pid = clone()
        except OSError:
            # A sandbox may forbid it.
            pid = REFUSED
        if pid == 0:
            connection.close()
            _become(request, descriptors[0])
            return request
        os.close(descriptors[0])
        connection.send(str(pid).encode())


def _become(request: Request, log: int) -> None:
    """Give this process what a fresh one would have."""
    die_with_parent()
    if request["own_session"]:
        os.setsid()
    os.chdir(request["folder"])
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    own = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    given = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    sys.path[:] = [request["folder"], *given, *sys.path[1 + len(own) :]]
    sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
    sys.argv[:] = [request["module"], *request["arguments"]]
    importlib.invalidate_caches()


def main() -> None:
    """Serve, and be the service in each clone."""
    # Before a collection has run, so that nothing is freed in pages that clones share.
    gc.disable()
    preload()
    gc.enable()
    connection = socket.socket(fileno=int(sys.argv[1]))
    connection.send(b"ready")
    request = serve(connection)
    if request is None:
        return
    runpy.run_module(request["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
