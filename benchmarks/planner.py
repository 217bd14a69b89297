"""The rule planner in this process: time from a prompt to jobs."""

from __future__ import annotations

import gc
import itertools
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import orjson

from benchmarks.measure import Figures, percentile
from benchmarks.subject import HERE

if TYPE_CHECKING:
    from benchmarks.ours import Platform
    from benchmarks.scenarios import Stage

CASES = HERE.parent / "tests/planner_cases/cases.jsonl"
PIECES = HERE.parent / "tests/planner_cases/pieces.json"
PADDED_CHARS, LONG_CHARS = 200, 2_000
NOW = datetime.fromisoformat("2026-01-05T10:00:00+07:00")
_FILLER = " ya tolong dibantu terima kasih banyak sebelumnya"


async def planner(stage: Stage, _subject: Platform) -> Figures:
    """Plan the worked cases, at 200 characters and joined to 2,000, then hostile texts of 2,000."""
    prompts = worked_cases()
    padded = padded_cases(stage.size(5_000, 1_000))
    joined = list(itertools.islice(_joined(prompts), stage.size(500, 200)))
    corpus = list(itertools.islice(_corpus(), stage.size(2_500, 600)))
    _times_ms(padded[:300])
    # As the API does after its start.
    gc.collect()
    gc.freeze()
    short = _times_ms(itertools.islice(itertools.cycle(prompts), len(padded) // 2))
    cases, long, hostile = _times_ms(padded), _times_ms(joined), _times_ms(corpus)
    return {
        "short_ms_p50": percentile(short, 0.5),
        "short_ms_p99": percentile(short, 0.99),
        "case_ms_p50": percentile(cases, 0.5),
        "case_ms_p99": percentile(cases, 0.99),
        "long_ms_p50": percentile(long, 0.5),
        "long_ms_p99": percentile(long, 0.99),
        "fuzz_ms_p50": percentile(hostile, 0.5),
        "fuzz_ms_p99": percentile(hostile, 0.99),
        "fuzz_ms_max": max(hostile),
    }


def worked_cases() -> list[str]:
    """Return the sentences of the worked cases."""
    return [orjson.loads(line)["prompt"] for line in CASES.read_bytes().splitlines()]


def padded_cases(count: int) -> list[str]:
    """Return so many worked cases of at least 200 characters."""
    return list(itertools.islice(itertools.cycle(map(_padded, worked_cases())), count))


def _padded(prompt: str) -> str:
    missing = PADDED_CHARS - len(prompt)
    return prompt + (_FILLER * (missing // len(_FILLER) + 1))[:missing] if missing > 0 else prompt


def _joined(prompts: Sequence[str]) -> Iterator[str]:
    """Yield texts of the greatest length, each of many worked cases."""
    cases = itertools.cycle(prompts)
    while True:
        text = ""
        while len(text) < LONG_CHARS:
            text += next(cases) + ". "
        yield text[:LONG_CHARS]


def _corpus() -> Iterator[str]:
    """Yield repeated pieces, repeated pairs of characters and words, mixed words, any script."""
    known = orjson.loads(PIECES.read_bytes())
    words, signs = known["words"].split(), known["signs"]
    for piece in known["pieces"]:
        yield _filled(piece)
    for pair in itertools.product(signs, repeat=2):
        yield _filled("".join(pair))
    dice = random.Random(5)
    while True:
        yield _filled(" ".join(dice.sample(words, 2)) + " ")
        yield " ".join(dice.choices(words, k=400))[:LONG_CHARS]
        yield "".join(chr(dice.randrange(32, 0x2FFF)) for _ in range(LONG_CHARS))


def _filled(piece: str) -> str:
    return (piece * (LONG_CHARS // len(piece) + 1))[:LONG_CHARS]


def _times_ms(prompts: Iterable[str]) -> list[float]:
    """Return the CPU time of each, which other load affects least."""
    # Early commits have no planner, or no gate, and are measured too.
    from app.planner.models import PlanRequest  # noqa: PLC0415

    try:
        from app.planner.language.gate import gated as read  # noqa: PLC0415
    except ImportError:
        from tests.support.planner.planning import plan_text as read  # noqa: PLC0415

    found: list[float] = []
    for prompt in prompts:
        start = time.process_time_ns()
        read(PlanRequest(prompt, None, NOW, deployment_timezone="Asia/Jakarta"))
        found.append((time.process_time_ns() - start) / 1e6)
    return found
