"""Which dead letters somebody decides about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.models import is_run_id
from app.core.record_reads import read_fields

if TYPE_CHECKING:
    from app.core.keys import Keys
    from app.core.redis_client import RedisLink


_FIELDS = ("attempt", "type", "ended", "seq", "dead", "status")


@dataclass(frozen=True, slots=True)
class Choice:
    """Letters by id, by group, or all that fit; `since_ms`, `until_ms` (exclusive) are about a run's end."""

    run_ids: list[str] | None = None
    fingerprint: str | None = None
    job_id: str | None = None
    type: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None

    def accepts(self, letter: Letter) -> bool:
        """Tell whether a letter of the index fits."""
        return (
            self.type in {None, letter.type}
            and (self.since_ms is None or letter.ended_at >= self.since_ms)
            and (self.until_ms is None or letter.ended_at < self.until_ms)
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter as it was read; a decision about it is void once its attempt is another."""

    run_id: str
    attempt: int
    type: str
    ended_at: int
    seq: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A run about which nothing was decided, and why."""

    run_id: str
    code: str


async def letters_of(
    link: RedisLink, keys: Keys, choice: Choice, until_ms: int | None
) -> tuple[list[Letter], list[Refused]]:
    """Return the letters of a choice, oldest first, and named runs that are none.

    What ended after `until_ms` is left alone: it failed again since the caller first asked.
    """
    named = choice.run_ids is not None
    ids = list(dict.fromkeys(choice.run_ids or ())) if named else await _listed(link, keys, choice)
    possible = [run_id for run_id in ids if is_run_id(run_id)]
    letters: list[Letter] = []
    refused = [Refused(run_id, "run_not_found") for run_id in ids if not is_run_id(run_id)]
    rows = await read_fields(link, [keys.run(run_id) for run_id in possible], *_FIELDS)
    for run_id, row in zip(possible, rows, strict=True):
        letter = _letter(run_id, row)
        if letter is None:
            refused.append(Refused(run_id, "no_dead_letter" if "status" in row else "run_not_found"))
        elif until_ms is not None and letter.ended_at > until_ms:
            refused.append(Refused(run_id, "changed"))
        elif named or choice.accepts(letter):
            letters.append(letter)
    letters.sort(key=lambda letter: letter.seq)
    return letters, refused if named else []


async def _listed(link: RedisLink, keys: Keys, choice: Choice) -> list[str]:
    if choice.fingerprint is not None:
        index = keys.dead_group(choice.fingerprint)
    else:
        index = keys.dead if choice.job_id is None else keys.dead_job(choice.job_id)
    return await link.call("ZRANGE", index, 0, -1)


def _letter(run_id: str, row: dict[str, str]) -> Letter | None:
    if "dead" not in row:
        return None
    return Letter(
        run_id=run_id,
        attempt=int(row.get("attempt", 0)),
        type=row["type"],
        ended_at=int(row.get("ended", 0)),
        seq=int(row["seq"]),
    )
