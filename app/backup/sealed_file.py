"""Files sealed under a passphrase: the age format (version 1, recipient `scrypt`), as a stream.

`age -d FILE` and every other program of the format open them. The head holds a random file key, wrapped
under the passphrase by scrypt. The content follows in chunks of 64 KiB. ChaCha20-Poly1305 authenticates each
with its number and a mark of the last one. So a changed, missing, moved or added byte is found, and memory
stays at two chunks. Format: https://age-encryption.org/v1

No library of Python seals a stream under a passphrase: pyrage takes the whole content as one value. So the
format is written here, from the primitives of `cryptography`; tests compare both directions with pyrage.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from typing import IO, TYPE_CHECKING, NoReturn

from app.core.errors import ExportDamaged, InvalidInput, RestoreRefused
from app.core.files.exports import SEALED_MAGIC
from app.core.i18n import _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

MIN_PASSPHRASE_CHARS, MAX_PASSPHRASE_CHARS = 15, 1_024
"""The least length is the one of NIST SP 800-63B for a password that stands alone."""
WORK_FACTOR = 17
"""Log 2 of scrypt's N: 128 MB and about half a second for each guess."""
MAX_WORK_FACTOR = 20
"""A file may ask for this at most: 1 GB."""
CHUNK_BYTES = 65_536
_TAG_BYTES, _KEY_BYTES, _SALT_BYTES, _NONCE_BYTES = 16, 16, 16, 16
_MAX_HEAD_BYTES = 4_096
_SCRYPT_LABEL = b"age-encryption.org/v1/scrypt"
_STANZA = re.compile(rb"-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)")
_NO_NONCE = bytes(12)


def is_sealed(head: bytes) -> bool:
    """Return whether a file with these first bytes is sealed under a passphrase."""
    return head.startswith(SEALED_MAGIC)


def check_passphrase(passphrase: str) -> None:
    """Raise InvalidInput unless a passphrase may seal a backup."""
    if MIN_PASSPHRASE_CHARS <= len(passphrase) <= MAX_PASSPHRASE_CHARS and passphrase.isprintable():
        return
    raise InvalidInput(
        _(
            "The passphrase must have {least} to {most:,} printable characters, in one line: for example six "
            "random words, or the text that `multi-job secrets new-key` prints.",
            least=MIN_PASSPHRASE_CHARS,
            most=MAX_PASSPHRASE_CHARS,
        )
    )


class SealedWriter:
    """Takes bytes, then `finish`; the returned bytes together are the file."""

    def __init__(self, passphrase: str, work_factor: int = WORK_FACTOR) -> None:
        check_passphrase(passphrase)
        file_key, salt, nonce = os.urandom(_KEY_BYTES), os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
        wrapped = _cipher(_wrap_key(passphrase, salt, work_factor)).encrypt(_NO_NONCE, file_key, None)
        stanza = b"-> scrypt %s %d\n%s\n" % (_encoded(salt), work_factor, _encoded(wrapped))
        signed = SEALED_MAGIC + stanza + b"---"
        self._head = b"%s %s\n%s" % (signed, _encoded(_mac(file_key, signed)), nonce)
        self._chunks = _Chunks(file_key, nonce)
        self._rest = bytearray()
        self._sum = hashlib.sha256()

    def add(self, content: bytes) -> bytes:
        """Return the next bytes of the file."""
        sealed, self._head = [self._head], b""
        self._rest += content
        # The last chunk is not empty, so a full one waits until more comes.
        while len(self._rest) > CHUNK_BYTES:
            sealed.append(self._chunks.sealed(bytes(self._rest[:CHUNK_BYTES]), last=False))
            del self._rest[:CHUNK_BYTES]
        return self._counted(b"".join(sealed))

    def finish(self) -> bytes:
        """Return the file's last bytes."""
        return self._counted(self._head + self._chunks.sealed(bytes(self._rest), last=True))

    @property
    def sha256(self) -> str:
        """Return the checksum of the file's bytes, as `sha256sum` prints it."""
        return self._sum.hexdigest()

    def _counted(self, sealed: bytes) -> bytes:
        self._sum.update(sealed)
        return sealed


class SealedReader:
    """Reads a sealed file from its beginning, as often as `seek(0)` is called.

    Raises RestoreRefused if the passphrase is another one, ExportDamaged if the file was changed. scrypt runs
    once, at the creation.
    """

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        self._file = file
        file.seek(0)
        self._file_key = _opened_head(file, passphrase)
        self._begin = file.tell()
        self.seek(0)

    def seek(self, place: int) -> int:
        """Go back to the beginning, the only place that a caller may ask for."""
        if place != 0:
            raise ValueError("a sealed file is read from its beginning")
        self._file.seek(self._begin)
        nonce = self._file.read(_NONCE_BYTES)
        self._chunks = _Chunks(self._file_key, nonce)
        self._ahead = self._file.read(CHUNK_BYTES + _TAG_BYTES)
        self._rest, self._ended = bytearray(), False
        return 0

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes of the content; none at its end."""
        while len(self._rest) < size and not self._ended:
            sealed, self._ahead = self._ahead, self._file.read(CHUNK_BYTES + _TAG_BYTES)
            self._ended = not self._ahead
            self._rest += self._chunks.opened(sealed, last=self._ended)
        found = bytes(self._rest[:size])
        del self._rest[:size]
        return found


class _Chunks:
    """Seals or opens the chunks of one file, in their order."""

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        self._aead = _cipher(_derived(file_key, b"payload", nonce))
        self._number = 0

    def sealed(self, content: bytes, *, last: bool) -> bytes:
        return self._aead.encrypt(self._nonce(last=last), content, None)

    def opened(self, sealed: bytes, *, last: bool) -> bytes:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415

        is_first = self._number == 0
        try:
            content = self._aead.decrypt(self._nonce(last=last), sealed, None)
        except InvalidTag:
            _refuse(_("its seal is broken: bytes were changed, or it is not whole"))
        if not content and not is_first:
            _refuse(_("its seal is broken: bytes were changed, or it is not whole"))
        return content

    def _nonce(self, *, last: bool) -> bytes:
        nonce = self._number.to_bytes(11, "big") + (b"\1" if last else b"\0")
        self._number += 1
        return nonce


def _opened_head(file: IO[bytes], passphrase: str) -> bytes:
    """Return the file key; the file is then at the nonce of its content."""
    magic, stanza, body, end = (file.readline(_MAX_HEAD_BYTES) for _line in range(4))
    found = _STANZA.fullmatch(stanza.removesuffix(b"\n"))
    if magic != SEALED_MAGIC or found is None or not end.startswith(b"--- ") or not end.endswith(b"\n"):
        _refuse(_("its head is not that of a file sealed under a passphrase"))
    salt, wrapped, given = _decoded(found[1]), _decoded(body[:-1]), _decoded(end[4:-1])
    work_factor = int(found[2])
    if work_factor > MAX_WORK_FACTOR:
        _refuse(_("its head asks for more memory than any backup needs"))
    file_key = _unwrapped(wrapped, _wrap_key(passphrase, salt, work_factor))
    if not hmac.compare_digest(given, _mac(file_key, magic + stanza + body + b"---")):
        _refuse(_("its head was changed"))
    return file_key


def _unwrapped(wrapped: bytes, key: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415

    if len(wrapped) != _KEY_BYTES + _TAG_BYTES:
        _refuse(_("its head was changed"))
    try:
        return _cipher(key).decrypt(_NO_NONCE, wrapped, None)
    except InvalidTag as error:
        raise RestoreRefused(
            _(
                "The passphrase does not open this file (or the file's first lines were changed): use the "
                "passphrase of the day it was made. Nothing was changed."
            )
        ) from error


def _wrap_key(passphrase: str, salt: bytes, work_factor: int) -> bytes:
    n = 1 << work_factor
    # OpenSSL needs a little more than the 128 * N * r bytes of scrypt itself.
    most = 128 * 8 * (n + 16) + 1_048_576
    return hashlib.scrypt(
        passphrase.encode(), salt=_SCRYPT_LABEL + salt, n=n, r=8, p=1, maxmem=most, dklen=32
    )


def _mac(file_key: bytes, signed: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"header", None), signed, "sha256")


# A command that seals nothing does not load the library, which takes 7 MB.


def _cipher(key: bytes) -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415

    return ChaCha20Poly1305(key)


def _derived(secret: bytes, info: bytes, salt: bytes | None) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret)


def _encoded(content: bytes) -> bytes:
    return base64.b64encode(content).rstrip(b"=")


def _decoded(text: bytes) -> bytes:
    try:
        content = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        _refuse(_("its head was changed"))
    # Of two texts that decode to the same bytes only one is the form of the format.
    if _encoded(content) != text:
        _refuse(_("its head was changed"))
    return content


def _refuse(reason: str) -> NoReturn:
    raise ExportDamaged(_("The file is damaged, {reason}. Nothing was changed.", reason=reason))
