"""`multi-job secrets`: values that jobs name as `secret:NAME`."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from app.cli.client import Client
from app.cli.commands.rotate_key import rotate_key
from app.cli.options import Json
from app.cli.output import ask, instant, print_json, say, table
from app.core.i18n import _
from app.core.secret_keys import fingerprint, new_key

app = typer.Typer(no_args_is_help=True, help="Set, list and delete secrets that jobs name as secret:NAME.")
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


@app.command(name="set")
def set_secret(name: Name, *, host: Hosts = None, as_json: Json = False) -> None:
    """Set a secret. Its value is prompted for or read from stdin; as an argument `ps` would show it.

    A new secret needs at least one --host; without one an existing secret keeps its hosts.
    """
    body: dict[str, Any] = {"value": _value(name)} | ({"hosts": host} if host else {})
    _print_result(Client().put(f"/secrets/{name}", body), _("{name}: saved", name=name), as_json=as_json)


@app.command(name="hosts")
def set_hosts(name: Name, hosts: HostNames, *, as_json: Json = False) -> None:
    """Replace the hosts that a secret may be sent to; its value stays."""
    answer = Client().put(f"/secrets/{name}", {"hosts": hosts})
    _print_result(answer, f"{name}: {', '.join(answer['hosts'])}", as_json=as_json)


@app.command(name="list")
def list_secrets(*, as_json: Json = False) -> None:
    """List the names and hosts of all secrets; values are never shown."""
    found = Client().get("/secrets")
    if as_json:
        print_json(found)
        return
    rows = [
        (each["name"], ", ".join(each["hosts"]) or "-", instant(each["updated_at"]), each["updated_by"])
        for each in found
    ]
    table(("name", "hosts", "set", "by"), rows, _("no secrets"))


@app.command()
def delete(name: Name, *, as_json: Json = False) -> None:
    """Delete a secret; runs that name it fail from then on."""
    _print_result(Client().delete(f"/secrets/{name}"), _("{name}: deleted", name=name), as_json=as_json)


@app.command(name="new-key")
def make_key(*, as_json: Json = False) -> None:
    """Print a new SECRET_KEY: 32 random bytes. Nothing is stored."""
    made = new_key()
    _print_result({"key": made, "fingerprint": fingerprint(made.encode())}, made, as_json=as_json)


app.command(name="rotate-key")(rotate_key)


def _value(name: str) -> str:
    if sys.stdin.isatty():
        return ask(f"{name} (secret)", hidden=True)
    return sys.stdin.read().rstrip("\r\n")


def _print_result(answer: Any, text: str, *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
    else:
        say(text)
