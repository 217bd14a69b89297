"""`multi-job upgrade`: which releases exist, by each way to know, and what it says if there is none."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from app import __version__
from app.cli import main, releases
from app.cli.output import UnreachableError
from app.cli.releases import Releases, UnknownReleasesError, install_command, read_releases
from app.core.home import places
from app.core.home.places import remember_folder

Serve = Callable[[str, int], list[str]]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Answer each request with a text; return the list of asked addresses."""

    def answer(text: str, status: int = 200) -> list[str]:
        asked: list[str] = []

        def handle(request: httpx.Request) -> httpx.Response:
            asked.append(str(request.url))
            return httpx.Response(status, text=text)

        client = httpx.Client(transport=httpx.MockTransport(handle))
        monkeypatch.setattr(httpx, "stream", client.stream)
        return asked

    return answer


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Pretend to be a package that was installed from an address; '' is an index."""

    def installed(url: str) -> None:
        monkeypatch.setattr(releases, "IS_CHECKOUT", False)
        monkeypatch.setattr(releases, "_origin_url", lambda: url)

    return installed


@pytest.mark.parametrize(
    "page",
    [
        '<a href="../../multi_job-1.2.0-py3-none-any.whl#sha256=0">multi_job-1.2.0-py3-none-any.whl</a>',
        '{"files": [{"filename": "multi_job-1.2.0-py3-none-any.whl"}]}',
        '<a href="/download/multi%5Fjob-1.2.0-py3-none-any.whl">',
    ],
)
def test_page_of_releases_is_read_in_each_form(serve: Serve, page: str) -> None:
    """An index's page, as HTML or JSON, and a plain folder of a web server."""
    asked = serve(page, 200)
    found = read_releases({"RELEASES_URL": "https://example.org/releases/"})
    assert found == Releases("https://example.org/releases/", ["1.2.0"])
    assert asked == ["https://example.org/releases/"]


def test_folder_of_releases_is_read(tmp_path: Path) -> None:
    """Versions are compared as numbers; pre-releases and other packages are not offered."""
    for version in ("1.9.0", "1.10.0", "2.0.0rc1"):
        (tmp_path / f"multi_job-{version}-py3-none-any.whl").touch()
    (tmp_path / "other-9.0.0-py3-none-any.whl").touch()
    for place in (str(tmp_path), tmp_path.as_uri()):
        found = read_releases({"RELEASES_URL": place})
        assert found.versions == ["1.9.0", "1.10.0"]
    assert found.newer_than("1.9.0") == "1.10.0"
    assert (found.newer_than("1.10"), found.newer_than("1.11.0")) == ("", "")


def test_place_of_the_wheel_is_asked_without_a_setting(
    tmp_path: Path, package: Callable[[str], None]
) -> None:
    """A wheel that came from a folder is compared with the wheels that are there now."""
    (tmp_path / "multi_job-1.0.1-py3-none-any.whl").touch()
    package((tmp_path / "multi_job-1.0.0-py3-none-any.whl").as_uri())
    assert read_releases({}).versions == ["1.0.1"]
    assert install_command().endswith(f"{tmp_path.as_uri()}/multi_job-VERSION-py3-none-any.whl")


@pytest.mark.parametrize(
    ("output", "expected"),
    [("multi-job (1.1.0)\nAvailable versions: 1.1.0, 1.1.0rc1, 1.0.0\n", ["1.1.0", "1.0.0"]), ("", None)],
)
def test_index_is_asked_by_pip_if_the_package_came_from_it(
    monkeypatch: pytest.MonkeyPatch, package: Callable[[str], None], output: str, expected: list[str] | None
) -> None:
    """Pip knows which index is configured; its refusal is passed on."""
    package("")
    monkeypatch.setattr(releases.importlib.util, "find_spec", {"pip": object()}.get)
    asked: list[list[str]] = []

    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(
            command, 0 if output else 1, output, "ERROR: No matching distribution"
        )

    monkeypatch.setattr(releases.subprocess, "run", run)
    if expected is None:
        with pytest.raises(UnknownReleasesError, match="pip index versions: ERROR: No matching"):
            read_releases({})
    else:
        assert read_releases({}).versions == expected
    assert asked[0][:6] == [sys.executable, "-m", "pip", "index", "versions", "multi-job"]


@pytest.mark.parametrize(
    ("page", "status", "why"),
    [("nothing here", 200, "names no release"), ("", 503, "503"), ("x" * 4_000_001, 200, "too large")],
)
def test_what_could_not_be_found_out_is_said(serve: Serve, page: str, status: int, why: str) -> None:
    """The text names the place and the reason."""
    serve(page, status)
    with pytest.raises(UnknownReleasesError, match=why):
        read_releases({"RELEASES_URL": "https://example.org/releases/"})


def test_checkout_asks_no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name at an index may be another project's."""
    monkeypatch.setattr(releases, "_of_the_index", lambda: pytest.fail("an index was asked"))
    with pytest.raises(UnknownReleasesError, match="this is a checkout"):
        read_releases({})
    assert install_command() == "git pull"


def test_command_says_what_is_newer_and_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RELEASES_URL may be in the deployment's `.env`, and not in that of a folder; nothing is installed."""
    (tmp_path / "multi_job-99.0.0-py3-none-any.whl").touch()
    (tmp_path / ".env").write_text(f"RELEASES_URL={tmp_path}\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MULTI_JOB_HOME", str(tmp_path))
    monkeypatch.setattr(places, "IS_CHECKOUT", False)
    assert CliRunner().invoke(main.app, ["upgrade", "--check"]).exit_code == 1
    remember_folder(tmp_path, tmp_path)
    printed = CliRunner().invoke(main.app, ["--lang", "en", "upgrade", "--check"])
    assert printed.exit_code == 0
    assert f"{__version__} is installed, 99.0.0 is available: {tmp_path}" in printed.output
    assert printed.output.splitlines()[-1] in {"./start-local.sh", "multi-job up"}
    found = json.loads(CliRunner().invoke(main.app, ["upgrade", "--check", "--json"]).output)
    assert (found["installed"], found["newer"]) == (__version__, "99.0.0")
    assert "git pull" in CliRunner().invoke(main.app, ["upgrade"]).output


def test_command_fails_if_the_releases_are_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 2, as for anything that does not answer."""
    monkeypatch.chdir(tmp_path)
    failed = CliRunner().invoke(main.app, ["upgrade", "--check"])
    assert isinstance(failed.exception, UnreachableError)
    assert failed.exception.exit_code == 2
    assert __version__ in failed.exception.message
