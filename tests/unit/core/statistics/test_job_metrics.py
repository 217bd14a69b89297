"""The text of the metrics that handlers report: names, labels, kinds, bounds."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.core.statistics import job_metrics
from app.core.statistics.job_metrics import JobMetrics

NOW = 1_800_000_000_000
Labels = tuple[tuple[str, str], ...]


def hash_of(
    kind: str, name: str, value: str = "1", *, until: int | None = NOW, **labels: str
) -> dict[str, str]:
    """Return the fields that the tool stores for one series."""
    series = f"{name}|{orjson.dumps(labels, option=orjson.OPT_SORT_KEYS).decode()}"
    end = {f"@{series}": str(until)} if kind == "gauge" and until is not None else {}
    if kind == "histogram":
        parts = {
            f"{series}|le:0.5": "2",
            f"{series}|le:inf": "1",
            f"{series}|sum": value,
            f"{series}|count": "3",
        }
        return {"#": "1", f"type|{name}": kind, **parts}
    return {"#": "1", f"type|{name}": kind, series: value, **end}


def read(*jobs: tuple[str, dict[str, str]]) -> tuple[dict[tuple[str, Labels], float], dict[str, str]]:
    """Render, parse, and return each sample and the kind of each family."""
    found = JobMetrics(NOW)
    for job_id, fields in jobs:
        found.add(job_id, fields)
    families = list(text_string_to_metric_families("".join(found.texts())))
    samples: dict[tuple[str, Labels], float] = {}
    for sample in (sample for family in families for sample in family.samples):
        key = (sample.name, tuple(sorted(sample.labels.items())))
        assert key not in samples
        samples[key] = sample.value
    return samples, {family.name: family.type for family in families}


def dropped(samples: dict[tuple[str, Labels], float]) -> dict[str, float]:
    """Return the numbers of series that were left out, without zeros."""
    name = "multi_job_job_metrics_dropped"
    return {labels[0][1]: value for (each, labels), value in samples.items() if each == name and value}


def test_each_kind_is_shown_as_such() -> None:
    """Counters end in `_total`, histograms are cumulative; values are those that were stored."""
    samples, kinds = read(
        ("a", hash_of("gauge", "http_up", "1.0")),
        ("a", hash_of("counter", "pages", "2.5", site="x")),
        ("a", hash_of("counter", "rows_total", "12345678901234567")),
        ("b", hash_of("histogram", "took", "1000000000.75")),
    )
    of_a, of_b = ("job_id", "a"), ("job_id", "b")
    assert samples["multi_job_job_http_up", (of_a,)] == 1
    assert samples["multi_job_job_pages_total", (of_a, ("site", "x"))] == 2.5
    assert samples["multi_job_job_rows_total", (of_a,)] == 12345678901234567
    assert samples["multi_job_job_took_bucket", (of_b, ("le", "0.1"))] == 0
    assert samples["multi_job_job_took_bucket", (of_b, ("le", "60000"))] == 2
    assert samples["multi_job_job_took_bucket", (of_b, ("le", "+Inf"))] == 3
    assert samples["multi_job_job_took_count", (of_b,)] == 3
    assert samples["multi_job_job_took_sum", (of_b,)] == 1000000000.75
    assert kinds == {
        "multi_job_job_http_up": "gauge",
        "multi_job_job_pages": "counter",
        "multi_job_job_rows": "counter",
        "multi_job_job_took": "histogram",
        "multi_job_job_metrics_dropped": "gauge",
    }
    assert dropped(samples) == {}


@pytest.mark.parametrize(
    "value", ['"', "\\", "\n", 'a"}\n# TYPE x y', "|le:0.5", "}", "{}|sum", "日本", "\\n", ""]
)
@pytest.mark.parametrize("kind", ["gauge", "histogram"])
def test_label_values_come_back_as_reported(kind: str, value: str) -> None:
    """Whatever characters they hold."""
    samples, _ = read(("a", hash_of(kind, "m", site=value)))
    seen = {
        dict(labels).get("site")
        for (name, labels) in samples
        if name.startswith("multi_job_job_m_") or name.endswith("_m")
    }
    assert seen - {None} == {value}


def test_own_labels_of_a_handler_are_renamed() -> None:
    """`job_id`, `le` and names with two underscores belong to the platform and to Prometheus."""
    samples, _ = read(("a", hash_of("histogram", "m", job_id="x", le="y", __name__="z")))
    labels = dict(next(labels for name, labels in samples if name == "multi_job_job_m_count"))
    assert labels == {"job_id": "a", "exported_job_id": "x", "exported_le": "y", "exported___name__": "z"}


def test_kind_of_the_oldest_job_wins() -> None:
    """A name of another kind, or with the samples of another family, is counted and left out."""
    samples, kinds = read(
        ("old", hash_of("gauge", "m")),
        ("new", hash_of("counter", "m")),
        ("new", hash_of("histogram", "m")),
        ("old", hash_of("histogram", "took")),
        ("new", hash_of("gauge", "took_sum")),
        ("new", hash_of("gauge", "metrics_dropped")),
    )
    assert kinds["multi_job_job_m"] == "gauge"
    assert ("multi_job_job_m", (("job_id", "new"),)) not in samples
    assert dropped(samples) == {"kind": 4}


def test_counter_and_a_gauge_with_its_sample_name() -> None:
    """`pages` as a counter has the sample `pages_total`."""
    samples, _ = read(("a", hash_of("counter", "pages")), ("b", hash_of("gauge", "pages_total")))
    assert dropped(samples) == {"kind": 1}


@pytest.mark.parametrize(("until", "is_shown"), [(NOW, True), (NOW - 1, False), (None, False)])
def test_gauge_that_is_not_renewed_is_not_shown(until: int | None, is_shown: bool) -> None:
    """A monitor that stopped must not show `up`; a value of an earlier version has no known age."""
    samples, _ = read(("a", hash_of("gauge", "http_up", until=until)))
    assert (("multi_job_job_http_up", (("job_id", "a"),)) in samples) is is_shown
    assert dropped(samples) == {}


def test_samples_are_bounded_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole series are left out, and counted."""
    monkeypatch.setattr(job_metrics, "MAX_SAMPLES", 20)
    samples, _ = read(*((f"j{number}", hash_of("histogram", "m")) for number in range(3)))
    assert dropped(samples) == {"limit": 2}
    assert sum(name == "multi_job_job_m_count" for name, _ in samples) == 1


MALFORMED: list[dict[str, Any]] = [
    {"type|m": "gauge", "@m|{}": str(NOW), "m|{}": "many"},
    {"type|m": "gauge", "@m|{}": str(NOW), "m|{}": "nan"},
    {"type|m": "counter", "m|{}": "inf"},
    {"type|m": "summary", "m|{}": "1"},
    {"m|{}": "1"},
    {"type|m": "counter", "m|not json": "1"},
    {"type|m": "counter", 'm|{"a":1}': "1"},
    {"type|m": "counter", 'm|{"a b":"x"}': "1"},
    {"type|m": "counter", 'm|{"le":"x","exported_le":"y"}': "1"},
    {"type|m x": "counter", "m x|{}": "1"},
    {"type|m": "histogram", "m|{}|le:1": "x", "m|{}|sum": "1"},
    {"type|m": "histogram", "m|{}|le:1": "1"},
]


@pytest.mark.parametrize("fields", MALFORMED)
def test_malformed_series_is_counted_and_left_out(fields: dict[str, str]) -> None:
    """A restored file may hold anything; the text stays valid, and neighbours are shown."""
    samples, kinds = read(("a", fields), ("b", hash_of("counter", "fine")))
    assert dropped(samples) == {"malformed": 1}
    assert set(kinds) == {"multi_job_job_fine", "multi_job_job_metrics_dropped"}
