"""The limit on open files of this process, raised at its start."""

from __future__ import annotations

import errno
import sys
from typing import Final

from app.core.observability import get_logger

MOST_OPEN_FILES: Final = 65_536
"""More serves no deployment, and some systems have a hard limit of a billion."""
_ENOUGH: Final = 4_096
_EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE})

log = get_logger(__name__)


def raise_open_files() -> int | None:
    """Raise RLIMIT_NOFILE to its hard limit, at most 65,536; return the limit, None if there is none."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415  POSIX alone has it

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN_FILES)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return MOST_OPEN_FILES if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError) as error:
        reason = str(error)
        log.warning("the limit of open files could not be raised", limit=soft, wanted=wanted, reason=reason)
        return soft
    log.info("open files", limit=wanted, before=soft)
    if wanted < _ENOUGH:
        log.warning(
            "few files may be open at once: the service's `ulimit -Hn` (systemd: LimitNOFILE) raises it",
            limit=wanted,
        )
    return wanted


def is_out_of_files(error: OSError) -> bool:
    """Return whether this process, or the machine, has no descriptor left; it passes when some are closed."""
    return error.errno in _EXHAUSTED
