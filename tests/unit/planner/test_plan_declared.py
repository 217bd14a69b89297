"""Job types of packages: a handler declares its words, and a sentence plans it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from app.core.errors import ConfigurationError
from app.core.registry import HandlerSpec, Phrases, Registry, Slot
from app.planner.models import NoteKind, PlanRequest
from app.planner.review import PlanValidator
from app.services.api.schemas.platform import JobTypeBody
from tests.support.planner.planner_fakes import CHECKS, empty_planner
from tests.support.planner.planning import JAKARTA, plan


class Inputs(BaseModel):
    shop: str
    days: int = 30


async def sync(_ctx: Any, _inputs: Inputs) -> None:
    """A handler of a package."""


PHRASES = Phrases(
    nouns=("faktur", "invoices", "laporan penjualan"),
    verbs=("sinkronkan", "sync"),
    slots=(Slot("shop", ("toko", "shop")), Slot("days", ("selama", "last"))),
    schedule={"cron": "30 3 * * *", "timezone": JAKARTA},
)
SPEC = HandlerSpec("invoice.sync", sync, inputs=Inputs, phrases=PHRASES)
DECLARED = PlanValidator(Registry([SPEC]), CHECKS.policies, JAKARTA).declared
DAILY = {"cron": "0 4 * * *", "timezone": JAKARTA}
SENTENCES = [
    ("sinkronkan faktur toko berkah tiap hari jam 4", {"shop": "berkah"}, DAILY),
    ("sync invoices shop berkah every day at 4am", {"shop": "berkah"}, DAILY),
    (
        "tiap hari jam 4 sinkronkan faktur toko 'Berkah Jaya' selama 7",
        {"shop": "Berkah Jaya", "days": 7},
        DAILY,
    ),
    ("laporan penjualan toko Berkah Jaya tiap hari jam 4", {"shop": "Berkah Jaya"}, DAILY),
    ("sinkronkan faktur toko berkah", {"shop": "berkah"}, {"cron": "30 3 * * *", "timezone": JAKARTA}),
    ("sync invoices shop berkah every 2 hours", {"shop": "berkah"}, {"interval_sec": 7200}),
]


@pytest.mark.parametrize(("prompt", "inputs", "schedule"), SENTENCES)
def test_sentence_plans_a_declared_type(
    prompt: str, inputs: dict[str, Any], schedule: dict[str, Any]
) -> None:
    """Its nouns and verbs ask for it, its slots set inputs, and its schedule is the default."""
    draft = plan(prompt, declared=DECLARED)
    ((job_type, found, when),) = [(job.type, job.inputs, job.schedule) for job in draft.jobs]
    assert (job_type, found, when) == ("invoice.sync", inputs, schedule)
    assert draft.doubts == frozenset()


def test_declared_type_stands_beside_others() -> None:
    """Each wish of a sentence is a job, and the planner's own words keep their meaning."""
    draft = plan("backup jam 2, sinkronkan faktur toko berkah jam 4, laporan jam 7", declared=DECLARED)
    assert [job.type for job in draft.jobs] == ["backup.export", "invoice.sync", "report.daily"]


def test_needed_input_that_was_not_said_is_a_question() -> None:
    """The answer is put after the words that lead its value."""
    draft = plan("sinkronkan faktur tiap hari jam 4", declared=DECLARED)
    (question,) = [note for note in draft.notes if note.kind is NoteKind.QUESTION]
    assert (draft.jobs, question.lead) == ((), " toko ")


def test_stop_of_a_declared_type_plans_nothing() -> None:
    """It is a request about a job of that type."""
    draft = plan("stop sinkronkan faktur", declared=DECLARED)
    assert (draft.jobs, [stop.query.types for stop in draft.requests]) == ((), [{"invoice.sync"}])


def test_words_of_types_that_are_not_installed_mean_nothing() -> None:
    """Without the package nothing is planned, and a note says so."""
    draft = plan("sinkronkan faktur toko berkah tiap hari jam 4")
    assert draft.jobs == ()
    assert draft.doubts


@pytest.mark.parametrize(
    "phrases",
    [
        Phrases(),
        Phrases(nouns=("Faktur",)),
        Phrases(nouns=("",)),
        Phrases(nouns=("faktur",), slots=(Slot("nothing", ("toko",)),)),
        Phrases(nouns=("faktur",), schedule={"cron": "0 4 * * *", "interval_sec": 5}),
    ],
)
def test_phrases_that_cannot_work_are_refused_at_the_start(phrases: Phrases) -> None:
    """The handler's author learns it before any sentence is planned."""
    with pytest.raises(ConfigurationError, match=r"invoice\.sync"):
        HandlerSpec("invoice.sync", sync, inputs=Inputs, phrases=phrases)


async def test_planner_reads_the_words_from_its_registry() -> None:
    """A package's type becomes a job with an id, like the shipped types."""
    planner = empty_planner(PlanValidator(Registry([SPEC]), CHECKS.policies, JAKARTA))
    made = await planner.plan(PlanRequest("sinkronkan faktur toko berkah tiap hari jam 4", timezone=JAKARTA))
    (job,) = made.jobs
    assert (job.spec.job_id, job.spec.type, job.spec.inputs) == (
        "invoice-sync",
        "invoice.sync",
        {"shop": "berkah"},
    )
    assert made.request is not None
    assert made.request.declared == ()


def test_job_types_show_their_phrases() -> None:
    """The words of a sentence can be looked up."""
    shown = JobTypeBody.of(SPEC).model_dump(mode="json")["phrases"]
    assert (shown["verbs"], shown["slots"][0]) == (
        ["sinkronkan", "sync"],
        {"field": "shop", "words": ["toko", "shop"]},
    )
