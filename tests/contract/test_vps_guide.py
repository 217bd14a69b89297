"""The guide for a server: what root types there, the settings, and the same commands in both languages."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from app.core.config import Settings
from app.local.settings import parse_env_file
from tests.support.documents.documents import ROOT, Document

GUIDES = [Document("docs/vps.md"), Document("docs/id/server.md")]
CADDYFILE = ROOT / "deploy" / "caddy" / "Caddyfile"


def commands(document: Document) -> list[tuple[str, ...]]:
    return [words for block in document.blocks() if block.language == "bash" for words in block.commands()]


def test_both_languages_have_the_same_commands() -> None:
    """Only the sentence for the planner differs, and the name of the key: each name is of one key."""
    english, indonesian = (
        [["NAME" if word in {"maya", "sari"} else word for word in words] for words in commands(each)]
        for each in GUIDES
    )
    english, indonesian = ([words for words in each if words[1] != "plan"] for each in (english, indonesian))
    assert english == indonesian
    assert len(english) >= 10


def test_settings_of_the_guide_are_valid() -> None:
    """The lines of `.env` are settings, with the domain of the examples."""
    for guide in GUIDES:
        [shown] = [block.text for block in guide.blocks() if block.language == "text"]
        given = {name.lower(): value for name, value in parse_env_file(shown).items() if name[:3] != "UI_"}
        read = Settings(_env_file=None, **given)  # pyright: ignore[reportCallIssue, reportArgumentType]
        assert read.public_url == "https://jobs.example.com"
        assert read.trusted_proxies == ["127.0.0.1/32"]


def test_commands_of_root_fit_a_server(tmp_path: Path) -> None:
    """The file for Caddy's service gives the name that the Caddyfile reads; options of adduser exist."""
    written = [words for words in commands(GUIDES[0]) if words[0] in {"mkdir", "printf"}]
    lines = "\n".join(_line(words) for words in written).replace("/etc/", f"{tmp_path}/etc/")
    subprocess.run(["bash", "-eu", "-c", lines], check=True)
    made = tmp_path / "etc/systemd/system/caddy.service.d/domain.conf"
    names = re.findall(r"^Environment=(\w+)=jobs\.example\.com$", made.read_text("utf-8"), re.MULTILINE)
    assert set(names) <= set(re.findall(r"\{\$(\w+)\}", CADDYFILE.read_text("utf-8")))
    assert names == ["DOMAIN"]
    [account] = [words for words in commands(GUIDES[0]) if words[0] == "adduser"]
    if adduser := shutil.which("adduser"):
        known = subprocess.run([adduser, "--help"], capture_output=True, text=True, check=True).stdout
        assert [word for word in account if word.startswith("--") and word not in known] == []


@pytest.mark.skipif(shutil.which("apt-get") is None, reason="no Debian")
def test_packages_of_the_guide_exist() -> None:
    """`apt-get` would install them."""
    [words] = [words for words in commands(GUIDES[0]) if words[0] == "apt-get"]
    tried = subprocess.run([words[0], "--simulate", *words[1:]], capture_output=True, text=True, check=False)
    lists = Path("/var/lib/apt/lists")
    if tried.returncode and "CI" not in os.environ and not list(lists.glob("*Packages*")):
        pytest.skip("apt-get update has not run on this machine")
    assert tried.returncode == 0, tried.stderr


def _line(words: tuple[str, ...]) -> str:
    """Return a command for a shell, its redirection included."""
    return " ".join(word if word == ">" else shlex.quote(word) for word in words)
