"""Text search in inputs, outputs and errors of runs."""

from __future__ import annotations

import orjson
import pytest

from app.core.models import AttemptOutcome
from app.core.redaction import redactor
from app.core.runs import search as run_search
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from tests.support.queue.queue_driver import QueueDriver


async def _found(runs: RunStore, q: str) -> list[str]:
    return [run.run_id for run in (await runs.list(RunFilter(q=q), None, 100)).items]


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


async def test_text_is_found_in_inputs_output_and_error(driver: QueueDriver, runs: RunStore) -> None:
    """Names and values at any depth, numbers, lines of a traceback."""
    given = await driver.enqueue(inputs=_json({"customer": {"city": "Bandung", "number": 4711}}))
    done = await driver.start("done")
    await driver.finish(done, output=_json({"rows": [{"invoice": "INV-2026/0815"}]}))
    failed = await driver.start("failed")
    error = {"code": "exception", "message": "no route", "traceback": 'File "a.py"\n  raise Gateway\tTimeout'}
    await driver.finish(failed, AttemptOutcome.FAILED, error=_json(error), fingerprint="f")
    for q in ("bandung", "CITY", "4711", '"number":4711'):
        assert await _found(runs, q) == [given], q
    for q in ("inv-2026/0815", "invoice", "Rows"):
        assert await _found(runs, q) == [done.run_id], q
    for q in ("NO ROUTE", "raise gateway\ttimeout", 'file "a.py"', "gateway"):
        assert await _found(runs, q) == [failed.run_id], q
    # `\n  raise` has an n in front of its blanks, and `\tTimeout` a t, in the stored form alone.
    for q in ("n  raise gate", "ttimeout", "no such text"):
        assert await _found(runs, q) == [], q


@pytest.mark.parametrize(
    ("stored", "q"),
    [
        ("Bécak", "bécak"),
        ("Bécak", "BE\u0301CAK"),
        ("Be\u0301cak", "BÉCAK"),
        ("Straße 7", "STRASSE"),
        ("STRASSE", "straße"),
        ("ＦＵＬＬ ｗｉｄｔｈ", "full width"),
        ("laporan 報告書", "報告"),
        ("😀 selesai", "😀"),
        ("a\\b", "A\\B"),
        ('say "hi"', '"Hi"'),
        ("\u0001control", "\u0001c"),
        ("\u212a degrees", "k degrees"),
    ],
)
async def test_text_is_compared_without_case_and_by_its_characters(
    driver: QueueDriver, runs: RunStore, stored: str, q: str
) -> None:
    """However a character is written: composed or not, escaped or not, in whichever case."""
    raw = await driver.enqueue("raw", inputs=_json({"text": stored}))
    # Other programs write JSON with escapes only.
    code_units = stored.encode("utf-16-be")
    escapes = "".join(f"\\u{code_units[i : i + 2].hex()}" for i in range(0, len(code_units), 2))
    escaped = await driver.enqueue("escaped", inputs=f'{{"text":"{escapes}"}}')
    await driver.enqueue("other", inputs=_json({"text": "Becak 報 Strasze"}))
    assert await _found(runs, q) == [escaped, raw]


async def test_large_texts_are_searched_without_long_scripts(
    driver: QueueDriver, runs: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script reads 128 KB at most; what is larger is read by the caller, a part at a time."""
    monkeypatch.setattr(run_search, "STEP_BYTES", 1_000)
    monkeypatch.setattr(run_search, "CHECK_BYTES", 1_000)
    small = [await driver.enqueue("small", inputs=_json({"text": f"{'x' * 300} zebra"})) for _ in range(9)]
    large = await driver.enqueue("large", inputs=_json({"text": "y" * 200_000 + " Zebra"}))
    await driver.enqueue("large", inputs=_json({"text": "z" * 200_000}))
    assert await _found(runs, "zebra") == [large, *reversed(small)]


async def test_search_finds_no_secret_that_is_masked(driver: QueueDriver, runs: RunStore) -> None:
    """Results are masked before they are stored, so a search for a part of a secret matches nothing."""
    secret = "canary-9f8e7d6c5b4a39281706"
    redactor.register(secret)
    run = await driver.start("echo", inputs=_json({"token": "secret:echo-token"}))
    await driver.finish(run, output=redactor.json(_json({"echo": f"the value is {secret}"})))
    for part in (secret, secret[:12], secret[-8:]):
        assert await _found(runs, part) == []
    assert await _found(runs, "echo-token") == [run.run_id]
