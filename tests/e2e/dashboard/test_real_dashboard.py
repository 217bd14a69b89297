"""The real dashboard: built and served by the launcher."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import httpx
import pytest

from app.local.state import ServiceState
from tests.support.documents.documents import Document
from tests.support.local.installation import PROJECT_ROOT, MakeInstalled, copy_project, dashboard_line
from tests.support.local.node import needs_node
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="these are the POSIX launchers"), needs_node]


@pytest.fixture
def own_tree(tmp_path: Path) -> Path:
    return copy_project(tmp_path / "shop")


@pytest.mark.timeout(600)
def test_real_dashboard_is_built_and_shows_pages(install: MakeInstalled, own_tree: Path) -> None:
    """From the first start to a page, as the README shows it; the checkout keeps its build for all tests."""
    shutil.copytree(
        PROJECT_ROOT / "ui", own_tree / "ui", ignore=shutil.ignore_patterns("node_modules", ".next", "tests")
    )
    builds = PROJECT_ROOT / "runtime-data" / "ui"
    builds.mkdir(parents=True, exist_ok=True)
    (own_tree / "runtime-data").mkdir(exist_ok=True)
    (own_tree / "runtime-data" / "ui").symlink_to(builds)
    installed = install(own_tree)
    line = dashboard_line(installed.up().stdout)
    # The second form is that of a machine on which this test has run before.
    output = Document("README.md").shown_output("./start-local.sh --demo")
    shown = next(line for line in output if line.startswith("Dashboard"))
    assert line.split(" (")[0] in {
        shown.split(" (")[0].replace("3000", str(installed.ui_port)),
        f"Dashboard ready: http://127.0.0.1:{installed.ui_port}",
    }
    wait_until(lambda: installed.service("dashboard").state is not ServiceState.BUILDING, 500)
    record = installed.service("dashboard")
    assert record.state is not ServiceState.FAILED, record.note + installed.log("dashboard-build")[-3000:]
    wait_until(
        lambda: installed.ask_dashboard().get("status") == "healthy", 30, message="the dashboard answers"
    )
    page = httpx.get(f"http://127.0.0.1:{installed.ui_port}/", timeout=30, follow_redirects=True)
    assert page.is_success, page.text[:500]
    assert page.headers["content-type"].startswith("text/html")
    script = page.text.partition('src="/_next/static/')[2].partition('"')[0]
    assert httpx.get(f"http://127.0.0.1:{installed.ui_port}/_next/static/{script}", timeout=30).is_success
    foreign = httpx.get(
        f"http://127.0.0.1:{installed.ui_port}/", headers={"Host": "evil.example"}, timeout=30
    )
    assert foreign.status_code == 421
