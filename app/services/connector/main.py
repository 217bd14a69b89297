"""The connector process: one task an account. No kind of account is there yet, so it serves none."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.loops import run_loops
from app.core.service import EXIT_STOPPED, Runtime, run_service
from app.services.connector.supervisor import Supervisor, WantedAccount


class NoAccounts:
    """The source of a deployment without accounts."""

    async def wanted(self) -> Mapping[str, WantedAccount]:
        return {}


async def serve(runtime: Runtime) -> int:
    """Serve accounts until told to stop."""
    supervisor = Supervisor(NoAccounts())
    heartbeat = runtime.heartbeat(lambda: {"accounts": supervisor.accounts})
    await run_loops([heartbeat, supervisor], runtime.stop)
    return EXIT_STOPPED


if __name__ == "__main__":
    run_service("connector", serve)
