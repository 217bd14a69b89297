"""Leads through the choice of the default recipient: channel, account, recipient, test message."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from app.cli.output import CliError, ask, confirm, say, warn
from app.core.i18n import Language, _, reader_language

if TYPE_CHECKING:
    from app.cli.client import Client

TEST_SEC: Final = 15.0
_SETTLED: Final = frozenset({"delivered", "failed", "unknown"})
Connect = Callable[[str, str], None]


def lead_through(client: Client, connect: Connect, language: Language | None = None) -> dict[str, Any]:
    """Ask where alarms and reports shall go, send a test message if wanted, and return the recipient."""
    say(_("Where shall I reach you? Alarms, reminders and reports go there."))
    channels = {each["channel"]: each for each in client.get("/connectors")}
    channel = _choice(_("Channel"), [name for name in channels if name != "sandbox"])
    account_id = _account(connect, channels[channel])
    to = _recipient(client, channel, account_id)
    body = {"channel": channel, "account_id": account_id, "to": to}
    if confirm(_("Send a test message first?")):
        _send_test(client, body)
    return client.put("/settings/default-notify", {**body, "language": language or reader_language.get()})


def _choice(label: str, names: Sequence[str]) -> str:
    """Ask for one of several names, by its number or itself."""
    for number, name in enumerate(names, 1):
        say(f"  {number}. {name}")
    while True:
        answer = ask(label).strip()
        if answer.isdecimal() and 0 < int(answer) <= len(names):
            return names[int(answer) - 1]
        if answer in names:
            return answer
        warn(_("Write one of the numbers above."))


def _account(connect: Connect, channel: dict[str, Any]) -> str:
    accounts = [each["account_id"] for each in channel["accounts"] if each["enabled"]]
    if len(accounts) > 1:
        return _choice(_("Account"), accounts)
    if accounts:
        return accounts[0]
    account_id = ask(_("Your name for the account, such as bot_a01")).strip()
    connect(channel["channel"], account_id)
    return account_id


def _recipient(client: Client, channel: str, account_id: str) -> str:
    """Ask for the chat; those that wrote recently are offered."""
    try:
        chats: list[dict[str, Any]] = client.post(f"/connectors/{channel}/accounts/{account_id}/chats")
    except CliError as error:
        warn(error.message)
        chats = []
    for number, chat in enumerate(chats, 1):
        say(f"  {number}. {chat['title']} ({chat['chat_id']})")
    label = _("Number of the chat, or its id") if chats else _("Recipient: chat, number or address")
    answer = ask(label).strip()
    if answer.isdecimal() and 0 < int(answer) <= len(chats):
        return str(chats[int(answer) - 1]["chat_id"])
    return answer


def _send_test(client: Client, recipient: dict[str, str]) -> None:
    path = f"/connectors/{recipient['channel']}/accounts/{recipient['account_id']}/messages"
    text = _("This is a test: alarms and reports of Multi-Job will arrive here.")
    sent = client.post(path, {"to": recipient["to"], "text": str(text)})
    until = time.monotonic() + TEST_SEC
    while sent["state"] not in _SETTLED and time.monotonic() < until:
        time.sleep(0.5)
        sent = client.get(f"/messages/{sent['id']}")
    if sent["state"] == "delivered":
        say(_("The test message was delivered."))
        return
    warn(_("The test message is {state}: {error}", state=sent["state"], error=sent["error"] or "–"))
    if not confirm(_("Use this recipient all the same?")):
        raise CliError(_("Nothing was changed."))
