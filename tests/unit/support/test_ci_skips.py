"""A test that CI leaves out is a failure."""

from __future__ import annotations

import pytest

from tests.support.ci_skips import without_silent_skip

CI = {"CI": "true"}


def skipped(reason: str) -> pytest.TestReport:
    where = ("tests/unit/test_shop.py", 7, f"Skipped: {reason}")
    return pytest.TestReport("test_shop", ("test_shop.py", 7, ""), {}, "skipped", where, "setup")


def test_a_skip_in_ci_is_a_failure_that_names_its_reason() -> None:
    """A tool that is missing, say."""
    report = without_silent_skip(skipped("wine is not installed"), CI, "linux")
    assert report.outcome == "failed"
    assert str(report.longrepr).endswith("left out: wine is not installed")


@pytest.mark.parametrize("reason", ["runs only with --full", "no Docker engine answers; start one"])
def test_a_skip_for_a_listed_reason_is_accepted(reason: str) -> None:
    """What CI cannot have, and what needs hours."""
    assert without_silent_skip(skipped(reason), CI, "linux").outcome == "skipped"


@pytest.mark.parametrize(("environment", "system"), [({}, "linux"), (CI, "win32")])
def test_elsewhere_a_skip_is_a_skip(environment: dict[str, str], system: str) -> None:
    """A developer's machine need not have everything, and Windows lacks what is of POSIX."""
    report = without_silent_skip(skipped("wine is not installed"), environment, system)
    assert report.outcome == "skipped"


def test_an_expected_failure_is_no_skip() -> None:
    """Pytest reports both in the same way."""
    report = skipped("")
    report.wasxfail = "not built yet"
    assert without_silent_skip(report, CI, "linux").outcome == "skipped"
