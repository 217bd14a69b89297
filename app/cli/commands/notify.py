"""`multi-job notify`: the default recipient of reports and alarms."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.client import Client
from app.cli.options import Json
from app.cli.output import show
from app.core.i18n import _

notify = typer.Typer(
    no_args_is_help=True, help="Show, set and clear the default recipient of reports and alarms."
)
PATH = "/settings/default-notify"
Channel = Annotated[str, typer.Argument(help="telegram, whatsapp, sandbox, …")]
AccountId = Annotated[str, typer.Argument(help="The account that sends.")]
To = Annotated[str, typer.Argument(help="The chat or number that receives it.")]


@notify.command(name="show")
def show_default(*, _json: Json = False) -> None:
    """Show the default recipient, and whether DEFAULT_NOTIFY or a stored setting defines it."""
    _show(Client().get(PATH))


# A Telegram group has a negative number, which must not be parsed as an option.
@notify.command(name="set", context_settings={"ignore_unknown_options": True})
def set_default(channel: Channel, account_id: AccountId, to: To, *, _json: Json = False) -> None:
    """Set the default recipient; refused if DEFAULT_NOTIFY is set, because it takes precedence."""
    body = {"channel": channel, "account_id": account_id, "to": to}
    _show(Client().put(PATH, body))


@notify.command()
def clear(*, _json: Json = False) -> None:
    """Remove the stored default recipient; without any, messages go to the sandbox's inbox."""
    _show(Client().delete(PATH))


def _show(found: dict[str, Any]) -> None:
    if found["value"] is None:
        show(found, _("not set: the sandbox's inbox"))
        return
    off = "" if found["usable"] else _(", the account cannot be used")
    show(found, f"{found['value']} ({found['source']}{off})")
