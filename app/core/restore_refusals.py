"""Why nothing is restored into a deployment as it is, in words that say what would let it."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.restore_report import RestoreReport, Word

SCHEDULER_ALIVE = (
    "A scheduler is alive: hold its firing meanwhile with --pause, or stop it. / "
    "Penjadwal masih berjalan: tahan dengan --pause, atau hentikan."
)
LOCK_LOST = (
    "This restore was silent for a minute and has lost its lock: run it again, it goes on from here. / "
    "Pemulihan terhenti terlalu lama: jalankan lagi, akan dilanjutkan."
)
KEY_ROTATES = (
    "The secret key is being rotated: end that first with `multi-job secrets rotate-key`. / "
    "Kunci rahasia sedang dirotasi: selesaikan dulu dengan `multi-job secrets rotate-key`."
)


def in_the_way(found: RestoreReport, *, overwrite: bool) -> str | None:
    """Return what keeps a restore from being done after it was compared; None where nothing does."""
    names = found.tally.names
    if limits := names.get(Word.LIMIT):
        return (
            f"A concurrency key has one limit, and stored jobs give it another than {', '.join(limits)}: "
            "change or delete one of them. / Batas konkurensi berbeda dengan job yang tersimpan."
        )
    if damaged := names.get(Word.ERROR):
        return f"What is stored is damaged: {', '.join(damaged)}. / Data tersimpan rusak."
    if overwrite:
        return None
    if different := names.get(Word.DIFFERENT):
        return _different(found.tally.total(Word.DIFFERENT), different)
    others = {kind: count for kind, count in found.others.items() if count}
    return _others(others) if others else None


def _different(count: int, names: list[str]) -> str:
    told = ", ".join(names) + (", …" if count > len(names) else "")
    return (
        f"{count:,} records are stored with another content ({told}); --overwrite puts the file's in their "
        "place. / Sebagian data sudah ada dengan isi lain; pakai --overwrite untuk menggantinya."
    )


def _others(others: Mapping[str, int]) -> str:
    told = ", ".join(f"{count:,} × {kind}" for kind, count in others.items())
    return (
        f"This deployment has records that the file does not have ({told}); --overwrite restores beside "
        "them. / Deployment ini sudah berisi data lain; pakai --overwrite untuk memulihkan di sampingnya."
    )
