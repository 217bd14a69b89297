"""The public package: its names, and the cost of its import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import multi_job
from multi_job import testing


def _type_checking_names(package: ModuleType) -> set[str]:
    source = Path(str(package.__file__)).read_text("utf-8")
    [block] = [each for each in ast.parse(source).body if isinstance(each, ast.If)]
    imports = [each for each in block.body if isinstance(each, ast.ImportFrom)]
    return {alias.asname or alias.name for each in imports for alias in each.names}


@pytest.mark.parametrize("package", [multi_job, testing])
def test_public_names_are_the_same_for_people_programs_and_type_checkers(package: ModuleType) -> None:
    """`__all__`, the lazy imports and the imports for type checkers do not differ; each can be imported."""
    assert set(package.__all__) == set(package._MODULES) == _type_checking_names(package)
    assert set(package.__all__) <= set(dir(package))
    assert all(getattr(package, name).__name__ == name for name in package.__all__)


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
