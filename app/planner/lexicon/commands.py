"""Shapes of attempts to command the planner: regular expressions over the folded prompt without its quotes."""

from __future__ import annotations

import re
from typing import Final

_IGNORE: Final = (
    r"(?:abaikan|abaikn|lupakan|acuhkan|hiraukan|langgar|lewati|kesampingkan|(?:jangan|tidak usah|gak usah) (?:ikuti|patuhi|hiraukan|turuti)|"
    r"bypass|override|overrule|ignore|disregard|forget|circumvent|skip|break|disobey|do(?: not|n't) (?:follow|obey)|stop (?:following|obeying)|"
    r"matikan|nonaktifkan|hapus|buang|disable|turn off|remove|delete)"
)
_RULES: Final = (
    r"(?:aturan\w*|instruksi\w*|perintah\w*|arahan|petunjuk|promp?t\w*|batasan\w*|kebijakan|larangan|validasi\w*|konteks|"
    r"rules?|instructions?|directions?|guidelines?|limits?|restrictions?|constraints?|guardrails?|polic(?:y|ies)|validation|safety|context)"
)
_BEFORE: Final = r"(?:di atas|sebelumnya|tadi|above|previous|prior|before|earlier|so far)"
_END: Final = (
    r"(?:hapus(?:kan|in)?|matikan|hentikan|batalkan|bersihkan|kosongkan|musnahkan|nonaktifkan|delete|remove|drop|wipe|erase|destroy|purge|stop|"
    r"kill|cancel|disable|truncate|clear)"
)
_ALL: Final = r"(?:semua|seluruh|segala|all(?: of)?(?: the| my| your)?|every(?: single)?|the whole)"
_KEPT: Final = (
    r"(?:jobs?|pekerjaan|tugas|jadwal|data|akun|accounts?|schedules?|tasks?|databases?|tabel|tables?|monitors?|everything|runs?|logs?|backups?|"
    r"secrets?|keys|yang ada|nya|semuanya)"
)
_SECRETS: Final = (
    r"(?:promp?t\w*|instruksimu|instructions|api[ _-]?keys?|secret[ _-]?keys?|(?:bot|access|api|auth) tokens?|passwords?|kata sandi|credentials?|"
    r"kredensial|environment variables|secrets|\.env|config(?:uration)? file)"
)

COMMANDS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # Set the rules aside.
        rf"\b{_IGNORE}\b(?:\W+\w+){{0,4}}?\W+{_RULES}\b",
        rf"\b(?:abaikan|lupakan|ignore|disregard|forget)\b(?:\W+\w+){{0,4}}?\W+{_BEFORE}\b",
        r"\b(?:new|updated) (?:instructions|rules)\b|\b(?:instruksi|perintah|aturan) (?:baru|terbaru)\b",
        r"\b(?:tanpa|without)\W+(?:\w+\W+){0,2}?(?:validasi|validation|policy check|pemeriksaan|policies|kebijakan)\b",
        # Do away with everything.
        rf"\b{_END}\b\W+{_ALL}\W+(?:\w+\W+){{0,2}}?{_KEPT}\b",
        r"\brm -rf\b|\b(?:drop|truncate) (?:table|database)\b|\bflush(?:all|db)\b|\bos\.system\b|\b(?:eval|exec)\(|<script|\bsudo\b",
        r"\b(?:jalankan|eksekusi|execute|run)\b(?:\W+\w+){0,2}?\W+(?:shell|bash|sql|perintah sistem|system command|commands?|kode python|python code)\b",
        # Tell what is nobody's business.
        r"\b(?:system|sistem|hidden|developer) (?:promp?ts?|instructions?|instruksi)\b|\bpromp?t sistem\b",
        rf"\b(?:print|show|reveal|repeat|output|leak|expose|dump|tampilkan|bocorkan|cetak|ungkapkan|sebutkan|tunjukkan|tell me|give me|send me)\b(?:\W+\w+){{0,2}}?\W+{_SECRETS}",
        # Be somebody else.
        r"\byou(?:'re| are| will be) (?:now|no longer|henceforth)\b",
        r"\b(?:kamu|anda|kau|engkau) (?:sekarang|kini|mulai sekarang|bukan lagi) (?:adalah|jadi|menjadi|asisten|admin|root|bebas|perencana|tidak)\b",
        r"\bsekarang (?:kamu|anda|kau|engkau) (?:adalah|jadi|menjadi|bukan|bebas)\b",
        r"\b(?:act|behave|pretend|roleplay)\b(?: \w+)? (?:as|to be|like|you are)\b|\b(?:bertindak|berpura-pura|pura-pura|berperan|berlagak)(?:lah)?\b \w+",
        r"\b(?:jailbreak|dan mode|developer mode|mode pengembang|god mode)\b|\[system\]|<\|",
        r"^\W*(?:system|sistem|assistant) ?:",
        r"\bgrant\b(?:\W+\w+){0,3}?\W+(?:admin|root|superuser|access|permissions?|privileges?)\b",
        r"\b(?:hak akses|akses (?:admin|root|penuh)|(?:admin|root|full) (?:access|rights|privileges))\b",
        r"\b(?:set|ubah|change|atur|jadikan)\b(?:\W+\w+){0,2}?\W+(?:confidence|policies\.yaml|secret_key)\b",
    )
)
