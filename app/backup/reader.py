"""Reads an export; no record is used before the whole file is verified."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NoReturn, Protocol

import orjson
from pydantic import ValidationError

from app.backup.format import LINES, Line, known_line
from app.backup.full_parts import FullLine
from app.core.errors import ExportDamaged
from app.core.files.exports import FORMAT, KINDS, MAX_LINE_BYTES, ExportHeader, ExportTrailer, Kind
from app.core.i18n import _

Step = Callable[[], None]

_GZIP = 31
_TRAILER = b'{"kind":"trailer"'
_READ_BYTES = 65_536
_UNPACK_BYTES = 1_048_576
MAX_TOTAL_BYTES = 34_359_738_368
"""Unpacked; no single Redis node holds as much."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The content of a verified file."""

    header: ExportHeader
    counts: dict[Kind, int]
    secret_keys: tuple[bytes, ...] = ()
    """The keys that sealed its secrets, if it is a full backup."""

    @property
    def records(self) -> int:
        """Return how many records are to be restored."""
        return sum(self.counts.values()) - self.counts["secret_key"]


class ArchiveSource(Protocol):
    """A file, or a sealed one that is opened on the way."""

    def seek(self, offset: int, /) -> int: ...

    def read(self, size: int, /) -> bytes: ...


class ExportFile:
    """An opened export. `verify` comes first; `records` reads the file again."""

    def __init__(self, file: ArchiveSource, *, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self._file = file
        self._max_line_bytes = max_line_bytes
        self._verified = ""

    def verify(self, step: Step = lambda: None) -> Contents:
        """Verify the checksum, the form and every record; raises ExportDamaged, which names the line."""
        digest, counts, seen = hashlib.sha256(), Counter[Kind](), set[int]()
        keys: list[bytes] = []
        lines = self._numbered()
        number, text = next(lines, (0, b""))
        header = _header(text)
        digest.update(text + b"\n")
        for number, text in lines:
            if text.startswith(_TRAILER):
                _check_trailer(text, counts, digest.hexdigest())
                if (after := next(lines, None)) is not None:
                    _refuse(after[0], _("there is data after the trailer"))
                break
            line = _line(number, text)
            _once(number, line, seen)
            if isinstance(line, FullLine) and not header.full:
                _refuse(number, _("only a full backup has such a record"))
            if line.kind == "secret_key":
                keys.append(line.text.encode())
            counts[line.kind] += 1
            digest.update(text + b"\n")
            step()
        else:
            _refuse(number + 1, _("it ends before its trailer"))
        self._verified = digest.hexdigest()
        if header.full and not keys:
            _refuse_file(_("it has no key for its secrets"))
        return Contents(header, {kind: counts[kind] for kind in KINDS}, tuple(keys))

    def records(self) -> Iterator[Line]:
        """Yield the records to restore of a verified file; ExportDamaged if the file has changed."""
        digest = hashlib.sha256()
        for number, text in self._numbered():
            if text.startswith(_TRAILER):
                break
            digest.update(text + b"\n")
            if number > 1 and (line := known_line(text)).kind != "secret_key":
                yield line
        if digest.hexdigest() != self._verified:
            _refuse_file(_("it was changed while it was read"))

    def _numbered(self) -> Iterator[tuple[int, bytes]]:
        self._file.seek(0)
        yield from enumerate(self._lines(), 1)

    def _lines(self) -> Iterator[bytes]:
        rest, number = bytearray(), 1
        for piece in self._unpacked():
            looked = len(rest)
            rest += piece
            start = 0
            while (end := rest.find(b"\n", max(start, looked))) >= 0:
                yield bytes(rest[start:end])
                start, number = end + 1, number + 1
            del rest[:start]
            if len(rest) > self._max_line_bytes:
                _refuse(number, _("it has more than {limit:,} bytes", limit=self._max_line_bytes))
        if rest:
            _refuse(number, _("it is cut off"))

    def _unpacked(self) -> Iterator[bytes]:
        """Yield the text in pieces of bounded size, even from a small compressed file."""
        unpacker, total = zlib.decompressobj(_GZIP), 0
        while packed := self._file.read(_READ_BYTES):
            if unpacker.eof:
                _refuse_file(_("there is data after its end"))
            while packed:
                try:
                    piece = unpacker.decompress(packed, _UNPACK_BYTES)
                except zlib.error as error:
                    text = _(
                        "The file is no export, or damaged: it does not unpack ({error}). "
                        "Nothing was changed.",
                        error=error,
                    )
                    raise ExportDamaged(text) from error
                packed, total = unpacker.unconsumed_tail, total + len(piece)
                if total > MAX_TOTAL_BYTES:
                    _refuse_file(_("it unpacks to more than any deployment holds"))
                yield piece
        if not unpacker.eof:
            _refuse_file(_("it is not whole"))
        if unpacker.unused_data:
            _refuse_file(_("there is data after its end"))


def _header(text: bytes) -> ExportHeader:
    try:
        record = orjson.loads(text)
        found = record["format"] if record["kind"] == "header" else None
    except (ValueError, LookupError, TypeError):
        found = None
    if not isinstance(found, int):
        _refuse(1, _("it does not begin like an export"))
    if found != FORMAT:
        raise ExportDamaged(
            _(
                "The file has format {found}, and this release reads format {format}: use the "
                "release that wrote it. Nothing was changed.",
                found=found,
                format=FORMAT,
            )
        )
    try:
        return ExportHeader.model_validate_json(text)
    except ValidationError as error:
        _refuse(1, _("its header does not hold: {error}", error=_first(error)))


def _line(number: int, text: bytes) -> Line:
    try:
        return LINES.validate_json(text)
    except ValidationError as error:
        _refuse(number, _first(error))
    except (ValueError, LookupError, TypeError, AttributeError, zlib.error) as error:
        # A record's own text, parsed by the code that will read it after the restore.
        _refuse(number, _("its content does not hold ({error})", error=type(error).__name__))


def _once(number: int, line: Line, seen: set[int]) -> None:
    mark = hash((line.kind, line.id))
    if mark in seen:
        _refuse(number, _("the same record is in it twice"))
    seen.add(mark)


def _check_trailer(text: bytes, counts: Counter[Kind], digest: str) -> None:
    try:
        trailer = ExportTrailer.model_validate_json(text)
    except ValidationError as error:
        _refuse_file(_("its trailer does not hold: {error}", error=_first(error)))
    if trailer.sha256 != digest:
        _refuse_file(_("its checksum is another one"))
    if Counter({kind: count for kind, count in trailer.counts.items() if count}) != counts:
        _refuse_file(_("it has other counts than its trailer says"))


def _first(error: ValidationError) -> str:
    # Never the value: it may be private.
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"/{'/'.join(map(str, problem['loc']))}: {problem['msg']}"


def _refuse(number: int, reason: str) -> NoReturn:
    _refuse_file(_("line {number:,}: {reason}", number=number, reason=reason))


def _refuse_file(reason: str) -> NoReturn:
    raise ExportDamaged(_("The file is damaged, {reason}. Nothing was changed.", reason=reason))
