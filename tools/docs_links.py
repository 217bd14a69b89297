"""Hook of the documentation site: links that leave a site's folder.

The site in English is built from docs/, the Indonesian one from docs/id/, and each build knows its own pages
alone. A link to a page of the other site becomes its address there. A link to a file that no site has (such
as a README of a folder) becomes the file's name in code.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s:]+)\)")
_PROJECT_FILE_KINDS = (".md", ".svg", ".png", ".json")


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Return a page's Markdown with the links that leave its folder replaced."""
    root = posixpath.dirname(config.config_file_path.replace("\\", "/"))
    folder = posixpath.relpath(config.docs_dir.replace("\\", "/"), root)
    source = posixpath.join(folder, page.file.src_uri)
    # Its address below the root of the site: `id/panduan` for docs/id/panduan.md.
    place = _address(source)

    def replaced(found: re.Match[str]) -> str:
        image, text, link = found.groups()
        path, hash_sign, anchor = link.partition("#")
        if not path:
            return found[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        inside = posixpath.relpath(target, folder)
        if not inside.startswith("..") and files.get_file_from_path(inside) is not None:
            return found[0]
        if not target.startswith("docs/"):
            return text if target.partition("#")[0] in text else f"{text} (`{target}`)"
        address = posixpath.relpath(_address(target), place)
        if image:
            return f'<img alt="{text}" src="{address}">'
        return f"[{text}]({address}{_slash(target)}{hash_sign}{anchor})"

    return _LINK.sub(replaced, markdown)


def _address(source: str) -> str:
    """Return a document's place below the site's root, without a slash at its end."""
    path = source.removeprefix("docs/")
    if posixpath.basename(path) in {"README.md", "index.md"}:
        return posixpath.dirname(path) or "."
    return path.removesuffix(".md")


def _slash(source: str) -> str:
    return "/" if source.endswith(".md") else ""
