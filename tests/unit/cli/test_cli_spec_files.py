"""Spec files of `multi-job apply`: found, read, unreadable."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.spec_files import read_files


def test_folders_are_read_whole_and_each_file_once(tmp_path: Path) -> None:
    """JSON and YAML, one spec or several, in the order of their names; other files are none."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.yml").write_text("- {job_id: b}\n- {job_id: c}\n", "utf-8")
    first = tmp_path / "a.json"
    first.write_text('{\t"job_id": "a"}', "utf-8")
    (tmp_path / "notes.txt").write_text("no spec", "utf-8")
    found = read_files([first, tmp_path])
    assert [(each.job_id, each.trouble) for each in found] == [("a", ""), ("b", ""), ("c", "")]


def test_dates_of_yaml_are_the_texts_that_were_written(tmp_path: Path) -> None:
    """YAML makes instants of them, JSON has none."""
    file = tmp_path / "a.yaml"
    file.write_text("job_id: a\nschedule: {at: 2030-01-02T03:04:05+07:00}\n", "utf-8")
    (found,) = read_files([file])
    assert found.spec["schedule"] == {"at": "2030-01-02T03:04:05+07:00"}


@pytest.mark.parametrize("text", ["a: [", "just words", "- 1", "a: .nan", "!!set {a: null}"])
def test_a_file_that_cannot_be_read_hides_no_other(tmp_path: Path, text: str) -> None:
    """It is said which one it is; the rest is there."""
    bad, good = tmp_path / "bad.yaml", tmp_path / "good.yaml"
    bad.write_text(text, "utf-8")
    good.write_text("job_id: a", "utf-8")
    found = {each.file: each.trouble for each in read_files([tmp_path])}
    assert (found[str(good)], "bad.yaml" in found[str(bad)]) == ("", True)


def test_the_second_spec_of_a_job_is_refused(tmp_path: Path) -> None:
    """The result must not depend on file names; the error names the file of the first."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text("job_id: a", "utf-8")
    first, second = read_files([tmp_path])
    assert (first.trouble, "one.yaml" in second.trouble) == ("", True)
