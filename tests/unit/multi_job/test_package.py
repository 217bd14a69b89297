"""The public package: its names, and the cost of its import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import multi_job

SOURCE = Path(multi_job.__file__)


def _type_checking_names() -> set[str]:
    [block] = [each for each in ast.parse(SOURCE.read_text("utf-8")).body if isinstance(each, ast.If)]
    imports = [each for each in block.body if isinstance(each, ast.ImportFrom)]
    return {alias.asname or alias.name for each in imports for alias in each.names}


def test_public_names_are_the_same_for_people_programs_and_type_checkers() -> None:
    """`__all__`, the lazy imports and the imports for type checkers do not differ."""
    assert set(multi_job.__all__) == set(multi_job._MODULES) == _type_checking_names()


@pytest.mark.parametrize("name", multi_job.__all__)
def test_public_name_can_be_imported(name: str) -> None:
    """Each public name is in the module that it is declared in."""
    assert getattr(multi_job, name).__name__ == name
    assert name in dir(multi_job)


def test_unknown_name_is_an_attribute_error() -> None:
    """A typing error is reported as Python does."""
    with pytest.raises(AttributeError, match="has no attribute 'jop'"):
        _ = multi_job.jop


def test_import_of_the_package_loads_nothing_else() -> None:
    """A worker that imports a job type pays for no client and no test kit."""
    loaded = "[name for name in sys.modules if name.split('.')[0] in ('app', 'httpx')]"
    program = f"import sys, multi_job; print({loaded})"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
