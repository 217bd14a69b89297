"""deploy/prometheus and deploy/grafana: valid for Prometheus, tested by it, and about commands that exist."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from tests.support.alerts import (
    DASHBOARD,
    DEPLOY,
    RULES,
    RULES_TEST,
    alert_rules,
    dashboard_expressions,
    metrics_of,
    needs_promtool,
    promtool,
)

ROOT = DEPLOY.parent
SEVERITIES = {"critical", "warning"}
TESTS = cast("list[dict[str, Any]]", yaml.safe_load(RULES_TEST.read_text("utf-8"))["tests"])


@needs_promtool
def test_prometheus_accepts_its_configuration(tmp_path: Path) -> None:
    """The scrape configuration, the rules that it names, and the key that the documents make."""
    folder = shutil.copytree(
        DEPLOY / "prometheus", tmp_path / "prometheus", ignore=shutil.ignore_patterns("metrics.key")
    )
    (folder / "metrics.key").write_text("mj_key\n")
    assert "SUCCESS" in promtool("check", "config", folder / "prometheus.yml")
    assert f"{len(alert_rules())} rules found" in promtool("check", "rules", RULES)


def test_prometheus_sends_a_key_that_no_commit_holds() -> None:
    """The file in the folder of its configuration is mounted with it, and git ignores it."""
    document = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text("utf-8"))
    [job] = document["scrape_configs"]
    key = job["authorization"]["credentials_file"]
    assert f"deploy/prometheus/{key}" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    made = f"multi-job keys create prometheus --role metrics > deploy/prometheus/{key}"
    assert made in (ROOT / "docs/operations.md").read_text("utf-8")


@needs_promtool
def test_alert_rules_fire_on_their_fault_alone() -> None:
    """Prometheus' own unit tests: a fault fires its alert alone, a healthy deployment none."""
    assert "SUCCESS" in promtool("test", "rules", RULES_TEST)


@pytest.mark.parametrize("rule", alert_rules(), ids=lambda rule: rule["alert"])
def test_alert_rule_has_a_fault_and_a_healthy_series(rule: dict[str, Any]) -> None:
    """The tests would pass without them: a fault that fires the rule, and values of a healthy deployment."""
    fired = {
        text
        for test in TESTS
        for sample in test["promql_expr_test"][0]["exp_samples"]
        for text in re.findall(r'alertname="(\w+)"', sample["labels"])
    }
    assert rule["alert"] in fired
    healthy = TESTS[0]
    assert healthy["promql_expr_test"] == [{"expr": "ALERTS", "eval_time": "15m", "exp_samples": []}]
    names = {each["series"].partition("{")[0] for each in healthy["input_series"]}
    assert metrics_of([rule["expr"]]) <= names


@pytest.mark.parametrize("rule", alert_rules(), ids=lambda rule: rule["alert"])
def test_alert_rule_says_what_to_do(rule: dict[str, Any]) -> None:
    """A severity, a summary, and commands that exist."""
    assert rule["alert"].startswith("MultiJob")
    assert rule["labels"]["severity"] in SEVERITIES
    text = " ".join(rule["annotations"].values())
    assert rule["annotations"].keys() == {"summary", "description"}
    commands = (ROOT / "docs/cli.md").read_text("utf-8")
    for command in re.findall(r"`(multi-job [a-z-]+(?: [a-z]+)?)", text):
        assert f"# `{command}" in commands, command


@needs_promtool
def test_dashboard_queries_are_valid() -> None:
    """Prometheus parses them."""
    together = " or ".join(f"({expression})" for expression in dashboard_expressions())
    assert promtool("promql", "format", together, "--experimental")


def test_dashboard_is_provisioned_from_its_folder() -> None:
    """The data source has the id that the panels name, and the folder is the one that is mounted."""
    source = yaml.safe_load((DEPLOY / "grafana/provisioning/datasources/prometheus.yml").read_text("utf-8"))
    (prometheus,) = source["datasources"]
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    used = {json.dumps(panel["datasource"], sort_keys=True) for panel in dashboard["panels"]}
    assert used == {json.dumps({"type": "prometheus", "uid": prometheus["uid"]}, sort_keys=True)}
    provider = yaml.safe_load((DEPLOY / "grafana/provisioning/dashboards/multi-job.yml").read_text("utf-8"))
    assert provider["providers"][0]["options"]["path"] == "/etc/grafana/dashboards"
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(ids)) == len(ids) > 20


def test_prometheus_scrapes_the_api_of_the_compose_file() -> None:
    """By the name and the port of the service."""
    configuration = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text("utf-8"))
    (scrape,) = configuration["scrape_configs"]
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    (target,) = scrape["static_configs"][0]["targets"]
    name, _, port = target.partition(":")
    assert services[name]["ports"][0].endswith(f":{port}")
    assert services["prometheus"]["depends_on"] == {name: {"condition": "service_healthy"}}
    assert scrape["job_name"] == "multi-job"
