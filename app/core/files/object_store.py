"""An S3-compatible service as the store of reports and exports."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from app.core.errors import FileMissing, FilesUnavailable
from app.core.files.artifacts import PIECE_BYTES, ArtifactPlace
from app.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from app.core.config import Settings

# A reader waits for its answer, and a run has its own time limit.
_TIMEOUT = timedelta(seconds=10)
_RETRY_SEC, _MAX_RETRIES = 15, 3


class ObjectStore:
    """Contents as objects; uploads of large files are divided into parts."""

    place = ArtifactPlace.S3

    def __init__(self, settings: Settings) -> None:
        url = urlsplit(settings.artifacts_url)
        self._display = settings.artifacts_url
        endpoint = settings.artifacts_endpoint
        given: dict[str, Any] = {
            "endpoint": endpoint,
            "region": settings.artifacts_region or ("us-east-1" if endpoint else ""),
            "access_key_id": settings.artifacts_key_id.get_secret_value(),
            "secret_access_key": settings.artifacts_secret.get_secret_value(),
        }
        self._store = S3Store(
            url.netloc,
            prefix=url.path.strip("/") or None,
            client_options={"allow_http": endpoint.startswith("http://"), "timeout": _TIMEOUT},
            retry_config={
                "max_retries": _MAX_RETRIES,
                "retry_timeout": timedelta(seconds=_RETRY_SEC),
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=2),
                    "base": 2,
                },
            },
            **{name: value for name, value in given.items() if value},
        )

    async def put(self, path: str, file: IO[bytes]) -> None:
        """Store a file; an upload that fails leaves nothing."""
        with self._errors(path):
            await obstore.put_async(self._store, path, file)

    async def read(self, path: str) -> AsyncGenerator[bytes]:
        """Yield the content in pieces."""
        with self._errors(path):
            found = await obstore.get_async(self._store, path)
            async for piece in found.stream(min_chunk_size=PIECE_BYTES):
                yield bytes(piece)

    async def remove(self, path: str) -> None:
        """Remove an object; a missing one is no error."""
        try:
            with self._errors(path):
                await obstore.delete_async(self._store, path)
        except FileMissing:
            return

    @contextmanager
    def _errors(self, path: str) -> Generator[None]:
        """Convert errors of the service; its text may hold addresses, and never a key."""
        try:
            yield
        except FileNotFoundError as error:
            raise FileMissing(
                _("there is no {path!r} in {store}.", path=path, store=self._display)
            ) from error
        except BaseError as error:
            reason = str(error).partition("\n")[0][:200]
            raise FilesUnavailable(
                _("{store} cannot be reached: {reason}", store=self._display, reason=reason)
            ) from error
