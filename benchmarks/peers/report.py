"""The table of all peers, and the sentence with the ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.measure import Figures, medians
from benchmarks.peers.catalogue import OURS
from benchmarks.report import Row, aligned, number

Record = Mapping[str, Any]
Results = dict[str, dict[str, Figures]]
"""Peer -> scene -> medians."""

DASH = "–"


def _enqueue(name: str, title: str) -> tuple[Row, ...]:
    return (
        Row("enqueue", f"{name}_per_sec", f"enqueue {title}", "/s"),
        Row("enqueue", f"{name}_client_us", "  client CPU", "µs", digits=1),
        Row("enqueue", f"{name}_server_us", "  Redis CPU", "µs", digits=1),
        Row("enqueue", f"{name}_commands", "  commands", "", digits=2),
        Row("enqueue", f"{name}_round_trips", "  round trips", "", digits=3),
    )


def _drain(workers: str) -> tuple[Row, ...]:
    scene = f"drain{workers[0]}"
    return (
        Row(scene, "per_sec", f"no-ops, {workers}", "/s"),
        Row(scene, "big_per_sec", "  bigger backlog", "/s"),
        Row(scene, "worker_us", "  worker CPU a run", "µs", digits=1),
        Row(scene, "run_server_us", "  Redis CPU a run", "µs", digits=1),
        Row(scene, "run_commands", "  commands a run", "", digits=2),
        Row(scene, "run_round_trips", "  round trips a run", "", digits=3),
        Row(scene, "worker_mb", "  memory of a worker", "MB", digits=1),
        Row(scene, "bytes", "  memory of a run in Redis", "bytes"),
        *_kept(scene),
    )


def _kept(scene: str) -> tuple[Row, ...]:
    return (Row(scene, "lost", "  lost", ""), Row(scene, "doubled", "  doubled", ""))


def _sleep(workers: str) -> tuple[Row, ...]:
    scene = f"sleep{workers[0]}"
    return (
        Row(scene, "per_sec", f"50 ms jobs, {workers}", "/s"),
        Row(scene, "worker_us", "  worker CPU a run", "µs", digits=1),
        Row(scene, "run_server_us", "  Redis CPU a run", "µs", digits=1),
        Row(scene, "run_commands", "  commands a run", "", digits=2),
        Row(scene, "run_round_trips", "  round trips a run", "", digits=3),
        *_kept(scene),
    )


ROWS = (
    *_enqueue("single", "one by one"),
    *_enqueue("at_once", "50 at once"),
    *_enqueue("bulk", "in bulk"),
    *_drain("1 worker"),
    *_drain("2 workers"),
    *_sleep("1 worker"),
    *_sleep("2 workers"),
    Row("latency", "start_ms_p50", "idle: enqueue to start, p50", "ms", digits=2),
    Row("latency", "start_ms_p99", "  p99", "ms", digits=2),
    Row("delayed", "late_ms_p50", "delayed: due to start, p50", "ms", digits=2),
    Row("delayed", "late_ms_p99", "  p99", "ms", digits=2),
    Row("delayed", "early", "  started too early", ""),
    Row("delayed", "lost", "  lost", ""),
    Row("periodic", "late_ms_p50", "each second: late, p50", "ms", digits=1),
    Row("periodic", "late_ms_p99", "  p99", "ms", digits=1),
    Row("periodic", "drift_ms", "  drift a tick", "ms", digits=2),
    Row("periodic", "missed", "  missed", ""),
    Row("recovery", "recovered_sec", "worker killed: until all ended", "s", digits=1),
    Row("recovery", "in_hand", "  jobs in hand", ""),
    *_kept("recovery"),
)
# For the last line: the title, the scene, the figure, whether more is better.
HEADLINES = (
    ("drain with 1 worker", "drain1", "per_sec", True),
    ("drain with 2 workers", "drain2", "per_sec", True),
    ("50 ms jobs with 1 worker", "sleep1", "per_sec", True),
    ("enqueue one by one", "enqueue", "single_per_sec", True),
    ("50 at once", "enqueue", "at_once_per_sec", True),
    ("in bulk", "enqueue", "bulk_per_sec", True),
    ("idle p99", "latency", "start_ms_p99", False),
    ("delayed p99", "delayed", "late_ms_p99", False),
)


def results_of(record: Record) -> Results:
    """Return the medians of all rounds."""
    found: dict[str, dict[str, list[Figures]]] = {}
    for each in record["rounds"]:
        if each.get("figures"):
            found.setdefault(each["peer"], {}).setdefault(each["scene"], []).append(each["figures"])
    return {
        peer: {scene: medians(rounds) for scene, rounds in scenes.items()} for peer, scenes in found.items()
    }


def report(record: Record) -> str:
    """Return the table, the notes on what is missing, and the ratios in one sentence."""
    results = results_of(record)
    parts = [table(record, results), *notes(record)]
    return "\n".join((*parts, "", ratios(record, results)))


def table(record: Record, results: Results) -> str:
    """Return one line a figure, one column a peer."""
    peers = list(record["peers"])
    lines: list[Sequence[str]] = [["", "unit", *(record["peers"][name]["title"] for name in peers)]]
    failed = _failed(record)
    for row in ROWS:
        if any(row.figure in scenes.get(row.scenario, {}) for scenes in results.values()):
            cells = [_cell(row, results.get(name, {}), failed.get(name, set())) for name in peers]
            lines.append([row.title, row.unit, *cells])
    return aligned(lines)


def _cell(row: Row, scenes: Mapping[str, Figures], failed: set[str]) -> str:
    figure = scenes.get(row.scenario, {}).get(row.figure)
    if figure is not None:
        return number(row, figure)
    return "failed" if row.scenario in failed or "" in failed else DASH


def _failed(record: Record) -> dict[str, set[str]]:
    """Return the scenes that failed in some round; `""` means all."""
    failed: dict[str, set[str]] = {name: {""} for name, each in record["peers"].items() if each["error"]}
    for each in record["rounds"]:
        if each.get("error"):
            failed.setdefault(each["peer"], set()).add(each["scene"])
    return failed


def notes(record: Record) -> list[str]:
    """Return the machine, its load, and each failure with its error."""
    machine, loads = record["machine"], [each["load"] for each in record["rounds"] if each.get("load")]
    foreign = sorted(each["foreign_share"] + each["stolen_share"] for each in loads)
    versions = f"Python {machine['python']}, Node {machine['node'] or DASH}"
    servers = f"{record['server']}, AOF everysec; embedded: {record['embedded_server']}"
    lines = ["", f"{record['at']}, {machine['cores']} cores, {versions}; {servers}"]
    if foreign:
        lines.append(
            f"CPU used by other processes while measuring: {foreign[len(foreign) // 2]:.0%} (median), "
            f"{foreign[-1]:.0%} (most)"
        )
    peers = record["peers"].values()
    errors = {(each["title"], "environment"): each["error"] for each in peers if each["error"]}
    for each in record["rounds"]:
        if each.get("error"):
            errors[record["peers"][each["peer"]]["title"], each["scene"]] = each["error"]
    return [*lines, *(f"{title}, {scene}: failed: {error}" for (title, scene), error in errors.items())]


def ratios(record: Record, results: Results) -> str:
    """Return ours ÷ each peer in one sentence."""
    ours = results.get(OURS.name, {})
    shown = [each for each in HEADLINES if each[2] in ours.get(each[1], {})]
    head = ", ".join(title if more else f"{title} (less is better)" for title, *_, more in shown)
    parts = [
        f"{each['title']} {_ratios(shown, ours, results.get(name, {}))}"
        for name, each in record["peers"].items()
        if name != OURS.name
    ]
    return f"Ours ÷ each peer ({head or 'no figure'}): {'; '.join(parts) or 'no peer'}."


def _ratios(
    shown: Sequence[tuple[str, str, str, bool]], ours: Mapping[str, Figures], theirs: Mapping[str, Figures]
) -> str:
    words: list[str] = []
    for _, scene, figure, _ in shown:
        other = theirs.get(scene, {}).get(figure)
        words.append(f"{ours[scene][figure] / other:.2f}" if other else DASH)
    return " / ".join(words) or DASH
