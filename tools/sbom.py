"""The software bill of materials of a wheel: CycloneDX, from the two lock files.

The lock files are complete and hash-pinned, so it needs no network and no installed package. `cyclonedx-py`
names the address of a package index in each component, and `npm sbom` leaves out packages that are also peers
(react), so both are read here.
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement

_VERSION = SchemaVersion.V1_6
_ROOT = "multi-job"
_DASHBOARD = "multi-job-dashboard"
_ALGORITHMS = {"sha256": "SHA-256", "sha512": "SHA-512"}


@dataclass(frozen=True, slots=True)
class Locked:
    """One package of a lock file."""

    purl: PackageURL
    hashes: tuple[tuple[str, str], ...]
    """Algorithm and hexadecimal digest; one for each file that the lock accepts."""
    needs: tuple[str, ...] = ()
    """Packages that it depends on, as purls."""
    condition: str = ""
    """The environment marker that it is installed under."""
    optional: bool = False
    license: str = ""


@dataclass(slots=True)
class _Entry:
    pin: str
    digests: list[str] = field(default_factory=list[str])
    wanted_by: list[str] = field(default_factory=list[str])


def sbom(version: str, wheel_sha256: str, requirements: str, package_lock: str, *, timestamp: int) -> str:
    """Return the document for a wheel; the same inputs give the same text.

    Raises ValueError if it does not fit the schema of CycloneDX.
    """
    python, node = python_packages(requirements), node_packages(package_lock)
    packages = {**python, **node}
    wanted = {each for locked in packages.values() for each in locked.needs}
    dashboard = {"bom-ref": _DASHBOARD, "type": "application", "name": _DASHBOARD, "version": version}
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": _VERSION.to_version(),
        "serialNumber": uuid.uuid5(uuid.NAMESPACE_OID, f"{_ROOT} {version} {wheel_sha256}").urn,
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(timestamp, UTC).isoformat(),
            "component": {
                "bom-ref": _ROOT,
                "type": "application",
                "name": _ROOT,
                "version": version,
                "purl": str(PackageURL("pypi", None, _ROOT, version)),
                "hashes": [{"alg": "SHA-256", "content": wheel_sha256}],
            },
        },
        "components": [dashboard, *map(_component, packages.values())],
        "dependencies": [
            {"ref": _ROOT, "dependsOn": [_DASHBOARD, *sorted(python.keys() - wanted)]},
            {"ref": _DASHBOARD, "dependsOn": sorted(_wanted_by_the_dashboard(package_lock))},
            *({"ref": purl, "dependsOn": list(locked.needs)} for purl, locked in packages.items()),
        ],
    }
    text = json.dumps(document, indent=1) + "\n"
    if (problem := JsonStrictValidator(_VERSION).validate_str(text)) is not None:
        raise ValueError(f"the bill of materials does not fit its schema: {problem}")
    return text


def _component(locked: Locked) -> dict[str, Any]:
    purl, optional = locked.purl, locked.optional or locked.condition
    known = re.fullmatch(r"[\w.+-]+", locked.license)
    found: dict[str, Any] = {
        "bom-ref": str(purl),
        "type": "library",
        "group": purl.namespace,
        "name": purl.name,
        "version": purl.version,
        "scope": "optional" if optional else "required",
        "purl": str(purl),
        "hashes": [{"alg": _ALGORITHMS[kind], "content": digest} for kind, digest in locked.hashes],
        "licenses": [{"license": {"id": locked.license}} if known else {"expression": locked.license}],
        "properties": [{"name": "multi-job:marker", "value": locked.condition}],
    }
    empty = {
        "group": not purl.namespace,
        "hashes": not locked.hashes,
        "licenses": not locked.license,
        "properties": not locked.condition,
    }
    return {name: value for name, value in found.items() if not empty.get(name)}


# requirements.txt, as uv writes it: a pin, its digests, and the packages that want it.


def python_packages(requirements: str) -> dict[str, Locked]:
    """Return the packages of a lock by their purl."""
    entries = list(_entries(requirements))
    purls: dict[str, str] = {}
    for entry in entries:
        purl = str(_pypi(Requirement(entry.pin)))
        purls[Requirement(entry.pin).name] = purl
    needs: dict[str, set[str]] = {}
    for entry in entries:
        for parent in entry.wanted_by:
            needs.setdefault(parent, set()).add(purls[Requirement(entry.pin).name])
    found: dict[str, Locked] = {}
    for entry in entries:
        wanted = Requirement(entry.pin)
        found[purls[wanted.name]] = Locked(
            _pypi(wanted),
            tuple(("sha256", digest) for digest in entry.digests),
            needs=tuple(sorted(needs.get(wanted.name, ()))),
            condition=str(wanted.marker or ""),
        )
    return found


def _entries(requirements: str) -> Iterator[_Entry]:
    entry: _Entry | None = None
    for line in requirements.splitlines():
        text = line.strip().removesuffix("\\").strip()
        if line[:1].isalnum():
            if entry is not None:
                yield entry
            entry = _Entry(text)
        elif entry is not None and text.startswith("--hash=sha256:"):
            entry.digests.append(text.removeprefix("--hash=sha256:"))
        elif entry is not None and (name := text.removeprefix("#").removeprefix(" via").strip()):
            # Ours is "multi-job (pyproject.toml)".
            entry.wanted_by.append(name.partition(" ")[0])
    if entry is not None:
        yield entry


def _pypi(wanted: Requirement) -> PackageURL:
    pinned = re.fullmatch(r"==([^,*]+)", str(wanted.specifier))
    if pinned is None:
        raise ValueError(f"{wanted} is not pinned to one version")
    return PackageURL("pypi", None, wanted.name.lower().replace("_", "-"), pinned[1])


# package-lock.json, version 3: the folders that npm makes, without those of tools and tests.


def node_packages(package_lock: str) -> dict[str, Locked]:
    """Return what the dashboard depends on by its purl, with the packages for other systems.

    npm keeps tools of tests that are optional peers in the same list; nothing depends on them.
    """
    folders: dict[str, dict[str, Any]] = json.loads(package_lock)["packages"]
    found: dict[str, Locked] = {}
    open_ends = [
        place for name in folders[""].get("dependencies", ()) if (place := _found_from(folders, "", name))
    ]
    seen: set[str] = set()
    while open_ends:
        path = open_ends.pop()
        if path in seen:
            continue
        seen.add(path)
        entry = folders[path]
        places = [place for name in _wanted(entry) if (place := _found_from(folders, path, name))]
        open_ends += places
        purl = _npm(path, entry)
        found[str(purl)] = Locked(
            purl,
            _integrity(entry.get("integrity", "")),
            needs=tuple(sorted({str(_npm(place, folders[place])) for place in places})),
            optional=bool(entry.get("optional")),
            license=entry.get("license", ""),
        )
    return dict(sorted(found.items()))


def _wanted(entry: Mapping[str, Any]) -> list[str]:
    """Return the names that a package depends on; an optional peer is another's affair."""
    optional = {name for name, more in entry.get("peerDependenciesMeta", {}).items() if more.get("optional")}
    peers = [name for name in entry.get("peerDependencies", ()) if name not in optional]
    return [*entry.get("dependencies", ()), *entry.get("optionalDependencies", ()), *peers]


def _wanted_by_the_dashboard(package_lock: str) -> list[str]:
    folders: dict[str, dict[str, Any]] = json.loads(package_lock)["packages"]
    places = (f"node_modules/{name}" for name in folders[""].get("dependencies", ()))
    return [str(_npm(place, folders[place])) for place in places]


def _npm(path: str, entry: Mapping[str, Any]) -> PackageURL:
    scope, _, name = path.rpartition("node_modules/")[2].rpartition("/")
    return PackageURL("npm", scope or None, name, entry["version"])


def _found_from(folders: Mapping[str, Any], path: str, name: str) -> str:
    """Return the folder that Node.js finds for a name: the nearest one above; '' if there is none."""
    while True:
        place = f"{path}/node_modules/{name}".removeprefix("/")
        if place in folders:
            return place
        if not path:
            return ""
        path = path.rpartition("/node_modules/")[0]


def _integrity(text: str) -> tuple[tuple[str, str], ...]:
    """Return npm's digests, which are in base64; weaker ones are left out."""
    pairs = (word.split("-", 1) for word in text.split())
    return tuple((kind, base64.b64decode(value).hex()) for kind, value in pairs if kind in _ALGORITHMS)
