"""`multi-job status-page`: its requests, its output, and the files that it writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.client import Client
from app.cli.commands import status_pages as status_page_commands
from app.cli.main import app
from app.core.clock import SystemClock
from app.core.status_pages.figures import public_status
from app.core.status_pages.models import StatusPage, StatusPageMonitor, StatusPageRecord

SHOP: dict[str, Any] = {
    "slug": "shop",
    "title": "Toko Maju",
    "monitors": [{"job_id": "monitor-shop", "name": "Web shop"}],
    "published": True,
    "language": None,
    "path": "/status/shop",
    "updated_at": "2026-01-31T07:00:00.000Z",
    "updated_by": "ana",
}
PAGE = StatusPage(
    title="Toko Maju", monitors=[StatusPageMonitor(job_id="monitor-shop", name="Web shop")], published=True
)
Asked = list[tuple[str, str, Any]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Give what the API was asked for; it has one published page and one draft."""
    calls: Asked = []
    shown = public_status(
        StatusPageRecord("shop", PAGE, 0, "ana"), {}, {}, "Asia/Jakarta", SystemClock().now_ms()
    )

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append((request.method, request.url.path, json.loads(request.content or b"null")))
        match request.method, request.url.path:
            case "GET", "/status-pages":
                return httpx.Response(200, json=[SHOP, SHOP | {"slug": "draft", "published": False}])
            case "GET", "/status/shop":
                return httpx.Response(200, text=shown.model_dump_json())
            case "GET", "/status-pages/new":
                return httpx.Response(404, json={"title": "Not found", "code": "status_page_not_found"})
            case "DELETE", _:
                return httpx.Response(200, json={"slug": "shop", "status": "deleted"})
            case _:
                return httpx.Response(200, json=SHOP)

    monkeypatch.setattr(status_page_commands, "Client", lambda: Client(httpx.MockTransport(answer)))
    return calls


def run(*words: str, language: str = "en", code: int = 0) -> str:
    result = CliRunner().invoke(app, ["--lang", language, "status-page", *words])
    assert result.exit_code == code, result.output
    return result.stdout


def test_a_page_is_made_and_changed_field_by_field(asked: Asked) -> None:
    """What is not said of a page that exists stays; a new one needs a title."""
    said = run("set", "new", "--title", "Toko", "--monitor", "monitor-shop=Web shop", "--publish")
    new = {"title": "Toko", "monitors": SHOP["monitors"], "published": True}
    assert asked[-1] == ("PUT", "/status-pages/new", new)
    assert said.splitlines() == ["shop: Toko Maju (published at /status/shop)", "  Web shop (monitor-shop)"]
    run("set", "shop", "--language", "id")
    kept = {name: SHOP[name] for name in ("title", "monitors", "published")}
    assert asked[-1] == ("PUT", "/status-pages/shop", kept | {"language": "id"})
    run("unpublish", "shop")
    assert asked[-1][2] == kept | {"published": False, "language": None}


@pytest.mark.parametrize("words", [("set", "new"), ("set", "shop", "--monitor", "monitor-shop")])
def test_a_page_without_a_title_or_a_name_is_refused(asked: Asked, words: tuple[str, ...]) -> None:
    """Nothing is stored."""
    result = CliRunner().invoke(app, ["status-page", *words])
    assert result.exception is not None
    assert not [call for call in asked if call[0] == "PUT"]


def test_pages_are_listed_and_removed(asked: Asked) -> None:
    """Without a subcommand they are listed."""
    assert "Toko Maju" in run()
    assert run("remove", "shop").strip() == "shop: removed"
    assert asked[-1][:2] == ("DELETE", "/status-pages/shop")


def test_published_pages_are_written_as_files(asked: Asked, tmp_path: Path) -> None:
    """Both languages, linked to each other, the badge and the data; a draft is not written."""
    site = tmp_path / "site"
    run("build", str(site), language="id")
    written = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.*"))
    names = ["badge.svg", "en.html", "id.html", "index.html", "status.json"]
    assert written == [f"shop/{name}" for name in names]
    place = site / "shop"
    index = (place / "index.html").read_text("utf-8")
    assert index == (place / "id.html").read_text("utf-8")
    assert 'href="en.html"' in index
    assert "monitor-shop" not in "".join(file.read_text("utf-8") for file in place.iterdir())
    assert "monitor-shop" not in json.dumps(json.loads((place / "status.json").read_text("utf-8")))


def test_a_draft_is_not_written_by_its_name(asked: Asked, tmp_path: Path) -> None:
    """The command fails and writes nothing."""
    assert CliRunner().invoke(app, ["status-page", "build", str(tmp_path), "--slug", "draft"]).exception
    assert list(tmp_path.iterdir()) == []
