"""One limit for sentences: the planner's, the OpenAPI document's, the dashboard's."""

from __future__ import annotations

import json
import re
from pathlib import Path

from app.planner.models import MAX_PROMPT_CHARS

ROOT = Path(__file__).parents[2]


def test_dashboard_accepts_as_long_a_sentence_as_the_api() -> None:
    """The form and the document have the planner's limit."""
    form = (ROOT / "ui/src/features/plan/prompt-form.tsx").read_text("utf-8")
    (shown,) = re.findall(r"const MAX_CHARS = ([\d_]+);", form)
    assert int(shown) == MAX_PROMPT_CHARS
    schemas = json.loads((ROOT / "docs/openapi.json").read_text("utf-8"))["components"]["schemas"]
    prompts = [
        option["maxLength"]
        for schema in schemas.values()
        if "prompt" in (fields := schema.get("properties", {})) and "answer" not in schema.get("required", ())
        for option in [fields["prompt"], *fields["prompt"].get("anyOf", [])]
        if "maxLength" in option
    ]
    assert set(prompts) == {MAX_PROMPT_CHARS}
