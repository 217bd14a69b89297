"""One workload on one subject, in a process of its own.

`python -m benchmarks.child NAME SUBJECT URL PID quick|full`. The figures are the last line of its output.
Which tree's `app` it measures is decided by PYTHONPATH.
"""

from __future__ import annotations

import asyncio
import sys

import orjson
import uvloop

from benchmarks.scenarios import Stage, measure


def main() -> None:
    """Measure and print."""
    name, subject, url, pid, size = sys.argv[1:6]
    stage = Stage(url, int(pid), size == "quick")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(measure(name, subject, stage))
    print(orjson.dumps(figures).decode())


if __name__ == "__main__":
    main()
