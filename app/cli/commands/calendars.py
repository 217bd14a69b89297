"""`multi-job calendars`: days and times that schedules leave out, under one name."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer

from app.cli.client import Client
from app.cli.options import Json, Lang
from app.cli.output import Columns, at, printed_json, say, show, show_list
from app.core.i18n import _, reader_language

calendars = typer.Typer(help="Calendars, such as opening hours and leave: list, show, set and remove them.")
Name = Annotated[str, typer.Argument(help="The name that `skip.calendars` of a schedule has.")]
Dates = Annotated[list[str] | None, typer.Option("--date", help="A day: 2026-12-25, or 12-25 for each year.")]
Weekdays = Annotated[
    list[int] | None, typer.Option("--weekday", min=0, max=6, help="A day of the week; 0 is Sunday.")
]
Days = Annotated[list[int] | None, typer.Option("--day", min=1, max=31, help="A day of the month.")]
Windows = Annotated[
    list[str] | None, typer.Option("--window", help="A time of day: 22:00-06:00, start in, end out.")
]
Country = Annotated[str | None, typer.Option("--holidays", help="The public holidays of a country: ID.")]
Joint = Annotated[bool, typer.Option("--cuti-bersama", help="With Indonesia's joint leave days too.")]
Names = Annotated[
    list[str] | None, typer.Option("--name", help="Only holidays whose name contains this text.")
]
Text = Annotated[str, typer.Option("--description", help="What the calendar is for.")]


@calendars.callback(invoke_without_command=True)
def _listed(context: typer.Context, *, _lang: Lang = None, _json: Json = False) -> None:
    if context.invoked_subcommand is None:
        list_calendars()


@calendars.command(name="list")
def list_calendars(*, _lang: Lang = None, _json: Json = False) -> None:
    """List all calendars by name."""
    language = reader_language.get()
    columns: Columns = {
        "name": "name",
        "closed": lambda row: row["words"][language],
        "jobs": lambda row: ", ".join(row["jobs"]),
        "set": at("updated_at"),
        "by": "updated_by",
    }
    show_list(Client().get("/calendars"), columns, _("no calendars: multi-job calendars set"))


@calendars.command(name="show")
def show_calendar(name: Name, *, _lang: Lang = None, _json: Json = False) -> None:
    """Show a calendar and the jobs whose schedules name it."""
    _say(Client().get(_path(name)))


@calendars.command(name="set")
def set_calendar(
    name: Name,
    *,
    date: Dates = None,
    weekday: Weekdays = None,
    day: Days = None,
    window: Windows = None,
    holidays: Country = None,
    cuti_bersama: Joint = False,
    holiday_name: Names = None,
    description: Text = "",
    _lang: Lang = None,
    _json: Json = False,
) -> None:
    """Create or replace a calendar; its jobs' next fires follow at once."""
    given: dict[str, Any] = {
        "dates": date,
        "weekdays": weekday,
        "days_of_month": day,
        "windows": window,
        "holidays": holidays,
        "cuti_bersama": cuti_bersama,
        "names": holiday_name,
        "description": description,
    }
    _say(Client().put(_path(name), {field: value for field, value in given.items() if value}))


@calendars.command()
def remove(name: Name, *, _json: Json = False) -> None:
    """Remove a calendar that no job names."""
    gone = Client().delete(_path(name))
    show(gone, _("{name}: removed", name=gone["name"]))


def _say(calendar: dict[str, Any]) -> None:
    if printed_json(calendar):
        return
    words = calendar["words"][reader_language.get()]
    say(f"{calendar['name']}: {words}")
    if calendar.get("description"):
        say(f"  {calendar['description']}")
    if calendar["jobs"]:
        say(f"  {', '.join(calendar['jobs'])}")


def _path(name: str) -> str:
    return f"/calendars/{quote(name, safe='')}"
