"""Requests to end something."""

from __future__ import annotations

import pytest

from app.planner.models import Change
from tests.support.planner.planning import plan

PROMPTS = (
    "unsubscribe me from the report",
    "cease monitoring bot_a01",
    "berhenti pantau bot_a01",
    "stop the backup",
    "stop monitoring telegram account bot_7",
    "hapus laporan harian",
    "cancel the daily report",
    "stop backup dan laporan",
    "hentikan pantau wa akun cs_1",
    "matikan pemantauan https://a.example.com",
    "berhenti kirim laporan",
    "stop sending the report",
    'hapus pengingat "minum obat"',
    "delete the monitor for slack account ops",
    "pause the backup",
    "tolong berhentikan backup malam",
    "turn off the daily report",
    "udahan pantau tele bot_9",
    "hapus foto lama",
    "hentikan laporan mingguan",
    "tolong hapus pemantauan telegram bot_2",
    "berhentiin backup dong",
    "tolong diberhentiin laporan hariannya",
    "laporan harian tolong di-stop",
    "backupnya dimatiin aja",
    "laporan jam 7 pagi stop aja ya",
    "pemantauan wa akun cs_1 dibatalkan",
)


ENDS = {Change.DISABLE, Change.DELETE}


@pytest.mark.parametrize("prompt", PROMPTS)
def test_stop_plans_nothing_and_names_what_is_meant(prompt: str) -> None:
    """A stop request is handed on, and no job is planned."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert draft.requests
    assert all(request.change in ENDS for request in draft.requests)
