"""What a plan needs that is not set up yet, and the one command or setting that mends it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from app.core.account_names import SANDBOX_INBOX, account_name
from app.core.connectors import SUPPORTED
from app.core.errors import NonRetryableError
from app.core.recipients import Wanted

if TYPE_CHECKING:
    from app.core.accounts import AccountStore
    from app.core.models import JobSpec
    from app.core.recipients import Recipients

T = TypeVar("T")

# Types that tell somebody something, and what it is called.
_TELL: Final = {
    "monitor.channel": ("Alarms go", "Alarm masuk"),
    "monitor.http": ("Alarms go", "Alarm masuk"),
    "report.daily": ("The report goes", "Laporan masuk"),
}


class Advisor:
    """Looks at what planned jobs speak through: accounts, recipients, the default one."""

    def __init__(self, accounts: AccountStore, recipients: Recipients) -> None:
        self._accounts = accounts
        self._recipients = recipients

    async def advise(self, specs: Sequence[JobSpec], beside: Awaitable[T]) -> tuple[T, list[tuple[str, ...]]]:
        """Return what `beside` gives, and for each job what is not set up: all in one round trip."""
        looks = [look for spec in specs for look in (self._watched(spec), self._told(spec))]
        # Side by side and not nested: what is asked in the same turn of the loop travels together.
        given, *told = await asyncio.gather(beside, *looks)
        texts = cast("list[str | None]", told)
        pairs = zip(texts[::2], texts[1::2], strict=True)
        return cast("T", given), [tuple(dict.fromkeys(text for text in pair if text)) for pair in pairs]

    async def _watched(self, spec: JobSpec) -> str | None:
        if spec.type != "monitor.channel":
            return None
        channel, account_id = str(spec.inputs["channel"]), str(spec.inputs["account_id"])
        if channel not in SUPPORTED:
            return (
                f"No connector serves {channel} yet: its checks say not_configured. / "
                f"Kanal {channel} belum didukung: pemeriksaannya melaporkan not_configured."
            )
        info = await self._accounts.info(channel, account_id)
        if info is not None and info.enabled:
            return None
        name, command = account_name(channel, account_id), f"multi-job connect {channel} {account_id}"
        state = "is not set up" if info is None else "is disabled"
        keadaan = "belum diatur" if info is None else "dinonaktifkan"
        return f"Account {name} {state}: {command} / Akun {name} {keadaan}: {command}"

    async def _told(self, spec: JobSpec) -> str | None:
        """Return why nobody would be told, or that it is the sandbox alone."""
        if spec.type not in {*_TELL, "message.send"}:
            return None
        wanted = _wanted(spec)
        try:
            recipient = await self._recipients.resolve(wanted)
        except NonRetryableError as error:
            return error.message
        if spec.type not in _TELL or recipient != SANDBOX_INBOX or wanted.channel == SANDBOX_INBOX.channel:
            return None
        what, apa = _TELL[spec.type]
        return (
            f"{what} to the sandbox inbox (GET /connectors/sandbox/messages) until a recipient is set: "
            "multi-job notify set, or DEFAULT_NOTIFY=channel:account:to. / "
            f"{apa} ke kotak masuk sandbox sampai penerima diatur: multi-job notify set, atau DEFAULT_NOTIFY."
        )


def _wanted(spec: JobSpec) -> Wanted:
    if spec.type == "message.send":
        return _of(spec.inputs, fallback=False)
    notify: Any = spec.inputs.get("notify")
    said = dict(cast("dict[str, Any]", notify)) if isinstance(notify, dict) else {}
    if said and spec.type == "monitor.channel" and said.get("channel") == spec.inputs.get("channel"):
        # A monitor alarms through the account that it watches, where the channel is the same.
        said["account_id"] = said.get("account_id") or spec.inputs.get("account_id")
    return _of(said, fallback=True)


def _of(said: dict[str, Any], *, fallback: bool) -> Wanted:
    return Wanted(said.get("channel"), said.get("account_id"), said.get("to"), fallback_sandbox=fallback)
