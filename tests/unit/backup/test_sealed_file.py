"""Files sealed under a passphrase: the age format, compared with another implementation of it."""

from __future__ import annotations

import io
import random
from importlib import import_module
from typing import Any

import pytest

from app.backup.sealed_file import CHUNK_BYTES, SealedReader, SealedWriter, check_passphrase, is_sealed
from app.core.errors import ExportDamaged, InvalidInput, MultiJobError, RestoreRefused

# A module in Rust, which has no types.
OTHER_AGE: Any = import_module("pyrage").passphrase
PASSPHRASE = "correct horse battery staple"
WORK_FACTOR = 4
SIZES = (0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 200_000)


def sealed(content: bytes, piece: int = 10_000) -> bytes:
    writer = SealedWriter(PASSPHRASE, WORK_FACTOR)
    parts = [writer.add(content[start : start + piece]) for start in range(0, len(content), piece)]
    return b"".join([*parts, writer.finish()])


def opened(file: bytes, passphrase: str = PASSPHRASE) -> bytes:
    reader = SealedReader(io.BytesIO(file), passphrase)
    found: list[bytes] = []
    while piece := reader.read(7_001):
        found.append(piece)
    return b"".join(found)


def some_bytes(size: int) -> bytes:
    return random.Random(size).randbytes(size)


@pytest.mark.parametrize("size", SIZES)
def test_sealed_file_opens_with_another_age(size: int) -> None:
    """The age implementation in Rust opens the file, at every size around the chunks."""
    content = some_bytes(size)
    assert OTHER_AGE.decrypt(sealed(content), PASSPHRASE) == content


@pytest.mark.parametrize("size", SIZES[:2] + SIZES[-1:])
def test_file_of_another_age_opens(size: int) -> None:
    """A file that the age implementation in Rust has sealed is read."""
    content = some_bytes(size)
    assert opened(OTHER_AGE.encrypt(content, PASSPHRASE)) == content


@pytest.mark.parametrize("size", SIZES)
def test_sealed_file_is_read_as_often_as_one_asks(size: int) -> None:
    """`seek(0)` goes back to the beginning of the content."""
    content = some_bytes(size)
    reader = SealedReader(io.BytesIO(sealed(content)), PASSPHRASE)
    for _ in range(2):
        assert reader.read(size + 10) == content
        assert reader.read(1) == b""
        reader.seek(0)


def test_another_passphrase_is_refused() -> None:
    """The error names the passphrase, and no content leaves."""
    with pytest.raises(RestoreRefused, match="passphrase does not open"):
        opened(sealed(b"content"), "another passphrase 123")


def test_one_flipped_bit_is_found_wherever_it_is() -> None:
    """In every byte of head, nonce, chunks and tags; no changed content is ever returned whole."""
    file, dice = sealed(some_bytes(300)), random.Random(7)
    for place in range(len(file)):
        damaged = bytearray(file)
        damaged[place] ^= 1 << dice.randrange(8)
        with pytest.raises(MultiJobError):
            opened(bytes(damaged))


@pytest.mark.parametrize("length", [0, 10, 60, 120, 160, 170, 65_000, -CHUNK_BYTES, -16, -1])
def test_truncated_sealed_file_is_refused(length: int) -> None:
    """In the head, in a chunk, and where one chunk ends and the next begins."""
    file = sealed(some_bytes(2 * CHUNK_BYTES))
    with pytest.raises(MultiJobError):
        opened(file[:length])


def test_sealed_file_cut_between_two_chunks_is_refused() -> None:
    """Each chunk says if it is the last one."""
    file = sealed(some_bytes(3 * CHUNK_BYTES))
    whole_chunk = CHUNK_BYTES + 16
    with pytest.raises(ExportDamaged, match="not whole"):
        opened(file[:-whole_chunk])
    with pytest.raises(ExportDamaged):
        opened(file + file[-whole_chunk:])


def test_exchanged_chunks_are_refused() -> None:
    """Each chunk has its number."""
    file = sealed(some_bytes(3 * CHUNK_BYTES))
    size = CHUNK_BYTES + 16
    begin = len(file) - 3 * size
    first, second = file[begin : begin + size], file[begin + size : begin + 2 * size]
    with pytest.raises(ExportDamaged):
        opened(file[:begin] + second + first + file[begin + 2 * size :])


def test_work_factor_of_a_hostile_file_is_refused() -> None:
    """A head that asks for gigabytes of memory is refused before any are taken."""
    file = sealed(b"x").replace(b" 4\n", b" 29\n", 1)
    with pytest.raises(ExportDamaged, match="memory"):
        opened(file)


@pytest.mark.parametrize("passphrase", ["", "too short", "14 characters.", "two\nlines of it here"])
def test_weak_passphrase_is_refused(passphrase: str) -> None:
    """The error says how long it must be, and not what was given."""
    with pytest.raises(InvalidInput, match="15 to") as raised:
        check_passphrase(passphrase)
    assert passphrase == "" or passphrase not in raised.value.message


def test_sealed_file_is_known_by_its_first_bytes() -> None:
    """Only the magic line decides."""
    assert is_sealed(sealed(b""))
    assert not is_sealed(b"\x1f\x8b")
