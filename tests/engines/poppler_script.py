"""Fills one form through poppler's GLib binding; run by Debian's own Python, never imported.

argv: source, target. Standard input: a JSON list of {name, kind, page, rect, value, index};
a refusal is a sentence on standard output and exit code 1.
"""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import gi  # type: ignore[import-not-found, unused-ignore]

gi.require_version("Poppler", "0.18")
from gi.repository import Poppler  # type: ignore[import-not-found, unused-ignore]  # noqa: E402

NEAR = 1.5  # points between what pikepdf and poppler say of the same corner


def refuse(sentence: str) -> NoReturn:
    print(sentence)
    sys.exit(1)


def find(pages: list[Any], wanted: dict[str, Any]) -> Any:
    for mapping in pages[wanted["page"]]:
        area = (mapping.area.x1, mapping.area.y1, mapping.area.x2, mapping.area.y2)
        if mapping.field.get_name() == wanted["name"] and all(
            abs(ours - theirs) < NEAR for ours, theirs in zip(wanted["rect"], area, strict=True)
        ):
            return mapping.field
    refuse(f"{wanted['name']}: poppler shows no such field there")


def answer(field: Any, wanted: dict[str, Any]) -> None:
    name, kind, value = wanted["name"], wanted["kind"], wanted["value"]
    if field.is_read_only():
        refuse(f"{name}: the field is read-only or hidden")
    if kind == "text":
        field.text_set_text(value)
    elif kind in ("radio", "checkbox"):
        field.button_set_state(value)
    else:
        field.choice_unselect_all()
        for index in wanted["index"]:
            field.choice_select_item(index)


def main(source: str, target: str) -> None:
    document = Poppler.Document.new_from_file(Path(source).as_uri(), None)
    loaded = [document.get_page(number) for number in range(document.get_n_pages())]
    pages = [page.get_form_field_mapping() for page in loaded]
    for wanted in json.load(sys.stdin):
        answer(find(pages, wanted), wanted)
    # save_a_copy would write the file as it was opened; save writes what was filled.
    document.save(Path(target).as_uri())


if __name__ == "__main__":
    main(*sys.argv[1:])
