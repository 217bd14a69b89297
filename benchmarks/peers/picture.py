"""The picture for the documents: bars of the main figures, readable on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from benchmarks.peers.catalogue import OURS
from benchmarks.peers.report import Results, results_of

_WIDTH, _COLUMNS, _GAP, _MARGIN = 960, 2, 32, 20
_BAR, _STEP, _HEAD, _NAME, _VALUE = 13, 19, 30, 104, 64
_STYLE = """
svg { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; }
text { fill: #24292f; } .title { font-weight: 600; font-size: 13px; }
.note { fill: #57606a; font-size: 11px; }
.page { fill: #ffffff; } .bar { fill: #afb8c1; } .ours { fill: #0969da; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .note { fill: #9198a1; }
  .page { fill: #0d1117; } .bar { fill: #3d444d; } .ours { fill: #4493f8; }
}
"""


@dataclass(frozen=True, slots=True)
class Panel:
    """One figure of all peers."""

    title: str
    scene: str
    figure: str
    digits: int = 0
    more_is_better: bool = True


PANELS = (
    Panel("No-ops drained, 1 worker, runs/s", "drain1", "per_sec"),
    Panel("No-ops drained, 2 workers, runs/s", "drain2", "per_sec"),
    Panel("Enqueued one by one, runs/s", "enqueue", "single_per_sec"),
    Panel("Enqueued in bulk, runs/s", "enqueue", "bulk_per_sec"),
    Panel("50 ms jobs, 1 worker, runs/s", "sleep1", "per_sec"),
    Panel("Worker CPU a run, µs", "drain1", "worker_us", 0, more_is_better=False),
    Panel("Idle: enqueue to start, p99, ms", "latency", "start_ms_p99", 2, more_is_better=False),
    Panel("Delayed: due to start, p99, ms", "delayed", "late_ms_p99", 1, more_is_better=False),
)


def picture(record: Mapping[str, Any]) -> str:
    """Return an SVG document; figures that no peer has are left out."""
    results = results_of(record)
    panels = [(panel, bars) for panel in PANELS if (bars := _bars(panel, results, record["peers"]))]
    width = (_WIDTH - 2 * _MARGIN - (_COLUMNS - 1) * _GAP) // _COLUMNS
    drawn: list[str] = []
    top = _MARGIN
    for start in range(0, len(panels), _COLUMNS):
        row = panels[start : start + _COLUMNS]
        for column, (panel, bars) in enumerate(row):
            drawn += _panel(panel, bars, _MARGIN + column * (width + _GAP), top, width)
        top += _HEAD + _STEP * max(len(bars) for _, bars in row) + _GAP // 2
    conditions = f"{record['server']}, {record['machine']['cores']} cores, {record['at'][:10]}"
    note = f"{conditions}; medians of {_rounds(record)}"
    drawn.append(f'<text class="note" x="{_MARGIN}" y="{top + 4}">{escape(note)}</text>')
    height = top + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
        f'height="{height}" role="img"><title>This platform and other queues</title><style>{_STYLE}</style>'
        f'<rect class="page" width="{_WIDTH}" height="{height}"/>\n' + "\n".join(drawn) + "\n</svg>\n"
    )


def _rounds(record: Mapping[str, Any]) -> str:
    count = len({each["round"] for each in record["rounds"]})
    return f"{count} round{'s' if count != 1 else ''}"


def _bars(panel: Panel, results: Results, peers: Mapping[str, Any]) -> list[tuple[str, str, float]]:
    """Return the peers that have the figure, best first: name, title, value."""
    found = [
        (name, str(peers[name]["title"]), scenes[panel.scene][panel.figure])
        for name, scenes in results.items()
        if panel.figure in scenes.get(panel.scene, {})
    ]
    return sorted(found, key=lambda bar: bar[2], reverse=panel.more_is_better)


def _panel(panel: Panel, bars: list[tuple[str, str, float]], left: int, top: int, width: int) -> list[str]:
    hint = "more is better" if panel.more_is_better else "less is better"
    lines = [
        f'<text class="title" x="{left}" y="{top + 12}">{escape(panel.title)}</text>',
        f'<text class="note" x="{left + width}" y="{top + 12}" text-anchor="end">{hint}</text>',
    ]
    longest = max(value for *_, value in bars) or 1.0
    room = width - _NAME - _VALUE
    for index, (name, title, value) in enumerate(bars):
        y = top + _HEAD - 8 + index * _STEP
        length = max(1.0, room * value / longest)
        style = "ours" if name.startswith(OURS.name) else "bar"
        text_y = y + _BAR - 2
        lines += [
            f'<text x="{left + _NAME - 8}" y="{text_y}" text-anchor="end">{escape(title)}</text>',
            f'<rect class="{style}" x="{left + _NAME}" y="{y}" width="{length:.1f}" height="{_BAR}" rx="2"/>',
            f'<text x="{left + _NAME + length + 6:.1f}" y="{text_y}">{value:,.{panel.digits}f}</text>',
        ]
    return lines
