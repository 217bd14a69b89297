"""The supervisor as a process: `python -m app.local watch`."""

from __future__ import annotations

import logging
import signal
import sys
from types import FrameType

from app.local_lock import file_lock
from app.local_settings import LocalSettings
from app.local_state import StateFiles
from app.local_supervisor import Supervisor


def watch(settings: LocalSettings, *, embedded: bool) -> int:
    """Run the supervisor of this installation; a second one gives up at once."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    with file_lock(StateFiles(settings).supervisor_lock, wait_seconds=5):
        supervisor = Supervisor(settings, embedded=embedded)

        def on_signal(_number: int, _frame: FrameType | None) -> None:
            supervisor.ask_to_stop()

        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), on_signal)
        supervisor.run()
    return 0
