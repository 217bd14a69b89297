"""Skipped tests are failures in CI, but for the reasons listed here."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TypeVar

import pytest

AnyReport = TypeVar("AnyReport", pytest.TestReport, pytest.CollectReport)

# `.ci/run` installs what the tests need, so with any other reason CI does not test what it promises.
ACCEPTED = (
    "runs only with --",
    # CI's machine has no Docker.
    "no Docker engine answers",
    # CI runs as root.
    "root reads every file",
    # It depends on the server that the distribution ships.
    "this version's data can be read by Valkey",
)


def without_silent_skip(
    report: AnyReport, environment: Mapping[str, str] = os.environ, system: str = sys.platform
) -> AnyReport:
    """Turn a skip into a failure that names its reason, in CI on Linux; return the report."""
    is_skip = report.skipped and not hasattr(report, "wasxfail")
    if (
        not is_skip
        or not environment.get("CI")
        or system != "linux"
        or not isinstance(report.longrepr, tuple)
    ):
        return report
    reason = report.longrepr[2].removeprefix("Skipped: ")
    if not reason.startswith(ACCEPTED):
        report.outcome = "failed"
        report.longrepr = f"CI skips no test silently, and this one was left out: {reason}"
    return report
