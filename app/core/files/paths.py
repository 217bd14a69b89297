"""Path rules of the files tool: relative, with `/`, the same on every system.

A name that Linux accepts and Windows reads as a device, a stream or another name is refused everywhere, so
that a job does the same on every worker's system.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NoReturn

from app.core.errors import PathRefused
from app.core.i18n import _

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
        _refuse(path, _("it has 1 to {max_path_chars:,} characters", max_path_chars=MAX_PATH_CHARS))
    names = tuple(path.split("/"))
    if len(names) > MAX_DEPTH:
        _refuse(path, _("it is deeper than {max_depth} folders", max_depth=MAX_DEPTH))
    for name in names:
        _check_name(path, name)
        # A name that normalises to another name may become that name on another file system.
        _check_name(path, unicodedata.normalize("NFKC", name))
    if unicodedata.normalize("NFC", path) != path:
        _refuse(path, _("its letters are not in composed form (NFC)"))
    return names


def check_prefix(prefix: object) -> str:
    """Return the beginning of a path, which may be empty or end in `/`; raises PathRefused."""
    if not isinstance(prefix, str):
        _refuse(prefix, _("it is no text"))
    if prefix:
        check_path(prefix.removesuffix("/"))
    return prefix


def _check_name(path: str, name: str) -> None:
    if name in {"", ".", ".."} or "/" in name:
        _refuse(path, _("it is absolute, or has an empty part, `.` or `..`"))
    if any(char in _FORBIDDEN or unicodedata.category(char) in _UNSEEN for char in name):
        _refuse(path, _('it has a control character or one of \\ : * ? " < > |'))
    if name != name.strip() or name.endswith("."):
        _refuse(path, _("a name begins or ends in a space, or ends in a dot"))
    if len(name.encode()) > MAX_NAME_BYTES:
        _refuse(path, _("a name has more than {max_name_bytes} bytes", max_name_bytes=MAX_NAME_BYTES))
    if _DEVICES.fullmatch(name.partition(".")[0].strip()) or _SHORT_NAME.search(name):
        _refuse(path, _("Windows reads a name in it as a device or another file"))
    if name.lower().startswith(OWN_PREFIX):
        _refuse(path, _("names that begin with {own_prefix} are the tool's own", own_prefix=OWN_PREFIX))


def _refuse(path: object, reason: str) -> NoReturn:
    shown = ascii(path)
    shown = shown if len(shown) <= 100 else f"{shown[:99]}…"  # noqa: PLR2004  as much as one reads
    raise PathRefused(_("path {shown} is refused: {reason}.", shown=shown, reason=reason))
