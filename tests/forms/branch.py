"""A branch’s own inscription, made with reportlab’s acroForm: its fields, its words, its habits."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

TEXTS = (
    "NOM",
    "Nom d'usage",
    "PRENOM",
    "JJ",
    "MM",
    "AAAA",
    "VILLE NAISSANCE",
    "PAYS NAISSANCE",
    "ADRESSE",
    "MEL",
    "ENTREPRISE",
    "AVIS DE",
    "MEL AVIS",
    "ORGANISME",
    "CENTRE",
    "DATE",
    "RESERVE BRANCHE",
)
TICKS = ("Salarié", "Intérimaire", "Jeune", "Demandeur", "Exact", "RGPD")

MAPPING = """\
formulaire: inscription
certification: cqpm-tmp
titre: Dossier de la branche inventée
pdf: branche.pdf
reponses:
  candidate/civility:
    champ: CIVILITE
    valeurs: {madame: Mme, monsieur: M}
  candidate/birth_name: NOM
  candidate/usage_name: Nom d'usage
  candidate/first_name: PRENOM
  candidate/birth_date:
    champs: [JJ, MM, AAAA]
    entre: /
  candidate/birth_place: VILLE NAISSANCE
  candidate/birth_country: PAYS NAISSANCE
  candidate/address: ADRESSE
  candidate/email: MEL
  candidate/status:
    cases:
      salarie: Salarié
      interimaire: Intérimaire
      jeune: Jeune
      demandeur_emploi: Demandeur
  wish/route:
    champ: VOIE
    valeurs:
      formation_continue: Formation continue
      contrat_professionnalisation: Contrat pro
  wish/extent:
    toujours: entiere
  company/name: ENTREPRISE
  company/contact: AVIS DE
  company/email: MEL AVIS
  training/organisation: ORGANISME
  training/centre: CENTRE
  agreement/exact: Exact
  agreement/informed: RGPD
  agreement/day: DATE
sans_suite:
  - RESERVE BRANCHE
"""


def form() -> bytes:
    """The blank, one page."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    fields: Any = canvas.acroForm
    canvas.drawString(40, 800, "Branche inventée - dossier de candidature")
    for line, name in enumerate(TEXTS):
        y = 770 - 26 * line
        canvas.drawString(40, y + 4, name)
        fields.textfield(name=name, x=200, y=y, width=300, height=18, value="", maxlen=200)
    for line, name in enumerate(TICKS):
        y = 300 - 24 * line
        canvas.drawString(64, y, name)
        fields.checkbox(name=name, x=40, y=y, size=14)
    for place, state in enumerate(("Mme", "M")):
        fields.radio(name="CIVILITE", value=state, x=300 + 60 * place, y=300, size=14)
    fields.choice(
        name="VOIE",
        value="-",
        options=["-", "Formation continue", "Contrat pro"],
        x=300,
        y=240,
        width=200,
        height=18,
    )
    canvas.save()
    return out.getvalue()


def avis(competences: Sequence[str]) -> tuple[bytes, str]:
    """The branch’s own avis for these compétences, and its mapping."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    fields: Any = canvas.acroForm
    mapping = AVIS
    for line, name in enumerate(("CANDIDAT", "PROJETS", "NOM", "DATE", "QUALITE")):
        fields.textfield(name=name, x=200, y=780 - 26 * line, width=300, height=18, value="")
    for line, name in enumerate((*competences, "")):
        box = f"AVIS {name}".strip()
        for place, state in enumerate(("F", "D", "NO") if name else ("F", "D")):
            fields.radio(name=box, value=state, x=300 + 40 * place, y=600 - 24 * line, size=14)
        if name:
            mapping += f"  competences/{name.replace('.', '-')}/opinion:\n    champ: {box}\n"
            mapping += "    valeurs: {favorable: F, defavorable: D, non_observe: NO}\n"
    canvas.showPage()
    canvas.save()
    return out.getvalue(), mapping


AVIS = """\
formulaire: avis
certification: cqpm-tmp
titre: Avis de la branche inventée
pdf: avis.pdf
reponses:
  header/candidate: CANDIDAT
  activities: PROJETS
  signatory/name: NOM
  signatory/day: DATE
  signatory/function: QUALITE
  conclusion/overall:
    champ: AVIS
    valeurs: {favorable: F, defavorable: D}
"""
