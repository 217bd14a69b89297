"""Variants of the worked cases: the same meaning has the same plan, another one another plan or a doubt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support.planner.memory_planner import CasePlanner
from tests.support.planner.planning import JAKARTA, TUESDAY_MORNING
from tests.support.planner.variants.facts import on_weekday
from tests.support.planner.variants.measure import Measurement, measured, report_of, variants_of
from tests.support.planner.variants.sentence import Sentence
from tests.support.planner.variants.variant import (
    Becomes,
    Differs,
    NotDone,
    Rule,
    Same,
    Variant,
    Verdict,
    Without,
)
from tests.support.planner.variants.vocabulary import refusals, same_words

CASES = Path(__file__).parents[2] / "planner_cases" / "cases.jsonl"
SAMPLE = 0.12

# Just beyond what the planner reaches; tighten them when it reads more.
LEAST_SAME = 0.99
MOST_SILENT = 0.01
MOST_OPPOSITE = 0.003


@pytest.fixture(scope="module")
def planner() -> Iterator[CasePlanner]:
    """Yield one planner for all tests here."""
    with CasePlanner() as planner:
        yield planner


@pytest.fixture(scope="module")
def measurement(planner: CasePlanner, pytestconfig: pytest.Config) -> Measurement:
    """Return the results of a sample of all variants; of every one with --full."""
    cases = [orjson.loads(line) for line in CASES.read_bytes().splitlines()]
    return measured(planner, cases, 1.0 if pytestconfig.getoption("--full") else SAMPLE)


def sentence(planner: CasePlanner, prompt: str, **fields: Any) -> Sentence:
    """Return a sentence on a Tuesday morning in Jakarta."""
    case = {"id": "case", "prompt": prompt, "timezone": JAKARTA, "now": TUESDAY_MORNING, **fields}
    return Sentence(case, lambda text: planner.plan(case, text))


def verdict(planner: CasePlanner, prompt: str, changed: str, rule: Rule) -> Verdict:
    """Return the verdict on another sentence as a variant of the first."""
    base = sentence(planner, prompt)
    return rule.verdict(base.facts, base.facts_of(changed))


def test_every_case_has_its_plan(measurement: Measurement) -> None:
    """A case that is planned wrongly would hide its variants."""
    assert measurement.skipped == []
    assert len(measurement.of(keeps=True)) > 300
    assert len(measurement.of(keeps=False)) > 150


def test_same_meaning_has_the_same_plan(measurement: Measurement) -> None:
    """Spelling, fillers, case, order, punctuation and spaces do not change a plan."""
    assert measurement.same_share >= LEAST_SAME, report_of(measurement)


def test_other_meaning_is_seldom_planned_silently(measurement: Measurement) -> None:
    """A denial, exception, correction or other value changes the plan or raises a doubt."""
    assert measurement.silent_share <= MOST_SILENT, report_of(measurement)


def test_denied_is_not_done(measurement: Measurement) -> None:
    """A denied wish, time or target is not done without a doubt; in the sample none is."""
    share = len(measurement.opposite) / len(measurement.of(keeps=False))
    assert share <= MOST_OPPOSITE, report_of(measurement)


TEXTS = (
    ('setiap hari jam 9 kirim pesan "jangan lupa jam 7" ke telegram chat 5541', '"jangan lupa jam 7"'),
    (
        "kirim wa ke 0811 besok jam 9: Besok libur ya, buka lagi Senin jam 8",
        "Besok libur ya, buka lagi Senin jam 8",
    ),
    ("pantau telegram akun Bot_A01 tiap 30 detik", "Bot_A01"),
    ("cek https://Kasir.example/Jam-7 tiap menit", "https://Kasir.example/Jam-7"),
    ("remind me every weekday at 5pm on slack to submit the timesheet", "submit the timesheet"),
)


@pytest.mark.parametrize(("prompt", "text"), TEXTS, ids=lambda value: value[:30])
def test_text_and_names_stay_as_they_are(planner: CasePlanner, prompt: str, text: str) -> None:
    """No variant changes a message, a quote, an account or an address, unless it says another one."""
    variants = [
        each
        for each in variants_of(sentence(planner, prompt))
        if each.kind.split()[-1] not in {"account", "address"}
    ]
    assert len(variants) > 10
    assert [each.prompt for each in variants if text not in each.prompt] == []


def test_text_at_the_end_gets_no_words(planner: CasePlanner) -> None:
    """Words after a message without quotes would be part of it."""
    prompt = "kirim wa ke 0811 tiap jam 9: pesanan siap"
    variants = [each for each in variants_of(sentence(planner, prompt)) if each.kind != "spacing"]
    assert {each.prompt[-13:] for each in variants} == {"pesanan siap"[-13:].rjust(13)}


def test_variants_are_the_same_at_each_call(planner: CasePlanner) -> None:
    """Two measurements compare the same sentences."""
    prompts = [
        [each.prompt for each in variants_of(sentence(planner, "laporan tiap Senin jam 8"))] for _ in "ab"
    ]
    assert prompts[0] == prompts[1]


KINDS = (
    ("pantau telegram akun bot_a01 tiap 30 detik", "spelling filler case spacing drawn time denied past"),
    ("pantau telegram akun bot_a01 tiap 30 detik", "other_interval not_ repaired_account withdrawn except_"),
    ("laporan tiap Senin dan Kamis jam 8", "except_a_day denied_after number_word full_hour repaired_hour"),
    ("daily report at 8am until December 31", "spelling case other_hour"),
    ("laporan jam 7, backup jam 3", "clauses withdrawn"),
)  # fmt: skip


@pytest.mark.parametrize(("prompt", "kinds"), KINDS)
def test_sentence_has_variants_of_its_kinds(planner: CasePlanner, prompt: str, kinds: str) -> None:
    """Each part of a sentence that a rule can change has its variants."""
    found = {each.kind.replace(" ", "_") for each in variants_of(sentence(planner, prompt))}
    missing = [kind for kind in kinds.split() if not any(each.startswith(kind) for each in found)]
    assert missing == [], found


def test_words_are_exchanged_within_one_sense() -> None:
    """A swap keeps language, form and polarity."""
    assert {"setiap", "stiap", "saban"} <= {*same_words("tiap")}
    assert "jgn" in same_words("jangan")
    assert {"tdk", "gak", "ga"} <= {*same_words("tidak")} | {*same_words("nggak")}
    for word in ("jangan", "kecuali", "pantau", "laporan", "besok"):
        others = {*same_words(word)}
        assert others
        assert word not in others
        assert not others & {"dipantau", "hapus", "report", "tomorrow", "lusa", "tapi tidak di"}
    assert {"tdk usah", "gausah", "jgn", "kagak perlu"} <= {*refusals()}


RULES = (
    ("laporan jam 7", "laporan pukul 7", Same(), Verdict.RIGHT),
    ("laporan jam 7", "laporan jam 8", Same(), Verdict.OTHER),
    ("laporan jam 7", "laporan jam 7 blorp xyzzy", Same(), Verdict.DOUBTED),
    ("laporan jam 7", "jangan kirim laporan jam 7", NotDone(), Verdict.RIGHT),
    ("laporan jam 7", "laporan jam 9", NotDone(), Verdict.OPPOSITE),
    ("laporan jam 7", "laporan jam 7", NotDone(Verdict.UNCHANGED), Verdict.UNCHANGED),
    ("laporan jam 7", "laporan jam 7 blorp xyzzy", NotDone(), Verdict.DOUBTED),
    ("laporan jam 7", "backup jam 7", NotDone(), Verdict.OTHER),
    ("laporan jam 7", "laporan jam 8", Differs(schedule=True), Verdict.RIGHT),
    ("laporan jam 7", "laporan jam 7", Differs(schedule=True), Verdict.UNCHANGED),
    ("laporan jam 7", "backup jam 8", Differs(schedule=True), Verdict.OTHER),
    ("pantau akun bot_1", "pantau akun bot_2", Differs(schedule=False), Verdict.RIGHT),
    ("pantau akun bot_1", "pantau akun bot_2 tiap 9 menit", Differs(schedule=False), Verdict.OTHER),
)


@pytest.mark.parametrize(("prompt", "changed", "rule", "wanted"), RULES)
def test_rule_judges_a_plan(
    planner: CasePlanner, prompt: str, changed: str, rule: Rule, wanted: Verdict
) -> None:
    """A rule finds the fault in a plan: a job that is done, a job that is lost, a doubt."""
    assert verdict(planner, prompt, changed, rule) is wanted


EXCEPTIONS = (
    ("laporan tiap hari jam 7 kecuali Senin", Verdict.RIGHT),
    ("laporan tiap hari jam 7", Verdict.OPPOSITE),
    ("laporan tiap Senin jam 7", Verdict.OPPOSITE),
    ("laporan tiap Selasa jam 7", Verdict.OTHER),
    ("laporan tiap hari jam 7 blorp xyzzy", Verdict.DOUBTED),
    ("halo", Verdict.RIGHT),
)


@pytest.mark.parametrize(("changed", "wanted"), EXCEPTIONS)
def test_exception_takes_its_days_and_no_others(planner: CasePlanner, changed: str, wanted: Verdict) -> None:
    """A day that is left out does not fire, and all other days do."""
    base = sentence(planner, "laporan tiap hari jam 7")
    now_ms = int(base.plan.request.instant.timestamp() * 1000) if base.plan.request else 0
    rule = Without(on_weekday(1), lambda hour: hour.date(), JAKARTA, now_ms, 20)
    assert rule.verdict(base.facts, base.facts_of(changed)) is wanted


CORRECTIONS = (
    ("laporan jam 9", Verdict.RIGHT),
    ("laporan jam 7", Verdict.OPPOSITE),
    ("laporan jam 7 dan 9", Verdict.OTHER),
    ("laporan jam 7, laporan tiap Senin jam 9", Verdict.OPPOSITE),
    ("laporan jam 7 blorp xyzzy", Verdict.DOUBTED),
    ("halo", Verdict.DOUBTED),
)


@pytest.mark.parametrize(("changed", "wanted"), CORRECTIONS)
def test_correction_leaves_the_new_value_alone(planner: CasePlanner, changed: str, wanted: Verdict) -> None:
    """The plan of a corrected sentence has the new value, and nothing of the old one."""
    base = sentence(planner, "laporan jam 7")
    rule = Becomes(base.facts_of("laporan jam 9"), Verdict.OPPOSITE)
    assert rule.verdict(base.facts, base.facts_of(changed)) is wanted


def test_cases_with_stored_jobs_and_contacts_are_planned(planner: CasePlanner) -> None:
    """The jobs and contacts of a case are there, and those of another are not."""
    stored = [
        {
            "job_id": "my-report",
            "type": "report.daily",
            "schedule": {"cron": "0 7 * * *", "timezone": JAKARTA},
        }
    ]
    contacts = {"Bu Dewi": {"channel": "whatsapp", "to": "0811"}}
    stopped = sentence(planner, "matikan laporan", stored=stored).plan
    assert [(job.change.value, job.spec.job_id) for job in stopped.jobs] == [("disable", "my-report")]
    assert sentence(planner, "matikan laporan").plan.jobs == ()
    sent = sentence(planner, "kirim ke Bu Dewi besok jam 8: siap", contacts=contacts).plan
    assert [job.spec.inputs["to"] for job in sent.jobs] == ["0811"]


def test_report_names_each_fault(planner: CasePlanner) -> None:
    """The report has the shares, and a sentence of each kind of fault."""
    case = {"id": "a1", "prompt": "laporan jam 7", "timezone": JAKARTA, "now": TUESDAY_MORNING}
    found = measured(planner, [case])
    assert found.results
    text = report_of(found)
    assert f"variants that keep the plan: {len(found.of(keeps=True))}" in text
    assert all(result.variant.kind in text for result in found.results)
    assert Variant("a1", "case", "upper", "LAPORAN JAM 7", found.results[0].variant.rule).prompt in {
        result.variant.prompt for result in found.results
    }
