"""The stored form of log lines, single (JSON) and packed."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from app.core.records import LogLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PLACE = re.compile(r"(\d{1,9})-(\d{1,9})")


@dataclass(frozen=True, slots=True, order=True)
class LinePosition:
    """The position of a line in a run's log: the attempt, and the line's number in it from 1.

    It stays the same when the stream of an active run becomes the packed log of an ended one.
    """

    attempt: int = 0
    number: int = 0

    def __str__(self) -> str:
        return f"{self.attempt}-{self.number}"


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line and its position."""

    position: LinePosition
    line: LogLine


def parse_position(text: str) -> LinePosition | None:
    """Return the position in a text; None if it has none."""
    found = _PLACE.fullmatch(text)
    return None if found is None else LinePosition(int(found[1]), int(found[2]))


def line_to_json(line: LogLine) -> str:
    """Return a line as JSON text without line breaks."""
    row: dict[str, Any] = {"at": line.at, "level": line.level, "message": line.message}
    row["attempt"] = line.attempt
    return orjson.dumps({**row, "fields": line.fields} if line.fields else row, default=str).decode()


def line_from_json(text: str | bytes) -> LogLine:
    """Return the line that `line_to_json` wrote."""
    return _line(orjson.loads(text))


def _line(row: dict[str, Any]) -> LogLine:
    return LogLine(row["at"], row["level"], row["message"], row.get("fields", {}), row["attempt"])


def pack_log(lines: Iterable[LogLine]) -> str:
    """Return lines as one text: JSON lines, zlib, base 64; empty if there are none."""
    return _packed(line_to_json(line) for line in lines)


def _packed(rows: Iterable[str]) -> str:
    text = "\n".join(rows)
    return base64.b64encode(zlib.compress(text.encode(), 3)).decode() if text else ""


def unpack_log(packed: str) -> list[LogLine]:
    """Return the lines that `pack_log` packed."""
    if not packed:
        return []
    return [line_from_json(row) for row in zlib.decompress(base64.b64decode(packed)).split(b"\n")]


def pack_numbered(lines: Iterable[NumberedLine]) -> str:
    """Return lines as one text that keeps their positions, even if earlier ones were dropped."""
    rows: list[str] = []
    previous = LinePosition()
    for placed in lines:
        text = line_to_json(placed.line)
        # The number is written only if it does not follow from the line before.
        follows = placed.position == _following(previous, placed.line)
        rows.append(text if follows else f'{{"n":{placed.position.number},{text[1:]}')
        previous = placed.position
    return _packed(rows)


def unpack_numbered(packed: str) -> Iterator[NumberedLine]:
    """Yield the lines of a packed log with their positions."""
    previous = LinePosition()
    for text in zlib.decompress(base64.b64decode(packed)).split(b"\n") if packed else ():
        row: dict[str, Any] = orjson.loads(text)
        line = _line(row)
        previous = LinePosition(line.attempt, row["n"]) if "n" in row else _following(previous, line)
        yield NumberedLine(previous, line)


def numbered_entries(entries: Iterable[tuple[str, list[str]]]) -> Iterator[NumberedLine]:
    """Yield the lines of a log's stream with their positions, which are the ids of its entries."""
    previous = LinePosition()
    for entry_id, fields in entries:
        line = line_from_json(fields[1])
        # Entries of an older version have a time as id: there the order decides.
        previous = parse_position(entry_id) or _following(previous, line)
        yield NumberedLine(previous, line)


def _following(previous: LinePosition, line: LogLine) -> LinePosition:
    return LinePosition(line.attempt, previous.number + 1 if previous.attempt == line.attempt else 1)
