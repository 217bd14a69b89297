"""An outbox in prepared states, with its senders."""

from __future__ import annotations

from typing import Any

from app.core.connectors.messages import ProviderReport, ProviderState
from app.core.messaging.outbox import Outbox, OutboxEntry, OutboxState

ME = "connector-here-1-abcd"
"""The process that sends."""
ACCOUNT = ("telegram", "bot_a01")


async def put(outbox: Outbox, entry_id: str = "r:1", text: str = "halo", to: str = "42") -> OutboxEntry:
    return await outbox.put(entry_id, *ACCOUNT, to, text, job_id="job-a", run_id="r")


async def sending(outbox: Outbox, send_id: str = f"{ME}:1") -> OutboxEntry:
    """Leave a message in the hands of a sender."""
    await put(outbox)
    entry = await outbox.take(*ACCOUNT, send_id)
    assert entry is not None
    return entry


async def settled(outbox: Outbox, state: Any) -> OutboxEntry:
    """Leave a message in one of the states in which it waits for no connector."""
    entry = await sending(outbox)
    assert await outbox.settle(entry.id, f"{ME}:1", state, error="why", error_code="code") == "OK"
    return await stored(outbox, entry.id)


async def stored(outbox: Outbox, entry_id: str = "r:1") -> OutboxEntry:
    entry = await outbox.get(entry_id)
    assert entry is not None
    return entry


async def after(outbox: Outbox, source: OutboxState, act: str) -> OutboxState:
    """Bring a message of an account of its own into a state, act on it, and return its state."""
    account = ("telegram", f"{source}-{act}")
    entry_id, send_id = f"m:{account[1]}", f"{ME}:{account[1]}"
    await outbox.put(entry_id, *account, "42", "halo")
    if source is not OutboxState.PENDING:
        await outbox.take(*account, send_id)
    if source not in {OutboxState.PENDING, OutboxState.SENDING}:
        moved: Any = source
        await outbox.settle(entry_id, send_id, moved, provider_id="p-1", reported=True)
    await _act(outbox, act, entry_id, account, send_id)
    return (await stored(outbox, entry_id)).state


async def _act(outbox: Outbox, act: str, entry_id: str, account: tuple[str, str], send_id: str) -> None:
    match act:
        case "take":
            await outbox.take(*account, f"{send_id}x")
        case "close":
            await outbox.close(entry_id, "me")
        case "resend":
            await outbox.resend(entry_id)
        case "orphans":
            await outbox.orphans(*account, "")
        case "reported":
            await outbox.report(*account, ProviderReport("p-1", ProviderState.FAILED, 1, "why"))
        case "by_template":
            report = ProviderReport("p-1", ProviderState.FAILED, 1, "why", needs_template=True)
            await outbox.report(*account, report, has_template=True)
        case _:
            state: Any = OutboxState(act)
            await outbox.settle(entry_id, send_id, state)
