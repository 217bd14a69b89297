"""The demo's page: its port stays the same, it answers as set, and ends with its block."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from app.local.outage_story import DemoPage


def test_page_answers_as_set_and_keeps_its_port(tmp_path: Path) -> None:
    """Services that run already know the port of an earlier demo."""
    with DemoPage(tmp_path) as page:
        assert page.url == f"http://127.0.0.1:{page.port}/"
        assert httpx.get(page.url).status_code == 200
        page.status = 503
        assert httpx.get(page.url).status_code == 503
    with pytest.raises(httpx.ConnectError):
        httpx.get(page.url)
    with DemoPage(tmp_path) as again:
        assert again.port == page.port


def test_page_takes_another_port_if_its_own_is_not_free(tmp_path: Path) -> None:
    """Also if the file of the port is no number."""
    with DemoPage(tmp_path) as first, DemoPage(tmp_path) as second:
        assert first.port != second.port
    (tmp_path / "demo-page.port").write_text("x")
    with DemoPage(tmp_path) as third:
        assert httpx.get(third.url).status_code == 200
