"""What a rule says: one finding, with its id, its source and what a person should know of it."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "missing", "alert", "office", "refused"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One rule applied once.

    status: « ok »; « missing », somebody owes a document; « alert », shown to the jury; « office »,
    the office settles it; « refused », it cannot stand. `who` and `form` name who owes what.
    """

    rule: str
    status: Status
    message: str
    source: str
    who: str = ""
    form: str = ""
    part: str = ""


TMP = "Référentiel du CQPM Technicien(ne) de maintenance productive"
FICHE = "Fiche RNCP 28245"
FAQ = "Foire aux questions CQP TMROA"
FICHE_CQP = "Certificat de qualification professionnelle (CQP), présentation générale"
STEPS = "« En 4 étapes », présentation des CQP"
HOUSE = "Décision de Parchemin, modifiable par le certificateur"

ATTESTED = f"{FICHE_CQP} : « attestation pour certains blocs de compétences »"

SOURCES: dict[str, str] = {
    "COMMUNE": "Appariement des titulaires par la Caisse des dépôts",
    "NIR": "Décret n° 2019-341, usages du numéro de sécurité sociale",
    "R5": f"{STEPS} : « seuls les CQP ayant fait l’objet d’un enregistrement au RNCP ou au "
    "Répertoire spécifique (RS) sont éligibles au CPF »",
    "R11": f"{FICHE_CQP} : « en alternance avec l’accompagnement d’un tuteur »",
    "R12": f"{FICHE}, conditions d’inscription",
    "R13": f"{FICHE_CQP} : « si le CQP est enregistré au RNCP »",
    "R17": f"{TMP}, § 3.2.1 : « L’accès au CQPM ou blocs de compétences implique une inscription "
    f"préalable » ; {FICHE} : « En amont, une phase d’inscription préalable »",
    "R42": f"{TMP}, § 3.2.1 : « dans un dossier qui sera transmis à l’UIMM centre de ressources »",
    "R46": f"{FICHE_CQP} : « vous délivre formellement le CQP »",
    "R49": f"{TMP}, § 3.2.1 : « définissent dans un dossier […] les modalités d’évaluation »",
    "R50": f"{TMP}, § 3.2.1 : « Dans les cas exceptionnels où il est impossible »",
    "R55": f"{FICHE}, modalités d’évaluation : « Ou […] Ou […] Et Avis de l’entreprise »",
    "R56": f"{TMP}, § 3.2.2 A : « complétée par l’avis de l’entreprise (hors dispositif VAE) »",
    "R54": f"{TMP}, § 3.2.2 B d",
    "R43": f"{TMP}, § 3.2.2 A : « assurée par la commission d’évaluation »",
    "R60": f"{FICHE} : « l’ensemble des blocs de compétences doit être acquis »",
    "R61": f"{TMP}, § 4 : « dès lors que toutes les compétences professionnelles ont été "
    "acquises »",
    "R62": f"{TMP}, § 4 : « ou les blocs de compétences pour les CQPM inscrits au RNCP »",
    "R66": f"{TMP}, § 3.1, conditions de réalisation",
    "R68": f"{FAQ} : « entre 80 % et 100 % des critères définis »",
    "R71": f"{FAQ} : « au jury de délibération finale, qui statue définitivement »",
    "R75": f"{STEPS} : « même si l’évaluation est positive, le candidat n’a pas encore obtenu son "
    "CQP »",
    "R76": f"{FAQ} : « d’un à deux membres », « au moins 10 ans d’expérience »",
    "R77": f"{FAQ} : « Aucun membre ne doit avoir de lien personnel ou professionnel avec les "
    "candidats »",
    "R80": f"{FICHE}, composition des jurys",
    "R81": f"{FICHE}, délégation patronale",
    "R82": f"{FICHE}, délégation syndicale",
    "R83": f"{FICHE} : « celle du président du jury est prépondérante »",
    "R84": f"{FICHE}, jury paritaire de délibération",
    "R87": ATTESTED,
    "R88": f"{FICHE} et {STEPS}",
    "R93": f"{FICHE}, base légale",
    "R14": f"{STEPS} : « au moins 1 an d’expérience professionnelle ou extra-professionnelle »",
    "R26": f"{FAQ} : « analysés, vérifiés et validés par l’organisme de formation »",
    "R27": f"{FAQ}, étape 1 : « 3h00 en visioconférence »",
    "R29": f"{FAQ}, étape 2 : « 14h00 sur 2 jours »",
    "R52": f"{TMP}, § 3.2.2 B b : « dans les délais et conditions préalablement fixés »",
    "R64": f"{FICHE}, validation des acquis de l’expérience",
    "R72": f"{FICHE_CQP} : « Une évaluation préalable »",
    "R78": f"{FAQ} : « un jury plénier est convoqué pour stabiliser les résultats proposés »",
    "R7": f"{FICHE_CQP} : « D’acquérir seulement les blocs de compétences manquants »",
    "R35": f"{FAQ} : « rétroactivement le parchemin officiel »",
    "R58": f"{FICHE} : « Chaque bloc est certifié, il donne lieu à une évaluation et une "
    f"validation » ; {TMP}, § 4 : « les blocs de compétences pour les CQPM inscrits au RNCP » ; "
    f"{ATTESTED}",
    "R63": f"{FICHE}, validité des composantes acquises",
    "R89": f"{STEPS} : « repasser plus tard seulement les blocs manquants »",
    "R44": f"{TMP}, § 4 : « validées par le jury paritaire de délibération »",
}


def source(rule: str) -> str:
    """Where a rule comes from, in words a person can follow."""
    return SOURCES.get(rule, HOUSE)
