"""The limits of the YAML reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.spec_files import read_files
from app.core import yaml_reader
from app.core.errors import ConfigurationError
from app.core.policies import read_policy_file
from app.core.yaml_reader import MAX_ALIASES, MAX_DEPTH, YamlError, read_yaml


def nested_aliases(levels: int, each: int) -> str:
    """Return lines of lists, each of which names the line before `each` times."""
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * each)}]" for n in range(1, levels + 1)]
    return "\n".join(lines) + "\n"


LAUGHS = nested_aliases(9, 9)


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        (LAUGHS, "more than 500,000 values", 7),
        ("a: &a 1\n" + f"b: [{', '.join(['*a'] * (MAX_ALIASES + 1))}]\n", "more than 100 aliases", 2),
        ("a: &a\n  b: [1, *a]\n", "is inside the part that it names", 2),
        ("\n" + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "more than 64 levels", 2),
        ("[" * 200_000, "more than 64 levels", 1),
        ("a: 1\nb: 2\na: 3\n", "'a' is given twice", 3),
        ("a: [", "expected the node content", 1),
        ("a: *nothing\n", "undefined alias", 1),
    ],
)
def test_yaml_is_refused_with_its_line(text: str, said: str, line: int) -> None:
    """What is too much, or contradicts itself, is named with the line."""
    with pytest.raises(YamlError, match=f"(?s){said}.*line {line},"):
        read_yaml(text)


def test_nine_short_lines_of_aliases_are_few_aliases() -> None:
    """The count of aliases alone would let 400 million values pass in less than 500 characters."""
    assert LAUGHS.count("*") < MAX_ALIASES
    assert len(LAUGHS) < 500


def test_a_long_text_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused by its length."""
    monkeypatch.setattr(yaml_reader, "MAX_CHARS", 10)
    with pytest.raises(YamlError, match="more than 10 characters"):
        read_yaml("- 1\n" * 5)


def test_yaml_takes_what_people_write() -> None:
    """Anchors, merged keys, 100 aliases and 64 levels are read as ever."""
    assert read_yaml("base: &b {x: 1}\nb: {<<: *b, y: 2}\n")["b"] == {"x": 1, "y": 2}
    assert read_yaml(f"- &a 1\n- [{', '.join(['*a'] * MAX_ALIASES)}]\n")[1] == [1] * MAX_ALIASES
    assert read_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert read_yaml("") is None


def test_spec_and_policy_files_are_read_within_the_bounds(tmp_path: Path) -> None:
    """Both say which file and line are at fault."""
    file = tmp_path / "laughs.yaml"
    file.write_text(LAUGHS, "utf-8")
    (found,) = read_files([file])
    assert "laughs.yaml" in found.trouble
    assert "line 7," in found.trouble
    with pytest.raises(ConfigurationError, match=r"(?s)laughs\.yaml.*line 7,"):
        read_policy_file(file)


def test_no_other_module_reads_yaml() -> None:
    """The bounds hold for every file, because there is one reader."""
    app = Path(yaml_reader.__file__).parents[1]
    users = [each.name for each in app.rglob("*.py") if "import yaml\n" in each.read_text("utf-8")]
    assert users == ["yaml_reader.py"]
