"""Detection of literal credentials, without false positives."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.redaction import redactor
from app.core.specs.literal_credentials import MAX_PROBLEMS, literal_problems, text_problem
from tests.support.secrets.credential_samples import FIELDS, INNOCENT, TEXTS, TOKENS


def test_credential_samples_are_many() -> None:
    """Both corpora have at least sixty entries, each once."""
    assert len(TOKENS) + len(TEXTS) + len(FIELDS) >= 60
    assert len({str(each) for each in INNOCENT}) == len(INNOCENT) >= 60


@pytest.mark.parametrize("text", [*TOKENS, *TEXTS], ids=range(len(TOKENS) + len(TEXTS)))
def test_credential_in_any_text_is_found(text: str) -> None:
    """As an input, in a list, as a tag, as a field's name; with the command, and never quoted."""
    assert _pointers({"url": text}) == ["/url"]
    assert _pointers({"tags": ["a", text]}) == ["/tags/1"]
    assert _pointers({"a": {text: 1}}) == ["/a"]
    [problem] = literal_problems({"text": text})
    assert (problem.code, "multi-job secrets set NAME --host" in problem.message) == (
        "literal_credential",
        True,
    )
    assert text not in problem.message


@pytest.mark.parametrize("token", TOKENS, ids=range(len(TOKENS)))
def test_token_within_a_sentence_is_found_and_masked(token: str) -> None:
    """What refuses a spec also keeps the token out of logs and answers: one table for both."""
    sentence = f"pakai {token} untuk toko, tiap 5 menit"
    problem = text_problem(sentence, "/prompt")
    assert problem is not None
    assert problem.pointer == "/prompt"
    assert token not in redactor.answer(sentence)
    assert "untuk toko" in redactor.answer(sentence)


@pytest.mark.parametrize("value", FIELDS, ids=range(len(FIELDS)))
def test_credential_is_found_by_the_name_of_its_field(value: dict[str, Any]) -> None:
    """Headers and JSON fields, however they are spelled; the pointer leads to the value."""
    [pointer] = _pointers(value)
    assert pointer.startswith(("/headers/", "/json/"))


@pytest.mark.parametrize("value", INNOCENT, ids=range(len(INNOCENT)))
def test_innocent_value_is_no_credential(value: Any) -> None:
    """Names of secrets, ids, hashes, encoded text, prose, and fields whose names only look alike."""
    assert literal_problems({"inputs": value}) == []


def test_literal_credential_names_the_host_of_the_url() -> None:
    """The command that stores it is for the host that the inputs call."""
    inputs = {"headers": {"X-Api-Key": "k"}, "url": "https://ana@Shop.example:8443/a?b=1"}
    assert all("--host shop.example:8443`" in each.message for each in literal_problems(inputs))
    [problem] = literal_problems({"headers": {"X-Api-Key": "k"}})
    assert "--host HOST`" in problem.message


def test_literal_credentials_are_listed_up_to_a_limit() -> None:
    """A body of nothing but credentials costs one answer of a bounded size; depth is bounded too."""
    assert len(literal_problems({str(index): {"token": "x"} for index in range(1_000)})) == MAX_PROBLEMS
    deep: Any = {"token": "x"}
    for _ in range(500):
        deep = [deep]
    assert literal_problems(deep) == []


def _pointers(value: Any) -> list[str]:
    return [problem.pointer for problem in literal_problems(value)]
