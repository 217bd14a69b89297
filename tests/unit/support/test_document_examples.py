"""How the examples of documents are read, and which answers match the ones that they show."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.documents.document_examples import Example, differences, examples, missing_lines
from tests.support.documents.documents import Block, Document, executed_documents, other_proof

ULID = "01M87K9HMSTY4S1N0BDJ44B109"
OTHER_ULID = "01M87K9SYD16SAGVPR9G38YCGR"


@pytest.mark.parametrize(
    ("shown", "answer"),
    [
        ({"a": 1}, {"a": 1}),
        ({"a": 1, "…": "…"}, {"a": 1, "b": 2}),
        ([1, "…"], [1, 2, 3]),
        ({"run_id": ULID}, {"run_id": OTHER_ULID}),
        ("tick@1795551450000", "tick@1795551455000"),
        ("2026-01-31T07:00:00+07:00", "2027-02-01T07:00:00+07:00"),
        ({"duration_ms": 12}, {"duration_ms": 3}),
        ("1795551455187-0", "1795552088085-1"),
        ("not set up: …", "not set up: multi-job connect"),
        ("…", None),
    ],
)
def test_answer_that_is_shown_matches(shown: Any, answer: Any) -> None:
    """Equal apart from ids, instants and measured figures; `…` means more."""
    assert differences(shown, answer) == []


@pytest.mark.parametrize(
    ("shown", "answer", "where"),
    [
        ({"a": 1}, {"a": 2}, "/a"),
        ({"a": 1}, {}, "/a"),
        ({"a": 1}, {"a": 1, "b": 2}, "/b"),
        ([1], [1, 2], ""),
        ([1, 2, "…"], [1], ""),
        ({"ok": True}, {"ok": 1}, "/ok"),
        ({"run_id": ULID}, {"run_id": None}, "/run_id"),
        ({"duration_ms": 12}, {"duration_ms": None}, "/duration_ms"),
        ({"a": ["x"]}, {"a": ["y"]}, "/a/0"),
        ({"a": "set up …"}, {"a": "not set up"}, "/a"),
    ],
)
def test_answer_that_is_another_is_found(shown: Any, answer: Any, where: str) -> None:
    """A value, a field or an item that is not as shown is reported with its pointer."""
    found = differences(shown, answer)
    assert [text.partition(":")[0] for text in found] == [where]


def test_examples_fill_in_what_came_before() -> None:
    """A command runs against another address, with the ids that earlier answers gave."""
    example = Example(("curl", "http://127.0.0.1:8000/runs/RUN_ID"))
    assert example.curl("http://127.0.0.1:9", {"RUN_ID": ULID})[-1] == f"http://127.0.0.1:9/runs/{ULID}"


def test_placeholder_that_holds_another_is_filled_in_whole() -> None:
    """KEY_ID is no KEY with an ending."""
    example = Example(("multi-job", "keys", "rotate", "KEY_ID"))
    assert example.command({"KEY": "secret", "KEY_ID": "abc"})[-1] == "abc"


def test_examples_tell_reading_from_writing() -> None:
    """A call that writes is sent once, and so is any command."""
    assert Example(("curl", "http://127.0.0.1:8000/runs")).is_read
    assert not Example(("curl", "-X", "POST", "http://127.0.0.1:8000/pause")).is_read
    assert not Example(("multi-job", "runs")).is_read


def test_commands_of_a_block_keep_their_quotes() -> None:
    """A quote and a backslash continue a command over lines; a comment is no word."""
    block = Block(
        "bash", "curl -d '{\n  \"a\": 1}'\nmulti-job runs \\\n  --since 1h  # newest first\n\n# alone\n"
    )
    assert block.commands() == [
        ("curl", "-d", '{\n  "a": 1}'),
        ("multi-job", "runs", "--since", "1h"),
    ]


def test_blocks_of_list_items_are_found() -> None:
    """An indented block is a block, without its indentation."""
    commands = [block.commands() for block in Document("CONTRIBUTING.md").blocks()]
    assert [("./test-local.sh",)] in [each[-1:] for each in commands]
    assert [("python", "-m", "tools.generate_docs")] in commands


def test_lines_that_are_not_printed_are_found() -> None:
    """Columns, dates and ports may differ; the order and the words may not."""
    shown = "job   type\n…\nreport-daily: next …\n"
    assert missing_lines(shown, "job type\nmore\nreport-daily: next at 07:00\n") == []
    assert missing_lines(shown, "report-daily: next at 07:00\njob type\n") == ["report-daily: next …"]


def test_anchors_are_those_of_github() -> None:
    """Letters of any script stay, punctuation goes, and a repeated heading gets a number."""
    assert {"start--mulai", "what-you-can-do-next"} <= Document("README.md").anchors()
    assert "a-sentence-becomes-jobs" in Document("docs/api.md").anchors()


def test_examples_of_the_documents_are_found() -> None:
    """There are many, of both kinds, and many show their answers."""
    found = [example for document in executed_documents() for example in examples(document)]
    walked = [example for example in found if other_proof(example.words) is None]
    assert sum(example.is_curl for example in walked) >= 35
    assert sum(not example.is_curl for example in walked) >= 35
    assert sum(example.answer is not None for example in walked) >= 12
    assert sum(bool(example.output) for example in walked) >= 5
    # Only the answer of a call and the output of a command are compared.
    wrong = [example for example in walked if (example.output if example.is_curl else example.answer)]
    assert [str(example) for example in wrong] == []
