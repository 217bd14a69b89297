"""The certificate of PUBLIC_URL, which the proxy in front of the platform serves."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from cryptography import x509

from app.core.clock import to_ms
from app.core.i18n import _
from app.core.incidents.models import IncidentKind
from app.core.observability import get_logger

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.incidents.store import IncidentStore

KEY: Final = "certificate:own"
LEAST_DAYS: Final = 14
TIMEOUT_SEC: Final = 10.0
_DAY_MS: Final = 86_400_000

log = get_logger(__name__)


class OwnCertificate:
    """Opens the incident if the certificate ends within 14 days, and closes it once it is renewed."""

    def __init__(self, incidents: IncidentStore, settings: Settings, clock: Clock) -> None:
        self._incidents = incidents
        self._clock = clock
        self._url = urlsplit(settings.public_url)

    async def check(self) -> None:
        """Read the certificate; one that cannot be read changes nothing."""
        host = self._url.hostname
        if self._url.scheme != "https" or not host:
            return
        try:
            async with asyncio.timeout(TIMEOUT_SEC):
                ends_ms = await _end_ms(host, self._url.port or 443)
        except (OSError, ValueError) as error:
            log.warning("the certificate of PUBLIC_URL was not read", reason=str(error))
            return
        days = (ends_ms - self._clock.now_ms()) // _DAY_MS
        if days >= LEAST_DAYS:
            await self._incidents.close(KEY)
            return
        cause = (
            _("It ends in {days} days: renew it.", days=days) if days >= 0 else _("It has ended: renew it.")
        )
        await self._incidents.open(
            KEY,
            IncidentKind.CERTIFICATE_ENDS,
            severity="warning" if days > 2 else "critical",  # noqa: PLR2004
            subject=host,
            cause=cause,
        )


async def _end_ms(host: str, port: int) -> int:
    """Return when the certificate of a server ends (epoch ms). It is read, not trusted: it may have ended."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    _reader, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    try:
        served: ssl.SSLObject = writer.get_extra_info("ssl_object")
        certificate = served.getpeercert(binary_form=True)
        if certificate is None:
            raise ValueError("the server sent no certificate")
        return to_ms(x509.load_der_x509_certificate(certificate).not_valid_after_utc)
    finally:
        writer.close()
