"""The documentation site: both languages build without a warning, and links between them lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.documents.documents import ROOT
from tools.docs_site import build_site

_HREF = re.compile(r'<(?:a|img)\b[^>]*?(?:href|src)="([^":]+)"')


def test_site_builds_without_a_warning(tmp_path: Path) -> None:
    """Each page of docs/ is in the site, and each relative link in it names a file of the site."""
    build_site(tmp_path)
    pages = list(tmp_path.rglob("index.html"))
    assert len(pages) >= len(list((ROOT / "docs").rglob("*.md")))
    problems = [
        f"{page.relative_to(tmp_path)}: {link}"
        for page in pages
        for link in _HREF.findall(page.read_text("utf-8"))
        if not _exists(tmp_path, page, link.partition("#")[0])
    ]
    assert problems == []


def _exists(site: Path, page: Path, link: str) -> bool:
    target = site / link.lstrip("/") if link.startswith("/") else page.parent / link
    return not link or (target / "index.html").is_file() or target.is_file()
