"""When a model is asked, with what, and how its answer is read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from app.core.messaging.contact_models import Contact, name_key
from app.core.registry import HandlerSpec, Registry
from app.planner.ai.answer import parse_answer
from app.planner.ai.doubt import Doubt, is_in_doubt
from app.planner.ai.grounding import Grounding
from app.planner.ai.instructions import ModelRequest, opening_request
from app.planner.directory import NameDirectory
from app.planner.models import (
    AiOptions,
    Certainty,
    Draft,
    Note,
    NoteKind,
    Plan,
    PlanRequest,
    PlanSource,
    PromptSpan,
)
from app.planner.review import PlanValidator
from tests.support.planner.ai_planning import planner_of
from tests.support.planner.hostile_answers import GOOD, PROMPT
from tests.support.planner.planner_fakes import (
    CHECKS,
    NOW,
    ZONE,
    FakeRules,
    ScriptedChat,
    draft_of,
    planned,
    planner_registry,
    schedule_of,
)
from tests.support.planner.planning import plan_text

MOST_TOKENS = 2_000


NOBODY = NameDirectory()


def known_names(accounts: Sequence[str], contacts: Sequence[str]) -> NameDirectory:
    texts = {name_key(name): Contact(name, "whatsapp", "0811").text() for name in contacts}
    return NameDirectory(texts, dict.fromkeys(accounts, ("telegram",)))


async def _noop(_context: object, _inputs: object) -> None: ...


def read(prompt: str) -> Draft:
    return plan_text(PlanRequest(prompt, ZONE, NOW, deployment_timezone=ZONE))


def request_for(draft: Draft, names: NameDirectory = NOBODY, checks: PlanValidator = CHECKS) -> ModelRequest:
    request = PlanRequest(draft.prompt, ZONE, NOW, deployment_timezone=ZONE, directory=names)
    return opening_request(Grounding(checks, plan_text, request, draft))


def facts_in(request: ModelRequest) -> dict[str, Any]:
    return json.loads(request.messages[-1]["content"])


# When.


@pytest.mark.parametrize(
    "prompt",
    [
        "pantau telegram",
        "buat laporan harian",
        "backup tiap minggu",
        "pantau https://a.example",
        "kirim wa ke 0811 besok: halo",
        "monitor whatsapp account toko_a",
        "report every day",
    ],
)
async def test_defaults_ask_no_model(prompt: str) -> None:
    """A plain sentence with assumed hours, intervals and accounts is the rules' alone."""
    chat = ScriptedChat([GOOD])
    found = await planner_of(chat, FakeRules({}, plan_text)).plan(PlanRequest(prompt, ZONE, ai=AiOptions()))
    assert found.assumptions
    assert (len(found.jobs), chat.asked) == (1, [])


@pytest.mark.parametrize("kind", NoteKind)
def test_doubt_asks_the_model(kind: NoteKind) -> None:
    """Words that no rule used, a conflict and a question are doubts; other notes are none."""
    draft = replace(draft_of(planned(), prompt=PROMPT), notes=(Note(kind, "so"),))
    assert is_in_doubt(draft) is (kind in {NoteKind.UNREAD, NoteKind.CONFLICT, NoteKind.QUESTION})


# With what.

LONG = "Pantau telegram akun bot_a01 tiap 30 detik. " * 20


@pytest.mark.parametrize(
    ("prompt", "words", "clause"),
    [
        (f"{LONG}Simpan zzz ke brankas jam 1. {LONG}", "zzz", "Simpan zzz ke brankas jam 1."),
        ("laporan jam 7\nzzz jam 8\nbackup jam 9", "zzz", "zzz jam 8"),
        (f"zzz {'kata ' * 300}", "zzz", None),
        (f"{'kata ' * 300}zzz{' kata' * 60}", "zzz", None),
        ("x" * 1_500, "x" * 1_500, None),
    ],
)
def test_model_gets_the_clause_in_doubt(prompt: str, words: str, clause: str | None) -> None:
    """Of a long prompt only the sentence in doubt is sent, and at most 600 characters of it."""
    start = prompt.index(words)
    note = Note(NoteKind.UNREAD, "not read", PromptSpan(start, start + len(words)))
    found = Doubt(replace(draft_of(planned(), prompt=prompt), notes=(note,)))
    assert len(found.clause) <= 600
    assert found.span.start <= start < found.span.end
    assert clause in {None, found.clause}


def test_readings_are_choices_of_the_question() -> None:
    """The readings of a question are numbered, and a type that nothing in doubt has is left out."""
    request = request_for(asked_about("Minggu gitu deh", TURNED))
    assert facts_in(request)["readings"] == {"1": "kecuali Minggu", "2": "hanya Minggu"}
    assert list(facts_in(request)["types"]) == ["report.daily"]
    schema: Any = request.schema["properties"]
    assert schema["reading"] == {"enum": [1, 2, None]}
    assert schema["types"]["items"] == {"enum": ["report.daily"]}


@pytest.mark.parametrize("word", ["$ref", "$defs", "pattern", "default", "title", "not"])
def test_schema_has_what_local_servers_know(word: str) -> None:
    """Servers make a grammar of the schema: a keyword that they do not know is refused, or ignored."""
    request = request_for(read("simpan semuanya ke brankas jam 1"))
    assert f'"{word}"' not in json.dumps(request.schema)


class Many(BaseModel):
    """Inputs of a type with many fields."""

    a_field_with_a_long_name: str
    numbers: list[int] = []
    nested: dict[str, list[dict[str, int]]] = {}
    kind: str | None = None
    m1: str = ""
    m2: str = ""
    m3: str = ""
    m4: str = ""
    m5: str = ""
    m6: str = ""
    m7: str = ""
    m8: str = ""


def many_types() -> PlanValidator:
    about = "Describes at length what this type is for, in more words than anyone needs. " * 10
    others = [HandlerSpec(f"shop.type_{number}", _noop, Many, description=about) for number in range(60)]
    return PlanValidator(Registry([*planner_registry().specs(), *others]), CHECKS.policies, ZONE)


NAMES = known_names([f"toko_{number}" for number in range(100)], [f"Bu Toko {n}" for n in range(100)])
SENTENCES = (
    "simpan semuanya ke brankas tiap malam jam 1",
    "see if https://shop.example breathes every minute, it ought to say 204",
    "toko toko_7 tolong diliatin tiap 5 menit, kabarin Bu Toko 5",
    "tolong " + "urus semuanya yang ada di toko " * 63,
    "semuanya 🙂 " * 150,
)


@pytest.mark.parametrize("checks", [CHECKS, many_types()], ids=["own types", "65 types"])
@pytest.mark.parametrize("prompt", SENTENCES, ids=lambda text: text[:20])
def test_request_fits_a_small_model(
    prompt: str, checks: PlanValidator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages and schema are at most 2,000 tokens, by a real tokenizer if one is installed."""
    draft = replace(
        draft_of(prompt=prompt), notes=(Note(NoteKind.UNREAD, "not read", PromptSpan(0, len(prompt))),)
    )
    request = request_for(draft, NAMES, checks)
    assert request.tokens <= MOST_TOKENS
    assert counted(request, monkeypatch) <= MOST_TOKENS


def counted(request: ModelRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return the tokens of GPT-4's tokenizer, of which Qwen's is an extension; litellm has its file."""
    if find_spec("tiktoken") is None:
        pytest.skip("the extra ai is not installed")
    package = find_spec("litellm")
    if package is None or package.origin is None:
        pytest.skip("the extra ai is not installed")
    monkeypatch.setenv(
        "TIKTOKEN_CACHE_DIR", str(Path(package.origin).parent / "litellm_core_utils" / "tokenizers")
    )
    import tiktoken  # noqa: PLC0415  only with the extra

    encoding = tiktoken.get_encoding("cl100k_base")
    frames = 8 * len(request.messages)
    texts = [each["content"] for each in request.messages] + [json.dumps(request.schema)]
    return frames + sum(len(encoding.encode(text)) for text in texts)


def test_names_of_the_clause_alone_are_sent() -> None:
    """Accounts and contacts without a word of the clause stay here."""
    request = request_for(
        read("zzz toko_7 kabarin Bu Siti 628110001111"),
        known_names(["toko_7", "dev"], ["Bu Siti", "Pak Eko", "628110001111"]),
    )
    assert facts_in(request)["names"] == ["telegram:toko_7", "Bu Siti"]


# How the answer is read.

FORMS = (
    GOOD,
    f"```json\n{GOOD}\n```",
    f"```\n{GOOD}\n```",
    f"Here is the plan:\n{GOOD}\nI hope this helps.",
    f"<think>\nThe user {{wants}} a monitor.\n</think>\n\n{GOOD}",
    f"The user wants a monitor.\n</think>\n```json\n{GOOD}```",
    f"<think></think>Sure:\n```json\n{GOOD}\n```\n",
    GOOD.replace('"]', '" , \n]').replace("}", ",}"),
    f"\ufeff{GOOD}",
)


@pytest.mark.parametrize("text", FORMS)
def test_answer_is_found_in_what_models_write(text: str) -> None:
    """Fences, thoughts, a sentence before and after, and trailing commas do not hide an answer."""
    assert parse_answer(text, ["monitor.channel"]) == parse_answer(GOOD, ["monitor.channel"])


def test_comma_in_a_text_is_kept() -> None:
    """Only commas outside of texts are left out."""
    plain = 'kirim wa ke 0811: "a, ] b,}"'
    text = json.dumps({"types": ["message.send"], "plain": plain})[:-1] + ",}"
    assert parse_answer(text, ["message.send"]).plain == plain


# The choice between readings.

ASKED = "laporan jam 7, Minggu gitu deh"
TURNED = ("kecuali Minggu", "hanya Minggu")


def asked_about(words: str, choices: Sequence[str], prompt: str = ASKED) -> Draft:
    start = prompt.index(words)
    span = PromptSpan(start, start + len(words))
    note = Note(NoteKind.QUESTION, "What of it?", span, choices=tuple(choices))
    return replace(draft_of(planned(), prompt=prompt), notes=(note,))


async def choose(reading: int, draft: Draft) -> Plan:
    chat = ScriptedChat([json.dumps({"reading": reading, "types": [], "plain": None})])
    rules = FakeRules({draft.prompt: draft}, plan_text)
    return await planner_of(chat, rules).plan(PlanRequest(draft.prompt, ZONE, ai=AiOptions()))


@pytest.mark.parametrize(("reading", "cron"), [(1, "0 7 * * 1-6"), (2, "0 7 * * 0")])
async def test_chosen_reading_is_planned_by_the_rules(reading: int, cron: str) -> None:
    """The plan is the rules' plan of the prompt with the choice, told, and held for a confirmation."""
    found = await choose(reading, asked_about("Minggu gitu deh", TURNED))
    (job,) = found.jobs
    assert found.source is PlanSource.MODEL
    assert schedule_of(job.spec)["cron"] == cron
    assert job.certainty is Certainty.ASK
    assert f'Model memilih "{TURNED[reading - 1]}" untuk: What of it?' in [note.text for note in found.notes]
    assert found.prompt == ASKED
    assert [ASKED[span.start : span.end] for span in found.explain if span.role == "intent"] == ["laporan"]
    assert all(span.end <= len(ASKED) for span in found.explain)


@pytest.mark.parametrize("reading", [3, 6])
async def test_reading_that_was_not_offered_is_refused(reading: int) -> None:
    """The number of no reading leaves the rules' plan, with its question."""
    found = await choose(reading, asked_about("Minggu gitu deh", TURNED))
    assert found.source is PlanSource.RULES
    assert found.question is not None


@pytest.mark.parametrize(
    "choices",
    [
        ("ingatkan catat laporan jam 7",),
        ("ingatkan saya", "laporan jam 7"),
        ("Minggu jam 9", "Minggu jam 7"),
        ("Pak Minggu Santoso", "Pak Minggu Hartono"),
        ("high", "normal", "low"),
    ],
)
async def test_choice_that_says_more_than_the_prompt_is_for_a_person(choices: tuple[str, ...]) -> None:
    """An offer, an hour, a contact and a priority that were not said are no readings: none can be chosen."""
    draft = asked_about("Minggu gitu deh", choices)
    assert "readings" not in facts_in(request_for(draft))
    found = await choose(1, draft)
    assert (found.source, found.question is not None) == (PlanSource.RULES, True)


async def test_reading_that_stops_a_job_is_not_chosen_by_a_model() -> None:
    """What happens to a stored job is for a person to say."""
    draft = asked_about("stop atau lanjut", ("stop", "lanjut"), "laporan harian stop atau lanjut")
    assert facts_in(request_for(draft))["readings"]
    found = await choose(1, draft)
    assert (found.source, found.question is not None) == (PlanSource.RULES, True)
