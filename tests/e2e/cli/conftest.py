"""An installation that the tests of a file share, a terminal in it, and its API.

The commands of `terminal` are forks of one process. Commands that load everything themselves: those of
`Terminal(installed)`.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.api.command_server import CommandServer
from tests.support.local.installation import Installed, MakeInstalled
from tests.support.local.terminal import Terminal


@pytest.fixture(scope="module")
def installed(install_shared: MakeInstalled) -> Installed:
    """Return the installation that the tests share."""
    installed: Installed = install_shared()
    installed.up()
    return installed


@pytest.fixture(scope="module")
def server(installed: Installed) -> Iterator[CommandServer]:
    with installed.command_server() as server:
        yield server


@pytest.fixture
def terminal(installed: Installed, server: CommandServer) -> Terminal:
    return Terminal(installed, server=server)


@pytest.fixture
def api(installed: Installed) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{installed.api_port}", timeout=30) as client:
        yield client
