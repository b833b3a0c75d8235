"""What people head their columns with, and how they write names, dates and numbers.

Words and their readings only; which line becomes what is for `roster`. Pure.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

Cell = str | int | float | bool | date | None

_EPOCH = date(1899, 12, 30)
_MONTHS = {
    **{"janvier": 1, "janv": 1, "jan": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "mar": 3},
    **{"avril": 4, "avr": 4, "mai": 5, "juin": 6, "juillet": 7, "juil": 7, "aout": 8},
    **{"septembre": 9, "sept": 9, "sep": 9, "octobre": 10, "oct": 10, "novembre": 11, "nov": 11},
    **{"decembre": 12, "dec": 12},
}

# Les parties d’une réponse, réunies après lecture de la ligne.
STREET, MORE, POSTCODE, TOWN = "adresse/voie", "adresse/suite", "adresse/code", "adresse/ville"
WHOLE_NAME, BLOCS, CERTIFICATION = "nom/entier", "blocs", "certification"
# Ce qui date d’avant l’installation : une reprise.
ENTERED, ACQUIRED = "reprise/inscription", "reprise/blocs"
ACQUIRED_ON, ACQUIRED_AT, PROOF = "reprise/date", "reprise/session", "reprise/preuve"
REPRISE = (ENTERED, ACQUIRED, ACQUIRED_ON, ACQUIRED_AT, PROOF)
NOTHING = "rien"
PRIVATE = "interdit"

HEADINGS: dict[str, tuple[str, ...]] = {
    "candidate/civility": ("civilité", "civ", "titre", "sexe", "genre", "m mme", "mme m"),
    "candidate/birth_name": (
        *("nom de naissance", "nom naissance", "nom patronymique", "nom de famille"),
        *("nom de jeune fille", "nom du candidat", "nom candidat", "nom", "noms"),
    ),
    "candidate/usage_name": (
        *("nom d usage", "nom usage", "nom marital", "nom d epouse", "nom usuel"),
        "nom d usage s il differe",
    ),
    "candidate/first_name": (
        *("prenom", "prenoms", "1er prenom", "premier prenom", "prenom 1"),
        *("prenom du candidat", "prenom candidat", "prenom s", "prenom usuel"),
    ),
    "candidate/other_names": (
        "autres prenoms",
        "prenom 2",
        "deuxieme prenom",
        "autres prenoms de l etat civil",
    ),
    "candidate/birth_date": (
        *("date de naissance", "date naissance", "ne le", "nee le", "ne e le", "naissance", "ddn"),
        *("date de naiss", "date naiss"),
    ),
    "candidate/birth_place": (
        *("lieu de naissance", "commune de naissance", "ville de naissance", "ne a", "ne e a"),
        *("lieu naissance", "commune naissance"),
    ),
    "candidate/birth_postcode": (
        *("code postal de naissance", "cp de naissance", "cp naissance", "code postal ou insee"),
        *("code insee", "insee", "code insee de naissance", "code commune de naissance"),
    ),
    "candidate/birth_country": ("pays de naissance", "pays naissance"),
    "candidate/nationality": ("nationalite",),
    "candidate/email": (
        *("courriel", "email", "e mail", "mail", "adresse mail", "adresse email"),
        *("adresse electronique", "adresse e mail", "courriel du candidat", "mail du candidat"),
    ),
    "candidate/phone": (
        *("telephone", "tel", "portable", "mobile", "tel portable", "telephone portable", "gsm"),
        *("numero de telephone", "n de telephone", "telephone mobile", "n tel"),
    ),
    "candidate/status": ("situation", "statut", "situation professionnelle", "public"),
    "wish/route": (
        *("voie", "voie d acces", "modalite d acces", "type de parcours", "parcours"),
        *("type de contrat", "dispositif", "voie d acces a la certification"),
    ),
    "company/name": (
        *("entreprise", "raison sociale", "employeur", "societe", "nom de l entreprise"),
        *("entreprise d accueil", "etablissement"),
    ),
    "company/siret": (
        *("siret", "n siret", "numero siret", "siret de l entreprise", "siret 14 chiffres"),
    ),
    "company/contact": (
        *("contact entreprise", "contact", "responsable", "interlocuteur", "signataire"),
        *("personne qui donnera l avis", "responsable entreprise", "nom du responsable"),
        "personne qui donnera l avis de l entreprise",
    ),
    "company/email": (
        *("courriel entreprise", "email entreprise", "mail entreprise", "e mail entreprise"),
        *("courriel de l entreprise", "courriel du contact", "mail du contact"),
        *("email du contact", "courriel du responsable", "mail responsable", "email responsable"),
        "son courriel",
    ),
    "company/agreement": ("convention collective", "idcc", "convention collective idcc"),
    "company/tutor": (
        *("tuteur", "maitre d apprentissage", "nom du tuteur", "tuteur entreprise"),
        "tuteur s il y en a un",
    ),
    "training/organisation": ("organisme de formation", "organisme", "of", "centre de formation"),
    "training/declaration": ("n de declaration d activite", "declaration d activite", "nda"),
    "training/centre": ("centre d examen", "centre examen"),
    "training/financing": ("financement", "financeur", "opco"),
    "training/arrangement": (
        *("amenagement", "amenagements", "amenagement demande"),
        "amenagement demande pour les epreuves",
    ),
    STREET: ("adresse", "adresse postale", "rue", "adresse 1", "n et rue", "adresse du candidat"),
    MORE: ("complement", "complement d adresse", "adresse 2", "complement adresse"),
    POSTCODE: ("code postal", "cp", "code postal du candidat"),
    TOWN: ("ville", "commune", "localite"),
    WHOLE_NAME: ("nom et prenom", "nom prenom", "nom prenoms", "candidat", "stagiaire", "apprenti"),
    BLOCS: ("blocs", "bloc", "blocs demandes", "blocs vises", "candidature pour"),
    CERTIFICATION: (
        *("certification", "cqp", "cqpm", "cqpi", "code certification", "diplome", "titre vise"),
        *("certification visee", "qualification", "rncp", "code rncp", "n rncp"),
    ),
    ENTERED: (
        *("inscrit le", "inscrite le", "inscrit e le", "date d inscription", "date inscription"),
        *("date d entree", "entre le", "entree le", "inscription le"),
    ),
    ACQUIRED: (
        *("blocs acquis", "bloc acquis", "blocs deja acquis", "blocs obtenus", "acquis"),
        "blocs valides",
    ),
    ACQUIRED_ON: (
        *("acquis le", "date d acquisition", "date acquisition", "obtenus le", "obtenu le"),
        *("blocs acquis le", "valides le"),
    ),
    ACQUIRED_AT: ("session", "session du jury", "jury", "session d acquisition", "acquis a"),
    PROOF: (
        *("preuve", "fichier de preuve", "justificatif", "piece justificative", "preuve fichier"),
        *("reference de la preuve", "nom de la preuve"),
    ),
    NOTHING: ("n", "no", "numero", "rang", "ligne", "id", "remarque", "remarques", "observations"),
    PRIVATE: (
        *("nir", "n securite sociale", "numero de securite sociale", "securite sociale", "n ss"),
        *("n de securite sociale", "numero securite sociale", "num secu", "n insee", "n secu"),
        *("rqth", "handicap", "motif de l amenagement", "raison de l amenagement"),
    ),
}

_CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "candidate/civility": {
        "madame": ("madame", "mme", "mlle", "mademoiselle", "f", "femme", "feminin"),
        "monsieur": ("monsieur", "m", "mr", "h", "homme", "masculin"),
    },
    "candidate/status": {
        "salarie": ("salarie", "salariee", "salarie e", "cdi", "cdd", "en poste"),
        "interimaire": ("interimaire", "interim", "travail temporaire"),
        "jeune": (
            *("jeune", "jeune en formation", "apprenti", "apprentie", "alternant", "alternante"),
            *("etudiant", "etudiante", "eleve"),
        ),
        "demandeur_emploi": (
            *("demandeur d emploi", "demandeuse d emploi", "demandeur emploi", "sans emploi"),
            *("de", "chomage", "chomeur", "france travail"),
        ),
    },
    "wish/route": {
        "formation_continue": ("formation continue", "fc", "formation", "stage", "poei", "poec"),
        "contrat_professionnalisation": (
            *("contrat de professionnalisation", "contrat pro", "cp", "professionnalisation"),
            "contrat professionnalisation",
        ),
        "apprentissage": ("apprentissage", "contrat d apprentissage", "apprenti", "apprentie"),
        "eleve_etudiant": ("eleve", "etudiant", "eleve etudiant", "scolaire", "statut scolaire"),
        "candidature_individuelle": (
            *("candidature individuelle", "candidat libre", "candidat individuel", "individuel"),
            "individuelle",
        ),
        "vae": ("vae", "validation des acquis", "validation des acquis de l experience"),
    },
}


def plain(text: str) -> str:
    """Words without accents, case, signs or digits’ marks: « Né(e) le : » is « ne e le »."""
    joined = text.casefold().replace("œ", "oe").replace("æ", "ae").replace("°", " ")
    apart = unicodedata.normalize("NFKD", joined)
    kept = "".join(c if c.isalnum() else " " for c in apart if not unicodedata.combining(c))
    return " ".join(kept.split())


def clean(cell: Cell) -> str:
    """The cell as text, on one line: no odd spaces, no « .0 » a spreadsheet added."""
    if isinstance(cell, bool) or cell is None:
        return "oui" if cell else ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    text = unicodedata.normalize("NFC", str(cell))
    text = "".join(" " if unicodedata.category(c) in ("Zs", "Cc", "Zl", "Zp") else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(text.split())


def typed(cell: Cell) -> Cell:
    """What was typed: « ="007" » is how a CSV keeps a spreadsheet from eating zeros.

    ValueError, in French, for a formula or a spreadsheet’s error.
    """
    if not isinstance(cell, str):
        return cell
    if kept := re.fullmatch(r'\s*="(.*)"\s*', cell, re.DOTALL):
        return kept[1]
    if re.match(r"\s*=\s*[\w(+\-'\"\[{#@$]", cell):
        raise ValueError("une formule se trouve ici ; remplacez-la par sa valeur.")
    if re.fullmatch(
        r"\s*#(REF!|N/A|NAME\?|NOM\?|VALUE!|VALEUR!|DIV/0!|NULL!|NUL!|NUM!|NOMBRE!)", cell
    ):
        raise ValueError(f"« {cell.strip()} » est une erreur du tableur ; écrivez la valeur.")
    return cell


def choice(name: str, text: str) -> str:
    """The form’s value for those words; what no word names stays as it is."""
    told = plain(text)
    for value, known in _CHOICES.get(name, {}).items():
        if told in known or told == plain(value):
            return value
    return text


def day(cell: Cell, today: date) -> str:
    """« 07/03/1990 » from a date, a spreadsheet’s serial number or French words.

    Two figures of a year are the latest century that is not in the future. ValueError in French.
    """
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    text = clean(cell)
    if re.fullmatch(r"\d{4,5}([.,]\d+)?", text) and 1 < int(text[:5].split(".")[0]) < 80_000:
        serial = int(float(text.replace(",", ".")))
        if serial > 2200:  # en dessous, c’est une année seule
            return f"{_EPOCH + timedelta(days=serial):%d/%m/%Y}"
        raise ValueError(f"« {text} » est une année ; il manque le jour et le mois.")
    text = re.sub(r"[ T]\d{1,2}[:h]\d{2}(:\d{2})?(\.\d+)?$", "", text)
    if iso := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text):
        return f"{iso[3]}/{iso[2]}/{iso[1]}"
    words = re.fullmatch(r"(?:le )?(\d{1,2})(?:er)? ([^\d ]+?)\.? (\d{2,4})", text)
    if words and (month := _MONTHS.get(plain(words[2]))):
        return f"{int(words[1]):02}/{month:02}/{_year(words[3], today)}"
    figures = re.fullmatch(r"(\d{1,2}) ?[/.\- ] ?(\d{1,2}) ?[/.\- ] ?(\d{4}|\d{2})", text)
    if figures:
        return f"{int(figures[1]):02}/{int(figures[2]):02}/{_year(figures[3], today)}"
    return text


def _year(figures: str, today: date) -> int:
    if len(figures) != 2:
        return int(figures)
    year = today.year - today.year % 100 + int(figures)
    return year if year <= today.year else year - 100


def phone(cell: Cell, today: date) -> str:
    """« 06 12 34 56 78 », with the zero a spreadsheet took away."""
    text = clean(cell)
    figures = re.sub(r"[ .\-/()]", "", text)
    if re.fullmatch(r"[1-9]\d{8}", figures):
        figures = f"0{figures}"
    if re.fullmatch(r"0\d{9}", figures):
        return " ".join(figures[n : n + 2] for n in range(0, 10, 2))
    return text


def postcode(cell: Cell, today: date) -> str:
    """« 01000 », with the zero a spreadsheet took away."""
    text = clean(cell)
    return f"0{text}" if re.fullmatch(r"\d{4}", text) else text


def long_number(cell: Cell, today: date) -> str:
    """The figures of a SIRET; ValueError where a spreadsheet rounded them."""
    text = clean(cell)
    if re.fullmatch(r"\d[.,]\d+[eE]\+?\d+", text):
        raise ValueError(
            f"le tableur a arrondi ce numéro (« {text} ») ; mettez la colonne au format Texte et "
            "retapez-le."
        )
    return re.sub(r"[ .\-]", "", text) if re.fullmatch(r"[\d .\-]+", text) else text


READINGS: Mapping[str, Callable[[Cell, date], str]] = {
    "candidate/birth_date": day,
    "candidate/phone": phone,
    "candidate/birth_postcode": postcode,
    POSTCODE: postcode,
    "company/siret": long_number,
    ENTERED: day,
    ACQUIRED_ON: day,
}


def parted_name(text: str) -> tuple[str, str] | None:
    """« GONÇALVES DUPONT Zoé » as name and first name, by its capitals; None when they do not say.

    The name is what is written in capitals only, before or after the first name.
    """
    parts = text.replace(",", " ").split()
    capitals = [one for one in parts if one.isupper() and len(one.strip("’'.-")) > 1]
    others = [one for one in parts if one not in capitals]
    if not capitals or not others:
        return None
    if parts != [*capitals, *others] and parts != [*others, *capitals]:
        return None
    return " ".join(capitals), " ".join(others)
