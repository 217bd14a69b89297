"""`multi-job messages`: what was sent, and what a person has to decide about."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from app.cli.client import Client
from app.cli.options import Json, Limit
from app.cli.output import instant, print_json, say, table

app = typer.Typer(help="Messages: list them, resend or close those of unknown outcome.")


class State(StrEnum):
    """The states of a message."""

    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    FAILED = "failed"


OfState = Annotated[State | None, typer.Option("--state", "-s", help="Only those in this state.")]
MessageId = Annotated[str, typer.Argument(help="The id that the list shows.")]


@app.callback(invoke_without_command=True)
def _listed(context: typer.Context, *, state: OfState = None, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        show(state=state, limit=20, as_json=as_json)


@app.command("list")
def show(*, state: OfState = None, limit: Limit = 20, as_json: Json = False) -> None:
    """List messages, newest first."""
    found = list(Client().pages("/messages", limit, state=state and state.value))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            each["id"],
            f"{each['channel']}:{each['account_id']}",
            each["to"],
            each["state"],
            instant(each["created_at"]),
            each["error"],
        )
        for each in found
    ]
    table(("id", "account", "to", "state", "made", "error"), rows, "Belum ada pesan / no messages")


@app.command()
def resend(message_id: MessageId, *, as_json: Json = False) -> None:
    """Send a message anew that failed, or that may not have arrived."""
    _decide(message_id, "resend", as_json=as_json)


@app.command()
def close(message_id: MessageId, *, as_json: Json = False) -> None:
    """Give a message up: it is failed, and nobody sends it."""
    _decide(message_id, "close", as_json=as_json)


def _decide(message_id: str, how: str, *, as_json: bool) -> None:
    answer = Client().post(f"/messages/{message_id}/{how}")
    print_json(answer) if as_json else say(f"{answer['id']} {answer['state']}")
