"""The peers harness measures real processes on a real server."""

from __future__ import annotations

import sys
from pathlib import Path

import orjson
import pytest

from app.local.redis_server import choose_binary
from benchmarks.peers.catalogue import PEERS
from benchmarks.peers.command import measure, run_group
from benchmarks.peers.environments import Environment, environment_of
from benchmarks.peers.report import report
from benchmarks.peers.scenes import GROUPS
from benchmarks.peers.stage import Sizes

TINY = Sizes(
    single=20,
    many=100,
    sleeps=50,
    big=200,
    paced=5,
    delayed=5,
    delayed_sec=1,
    ticks=2,
    in_hand=5,
    bound_sec=20,
)


def test_ours_and_the_bare_stream_are_measured_in_one_run(tmp_path: Path) -> None:
    """Each figure is there, nothing is lost or doubled, and the last line compares them."""
    file = tmp_path / "figures.json"
    names = ["bare_stream", "enqueue", "latency", "drain1"]
    record = measure(names, choose_binary().path, TINY, rounds=1, file=file)
    assert [each for each in record["rounds"] if each.get("error")] == []
    assert orjson.loads(file.read_bytes())["rounds"] == record["rounds"]
    scenes = {(each["peer"], each["scene"]): each for each in record["rounds"]}
    assert len(scenes) == 6
    for name in ("ours", "bare_stream"):
        assert scenes[name, "enqueue"]["figures"]["bulk_per_sec"] > 0
        for scene in ("drain1", "latency"):
            figures = scenes[name, scene]["figures"]
            assert (figures["lost"], figures["doubled"]) == (0, 0)
        assert scenes[name, "drain1"]["figures"]["run_commands"] > 0
        assert 0 <= scenes[name, "drain1"]["load"]["foreign_share"] <= 1
    assert scenes["ours", "latency"]["keeps"]
    assert report(record).splitlines()[-1].startswith("Ours ÷ each peer (drain with 1 worker, ")


def test_figure_that_a_peer_cannot_have_has_a_reason() -> None:
    """Nothing is left out silently."""
    bare = next(peer for peer in PEERS if peer.name == "bare_stream")
    group = next(group for group in GROUPS if "periodic" in group.scenes)
    records = run_group(
        bare, environment_of(bare), group, ["periodic"], sizes=TINY, server=choose_binary().path
    )
    assert [each["reasons"] for each in records] == [{"": "it has no periodic jobs"}]


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ((sys.executable, "-c", "raise ValueError('boom')"), "ValueError: boom"),
        (("no-such-interpreter",), "cannot start: "),
    ],
)
def test_program_that_does_not_run_is_an_error_with_its_output(command: tuple[str, ...], error: str) -> None:
    """The table shows the last lines that the program printed."""
    bare = next(peer for peer in PEERS if peer.name == "bare_stream")
    broken = Environment(command, {})
    records = run_group(bare, broken, GROUPS[0], ["enqueue"], sizes=TINY, server=choose_binary().path)
    assert [each["scene"] for each in records] == ["enqueue"]
    assert error in records[0]["error"]
