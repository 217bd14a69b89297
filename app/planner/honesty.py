"""Attempts to command the planner. Anything of the kind drops the whole prompt, wherever it stands."""

from __future__ import annotations

import re
from typing import Final

from app.planner.reading.normalise import fold
from app.planner.reading.tokens import Token

_RULES: Final = (
    r"(?:aturan\w*|instruksi\w*|perintah\w*|arahan|petunjuk|prompt\w*|batasan\w*|batas|kebijakan|larangan|peringatan|validasi\w*|policy|policies|"
    r"rules?|instructions?|prompts?|directions?|guidelines?|limits?|restrictions?|constraints?|guardrails?|polic(?:y|ies)|orders|warnings?|"
    r"validation|checks|safety|context|filters?|everything above|semua di atas|yang di atas|sebelumnya|above|konteks)"
)
_IGNORE: Final = (
    r"(?:abaikan|abaikn|lupakan|acuhkan|hiraukan|jangan (?:ikuti|patuhi|hiraukan)|langgar|lewati|bypass|override|overrule|ignore|disregard|forget|"
    r"circumvent|skip|break|disobey|tidak usah (?:ikuti|patuhi)|kesampingkan|matikan|nonaktifkan|disable|turn off|do not follow|don't follow|"
    r"stop following|neglect|hapus|buang|remove|delete)"
)
_ALL_JOBS: Final = r"(?:job|jobs|pekerjaan|tugas|jadwal|data|akun|accounts?|schedules?|tasks?|database|tabel|table|tables|monitor|monitors|everything|runs?|semuanya|log|logs|backups?|secrets?|keys)"

_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_IGNORE}\b(?:\W+\w+){{0,4}}?\W+{_RULES}\b",
        rf"\b{_IGNORE}\b\W+(?:semua|seluruh|all|any|every)\b(?:\W+\w+){{0,2}}?\W+(?:di atas|sebelumnya|above|previous|prior|before|earlier)\b",
        rf"\b(?:hapus|hapuskan|hapusin|delete|remove|drop|wipe|erase|destroy|purge|matikan|hentikan|batalkan|stop|kill|cancel|disable|bersihkan|kosongkan|musnahkan|nonaktifkan|truncate|clear)\b\W+(?:semua|seluruh|segala|all|every|the whole|all of|all the|semua isi|every single)\W+(?:\w+\W+){{0,2}}?{_ALL_JOBS}\b",
        r"\b(?:system|sistem|hidden|secret|initial|developer)\W+(?:prompt|promt|instruction|instructions|message|instruksi)\b",
        r"\b(?:print|show|reveal|tell me|repeat|output|leak|tampilkan|bocorkan|cetak|ungkapkan|sebutkan|tunjukkan|beritahu|kasih tau|kirim|send|expose|dump)\b(?:\W+\w+){0,3}?\W+(?:prompt|promptmu|instruksimu|api[ _-]?keys?|secret[ _-]?keys?|tokens?|passwords?|kata sandi|credentials?|kredensial|environment variables|env|secrets|rahasia|\.env)\b",
        r"\byou(?:'re| are| will be)? (?:now|no longer|henceforth)\b(?:\W+\w+){0,4}",
        r"\b(?:kamu|anda|lu|kau|engkau) (?:sekarang|kini|mulai sekarang|bukan lagi) (?:adalah |jadi |menjadi |asisten|admin|root|bebas|planner|perencana|ai\b|bukan|tidak)",
        r"\b(?:mulai )?sekarang (?:kamu|anda|kau) (?:adalah|jadi|menjadi|bukan|bebas)\b",
        r"\b(?:act|behave|respond|roleplay|pretend|bertindak(?:lah)?|berpura-pura(?:lah)?|pura-pura|berperan|berlagak|jadilah)\b(?:\W+\w+){0,2}?\W+(?:as|to be|like|sebagai|jadi|menjadi|kamu|you|admin|root|dan|hacker|bebas)\b",
        r"\b(?:jailbreak|dan mode|developer mode|mode pengembang|god mode|sudo|rm -rf|drop table|drop database|flushall|flushdb|shutdown|eval\(|exec\(|os\.system|<script|system:|assistant:|\[system\]|<\|)",
        r"(?:^|\n)\s*#*\s*(?:system|sistem|admin|developer)\s*:",
        r"\b(?:new|updated|instruksi|perintah|aturan) (?:instructions?|rules?|baru|terbaru)\b",
        r"\b(?:jalankan|eksekusi|execute|run)\b(?:\W+\w+){0,2}?\W+(?:shell|bash|perintah|kode|code|script|command|commands|sql|query|python|terminal)\b",
        r"\b(?:tanpa|without|skip|lewati|no|jangan (?:beri|kasih|ada|pakai|lakukan))\W+(?:\w+\W+){0,2}?(?:validasi|validation|peringatan|warnings?|konfirmasi planner|assumptions|asumsi|policy check|pemeriksaan|policies|kebijakan)\b",
        r"\b(?:grant|give|beri|berikan|kasih|minta)\b(?:\W+\w+){0,3}?\W+(?:admin|root|superuser|hak akses|privileges?|permissions?|akses penuh|full access|admin access)\b",
        r"\b(?:set|ubah|change|atur|jadikan|buat)\b(?:\W+\w+){0,2}?\W+(?:confidence|policies\.yaml|secret_key|policy|kebijakan|role)\b",
    )
)


def commands_planner(prompt: str, tokens: list[Token]) -> bool:
    """True where a prompt, quotes and addresses left out, tries to change what the planner is or does."""
    text = list(prompt)
    for token in tokens:
        if token.kind in {"quote", "url", "www", "email"}:
            text[token.start : token.end] = " " * (token.end - token.start)
    plain = re.sub(r"[ \t]+", " ", fold("".join(text)).text)
    return any(pattern.search(plain) for pattern in _PATTERNS)
