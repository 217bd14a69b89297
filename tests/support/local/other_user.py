"""A scan of an installation as another user: run as root, it becomes `nobody`.

`python other_user.py '{"folder": …, "port": …, "pids": […], "canaries": […], "uid": 65534}'` prints JSON:
`files` and `proc` with the canaries found (`path: canary`), `read` with the files that could be read,
`redis` with the answer to each command. Standard library only.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

COMMANDS = ("PING", "KEYS *", "RENAME a b", "CONFIG GET requirepass", "ACL LIST")


def become(uid: int) -> None:
    """Give up every right of root."""
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def contents(paths: Iterable[Path]) -> dict[str, bytes]:
    """Return what can be read, by path."""
    found: dict[str, bytes] = {}
    for path in paths:
        try:
            found[str(path)] = path.read_bytes()
        except OSError:
            continue
    return found


def files_below(folder: Path) -> list[Path]:
    found: list[Path] = []
    for parent, _, names in os.walk(folder, onerror=lambda _error: None):
        found += [Path(parent, name) for name in names]
    return found


def files_of_processes(pids: Iterable[int]) -> list[Path]:
    found: list[Path] = []
    for pid in pids:
        proc = Path("/proc", str(pid))
        found += [proc / "environ", proc / "cmdline"]
        try:
            opened = list((proc / "fd").iterdir())
        except OSError:
            continue
        # Pipes and sockets have no content that a read returns at once.
        found += [each for each in opened if os.path.isfile(each)]  # noqa: PTH113
    return found


def ask(port: int, command: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"{command}\r\n".encode())
        return connection.recv(4096).decode("utf-8", "replace").strip()


def hits(found: dict[str, bytes], canaries: Iterable[str]) -> list[str]:
    return [f"{path}: {each}" for path, data in found.items() for each in canaries if each.encode() in data]


def main(wanted: dict[str, Any]) -> dict[str, Any]:
    if wanted["uid"]:
        become(wanted["uid"])
    files = contents(files_below(Path(wanted["folder"])))
    proc = contents(files_of_processes(wanted["pids"]))
    return {
        "files": hits(files, wanted["canaries"]),
        "proc": hits(proc, wanted["canaries"]),
        "read": sorted(files),
        "seen_of_processes": sorted(proc),
        "redis": {command: ask(wanted["port"], command) for command in COMMANDS},
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.load(sys.stdin))))
