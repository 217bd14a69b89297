"""Renders a document as Markdown, as HTML, and as message text."""

from __future__ import annotations

import re
from html import escape

from app.jobs.report.document import Document, Table

MAX_MESSAGE_CHARS = 3_500
"""A Telegram message may have 4,096 UTF-16 units; the rest is reserved for characters that take two."""
MAX_MESSAGE_ROWS = 8
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")
_LINES = re.compile(r"\s*[\r\n]+\s*")

_STYLE = """\
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid; padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
td + td { overflow-wrap: break-word; }
@page { size: A4; margin: 10mm; }
@media print {
  :root { color-scheme: light; font-size: 7.5pt; line-height: 1.25; }
  body { margin: 0; max-width: none; padding: 0; }
  h1 { font-size: 14pt; margin: 0; }
  h2 { font-size: 10pt; margin: 0.7em 0 0.1em; break-after: avoid; }
  p, ul { margin: 0.3em 0; }
  th, td { border-bottom: 0.5pt solid #999; padding: 0.05em 0.6em 0.05em 0; }
  th:first-child { width: 32%; }
  tr { break-inside: avoid; }
  main { display: grid; grid-template-columns: 1fr 1fr; column-gap: 6mm; }
  section { grid-column: 1 / -1; min-width: 0; }
  section.narrow { grid-column: auto; }
}"""


def markdown(document: Document) -> str:
    """Return a document as Markdown with tables; its content is escaped."""
    parts = [f"# {document.title}", _md(document.span), "\n".join(f"- {_md(s)}" for s in document.summary)]
    for table in document.tables:
        parts.append(f"## {table.title}")
        parts.append(_md_table(table) if table.rows else _md(table.empty))
        parts += [_md(note) for note in table.notes]
    return "\n\n".join(parts) + "\n"


def _md_table(table: Table) -> str:
    lines = [table.head, tuple("---" for _ in table.head), *(tuple(map(_md, row)) for row in table.rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _md(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", _one_line(text))


def html(document: Document) -> str:
    """Return a document as one self-contained page."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in document.summary)
    sections = "\n".join(_html_section(table) for table in document.tables)
    return (
        f'<!doctype html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n"
        f"<h1>{escape(document.title)}</h1>\n<p>{escape(document.span)}</p>\n<ul>{items}</ul>\n"
        f"<main>\n{sections}\n</main>\n</body>\n</html>\n"
    )


def _html_section(table: Table) -> str:
    if table.rows:
        head = "".join(f"<th>{escape(cell)}</th>" for cell in table.head)
        rows = "\n".join(
            "<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in table.rows
        )
        body = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    else:
        body = f"<p>{escape(table.empty)}</p>"
    notes = "".join(f"\n<p>{escape(note)}</p>" for note in table.notes)
    kind = ' class="narrow"' if table.narrow else ""
    return f"<section{kind}>\n<h2>{escape(table.title)}</h2>\n{body}{notes}\n</section>"


def message(document: Document) -> str:
    """Return a document as plain text of at most 3,500 characters, the most important part first."""
    parts = ["\n".join([document.title, document.span, "", *document.summary])]
    for table in document.tables:
        if table.rows:
            rows = [f"• {_text_row(table, row)}" for row in table.rows[:MAX_MESSAGE_ROWS]]
            more = len(table.rows) - MAX_MESSAGE_ROWS
            parts.append("\n".join([table.title, *rows, *([f"… +{more}"] if more > 0 else []), *table.notes]))
    text = "\n\n".join(parts)
    return text if len(text) <= MAX_MESSAGE_CHARS else text[: MAX_MESSAGE_CHARS - 1] + "…"


def _text_row(table: Table, row: tuple[str, ...]) -> str:
    named = zip(table.head[1:], row[1:], strict=True)
    return _one_line(f"{row[0]}: " + ", ".join(f"{name} {cell}" for name, cell in named))


def _one_line(text: str) -> str:
    return _LINES.sub(" ", text)
