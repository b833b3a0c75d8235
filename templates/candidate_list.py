"""The blank list of candidates an office fills in its spreadsheet; `casefiles.roster` reads it."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from casefiles.certification import RouteName

VERSION = 1
NAME = "Liste de candidats.xlsx"

_COLUMNS: tuple[tuple[str, int], ...] = (
    *(("Certification", 18), ("Civilité", 10), ("Nom de naissance", 22), ("Nom d’usage", 20)),
    *(("Prénom", 16), ("Autres prénoms", 20), ("Date de naissance", 16)),
    *(("Commune de naissance", 22), ("Code Insee de naissance", 14), ("Pays de naissance", 16)),
    *(("Courriel", 28), ("Téléphone", 16), ("Adresse", 30), ("Code postal", 11), ("Ville", 20)),
    *(("Situation", 18), ("Voie d’accès", 26), ("Blocs demandés", 16)),
    *(("Entreprise", 24), ("SIRET", 18), ("Contact entreprise", 22), ("Courriel entreprise", 28)),
    *(("Convention collective (IDCC)", 14), ("Tuteur", 20), ("Centre d’examen", 22)),
    *(("Inscrit le", 12), ("Blocs acquis", 14), ("Acquis le", 12), ("Session", 16)),
    ("Preuve", 26),
)
HEADINGS = tuple(heading for heading, _ in _COLUMNS)
_REPRISE = HEADINGS[-5:]
_HOW = (
    ("Une ligne par candidat. Le nom de naissance et le prénom sont indispensables : chacun",),
    ("complétera son inscription préremplie. Déposez la liste dans « 1 À déposer ici ».",),
    ("",),
    ("Les cinq dernières colonnes ne servent qu’à une reprise : des inscriptions ou des blocs",),
    ("antérieurs à l’installation. « Preuve » est le nom du fichier qui l’établit. Cette liste",),
    ("se dépose dans « Bureau », avec ses preuves.",),
)


def blank(codes: Sequence[str]) -> bytes:
    """The workbook, its certifications offered as a drop-down."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Candidats"
    sheet.append(HEADINGS)
    for rank, (heading, width) in enumerate(_COLUMNS, start=1):
        cell = sheet.cell(row=1, column=rank)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        shade = "EFE9DC" if heading in _REPRISE else "E4E9EE"
        cell.fill = PatternFill("solid", start_color=shade)
        letter = get_column_letter(rank)
        sheet.column_dimensions[letter].width = width
        # Au format Texte, un tableur garde le zéro de tête et n’arrondit pas un SIRET.
        for row in range(2, 202):
            sheet.cell(row=row, column=rank).number_format = "@"
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "A2"
    for heading, offered in (
        ("Certification", codes),
        ("Civilité", ("Madame", "Monsieur")),
        ("Voie d’accès", [route.label for route in RouteName]),
    ):
        letter = get_column_letter(HEADINGS.index(heading) + 1)
        words = ",".join(offered)
        if len(words) <= 250:  # la limite d’Excel pour une liste écrite dans la règle
            rule = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
            rule.errorStyle = "warning"
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}201")
    told = book.create_sheet("Mode d’emploi")
    for line in _HOW:
        told.append(line)
    told.column_dimensions["A"].width = 100
    out = BytesIO()
    book.save(out)
    return out.getvalue()
