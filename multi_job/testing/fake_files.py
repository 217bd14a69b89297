"""Files in memory."""

from __future__ import annotations

import base64
import itertools
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.core.errors import FileMissing, InvalidInput, LimitExceeded
from app.core.files.paths import check_path, check_prefix
from app.core.files.root import MAX_READ_BYTES
from app.core.records import ArtifactKind
from app.core.tools.base import ByteBudget
from app.core.tools.files import FileInfo, PublishResult
from multi_job.testing.fake_tool import FakeTool

if TYPE_CHECKING:
    from app.core.models import ClaimedRun
    from app.core.policies import Allowance
    from multi_job.testing.clock import FakeClock


class FakeFiles(FakeTool):
    """`files` has the contents by path; `published` the records of `publish`. Paths are checked by policy."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock
        self.files: dict[str, bytes] = {}
        self.published: dict[tuple[str, str], list[str]] = {}
        self._numbers = itertools.count(1)
        self._open_files: dict[int, tuple[str, bytearray]] = {}
        self._budget: ByteBudget | None = None

    def begin(self, run: ClaimedRun, allowance: Allowance) -> None:
        """Count the bytes of an attempt; the unfinished files of an earlier one are gone."""
        self._budget = ByteBudget(allowance)
        self._open_files.clear()

    @property
    def texts(self) -> dict[str, str]:
        """Return the files as texts."""
        return {path: content.decode() for path, content in self.files.items()}

    def _open(self, allowance: Allowance, path: str) -> int:
        _require_path(allowance, path)
        # Imported at the first file, with the threads of the real tool.
        from app.core.tools.files.performer import MAX_OPEN_FILES  # noqa: PLC0415

        if len(self._open_files) >= MAX_OPEN_FILES:
            raise LimitExceeded(f"an attempt writes at most {MAX_OPEN_FILES} files at a time.")
        number = next(self._numbers)
        self._open_files[number] = path, bytearray()
        return number

    def _chunk(self, _allowance: Allowance, number: int, content: str) -> None:
        written = base64.b64decode(content)
        if self._budget is not None:
            self._budget.take(len(written))
        self._open_files[number][1].extend(written)

    def _commit(self, _allowance: Allowance, number: int) -> dict[str, Any]:
        path, content = self._open_files.pop(number)
        self.files[path] = bytes(content)
        return asdict(self._info(path))

    def _abort(self, _allowance: Allowance, number: int) -> None:
        self._open_files.pop(number, None)

    def _read(self, allowance: Allowance, path: str, max_bytes: int) -> str:
        if isinstance(max_bytes, bool) or not 0 < max_bytes <= MAX_READ_BYTES:
            raise InvalidInput(f"max_bytes must be within 1 and {MAX_READ_BYTES:,}")
        _require_path(allowance, path)
        self._require_file(path)
        if len(self.files[path]) > max_bytes:
            raise LimitExceeded(f"{path!r} has more than {max_bytes:,} bytes")
        if self._budget is not None:
            self._budget.take(len(self.files[path]))
        return base64.b64encode(self.files[path]).decode()

    def _stat(self, allowance: Allowance, path: str) -> dict[str, Any] | None:
        _require_path(allowance, path)
        return asdict(self._info(path)) if path in self.files else None

    def _list(self, allowance: Allowance, prefix: str) -> list[dict[str, Any]]:
        check_prefix(prefix)
        found = (path for path in sorted(self.files) if path.startswith(prefix))
        return [asdict(self._info(path)) for path in found if allowance.allows("paths", path)]

    def _delete(self, allowance: Allowance, path: str) -> bool:
        _require_path(allowance, path)
        return self.files.pop(path, None) is not None

    def _publish(self, allowance: Allowance, kind: str, name: str, paths: list[str]) -> dict[str, Any]:
        for path in paths:
            _require_path(allowance, path)
            self._require_file(path)
        _check_record(kind, name, paths)
        self.published[kind, name] = paths
        return asdict(PublishResult("redis"))

    def _withdraw(self, _allowance: Allowance, kind: str, name: str) -> bool:
        _check_record(kind, name)
        return self.published.pop((kind, name), None) is not None

    def _require_file(self, path: str) -> None:
        if path not in self.files:
            raise FileMissing(f"there is no file {path!r}")

    def _info(self, path: str) -> FileInfo:
        return FileInfo(path, len(self.files[path]), self._clock.now_ms())


def _require_path(allowance: Allowance, path: str) -> None:
    check_path(path)
    allowance.require("paths", path)


def _check_record(kind: str, name: str, paths: list[str] | None = None) -> None:
    # Imported at the first record: it loads the client of Redis, and few jobs publish.
    from app.core.files.artifacts import MAX_FILES, is_record_name  # noqa: PLC0415

    if paths is not None and not 0 < len(paths) <= MAX_FILES:
        raise InvalidInput(f"a record has 1 to {MAX_FILES} files")
    if kind not in set(ArtifactKind) or not is_record_name(name):
        raise InvalidInput(f"kind and name are no record's: {kind!r}, {name!r}")
