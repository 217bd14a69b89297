"""Every core error has a status, a section, and a safe answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.responses import Response

from app.core.errors import MultiJobError
from app.services.api.http.problems import (
    ERROR_KINDS,
    HTTP_KINDS,
    HttpProblem,
    error_codes,
    render_error,
    render_http,
)
from tools.generate_docs import errors_markdown

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "errors.md"


def _all_errors(root: type[MultiJobError] = MultiJobError) -> list[type[MultiJobError]]:
    below = [error for child in root.__subclasses__() for error in _all_errors(child)]
    return [root, *below]


def _of_the_core() -> list[type[MultiJobError]]:
    # Errors that tests or handlers derive are answered like their nearest base.
    return [
        error for error in _all_errors() if error.__module__ in {"app.core.errors", "app.core.access.errors"}
    ]


@pytest.mark.parametrize("error", _of_the_core())
def test_every_error_class_is_mapped(error: type[MultiJobError]) -> None:
    """A class without an entry of its own would be answered like its base, unnoticed."""
    assert error in ERROR_KINDS


def test_every_error_code_is_one_of_a_kind() -> None:
    """Programs tell errors apart by their codes."""
    codes = [error.code for error in ERROR_KINDS] + list(HTTP_KINDS)
    assert sorted(codes) == sorted(set(codes))
    assert set(error_codes()) == set(codes)


def _detail(response: Response) -> str:
    return bytes(response.body).decode()


@pytest.mark.parametrize("error", _of_the_core())
def test_server_errors_hide_their_text(error: type[MultiJobError]) -> None:
    """What is the server's own fault is answered without its words; what a caller can act on, with them."""
    raised = error.__new__(error)
    raised.message = "canary-4711"
    raised.args = ("canary-4711",)
    for name in ("problems",):
        setattr(raised, name, ())
    response = render_error(raised, {"path": "/x"}, "0" * 32)
    assert response.status_code == ERROR_KINDS[error].status
    assert ("canary" in _detail(response)) is not ERROR_KINDS[error].hidden
    assert ERROR_KINDS[error].hidden or response.status_code != 500


@pytest.mark.parametrize("code", sorted(HTTP_KINDS))
def test_every_http_problem_renders(code: str) -> None:
    """Each of HTTP's own refusals has all fields."""
    response = render_http(HttpProblem(code, "why"), {"path": "/x"}, "0" * 32)
    assert f'"code":"{code}"' in _detail(response)


def test_errors_document_is_in_sync() -> None:
    """docs/errors.md matches the code; `python -m tools.generate_docs` updates it."""
    assert DOCUMENT.read_text("utf-8") == errors_markdown()
