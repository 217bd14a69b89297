"""The names in the sources of a wheel: the package `app` becomes one that no project has."""

from __future__ import annotations

import ast
import tokenize

import pytest

from tools.build_backend import PACKAGE, ROOT, renamed

PARTS = frozenset({"core", "services"})
CASES = {
    "import of a name": ("from app.core.ids import new_id\n", f"from {PACKAGE}.core.ids import new_id\n"),
    "import of the version": ("from app import __version__\n", f"from {PACKAGE} import __version__\n"),
    "import under a name": ("import app.core.ids as ids\n", f"import {PACKAGE}.core.ids as ids\n"),
    "in a function": (
        "def f():\n    from app.core import x\n",
        f"def f():\n    from {PACKAGE}.core import x\n",
    ),
    "several lines": ("from app.core import (\n    a,\n)\n", f"from {PACKAGE}.core import (\n    a,\n)\n"),
    "module in a string": ('"app.services.api.main:app"\n', f'"{PACKAGE}.services.api.main:app"\n'),
    "words of a command": ('"python -m app.core"\n', f'"python -m {PACKAGE}.core"\n'),
    "f-string": ('f"app.services.{name}.main"\n', f'f"{PACKAGE}.services.{{name}}.main"\n'),
    "f-string in another": ('f"{x + f"app.core"!r}"\n', f'f"{{x + f"{PACKAGE}.core"!r}}"\n'),
    "program in a string": (
        'S = """\nfrom app.core import x\n"""\n',
        f'S = """\nfrom {PACKAGE}.core import x\n"""\n',
    ),
    "path in a comment": (
        "x = 1  # see `app/core/ids.py`\n",
        "x = 1  # see `multi_job/_platform/core/ids.py`\n",
    ),
}
KEPT = (
    "app = create_app()\napp.core = app\n",
    'cast("FastAPI", scope["app"])\n',
    "from shop.app import core\nfrom shop import app\n",
    "'shop.app.core', 'my-app.core', 'app.jobs', 'app.corex', '/srv/app/core'\n",
    "# the language of the person's own app. core\n",
)


@pytest.mark.parametrize("name", CASES)
def test_names_of_the_package_are_changed(name: str) -> None:
    """In imports, strings and comments."""
    source, expected = CASES[name]
    if name == "f-string in another" and not hasattr(tokenize, "FSTRING_START"):
        pytest.skip("Python 3.11 has no such f-strings")
    assert renamed(source, PARTS) == expected


@pytest.mark.parametrize("source", KEPT)
def test_other_names_stay(source: str) -> None:
    """Variables, words, and modules of other packages."""
    assert renamed(source, PARTS) == source


def test_import_that_binds_the_name_is_refused() -> None:
    """No name `app` would exist after it."""
    with pytest.raises(SystemExit, match="binds `app`"):
        renamed("import app.core.ids\n", PARTS)


def test_lines_and_statements_stay() -> None:
    """A traceback of a wheel shows the lines of the checkout, and the code differs in names only."""
    parts = frozenset(path.stem for path in (ROOT / "app").iterdir())
    for path in (ROOT / "app" / "services" / "worker").glob("*.py"):
        source = path.read_text("utf-8")
        new = renamed(source, parts)
        assert len(new.splitlines()) == len(source.splitlines())
        shown = ast.dump(ast.parse(new)).replace(PACKAGE, "app")
        assert shown == ast.dump(ast.parse(source))
