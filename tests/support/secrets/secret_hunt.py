"""Canaries that are planted as secrets, and the search for them in whatever a deployment leaves behind."""

from __future__ import annotations

import base64
import gzip
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psutil

from tests.support.secrets.secret_plants import LITERALS

CANARIES: Mapping[str, str] = {
    "telegram token": "7712345678:AAHcanaryOfTheTelegramToken-0001a",
    "rejected token": "7713456789:AAJcanaryOfTheRejectedToken-0002b",
    "silent token": "7714567890:AAKcanaryOfTheSilentToken--0003c",
    "access token": "EAAcanaryOfTheWhatsAppAccessToken0004d",
    "app secret": "5ecre7canaryOfTheAppSecret0005e",
    "redis password": "canary of the redis/password:@0006f",
    "api key": "canary-of-the-key-in-API_KEYS-0007g",
    "wrong api key": "mj_abcdefgh_canaryOfAKeyThatNobodyHas-0123456789-0008h",
    "secret key": "canary-0009i-Qz7Xw2Rk9Lb4Vn6Td1Hs8Jf3Gm5Yp0Uc",
    "job secret": "canary/of a secret+that=jobs name-0010j",
    "query secret": "canary&of/a secret=in a query-0011k",
    "echo secret": "canary+of/an echoed=secret-0012l",
    "replaced secret": "canary of/a replaced+secret-0013m",
    "deleted secret": "canary of/a deleted+secret-0014n",
    "webhook word": "canaryOfTheWebhookWord-0015o",
    "verify token": "canary-of-the-verify-token-0016p",
    "model key": "canary-of-the-key-of-a-model-0017q",
    "session key": "canary-0018r-Lm5Tq8Wz1Xv4Kc7Jd9Fb2Gs6Hn3Rp0Yu",
    "earlier secret key": "canary-0019s-Bn4Xq7Wz2Mv5Kc8Jd1Fr9Gs3Ht6Lp0Ey",
    **LITERALS,
}
_END_CHARS = 14
_PS_EACH_SEC = 0.1


def needles(secret: str) -> list[bytes]:
    """Return what a secret is found by: itself as it is written here and there, and both of its ends."""
    ends = {secret[:_END_CHARS], secret[-_END_CHARS:]}
    forms = {secret, quote(secret, safe=""), *ends, base64.b64encode(secret.encode()).decode()}
    return [form.encode() for form in forms]


def hits(where: str, data: bytes, secrets: Mapping[str, str]) -> list[str]:
    """Return a line for each secret in some bytes, with the text around it."""
    found: list[str] = []
    for name, secret in secrets.items():
        at = next((place for needle in needles(secret) if (place := data.find(needle)) >= 0), None)
        if at is not None:
            found.append(f"{name} in {where}: …{data[max(0, at - 80) : at + 60]!r}…")
    return found


def hits_in_files(folder: Path, secrets: Mapping[str, str]) -> list[str]:
    """Search all files below a folder, packed ones unpacked."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert files, f"{folder} is empty"
    return [hit for path in files for hit in hits(str(path), _read(path), secrets)]


def hits_in_texts(where: str, texts: Iterable[str], secrets: Mapping[str, str]) -> list[str]:
    """Search texts."""
    return hits(where, "\n".join(texts).encode(), secrets)


def _read(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


class CommandLines:
    """Remembers the command lines of all processes of the machine, as `ps` shows them to everybody."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="ps", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(_PS_EACH_SEC):
            for process in psutil.process_iter():
                with suppress(psutil.Error):
                    self.seen.add(" ".join(process.cmdline()))
