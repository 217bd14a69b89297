"""The declared keys as Lua scripts get them (`K.run .. id`), and as the page of the documents."""

from __future__ import annotations

import re

from app.core.storage.keys import KEY_SPECS, Keys

_BY_NAME = {spec.name: spec for spec in KEY_SPECS}


def lua_table(keys: Keys, names: set[str]) -> str:
    """Return the declaration of `K` with these families, for the head of a script."""
    return f"local K = {lua_rows(names, '', keys.prefix)}"


def lua_rows(names: set[str], prefix: str, tag: str = "") -> str:
    """Return a table with these families; `prefix` is Lua code before each of them."""
    rows = ", ".join(f"{name}={prefix}'{tag}{_BY_NAME[name].lua_value}'" for name in sorted(names))
    return f"{{{rows}}}"


def lua_names(source: str) -> set[str]:
    """Return the key families that a script's text names."""
    return set(re.findall(r"\bK\.([a-z_]+)", source))


def schema_markdown() -> str:
    """Return `docs/redis-schema.md`."""
    rows = [
        f"| `{{ns}}:{s.stem}{f':<{s.suffix}>' if s.suffix else ''}` | {s.type} | {s.lifetime} | {s.purpose} |"
        for s in KEY_SPECS
    ]
    head = "# Redis schema\n\nGenerated from `app/core/storage/keys.py`; do not edit.\n\n"
    return head + "| key | type | lifetime | purpose |\n| --- | --- | --- | --- |\n" + "\n".join(rows) + "\n"
