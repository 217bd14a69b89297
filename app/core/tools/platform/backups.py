"""Full backups and restore drills of jobs. The passphrase stays in the worker: no handler sees it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import orjson

from app.core.access.audit import Audit, AuditedAction, AuditOutcome
from app.core.errors import InvalidInput, NonRetryableError, RecordMissing
from app.core.files.artifacts import Artifacts
from app.core.files.contents import ArtifactContents
from app.core.files.exports import SEALED_MAGIC
from app.core.i18n import _
from app.core.records import ArtifactKind
from app.core.redaction import redactor
from app.core.secrets.hosts import BACKUP
from app.core.secrets.store import SecretReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.config import Settings
    from app.core.files.artifacts import ArtifactRecord
    from app.core.policies import Allowance
    from app.core.secrets.sealing import SecretBox
    from app.core.tools.base import ToolDependencies

# The drill is a command in a process of its own: parsing and comparing would block the worker's loop.
_DRILL = ("-m", "app.cli", "--lang", "en", "restore")
_END_SEC = 10.0
_MOST_OUTPUT_CHARS = 2_000


class SealedExports(Protocol):
    """The full backups of one attempt; `app.backup` implements it."""

    async def begin_sealed(self, passphrase: str, logs: bool) -> tuple[int, dict[str, Any]]: ...

    async def sealed_page(self, number: int) -> dict[str, Any] | None: ...


class BackupCalls:
    """The calls of one attempt."""

    def __init__(
        self,
        exports: SealedExports,
        dependencies: ToolDependencies,
        allowance: Allowance,
        job_id: Callable[[], str],
    ) -> None:
        whole, home = dependencies.whole, dependencies.home
        self._exports = exports
        self._settings = dependencies.settings
        self._clock = dependencies.clock
        self._whole = whole
        self._secrets = SecretReader(home.link, home.keys, lambda: _box(dependencies.settings))
        self._audit = Audit(
            *(whole.link, whole.scripts, whole.keys, dependencies.clock), dependencies.settings
        )
        self._allowance = allowance
        self._job_id = job_id

    async def perform(self, op: str, args: tuple[Any, ...]) -> Any:
        """Perform a call; InvalidInput if there is none of this name and form."""
        match op, tuple(args):
            case "full_export", (str(secret), bool(logs)):
                return await self._begin(secret, logs)
            case "full_export_page", (int(number),):
                return await self._exports.sealed_page(number)
            case "verify_export", (str(export), str(of_job), str(secret)):
                return await self._verify(export, of_job, secret)
            case _:
                raise InvalidInput(f"platform.{op} does not take these {len(args)} arguments")

    async def _begin(self, secret: str, logs: bool) -> tuple[int, dict[str, Any]]:
        passphrase = await self._passphrase(secret)
        act = AuditedAction(
            f"job:{self._job_id()}", "", "export_full", f"job:{self._job_id()}", AuditOutcome.OK, "worker"
        )
        await self._audit.write(act)
        return await self._exports.begin_sealed(passphrase, logs)

    async def _passphrase(self, name: str) -> str:
        """Return the value of a secret that an admin has made for backups."""
        self._allowance.require("secrets", name)
        record = (await self._secrets.records()).get(name)
        command = f"multi-job secrets set {name} --backup"
        if record is None:
            raise NonRetryableError(
                _("There is no secret {name!r}: `{command}` sets it.", name=name, command=command),
                code="secret_missing",
            )
        if BACKUP not in record.info.hosts:
            raise NonRetryableError(
                _(
                    "Secret {name!r} is not for backups: `{command}` makes one that is.",
                    name=name,
                    command=command,
                ),
                code="secret_host_denied",
            )
        value = self._secrets.opened(record)
        redactor.register(value)
        return value

    async def _verify(self, export: str, of_job: str, secret: str) -> dict[str, Any]:
        record = await self._record(export, of_job)
        passphrase = await self._passphrase(secret) if secret else ""
        self._settings.data_dir.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="drill-", dir=self._settings.data_dir))
        try:
            path = folder / "export"
            await self._copy(record, path)
            report = await _drilled(path, passphrase, self._settings)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        return {"export": record.id, **report}

    async def _record(self, export: str, of_job: str) -> ArtifactRecord:
        artifacts = Artifacts(self._whole.link, self._whole.keys)
        if export:
            return await artifacts.get(ArtifactKind.EXPORT, export)
        page = await artifacts.list(ArtifactKind.EXPORT, of_job, None, 1)
        if not page.items:
            raise RecordMissing(ArtifactKind.EXPORT, of_job)
        return page.items[0]

    async def _copy(self, record: ArtifactRecord, path: Path) -> None:
        contents = ArtifactContents(self._whole.link, self._whole.keys, self._settings, self._clock)
        content = await contents.open(record, record.files[0])
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            async for piece in content.read():
                await asyncio.to_thread(file.write, piece)


async def _drilled(path: Path, passphrase: str, settings: Settings) -> dict[str, Any]:
    """Run the drill and return its report; raises NonRetryableError if there is none."""
    with path.open("rb") as file:
        is_sealed = file.read(len(SEALED_MAGIC)) == SEALED_MAGIC
    if is_sealed and not passphrase:
        raise NonRetryableError(
            _("This export is sealed: the input `passphrase` names its secret, such as secret:NAME."),
            code="invalid_input",
        )
    words = [*_DRILL, str(path), "--verify", "--json", *(["--passphrase-file", "-"] if is_sealed else [])]
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdin=pipe, stdout=pipe, stderr=pipe, env=_environment(path, settings)
    )
    try:
        out, err = await child.communicate(f"{passphrase}\n".encode())
    except BaseException:
        await _end(child)
        raise
    with suppress(orjson.JSONDecodeError):
        report: Any = orjson.loads(out)
        if isinstance(report, dict) and "sections" in report:
            return cast("dict[str, Any]", report)
    said = (err or out).decode(errors="replace").strip()[-_MOST_OUTPUT_CHARS:]
    raise NonRetryableError(
        _("The restore drill did not end (exit code {code}): {said}", code=child.returncode or 0, said=said),
        code="drill_failed",
    )


def _environment(path: Path, settings: Settings) -> dict[str, str]:
    own = {"MULTI_JOB_HOME": str(settings.multi_job_home), "TMPDIR": str(path.parent)}
    keys = {"SECRET_KEY": settings.secret_key, "SECRET_KEY_PREVIOUS": settings.secret_key_previous}
    given = {name: value.get_secret_value() for name, value in keys.items() if value.get_secret_value()}
    return {**os.environ, **own, **given}


async def _end(child: asyncio.subprocess.Process) -> None:
    """End a drill whose run is over; it ends its own Redis first."""
    with suppress(ProcessLookupError):
        child.terminate()
    try:
        await asyncio.wait_for(child.wait(), _END_SEC)
    except TimeoutError:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()


def _box(settings: Settings) -> SecretBox:
    # Imported at the first secret: ciphers take megabytes, and few jobs use one.
    from app.core.secrets.sealing import open_box  # noqa: PLC0415

    return open_box(settings)
