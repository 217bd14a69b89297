"""An installation that the tests of a file share, a terminal in it, and its API."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.local.installation import Installed, MakeInstalled
from tests.support.local.terminal import Terminal


@pytest.fixture(scope="module")
def installed(install_shared: MakeInstalled) -> Installed:
    """Return the installation that the tests share."""
    installed: Installed = install_shared()
    installed.up()
    return installed


@pytest.fixture
def terminal(installed: Installed) -> Terminal:
    return Terminal(installed)


@pytest.fixture
def api(installed: Installed) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{installed.api_port}", timeout=30) as client:
        yield client
