"""Updates the Indonesian catalogue from the texts in the code.

    python -m tools.translations

It adds new messages, marks changed ones as fuzzy, and removes those that the code no longer has.
"""

from __future__ import annotations

import io
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.core.i18n import CATALOGUE

KEYWORDS: Final = {"_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def extracted() -> Catalog:
    """Return the messages that the code has."""
    catalog = Catalog()
    found = extract_from_dir(CATALOGUE.parents[3], [("**.py", "python")], keywords=KEYWORDS)
    for _file, _line, message, _comments, context in found:
        catalog.add(message, context=context)
    return catalog


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
