"""Ollama and llama.cpp's server, as far as they matter to a client: what they read, ignore and refuse.

Each is a step of `fake_openai`. Sources: openai/openai.go of Ollama; tools/server/README.md and
common/json-schema-to-grammar.cpp of llama.cpp; 2026.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, cast

from tests.support.planner.fake_openai import Reply

_PRIMITIVES = frozenset({"string", "number", "integer", "boolean", "null"})
_THOUGHT = "The user wants a monitor {of a bot}. Let me think. "
_BYTES_PER_TOKEN = 4


class UnknownSchemaError(Exception):
    """A part of a schema of which the server makes no grammar."""


def check_grammar(schema: dict[str, Any]) -> None:
    """Raise UnknownSchemaError as llama.cpp's converter does, on which Ollama relies, too."""
    kind = schema.get("type")
    if "anyOf" in schema or "oneOf" in schema:
        options: list[Any] = schema.get("anyOf", schema.get("oneOf", []))
        for option in options:
            check_grammar(option)
    elif isinstance(kind, list):
        kinds = cast("list[str]", kind)
        for each in kinds:
            check_grammar({**schema, "type": each})
    elif "enum" in schema or "const" in schema or kind in _PRIMITIVES:
        return
    elif kind == "object":
        for each in schema.get("properties", {}).values():
            check_grammar(each)
    elif kind == "array" and "items" in schema:
        check_grammar(schema["items"])
    else:
        raise UnknownSchemaError(json.dumps(schema))


@dataclass
class LocalServer:
    """A server with one model that answers one text; `thinks` by itself, or `always`."""

    answer: str
    model: str = "qwen3:4b"
    thinks: str = ""
    context: int = 4_096
    formats: frozenset[str] = frozenset({"text", "json_object", "json_schema"})
    cut: int = 0
    """Messages that did not fit and were left out without a word."""
    constrained: list[bool] = field(default_factory=list[bool])
    thought: list[bool] = field(default_factory=list[bool])

    def __call__(self, request: dict[str, Any]) -> Reply:
        raise NotImplementedError

    def says(self, request: dict[str, Any], *, schema: Any, is_off: bool, place: str) -> Reply:
        """Return a completion: JSON alone with a schema, else with a fence; thoughts at their place."""
        thinks = bool(self.thinks) and (self.thinks == "always" or not is_off)
        self.thought.append(thinks)
        self.constrained.append(schema is not None)
        if schema is not None:
            check_grammar(schema)
        text = self.answer if schema is not None else f"Sure! Here it is:\n```json\n{self.answer}\n```"
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if thinks and place == "content":
            message["content"] = f"<think>\n{_THOUGHT}\n</think>\n\n{text}"
        elif thinks:
            message[place] = _THOUGHT
        used = len(text) // _BYTES_PER_TOKEN
        usage = {"prompt_tokens": tokens_of(request), "completion_tokens": used}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        total = {**usage, "total_tokens": sum(usage.values())}
        return reply(200, {"object": "chat.completion", "choices": [choice], "usage": total})


class Ollama(LocalServer):
    """Fields of its own API (`think`, `format`, `options`) and unknown ones are ignored at /v1.

    A prompt that is too long loses its oldest messages without an error.
    """

    def __call__(self, request: dict[str, Any]) -> Reply:
        if request["model"] != self.model:
            return _error(404, f"model '{request['model']}' not found", "not_found_error")
        reasoning: dict[str, str] = request.get("reasoning", {})
        effort = reasoning.get("effort") or request.get("reasoning_effort", "")
        if effort not in {"", "high", "medium", "low", "none"}:
            return _error(400, f"invalid reasoning value: '{effort}'", "invalid_request_error")
        if effort not in {"", "none"} and not self.thinks:
            return _error(400, f'"{self.model}" does not support thinking', "api_error")
        described: dict[str, Any] = request.get("response_format", {})
        schema: Any = described["json_schema"]["schema"] if described.get("type") == "json_schema" else None
        messages = [*request["messages"]]
        while len(messages) > 2 and tokens_of({"messages": messages}) > self.context:
            del messages[1]
            self.cut += 1
        return self.says(request, schema=schema, is_off=effort == "none", place="reasoning")


class LlamaCpp(LocalServer):
    """The name of the model is ignored; a prompt that is too long is an error.

    Older releases turn thinking off by `chat_template_kwargs` alone, and know no `json_schema`.
    """

    place = "reasoning_content"
    is_old = False

    def __call__(self, request: dict[str, Any]) -> Reply:
        described: dict[str, Any] = request.get("response_format", {"type": "text"})
        if described["type"] not in self.formats:
            why = f'response_format type must be one of "text" or "json_object", but got: {described["type"]}'
            return _coded(400, why, "invalid_request_error")
        schema: Any = described.get("json_schema", described).get("schema")
        try:
            check_grammar(schema or {"type": "string"})
        except UnknownSchemaError as error:
            why = f"JSON schema conversion failed:\nUnrecognized schema: {error}"
            return _coded(400, why, "invalid_request_error")
        size = tokens_of(request)
        if size > self.context:
            limit = f"the available context size ({self.context} tokens), try increasing it"
            why = f"request ({size} tokens) exceeds {limit}"
            return _coded(400, why, "exceed_context_size_error", n_prompt_tokens=size, n_ctx=self.context)
        kwargs = request.get("chat_template_kwargs", {})
        is_off = kwargs.get("enable_thinking") is False or (
            not self.is_old and request.get("reasoning_effort") == "none"
        )
        return self.says(request, schema=schema, is_off=is_off, place=self.place)


def tokens_of(request: dict[str, Any]) -> int:
    """Return the tokens of the messages, estimated."""
    return len(json.dumps(request["messages"], ensure_ascii=False)) // _BYTES_PER_TOKEN


def loading(_request: dict[str, Any]) -> Reply:
    """Return the answer of llama.cpp before its model is loaded."""
    return _coded(503, "Loading model", "unavailable_error")


def context_exceeded(_request: dict[str, Any]) -> Reply:
    """Return the answer of llama.cpp if the context is full in the middle of an answer."""
    return _coded(500, "Context size has been exceeded.", "server_error")


def only_thoughts(_request: dict[str, Any]) -> Reply:
    """Return the answer of Ollama if the model thought until its tokens were used up."""
    message = {"role": "assistant", "content": "", "reasoning": _THOUGHT * 400}
    return reply(200, {"choices": [{"index": 0, "message": message, "finish_reason": "length"}]})


def strict(request: dict[str, Any]) -> Reply:
    """Return the answer of a server that refuses fields it does not know, as OpenAI does."""
    known = {"model", "messages", "stream", "temperature", "max_tokens", "response_format"}
    unknown = sorted(request.keys() - known)
    if unknown:
        return _error(400, f"Unrecognized request argument supplied: {unknown[0]}", "invalid_request_error")
    return Ollama("{}", model=request["model"])(request)


def _error(status: int, message: str, kind: str) -> Reply:
    return reply(status, {"error": {"message": message, "type": kind, "param": None, "code": None}})


def _coded(status: int, message: str, kind: str, **more: Any) -> Reply:
    return reply(status, {"error": {"code": status, "message": message, "type": kind, **more}})


def reply(status: int, body: Any) -> Reply:
    """Return a body as JSON."""
    return Reply(status, json.dumps(body).encode())
