"""`multi-job contacts`: the address book, whose names a sentence may use."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer

from app.cli.client import Client
from app.cli.options import Json
from app.cli.output import Columns, at, show, show_list
from app.core.i18n import _

contacts = typer.Typer(help="The address book: list, set and remove names that a sentence may use.")
Name = Annotated[str, typer.Argument(help='The name, such as "Bu Siti" or "grup Keluarga Besar".')]
Channel = Annotated[str, typer.Argument(help="telegram, whatsapp, sandbox, …")]
To = Annotated[str, typer.Argument(help="The chat or number of the person or group.")]
Sender = Annotated[
    str | None, typer.Option("--account", help="The account that sends; else the only one of the channel.")
]


@contacts.callback(invoke_without_command=True)
def _listed(context: typer.Context, *, _json: Json = False) -> None:
    if context.invoked_subcommand is None:
        list_contacts()


@contacts.command(name="list")
def list_contacts(*, _json: Json = False) -> None:
    """List all contacts by name."""
    columns: Columns = {"name": "name", "channel": "channel", "to": "to", "account": "account_id"}
    more: Columns = {"set": at("updated_at"), "by": "updated_by"}
    show_list(Client().get("/contacts"), {**columns, **more}, _("no contacts: multi-job contacts set"))


# A Telegram group has a negative number, which must not be parsed as an option.
@contacts.command(name="set", context_settings={"ignore_unknown_options": True})
def set_contact(name: Name, channel: Channel, to: To, *, account: Sender = None, _json: Json = False) -> None:
    """Create or replace a contact; its name is compared without regard to case."""
    body = {"channel": channel, "to": to} | ({"account_id": account} if account else {})
    saved = Client().put(_path(name), body)
    show(saved, f"{saved['name']}: {saved['channel']} {saved['to']}")


@contacts.command()
def remove(name: Name, *, _json: Json = False) -> None:
    """Remove a contact; jobs that were planned with it keep their recipient."""
    gone = Client().delete(_path(name))
    show(gone, _("{name}: removed", name=gone["name"]))


def _path(name: str) -> str:
    return f"/contacts/{quote(name, safe='')}"
