"""Rebuilds the letters we ship: `python -m templates.letters.recipe`; the only python-docx here.

A letter is an ordinary Word document whose styles bear French names: an organisation copies it into
its own folder, restyles it, changes its words, puts its logo in. The look is that of our PDF pages.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO
from pathlib import Path
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
_WIDTH = 174
_MEASURE = 32  # le blanc à droite du texte, en millimètres : une ligne se lit d’un regard

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


def make(name: str) -> bytes:
    """The letter of that name, as a .docx template; KeyError when there is none."""
    letter = _Letter(_TITLES[name])
    _BODIES[name](letter)
    return letter.finished()


_TITLES = {
    "convocation": "Convocation",
    "relance": "Pièces attendues",
    "bordereau": "Bordereau d’envoi",
}


class _Letter:
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
            layout.right_indent = Mm(_MEASURE)
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
        line.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDTH), alignment=2)
        line.add_run(french("{{ organisme }}\tPage "))
        _field(line, "PAGE")
        line.add_run(" sur ")
        _field(line, "NUMPAGES")

    def say(self, style: str, text: str, into: Any = None) -> Any:
        """A paragraph in that style."""
        line = (into or self.document).add_paragraph(style=self.document.styles[style])
        line.add_run(french(text))
        return line

    def when(self, condition: str) -> None:
        """The paragraphs that follow stand only then; `otherwise` and `end` close it."""
        self.say("Corps", f"{{%p {condition} %}}")

    def masthead(self, *reference: str) -> None:
        """Who writes, on the left; what it is about and the day, on the right."""
        rule = self._grid((29, _WIDTH - 29))
        for cell, weight, colour in zip(rule.rows[0].cells, (12, 4), (_BLACK, _HAIR), strict=True):
            _edge(cell, "top", weight, colour)
            _thin(cell.paragraphs[0], self.document.styles["Pied"])
        sides = self._grid((112, _WIDTH - 112), gutter=0)
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
        grid = self._grid((26, _WIDTH - _MEASURE - 26), lines=len(shown) + 3 * len(asked))
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


def _convocation(letter: _Letter) -> None:
    letter.masthead("Session {{ session }}", "{{ certification }}")
    letter.titled(
        "{% if report %}Convocation modifiée{% else %}Convocation{% endif %}",
        "{{ jury_titre }}",
    )
    letter.addressed("destinataire", "destinataire_precision")
    letter.say("Objet", "Objet : {{ certification }}, session du {{ jour }}")
    letter.say("Corps", "Madame, Monsieur,")
    letter.when("if report")
    letter.say(
        "Corps",
        "Cette convocation remplace celle que vous avez reçue pour la session {{ session }}.",
    )
    letter.when("endif")
    letter.when("if membre")
    letter.say(
        "Corps",
        "{{ convocateur }} vous convoque à la réunion du {{ jury }} du {{ certification }}, où "
        "vous siégez au titre suivant : {{ qualite }}.",
    )
    letter.when("endif")
    letter.when("if suppleant")
    letter.say("Corps", "Vous siégerez si un membre titulaire de votre collège est absent.")
    letter.when("endif")
    letter.when("if candidat")
    letter.say(
        "Corps",
        "{{ convocateur }} vous convoque devant le {{ jury }} pour le {{ certification }}.",
    )
    letter.when("endif")
    letter.facts(
        ("", "Date", "{{ jour }}"),
        ("heure", "Heure", "{{ heure }}"),
        ("", "Lieu", "{{ lieu }}, {{ ville }}"),
    )
    letter.when("if candidats")
    letter.say("Corps", "Les candidats inscrits à ce jour sont les suivants.")
    letter.when("endif")
    letter.when("if candidats")
    letter.table(
        "candidats",
        (
            ("Dossier", 34, "Tableau", "dossier"),
            ("Candidat", 70, "Tableau, fort", "nom"),
            ("Entreprise", 70, "Tableau", "entreprise"),
        ),
        one="inscrit",
    )
    letter.when("endif")
    letter.when("if membre")
    letter.say(
        "Corps",
        "Si un lien personnel ou professionnel vous unit à l’un des candidats, dites-le-nous vite, "
        "pour qu’un suppléant puisse siéger à votre place.",
    )
    letter.when("endif")
    letter.when("if candidat")
    letter.say(
        "Corps",
        "Munissez-vous de cette convocation et d’une pièce d’identité. Si vous êtes empêché, "
        "prévenez-nous dès que possible, justificatif à l’appui.",
    )
    letter.when("endif")
    letter.say("Corps", "Le fichier d’agenda joint inscrit cette séance dans votre calendrier.")
    letter.close("convocateur")


def _relance(letter: _Letter) -> None:
    letter.masthead("Dossier {{ dossier }}", "{{ certification }}")
    letter.titled(
        "Pièces attendues", "{% if rappel %}{{ rappel }}{% else %}{{ candidat }}{% endif %}"
    )
    letter.addressed("destinataire", "destinataire_precision")
    letter.say("Objet", "Objet : dossier de {{ candidat }}, {{ certification }}")
    letter.say("Corps", "Madame, Monsieur,")
    letter.say(
        "Corps",
        "Le dossier de {{ candidat }} ne peut pas avancer : à ce jour, il manque ce qui suit.",
    )
    letter.when("for manquant in manquants")
    letter.say("Élément", "–\t{{ manquant.quoi }}").paragraph_format.tab_stops.add_tab_stop(Mm(5))
    letter.when("if manquant.source")
    letter.say("Source", "{{ manquant.source }}")
    letter.when("endif")
    letter.when("endfor")
    letter.when("if echeance")
    letter.say("Corps", "Nous vous remercions de nous l’adresser avant le {{ echeance }}.")
    letter.when("else")
    letter.say("Corps", "Nous vous remercions de nous l’adresser dès que possible.")
    letter.when("endif")
    letter.when("if jury_le")
    letter.say(
        "Corps",
        "Le jury se réunit le {{ jury_le }} : un dossier incomplet ne peut pas lui être présenté.",
    )
    letter.when("endif")
    letter.when("if organisme_contact")
    letter.say(
        "Corps",
        "Un formulaire rempli à l’écran suffit, sans l’imprimer ; renvoyez-le à l’adresse "
        "suivante : {{ organisme_contact }}. Si c’est déjà fait, ne tenez pas compte de cette "
        "lettre.",
    )
    letter.when("endif")
    letter.close("organisme")


def _bordereau(letter: _Letter) -> None:
    letter.masthead("Session {{ session }}", "{{ certification }}")
    letter.titled("Bordereau d’envoi", "{{ certification }}")
    letter.addressed("certificateur", "certificateur_qualite", "certificateur_adresse")
    letter.say("Objet", "Objet : décisions du {{ jury }}, session du {{ jour }}")
    letter.say("Corps", "Madame, Monsieur,")
    letter.say(
        "Corps",
        "Le {{ jury }} s’est réuni le {{ jour }} à {{ ville }} (session {{ session }}). "
        "{{ conformite }}",
    )
    letter.when("if candidats")
    letter.say("Corps", "Ses décisions sont les suivantes.")
    letter.when("endif")
    letter.when("if candidats")
    letter.table(
        "candidats",
        (
            ("Dossier", 34, "Tableau", "dossier"),
            ("Candidat", 80, "Tableau, fort", "nom"),
            ("Décision", 60, "Tableau", "decision"),
        ),
        one="inscrit",
    )
    letter.when("endif")
    letter.say(
        "Corps",
        "Vous trouverez joints les documents suivants ; l’empreinte permet de vérifier que chacun "
        "est bien celui que nous avons envoyé.",
    )
    letter.table(
        "pieces",
        (
            ("N°", 10, "Tableau", "rang"),
            ("Document", 55, "Tableau, fort", "quoi"),
            ("Fichier", 56, "Tableau", "fichier"),
            ("SHA-256", 53, "Empreinte", "empreinte"),
        ),
        one="piece",
    )
    letter.close("organisme")


_BODIES = {"convocation": _convocation, "relance": _relance, "bordereau": _bordereau}


def main(folder: Path | None = None) -> None:
    """Write every letter into that folder; beside this file by default."""
    from templates.letters.rendering import dateless

    where = folder or Path(str(files("templates") / "letters"))
    for name in _TITLES:
        (where / f"{name}.docx").write_bytes(dateless(make(name)))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
