"""Processes of one worker: what a parent hears of the end of its child."""

from __future__ import annotations

import asyncio
import os
import sys

from app.services.worker.processes import CHILD_VARIABLE

ENDS = "import sys; from app.services.worker.processes import is_child; assert is_child(); sys.exit(75)"


async def test_a_child_ends_with_its_own_exit_code() -> None:
    """The thread that waits for the parent's end does not abort the exit, which would hide the code."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", ENDS),
        stdin=asyncio.subprocess.PIPE,
        env={**os.environ, CHILD_VARIABLE: "1"},
    )
    assert await child.wait() == 75
