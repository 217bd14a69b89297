"""Ports that tests choose before a process opens them."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

from tests.support.embedded_redis import HOST, free_port

_ASK = "from tests.support.embedded_redis import free_port; print(*(free_port() for _ in range(20)))"
_COMMON = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_processes_get_different_ports() -> None:
    """Ports that no process has opened yet are not handed out twice."""
    processes = [
        subprocess.Popen([sys.executable, "-c", _ASK], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    printed = " ".join(process.communicate(timeout=30)[0] for process in processes)
    assert len(set(printed.split())) == 40


def test_free_port_is_taken_by_no_connection() -> None:
    """It is below the ports that the system chooses, and can be opened."""
    port = free_port()
    first = int(_COMMON.read_text("ascii").split()[0]) if _COMMON.exists() else 49_152
    assert port < first
    with socket.socket() as listener:
        listener.bind((HOST, port))
