"""The peers harness: its table, its last sentence, its picture."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from benchmarks.peers.command import joined
from benchmarks.peers.picture import picture
from benchmarks.peers.report import report, results_of

LOAD = {"loadavg": 1.0, "foreign_share": 0.25, "stolen_share": 0.05}


def _record(*rounds: dict[str, Any], errors: dict[str, str] | None = None) -> dict[str, Any]:
    titles = {"ours": "ours", "ardiq": "ArdiQ", "rq": "RQ & <co>"}
    return {
        "at": "2026-01-02 03:04:05 UTC",
        "machine": {"cores": 2, "python": "3.13.5", "node": None},
        "server": "Redis 8.0.2, jemalloc 5.3.0",
        "embedded_server": "Valkey 9.1.2, jemalloc 5.3.0",
        "peers": {
            name: {"title": title, "error": (errors or {}).get(name)} for name, title in titles.items()
        },
        "rounds": list(rounds),
    }


def _measured(peer: str, turn: int, per_sec: float) -> dict[str, Any]:
    figures = {"per_sec": per_sec, "lost": 0, "doubled": 0}
    return {"peer": peer, "round": turn, "scene": "drain1", "figures": figures, "load": LOAD}


FULL = _record(
    *(_measured("ours", turn, rate) for turn, rate in enumerate((10_000, 30_000, 20_000), 1)),
    *(_measured("ardiq", turn, rate) for turn, rate in enumerate((9_000, 10_000, 50_000), 1)),
    {"peer": "rq", "round": 1, "scene": "drain1", "error": "ended with 1: boom"},
)


def test_medians_are_over_the_rounds_that_have_the_figure() -> None:
    """A figure that one round lacks is the median of the others."""
    longer = _record(*FULL["rounds"], _measured("ours", 4, 1_000))
    longer["rounds"][-1]["figures"] = {"big_per_sec": 7.0}
    assert results_of(longer)["ours"]["drain1"] == {
        "per_sec": 20_000,
        "lost": 0,
        "doubled": 0,
        "big_per_sec": 7.0,
    }


def test_table_has_a_column_for_each_peer_and_names_a_failure() -> None:
    """A peer that fails is in its column and, with its error, below the table."""
    lines = report(FULL).splitlines()
    assert lines[0].split() == ["unit", "ours", "ArdiQ", "RQ", "&", "<co>"]
    assert lines[1].split()[-4:] == ["/s", "20,000", "10,000", "failed"]
    assert "RQ & <co>, drain1: failed: ended with 1: boom" in lines
    assert "CPU used by other processes while measuring: 30% (median), 30% (most)" in lines


def test_last_line_is_one_sentence_with_the_ratios() -> None:
    """Each peer is named, those without the figure too."""
    assert report(FULL).splitlines()[-1] == (
        "Ours ÷ each peer (drain with 1 worker): ArdiQ 2.00; RQ & <co> –."
    )


def test_last_line_is_a_sentence_without_any_figure() -> None:
    """If everything failed, the report says so and does not break."""
    failed = _record(errors={"ardiq": "cannot install: no network"})
    lines = report(failed).splitlines()
    assert lines[-1] == "Ours ÷ each peer (no figure): ArdiQ –; RQ & <co> –."
    assert "ArdiQ, environment: failed: cannot install: no network" in lines


def test_records_of_several_runs_are_read_as_one() -> None:
    """Pieces that were measured one after the other make one table."""
    first = {**FULL, "peers": {"ours": FULL["peers"]["ours"]}, "rounds": FULL["rounds"][:1]}
    both = joined([first, FULL])
    assert list(both["peers"]) == ["ours", "ardiq", "rq"]
    assert len(both["rounds"]) == len(FULL["rounds"]) + 1


def test_picture_is_an_svg_with_the_best_first() -> None:
    """It has a bar for each peer with the figure, in both colour schemes, and escapes names."""
    text = picture(FULL)
    root = ET.fromstring(text)
    words = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words[0] == "No-ops drained, 1 worker, runs/s"
    assert [word for word in words if word in {"ours", "ArdiQ", "RQ & <co>"}] == ["ours", "ArdiQ"]
    assert "20,000" in words
    assert "prefers-color-scheme: dark" in text
    bars = [each for each in root.iter("{http://www.w3.org/2000/svg}rect") if each.get("rx")]
    assert [each.get("class") for each in bars] == ["ours", "bar"]
