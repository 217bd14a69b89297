"""`multi-job secrets`: values that jobs name as `secret:NAME`."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from app.cli.client import Client
from app.cli.options import Json
from app.cli.output import Columns, UsageError, ask, at, show, show_list
from app.cli.passphrase import require_strong
from app.core.i18n import _
from app.core.secret_keys import fingerprint, new_key
from app.core.secrets.hosts import BACKUP

secrets = typer.Typer(
    no_args_is_help=True, help="Set, list and delete secrets that jobs name as secret:NAME."
)
Name = Annotated[str, typer.Argument(help="The secret's name.")]
HostNames = Annotated[
    list[str], typer.Argument(help="Hosts, such as shop.example, shop.example:8443 or *.shop.example.")
]


Hosts = Annotated[
    list[str] | None,
    typer.Option(
        "--host", help="A host that may receive it over https, such as shop.example; may be repeated."
    ),
]


Status = Annotated[bool, typer.Option("--status", help="Show how many values each key seals.")]
Lost = Annotated[
    bool, typer.Option("--lost", help="The old key is lost: use this machine's, enter the secrets again.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


ForBackup = Annotated[
    bool, typer.Option("--backup", help="It seals full backups (the passphrase) and is sent nowhere.")
]


@secrets.command(name="set")
def set_secret(name: Name, *, host: Hosts = None, backup: ForBackup = False, _json: Json = False) -> None:
    """Set a secret. Its value is prompted for or read from stdin; as an argument `ps` would show it.

    A new secret needs at least one --host; without one an existing secret keeps its hosts. The passphrase of
    full backups needs --backup in place of hosts.
    """
    if backup and host:
        raise UsageError(_("--backup is for a passphrase, which no host gets: leave out --host."))
    value, hosts = _value(name), [BACKUP] if backup else host
    if backup:
        require_strong(value)
    body: dict[str, Any] = {"value": value} | ({"hosts": hosts} if hosts else {})
    show(Client().put(f"/secrets/{name}", body), _("{name}: saved", name=name))


@secrets.command(name="hosts")
def set_hosts(name: Name, hosts: HostNames, *, _json: Json = False) -> None:
    """Replace the hosts that a secret may be sent to; its value stays."""
    answer = Client().put(f"/secrets/{name}", {"hosts": hosts})
    show(answer, f"{name}: {', '.join(answer['hosts'])}")


@secrets.command(name="list")
def list_secrets(*, _json: Json = False) -> None:
    """List the names and hosts of all secrets; values are never shown."""
    columns: Columns = {"name": "name", "hosts": lambda each: ", ".join(each["hosts"]) or "-"}
    more: Columns = {"set": at("updated_at"), "by": "updated_by"}
    show_list(Client().get("/secrets"), {**columns, **more}, _("no secrets"))


@secrets.command()
def delete(name: Name, *, _json: Json = False) -> None:
    """Delete a secret; runs that name it fail from then on."""
    show(Client().delete(f"/secrets/{name}"), _("{name}: deleted", name=name))


@secrets.command(name="new-key")
def make_key(*, _json: Json = False) -> None:
    """Print a new SECRET_KEY: 32 random bytes. Nothing is stored."""
    made = new_key()
    show({"key": made, "fingerprint": fingerprint(made.encode())}, made)


@secrets.command(name="rotate-key")
def rotate_key(*, status: Status = False, lost: Lost = False, yes: Yes = False, _json: Json = False) -> None:
    """Replace SECRET_KEY during operation; seal accounts, secrets, API keys and sessions with it.

    After an interruption, run it again. A key from the environment needs SECRET_KEY_PREVIOUS first.
    """
    # Imported here: the ciphers are megabytes, and no other command of this group needs Redis.
    from app.cli import rotate_key as rotation  # noqa: PLC0415

    if status:
        rotation.show_status()
    elif lost:
        rotation.give_up_lost_key(yes=yes)
    else:
        rotation.rotate_key()


def _value(name: str) -> str:
    if sys.stdin.isatty():
        return ask(f"{name} (secret)", hidden=True)
    return sys.stdin.read().rstrip("\r\n")
