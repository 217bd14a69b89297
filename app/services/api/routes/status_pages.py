"""Status pages: which monitors they show, and what readers without a key see."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import InvalidInput, LimitExceeded, StatusPageNotFound
from app.core.fields import json_diff
from app.core.i18n import Language
from app.core.status_pages.html import CONTENT_POLICY, LANGUAGES, StatusPageWriter, badge
from app.core.status_pages.models import SLUG_PATTERN, PublicStatus, StatusPage
from app.services.api.http.body import StrictBody
from app.services.api.http.responses import preferred_language
from app.services.api.http.router import ContextDep, Router, ServicesDep, answer_header
from app.services.api.routes.artifacts import IF_NONE_MATCH, is_known, preferred
from app.services.api.schemas.status_pages import StatusPageBody, StatusPageDeleted

router = Router("status pages")
Slug = Annotated[str, Path(pattern=SLUG_PATTERN, examples=["shop"])]
_NOT_MODIFIED = 304
_JSON, _HTML, _SVG = "application/json", "text/html", "image/svg+xml"


@router.get("/status-pages")
async def list_status_pages(services: ServicesDep) -> list[StatusPageBody]:
    """Return the status pages by their names."""
    return [StatusPageBody.of(each) for each in await services.status_pages.all()]


@router.get("/status-pages/{slug}", raises=(StatusPageNotFound,))
async def get_status_page(services: ServicesDep, slug: str) -> StatusPageBody:
    """Return a status page."""
    return StatusPageBody.of(await services.status_pages.get(slug))


@router.put("/status-pages/{slug}", raises=(InvalidInput, LimitExceeded))
async def put_status_page(
    services: ServicesDep, context: ContextDep, slug: Slug, body: StrictBody[StatusPage]
) -> StatusPageBody:
    """Store a status page, new or in place of an older one. If it is published, everybody can read it."""
    before = [each for each in await services.status_pages.all() if each.slug == slug]
    record = await services.status_pages.put(slug, body, context.actor.name)
    await services.public_status.forget(slug)
    old = before[0].page.model_dump(mode="json") if before else {}
    context.note(diff=json_diff(old, body.model_dump(mode="json")))
    return StatusPageBody.of(record)


@router.delete("/status-pages/{slug}", raises=(StatusPageNotFound,))
async def delete_status_page(services: ServicesDep, context: ContextDep, slug: str) -> StatusPageDeleted:
    """Delete a status page."""
    before = await services.status_pages.get(slug)
    await services.status_pages.delete(slug)
    await services.public_status.forget(slug)
    context.note(diff=json_diff(before.page.model_dump(mode="json"), {}))
    return StatusPageDeleted(slug=slug, status="deleted")


# For readers without a key.


def _public_content(media_type: str, **further: Any) -> dict[str, Any]:
    """Return the options of a route that readers and their caches call."""
    return {
        "response_class": Response,
        "responses": {
            200: {
                "description": "The page as it is now, at most 15 s old, or the last known one.",
                "content": {media_type: {"schema": {"type": "string"}}},
                **further,
            },
            304: {"description": "What `If-None-Match` names is still the content."},
        },
        "headers": {"ETag": answer_header("The SHA-256 of the content.")},
        "documents": ({"parameters": [IF_NONE_MATCH]},),
        "raises": (StatusPageNotFound, "not_acceptable"),
    }


# Before the page, whose route would take the badge's name for a part of the slug's path.
@router.get("/status/{slug}/badge.svg", **_public_content(_SVG))
async def get_status_badge(
    request: Request, services: ServicesDep, slug: str, lang: Language | None = None
) -> Response:
    """Return the state of a published status page in words, and its uptime, as a small picture."""
    status = await services.public_status.get(slug)
    language = _language_of(request, status, lang)
    return _reply(request, badge(status, language), _SVG, language, "default-src 'none'")


@router.get(
    "/status/{slug}",
    **_public_content(_HTML, model=PublicStatus),
)
async def get_status(
    request: Request, services: ServicesDep, slug: str, lang: Language | None = None
) -> Response:
    """Return a published status page: as data, or as a page if `Accept` prefers HTML.

    It has no ids of jobs, targets, accounts or errors. While Redis is away it is the last known state.
    """
    status = await services.public_status.get(slug)
    language = _language_of(request, status, lang)
    media_type = preferred(request, [_JSON, _HTML])
    if media_type == _JSON:
        return _reply(request, status.model_dump_json(), _JSON, language, "default-src 'none'")
    links: dict[Language, str] = {each: f"?lang={each}" for each in LANGUAGES}
    return _reply(request, StatusPageWriter(status, language, links).html(), _HTML, language, CONTENT_POLICY)


def _language_of(request: Request, status: PublicStatus, chosen: Language | None) -> Language:
    return chosen or status.language or preferred_language(request.headers.get("accept-language"))


def _reply(request: Request, text: str, media_type: str, language: Language, policy: str) -> Response:
    body = text.encode()
    headers = {
        "Cache-Control": "public, max-age=30",
        "Content-Language": language,
        "Content-Security-Policy": policy,
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept, Accept-Language",
        "X-Frame-Options": "DENY",
    }
    if is_known(request, headers["ETag"]):
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers, media_type=media_type)
