"""The French of the workbook: sheets, columns, help and the values its lists offer.

Words only, by « Model.field ». What is not named here keeps its name from the file.
"""

from casefiles.access import RouteName
from casefiles.referentiel import Heading
from templates.workbook.shape import Kind, Path, Place

READ_ME = "Lisez-moi"
FICHE = "Certification"

SHEETS: dict[Path, str] = {
    ("prerequisites",): "Prérequis",
    ("steps",): "Étapes",
    ("financing",): "Financements",
    ("routes",): "Voies",
    ("waivers",): "Dispenses",
    ("blocs",): "Blocs",
    ("blocs", "*", "knowledge"): "Connaissances",
    ("blocs", "*", "competences"): "Compétences",
    ("blocs", "*", "competences", "*", "conditions"): "Conditions",
    ("blocs", "*", "competences", "*", "criteria"): "Critères",
    ("blocs", "*", "competences", "*", "results"): "Résultats",
    ("modalities",): "Modalités",
    ("plenary", "seats"): "Plénier",
    ("deliberation", "colleges"): "Jurys",
}

# La colonne qui rattache une ligne à ce qui la contient.
PARENTS: dict[Path, str] = {
    ("blocs",): "Bloc",
    ("blocs", "*", "competences"): "Compétence",
}

CONTENTS: dict[str, str] = {
    FICHE: "Tout ce qui tient en une valeur : intitulé, certificateur, enregistrement, seuil…",
    "Prérequis": "Les conditions d’entrée, une par ligne.",
    "Étapes": "Les étapes du parcours avant le jury, avec leur durée en minutes.",
    "Financements": "Qui paie quelle part.",
    "Voies": "Une ligne par voie d’accès : ouverte ou fermée, et les pièces qu’elle demande.",
    "Dispenses": "Les pièces dont le bureau peut dispenser, une par ligne.",
    "Blocs": "Les blocs de compétences (ou les épreuves).",
    "Connaissances": "Les connaissances d’un bloc, une par ligne.",
    "Compétences": "Les compétences (ou capacités) de chaque bloc.",
    "Conditions": "Les conditions de réalisation d’une compétence, une par ligne.",
    "Critères": "Les critères mesurables et observables, sous leurs quatre rubriques.",
    "Résultats": "Les résultats attendus de chaque compétence.",
    "Modalités": "Les modalités d’évaluation a, b, c, d.",
    "Plénier": "Les sièges du jury plénier, s’il y en a un.",
    "Jurys": "Les deux collèges du jury de délibération.",
}

SECTIONS: dict[str, str] = {
    "": "La certification",
    "origin": "Le document d’origine",
    "certifier": "Le certificateur",
    "registration": "L’enregistrement (RNCP ou répertoire spécifique)",
    "vae": "La VAE",
    "threshold": "Le seuil qui valide une compétence",
    "evaluators": "Les évaluateurs",
    "avis_not_given": "L’avis de l’entreprise non rendu",
    "plenary": "Le jury plénier",
    "deliberation": "Le jury de délibération",
    "outcome_labels": "Les mots des décisions, s’ils diffèrent des mots ordinaires",
}

_ONE_PER_LINE = "Un élément par ligne de la cellule (Alt + Entrée)."
_SOURCE = ("Source", "Le document et le passage d’où vient cette ligne.")
_ID = ("Identifiant", "Une clé qui ne change plus : lettres, chiffres et points, « BDC1.2.M1 ».")

LABELS: dict[str, tuple[str, str]] = {
    "Certification.code": ("Code", "Le nom du fichier : minuscules, chiffres et tirets."),
    "Certification.kind": ("Nature", ""),
    "Certification.title": ("Intitulé officiel", "À la lettre : le parchemin le reprend."),
    "Certification.version": ("Version", "À changer à chaque modification."),
    "Certification.provisional": ("Provisoire", "Oui : les parchemins sont des SPÉCIMENS."),
    "Certification.example": ("Exemple", "Oui : proposée seulement si les réglages la nomment."),
    "Certification.level": ("Niveau de qualification", ""),
    "Certification.european_level": ("Niveau européen (CEC)", ""),
    "Certification.exam_centre": ("Centre d’examen", "Comment la branche le nomme."),
    "Certification.resource_centre": ("Centre de ressources", ""),
    "Certification.training_bodies": ("Organismes de formation", _ONE_PER_LINE),
    "Certification.mission": ("Mission", ""),
    "Certification.activities": ("Activités", _ONE_PER_LINE),
    "Certification.modality_rule": (
        "Règle des modalités",
        "Par ligne, les modalités dont une suffit : « a, b, c » puis « d » veut dire "
        "(a ou b ou c) et d.",
    ),
    "Certification.modality_rule_source": ("Source de cette règle", ""),
    "Certification.criteria_missing": (
        "Pourquoi des critères manquent",
        "À remplir si une compétence n’a aucun critère.",
    ),
    "Certification.outcomes": ("Décisions possibles", _ONE_PER_LINE),
    "Certification.inscription_source": ("Source de l’inscription préalable", ""),
    "Certification.blocs_source": ("Source de l’attestation par bloc", ""),
    "Certification.outcomes_source": ("Source de ces décisions", ""),
    "Certification.outcome_labels.obtention": ("Obtention", ""),
    "Certification.outcome_labels.partiel": ("Obtention partielle", ""),
    "Certification.outcome_labels.refus": ("Refus", ""),
    "Certification.outcome_labels.ajourne": ("Ajournement", ""),
    "Certification.outcome_labels.absent": ("Absence", ""),
    "Certification.outcome_labels.excuse": ("Absence excusée", ""),
    "Certification.blocs_separately": ("Blocs délivrés séparément", ""),
    "Certification.components_valid_months": (
        "Validité d’un bloc acquis, en mois",
        "Vide : sans limite.",
    ),
    "Certification.unit": ("Ce qu’une grille évalue", ""),
    "Certification.part": ("Ce que la certification réunit", ""),
    "Origin.document": ("Document", ""),
    "Origin.sha256": ("Empreinte SHA-256 du document", "64 signes, ou rien."),
    "Origin.note": ("Remarque", ""),
    "Certifier.name": ("Nom", ""),
    "Certifier.signatory_quality": ("Qualité du signataire", ""),
    "Certifier.place": ("Lieu de délivrance", ""),
    "Certifier.address": ("Adresse", ""),
    "Certifier.branch": ("Branche", ""),
    "Certifier.other_branches": ("Autres branches", f"Pour un CQPI. {_ONE_PER_LINE}"),
    "Certifier.control": ("Contrôle", ""),
    "Certifier.source": _SOURCE,
    "Registration.directory": ("Répertoire", "Laisser toute la rubrique vide sans enregistrement."),
    "Registration.code": ("Numéro de fiche", ""),
    "Registration.decision": ("Décision d’enregistrement", "Ses mots, que le parchemin reprend."),
    "Registration.decided_on": ("Décidé le", ""),
    "Registration.published_on": ("Publié le", ""),
    "Registration.effective_from": ("En vigueur du", "Jour compris."),
    "Registration.expires_on": ("En vigueur jusqu’au", "Jour compris."),
    "Registration.deliver_until": (
        "Délivrance possible jusqu’au",
        "Pour qui est entré à temps. Vide : le certificateur est interrogé.",
    ),
    "Registration.nsf": ("Codes NSF", _ONE_PER_LINE),
    "Registration.rome": ("Codes ROME", _ONE_PER_LINE),
    "Registration.conventions": ("Conventions collectives", _ONE_PER_LINE),
    "Registration.created_on": ("Créée le", ""),
    "Registration.delivered_per_year": ("Délivrances par an", ""),
    "Registration.new_caledonia": ("Accessible en Nouvelle-Calédonie", ""),
    "Registration.french_polynesia": ("Accessible en Polynésie française", ""),
    "Registration.source": _SOURCE,
    "Waiver.form": ("Pièce", ""),
    "Waiver.when": ("Pour qui", "Tous, ou les seuls candidats sans entreprise."),
    "Waiver.rule": ("Règle", "Son numéro, s’il y en a un."),
    "Waiver.source": _SOURCE,
    "AvisNotGiven.contacts": ("Relances à noter", "Avant de constater l’avis non rendu."),
    "AvisNotGiven.obtention": (
        "Certification entière possible sans avis",
        "Non : le jury ajourne ou accorde des blocs.",
    ),
    "AvisNotGiven.source": _SOURCE,
    "Vae.minimum_months": ("Expérience demandée, en mois", ""),
    "Vae.course_months": ("Durée du parcours, en mois", "La plus courte, puis la plus longue."),
    "Vae.source": _SOURCE,
    "Ratio.kind": (
        "Comment",
        "Le jugement des évaluateurs, ou une part des critères définis.",
    ),
    "Ratio.numerator": ("Part : numérateur", "4 pour « 4 critères sur 5 »."),
    "Ratio.denominator": ("Part : dénominateur", "5 pour « 4 critères sur 5 »."),
    "Ratio.source": _SOURCE,
    "Evaluators.name": ("Nom", ""),
    "Evaluators.minimum": ("Nombre, au moins", ""),
    "Evaluators.maximum": ("Nombre, au plus", "Vide : sans limite."),
    "Evaluators.years_of_experience": ("Années d’expérience, au moins", ""),
    "Evaluators.retired_less_than_years": ("Retraité depuis moins de (ans)", ""),
    "Evaluators.external_trainer": ("Un formateur externe est admis", ""),
    "Evaluators.independent": ("Sans lien avec les candidats", ""),
    "Evaluators.source": _SOURCE,
    "Plenary.name": ("Nom", "Laisser toute la rubrique vide s’il n’y en a pas."),
    "Plenary.source": _SOURCE,
    "PlenarySeat.label": ("Siège", ""),
    "PlenarySeat.evaluator": ("A évalué dans la session", ""),
    "PlenarySeat.president": ("Préside", ""),
    "Deliberation.name": ("Nom", ""),
    "Deliberation.designated_by": ("Désigné par", ""),
    "Deliberation.duties": ("Missions", _ONE_PER_LINE),
    "Deliberation.parity": ("Paritaire", ""),
    "Deliberation.casting_vote": ("Voix prépondérante du président", ""),
    "Deliberation.source": _SOURCE,
    "College.id": ("Collège", ""),
    "College.label": ("Nom du collège", ""),
    "College.minimum": ("Membres, au moins", ""),
    "College.maximum": ("Membres, au plus", "Vide : sans limite."),
    "College.temporary_work_seat": ("Siège du travail temporaire en plus", ""),
    "College.one_vote_per_organisation": ("Une voix par organisation", ""),
    "Prerequisite.id": _ID,
    "Prerequisite.text": ("Prérequis", ""),
    "Prerequisite.minimum": ("Nombre demandé", "5 pour « au moins 5 ans »."),
    "Prerequisite.unit": ("Unité", ""),
    "Prerequisite.parts": ("Cases à cocher à part", _ONE_PER_LINE),
    "Prerequisite.evidence": ("Pièce qui le prouve", ""),
    "Prerequisite.source": _SOURCE,
    "Step.id": _ID,
    "Step.title": ("Étape", ""),
    "Step.minutes": ("Durée, en minutes", "En tout : 3 h font 180."),
    "Step.days": ("Jours", ""),
    "Step.place": ("Lieu", ""),
    "Step.text": ("Description", ""),
    "Step.source": _SOURCE,
    "Financing.payer": ("Payeur", ""),
    "Financing.percent": ("Part, en %", ""),
    "Financing.condition": ("Condition", ""),
    "Financing.until": ("Jusqu’au", ""),
    "Financing.source": _SOURCE,
    "Certification.routes.key": ("Voie", ""),
    "Route.open": ("Ouverte", ""),
    "Route.forms": ("Pièces demandées", _ONE_PER_LINE),
    "Route.alongside": ("Pièces proposées", f"Rien ne les attend. {_ONE_PER_LINE}"),
    "Route.company": ("Entreprise", "Son avis est-il demandé ?"),
    "Route.source": _SOURCE,
    "Bloc.id": _ID,
    "Bloc.title": ("Intitulé du bloc", "À la lettre."),
    "Bloc.knowledge": ("Connaissance", ""),
    "Bloc.shared_as": ("Bloc commun avec", "« code/BDC1 », celui d’une autre certification."),
    "Bloc.modalities": ("Modalités admises", f"Vide : toutes. {_ONE_PER_LINE}"),
    "Competence.id": _ID,
    "Competence.number": ("Numéro", "1, 2, 3… à travers tous les blocs."),
    "Competence.title": ("Intitulé de la compétence", "À la lettre."),
    "Competence.conditions": ("Condition de réalisation", ""),
    "Competence.domains": ("Domaines", f"L’évaluation porte sur l’un d’eux. {_ONE_PER_LINE}"),
    "Minimum.count": ("Minimum : nombre", "« 2 » pour au moins deux équipements."),
    "Minimum.of": ("Minimum : de quoi", ""),
    "Minimum.source": ("Minimum : source", ""),
    "Criterion.id": _ID,
    "Criterion.heading": ("Rubrique", ""),
    "Criterion.text": ("Critère", "À la lettre."),
    "Criterion.items": ("Tirets", _ONE_PER_LINE),
    "ExpectedResult.id": _ID,
    "ExpectedResult.text": ("Résultat attendu", "À la lettre."),
    "ExpectedResult.items": ("Tirets", _ONE_PER_LINE),
    "Modality.id": ("Lettre", "a, b, c ou d."),
    "Modality.title": ("Modalité", ""),
    "Modality.text": ("Description", ""),
    "Modality.items": ("Tirets", _ONE_PER_LINE),
    "Modality.exceptional": ("Exceptionnelle", "Oui : une justification est demandée."),
    "Modality.except_routes": ("Jamais pour ces voies", _ONE_PER_LINE),
}

YES, NO = "oui", "non"

# Les valeurs du fichier et les mots qu’on lit ; ce qui n’y figure pas se lit tel quel.
CHOICES: dict[str, str] = {
    **{heading.value: heading.label for heading in Heading},
    **{route.value: route.label for route in RouteName},
    "required": "attendue",
    "employed": "attendue de qui a un emploi",
    "optional": "possible",
    "always": "tous",
    "no_company": "sans entreprise",
    "none": "aucune",
    "judgment": "jugement des évaluateurs",
    "ratio": "part des critères",
    "prerequis": "prérequis",
    "positionnement": "positionnement",
    "preparation": "préparation",
    "modalites": "modalités",
    "recevabilite": "recevabilité",
    "entretien": "entretien",
    "plenier": "plénier",
    "recapitulatif": "récapitulatif",
    "partiel": "obtention partielle",
    "ajourne": "ajournement",
    "absent": "absence",
    "excuse": "absence excusée",
    "employeurs": "employeurs",
    "salaries": "salariés",
}

# Les mots du fichier YAML, tels qu’on les retrouve dans le classeur.
FILE_WORDS: dict[str, str] = {
    "criteria_missing": "« Pourquoi des critères manquent » (feuille Certification)",
    "kind: judgment": "« jugement des évaluateurs » (feuille Certification)",
    "open: false": "« non » sous « Ouverte »",
    "registration": "l’enregistrement (feuille Certification)",
    "other_branches": "« Autres branches »",
    "modalities": "la feuille Modalités",
    "criteria": "feuille Critères",
    "threshold": "feuille Certification",
    "du fichier": "de la feuille",
    "dans le fichier": "dans le classeur",
    "le fichier": "le classeur",
}


def sheet(path: Path) -> str:
    """The title of the sheet of that list."""
    return SHEETS.get(path, path[-1])


def label(place: Place) -> str:
    """The head of its column, or the name of its line."""
    return LABELS.get(place.known_as, (place.path[-1] if place.path else place.known_as, ""))[0]


def help_of(place: Place) -> str:
    """One sentence on what to write there, or ""."""
    said = LABELS.get(place.known_as, ("", ""))[1]
    if said:
        return said
    if place.kind is Kind.DATE:
        return "Une date : 07/03/2026."
    return _ONE_PER_LINE if place.kind is Kind.LIST else ""


def parent_label(path: Path) -> str:
    """The head of the column that names what a row belongs to."""
    return PARENTS.get(path, sheet(path))


def width(place: Place) -> int:
    """A readable width for its column, in characters."""
    if place.path[-1:] == ("id",) or place.kind in (Kind.WHOLE, Kind.DATE, Kind.YES_NO):
        return 14
    if place.path[-1:] in (("text",), ("title",)) or not place.path:
        return 70
    return 44 if place.path[-1:] in (("items",), ("forms",), ("source",)) else 30


def said(value: str) -> str:
    """The word a person reads for a value of the file."""
    return CHOICES.get(value, value)


def in_the_workbook(sentence: str) -> str:
    """A remedy written for the YAML file, in the words of the workbook."""
    for word, meaning in FILE_WORDS.items():
        sentence = sentence.replace(word, meaning)
    return sentence
