"""The key-value store of a job: 1,000 keys a job, 64 KB a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from app.core.errors import InvalidInput, LimitExceeded
from app.core.i18n import _
from app.core.tools.base import ToolFacade

if TYPE_CHECKING:
    from app.core.policies import Allowance
    from app.core.tools.base import AttemptHandle, FencedScripts

MAX_KEYS = 1_000
MAX_VALUE_BYTES = 65_536
MAX_KEY_CHARS = 200
MIN_TTL_SEC, MAX_TTL_SEC = 0.001, 366 * 86_400
_INT_LIMIT = 2**63


class KvTool(ToolFacade):
    """Small JSON values of this job, by name. Other jobs have no access to them.

    A key has 1 to 200 characters. Lifetimes are in seconds, from 0.001 to 366 days. Raises InvalidInput (a
    key, a value that is no JSON, a lifetime) and LimitExceeded (1,000 keys a job, 64 KB a value).
    """

    __slots__ = ()

    async def get(self, key: str) -> Any:
        """Return the value; None if there is none."""
        return await self._caller.call("kv", "get", key)

    async def set(self, key: str, value: Any, ttl_sec: float | None = None) -> None:
        """Store a value, for `ttl_sec` seconds or permanently; an earlier value is replaced."""
        await self._caller.call("kv", "set", key, value, ttl_sec)

    async def delete(self, key: str) -> bool:
        """Remove a value; False if there was none."""
        return await self._caller.call("kv", "delete", key)

    async def incr(self, key: str, by: int = 1, ttl_sec: float | None = None) -> int:
        """Add to a whole number, 0 if there is none; return the sum. `ttl_sec` is for a new key only."""
        return await self._caller.call("kv", "incr", key, by, ttl_sec)

    async def compare_and_set(
        self, key: str, expected: Any, value: Any, ttl_sec: float | None = None
    ) -> bool:
        """Store a value only if the current one equals `expected`, None means absent; False if it differs."""
        return await self._caller.call("kv", "cas", key, expected, value, ttl_sec)

    async def list(self, prefix: str = "") -> list[str]:
        """Return the keys that begin with a prefix, in alphabetical order."""
        return await self._caller.call("kv", "list", prefix)


class KvPerformer:
    """Performs the calls through the script `kv`."""

    def __init__(self, _attempt: AttemptHandle, scripts: FencedScripts, _allowance: Allowance) -> None:
        self._scripts = scripts

    async def perform(self, op: str, args: tuple[Any, ...]) -> Any:
        match op, args:
            case "get", (key,):
                word, *value = await self._run("get", _key(key))
                return orjson.loads(value[0]) if word == "OK" else None
            case "set", (key, value, ttl_sec):
                await self._run("set", _key(key), value=_value(value), ttl_ms=_ttl_ms(ttl_sec))
                return None
            case "delete", (key,):
                word, _ = await self._run("delete", _key(key))
                return word == "OK"
            case "incr", (key, by, ttl_sec):
                _, number = await self._run("incr", _key(key), value=_whole(by), ttl_ms=_ttl_ms(ttl_sec))
                return int(number)
            case "cas", (key, expected, value, ttl_sec):
                present = "" if expected is None else _value(expected)
                stored = {"value": _value(value), "ttl_ms": _ttl_ms(ttl_sec)}
                word, _ = await self._run("cas", _key(key), **stored, expected=present)
                return word == "OK"
            case "list", (prefix,):
                _, *keys = await self._run("list", _key(prefix) if prefix else "")
                return sorted(keys)
            case _:
                raise InvalidInput(f"kv.{op} does not take these {len(args)} arguments")

    async def _run(self, op: str, key: str, **values: str | int) -> list[Any]:
        answer = await self._scripts.run("tools/kv", op=op, max_keys=MAX_KEYS, key=key, **values)
        if answer[0] in _REFUSALS:
            kind, message = _REFUSALS[answer[0]]
            raise kind(message)
        return answer


_REFUSALS = {
    "LIMIT": (LimitExceeded, _("a job keeps at most {max_keys:,} keys.", max_keys=MAX_KEYS)),
    "NOT_INTEGER": (InvalidInput, _("incr needs a whole number of 64 bits.")),
}


def _key(key: Any) -> str:
    fits = isinstance(key, str) and 0 < len(key) <= MAX_KEY_CHARS and key.isprintable()
    if not fits:
        raise InvalidInput(f"a key has 1 to {MAX_KEY_CHARS} printable characters")
    return key


def _value(value: Any) -> str:
    if value is None:
        raise InvalidInput("None stands for an absent value: use delete")
    try:
        # Sorted, so that equal values give equal texts and compare_and_set can compare them.
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise InvalidInput(f"the value is no JSON: {error}") from error
    if len(text) > MAX_VALUE_BYTES:
        raise LimitExceeded(f"a value has at most {MAX_VALUE_BYTES:,} bytes, this one {len(text):,}")
    return text.decode()


def _whole(number: Any) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not -_INT_LIMIT <= number < _INT_LIMIT:
        raise InvalidInput("incr adds whole numbers of 64 bits")
    return number


def _ttl_ms(ttl_sec: Any) -> int:
    if ttl_sec is None:
        return 0
    if not isinstance(ttl_sec, (int, float)) or not MIN_TTL_SEC <= ttl_sec <= MAX_TTL_SEC:
        raise InvalidInput(f"ttl_sec must be within {MIN_TTL_SEC} and {MAX_TTL_SEC:,}")
    return round(ttl_sec * 1000)
