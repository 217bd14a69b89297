"""Doctor checks of accounts, their secrets, and messages with an unknown outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.doctor.findings import NAMED, Finding, failed, ok, warning
from app.core.errors import SecretUnreadable
from app.core.i18n import _, concat
from app.core.incidents.remedies import RemedyAction, remedy
from app.core.messaging.accounts import AccountStore
from app.core.messaging.checks import AccountChecks
from app.core.messaging.outbox import OutboxState
from app.core.recipient import account_name
from app.core.secrets.sealing import open_box

if TYPE_CHECKING:
    from app.cli.direct import Deployment
    from app.core.connectors.base import AccountHealth
    from app.core.messaging.account_models import AccountInfo


async def diagnose_channels(deployment: Deployment) -> list[Finding]:
    """Check the accounts' last known state, whether their secrets open, and the outbox."""
    if not _has_secret(deployment):
        return [await _without_secret(deployment), await _messages(deployment)]
    store = AccountStore(
        deployment.link, deployment.scripts, deployment.keys, deployment.clock, open_box(deployment.settings)
    )
    infos = [info for info in await store.infos() if info.enabled]
    checks = AccountChecks(deployment.link, deployment.scripts, deployment.keys, deployment.clock)
    last = await checks.last([info.name for info in infos])
    return [
        _accounts(infos, last),
        await _secrets(store, infos),
        *_groups(infos),
        *await _default(deployment, infos),
        await _messages(deployment),
    ]


def _accounts(infos: list[AccountInfo], last: dict[str, AccountHealth]) -> Finding:
    bad = [(info, last[info.name]) for info in infos if info.name in last and last[info.name].state != "up"]
    if not bad:
        return ok("accounts", _("{count} in use", count=len(infos)))
    answer = bad[0][1]
    names = ", ".join(f"{each.name} {found.state}" for each, found in bad)
    actions = [remedy(RemedyAction.SET_UP_ACCOUNT, each.name) for each, _found in bad]
    return warning(
        "accounts", concat(names, ": ", answer.detail), answer.command or actions[0].command, *actions[:NAMED]
    )


def _groups(infos: list[AccountInfo]) -> list[Finding]:
    """Report accounts whose groups can only read, because no person is named."""
    found = [info for info in infos if info.has_unnamed_groups]
    if not found:
        return []
    names, first = ", ".join(info.name for info in found), found[0]
    seen = _("{accounts}: no person may act in groups, members can only read", accounts=names)
    return [warning("chat-users", seen, f"multi-job chat-users add {first.channel} {first.account_id} ID")]


async def _secrets(store: AccountStore, infos: list[AccountInfo]) -> Finding:
    for info in infos:
        try:
            await store.find(info.channel, info.account_id)
        except SecretUnreadable as error:
            remedy = _(
                "set SECRET_KEY back, or: {command}",
                command=f"multi-job connect {info.channel} {info.account_id}",
            )
            return failed("secrets", error.message, remedy)
    return ok("secrets", _("those of all accounts can be read"))


async def _default(deployment: Deployment, infos: list[AccountInfo]) -> list[Finding]:
    wanted = await deployment.default_notify().current()
    if wanted is None or account_name(wanted.channel, wanted.account_id) in {info.name for info in infos}:
        return []
    action = remedy(RemedyAction.SET_UP_ACCOUNT, wanted.account)
    return [
        warning(
            "DEFAULT_NOTIFY",
            _("there is no account {account}", account=wanted.account),
            action.command,
            action,
        )
    ]


async def _messages(deployment: Deployment) -> Finding:
    count = await deployment.link.call("ZCARD", deployment.keys.outbox_state(OutboxState.UNKNOWN))
    if not count:
        return ok("messages", _("none of unknown outcome"))
    remedy = _("multi-job messages --state unknown; then messages resend ID or messages close ID")
    return warning("messages", _("{count:,} may have arrived or not", count=count), remedy)


def _has_secret(deployment: Deployment) -> bool:
    # A check must not create the file that the first service creates.
    given = deployment.settings.secret_key.get_secret_value()
    return bool(given) or (deployment.settings.data_dir / "secret.key").exists()


async def _without_secret(deployment: Deployment) -> Finding:
    if not await deployment.link.call("EXISTS", deployment.keys.accounts):
        return ok("secrets", _("none yet"))
    file = deployment.settings.data_dir / "secret.key"
    seen = _("there are accounts, but neither SECRET_KEY nor {file}", file=file)
    return failed("secrets", seen, _("set SECRET_KEY or MULTI_JOB_HOME to what the services have"))
