"""A tagged PDF: pages drawn on, widgets placed, and the file at the end.

The one writer behind every page we make. It knows nothing of forms, cases or certifications.
"""

from collections.abc import Callable, Mapping
from typing import Any

from forms import metadata, tags
from forms.canvas import Canvas, circle_path, first_baseline, resource
from forms.fonts import drawable, font
from forms.layout import Box, Frame
from forms.metadata import About
from forms.objects import Name, Ref
from forms.style import Face
from forms.tags import Element

__all__ = ["FORM_FONT", "Decorate", "Sheet", "circle_path", "first_baseline"]

Decorate = Callable[["Sheet", int, int], None]
FORM_FONT = Name("Sans")


class Sheet(Canvas):
    """A document. `decorate(sheet, page, pages)` draws what each page repeats, at the end."""

    def __init__(
        self, about: About, frame: Frame | None = None, decorate: Decorate | None = None
    ) -> None:
        super().__init__(frame or Frame())
        self.about = about
        self.root = Element("Document")
        self.fields: list[Ref] = []
        self.form_font: Ref | None = None
        self.appearances: dict[tuple[bytes, bytes], tuple[Ref, Ref]] = {}
        self._decorate = decorate

    # Widgets

    def annotate(self, element: Element, box: Box, entries: Mapping[str, Any], ref: Ref) -> None:
        """A widget on this page, under `element`, described as object `ref`."""
        page = self.pages[self._current]
        key = self.new_key()
        x, y, wide, high = self.place(box)
        self.objects.put(
            ref,
            {
                "Type": Name("Annot"),
                "Subtype": Name("Widget"),
                "Rect": [round(x, 2), round(y, 2), round(x + wide, 2), round(y + high, 2)],
                "P": page.ref,
                "StructParent": key,
                **entries,
            },
        )
        page.annotations.append(ref)
        element.kids.append(tags.Widget(self._current, ref, key))

    def use_form_font(self) -> Ref:
        """The number of the embedded font answers are written in."""
        if self.form_font is None:
            self.form_font = self.objects.reserve()
            self.used.setdefault(Face.SANS, set()).update(font(Face.SANS).answer_glyphs())
        return self.form_font

    def form_text(self, words: str) -> bytes:
        """Words as a string of the form font, for an appearance."""
        self.use_form_font()
        return font(Face.SANS).show(drawable(words), self.used[Face.SANS])

    # The file

    def finish(self, identity: bytes = b"") -> bytes:
        """The file, PDF/A-2a and PDF/UA-1. `identity`: 16 bytes for its /ID."""
        if self._decorate:
            for index in range(len(self.pages)):
                with self.on(index):
                    self._decorate(self, index + 1, len(self.pages))
        objects, pages = self.objects, [p.ref for p in self.pages]
        tree = objects.reserve()
        resources = objects.add(self._resources())
        size = [0, 0, round(self.frame.page_width, 2), round(self.frame.page_height, 2)]
        for page in self.pages:
            self.close_artifact(page)
            entries: dict[str, Any] = {
                "Type": Name("Page"),
                "Parent": tree,
                "MediaBox": size,
                "Resources": resources,
                "Contents": objects.stream({}, b"\n".join(page.ops)),
                "StructParents": page.key,
                "Tabs": Name("S"),
            }
            if page.annotations:
                entries["Annots"] = page.annotations
            objects.put(page.ref, entries)
        objects.put(tree, {"Type": Name("Pages"), "Kids": pages, "Count": len(pages)})
        catalog: dict[str, Any] = {
            "Type": Name("Catalog"),
            "Pages": tree,
            "Lang": "fr-FR",
            "MarkInfo": {"Marked": True},
            "ViewerPreferences": {"DisplayDocTitle": True},
            "StructTreeRoot": tags.write(
                objects, self.root, pages, [p.key for p in self.pages], self.keys
            ),
            "OutputIntents": [metadata.output_intent(objects)],
            "Metadata": objects.stream(
                {"Type": Name("Metadata"), "Subtype": Name("XML")},
                metadata.xmp(self.about),
                compress=False,
            ),
        }
        if self.fields:
            form: dict[str, Any] = {"Fields": self.fields}
            if self.form_font:
                form["DR"] = {"Font": {FORM_FONT: self.form_font}}
                form["DA"] = f"/{FORM_FONT} 9 Tf 0 g"
            catalog["AcroForm"] = form
        info = objects.add(metadata.information(self.about))
        return objects.file(objects.add(catalog), info, identity)

    def _resources(self) -> dict[str, Any]:
        fonts: dict[str, Ref] = {}
        for face, used in self.used.items():
            if used:
                into = self.form_font if face is Face.SANS and self.form_font else None
                fonts[resource(face).decode()] = font(face).embed(
                    self.objects, frozenset(used), into or self.objects.reserve()
                )
        found: dict[str, Any] = {"Font": fonts}
        if self.images:
            found["XObject"] = {f"Im{i}": ref for i, ref in enumerate(self.images.values())}
        return found
