"""Renews what a full backup holds: under the keys of the machine that restores it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from app.backup.full_parts import PART_OF
from app.core.access.records import RecordSeal, opened_pepper, packed, sealed_pepper, unpacked
from app.core.errors import SecretUnreadable
from app.core.secret_keys import fingerprint
from app.core.secrets.sealing import SecretBox
from app.core.secrets.store import context_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.backup.full_parts import FullLine
    from app.core.redis_client import Arg


@dataclass(frozen=True, slots=True)
class FullKeys:
    """The keys of a restore. `own` has the current one first; `archived` are those in the file."""

    own: Sequence[bytes]
    archived: Sequence[bytes]
    stored_pepper: str | None
    """The pepper of this deployment, sealed."""

    @property
    def box(self) -> SecretBox:
        """Return a box that opens values of both machines."""
        return SecretBox(*self.own, *self.archived)

    def sealing(self, key_id: str) -> bytes:
        """Return the key to seal with: the deployment's, or the current one of this machine."""
        return next((key for key in self.own if fingerprint(key) == key_id), self.own[0])


@dataclass(slots=True)
class FullItems:
    """Makes the arguments of `restore/full`. A record that no key opens is restored as it is, and named."""

    keys: FullKeys
    key_id: str
    unreadable: list[str] = field(default_factory=list[str])
    """Secrets, API keys and peppers that neither machine can use."""
    _box: SecretBox = field(init=False)
    _seals: tuple[RecordSeal, RecordSeal] = field(init=False)

    def __post_init__(self) -> None:
        current = self.keys.sealing(self.key_id)
        self.key_id = fingerprint(current)
        self._box = self.keys.box
        self._seals = RecordSeal([current]), RecordSeal([*self.keys.own, *self.keys.archived])

    def values(self, line: FullLine) -> list[Arg]:
        """Return a record's values."""
        return [line.family, line.name, self._renewed(line)]

    def _renewed(self, line: FullLine) -> str:
        match PART_OF[line.family].seal:
            case "none":
                return line.text
            case "secret":
                return self._secret(line)
            case "api_key":
                return self._api_key(line)
            case "pepper":
                return self._pepper(line)

    def _secret(self, line: FullLine) -> str:
        fields: dict[str, Any] = orjson.loads(line.text)
        sealed, context = fields["sealed"], context_of(line.name)
        try:
            if self._box.opens_under(sealed, context, self.key_id):
                return line.text
            fields["sealed"] = self._box.reseal(sealed, context, self.key_id)
        except SecretUnreadable:
            self.unreadable.append(line.id)
            return line.text
        return orjson.dumps(fields).decode()

    def _api_key(self, line: FullLine) -> str:
        current, known = self._seals
        if unpacked(line.name, line.text, current).valid:
            return line.text
        key = unpacked(line.name, line.text, known)
        if not key.valid:
            # No deployment has made it. It stays refused, and must not get a MAC here.
            self.unreadable.append(line.id)
            return line.text
        return packed(key, current)

    def _pepper(self, line: FullLine) -> str:
        pepper = opened_pepper(line.text, [*self.keys.own, *self.keys.archived])
        if pepper is None:
            self.unreadable.append(line.id)
            return line.text
        stored = self.keys.stored_pepper
        current = self.keys.sealing(self.key_id)
        if stored is not None and opened_pepper(stored, [current]) == pepper:
            # The same pepper under another nonce.
            return stored
        return sealed_pepper(pepper, current)
