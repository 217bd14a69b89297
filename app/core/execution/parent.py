"""The bond of a child process to its parent: the pipe between them, and an end at the parent's death."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from functools import cache
from typing import IO, Any, NoReturn

import orjson

from app.core.redaction import safe_str

_PR_SET_PDEATHSIG = 1
_LENIENT = orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE


class ParentPipe:
    """A child's stdin and stdout, with one JSON object a line.

    All other output of the child goes to stderr, so that it cannot break a line here.
    """

    def __init__(self) -> None:
        self._in: IO[bytes] = os.fdopen(os.dup(0), "rb")
        self._out: IO[bytes] = os.fdopen(os.dup(1), "wb")
        self._lock = threading.Lock()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)

    def read(self) -> dict[str, Any]:
        """Return the parent's next message. The process exits when the parent closes the pipe."""
        line = self._in.readline()
        if not line:
            os._exit(1)
        return orjson.loads(line)

    def send(self, message: dict[str, Any]) -> None:
        """Write a message; any thread may call it."""
        line = orjson.dumps(message, default=safe_str, option=_LENIENT)
        with self._lock:
            self._out.write(line)
            self._out.flush()

    def end(self, message: dict[str, Any]) -> NoReturn:
        """Write the last message and exit at once, even if threads are still running."""
        self.send(message)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def die_with_parent(parent_pid: int) -> None:
    """Called in a child: let the kernel kill it when its parent dies (Linux).

    The closing pipe ends the child on every system; this also ends a handler that never lets the interpreter
    read the pipe, such as a regular expression that backtracks for hours.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent_pid:
            os._exit(1)


def tie_to_this_process(child_pid: int) -> None:
    """Called in the parent: put a child into a job object that is killed with this process (Windows)."""
    if sys.platform == "win32":
        _assign_to_job(child_pid)


if sys.platform == "win32":
    _PROCESS_SET_QUOTA_AND_TERMINATE = 0x0101
    _EXTENDED_LIMIT_INFORMATION = 9
    _KILL_ON_JOB_CLOSE = 0x2000

    class _BasicLimits(ctypes.Structure):
        _fields_ = (
            ("per_process_user_time", ctypes.c_int64),
            ("per_job_user_time", ctypes.c_int64),
            ("flags", ctypes.c_uint32),
            ("minimum_working_set", ctypes.c_size_t),
            ("maximum_working_set", ctypes.c_size_t),
            ("active_processes", ctypes.c_uint32),
            ("affinity", ctypes.c_size_t),
            ("priority_class", ctypes.c_uint32),
            ("scheduling_class", ctypes.c_uint32),
        )

    class _ExtendedLimits(ctypes.Structure):
        _fields_ = (
            ("basic", _BasicLimits),
            ("io_counters", ctypes.c_uint64 * 6),
            ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t),
            ("peak_process_memory", ctypes.c_size_t),
            ("peak_job_memory", ctypes.c_size_t),
        )

    @cache
    def _kernel() -> Any:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        for name in ("CreateJobObjectW", "OpenProcess"):
            getattr(kernel, name).restype = ctypes.c_void_p
        return kernel

    @cache
    def _job() -> ctypes.c_void_p:
        # Never closed: the system closes it with this process, and that kills the processes inside.
        kernel = _kernel()
        job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
        limits = _ExtendedLimits()
        limits.basic.flags = _KILL_ON_JOB_CLOSE
        kernel.SetInformationJobObject(
            job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), ctypes.sizeof(limits)
        )
        return job

    def _assign_to_job(child_pid: int) -> None:
        kernel = _kernel()
        process = ctypes.c_void_p(kernel.OpenProcess(_PROCESS_SET_QUOTA_AND_TERMINATE, False, child_pid))
        if process:
            kernel.AssignProcessToJobObject(_job(), process)
            kernel.CloseHandle(process)
