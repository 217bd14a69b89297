"""Routes that FastAPI documents and does not wrap: the same calls, nothing solved."""

from __future__ import annotations

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.services.api.http.router import DirectRoute


def _app() -> FastAPI:
    router = APIRouter(route_class=DirectRoute)

    @router.post("/things/{name}/open", status_code=202)
    async def open_thing(request: Request, name: str) -> Response:
        """Open a thing."""
        return JSONResponse([name, (await request.body()).decode(), request.query_params["how"]], 202)

    app = FastAPI()
    app.router.routes.extend(router.routes)
    return app


async def test_plain_route_hands_over_the_request_and_its_path_parts() -> None:
    """Path parts come decoded and by name; body and query are the function's to read."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(_app()), base_url="http://here") as client:
        answer = await client.post("/things/a%20b/open?how=wide", content=b"now")
        wrong = await client.get("/things/a/open")
    assert (answer.status_code, answer.json()) == (202, ["a b", "now", "wide"])
    assert wrong.status_code == 405


def test_plain_route_is_in_the_document() -> None:
    """It is documented as any other."""
    operation = _app().openapi()["paths"]["/things/{name}/open"]["post"]
    assert operation["summary"] == "Open Thing"
    assert operation["parameters"][0]["name"] == "name"
    assert "202" in operation["responses"]


def test_plain_route_refuses_what_would_have_to_be_solved() -> None:
    """A query parameter would silently get its default: its declaration is refused."""
    router = APIRouter(route_class=DirectRoute)

    async def find(request: Request, how: str = "wide") -> Response:
        return JSONResponse([request.url.path, how])

    with pytest.raises(TypeError, match="more than path parts"):
        router.add_api_route("/things", find)
