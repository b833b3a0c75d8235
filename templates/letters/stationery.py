"""The paper our letters are written on: page, styles, masthead, tables; it knows no letter.

The only module that knows python-docx. The look is that of our PDF pages; the styles bear French
names, for who restyles them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from templates.source import french

SERIF, SERIF_STRONG = "Source Serif 4", "Source Serif 4 Semibold"
DISPLAY = "Source Serif 4 Display Semibold"
SANS, SANS_STRONG = "Source Sans 3", "Source Sans 3 Semibold"
_FALLBACK = {
    **{SERIF: "Georgia", SERIF_STRONG: "Georgia", DISPLAY: "Georgia"},
    **{SANS: "Calibri", SANS_STRONG: "Calibri"},
}
_BLACK, _DARK, _GREY = "000000", "404040", "6B6B6B"
_HAIR = "9E9E9E"
WIDTH = 174
MEASURE = 32  # le blanc à droite du texte, en millimètres : une ligne se lit d’un regard

# nom, police, corps, interligne, couleur, blanc avant et après (points)
_STYLES: tuple[tuple[str, str, float, float, str, float, float], ...] = (
    ("Organisme", SERIF_STRONG, 11, 13.5, _BLACK, 3, 1),
    ("Adresse", SANS, 7.6, 9.4, _DARK, 0, 0),
    ("Référence", SANS_STRONG, 8.2, 10.4, _BLACK, 4, 1),
    ("Titre de la lettre", DISPLAY, 21, 24, _BLACK, 24, 2),
    ("Sous-titre de la lettre", SERIF, 11.5, 14.5, _BLACK, 0, 14),
    ("Destinataire", SERIF, 10.5, 13.5, _BLACK, 0, 0),
    ("Destinataire, précision", SANS, 9, 12, _DARK, 0, 0),
    ("Objet", SANS_STRONG, 9.5, 12.5, _BLACK, 22, 10),
    ("Corps", SERIF, 10.5, 14.6, _BLACK, 0, 7),
    ("Élément", SERIF, 10.5, 14, _BLACK, 0, 4),
    ("Source", SANS, 8, 10.5, _GREY, 0, 5),
    ("Tableau, titre", SANS_STRONG, 7.6, 9.6, _DARK, 3, 3),
    ("Tableau", SANS, 9, 11.6, _BLACK, 3, 3),
    ("Tableau, fort", SANS_STRONG, 9, 11.6, _BLACK, 3, 3),
    ("Empreinte", SANS, 7, 9, _DARK, 3, 3),
    ("Signature", SERIF, 10.5, 14.6, _BLACK, 8, 2),
    ("Pied", SANS, 7.5, 9.5, _GREY, 4, 0),
)


class Stationery:
    """A document being written, from its masthead down."""

    def __init__(self, title: str) -> None:
        self.document: Any = Document()
        self._properties(title)
        self._page()
        for style in _STYLES:
            self._style(*style)
        self._fonts()
        self._footer()

    def _properties(self, title: str) -> None:
        told = self.document.core_properties
        told.title, told.author = title, "{{ organisme }}"
        told.language, told.comments = "fr-FR", ""
        told.created = told.modified = datetime(2026, 1, 1, tzinfo=UTC)

    def _page(self) -> None:
        page = self.document.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(18)
        page.top_margin, page.bottom_margin = Mm(15), Mm(20)
        page.header_distance, page.footer_distance = Mm(8), Mm(10)

    def _style(
        self,
        name: str,
        face: str,
        size: float,
        leading: float,
        colour: str,
        before: float,
        after: float,
    ) -> None:
        style = self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.quick_style = True
        style.font.name, style.font.size = face, Pt(size)
        style.font.color.rgb = RGBColor.from_string(colour)
        fonts = style.element.rPr.rFonts
        for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(kind), face)
        style.element.rPr.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="fr-FR"/>'))
        layout = style.paragraph_format
        layout.space_before, layout.space_after = Pt(before), Pt(after)
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(leading)
        layout.widow_control = True
        if name in ("Corps", "Élément", "Source", "Objet", "Signature"):
            layout.right_indent = Mm(MEASURE)
        if name in ("Élément", "Source"):
            layout.left_indent = Mm(5)
        if name == "Élément":
            layout.first_line_indent = Mm(-5)
            layout.keep_together = True
        if name.startswith("Destinataire"):
            layout.left_indent = Mm(89)
        if name in ("Titre de la lettre", "Objet"):
            layout.keep_with_next = True
        if name == "Titre de la lettre":
            outline = f'<w:outlineLvl {nsdecls("w")} w:val="0"/>'
            style.element.get_or_add_pPr().append(parse_xml(outline))

    def _fonts(self) -> None:
        """Where our fonts are missing, Word takes the ones named here."""
        told = "".join(
            f'<w:font w:name="{face}"><w:altName w:val="{other}"/></w:font>'
            for face, other in _FALLBACK.items()
        )
        for part in self.document.part.package.iter_parts():
            if str(part.partname) == "/word/fontTable.xml":
                part._blob = f"<w:fonts {nsdecls('w')}>{told}</w:fonts>".encode()

    def _footer(self) -> None:
        line = self.document.sections[0].footer.paragraphs[0]
        line.style = self.document.styles["Pied"]
        _border(line, "top", 4, _HAIR)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), alignment=2)
        line.add_run(french("{{ organisme }}\tPage "))
        _field(line, "PAGE")
        line.add_run(" sur ")
        _field(line, "NUMPAGES")

    def say(self, style: str, text: str, into: Any = None) -> Any:
        """A paragraph in that style."""
        line = (into or self.document).add_paragraph(style=self.document.styles[style])
        line.add_run(french(text))
        return line

    def item(self, text: str) -> None:
        """A line of a list, after its dash."""
        line = self.say("Élément", f"–\t{text}")
        line.paragraph_format.tab_stops.add_tab_stop(Mm(5))

    def when(self, condition: str) -> None:
        """The paragraphs that follow stand only then; `otherwise` and `end` close it."""
        self.say("Corps", f"{{%p {condition} %}}")

    def masthead(self, *reference: str) -> None:
        """Who writes, on the left; what it is about and the day, on the right."""
        rule = self._grid((29, WIDTH - 29))
        for cell, weight, colour in zip(rule.rows[0].cells, (12, 4), (_BLACK, _HAIR), strict=True):
            _edge(cell, "top", weight, colour)
            _thin(cell.paragraphs[0], self.document.styles["Pied"])
        sides = self._grid((112, WIDTH - 112), gutter=0)
        left, right = sides.rows[0].cells
        self._fill(
            left,
            ("Organisme", "{{ organisme }}"),
            ("Adresse", "{%p if organisme_adresse %}"),
            ("Adresse", "{{ organisme_adresse }}"),
            ("Adresse", "{%p endif %}"),
            ("Adresse", "{%p if organisme_declaration %}"),
            ("Adresse", "Déclaration d’activité n° {{ organisme_declaration }}"),
            ("Adresse", "{%p endif %}"),
            ("Adresse", "{%p if organisme_contact %}"),
            ("Adresse", "{{ organisme_contact }}"),
            ("Adresse", "{%p endif %}"),
        )
        first, *others = reference
        lines = [("Référence", first), *(("Adresse", one) for one in others)]
        self._fill(right, *lines, ("Adresse", "Établi le {{ date }}"))
        for line in right.paragraphs:
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def titled(self, title: str, subtitle: str) -> None:
        """The title of the letter, and the line under it."""
        self.say("Titre de la lettre", title)
        self.say("Sous-titre de la lettre", subtitle)

    def addressed(self, name: str, *details: str) -> None:
        """To whom, where a window envelope shows it; a detail that is empty leaves no line."""
        self.say("Destinataire", f"{{{{ {name} }}}}")
        for detail in details:
            self.when(f"if {detail}")
            self.say("Destinataire, précision", f"{{{{ {detail} }}}}")
            self.when("endif")

    def table(
        self, rows: str, columns: Sequence[tuple[str, float, str, str]], one: str = "ligne"
    ) -> None:
        """A table with a line per element of `rows`: head, width (mm), style and field of each."""
        grid = self._grid([width for _, width, _, _ in columns], lines=4)
        for number, (head, _, style, field) in enumerate(columns):
            self._fill(grid.rows[0].cells[number], ("Tableau, titre", head))
            _edge(grid.rows[0].cells[number], "bottom", 6, _BLACK)
            self._fill(grid.rows[2].cells[number], (style, f"{{{{ {one}.{field} }}}}"))
            _edge(grid.rows[2].cells[number], "bottom", 4, _HAIR)
        self._fill(grid.rows[1].cells[0], ("Tableau", f"{{%tr for {one} in {rows} %}}"))
        self._fill(grid.rows[3].cells[0], ("Tableau", "{%tr endfor %}"))
        properties = grid.rows[0]._tr.get_or_add_trPr()
        properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        for row in grid.rows:
            row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        self.gap()

    def facts(self, *lines: tuple[str, str, str]) -> None:
        """A small table of what matters: a condition (or ""), a name, a value."""
        shown = [line for line in lines if not line[0]]
        asked = [line for line in lines if line[0]]
        grid = self._grid((26, WIDTH - MEASURE - 26), lines=len(shown) + 3 * len(asked))
        row = 0
        for condition, name, value in lines:
            if condition:
                self._fill(grid.rows[row].cells[0], ("Tableau", f"{{%tr if {condition} %}}"))
                row += 1
            self._fill(grid.rows[row].cells[0], ("Tableau, titre", name))
            self._fill(grid.rows[row].cells[1], ("Tableau, fort", value))
            for cell in grid.rows[row].cells:
                _edge(cell, "bottom", 4, _HAIR)
            row += 1
            if condition:
                self._fill(grid.rows[row].cells[0], ("Tableau", "{%tr endif %}"))
                row += 1
        self.gap()

    def gap(self) -> None:
        """The white under a table."""
        _thin(self.say("Corps", ""), None, points=7)

    def close(self, who: str) -> None:
        """Regards, place, day and who signs."""
        self.say(
            "Corps",
            "Veuillez agréer, Madame, Monsieur, l’expression de nos salutations distinguées.",
        )
        self.when("if organisme_ville")
        self.say("Signature", "Fait à {{ organisme_ville }}, le {{ date }}")
        self.when("else")
        self.say("Signature", "Le {{ date }}")
        self.when("endif")
        self.say("Adresse", f"{{{{ {who} }}}}")

    def finished(self) -> bytes:
        """The document’s bytes."""
        out = BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _grid(self, widths: Sequence[float], lines: int = 1, gutter: int = 85) -> Any:
        grid = self.document.add_table(rows=lines, cols=len(widths))
        grid.autofit = False
        properties = grid._tbl.tblPr
        properties.append(
            parse_xml(
                f'<w:tblCellMar {nsdecls("w")}><w:left w:w="0" w:type="dxa"/>'
                f'<w:right w:w="{gutter}" w:type="dxa"/></w:tblCellMar>'
            )
        )
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = Mm(width)
        for row in grid.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
                cell.paragraphs[0].style = self.document.styles["Tableau"]
        return grid

    def _fill(self, cell: Any, *lines: tuple[str, str]) -> None:
        first = cell.paragraphs[0]
        for rank, (style, text) in enumerate(lines):
            line = cell.add_paragraph() if rank else first
            line.style = self.document.styles[style]
            line.add_run(french(text))


def _thin(line: Any, style: Any, points: float = 1) -> None:
    """A paragraph that takes no room but what is said."""
    if style is not None:
        line.style = style
    layout = line.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(points)


def _edge(cell: Any, side: str, eighths: int, colour: str) -> None:
    properties = cell._tc.get_or_add_tcPr()
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = parse_xml(f"<w:tcBorders {nsdecls('w')}/>")
        properties.append(borders)
    borders.append(
        parse_xml(
            f'<w:{side} {nsdecls("w")} w:val="single" w:sz="{eighths}" w:space="0" '
            f'w:color="{colour}"/>'
        )
    )


def _border(line: Any, side: str, eighths: int, colour: str) -> None:
    line._p.get_or_add_pPr().append(
        parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:{side} w:val="single" w:sz="{eighths}" w:space="5" '
            f'w:color="{colour}"/></w:pBdr>'
        )
    )


def _field(line: Any, code: str) -> None:
    run = line.add_run()
    for kind, inside in (("begin", ""), ("", code), ("separate", ""), ("text", "1"), ("end", "")):
        if kind == "text":
            run._r.append(parse_xml(f"<w:t {nsdecls('w')}>{inside}</w:t>"))
        elif inside:
            told = f'<w:instrText {nsdecls("w")} xml:space="preserve"> {inside} </w:instrText>'
            run._r.append(parse_xml(told))
        else:
            run._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))
