"""Spec files: one or several specs in a file, JSON or YAML."""

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
    """A spec and its source; `trouble` is the reason why it cannot be read."""

    file: str
    spec: dict[str, Any]
    trouble: str = ""

    @property
    def job_id(self) -> str:
        job_id = self.spec.get("job_id")
        return job_id if isinstance(job_id, str) else ""


def read_files(paths: Iterable[Path]) -> list[FileSpec]:
    """Return all specs of files and folders; an unreadable one is included and does not hide others."""
    files = dict.fromkeys(file for path in paths for file in _files(path))
    return _distinct([found for file in files for found in _read(file)])


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(each for each in path.rglob("*") if each.suffix in SUFFIXES and each.is_file())


def _read(file: Path) -> Iterator[FileSpec]:
    try:
        # YAML reads JSON too, except for a few things that only JSON allows, such as tabs.
        text = file.read_text("utf-8")
        value = json.loads(text) if file.suffix == ".json" else _plain(read_yaml(text))
    except (OSError, ValueError, RecursionError) as error:
        yield FileSpec(str(file), {}, f"{file}: {error}")
        return
    for each in cast("list[object]", value) if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield FileSpec(str(file), cast("dict[str, Any]", each))
        else:
            trouble = _("{file}: a spec is an object with job_id, type, …", file=file)
            yield FileSpec(str(file), {}, trouble)


def _plain(value: object) -> object:
    """Return the YAML value as JSON: a date becomes the text that was written."""
    return json.loads(json.dumps(value, default=_text, allow_nan=False))


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise ValueError(_("{name__} is nothing that JSON has", name__=type(value).__name__))


def _distinct(found: Sequence[FileSpec]) -> list[FileSpec]:
    """Refuse the second spec of a job: the result must not depend on file names."""
    first: dict[str, FileSpec] = {}
    distinct: list[FileSpec] = []
    for each in found:
        other = first.setdefault(each.job_id, each) if each.job_id else each
        trouble = _("{job_id} is in {file} already", job_id=each.job_id, file=other.file)
        distinct.append(each if other is each else FileSpec(each.file, each.spec, trouble))
    return distinct


# The order for saving specs: the targets of a job's chains first, because they must exist.


def targets_first(specs: Sequence[FileSpec]) -> list[FileSpec]:
    """Return the specs in their order, but each after those that its chains name.

    A cycle stays as it is: the server refuses it and says where it closes.
    """
    by_id = {each.job_id: each for each in specs if each.job_id}
    placed = list[FileSpec]()
    seen = set[int]()
    for first in specs:
        # Iteration in place of recursion: a folder may hold a chain of any length.
        steps = [(first, False)]
        while steps:
            spec, done = steps.pop()
            if done:
                placed.append(spec)
            elif id(spec) not in seen:
                seen.add(id(spec))
                steps.append((spec, True))
                names = reversed(chain_targets(spec.spec))
                steps += [(by_id[name], False) for name in names if name in by_id]
    return placed


def chain_targets(spec: dict[str, Any]) -> list[str]:
    """Return the jobs that the chains of a spec name."""
    # The API refuses a value that is no list of names, with a message.
    fields = (spec.get(name) for name in ("on_success", "on_failure"))
    listed = (cast("list[object]", value) for value in fields if isinstance(value, list))
    return [each for names in listed for each in names if isinstance(each, str)]
