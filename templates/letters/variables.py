"""What each letter may say: the variables a template can hold, in the words of who edits it.

The one list: the check refuses what is not here, the guide for Word is written from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Fact = str | bool | Sequence[Mapping[str, str]]
Facts = Mapping[str, Fact]


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One variable: what it is, an example; `fields` when it is a list, one per line."""

    about: str
    sample: str | bool = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def example(self) -> Fact:
        """A value of its kind, plainly invented."""
        return (dict(self.fields),) if self.fields else self.sample


_SENDER = {
    "organisme": Variable(about="Le nom de l’organisme", sample="École des Essais"),
    "organisme_adresse": Variable(
        about="Son adresse, vide si les réglages n’en donnent pas",
        sample="3, place de l’Invention, 99000 Essai-la-Forêt",
    ),
    "organisme_ville": Variable(about="Sa ville, pour « Fait à »", sample="Essai-la-Forêt"),
    "organisme_declaration": Variable(
        about="Son numéro de déclaration d’activité, ou rien", sample="99 99 99999 99"
    ),
    "organisme_contact": Variable(
        about="Son courriel et son téléphone, ou rien",
        sample="bureau@essais.invalid · 01 99 00 00 00",
    ),
    "date": Variable(about="Le jour de la lettre", sample="12 mai 2026"),
    "certification": Variable(
        about="La certification", sample="CQPM Technicien(ne) de maintenance productive"
    ),
}

_SESSION = {
    "session": Variable(about="La référence de la session", sample="S2026-003"),
    "jury": Variable(about="Le nom du jury", sample="jury paritaire de délibération"),
    "jury_titre": Variable(
        about="Le même, avec une majuscule", sample="Jury paritaire de délibération"
    ),
    "jour": Variable(about="Le jour de la session", sample="vendredi 12 juin 2026"),
    "heure": Variable(about="L’heure, ou rien", sample="9 h 30"),
    "lieu": Variable(about="Le lieu", sample="Salle Essai"),
    "ville": Variable(about="La ville", sample="Essai-la-Forêt"),
}

VARIABLES: Mapping[str, Mapping[str, Variable]] = {
    "convocation": {
        **_SENDER,
        **_SESSION,
        "destinataire": Variable(about="Qui est convoqué", sample="Ada MODÈLE"),
        "destinataire_precision": Variable(
            about="Son organisation, ou rien", sample="Fédération d’essai"
        ),
        "qualite": Variable(
            about="Sa place au jury, ou rien", sample="présidente, collège employeurs"
        ),
        "membre": Variable(about="Vrai pour un membre du jury, faux sinon", sample=True),
        "candidat": Variable(about="Vrai pour un candidat, faux sinon", sample=False),
        "suppleant": Variable(about="Vrai pour un membre suppléant", sample=False),
        "report": Variable(
            about="Vrai quand cette lettre remplace une convocation déjà envoyée", sample=False
        ),
        "convocateur": Variable(about="Qui convoque", sample="École des Essais"),
        "candidats": Variable(
            about="Les candidats inscrits, pour un membre du jury",
            fields={"dossier": "2026-0042", "nom": "EXEMPLE Zoé", "entreprise": "Essais SARL"},
        ),
    },
    "relance": {
        **_SENDER,
        "dossier": Variable(about="Le numéro du dossier", sample="2026-0042"),
        "candidat": Variable(about="Le candidat", sample="EXEMPLE Zoé"),
        "destinataire": Variable(about="À qui l’on écrit", sample="Paul MODÈLE"),
        "destinataire_precision": Variable(about="Son organisation, ou rien", sample="Essais SARL"),
        "rappel": Variable(about="« Premier rappel », « Deuxième rappel »…", sample=""),
        "echeance": Variable(about="Avant quel jour, ou rien", sample="29 mai 2026"),
        "jury_le": Variable(about="Le jour du jury, s’il est connu", sample="12 juin 2026"),
        "manquants": Variable(
            about="Ce qui manque, une ligne chacun ; « source » dit d’où vient l’obligation",
            fields={"quoi": "L’avis de l’entreprise est attendu.", "source": "Référentiel, § 2"},
        ),
    },
    "bordereau": {
        **_SENDER,
        **_SESSION,
        "certificateur": Variable(about="Le certificateur", sample="CPNE de la branche d’essai"),
        "certificateur_qualite": Variable(
            about="La qualité du signataire", sample="Directeur d’essai"
        ),
        "certificateur_adresse": Variable(
            about="L’adresse du certificateur, ou rien", sample="1, rue du Modèle, 75000 Paris"
        ),
        "conformite": Variable(
            about="Ce que le jury a déclaré de l’organisation des évaluations",
            sample="Le jury a déclaré l’organisation des évaluations conforme au référentiel.",
        ),
        "candidats": Variable(
            about="Les candidats et la décision du jury",
            fields={"dossier": "2026-0042", "nom": "EXEMPLE Zoé", "decision": "Obtention"},
        ),
        "pieces": Variable(
            about="Les pièces jointes ; l’empreinte est le SHA-256 du fichier",
            fields={
                "rang": "1",
                "quoi": "Procès-verbal signé",
                "fichier": "PV S2026-003.pdf",
                "empreinte": "0" * 32 + "\n" + "0" * 32,
            },
        ),
    },
}


def samples(name: str) -> Facts:
    """Facts for that letter, invented: what a template is tried on."""
    return {key: variable.example for key, variable in VARIABLES[name].items()}


def guide() -> str:
    """What to leave beside the letters for who restyles them: every variable, in French."""
    text = [
        "Ces lettres se modifient dans Word ou LibreOffice : leurs styles, leurs mots, un logo.",
        "Ce qui est entre {{ et }} est remplacé. Un nom inconnu est refusé avant tout envoi.",
        "{%p if … %} et {%p endif %}, seuls dans leur paragraphe, encadrent ce qui dépend d’une "
        "condition ; {%p for … in … %} et {%p endfor %} répètent ({%tr dans une ligne de tableau).",
    ]
    for name, known in VARIABLES.items():
        text += ["", f"{name}.docx"]
        for key, variable in known.items():
            text.append(f"  {{{{ {key} }}}}  {variable.about}")
            text += [f"      .{one}  par exemple : {e}" for one, e in variable.fields.items()]
    return "\n".join(text) + "\n"
