"""The files of deploy/, and Prometheus' own test of the alert rules."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
RULES = DEPLOY / "prometheus/rules.yml"
RULES_TEST = DEPLOY / "prometheus/rules_test.yml"
DASHBOARD = DEPLOY / "grafana/dashboards/multi-job.json"
Samples = dict[str, float]
"""Values by `name{labels}`."""

needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None and not os.environ.get("CI"),
    reason="promtool (Debian: promtool) is not installed",
)


def promtool(*arguments: str | Path) -> str:
    """Run promtool and return its output; it must succeed."""
    done = subprocess.run(["promtool", *arguments], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def alert_rules() -> list[dict[str, Any]]:
    """Return the alert rules."""
    document = cast("dict[str, Any]", yaml.safe_load(RULES.read_text("utf-8")))
    return [rule for group in document["groups"] for rule in group["rules"]]


def dashboard_expressions() -> list[str]:
    """Return the queries of the dashboard."""
    panels = cast("list[dict[str, Any]]", json.loads(DASHBOARD.read_text("utf-8"))["panels"])
    return [target["expr"] for panel in panels for target in panel["targets"]]


def metrics_of(expressions: Collection[str]) -> set[str]:
    """Return the names of our metrics in expressions."""
    return {name for text in expressions for name in re.findall(r"\bmulti_job_\w+", text)}


def samples_of(text: str) -> Samples:
    """Return the samples of a scrape."""
    return {
        _series(sample.name, sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def _series(name: str, labels: Mapping[str, str]) -> str:
    inner = ",".join(f"{label}={json.dumps(value)}" for label, value in sorted(labels.items()))
    return f"{name}{{{inner}}}"


def firing(before: Samples, after: Samples, folder: Path, growing: Collection[str] = ()) -> set[str]:
    """Return the alerts that fire ten minutes after a deployment went from one scrape to the other.

    `growing` names the metrics that are ages of something that stays as it is: they grow with the time.
    """
    series = [_stored(name, before.get(name), after.get(name), growing) for name in sorted({*before, *after})]
    document = {
        "rule_files": [str(RULES)],
        "evaluation_interval": "15s",
        "tests": [
            {
                "interval": "15s",
                "input_series": [{"series": 'up{job="multi-job"}', "values": "1x60"}, *series],
                # One that never holds: promtool prints what fires instead.
                "promql_expr_test": [
                    {
                        "expr": 'group by (alertname) (ALERTS{alertstate="firing"})',
                        "eval_time": "15m",
                        "exp_samples": [{"labels": '{alertname="-"}', "value": 1}],
                    }
                ],
            }
        ],
    }
    path = folder / "generated.yml"
    path.write_text(yaml.safe_dump(document), "utf-8")
    done = subprocess.run(["promtool", "test", "rules", path], check=False, capture_output=True, text=True)
    got = re.search(r"got: ?(.*)", done.stdout + done.stderr)
    assert got is not None, done.stdout + done.stderr
    return set(re.findall(r'alertname="(\w+)"', got[1]))


def _stored(name: str, before: float | None, after: float | None, growing: Collection[str]) -> dict[str, str]:
    """Return 20 samples as before and 41 as after; a series that is gone ends."""
    first = "_x19" if before is None else f"{before}+0x19"
    step = 15 if after and name.partition("{")[0] in growing else 0
    then = "stale" if after is None else f"{after}+{step}x40"
    return {"series": name, "values": f"{first} {then}"}
