"""Detects attempts to command the planner. One of them rejects the whole prompt."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from app.planner.language.tokens.lexemes import Lexeme
from app.planner.language.tokens.tokens import fold, spell

# Patterns of attempts to command the planner. They run over the folded prompt without its quotes.

_IGNORE: Final = (
    "abaikan|abaikn|lupakan|acuhkan|hiraukan|langgar|lewati|kesampingkan|matikan|nonaktifkan|hapus|buang"
    "|jangan ikuti|jangan patuhi|jangan hiraukan|jangan turuti"
    "|tidak usah ikuti|tidak usah patuhi|tidak usah hiraukan|tidak usah turuti"
    "|bypass|override|overrule|ignore|disregard|forget|circumvent|skip|break|disobey"
    "|do not follow|do not obey|don't follow|don't obey|stop following|stop obeying"
    "|disable|turn off|remove|delete"
)
_RULES: Final = (
    r"(?:aturan\w*|instruksi\w*|perintah\w*|arahan|petunjuk|promp?t\w*|batasan\w*|kebijakan|larangan"
    r"|validasi\w*|konteks|rules?|instructions?|directions?|guidelines?|limits?|restrictions?|constraints?"
    r"|guardrails?|polic(?:y|ies)|validation|safety|context)"
)
_BEFORE: Final = r"(?:di atas|sebelumnya|tadi|above|previous|prior|before|earlier|so far)"
_END: Final = (
    "hapus|hapuskan|hapusin|matikan|hentikan|batalkan|bersihkan|kosongkan|musnahkan|nonaktifkan|delete|remove"
    "|drop|wipe|erase|destroy|purge|stop|kill|cancel|disable|truncate|clear"
)
_ALL: Final = r"(?:semua|seluruh|segala|all(?: of)?(?: the| my| your)?|every(?: single)?|the whole)"
_KEPT: Final = (
    r"(?:(?:job|pekerjaan|tugas|jadwal|data|akun|akn)(?:nya)?|jobs|accounts?|schedules?|tasks?|databases?|tabel|tables?"
    r"|monitors?|everything|runs?|logs?|backups?|secrets?|keys|yang ada|nya|semuanya)"
)
_SHOW: Final = (
    "print|show|reveal|repeat|output|leak|expose|dump|tampilkan|bocorkan|cetak|ungkapkan|sebutkan"
    "|tunjukkan|tell me|give me|send me"
)
_SECRETS: Final = (
    r"(?:promp?t\w*|instruksimu|instructions|api[ _-]?keys?|secret[ _-]?keys?"
    r"|(?:bot|access|api|auth) tokens?|passwords?|kata sandi|credentials?|kredensial"
    r"|environment variables|secrets|\.env|config(?:uration)? file)"
)
_YOU: Final = "kamu|anda|kau|engkau"
_BECOME: Final = r"(?:adalah|jadi|menjadi|bukan|bebas|asisten|admin|root|perencana|tidak)"

_SET_RULES_ASIDE: Final = (
    (_IGNORE, rf"\b(?:\W+\w+){{0,4}}?\W+{_RULES}\b"),
    ("abaikan|lupakan|ignore|disregard|forget", rf"\b(?:\W+\w+){{0,4}}?\W+{_BEFORE}\b"),
    ("new|updated", r" (?:instructions|rules)\b"),
    ("instruksi|perintah|aturan", r" (?:baru|terbaru)\b"),
    (
        "tanpa|without",
        r"\W+(?:\w+\W+){0,2}?(?:validasi|validation|policy check|pemeriksaan|policies|kebijakan)\b",
    ),
    ("set|ubah|change|atur|jadikan", r"\b(?:\W+\w+){0,2}?\W+(?:confidence|policies\.yaml|secret_key)\b"),
)
_END_EVERYTHING: Final = (
    (_END, rf"\b\W+{_ALL}\W+(?:\w+\W+){{0,2}}?{_KEPT}\b"),
    ("rm", r" -rf\b"),
    ("drop|truncate", r" (?:table|database)\b"),
    ("flushall|flushdb|sudo", r"\b"),
    ("os", r"\.system\b"),
    ("eval|exec", r"\("),
    (
        "jalankan|eksekusi|execute|run",
        (
            r"\b(?:\W+\w+){0,2}?\W+"
            r"(?:shell|bash|sql|perintah sistem|system command|commands?|kode python|python code)\b"
        ),
    ),
)
_TELL_SECRETS: Final = (
    ("system|sistem|hidden|developer", r" (?:promp?ts?|instructions?|instruksi)\b"),
    ("prompt|promt", r" sistem\b"),
    (_SHOW, rf"\b(?:\W+\w+){{0,2}}?\W+{_SECRETS}"),
)
_BE_ANOTHER: Final = (
    ("you", r"(?:'re| are| will be) (?:now|no longer|henceforth)\b"),
    (_YOU, rf" (?:sekarang|kini|mulai sekarang|bukan lagi) {_BECOME}\b"),
    ("sekarang", rf" (?:{_YOU}) {_BECOME}\b"),
    ("act|behave|pretend|roleplay", r"\b(?: \w+)? (?:as|to be|like|you are)\b"),
    (
        (
            "bertindak|berpura-pura|pura-pura|berperan|berlagak"
            "|bertindaklah|berpura-puralah|pura-puralah|berperanlah|berlagaklah"
        ),
        r"\b \w+",
    ),
    ("jailbreak|dan mode|developer mode|mode pengembang|god mode", r"\b"),
    ("grant", r"\b(?:\W+\w+){0,3}?\W+(?:admin|root|superuser|access|permissions?|privileges?)\b"),
    ("hak akses|akses admin|akses root|akses penuh", r"\b"),
    ("admin|root|full", r" (?:access|rights|privileges)\b"),
)
_WORD: Final = re.compile(r"\w+")
_BLANKS: Final = re.compile(r"[ \t]+")
_MARKS: Final = re.compile(r"\[system\]|<\||^\W*(?:system|sistem|assistant) ?:", re.MULTILINE)


def _by_first_word() -> Mapping[str, Sequence[re.Pattern[str]]]:
    """Return the patterns by the words that they can begin with."""
    found: dict[str, list[re.Pattern[str]]] = {}
    for begins, rest in (*_SET_RULES_ASIDE, *_END_EVERYTHING, *_TELL_SECRETS, *_BE_ANOTHER):
        pattern = re.compile(rf"\b(?:{begins}){rest}")
        for word in {_WORD.findall(each)[0] for each in begins.split("|")}:
            found.setdefault(word, []).append(pattern)
    return found


_PATTERNS: Final = _by_first_word()
_DATA: Final = frozenset({"quote", "text", "url", "www", "email"})


def commands_planner(prompt: str, lex: Sequence[Lexeme]) -> bool:
    """True if a prompt tries to change what the planner is or does.

    Quotes, texts of messages and addresses are data: they are ignored.
    """
    for lexeme in lex:
        if lexeme.kind in _DATA:
            dots = "." * (lexeme.end - lexeme.start)
            prompt = f"{prompt[: lexeme.start]}{dots}{prompt[lexeme.end :]}"
    plain = _BLANKS.sub(" ", spell(fold(prompt)).text)
    # Most prompts have no first word of a pattern, and each search takes as long as all of the words.
    begun = {pattern for word in _PATTERNS.keys() & _WORD.findall(plain) for pattern in _PATTERNS[word]}
    return any(pattern.search(plain) for pattern in begun) or _MARKS.search(plain) is not None
