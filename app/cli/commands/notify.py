"""`multi-job notify`: the default recipient of reports and alarms."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.client import Client
from app.cli.options import Json
from app.cli.output import print_json, say
from app.core.i18n import _

app = typer.Typer(
    no_args_is_help=True, help="Show, set and clear the default recipient of reports and alarms."
)
PATH = "/settings/default-notify"
Channel = Annotated[str, typer.Argument(help="telegram, whatsapp, sandbox, …")]
AccountId = Annotated[str, typer.Argument(help="The account that sends.")]
To = Annotated[str, typer.Argument(help="The chat or number that receives it.")]


@app.command()
def show(*, as_json: Json = False) -> None:
    """Show the default recipient, and whether DEFAULT_NOTIFY or a stored setting defines it."""
    _print_default(Client().get(PATH), as_json=as_json)


# A Telegram group has a negative number, which must not be parsed as an option.
@app.command(name="set", context_settings={"ignore_unknown_options": True})
def set_default(channel: Channel, account_id: AccountId, to: To, *, as_json: Json = False) -> None:
    """Set the default recipient; refused if DEFAULT_NOTIFY is set, because it takes precedence."""
    body = {"channel": channel, "account_id": account_id, "to": to}
    _print_default(Client().put(PATH, body), as_json=as_json)


@app.command()
def clear(*, as_json: Json = False) -> None:
    """Remove the stored default recipient; without any, messages go to the sandbox's inbox."""
    _print_default(Client().delete(PATH), as_json=as_json)


def _print_default(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    if found["value"] is None:
        say(_("not set: the sandbox's inbox"))
        return
    off = "" if found["usable"] else _(", the account cannot be used")
    say(f"{found['value']} ({found['source']}{off})")
