"""`multi-job status-page`: pages that show the state of chosen monitors to readers without a key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from app.cli.client import Client
from app.cli.options import Json, Lang
from app.cli.output import CliError, Columns, UsageError, at, printed_json, say, show, show_list
from app.core.i18n import Language, _, reader_language
from app.core.status_pages.html import LANGUAGES, StatusPageWriter, badge
from app.core.status_pages.models import PublicStatus

status_page = typer.Typer(help="Status pages for readers without a key: list, show, set, publish, build.")
Slug = Annotated[str, typer.Argument(help="The name of the page in its address: /status/SLUG.")]
Monitors = Annotated[
    list[str] | None, typer.Option("--monitor", help="JOB=NAME: a monitor, and the name that readers see.")
]
Title = Annotated[str | None, typer.Option(help="The title of the page.")]
Publish = Annotated[bool | None, typer.Option("--publish/--no-publish", help="Whether readers see it.")]
PageLanguage = Annotated[
    Language | None, typer.Option("--language", help="The language of readers who choose none.")
]
Folder = Annotated[Path, typer.Argument(help="The folder to write to; it is made if it is missing.")]
Only = Annotated[list[str] | None, typer.Option("--slug", help="Only this page; several are possible.")]
_COLUMNS: Columns = {
    "slug": "slug",
    "title": "title",
    "monitors": lambda page: str(len(page["monitors"])),
    "published": lambda page: _("yes") if page["published"] else _("no"),
    "set": at("updated_at"),
    "by": "updated_by",
}


@status_page.callback(invoke_without_command=True)
def _listed(context: typer.Context, *, _lang: Lang = None, _json: Json = False) -> None:
    if context.invoked_subcommand is None:
        list_pages()


@status_page.command(name="list")
def list_pages(*, _lang: Lang = None, _json: Json = False) -> None:
    """List all status pages."""
    show_list(Client().get("/status-pages"), _COLUMNS, _("no status pages: multi-job status-page set SLUG"))


@status_page.command(name="show")
def show_page(slug: Slug, *, _lang: Lang = None, _json: Json = False) -> None:
    """Show a status page and its monitors."""
    _say(Client().get(_path(slug)))


@status_page.command(name="set")
def set_page(
    slug: Slug,
    *,
    title: Title = None,
    monitor: Monitors = None,
    publish: Publish = None,
    language: PageLanguage = None,
    _lang: Lang = None,
    _json: Json = False,
) -> None:
    """Create a status page, or change what the options name of it."""
    client = Client()
    given = {"title": title, "monitors": _named(monitor), "published": publish, "language": language}
    _store(client, slug, {name: value for name, value in given.items() if value is not None})


@status_page.command()
def publish(slug: Slug, *, _lang: Lang = None, _json: Json = False) -> None:
    """Show a status page to everybody who knows its address."""
    _store(Client(), slug, {"published": True}, new=False)


@status_page.command()
def unpublish(slug: Slug, *, _lang: Lang = None, _json: Json = False) -> None:
    """Hide a status page from readers."""
    _store(Client(), slug, {"published": False}, new=False)


@status_page.command()
def remove(slug: Slug, *, _lang: Lang = None, _json: Json = False) -> None:
    """Remove a status page."""
    gone = Client().delete(_path(slug))
    show(gone, _("{name}: removed", name=gone["slug"]))


@status_page.command()
def build(folder: Folder, *, slug: Only = None, _lang: Lang = None, _json: Json = False) -> None:
    """Write the published status pages as static files: SLUG/index.html, both languages, badge, data."""
    client = Client()
    published = [page["slug"] for page in client.get("/status-pages") if page["published"]]
    hidden = [each for each in slug or () if each not in published]
    if hidden:
        raise CliError(_("{slug}: no such page is published", slug=", ".join(hidden)))
    written = [file for each in slug or published for file in _written(client, each, folder)]
    if printed_json([str(file) for file in written]):
        return
    if not written:
        say(_("no status page is published: multi-job status-page publish SLUG"))
    for file in written:
        say(str(file))


def _written(client: Client, slug: str, folder: Path) -> list[Path]:
    status = PublicStatus.model_validate(client.get(f"/status/{quote(slug, safe='')}"))
    links: dict[Language, str] = {each: f"{each}.html" for each in LANGUAGES}
    default = status.language or reader_language.get()
    pages = {name: StatusPageWriter(status, each, links).html() for each, name in links.items()}
    files = {
        "index.html": pages[links[default]],
        **pages,
        "badge.svg": badge(status, default),
        "status.json": status.model_dump_json(indent=2) + "\n",
    }
    place = folder / slug
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (place / name).write_text(text, "utf-8")
    except OSError as error:
        raise CliError(_("{place}: can't be written ({error})", place=place, error=error)) from error
    return [place / name for name in files]


def _store(client: Client, slug: str, changes: dict[str, Any], *, new: bool = True) -> None:
    found = client.find(_path(slug)) if new else client.get(_path(slug))
    if found is None and "title" not in changes:
        raise UsageError(_("a new status page needs --title"))
    fields = ("title", "monitors", "published", "language")
    before = {name: found[name] for name in fields} if found else {}
    _say(client.put(_path(slug), before | changes))


def _named(given: list[str] | None) -> list[dict[str, str]] | None:
    if given is None:
        return None
    pairs = [each.partition("=") for each in given]
    bad = [job for job, _equals, name in pairs if not job or not name]
    if bad:
        raise UsageError(
            _("--monitor takes JOB=NAME, and the name is for readers: {bad}", bad=", ".join(bad))
        )
    return [{"job_id": job, "name": name} for job, _equals, name in pairs]


def _say(page: dict[str, Any]) -> None:
    if printed_json(page):
        return
    state = _("published at {path}", path=page["path"]) if page["published"] else _("not published")
    say(f"{page['slug']}: {page['title']} (", state, ")")
    for each in page["monitors"]:
        say(f"  {each['name']} ({each['job_id']})")


def _path(slug: str) -> str:
    return f"/status-pages/{quote(slug, safe='')}"
