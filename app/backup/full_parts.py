"""The parts that only a full backup has, as a table: one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

import orjson
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.backup.audit_entries import CHAIN, ENTRIES, check_record
from app.core.secret_keys import fingerprint
from app.core.secrets.store import SecretRecord

if TYPE_CHECKING:
    from app.core.files.exports import Kind
    from app.core.storage.keys import Keys

Seal: TypeAlias = Literal["none", "secret", "api_key", "pepper"]
"""How a record is bound to SECRET_KEY, so that a restore renews it under the key of its own machine."""


@dataclass(frozen=True, slots=True)
class FullPart:
    """One part: records of a hash, a text, or a log. `lua/restore/full.lua` has the same families."""

    family: str
    kind: Kind
    check: Callable[[str, str], object]
    """Raises ValueError, KeyError or TypeError unless name and text are a record of this part."""
    seal: Seal = "none"
    hash_key: Callable[[Keys], str] | None = None
    """The hash to read; None if the reader has code of its own."""


def _secret_key(name: str, text: str) -> None:
    _require(fingerprint(text.encode()) == name)


def _api_key(_name: str, text: str) -> None:
    fields: dict[str, Any] = orjson.loads(text)
    _require(isinstance(fields["digest"], str) and isinstance(fields["name"], str))


def _pepper(name: str, text: str) -> None:
    _require(name == "pepper" and text.startswith(("v1:", "v2:")))


def _instant(_name: str, text: str) -> None:
    _require(text.isdecimal())


def _require(holds: object) -> None:
    if not holds:
        raise ValueError("it is no record of its part")


FULL_PARTS: tuple[FullPart, ...] = (
    FullPart("secret_key", "secret_key", _secret_key),
    # First the pepper and the keys: from then on the deployment is closed to everyone else.
    FullPart("api_keys_pepper", "access", _pepper, "pepper"),
    FullPart("api_keys", "api_key", _api_key, "api_key"),
    FullPart("api_keys_used", "access", _instant, hash_key=lambda keys: keys.api_keys_used),
    FullPart("secrets", "secret", SecretRecord.of, "secret", hash_key=lambda keys: keys.secrets),
    FullPart(CHAIN, "access", check_record),
    FullPart(ENTRIES, "audit", check_record),
)
PART_OF: dict[str, FullPart] = {part.family: part for part in FULL_PARTS}


class FullLine(BaseModel):
    """A record of one of these parts."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: Literal["secret_key", "access", "api_key", "secret", "audit"]
    family: Annotated[str, Field(max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=1_000)]
    text: str

    @model_validator(mode="after")
    def _holds(self) -> Self:
        part = PART_OF.get(self.family)
        if part is None or part.kind != self.kind:
            raise ValueError("there is no such part")
        part.check(self.name, self.text)
        return self

    @property
    def id(self) -> str:
        return f"{self.family} {self.name}"
