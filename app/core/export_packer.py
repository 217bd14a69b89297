"""Packs the lines of an export: compressed, counted, summed. Pure: its caller writes what it returns."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from typing import TYPE_CHECKING

from app.core.export_format import KINDS, ExportTrailer, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_GZIP, _LEVEL = 31, 6


class ExportPacker:
    """Give it the header, then every record, then `finish`; the file is what all of them returned."""

    def __init__(self) -> None:
        self._gzip = zlib.compressobj(_LEVEL, wbits=_GZIP)
        self._lines_sum = hashlib.sha256()
        self._file_sum = hashlib.sha256()
        self._counts: Counter[Kind] = Counter()

    def add(self, lines: Iterable[str], counts: Mapping[Kind, int]) -> bytes:
        """Return the next bytes of the file, often none yet; `counts` says how many lines of which kind."""
        text = "".join(f"{line}\n" for line in lines).encode()
        self._lines_sum.update(text)
        self._counts.update(counts)
        return self._packed(text)

    def finish(self) -> bytes:
        """Return the file's last bytes, with the trailer in them."""
        trailer = ExportTrailer(counts=self.counts, sha256=self._lines_sum.hexdigest())
        rest = self._packed(trailer.model_dump_json().encode() + b"\n")
        last = self._gzip.flush()
        self._file_sum.update(last)
        return rest + last

    @property
    def counts(self) -> dict[Kind, int]:
        """Return how many records of each kind there are."""
        return {kind: self._counts[kind] for kind in KINDS}

    @property
    def sha256(self) -> str:
        """Return the sum of the file's own bytes, as `sha256sum` prints it."""
        return self._file_sum.hexdigest()

    def _packed(self, text: bytes) -> bytes:
        packed = self._gzip.compress(text)
        self._file_sum.update(packed)
        return packed
