"""Spec files as a person keeps them: one spec or several in a file, JSON or YAML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from app.core.i18n import _
from app.core.yaml_reader import read_yaml

SUFFIXES = frozenset({".json", ".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class FileSpec:
    """A spec and where it stands; `trouble` says why there is none to be read."""

    file: str
    spec: dict[str, Any]
    trouble: str = ""

    @property
    def job_id(self) -> str:
        job_id = self.spec.get("job_id")
        return job_id if isinstance(job_id, str) else ""


def read_files(paths: Iterable[Path]) -> list[FileSpec]:
    """Return all specs of files and folders; what cannot be read is one of them, and hides no other."""
    files = dict.fromkeys(file for path in paths for file in _files(path))
    return _distinct([found for file in files for found in _read(file)])


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(each for each in path.rglob("*") if each.suffix in SUFFIXES and each.is_file())


def _read(file: Path) -> Iterator[FileSpec]:
    try:
        # YAML reads JSON too, but for what JSON may hold and YAML may not, such as tabs.
        text = file.read_text("utf-8")
        value = json.loads(text) if file.suffix == ".json" else _plain(read_yaml(text))
    except (OSError, ValueError, RecursionError) as error:
        yield FileSpec(str(file), {}, f"{file}: {error}")
        return
    for each in cast("list[object]", value) if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield FileSpec(str(file), cast("dict[str, Any]", each))
        else:
            told = _("{file}: a spec is an object with job_id, type, …", file=file)
            yield FileSpec(str(file), {}, told)


def _plain(value: object) -> object:
    """Return what YAML holds as JSON has it: a date is the text that it was written as."""
    return json.loads(json.dumps(value, default=_text, allow_nan=False))


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise ValueError(_("{name__} is nothing that JSON has", name__=type(value).__name__))


def _distinct(found: Sequence[FileSpec]) -> list[FileSpec]:
    """Refuse the second spec of a job: which of two files counts must not depend on their names."""
    first: dict[str, FileSpec] = {}
    distinct: list[FileSpec] = []
    for each in found:
        other = first.setdefault(each.job_id, each) if each.job_id else each
        told = _("{job_id} stands in {file} already", job_id=each.job_id, file=other.file)
        distinct.append(each if other is each else FileSpec(each.file, each.spec, told))
    return distinct


# The order in which specs can be saved: a job after those that it starts, because they must exist.


def targets_first(specs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the specs in their order, but each behind those that its chains name.

    A circle stays as it is: the server refuses it and says where it closes.
    """
    by_id = {spec.get("job_id"): spec for spec in specs if isinstance(spec.get("job_id"), str)}
    placed = list[dict[str, Any]]()
    seen = set[int]()
    for first in specs:
        # Own steps in place of recursion: a folder may hold a chain as long as it likes.
        steps = [(first, False)]
        while steps:
            spec, done = steps.pop()
            if done:
                placed.append(spec)
            elif id(spec) not in seen:
                seen.add(id(spec))
                steps.append((spec, True))
                steps += [(by_id[name], False) for name in reversed(_targets(spec)) if name in by_id]
    return placed


def _targets(spec: dict[str, Any]) -> list[str]:
    return [name for field in ("on_success", "on_failure") for name in _texts(spec.get(field))]


def _texts(value: object) -> Iterable[str]:
    items = cast("list[object]", value) if isinstance(value, list) else []
    return [item for item in items if isinstance(item, str)]
