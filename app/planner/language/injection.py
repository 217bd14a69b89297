"""Detects attempts to command the planner. One of them rejects the whole prompt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from app.planner.language.tokens.lexemes import Lexeme
from app.planner.language.tokens.tokens import fold

# Patterns of attempts to command the planner. They run over the folded prompt without its quotes.

_IGNORE: Final = (
    r"(?:abaikan|abaikn|lupakan|acuhkan|hiraukan|langgar|lewati|kesampingkan|matikan|nonaktifkan|hapus|buang"
    r"|(?:jangan|tidak usah|gak usah) (?:ikuti|patuhi|hiraukan|turuti)"
    r"|bypass|override|overrule|ignore|disregard|forget|circumvent|skip|break|disobey"
    r"|do(?: not|n't) (?:follow|obey)|stop (?:following|obeying)|disable|turn off|remove|delete)"
)
_RULES: Final = (
    r"(?:aturan\w*|instruksi\w*|perintah\w*|arahan|petunjuk|promp?t\w*|batasan\w*|kebijakan|larangan"
    r"|validasi\w*|konteks|rules?|instructions?|directions?|guidelines?|limits?|restrictions?|constraints?"
    r"|guardrails?|polic(?:y|ies)|validation|safety|context)"
)
_BEFORE: Final = r"(?:di atas|sebelumnya|tadi|above|previous|prior|before|earlier|so far)"
_END: Final = (
    r"(?:hapus(?:kan|in)?|matikan|hentikan|batalkan|bersihkan|kosongkan|musnahkan|nonaktifkan|delete|remove"
    r"|drop|wipe|erase|destroy|purge|stop|kill|cancel|disable|truncate|clear)"
)
_ALL: Final = r"(?:semua|seluruh|segala|all(?: of)?(?: the| my| your)?|every(?: single)?|the whole)"
_KEPT: Final = (
    r"(?:(?:job|pekerjaan|tugas|jadwal|data|akun|akn)(?:nya)?|jobs|accounts?|schedules?|tasks?|databases?|tabel|tables?"
    r"|monitors?|everything|runs?|logs?|backups?|secrets?|keys|yang ada|nya|semuanya)"
)
_SHOW: Final = (
    r"(?:print|show|reveal|repeat|output|leak|expose|dump|tampilkan|bocorkan|cetak|ungkapkan|sebutkan"
    r"|tunjukkan|tell me|give me|send me)"
)
_SECRETS: Final = (
    r"(?:promp?t\w*|instruksimu|instructions|api[ _-]?keys?|secret[ _-]?keys?"
    r"|(?:bot|access|api|auth) tokens?|passwords?|kata sandi|credentials?|kredensial"
    r"|environment variables|secrets|\.env|config(?:uration)? file)"
)
_YOU: Final = r"(?:kamu|anda|kau|engkau)"
_BECOME: Final = r"(?:adalah|jadi|menjadi|bukan|bebas|asisten|admin|root|perencana|tidak)"

_SET_RULES_ASIDE: Final = (
    rf"\b{_IGNORE}\b(?:\W+\w+){{0,4}}?\W+{_RULES}\b",
    rf"\b(?:abaikan|lupakan|ignore|disregard|forget)\b(?:\W+\w+){{0,4}}?\W+{_BEFORE}\b",
    r"\b(?:new|updated) (?:instructions|rules)\b|\b(?:instruksi|perintah|aturan) (?:baru|terbaru)\b",
    (
        r"\b(?:tanpa|without)\W+(?:\w+\W+){0,2}?"
        r"(?:validasi|validation|policy check|pemeriksaan|policies|kebijakan)\b"
    ),
    r"\b(?:set|ubah|change|atur|jadikan)\b(?:\W+\w+){0,2}?\W+(?:confidence|policies\.yaml|secret_key)\b",
)
_END_EVERYTHING: Final = (
    rf"\b{_END}\b\W+{_ALL}\W+(?:\w+\W+){{0,2}}?{_KEPT}\b",
    r"\brm -rf\b|\b(?:drop|truncate) (?:table|database)\b|\bflush(?:all|db)\b",
    r"\bos\.system\b|\b(?:eval|exec)\(|\bsudo\b",
    (
        r"\b(?:jalankan|eksekusi|execute|run)\b(?:\W+\w+){0,2}?\W+"
        r"(?:shell|bash|sql|perintah sistem|system command|commands?|kode python|python code)\b"
    ),
)
_TELL_SECRETS: Final = (
    r"\b(?:system|sistem|hidden|developer) (?:promp?ts?|instructions?|instruksi)\b|\bpromp?t sistem\b",
    rf"\b{_SHOW}\b(?:\W+\w+){{0,2}}?\W+{_SECRETS}",
)
_BE_ANOTHER: Final = (
    r"\byou(?:'re| are| will be) (?:now|no longer|henceforth)\b",
    rf"\b{_YOU} (?:sekarang|kini|mulai sekarang|bukan lagi) {_BECOME}\b|\bsekarang {_YOU} {_BECOME}\b",
    r"\b(?:act|behave|pretend|roleplay)\b(?: \w+)? (?:as|to be|like|you are)\b",
    r"\b(?:bertindak|berpura-pura|pura-pura|berperan|berlagak)(?:lah)?\b \w+",
    r"\b(?:jailbreak|dan mode|developer mode|mode pengembang|god mode)\b|\[system\]|<\|",
    r"^\W*(?:system|sistem|assistant) ?:",
    r"\bgrant\b(?:\W+\w+){0,3}?\W+(?:admin|root|superuser|access|permissions?|privileges?)\b",
    r"\b(?:hak akses|akses (?:admin|root|penuh)|(?:admin|root|full) (?:access|rights|privileges))\b",
)

COMMANDS: Final = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (*_SET_RULES_ASIDE, *_END_EVERYTHING, *_TELL_SECRETS, *_BE_ANOTHER)
)


_DATA: Final = frozenset({"quote", "text", "url", "www", "email"})


def commands_planner(prompt: str, lex: Sequence[Lexeme]) -> bool:
    """True if a prompt tries to change what the planner is or does.

    Quotes, texts of messages and addresses are data: they are ignored.
    """
    letters = list(prompt)
    for lexeme in lex:
        if lexeme.kind in _DATA:
            letters[lexeme.start : lexeme.end] = "." * (lexeme.end - lexeme.start)
    plain = re.sub(r"[ \t]+", " ", fold("".join(letters)).text)
    return any(pattern.search(plain) for pattern in COMMANDS)
