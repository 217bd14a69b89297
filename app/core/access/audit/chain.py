"""The hash chain of an audit log: entries, the signed head, and the keys behind both. No I/O.

Each entry has a MAC over its number, its position, its act and the MAC of the entry before it. The head has
the newest number and MAC, and those of the newest entry that was removed; it is signed too. Someone who can
write to Redis but does not know SECRET_KEY cannot change, remove or insert an entry without a trace.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import orjson

from app.core.access.audit.acts import AuditLog
from app.core.storage.scripts import script_row

_INFO = b"multi-job audit v1"
_MAC_CHARS = 32
"""128 bits."""
ENTRY_BYTES = 150
"""What an entry takes in Redis besides its act: chain, field lengths, its part of a node."""
MAX_BREAKS = 20
MICRO = 1_000
"""A position is the instant in microseconds; its last digit names the log, so that no two are equal."""
_PLACES = {AuditLog.PROTECTED: 1, AuditLog.ACTS: 2, AuditLog.REFUSED: 3}
_STEP = 10
_MOST = 2**53
"""Lua's numbers are exact below it."""


def chain_key(secret: bytes) -> bytes:
    """Return the key of MACs that belongs to a secret key of the deployment."""
    return hmac.digest(secret, _INFO, "sha256")


@script_row("access/audit")
class AuditEntry(NamedTuple):
    """An entry as it is stored: its place in the chain, and the act as JSON."""

    position: int
    """The id in the stream: microseconds. The cursor of lists, in the order of time across all logs."""
    number: int
    """1 for the first entry of a chain; one more for each."""
    key: str
    """The fingerprint of the secret key behind the MAC."""
    previous: str
    """The MAC of the entry before; the id of the chain for the first."""
    mac: str
    act: str

    @property
    def size(self) -> int:
        """Return what it counts towards the limit of its log, in bytes."""
        return len(self.act.encode()) + ENTRY_BYTES


class ChainBreak(NamedTuple):
    """A place at which the chain could not go on from its head, or removed entries that did not fit."""

    number: int
    """The first entry behind it."""
    at: int
    """Position."""
    reason: str
    link: str
    """What the entry behind it has as its `previous`; empty if the chain went on."""


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The signed head of a log."""

    chain: str
    """Id of this chain, random."""
    number: int = 0
    """The newest entry."""
    position: int = 0
    mac: str = ""
    removed: int = 0
    """The newest entry that was removed; those before it are gone too."""
    removed_mac: str = ""
    bytes: int = 0
    expired: int = 0
    """How many entries were removed because of their age."""
    dropped: int = 0
    """How many entries were removed because of the limit of bytes."""
    dropped_to: int = 0
    """Position of the newest of these."""
    breaks: tuple[ChainBreak, ...] = ()
    accepted: int = 0
    """A person has accepted what is broken up to this entry."""
    replaces: str = ""
    """Id of the chain that a restore has replaced with this one."""

    @classmethod
    def first(cls, chain: str) -> ChainHead:
        """Return the head of a chain without entries."""
        return cls(chain, mac=chain, removed_mac=chain)

    def broken(self, found: ChainBreak) -> ChainHead:
        """Return the head with a further break."""
        return replace(self, breaks=(*self.breaks, found)[-MAX_BREAKS:])


class ChainKeys:
    """Keys of MACs by the fingerprint of their secret key: this machine's, and those of earlier rotations."""

    def __init__(self, own: Mapping[str, bytes], earlier: Mapping[str, bytes]) -> None:
        self.own = own
        """The current one first. Heads are signed by these alone."""
        self.earlier = earlier

    def find(self, key_id: str) -> bytes | None:
        """Return a key; None if it is not known."""
        return self.own.get(key_id) or self.earlier.get(key_id)

    def to_sign(self, wanted: str) -> str:
        """Return the fingerprint to sign with: the wanted one if this machine has it, else its own."""
        return wanted if wanted in self.own else next(iter(self.own))


def link_acts(
    head: ChainHead,
    log: AuditLog,
    acts: Iterable[str],
    *,
    key_id: str,
    key: bytes,
    now_ms: int,
    after: int = 0,
) -> tuple[list[AuditEntry], ChainHead]:
    """Append acts to a chain: return their entries and the head behind them.

    Their positions are higher than `after`, and than those of the chain.
    """
    number, position, mac, size = head.number, max(head.position, after), head.mac, head.bytes
    entries: list[AuditEntry] = []
    place = _PLACES[log]
    for act in acts:
        number += 1
        # The clock may have gone back; positions rise.
        position = max(now_ms * MICRO + place, position - position % _STEP + _STEP + place)
        entry = AuditEntry(position, number, key_id, mac, "", act)
        mac = entry_mac(log, entry, key)
        entries.append(entry._replace(mac=mac))
        size += entry.size
    return entries, replace(head, number=number, position=position, mac=mac, bytes=size)


def entry_mac(log: str, entry: AuditEntry, key: bytes) -> str:
    """Return the MAC of an entry."""
    text = orjson.dumps([log, entry.number, entry.position, entry.key, entry.previous, entry.act])
    return hmac.digest(key, text, "sha256").hex()[:_MAC_CHARS]


def pack_head(log: str, head: ChainHead, key_id: str, key: bytes) -> str:
    """Return a head as it is stored, signed."""
    fields: dict[str, Any] = {name: getattr(head, name) for name in ChainHead.__slots__}
    fields |= {"breaks": [list(each) for each in head.breaks], "key": key_id}
    return orjson.dumps({**fields, "mac_of_head": _head_mac(log, fields, key)}).decode()


def unpack_head(log: str, text: str, keys: ChainKeys) -> ChainHead | None:
    """Return a stored head; None unless a key of this machine has signed exactly this text."""
    head = read_head(text)
    if head is None:
        return None
    key_id = orjson.loads(text).get("key")
    key = keys.own.get(key_id) if isinstance(key_id, str) else None
    if key is None or not hmac.compare_digest(pack_head(log, head, key_id, key).encode(), text.encode()):
        return None
    return head


def read_head(text: str) -> ChainHead | None:
    """Return a stored head without a check of its signature; None if it is not one."""
    try:
        fields: dict[str, Any] = orjson.loads(text)
        own = {name: fields[name] for name in ChainHead.__slots__}
        own["breaks"] = tuple(ChainBreak(*each) for each in own["breaks"])
        head = ChainHead(**own)
    except (ValueError, KeyError, TypeError):
        return None
    numbers = [head.number, head.position, head.removed, head.bytes, head.expired, head.dropped]
    numbers += [head.dropped_to, head.accepted]
    texts = [head.chain, head.mac, head.removed_mac, head.replaces]
    for each in head.breaks:
        numbers += [each.number, each.at]
        texts += [each.reason, each.link]
    is_whole = all(_is_number(each) for each in numbers) and all(_is_text(each) for each in texts)
    return head if is_whole else None


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < _MOST


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _head_mac(log: str, fields: Mapping[str, Any], key: bytes) -> str:
    text = orjson.dumps(["head", log, fields])
    return hmac.digest(key, text, "sha256").hex()


def read_entry(entry_id: str, flat: Sequence[str]) -> AuditEntry | None:
    """Return an entry of the stream; None if it has not exactly the fields of one."""
    position, _, second = entry_id.partition("-")
    names = AuditEntry._fields[1:]
    if second != "0" or tuple(flat[::2]) != names:
        return None
    number, key, previous, mac, act = flat[1::2]
    # Not isdigit alone: another way to write the same number is another text.
    if not number.isdigit() or str(int(number[:20])) != number:
        return None
    return AuditEntry(int(position), int(number), key, previous, mac, act)


class ChainProblem(NamedTuple):
    """One place where entries do not fit."""

    number: int
    at: int
    """Position; 0 if it is not known."""
    reason: str
    act: str = ""
    """The act of the entry, as it is now."""


class ChainCheck:
    """Checks the entries of a log one after the other against its head."""

    def __init__(self, log: AuditLog, head: ChainHead, keys: ChainKeys) -> None:
        self._log = log
        self._head = head
        self._keys = keys
        self._links = {each.number: each.link for each in head.breaks if each.link}
        self._number, self._mac = head.removed, head.removed_mac
        self.entries = 0
        self.problems: list[ChainProblem] = []

    def add(self, entry_id: str, flat: Sequence[str]) -> AuditEntry | None:
        """Check the next entry; return it if it is a whole one."""
        self.entries += 1
        entry = read_entry(entry_id, flat)
        position = int(entry_id.partition("-")[0])
        if entry is None:
            self._found(self._number + 1, position, "malformed", " ".join(flat))
            return None
        reason = self._reason(entry)
        if reason:
            # A number that was changed names another entry.
            is_link = entry.number in self._links
            self._found(entry.number if is_link else self._number + 1, position, reason, entry.act)
        if reason != "inserted":
            # Goes on from here: one changed entry is one problem.
            self._number, self._mac = entry.number, entry.mac
        return entry

    def end(self) -> None:
        """Check that the last entry is that of the head; call it after the last one."""
        if self._number < self._head.number:
            self._found(self._number + 1, self._head.position, "missing")
        elif self._number == self._head.number and self._mac != self._head.mac:
            self._found(self._number, self._head.position, "changed")

    def _reason(self, entry: AuditEntry) -> str:
        if entry.number > self._head.number:
            return "inserted"
        link = self._links.get(entry.number)
        if entry.number != self._number + 1 and link is None:
            return "missing" if entry.number > self._number + 1 else "inserted"
        if entry.previous != (self._mac if link is None else link):
            return "changed"
        key = self._keys.find(entry.key)
        if key is None:
            return "unknown key"
        return "" if hmac.compare_digest(entry_mac(self._log, entry, key), entry.mac) else "changed"

    def _found(self, number: int, at: int, reason: str, act: str = "") -> None:
        # A forged number must not be beyond what a person can accept.
        within = max(1, min(number, self._head.number))
        self.problems.append(ChainProblem(within, at, reason, act))


def open_problems(head: ChainHead, problems: Iterable[ChainProblem]) -> Iterator[ChainProblem]:
    """Yield the problems and breaks that no person has accepted, in the order of their numbers."""
    breaks = (ChainProblem(each.number, each.at, each.reason) for each in head.breaks)
    found = sorted([*breaks, *problems], key=lambda each: each.number)
    return (each for each in found if each.number > head.accepted)
