"""The bill of materials of the wheel: CycloneDX, complete, and free of anything of this machine."""

from __future__ import annotations

import hashlib
import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.support.local.installation import PROJECT_ROOT
from tools.build_wheel import locked_versions, write_sbom
from tools.sbom import node_packages, python_packages

REQUIREMENTS = (PROJECT_ROOT / "requirements.txt").read_text("utf-8")
PACKAGE_LOCK = (PROJECT_ROOT / "ui" / "package-lock.json").read_text("utf-8")
DATE = "1764547200"


def made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the document of a wheel, made without a network."""
    wheel = folder / "multi_job-9.8.7-py3-none-any.whl"
    wheel.write_bytes(b"the same wheel")
    with monkeypatch.context() as offline:
        offline.setenv("SOURCE_DATE_EPOCH", DATE)
        offline.setattr(socket, "socket", None)
        target = write_sbom(wheel)
    assert target == folder / "multi_job-9.8.7.cdx.json"
    return target.read_text("utf-8")


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    return json.loads(made(tmp_path, monkeypatch))


def components(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["purl"]: each for each in document["components"] if "purl" in each}


def test_sbom_fits_the_schema(document: dict[str, Any]) -> None:
    """The library has the schema; a field that it does not know fails."""
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(document)) is None
    assert validator.validate_str(json.dumps({**document, "address": "x"})) is not None


def test_sbom_has_every_locked_package_with_its_digests(document: dict[str, Any]) -> None:
    """The versions are those of constraints.txt, the digests those that pip accepts."""
    found = components(document)
    pins = re.findall(r"^([^=\s]+)==([^\s;]+)", locked_versions(REQUIREMENTS), re.MULTILINE)
    assert len(pins) == sum(line[:1].isalnum() for line in REQUIREMENTS.splitlines())
    for name, version in pins:
        component = found[f"pkg:pypi/{name.lower()}@{version}"]
        assert component["version"] == version
        assert {each["alg"] for each in component["hashes"]} == {"SHA-256"}
    digests = {each["content"] for component in found.values() for each in component.get("hashes", ())}
    assert set(re.findall(r"--hash=sha256:([0-9a-f]{64})", REQUIREMENTS)) <= digests
    assert found["pkg:pypi/uvloop@" + dict(pins)["uvloop"]]["scope"] == "optional"


def test_sbom_has_the_packages_of_the_dashboard(document: dict[str, Any]) -> None:
    """Those of `npm ci --omit=dev`, with npm's digest and licence, without the tools of tests."""
    found = components(document)
    folders: dict[str, dict[str, Any]] = json.loads(PACKAGE_LOCK)["packages"]
    for path, entry in folders.items():
        name = path.rpartition("node_modules/")[2].replace("@", "%40")
        if path and not entry.get("dev") and "playwright" not in name:
            assert f"pkg:npm/{name}@{entry['version']}" in found
    react = next(each for purl, each in found.items() if purl.startswith("pkg:npm/react@"))
    assert [each["alg"] for each in react["hashes"]] == ["SHA-512"]
    assert react["licenses"] == [{"license": {"id": "MIT"}}]
    assert not [purl for purl in found if "/vitest@" in purl or "playwright" in purl]


def test_sbom_says_what_depends_on_what(document: dict[str, Any]) -> None:
    """From the wheel each package can be reached, and from FastAPI Starlette."""
    needs: dict[str, set[str]] = {
        each["ref"]: set(each.get("dependsOn", ())) for each in document["dependencies"]
    }
    starlette = {ref for ref in needs if ref.startswith("pkg:pypi/starlette@")}
    assert starlette <= next(needs[ref] for ref in needs if ref.startswith("pkg:pypi/fastapi@"))
    reached, open_ends = set[str](), {"multi-job"}
    while open_ends:
        reached |= open_ends
        open_ends = set[str]().union(*(needs[ref] for ref in open_ends)) - reached
    assert {each["bom-ref"] for each in document["components"]} <= reached


def test_sbom_is_the_same_for_the_same_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its date is that of the sources, and its serial number follows from the wheel."""
    text = made(tmp_path, monkeypatch)
    assert made(tmp_path, monkeypatch) == text
    document = json.loads(text)
    assert document["metadata"]["timestamp"] == "2025-12-01T00:00:00+00:00"
    [digest] = document["metadata"]["component"]["hashes"]
    assert digest["content"] == hashlib.sha256(b"the same wheel").hexdigest()


def test_sbom_names_no_machine_and_no_registry(document: dict[str, Any]) -> None:
    """No path, and no address but those of the format."""
    text = json.dumps(document)
    assert str(PROJECT_ROOT) not in text
    assert str(Path.home()) not in text.replace(str(PROJECT_ROOT), "")
    addresses = set(re.findall(r"[a-z]+://[^\"]+", text))
    assert addresses == {document["$schema"]}


def test_lock_without_a_version_is_refused() -> None:
    """A bill that leaves a package out would be wrong without a word."""
    with pytest.raises(ValueError, match="not pinned"):
        python_packages("anyio>=4\n")


def test_nested_packages_of_npm_are_found_as_nodejs_does() -> None:
    """A package's own copy wins over the one above it; tools and optional peers are left out."""
    optional_peer = {"peerDependencies": {"peer": "5"}, "peerDependenciesMeta": {"peer": {"optional": True}}}
    lock = {
        "packages": {
            "": {"dependencies": {"a": "1"}},
            "node_modules/a": {"version": "1.0.0", "dependencies": {"@x/b": "2"}, **optional_peer},
            "node_modules/a/node_modules/@x/b": {"version": "2.0.0", "peerDependencies": {"c": "1"}},
            "node_modules/@x/b": {"version": "1.0.0"},
            "node_modules/peer": {"version": "5.0.0", "devOptional": True},
            "node_modules/c": {"version": "3.0.0", "optional": True},
            "node_modules/tool": {"version": "4.0.0", "dev": True},
        }
    }
    found = node_packages(json.dumps(lock))
    assert found["pkg:npm/a@1.0.0"].needs == ("pkg:npm/%40x/b@2.0.0",)
    assert found["pkg:npm/%40x/b@2.0.0"].needs == ("pkg:npm/c@3.0.0",)
    assert found["pkg:npm/c@3.0.0"].optional
    assert len(found) == 3
