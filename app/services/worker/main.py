"""The worker: `python -m app.services.worker.main`."""

from __future__ import annotations

import gc

# What the imports make stays, so looking for garbage among it only takes time. `run_service` enables it.
if __name__ == "__main__":
    gc.disable()

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from app.core.errors import ConfigurationError
from app.core.process import load_settings, run_service
from app.services.worker.processes import is_child, run_processes
from app.services.worker.worker import Worker

if TYPE_CHECKING:
    from app.core.process import ServiceContext


async def serve(context: ServiceContext) -> int:
    """Work until a stop signal."""
    return await Worker(context).run(context.stop)


def main() -> None:
    """Run one worker process, or the parent of WORKER_PROCESSES of them."""
    if not is_child():
        # Settings that cannot be read are reported by `run_service`.
        with suppress(ConfigurationError):
            if (settings := load_settings()).worker_processes > 1:
                sys.exit(run_processes(settings))
    run_service("worker", serve, has_own_watchdog=True)


if __name__ == "__main__":
    main()
