"""`Idempotency-Key`: a request that is sent again with the same key changes nothing more.

For runs the record of the key is written in the same script as the run and kept 24 h. A job carries its key
in the origin of its first version, so a repeat is recognised for as long as the job has its versions: the
same spec is answered as before, another one is a mismatch. The key of a job counts for its `job_id` alone.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from starlette.requests import Request

from app.core.errors import FieldProblem, IdempotencyMismatch
from app.core.i18n import _
from app.core.queue import Idempotency
from app.services.api.http.problems import HttpProblem
from app.services.api.http.responses import etag, matched_versions
from app.services.api.http.router import RAISES, from_request, header_parameter

if TYPE_CHECKING:
    from app.core.specs.store import JobStore
    from app.services.api.http.auth import Actor

HEADER = "Idempotency-Key"
IDEMPOTENCY_HEADER = HEADER.lower().encode()
MAX_CHARS = 200


def key_of(request: Request) -> str | None:
    """Return the key of a request; 422 unless it is 1 to 200 printable ASCII characters, given once."""
    given = request.headers.getlist(HEADER)
    if not given:
        return None
    key = given[0].strip()
    if len(given) == 1 and 0 < len(key) <= MAX_CHARS and key.isascii() and key.isprintable():
        return key
    message = _("1 to {max_chars} printable ASCII characters, once", max_chars=MAX_CHARS)
    pointer = f"/header/{HEADER.lower()}"
    raise HttpProblem(
        "invalid_request",
        f"{HEADER} must be {message}.",
        [FieldProblem(pointer, message, "invalid_idempotency_key")],
    )


_OPERATION_OF_KEY: dict[str, Any] = {
    RAISES: [IdempotencyMismatch.code, "invalid_request"],
    "parameters": [
        header_parameter(
            HEADER,
            "Sent again with the same key and body, the request changes nothing more.",
            {"type": "string", "minLength": 1, "maxLength": MAX_CHARS, "pattern": r"^[!-~]([ -~]*[!-~])?$"},
        )
    ],
}
IDEMPOTENCY_KEY = from_request(key_of, _OPERATION_OF_KEY)
IdempotencyKey = Annotated[str | None, IDEMPOTENCY_KEY]


def scope_of(actor: Actor, route: str, key: str) -> str:
    """Return the scope of a key: who sent it, to which route.

    Who is the id of a key: somebody who gets the name of a revoked key meets none of its records. The name
    of a caller without a key is the platform's own.
    """
    return hashlib.sha256(f"{actor.principal or actor.name}\0{route}\0{key}".encode()).hexdigest()[:32]


def record_of(actor: Actor, route: str, key: str, body: dict[str, Any]) -> Idempotency:
    """Return the record that is written in the same script as the run that a request makes."""
    return Idempotency(scope_of(actor, route, key), body_hash(body))


def body_hash(body: dict[str, Any]) -> str:
    """Return the hash of a body, independent of the order of its members."""
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


# `If-Match` on a job: the version that was read must still be the stored one.

_OPERATION_OF_MATCH: dict[str, Any] = {
    RAISES: ["precondition_failed"],
    "parameters": [
        header_parameter(
            "If-Match", "The ETag of the version that was read; 412 if another one is stored by now."
        )
    ],
}
IfMatch = Annotated[
    str | None, from_request(lambda request: request.headers.get("if-match"), _OPERATION_OF_MATCH)
]


async def expected_version(jobs: JobStore, job_id: str, if_match: str | None) -> int | None:
    """Return the version that the script has to find, None for any; 412 if the header excludes it."""
    versions = None if if_match is None else matched_versions(if_match)
    if versions is None:
        return None
    if len(versions) == 1:
        # Compared in the script that saves, so that no other save can come in between.
        return versions[0]
    stored = (await jobs.find(job_id)).version
    if stored not in versions:
        raise changed(stored)
    return stored


def changed(stored: int) -> HttpProblem:
    """Return the refusal that names the stored version."""
    return HttpProblem(
        "precondition_failed",
        _("The job is at {stored} by now: read it again.", stored=etag(stored)),
        headers={"ETag": etag(stored)},
    )
