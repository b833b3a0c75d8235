"""The words a check answers with, the same on the command line and in the page; plain data.

Braces name what the answer fills in: {organisation}, and the days {until}, {on}, {at}, in words.
"""

from datetime import date

KEYS_FILE_NAME = "Clés publiques des parchemins.json"
AUTHENTIC = "Authentique à l’émission"
TITLES = {
    "authentic": AUTHENTIC,
    "code_only": (
        "Seul le code a été lu : la signature électronique de ce PDF n’a pas été vérifiée."
    ),
    "specimen": "Spécimen sans valeur",
    "withdrawn": f"{AUTHENTIC}, retiré depuis",
    "forged": "Faux",
    "unknown": "Non vérifiable",
}
SENTENCES = {
    "authentic": (
        "Ces mentions sont celles que « {organisation} » a signées : comparez-les, lettre à "
        "lettre, avec celles du parchemin."
    ),
    "shortened": "Une mention trop longue pour le code y est abrégée (« … »).",
    "forged": (
        "La signature du code est fausse : ces mentions n’ont pas été délivrées, ou ont été "
        "modifiées depuis."
    ),
    "unknown_key": (
        "La clé de ce code n’est pas parmi celles de « {organisation} » : le parchemin vient d’un "
        "autre organisme, ou les clés connues ici ne sont plus à jour."
    ),
    "no_keys": (
        "Sans les clés publiques de l’organisme, la signature de ce code ne peut pas être "
        "vérifiée : donnez le fichier qu’il publie."
    ),
    "too_late": (
        "La clé de ce code ne sert plus depuis le {until}, et le parchemin se dit délivré après : "
        "il ne l’a pas été par « {organisation} »."
    ),
    "withdrawn": (
        "Retiré le {on}, selon la liste des retraits arrêtée au {at} : ce parchemin ne vaut plus."
    ),
    "not_listed": "Il ne figure pas dans la liste des retraits arrêtée au {at}.",
    "not_checked": "Retrait non vérifié : aucune liste des retraits n’a été consultée.",
    "code_only": (
        "Seul le code a été lu : la signature électronique de ce PDF n’a pas été vérifiée."
    ),
    "specimen": (
        "Spécimen sans valeur : le référentiel de cette certification est provisoire, ou les clés "
        "sont d’essai."
    ),
    "list_foreign": "La liste des retraits n’est pas signée par « {organisation} ».",
    "list_damaged": "La liste des retraits est abîmée, ou n’en est pas une.",
    "not_ours": (
        "Ce code n’est pas celui d’un parchemin. Présentez le code imprimé au bas du parchemin, "
        "entier et net."
    ),
    "newer": (
        "Ce code est d’une version que ce vérificateur ne connaît pas. Demandez à l’organisme son "
        "vérificateur à jour."
    ),
    "damaged": (
        "Ce code est abîmé ou incomplet. Reprenez la photo, bien à plat et de plus près, ou "
        "recopiez le code en entier."
    ),
}
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def day(when: date) -> str:
    """« 1er juin 2026 »."""
    number = "1er" if when.day == 1 else str(when.day)
    return f"{number} {MONTHS[when.month - 1]} {when.year}"


def sentence(name: str, **filled: str | date) -> str:
    """The sentence of that name, filled in."""
    told = {key: day(value) if isinstance(value, date) else value for key, value in filled.items()}
    return SENTENCES[name].format(**told)
