"""The peers harness: what is selected, and the environments of the peers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.peers import command, environments
from benchmarks.peers.catalogue import OURS, PEER_NAMES, PEERS
from benchmarks.peers.environments import THIS_PYTHON, PeerError, environment_folder, environment_of
from benchmarks.peers.scenes import SCENE_NAMES
from benchmarks.peers.stage import Sizes

SAQ = next(peer for peer in PEERS if peer.name == "saq")


class Installer:
    """Records commands in place of running them."""

    def __init__(self, returncode: int = 0) -> None:
        self.commands: list[list[str]] = []
        self._returncode = returncode

    def __call__(self, words: Any, **_options: Any) -> subprocess.CompletedProcess[str]:
        self.commands.append(list(words))
        return subprocess.CompletedProcess(words, self._returncode, stdout="one\ntwo\nthree\nno network\n")


@pytest.fixture
def installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installer:
    installer = Installer()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(environments.subprocess, "run", installer)
    return installer


def test_names_select_peers_and_figures() -> None:
    """Peers and figures are selected apart; without a name, all are."""
    names = ["saq", "drain1", "ardiq"]
    assert command.selected(names, PEER_NAMES) == ["ardiq", "saq"]
    assert command.selected(names, SCENE_NAMES) == ["drain1"]
    assert command.selected([], PEER_NAMES) == list(PEER_NAMES)
    assert set(PEER_NAMES).isdisjoint(SCENE_NAMES)


def test_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The message has the name, and the help has all of them."""
    with pytest.raises(SystemExit):
        command.main(["nobull"])
    assert "unknown: nobull" in capsys.readouterr().err


def test_quick_is_a_quarter() -> None:
    """All counts are a quarter; `at_once` still divides by its tasks."""
    full, quick = Sizes(), Sizes().quarter()
    assert (quick.single, quick.many, quick.sleeps, quick.big) == (1_250, 5_000, 1_250, 15_000)
    assert quick.paced == full.paced // 4


def test_environment_is_made_once(installer: Installer, tmp_path: Path) -> None:
    """The second call installs nothing; `--fresh` installs again."""
    first = environment_of(SAQ)
    assert len(installer.commands) == 2
    assert installer.commands[1][-2:] == ["-r", str(SAQ.pins)]
    assert first.command[0].startswith(str(tmp_path / "multi-job" / "peers" / "saq-"))
    assert environment_of(SAQ) == first
    assert len(installer.commands) == 2
    environment_of(SAQ, fresh=True)
    assert len(installer.commands) == 4


def test_other_versions_have_another_environment() -> None:
    """A changed version or interpreter never runs on old packages."""
    folders = {
        environment_folder(SAQ, python, pins)
        for python in (THIS_PYTHON, Path("/opt/other/python"))
        for pins in (b"saq==1", b"saq==2")
    }
    assert len(folders) == 4


def test_failed_installation_is_an_error_with_its_output(
    installer: Installer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table shows the last lines of the installer."""
    del installer
    monkeypatch.setattr(environments.subprocess, "run", Installer(returncode=1))
    with pytest.raises(PeerError, match="cannot install: two / three / no network"):
        environment_of(SAQ)


def test_ours_runs_in_this_tree(installer: Installer) -> None:
    """This platform needs no environment of its own."""
    made = environment_of(OURS)
    assert made.command[0] == sys.executable
    assert installer.commands == []
