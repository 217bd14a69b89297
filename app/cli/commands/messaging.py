"""`multi-job connect`, `messages`, `notify`: accounts, messages, the default recipient."""

from __future__ import annotations

import time
from typing import Annotated, Any, Literal, cast

import typer

from app.cli.client import Client
from app.cli.notify_setup import lead_through
from app.cli.options import Json, Limit
from app.cli.output import CliError, Columns, UsageError, ask, at, printed_json, say, show, show_list, warn
from app.core.i18n import Language, _

Channel = Annotated[str, typer.Argument(help="telegram, whatsapp, email, slack, discord, ntfy, webhook.")]
AccountId = Annotated[str, typer.Argument(help="Your name for the account, such as bot_a01.")]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", help="A setting, NAME=VALUE; for a secret only NAME: its value is prompted for."),
]
DefaultTo = Annotated[str | None, typer.Option("--to", help="Recipient of messages that name none.")]
AllowChats = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-chat",
        help="The id of a chat or number that may give commands; may be repeated, replaces all.",
    ),
]
NoTest = Annotated[bool, typer.Option("--no-test", help="Do not check the account.")]


def connect(
    channel: Channel,
    account_id: AccountId,
    *,
    given: Sets = None,
    to: DefaultTo = None,
    allow_chat: AllowChats = None,
    no_test: NoTest = False,
    _json: Json = False,
) -> None:
    """Set up or change an account, and check it."""
    client = Client()
    known = {each["channel"]: each for each in client.get("/connectors")}
    if channel not in known:
        raise CliError(
            _("{channel!r} is no channel; these are: {known}.", channel=channel, known=", ".join(known))
        )
    path = f"/connectors/{channel}/accounts/{account_id}"
    stored = client.find(path)
    body = _body(known[channel], _pairs(given or []), stored, to)
    if allow_chat:
        body |= {"allow_chats": allow_chat, "commands": True}
    answer = client.put(path, body)
    tested = None if no_test else client.post(f"{path}/test")
    if not printed_json({"account": answer, "test": tested}):
        say(_("{channel} {account_id}: saved", channel=channel, account_id=account_id))
        if tested is not None:
            say(f"{tested['state']} {tested['detail'] or ''}".rstrip())
    if tested is not None and tested["state"] != "up":
        warn(_("The account is saved, but it does not work yet."))
        raise typer.Exit(1)


def _pairs(given: list[str]) -> dict[str, str | None]:
    """Return the given settings; None marks those to ask for."""
    pairs = [each.partition("=") for each in given]
    return {name: value if separator else None for name, separator, value in pairs}


def _body(
    channel: dict[str, Any], given: dict[str, str | None], stored: dict[str, Any] | None, to: str | None
) -> dict[str, Any]:
    """Return the account from given settings, stored ones, and answers."""
    settings = dict(cast("dict[str, Any]", (stored or {}).get("settings") or {}))
    secrets: dict[str, str] = {}
    for name, schema in _properties(channel, "settings"):
        if name in given:
            settings[name] = _typed(_given(given.pop(name), name, schema), schema)
        elif name not in settings and name in _required(channel, "settings"):
            settings[name] = _typed(_given(None, name, schema), schema)
    for name, schema in _properties(channel, "secrets"):
        if name in given:
            secrets[name] = _given(given.pop(name), name, schema, hidden=True)
        elif stored is None and name in _required(channel, "secrets"):
            secrets[name] = _given(None, name, schema, hidden=True)
    if given:
        raise CliError(_("{channel} has no {given}.", channel=channel["channel"], given=", ".join(given)))
    # Without `enabled`: connecting an account enables it.
    kept = {name: stored[name] for name in ("allow_chats", "commands") if stored and name in stored}
    default_to = to or (stored or {}).get("default_to")
    return {**kept, "settings": settings, "secrets": secrets, "default_to": default_to}


def _properties(channel: dict[str, Any], part: str) -> list[tuple[str, dict[str, Any]]]:
    return list(cast("dict[str, dict[str, Any]]", channel[f"{part}_schema"].get("properties", {})).items())


def _required(channel: dict[str, Any], part: str) -> list[str]:
    return list(channel[f"{part}_schema"].get("required", []))


def _given(value: str | None, name: str, schema: dict[str, Any], *, hidden: bool = False) -> str:
    # A secret as an argument would be visible in `ps` and in the shell's history.
    if value is not None:
        return value
    label = f"{name} ({schema['description']})" if schema.get("description") else name
    return ask(label, hidden=hidden)


def _typed(value: str, schema: dict[str, Any]) -> Any:
    """Return a setting as its schema wants it; the API refuses what does not fit."""
    kinds = {schema.get("type"), *(each.get("type") for each in schema.get("anyOf", ()))}
    if "null" in kinds and not value:
        return None
    if "array" in kinds:
        return [part.strip() for part in value.split(",") if part.strip()]
    if "boolean" in kinds:
        return {"true": True, "false": False}.get(value.lower(), value)
    return int(value) if "integer" in kinds and value.isdecimal() else value


# `multi-job messages`: sent messages, and those that need a decision.

messages = typer.Typer(help="Messages: list, test; resend or close those with an unknown outcome.")


State = Literal["pending", "sending", "delivered", "unknown", "failed"]
OfState = Annotated[State | None, typer.Option("--state", "-s", help="Only those in this state.")]
TestTo = Annotated[str | None, typer.Option("--to", help="Recipient; else the account's own.")]
TestText = Annotated[str | None, typer.Option("--text", help="The text; else a greeting.")]
# The longest that a connector waits for an answer, and a little more.
_TEST_SEC, _AGAIN_SEC = 30.0, 0.3
MessageId = Annotated[str, typer.Argument(help="The id in the list.")]


@messages.callback(invoke_without_command=True)
def _listed(context: typer.Context, *, state: OfState = None, _json: Json = False) -> None:
    if context.invoked_subcommand is None:
        list_messages(state=state, limit=20)


@messages.command("list")
def list_messages(*, state: OfState = None, limit: Limit = 20, _json: Json = False) -> None:
    """List messages, newest first."""
    found = list(Client().pages("/messages", limit, state=state))
    columns: Columns = {"id": "id", "account": lambda each: f"{each['channel']}:{each['account_id']}"}
    more: Columns = {"to": "to", "state": "state", "made": at("created_at"), "error": "error"}
    show_list(found, {**columns, **more}, _("no messages"))


@messages.command("test")
def send_test(
    channel: Channel, account_id: AccountId, *, to: TestTo = None, text: TestText = None, _json: Json = False
) -> None:
    """Send a test message through an account, and wait until it is known what became of it."""
    client = Client()
    words = text or _("Hello from multi-job: {name} can reach you.", name=f"{channel}:{account_id}")
    sent = client.post(f"/connectors/{channel}/accounts/{account_id}/messages", {"text": words, "to": to})
    until = time.monotonic() + _TEST_SEC
    while sent["state"] in {"pending", "sending"} and time.monotonic() < until:
        time.sleep(_AGAIN_SEC)
        sent = client.get(f"/messages/{sent['id']}")
    show(sent, f"{sent['id']} {sent['state']} {sent['error'] or ''}".rstrip())
    if sent["state"] != "delivered":
        raise typer.Exit(1)


@messages.command()
def resend(message_id: MessageId, *, _json: Json = False) -> None:
    """Send a message again that failed or that may not have been delivered."""
    _decide(message_id, "resend")


@messages.command()
def close(message_id: MessageId, *, _json: Json = False) -> None:
    """Give up a message: it fails and is not sent again."""
    _decide(message_id, "close")


def _decide(message_id: str, how: str) -> None:
    answer = Client().post(f"/messages/{message_id}/{how}")
    show(answer, f"{answer['id']} {answer['state']}")


# `multi-job notify`: the default recipient of reports and alarms.

notify = typer.Typer(
    no_args_is_help=True, help="Show, set and clear the default recipient of reports and alarms."
)
_DEFAULT = "/settings/default-notify"
AnyChannel = Annotated[str | None, typer.Argument(help="telegram, whatsapp, email, slack, sandbox, …")]
Sender = Annotated[str | None, typer.Argument(help="The account that sends.")]
To = Annotated[str | None, typer.Argument(help="The chat or number that receives it.")]
Spoken = Annotated[Language | None, typer.Option("--language", help="Of the alarms that it gets.")]


@notify.command(name="show")
def show_default(*, _json: Json = False) -> None:
    """Show the default recipient, and whether DEFAULT_NOTIFY or a stored setting defines it."""
    _show(Client().get(_DEFAULT))


# A Telegram group has a negative number, which must not be parsed as an option.
@notify.command(name="set", context_settings={"ignore_unknown_options": True})
def set_default(
    channel: AnyChannel = None,
    account_id: Sender = None,
    to: To = None,
    *,
    language: Spoken = None,
    _json: Json = False,
) -> None:
    """Set the default recipient; without arguments it asks. Refused if DEFAULT_NOTIFY is set, which wins."""
    client = Client()
    if channel is None:
        _show(lead_through(client, connect, language))
        return
    if account_id is None or to is None:
        raise UsageError(_("Write CHANNEL ACCOUNT RECIPIENT, or nothing to be asked for each."))
    body = {"channel": channel, "account_id": account_id, "to": to}
    _show(client.put(_DEFAULT, body | ({"language": language} if language else {})))


@notify.command()
def clear(*, _json: Json = False) -> None:
    """Remove the stored default recipient; without any, messages go to the sandbox's inbox."""
    _show(Client().delete(_DEFAULT))


def _show(found: dict[str, Any]) -> None:
    if found["value"] is None:
        show(found, _("not set: the sandbox's inbox"))
        return
    off = "" if found["usable"] else _(", the account cannot be used")
    show(found, f"{found['value']} ({found['source']}{off})")
