"""Path rules of the files tool: relative, with `/`, the same on every system.

A name that Linux accepts and Windows reads as a device, a stream or another name is refused everywhere, so
that a job does the same on every worker's system.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NoReturn

from app.core.errors import PathRefused

MAX_PATH_CHARS = 1_000
MAX_NAME_BYTES = 255
MAX_DEPTH = 16
OWN_PREFIX = ".mj-"
"""Unfinished files have names with it; a handler's path must not."""

_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_FORBIDDEN = frozenset('\\:*?"<>|')
_SHORT_NAME = re.compile(r"~[0-9]")
"""`PROGRA~1`: on Windows an alias of a file that a rule may deny."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def check_path(path: object) -> tuple[str, ...]:
    """Return the names that a path consists of, from the root down; raises PathRefused."""
    if not isinstance(path, str) or not 0 < len(path) <= MAX_PATH_CHARS:
        _refuse(
            path,
            f"it has 1 to {MAX_PATH_CHARS:,} characters",
            f"panjangnya 1 sampai {MAX_PATH_CHARS:,} karakter",
        )
    names = tuple(path.split("/"))
    if len(names) > MAX_DEPTH:
        _refuse(path, f"it is deeper than {MAX_DEPTH} folders", f"lebih dalam dari {MAX_DEPTH} folder")
    for name in names:
        _check_name(path, name)
        # A name that normalises to another name may become that name on another file system.
        _check_name(path, unicodedata.normalize("NFKC", name))
    if unicodedata.normalize("NFC", path) != path:
        _refuse(path, "its letters are not in composed form (NFC)", "hurufnya bukan bentuk NFC")
    return names


def check_prefix(prefix: object) -> str:
    """Return the beginning of a path, which may be empty or end in `/`; raises PathRefused."""
    if not isinstance(prefix, str):
        _refuse(prefix, "it is no text", "bukan teks")
    if prefix:
        check_path(prefix.removesuffix("/"))
    return prefix


def _check_name(path: str, name: str) -> None:
    if name in {"", ".", ".."} or "/" in name:
        _refuse(
            path,
            "it is absolute, or has an empty part, `.` or `..`",
            "absolut, atau memuat bagian kosong, `.`, `..`",
        )
    if any(char in _FORBIDDEN or unicodedata.category(char) in _UNSEEN for char in name):
        _refuse(
            path,
            'it has a control character or one of \\ : * ? " < > |',
            'memuat karakter kontrol atau salah satu dari \\ : * ? " < > |',
        )
    if name != name.strip() or name.endswith("."):
        _refuse(
            path,
            "a name begins or ends in a space, or ends in a dot",
            "ada spasi di tepi nama, atau titik di akhir",
        )
    if len(name.encode()) > MAX_NAME_BYTES:
        _refuse(
            path,
            f"a name has more than {MAX_NAME_BYTES} bytes",
            f"ada nama yang lebih dari {MAX_NAME_BYTES} byte",
        )
    if _DEVICES.fullmatch(name.partition(".")[0].strip()) or _SHORT_NAME.search(name):
        _refuse(
            path,
            "Windows reads a name in it as a device or another file",
            "Windows membacanya sebagai perangkat",
        )
    if name.lower().startswith(OWN_PREFIX):
        _refuse(
            path,
            f"names that begin with {OWN_PREFIX} are the tool's own",
            f"awalan {OWN_PREFIX} milik alat ini",
        )


def _refuse(path: object, english: str, indonesian: str) -> NoReturn:
    shown = ascii(path)
    shown = shown if len(shown) <= 100 else f"{shown[:99]}…"  # noqa: PLR2004  as much as one reads
    raise PathRefused(f"path {shown} is refused: {english}. / path {shown} ditolak: {indonesian}.")
