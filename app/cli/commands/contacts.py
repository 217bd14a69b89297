"""`multi-job contacts`, `chat-users`: names that sentences may use; persons who may act in groups."""

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


# `multi-job chat-users`: the persons who may act in groups over an account.

chat_users = typer.Typer(help="Persons who may act in groups: list, add and remove those of an account.")
OfChannel = Annotated[str, typer.Argument(help="telegram, …")]
AccountId = Annotated[str, typer.Argument(help="The account that serves the group.")]
UserId = Annotated[str, typer.Argument(help="The person's id; a refused command shows it.")]
ShownName = Annotated[str | None, typer.Option("--name", help="A name for readers.")]


@chat_users.callback(invoke_without_command=True)
def _listed_users(context: typer.Context, *, _json: Json = False) -> None:
    if context.invoked_subcommand is None:
        list_users()


@chat_users.command(name="list")
def list_users(
    channel: Annotated[str | None, typer.Argument(help="Only those of this channel.")] = None,
    account_id: Annotated[str | None, typer.Argument(help="Only those of this account.")] = None,
    *,
    _json: Json = False,
) -> None:
    """List the persons who may act in groups, of each account."""
    rows = [
        {"account": account["name"], **user}
        for found in Client().get("/connectors")
        for account in found["accounts"]
        if channel in {None, account["channel"]} and account_id in {None, account["account_id"]}
        for user in account["chat_users"] or ()
    ]
    columns: Columns = {"account": "account", "id": "id", "name": "name"}
    show_list(rows, columns, _("no persons: multi-job chat-users add CHANNEL ACCOUNT ID"))


@chat_users.command(name="add")
def add_user(
    channel: OfChannel,
    account_id: AccountId,
    user_id: UserId,
    *,
    name: ShownName = None,
    _json: Json = False,
) -> None:
    """Let a person act in the groups of an account, or change the person's name."""
    saved = Client().put(_user_path(channel, account_id, user_id), {"name": name or ""})
    show(saved, _("{person}: may act in groups", person=" ".join(filter(None, [saved["id"], saved["name"]]))))


@chat_users.command(name="remove")
def remove_user(channel: OfChannel, account_id: AccountId, user_id: UserId, *, _json: Json = False) -> None:
    """Let a person act in the groups of an account no longer; the person may still read."""
    gone = Client().delete(_user_path(channel, account_id, user_id))
    show(gone, _("{name}: removed", name=gone["id"]))


def _user_path(channel: str, account_id: str, user_id: str) -> str:
    account = f"/connectors/{quote(channel, safe='')}/accounts/{quote(account_id, safe='')}"
    return f"{account}/chat-users/{quote(user_id, safe='')}"
