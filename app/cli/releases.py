"""Released versions of this package: where they are listed, and how it was installed."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import httpx

from app.core.home.places import IS_CHECKOUT, PACKAGE_FOLDER
from app.core.i18n import _

PACKAGE = "multi-job"
_TIMEOUT_SEC = 20.0
_MOST_BYTES = 4_000_000
# Pre-releases are not offered.
_WHEEL = re.compile(r"multi_job-(\d+(?:\.\d+)*)-py3-none-any\.whl")
_FINAL = re.compile(r"\d+(?:\.\d+)*")


class UnknownReleasesError(Exception):
    """The released versions could not be found out; the text has the reason and what helps."""


@dataclass(frozen=True, slots=True)
class Releases:
    """The versions that a source lists."""

    source: str
    versions: list[str]

    def newer_than(self, installed: str) -> str:
        """Return the newest version if it is newer than the installed one, else ''."""
        newest = max(self.versions, key=_parts)
        return newest if _parts(newest) > _parts(installed) else ""


def read_releases(settings: Mapping[str, str | None]) -> Releases:
    """Ask RELEASES_URL, else the place that this package came from; UnknownReleasesError if neither works.

    Without RELEASES_URL an index is asked only if the package was installed from one by its name: elsewhere
    that name may be another project's.
    """
    place = settings.get("RELEASES_URL") or _origin()
    if place:
        return _listed(place)
    if IS_CHECKOUT:
        raise UnknownReleasesError(
            _("this is a checkout, which git updates. RELEASES_URL may name a page or folder with releases")
        )
    return _of_the_index()


def install_command() -> str:
    """Return the command that installs another version as this one was installed."""
    if IS_CHECKOUT:
        return "git pull"
    prefix = Path(sys.prefix)
    target = _file_of_origin() or PACKAGE
    if (prefix / "uv-receipt.toml").is_file():
        return f"uv tool install --force --compile-bytecode {target}"
    if (prefix / "pipx_metadata.json").is_file():
        return f"pipx install --force {target}"
    installer = (_package().read_text("INSTALLER") or "").strip() if _package_exists() else ""
    if installer == "uv":
        return f"uv pip install --python {sys.executable} --upgrade {target}"
    return f"{sys.executable} -m pip install --upgrade {target}"


def _listed(place: str) -> Releases:
    """Read a page or folder that names wheels: an index's page of this package, a web folder, a directory."""
    address = urlsplit(place)
    if address.scheme in {"http", "https"}:
        text = _fetched(place)
    else:
        folder = Path(url2pathname(address.path)) if address.scheme == "file" else Path(place).expanduser()
        try:
            text = "\n".join(path.name for path in folder.iterdir())
        except OSError as error:
            raise UnknownReleasesError(_("{place}: {error}", place=place, error=error)) from error
    found = sorted(set(_WHEEL.findall(unquote(text))), key=_parts)
    if not found:
        raise UnknownReleasesError(_("{place} names no release of {name}", place=place, name=PACKAGE))
    return Releases(place, found)


def _fetched(url: str) -> str:
    try:
        with httpx.stream("GET", url, timeout=_TIMEOUT_SEC, follow_redirects=True) as response:
            response.raise_for_status()
            parts, size = list[bytes](), 0
            for part in response.iter_bytes():
                parts.append(part)
                size += len(part)
                if size > _MOST_BYTES:
                    raise UnknownReleasesError(_("{place} is too large for a list of releases", place=url))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        why = str(error) or type(error).__name__
        raise UnknownReleasesError(_("{place}: {error}", place=url, error=why)) from error
    return b"".join(parts).decode("utf-8", "replace")


def _of_the_index() -> Releases:
    """Ask pip, which knows the configured index."""
    if importlib.util.find_spec("pip") is None:
        raise UnknownReleasesError(
            _("there is no pip here to ask its index. RELEASES_URL may name a page or folder with releases")
        )
    command = [sys.executable, "-m", "pip", "index", "versions", PACKAGE, "--disable-pip-version-check"]
    done = subprocess.run(  # noqa: S603  our own interpreter with fixed words
        [*command, "--no-input"], check=False, capture_output=True, text=True, timeout=60
    )
    line = next((each for each in done.stdout.splitlines() if each.startswith("Available versions:")), "")
    versions = [each for each in line.partition(":")[2].replace(" ", "").split(",") if _FINAL.fullmatch(each)]
    if not versions:
        lines = (done.stderr or done.stdout).strip().splitlines()
        why = lines[-1] if lines else f"exit code {done.returncode}"
        raise UnknownReleasesError(_("pip index versions: {error}", error=why))
    return Releases("pip index versions", versions)


def _origin() -> str:
    """Return the folder or page that this package was installed from; '' if that was an index."""
    url = _origin_url()
    return url.rpartition("/")[0] + "/" if url.endswith(".whl") else ""


def _file_of_origin() -> str:
    url = _origin_url()
    return f"{url.rpartition('/')[0]}/multi_job-VERSION-py3-none-any.whl" if url.endswith(".whl") else ""


def _origin_url() -> str:
    """Return the address that the installer noted (PEP 610); '' if there is none."""
    if IS_CHECKOUT or not _package_exists():
        return ""
    noted = json.loads(_package().read_text("direct_url.json") or "{}")
    return str(cast("dict[str, Any]", noted).get("url", ""))


def _package_exists() -> bool:
    """Return whether the metadata of this very code are here, and not those of another copy."""
    try:
        return PACKAGE_FOLDER.is_relative_to(Path(str(_package().locate_file(""))).resolve())
    except PackageNotFoundError:
        return False


def _package() -> Distribution:
    return distribution(PACKAGE)


def _parts(version: str) -> tuple[int, ...]:
    """Return a version's numbers; `1.0` and `1.0.0` are equal."""
    numbers = [int(part) for part in re.findall(r"\d+", version)]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
