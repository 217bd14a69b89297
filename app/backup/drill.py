"""A restore drill: restores a file into an empty Redis, reads everything back, and compares.

The Redis, its SECRET_KEY and its data folder are for the drill alone; nothing of the live deployment is read
but SECRET_KEY, for exports whose secrets it has sealed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from app.backup.drill_content import DrillContents
from app.backup.format import LINES
from app.backup.full_reader import FullReader
from app.backup.items import RestoreItems
from app.backup.restore import Restore, RestoreOptions
from app.backup.sources import ExportReader
from app.core.access.audit.verification import AuditVerifier
from app.core.clock import from_ms
from app.core.config import Durability
from app.core.i18n import Message, _
from app.core.redis_client import check_server, open_shards, whole_of
from app.core.secret_key.check import check_secret_key
from app.core.secret_keys import deployment_secrets, new_key
from app.core.secrets.sealing import SecretBox
from app.core.storage.layout import ensure_layout
from app.core.storage.migrations import ensure_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.backup.format import Line
    from app.backup.reader import Contents, ExportFile
    from app.backup.restore import OnProgress
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.files.exports import ExportHeader, Kind
    from app.core.storage.shards import Shard

MOST_NAMED = 20


@dataclass(slots=True)
class DrillSection:
    """The counts of one kind of records."""

    in_file: int = 0
    identical: int = 0
    over: int = 0
    """Their lifetime ended since the export: a restore leaves them out."""
    different: int = 0
    missing: int = 0
    extra: int = 0
    """Read back, and not in the file."""

    @property
    def has_differences(self) -> bool:
        """Return whether a record did not come back as it was."""
        return bool(self.different or self.missing or self.extra)


@dataclass(slots=True)
class DrillReport:
    """The result of a drill."""

    header: ExportHeader
    sections: dict[Kind, DrillSection]
    named: list[str] = field(default_factory=list[str])
    """The first records that did not come back as they were, with how."""
    opened: int = 0
    """Secrets that the restored deployment opened: of jobs, accounts, ping URLs, and the pepper."""
    unreadable: list[str] = field(default_factory=list[str])
    keys_valid: int = 0
    """API keys whose MAC is valid in the restored deployment."""
    keys_not_valid: list[str] = field(default_factory=list[str])
    """API keys that the exported deployment had refused already."""

    audit_entries: int = 0
    """Entries of the audit log whose chain was verified."""
    audit_problems: list[str] = field(default_factory=list[str])
    """Places of the restored audit log where its chain is broken."""

    @property
    def is_good(self) -> bool:
        """Return whether everything came back as it was, every secret opens, and the audit's chains hold."""
        differs = any(each.has_differences for each in self.sections.values())
        return not (differs or self.unreadable or self.audit_problems)

    def as_json(self) -> dict[str, Any]:
        """Return the report for programs."""
        return {
            "ok": self.is_good,
            "deployment": self.header.deployment,
            "made_by": self.header.made_by,
            "created_at": from_ms(self.header.created_at).isoformat(),
            "full": self.header.full,
            "sections": {kind: asdict(section) for kind, section in self.sections.items()},
            "differences": self.named,
            "secrets_opened": self.opened,
            "secrets_unreadable": self.unreadable,
            "api_keys_valid": self.keys_valid,
            "api_keys_not_valid": self.keys_not_valid,
            "audit_entries_verified": self.audit_entries,
            "audit_problems": self.audit_problems,
        }

    def problems(self) -> list[Message]:
        """Return what failed, as sentences."""
        found: list[Message] = []
        if self.named:
            found.append(_("Not as in the file: {records}.", records=", ".join(self.named)))
        if self.unreadable:
            found.append(
                _("Secrets that no known key opens: {names}.", names=", ".join(self.unreadable[:MOST_NAMED]))
            )
        if self.audit_problems:
            named = ", ".join(self.audit_problems[:MOST_NAMED])
            found.append(_("The chain of the audit log is broken: {places}.", places=named))
        return found


def drill_settings(settings: Settings, header: ExportHeader, redis_url: str, home: Path) -> Settings:
    """Return settings of the drill's deployment: nothing in them leads to the live one."""
    own: dict[str, Any] = {
        "redis_url": redis_url,
        "namespace": header.deployment,
        "multi_job_home": home,
        "secret_key": SecretStr(new_key()),
        "durability": Durability.FAST,
    }
    unset: dict[str, Any] = {
        **dict.fromkeys(("redis_password", "secret_key_previous", "api_keys"), SecretStr("")),
        **dict.fromkeys(("redis_password_file", "files_root"), None),
        "shards": 1,
        "shard_urls": [],
        "artifacts_url": "",
        "default_notify": "",
    }
    return settings.model_copy(update={**own, **unset})


class Drill:
    """One drill, in an empty deployment. `live_keys` may open the secrets of an ordinary export."""

    def __init__(
        self,
        settings: Callable[[ExportHeader], Settings],
        clock: Clock,
        live_keys: Sequence[bytes],
        on_progress: OnProgress,
    ) -> None:
        self._settings_for = settings
        self._clock = clock
        self._live_keys = live_keys
        self._on_progress = on_progress

    async def run(self, file: ExportFile) -> DrillReport:
        """Restore, read back, compare; raises ExportDamaged."""
        contents = file.verify()
        settings = self._settings_for(contents.header)
        shards = await open_shards(settings, settings.request_patience_sec)
        try:
            await ensure_layout(shards, settings)
            home = shards.home
            await check_server(home.link)
            await ensure_schema(home.link, home.scripts)
            await check_secret_key(home.link, home.scripts, settings)
            return await self._restored(file, contents, whole_of(shards), settings)
        finally:
            await shards.close()

    async def _restored(
        self, file: ExportFile, contents: Contents, place: Shard, settings: Settings
    ) -> DrillReport:
        progress = self._on_progress
        parts = (place.link, place.scripts, self._clock, settings, progress)
        await Restore(*parts, other_keys=self._live_keys).run(file, RestoreOptions())
        comparison = _Comparison(contents.header)
        # A machine without any key opens nothing: the drill says so, by name.
        known = [*contents.secret_keys, *self._live_keys] or [new_key().encode()]
        there = self._side(contents, known, settings)
        comparison.read_file(file, there)
        here = self._side(contents, deployment_secrets(settings), settings)
        await comparison.read_back(self._reader(contents.header, place, settings), here)
        comparison.name_missing(file)
        if contents.header.full:
            audit = await AuditVerifier(place.link, place.scripts, settings).verify()
            comparison.report.audit_entries = sum(log.entries for log in audit.logs)
            comparison.report.audit_problems = [
                f"{log.log} {problem.number}: {problem.reason}"
                for log in audit.logs
                for problem in log.problems
            ]
        report = comparison.report
        report.opened, report.keys_not_valid = here.opened, there.not_valid
        report.unreadable = list(dict.fromkeys([*there.unreadable, *here.unreadable]))
        if "api_key" in report.sections:
            report.keys_valid = report.sections["api_key"].identical - len(there.not_valid)
        return report

    def _side(self, contents: Contents, keys: Sequence[bytes], settings: Settings) -> DrillContents:
        items = RestoreItems(contents.header, lambda: SecretBox(*keys), shards=settings.shards)
        return DrillContents(keys, items, self._clock.now_ms())

    def _reader(self, header: ExportHeader, place: Shard, settings: Settings) -> ExportReader:
        full = FullReader(place.link, place.scripts, self._clock, settings) if header.full else None
        return ExportReader(place.link, place.scripts, secrets=header.secrets, logs=header.logs, full=full)


class _Comparison:
    """Compares two sides by digest: 16 bytes a record stay in memory."""

    def __init__(self, header: ExportHeader) -> None:
        sections: dict[Kind, DrillSection] = {kind: DrillSection() for kind in header.kinds}
        sections.pop("secret_key", None)
        self.report = DrillReport(header, sections)
        self._expected: dict[int, int] = {}

    def read_file(self, file: ExportFile, contents: DrillContents) -> None:
        """Read the records of the file."""
        for line in file.records():
            if contents.is_own(line):
                continue
            section = self.report.sections[line.kind]
            section.in_file += 1
            if contents.is_over(line):
                section.over += 1
            else:
                self._expected[_place(line)] = _short(contents.digest(line))

    async def read_back(self, reader: ExportReader, contents: DrillContents) -> None:
        """Read the records of the restored deployment, and validate each like those of a file."""
        async for page in reader.pages(await reader.header()):
            for text in page.lines:
                line = LINES.validate_json(text)
                if not contents.is_own(line):
                    self._compare(line, contents)

    def _compare(self, line: Line, contents: DrillContents) -> None:
        section, expected = self.report.sections[line.kind], self._expected.pop(_place(line), None)
        if expected is None:
            section.extra += 1
            self._name(line, "extra")
        elif expected == _short(contents.digest(line)):
            section.identical += 1
        else:
            section.different += 1
            self._name(line, "different")

    def name_missing(self, file: ExportFile) -> None:
        """Count the records that were not read back."""
        for line in file.records() if self._expected else ():
            if self._expected.pop(_place(line), None) is not None:
                self.report.sections[line.kind].missing += 1
                self._name(line, "missing")

    def _name(self, line: Line, how: str) -> None:
        if len(self.report.named) < MOST_NAMED:
            self.report.named.append(f"{line.kind} {line.id} ({how})")


def _place(line: Line) -> int:
    return hash((line.kind, line.id))


def _short(digest: bytes) -> int:
    return int.from_bytes(digest[:16])
