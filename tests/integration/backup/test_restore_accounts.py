"""Restore of accounts: secrets only on request, and only with their key."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pydantic import SecretStr

from app.backup.reader import ExportFile
from app.backup.report import RestoreOutcome
from app.cli.commands.restore import _remarks  # pyright: ignore[reportPrivateUsage]
from app.core.config import Settings
from app.core.errors import RestoreRefused
from app.core.messaging.accounts import AccountDraft, AccountStore
from app.core.secret_keys import deployment_secrets, fingerprint
from app.core.secrets.sealing import SecretBox, sealing_key_of
from tests.support.backup.backup_fixture import BackupFixture

TOKEN = "123456:" + "A" * 35


def telegram(account_id: str = "bot_a01", **changes: Any) -> AccountDraft:
    return AccountDraft("telegram", account_id, secrets={"token": TOKEN}, default_to="42", **changes)


async def test_accounts_come_back_with_their_secrets(
    deployment: BackupFixture, accounts: AccountStore
) -> None:
    """With secrets in the export the account is the one it was, opened and all."""
    before = await accounts.put(telegram(), "ana")
    export = await deployment.export(secrets=True)
    await deployment.wipe()
    report = await deployment.restore(export)
    assert await accounts.get("telegram", "bot_a01") == before
    assert await accounts.revisions() == {"sandbox:default": 0, "telegram:bot_a01": before.revision}
    assert report.notes.without_secrets == []


async def test_an_export_without_secrets_says_so(deployment: BackupFixture, accounts: AccountStore) -> None:
    """No trace of a secret is in it, sealed or not; the account comes back without, and is named."""
    await accounts.put(telegram(), "ana")
    sealed = await deployment.link.call("HGET", deployment.keys.account("telegram:bot_a01"), "secret:token")
    export = await deployment.export(secrets=False)
    text = "".join(line.model_dump_json() for line in _records(export))
    assert not any(found in text for found in (TOKEN, sealed, TOKEN[-4:]))
    await deployment.wipe()
    report = await deployment.restore(export)
    assert report.notes.without_secrets == ["telegram:bot_a01"]
    account = await accounts.get("telegram", "bot_a01")
    assert (account.secrets, account.default_to) == ({}, "42")


async def test_secrets_in_an_export_stay_sealed(deployment: BackupFixture, accounts: AccountStore) -> None:
    """Who has the file and no SECRET_KEY has no secret."""
    await accounts.put(telegram(), "ana")
    export = await deployment.export(secrets=True)
    assert TOKEN not in "".join(line.model_dump_json() for line in _records(export))


async def test_another_secret_key_brings_accounts_back_without_secrets(
    deployment: BackupFixture, accounts: AccountStore, settings: Settings
) -> None:
    """What cannot be opened is left out, and the account named, in place of failing at its first use."""
    await accounts.put(telegram(), "ana")
    export = await deployment.export(secrets=True)
    await deployment.wipe()
    other = settings.model_copy(
        update={"secret_key": type(settings.secret_key)("x" * 40)},
    )
    report = await deployment.restore(export, settings=other)
    assert report.notes.without_secrets == ["telegram:bot_a01"]
    info = await accounts.info("telegram", "bot_a01")
    assert info is not None
    assert info.secret_names == ()


async def test_export_of_before_a_rotation_needs_the_key_of_then(
    deployment: BackupFixture, accounts: AccountStore, settings: Settings
) -> None:
    """Without it the report names the key; with it as the previous one, all comes back under the new key."""
    await accounts.put(telegram(), "ana")
    export, old = await deployment.export(secrets=True), deployment_secrets(settings)[0]
    await deployment.wipe()
    new = settings.model_copy(update={"secret_key": SecretStr("n" * 40)})
    key_id = fingerprint(b"n" * 40)
    await deployment.link.call("HSET", deployment.keys.secret_key, "id", key_id)
    report = await deployment.restore(export, settings=new)
    assert report.notes.other_keys == [fingerprint(old)]
    assert any(fingerprint(old) in text for text in _remarks(report))
    both = new.model_copy(update={"secret_key_previous": SecretStr(old.decode())})
    for _ in range(2):
        report = await deployment.restore(export, settings=both, overwrite=True)
        assert (report.notes.other_keys, report.notes.without_secrets) == ([], [])
    assert report.tally.of("account")[RestoreOutcome.SAME] == 1
    sealed = await deployment.link.call("HGET", deployment.keys.account("telegram:bot_a01"), "secret:token")
    assert sealing_key_of(sealed) == key_id
    assert SecretBox(b"n" * 40).open(sealed, "telegram:bot_a01:token") == TOKEN


async def test_restore_waits_for_the_end_of_a_rotation(
    deployment: BackupFixture, accounts: AccountStore
) -> None:
    """What it writes could be sealed by the key that is about to go."""
    await accounts.put(telegram(), "ana")
    export = await deployment.export(secrets=True)
    await deployment.link.call("HSET", deployment.keys.secret_key, "id", "a" * 16, "previous", "b" * 16)
    with pytest.raises(RestoreRefused, match="rotate-key"):
        await deployment.restore(export)


async def test_stored_secrets_outlive_an_export_without_them(
    deployment: BackupFixture, accounts: AccountStore
) -> None:
    """Restored over an account that has its secret, the account changes and the secret stays."""
    await accounts.put(telegram(), "ana")
    export = await deployment.export(secrets=False)
    changed = await accounts.put(AccountDraft("telegram", "bot_a01", default_to="99"), "ana")
    await deployment.restore(export, overwrite=True)
    account = await accounts.get("telegram", "bot_a01")
    assert (account.default_to, account.secrets) == ("42", {"token": TOKEN})
    assert account.revision > changed.revision


def _records(export: bytes) -> list[Any]:
    file = ExportFile(io.BytesIO(export))
    file.verify()
    return list(file.records())
