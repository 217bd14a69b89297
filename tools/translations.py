"""Updates the Indonesian catalogue from the texts in the code.

    python -m tools.translations

It adds new messages, marks changed ones as fuzzy, and removes those that the code no longer has.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from typer.main import get_command

from app.cli.main import app
from app.cli.usage import help_texts
from app.core.i18n import CATALOGUE

KEYWORDS: Final = {"_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
APP: Final = CATALOGUE.parents[3]


def extracted() -> Catalog:
    """Return the messages that the code has."""
    catalog = Catalog()
    for _file, _line, message, _comments, context in extract_from_dir(
        APP, [("**.py", "python")], keywords=KEYWORDS
    ):
        catalog.add(message, context=context)
    for text in help_texts(get_command(app)):
        catalog.add(text, context="help")
    for path in APP.glob("cli/**/*.py"):
        for head in heads(path.read_text("utf-8")):
            catalog.add(head, context="column")
    return catalog


def heads(source: str) -> Iterator[str]:
    """Yield the heads of the tables in a module of commands; ValueError if one cannot be found."""
    nodes = list(ast.walk(ast.parse(source)))
    typed = {
        name: kind
        for node in nodes
        if isinstance(node, ast.AnnAssign | ast.arg) and isinstance(node.annotation, ast.Name)
        for kind in [node.annotation.id]
        for name in [node.arg if isinstance(node, ast.arg) else ast.unparse(node.target)]
    }
    for node in nodes:
        match node:
            case ast.AnnAssign(annotation=ast.Name("Columns" | "Heads"), value=ast.expr() as made):
                yield from _heads(made, typed)
            case ast.Call(ast.Name("table"), [made, *_]):
                yield from _heads(made, typed)
            case ast.Call(ast.Name("show_list" | "print_table"), [_, made, *_]):
                yield from _heads(made, typed)
            case _:
                pass


def _heads(made: ast.expr, typed: dict[str, str]) -> Iterator[str]:
    match made:
        case ast.Constant(str(head)):
            yield from [head] if head else []
        case ast.Tuple(parts) | ast.List(parts):
            for part in parts:
                yield from _heads(part, typed)
        case ast.Dict(keys, values):
            for key, value in zip(keys, values, strict=True):
                yield from _heads(key or value, typed)
        case ast.Starred(part):
            yield from _heads(part, typed)
        case ast.Name(name) if typed.get(name) in {"Columns", "Heads", "Message"}:
            pass
        case _:
            raise ValueError(
                f"a table's heads are no literal of the type Columns or Heads: {made and ast.unparse(made)}"
            )


def stored() -> Catalog:
    """Return the catalogue as it is stored."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="id")


def as_po(catalog: Catalog) -> bytes:
    """Return a catalogue as a file that does not depend on the position of messages in the code."""
    file = io.BytesIO()
    write_po(
        file, catalog, width=110, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True
    )
    header = 'msgid ""\nmsgstr ""\n"Language: id\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return f'{header}"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'.encode() + file.getvalue()


def main() -> None:
    """Write the catalogue, and print the messages that are left to translate."""
    catalog = stored()
    catalog.update(extracted())
    CATALOGUE.write_bytes(as_po(catalog))
    for message in catalog:
        if message.id and (message.fuzzy or not message.string):
            print(f"to translate: {message.id}")  # noqa: T201


if __name__ == "__main__":
    main()
