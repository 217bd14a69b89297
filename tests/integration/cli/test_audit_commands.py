"""`multi-job audit verify` and `audit accept`, the doctor's check, and a rotation of SECRET_KEY."""

from __future__ import annotations

import asyncio
import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

from app.cli.direct import Deployment, audited, run_direct
from app.cli.doctor.audit import diagnose_audit
from app.cli.doctor.findings import FindingLevel
from app.cli.main import app
from app.core.secret_keys import new_key
from app.core.storage.keys import Keys
from tests.support.redis_server import fresh_settings, remove_all

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from app.cli.doctor.findings import Finding
    from tests.support.embedded_redis import EmbeddedRedis


@pytest.fixture(autouse=True)
def deployed(redis_server: EmbeddedRedis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the commands of this process find a deployment of their own, with its key in a file."""
    settings = fresh_settings(redis_server.url, tmp_path)
    for name in ("API_KEYS", "MULTI_JOB_API_KEY", "SECRET_KEY", "SECRET_KEY_PREVIOUS", "AUDIT_SINK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REDIS_URL", settings.redis_url)
    monkeypatch.setenv("NAMESPACE", settings.namespace)
    monkeypatch.setenv("MULTI_JOB_HOME", os.fspath(tmp_path))
    monkeypatch.setenv("HEARTBEAT_SEC", "0.1")
    monkeypatch.chdir(tmp_path)
    yield
    do(lambda at: remove_all(at.link, at.keys))


def do(work: Callable[[Deployment], Awaitable[Any]]) -> Any:
    return run_direct(work, any_key=True)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def verified() -> tuple[int, dict[str, Any]]:
    result = run("audit", "verify", "--json")
    return result.exit_code, json.loads(result.stdout)


def make_keys(count: int = 3) -> None:
    for number in range(count):
        assert run("keys", "create", f"k{number}", "--role", "admin").exit_code == 0


async def change_a_byte(at: Deployment) -> None:
    stream = at.keys.audit_log("protected")
    rows = await at.link.call("XRANGE", stream, "-", "+")
    rows[1][1][-1] = rows[1][1][-1].replace('"admin"', '"viewer"', 1)
    await at.link.call("DEL", stream)
    for entry_id, fields in rows:
        await at.link.call("XADD", stream, entry_id, *fields)


def findings() -> dict[str, Finding]:
    return {each.check: each for each in do(diagnose_audit)}


def test_audit_verify_names_the_first_broken_entry(tmp_path: Path) -> None:
    """Exit code 0 and the figures; after one changed byte 1, the entry, and what it says now."""
    make_keys()
    code, report = verified()
    assert (code, report["whole"], report["logs"][0]["entries"]) == (0, True, 3)
    assert "whole: 3 entries" in run("audit", "verify").stdout
    assert (tmp_path / "runtime-data" / "audit.verified").stat().st_mode & 0o077 == 0
    assert findings()["audit"].verdict is FindingLevel.OK
    do(change_a_byte)
    code, report = verified()
    [problem] = report["logs"][0]["problems"]
    assert (code, report["whole"], report["logs"][0]["problem_count"]) == (1, False, 1)
    assert (problem["number"], problem["reason"], problem["act"]["action"]) == (2, "changed", "create_key")
    shown = run("audit", "verify")
    assert shown.exit_code == 1
    assert "protected: entry 2" in " ".join(shown.stderr.split())
    broken = findings()["audit"]
    assert broken.verdict is FindingLevel.FAILED
    assert "protected: entry 2" in broken.seen
    assert "multi-job audit verify" in broken.remedy


def test_audit_accept_is_in_the_log() -> None:
    """Damage that a person knows no longer fails, and the act stands in the log with what it was."""
    make_keys()
    do(change_a_byte)
    refused = CliRunner().invoke(app, ["audit", "accept"], input="n\n")
    assert "Nothing was changed" in str(refused.exception)
    assert verified()[0] == 1
    accepted = run("audit", "accept", "--yes", "--json")
    assert (accepted.exit_code, json.loads(accepted.stdout)["whole"]) == (0, True)
    code, report = verified()
    assert (code, report["logs"][0]["accepted"], report["logs"][0]["entries"]) == (0, 4, 4)

    async def newest(at: Deployment) -> Any:
        [[_id, fields]] = await at.link.call(
            "XREVRANGE", at.keys.audit_log("protected"), "+", "-", "COUNT", 1
        )
        return json.loads(fields[-1])

    act = do(newest)
    assert act["action"] == "accept_audit"
    assert act["diff"] == [{"path": "/protected/2", "from": "changed", "to": "accepted"}]
    assert run("audit", "accept", "--yes").exit_code == 0


def test_audit_verifies_after_the_key_was_rotated(tmp_path: Path) -> None:
    """The command seals the old key of the chain; its file is not needed any more."""
    make_keys()
    rotated = run("secrets", "rotate-key", "--json")
    assert rotated.exit_code == 0, rotated.output
    for old in (tmp_path / "runtime-data").glob("secret.key.*.old"):
        old.unlink()
    code, report = verified()
    assert (code, report["logs"][0]["entries"], report["unreadable_keys"]) == (0, 4, [])


def test_audit_command_still_lists() -> None:
    """Without a subcommand it asks the API, as before."""
    result = run("audit", "--limit", "5", "--key-id", "abc")
    assert "multi-job up" in str(result.exception)


def test_the_doctor_shows_what_had_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protected acts beyond their share are kept; others that had to go are counted until when."""
    monkeypatch.setenv("AUDIT_MAX_MB", "0.1")

    async def write(at: Deployment) -> None:
        await asyncio.gather(*(audited(at, "reopen", f"keys:{number}") for number in range(150)))

    do(write)
    seen = findings()["audit room"]
    assert (seen.verdict, "they are kept" in seen.seen) == (FindingLevel.WARN, True)
    assert "AUDIT_MAX_MB" in seen.remedy
    assert "they are kept" in run("audit", "verify").stderr


def test_another_machines_key_is_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the deployment's key nothing can be said, and the doctor says that."""
    make_keys(1)

    async def register(at: Deployment) -> None:
        await at.link.call("HSET", Keys(at.settings.namespace).secret_key, "id", "0123456789abcdef")

    do(register)
    seen = findings()["audit"]
    assert (seen.verdict, "not verified" in seen.seen) == (FindingLevel.WARN, True)
    monkeypatch.setenv("SECRET_KEY", new_key())
    assert "not verified" in findings()["audit"].seen
