"""Questions to the person in front of the assistant.

An answer comes from the client's form, never from an argument that the model writes. From 2026-07-28 on, a
question is the result `input_required` and the client calls the tool again with the answer; an earlier client
gets `elicitation/create` during the call. A client that can show no form is never asked: the act is refused,
with the command by which the person does it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ElicitRequest, ElicitRequestFormParams, ElicitResult, InputRequiredResult
from mcp.types.version import MODERN_PROTOCOL_VERSIONS

from app.core.i18n import Message, _, for_reader

MAX_PREVIEW_CHARS: Final = 8_000
"""A longer preview is not shown in a form: what a person does not see must not be confirmed."""
_CONFIRM: Final = "confirm"
_ANSWER: Final = "answer"


@dataclass(frozen=True, slots=True)
class Answered:
    """A person's answer. `key` is new for each question, so that an act can happen once for it."""

    result: ElicitResult
    key: str


Reply = Answered | InputRequiredResult | None
"""An answer, a question that the client has to show first, or None if it cannot show one."""


def can_ask(ctx: Context[Any, Any]) -> bool:
    """Return whether the client can show a form to a person."""
    capabilities = ctx.client_capabilities
    asked = capabilities.elicitation if capabilities is not None else None
    # Before there were modes, an empty object meant forms.
    return asked is not None and (asked.form is not None or asked.url is None)


async def ask(
    ctx: Context[Any, Any], message: str, schema: dict[str, Any], *, about: Mapping[str, str] | None = None
) -> Reply:
    """Show a form to the person; `about` comes back with the answer's call, as `pending` reads it.

    An answer counts for exactly this message: if it has changed meanwhile, it is asked again.
    """
    if not can_ask(ctx):
        return None
    if ctx.protocol_version not in MODERN_PROTOCOL_VERSIONS:
        result = await ctx.session.elicit_form(message, schema, ctx.request_context.request_id)
        return Answered(result, secrets.token_hex(16))
    digest = hashlib.sha256(json.dumps([message, schema]).encode()).hexdigest()[:32]
    given = (ctx.input_responses or {}).get(digest)
    state = _state(ctx)
    if isinstance(given, ElicitResult) and state.get("question") == digest:
        return Answered(given, str(state["key"]))
    sealed = {"question": digest, "key": secrets.token_hex(16), "about": dict(about or {})}
    params = ElicitRequestFormParams(message=message, requested_schema=schema)
    return InputRequiredResult(
        input_requests={digest: ElicitRequest(params=params)}, request_state=json.dumps(sealed)
    )


def pending(ctx: Context[Any, Any]) -> Mapping[str, str]:
    """Return the `about` of the question that this call answers; empty for a first call."""
    return _state(ctx).get("about", {})


def _state(ctx: Context[Any, Any]) -> dict[str, Any]:
    # The server has sealed it, so it is its own text or none.
    return json.loads(ctx.request_state) if ctx.request_state else {}


# Questions of a plan.


def question_schema(choices: list[str]) -> dict[str, Any]:
    """Return the form for an answer in words, or one of some choices."""
    text: dict[str, Any] = {"type": "string", "title": for_reader(_("Your answer"))}
    text |= {"enum": choices} if choices else {"minLength": 1, "maxLength": 500}
    return {"type": "object", "properties": {_ANSWER: text}, "required": [_ANSWER]}


def answer_in(result: ElicitResult) -> str | None:
    """Return the words of an answer; None if the person gave none."""
    given = (result.content or {}).get(_ANSWER) if result.action == "accept" else None
    return given if isinstance(given, str) and given else None


# Confirmations.


@dataclass(frozen=True, slots=True)
class Act:
    """An act that a person must confirm, all of it in `preview`."""

    name: str
    preview: str
    by_hand: str
    """The command by which a person does it without the assistant."""
    page: str
    """The page of the dashboard for it."""


@dataclass(frozen=True, slots=True)
class Confirmations:
    """Confirms acts; those in `allowed` need no person."""

    allowed: frozenset[str] = field(default_factory=frozenset[str])

    async def of(self, ctx: Context[Any, Any], act: Act) -> str | InputRequiredResult:
        """Return the idempotency key of a confirmed act, or the question that comes first.

        Raises ToolError if the person does not confirm it or cannot be asked: then nothing is done.
        """
        if act.name in self.allowed:
            return secrets.token_hex(16)
        if len(act.preview) > MAX_PREVIEW_CHARS:
            raise _undone(_("It is too long for a form of this client."), act)
        form = {"type": "boolean", "title": for_reader(_("Do it")), "default": False}
        schema = {"type": "object", "properties": {_CONFIRM: form}, "required": [_CONFIRM]}
        reply = await ask(ctx, act.preview, schema)
        if reply is None:
            raise _undone(_("This client cannot show the question to a person."), act)
        if isinstance(reply, InputRequiredResult):
            return reply
        # Only a literal true confirms: a form that is sent as it came has false.
        if reply.result.action == "accept" and (reply.result.content or {}).get(_CONFIRM) is True:
            return reply.key
        raise ToolError(for_reader(_("The person did not confirm it. Nothing was done; do not try again.")))


def _undone(why: Message, act: Act) -> ToolError:
    text = _(
        "Nothing was done. A person must confirm this. {why} The person can do it in a terminal: {command}. "
        "Or in the dashboard: {page}",
        why=why,
        command=act.by_hand,
        page=act.page,
    )
    return ToolError(for_reader(text))
