"""Full backups and restore drills as jobs, run by a real worker's runner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.backup.reader import ExportFile
from app.backup.sealed_archive import opened_source
from app.core.access.audit import Audit, AuditFilter
from app.core.config import Settings
from app.core.files.artifacts import Artifacts
from app.core.models import RunStatus
from app.core.records import ArtifactKind, RunRecord
from app.core.secrets.hosts import BACKUP
from app.core.secrets.sealing import open_box
from app.core.secrets.store import SecretDraft, SecretStore
from app.core.storage.scripts import Scripts
from app.services.api.schemas.artifacts import PublishedBody, file_name
from tests.support.backup.backup_fixture import BACKUP_JOB
from tests.support.backup.machines import PASSPHRASE
from tests.support.jobs.job_harness import JobHarness
from tests.support.queue.bulk import Bulk
from tests.support.queue.queue_driver import QueueDriver

FULL = {"full": True, "passphrase": "secret:backup-key"}
VERIFY = {"of_job": BACKUP_JOB, "passphrase": "secret:backup-key"}


@pytest.fixture
async def harness(driver: QueueDriver, settings: Settings) -> JobHarness:
    return JobHarness(driver, settings)


@pytest.fixture
async def secrets(driver: QueueDriver, scripts: Scripts, settings: Settings, bulk: Bulk) -> SecretStore:
    await bulk.make_jobs(3)
    await bulk.make_runs(10)
    store = SecretStore(driver.link, scripts, driver.queue.clock, open_box(settings))
    await store.put(SecretDraft("backup-key", PASSPHRASE, [BACKUP]), "ana")
    await store.put(SecretDraft("shop-token", "shop-token-value-1", ["shop.example"]), "ana")
    return store


def passphrases_in(run: RunRecord) -> bool:
    return PASSPHRASE in repr(run)


@pytest.mark.usefixtures("secrets")
async def test_job_makes_a_full_backup(harness: JobHarness, driver: QueueDriver, settings: Settings) -> None:
    """A sealed file, listed as one with secrets; the passphrase is in no record, log or audit entry."""
    run = await harness.run("backup.export", FULL, job_id=BACKUP_JOB)
    assert run.status is RunStatus.SUCCESS, run.error
    path = settings.files_dir / run.output["file"]
    assert path.name.endswith(".jsonl.gz.age")
    assert run.output["counts"]["secret"] == 2
    with path.open("rb") as file:
        contents = ExportFile(opened_source(file, lambda: PASSPHRASE)).verify()
    assert contents.header.full
    assert contents.counts == {**contents.counts, **run.output["counts"]}
    (record,) = (await Artifacts(driver.link, driver.keys).list(ArtifactKind.EXPORT, None, None, 5)).items
    assert (record.files[0].secrets, record.files[0].sha256) == (True, run.output["sha256"])
    listed = PublishedBody.of(record)
    assert [each.media_type for each in listed.formats] == ["application/octet-stream"]
    assert file_name(record, record.files[0]).endswith(".jsonl.gz.age")
    assert PASSPHRASE not in str(await driver.snapshot())
    assert not passphrases_in(run)


@pytest.mark.usefixtures("secrets")
async def test_full_backup_of_a_job_is_audited(
    harness: JobHarness, driver: QueueDriver, scripts: Scripts, settings: Settings
) -> None:
    """The entry names the job that asked for it."""
    await harness.run("backup.export", FULL, job_id=BACKUP_JOB)
    audit = Audit(driver.link, scripts, driver.keys, driver.queue.clock, settings)
    page = await audit.list(AuditFilter(), None, 5)
    assert [(each.act.actor, each.act.action) for each in page.items] == [
        (f"job:{BACKUP_JOB}", "export_full")
    ]


@pytest.mark.usefixtures("secrets")
async def test_job_keeps_its_newest_full_backups(harness: JobHarness, settings: Settings) -> None:
    """Sealed and ordinary files of one job count together."""
    inputs: list[dict[str, Any]] = [{}, FULL, FULL]
    runs = [await harness.run("backup.export", {**each, "keep": 2}, job_id=BACKUP_JOB) for each in inputs]
    assert runs[-1].output["removed"] == [runs[0].output["file"]]
    left = sorted(path.name for path in settings.files_dir.rglob("*") if path.is_file())
    assert left == sorted(Path(run.output["file"]).name for run in runs[1:])


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"full": True}, "needs `passphrase`"),
        ({"passphrase": "secret:backup-key"}, "set `full`"),
        ({"full": True, "passphrase": PASSPHRASE}, "passphrase"),
    ],
)
async def test_inputs_of_a_full_backup_that_do_not_fit_are_refused(
    harness: JobHarness, inputs: dict[str, Any], said: str
) -> None:
    """A full backup has a passphrase, by the name of a secret, and nothing else has one."""
    run = await harness.run("backup.export", inputs, job_id=BACKUP_JOB)
    assert run.status is RunStatus.FAILED
    assert run.error is not None
    assert said in run.error["message"]
    assert PASSPHRASE not in run.error["message"]


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize(
    ("secret", "code"), [("unknown", "secret_missing"), ("shop-token", "secret_host_denied")]
)
async def test_secret_that_is_not_for_backups_seals_none(
    harness: JobHarness, settings: Settings, secret: str, code: str
) -> None:
    """The error has the command that makes one; no file is left."""
    run = await harness.run("backup.export", {**FULL, "passphrase": f"secret:{secret}"}, job_id=BACKUP_JOB)
    assert run.error is not None
    assert (run.error["code"], run.error["retryable"]) == (code, False)
    assert f"multi-job secrets set {secret} --backup" in run.error["message"]
    assert [path for path in settings.files_dir.rglob("*") if path.is_file()] == []


async def test_secret_of_backups_goes_to_no_host(
    harness: JobHarness, secrets: SecretStore, settings: Settings
) -> None:
    """Its only host is a name that cannot exist."""
    info = await secrets.info("backup-key")
    assert info.hosts == (BACKUP,)
    assert BACKUP.endswith(".invalid")


@pytest.mark.usefixtures("secrets")
async def test_drill_of_the_newest_backup_runs_as_a_job(harness: JobHarness, driver: QueueDriver) -> None:
    """Its result is the report; the live deployment has its runs and nothing else of it."""
    exported = await harness.run("backup.export", FULL, job_id=BACKUP_JOB)
    run = await harness.run("backup.verify", VERIFY, job_id="drill")
    assert run.status is RunStatus.SUCCESS, run.error
    output = run.output
    assert output["full"]
    assert output["export"].startswith(f"{BACKUP_JOB}@")
    assert output["secrets_opened"] == 2
    sections = output["sections"]
    assert sections["run"]["identical"] == exported.output["counts"]["run"]
    assert not passphrases_in(run)
    by_id = await harness.run(
        "backup.verify", {"export": output["export"], "passphrase": VERIFY["passphrase"]}, job_id="drill"
    )
    assert by_id.status is RunStatus.SUCCESS, by_id.error


@pytest.mark.usefixtures("secrets")
async def test_drill_of_an_ordinary_backup_runs_as_a_job(harness: JobHarness, settings: Settings) -> None:
    """Without a passphrase; nothing of it stays in the data folder."""
    await harness.run("backup.export", {}, job_id=BACKUP_JOB)
    run = await harness.run("backup.verify", {"of_job": BACKUP_JOB}, job_id="drill")
    assert run.status is RunStatus.SUCCESS, run.error
    assert [path for path in settings.data_dir.iterdir() if path.name.startswith("drill-")] == []


async def test_drill_that_fails_fails_its_run(
    harness: JobHarness, driver: QueueDriver, secrets: SecretStore, settings: Settings
) -> None:
    """A secret that no key opens is named in the error: alarms are sent as for every failed run."""
    record = await driver.link.call("HGET", driver.keys.secrets, "shop-token")
    await driver.link.call(
        "HSET", driver.keys.secrets, "shop-token", record.replace('"sealed":"v2:', '"sealed":"v2:00')
    )
    await harness.run("backup.export", FULL, job_id=BACKUP_JOB)
    run = await harness.run("backup.verify", VERIFY, job_id="drill")
    assert run.status is RunStatus.FAILED
    assert run.error is not None
    assert (run.error["code"], run.error["retryable"]) == ("drill_failed", False)
    assert "secrets shop-token" in run.error["message"]


@pytest.mark.usefixtures("secrets")
async def test_drill_without_its_passphrase_fails(harness: JobHarness) -> None:
    """The error names the input; with another passphrase it says that this one does not open the file."""
    await harness.run("backup.export", FULL, job_id=BACKUP_JOB)
    run = await harness.run("backup.verify", {"of_job": BACKUP_JOB}, job_id="drill")
    assert run.error is not None
    assert "`passphrase`" in run.error["message"]


async def test_drill_with_another_passphrase_fails(harness: JobHarness, secrets: SecretStore) -> None:
    """Changed since, the secret does not open older files."""
    await harness.run("backup.export", FULL, job_id=BACKUP_JOB)
    await secrets.put(SecretDraft("backup-key", "another passphrase altogether"), "ana")
    run = await harness.run("backup.verify", VERIFY, job_id="drill")
    assert run.error is not None
    assert run.error["code"] == "drill_failed"
    assert "passphrase does not open" in run.error["message"]


async def test_drill_of_a_job_without_exports_fails(harness: JobHarness, settings: Settings) -> None:
    """There is nothing to restore, which is worth an alarm."""
    run = await harness.run("backup.verify", {"of_job": "nothing"}, job_id="drill", retry='{"max_retry":0}')
    assert run.status is RunStatus.FAILED
    assert run.error is not None
    assert run.error["code"] == "record_missing"
