"""Scripts that keep writes for the end of a batch write them on every way out."""

from __future__ import annotations

import re

import pytest

from app.core.storage.keys import Keys
from app.core.storage.scripts import compose
from tests.support.guards import script_names

KEEPERS = frozenset({"batch_write", "batch_event", "batch_text"})
FLUSH = "flush_writes"
_FUNCTION = re.compile(r"local function (\w+)\(.*")
_NAME = re.compile(r"[A-Za-z_]\w*")


def functions_and_body(text: str) -> tuple[dict[str, set[str]], list[str]]:
    """Return the names that each function of a script mentions, and the lines outside of functions."""
    functions, body, inside = dict[str, set[str]](), list[str](), ""
    for line in text.splitlines():
        code = re.sub(r"'(?:[^'\\]|\\.)*'|--.*", "''", line)
        if begun := _FUNCTION.match(code):
            inside = begun[1]
            functions[inside] = set(_NAME.findall(code[begun.end(1) :])) - {inside}
            inside = "" if re.search(r"\bend$", code.rstrip()) else inside
        elif inside:
            functions[inside] |= set(_NAME.findall(code))
            inside = "" if code == "end" else inside
        else:
            body.append(code)
    return functions, body


def keeping(functions: dict[str, set[str]]) -> set[str]:
    """Return the functions that may leave kept writes behind; `event` and `flush_writes` leave none."""
    found, grown = set[str](), set(KEEPERS)
    while grown:
        found |= grown
        grown = {name for name, mentions in functions.items() if mentions & found} - found - {"event", FLUSH}
    return found


def unflushed(text: str) -> list[str]:
    """Return the ends of a script at which writes may be kept and not written."""
    functions, body = functions_and_body(f"{text}\nreturn the_end")
    keepers, is_kept, found = keeping(functions), False, list[str]()
    for line in body:
        names = set(_NAME.findall(line))
        is_kept = FLUSH not in names and (is_kept or bool(names & keepers))
        if is_kept and "return" in names:
            found.append(line.strip())
    return found


@pytest.mark.parametrize("name", script_names())
def test_a_script_writes_all_that_it_keeps(name: str) -> None:
    """Each way out behind a call that can keep a write or an event has `flush_writes` in between."""
    assert unflushed(compose(name, Keys("ns"))) == []


def test_the_check_finds_what_is_kept() -> None:
    """Scripts keep writes in functions of theirs and of libraries; each way out without a flush is found."""
    text = compose("queue/enqueue", Keys("ns"))
    assert {"create_run", "enqueue"} <= keeping(functions_and_body(text)[0])
    flush = "\nflush_writes()\n"
    assert unflushed(text.replace(flush, "\n")) == ["return answers", "return the_end"]
    assert unflushed(text.replace(flush, f"\nif late then return 1 end{flush}")) == [
        "if late then return 1 end"
    ]
    for name in ("queue/claim", "queue/finish", "queue/reclaim", "schedule/fire", "specs/delete"):
        assert len(keeping(functions_and_body(compose(name, Keys("ns")))[0])) > len(KEEPERS), name
