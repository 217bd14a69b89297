"""Whether chains hold together, on specs in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from app.core.errors import InvalidSpec
from app.core.models import JobSpec
from app.core.specs.validation import MAX_WALKED, check_chains


def spec(job_id: str, on_success: Sequence[str] = (), on_failure: Sequence[str] = ()) -> JobSpec:
    return JobSpec(job_id=job_id, type="a.b", on_success=list(on_success), on_failure=list(on_failure))


class Stored:
    """Specs by id, and how often somebody has looked."""

    def __init__(self, *specs: JobSpec) -> None:
        self.specs = {each.job_id: each for each in specs}
        self.looks = 0

    async def find(self, job_ids: Sequence[str]) -> Mapping[str, JobSpec]:
        self.looks += 1
        return {job_id: self.specs[job_id] for job_id in job_ids if job_id in self.specs}


async def problems(asked: JobSpec, stored: Stored) -> list[tuple[str, str]]:
    try:
        await check_chains(asked, stored.find)
    except InvalidSpec as refusal:
        return [(each.pointer, each.code) for each in refusal.problems]
    return []


async def test_a_spec_without_chains_looks_at_nothing() -> None:
    """Saving a plain job costs no round trip more."""
    stored = Stored()
    assert await problems(spec("a"), stored) == []
    assert stored.looks == 0


async def test_targets_that_end_somewhere_are_fine() -> None:
    """A job may be reached by several ways as long as none leads back."""
    stored = Stored(spec("d"), spec("b", ["d"]), spec("c", [], ["d"]))
    assert await problems(spec("a", ["b", "c"], ["d", "b"]), stored) == []


async def test_each_target_that_is_not_there_is_named() -> None:
    """A pointer for each, in both lists."""
    found = await problems(spec("a", ["b", "x"], ["y"]), Stored(spec("b")))
    assert found == [("/on_success/1", "unknown_job"), ("/on_failure/0", "unknown_job")]


async def test_a_target_behind_a_target_may_be_gone() -> None:
    """Only the spec's own lists are its author's business."""
    assert await problems(spec("a", ["b"]), Stored(spec("b", ["deleted"]))) == []


async def test_a_job_must_not_name_itself() -> None:
    """Whether it exists already or not."""
    assert await problems(spec("a", ["a"]), Stored()) == [("/on_success/0", "chain_cycle")]
    assert await problems(spec("a", ["a"]), Stored(spec("a"))) == [("/on_success/0", "chain_cycle")]


async def test_a_way_back_is_found_over_both_lists_and_reported() -> None:
    """However long it is; the message names every job of the circle."""
    stored = Stored(spec("b", [], ["c"]), spec("c", ["d"]), spec("d", [], ["a"]), spec("e"))
    assert await problems(spec("a", ["e", "b"]), stored) == [("/on_success/1", "chain_cycle")]
    with pytest.raises(InvalidSpec, match="a → b → c → d → a"):
        await check_chains(spec("a", ["b"]), stored.find)


async def test_the_lists_of_this_save_count_not_the_stored_ones() -> None:
    """A save that takes the way back out is how a circle is mended."""
    stored = Stored(spec("a", ["b"]), spec("b"), spec("c", ["a"]))
    assert await problems(spec("a", ["c"]), stored) == [("/on_success/0", "chain_cycle")]
    assert await problems(spec("b", ["c"]), Stored(spec("a"), spec("b", ["a"]), spec("c", ["a"]))) == []


async def test_a_circle_of_others_is_walked_once() -> None:
    """One that two saves at once have made elsewhere neither hangs the walk nor refuses this spec."""
    stored = Stored(spec("b", ["c"]), spec("c", ["b"]))
    assert await problems(spec("a", ["b"]), stored) == []
    assert stored.looks == 2


async def test_the_walk_is_bounded() -> None:
    """A save does not make the API read all jobs."""
    stored = Stored(*(spec(f"j{n}", [f"j{n + 1}"]) for n in range(MAX_WALKED * 2)))
    assert await problems(spec("a", ["j0"]), stored) == []
    assert stored.looks == MAX_WALKED
