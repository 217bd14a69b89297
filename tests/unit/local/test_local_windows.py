"""The Windows branches, as far as they can be looked at from any system."""

from __future__ import annotations

import os

import pytest

from app.local import processes
from app.local.processes import (
    CREATE_NEW_PROCESS_GROUP,
    CREATE_NO_WINDOW,
    SERVICE_FLAGS,
    SUPERVISOR_FLAGS,
)
from app.local.redis_choice import NO_REDIS_DETAILS


def test_supervisor_gets_a_console_that_services_share() -> None:
    """CTRL_BREAK needs a shared console, so it is invisible and not absent."""
    detached_process = 0x8
    assert SUPERVISOR_FLAGS & CREATE_NO_WINDOW
    assert SUPERVISOR_FLAGS & CREATE_NEW_PROCESS_GROUP
    assert not SUPERVISOR_FLAGS & detached_process


def test_services_have_groups_of_their_own() -> None:
    """A CTRL_BREAK to one service must not reach the others, nor a console be made for each."""
    assert SERVICE_FLAGS == CREATE_NEW_PROCESS_GROUP


def test_missing_redis_names_one_command_for_each_way() -> None:
    """Without an embedded server there are four ways, each a line to copy."""
    ways = [line.split(":", 1)[0] for line in NO_REDIS_DETAILS]
    assert ways == ["REDIS_URL", "Docker", "WSL", "Memurai"]
    assert all(line.split(":", 1)[1].strip() for line in NO_REDIS_DETAILS)


def test_stop_sends_ctrl_break(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service drains on CTRL_BREAK; SIGTERM would end it at once."""
    sent: list[tuple[int, int]] = []

    def kill(pid: int, number: int) -> None:
        sent.append((pid, number))

    monkeypatch.setattr(processes.sys, "platform", "win32")
    monkeypatch.setattr(processes.os, "kill", kill)
    identity = processes.identify(os.getpid())
    assert identity is not None
    processes.request_stop(identity)
    assert sent == [(identity.pid, processes.CTRL_BREAK_EVENT)]
