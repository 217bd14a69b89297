"""A bound on what comes before and between bodies: the C parser keeps a head of any length in memory."""

from __future__ import annotations

from typing import Final

from httptools import HttpParserError  # pyright: ignore[reportAttributeAccessIssue]
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES: Final = 65_536
_TEXT: Final = b"The head of the request is too large. / Header permintaan terlalu besar."
_ANSWER: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (len(_TEXT), _TEXT)
)


class BoundedHead(HttpToolsProtocol):
    """Ends a connection once more bytes than the limit were neither a whole head nor a body.

    Trailers and the extensions of chunks count too. What comes in one read is let through whole.
    """

    _pending = 0

    def data_received(self, data: bytes) -> None:
        """Feed the parser; answer 431 where the head does not end."""
        self._pending += len(data)
        super().data_received(data)
        if self._pending > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.logger.warning("A head is larger than %d bytes.", MAX_HEAD_BYTES)
            # Never amid another answer, which a client that sends on may still be reading.
            if self.cycle is None or self.cycle.response_complete:  # pyright: ignore[reportUnnecessaryComparison]
                self.transport.write(_ANSWER)
            self.transport.close()

    def on_headers_complete(self) -> None:
        """Reset the count; a target that is no path gets 400, as any malformed head does."""
        self._pending = 0
        if not self.url.startswith((b"/", b"*")):
            # Such a target names a host of its own, which nothing behind this would check.
            raise HttpParserError("the target is not a path")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Begin to count anew."""
        self._pending = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Begin to count anew."""
        self._pending = 0
        super().on_message_complete()
