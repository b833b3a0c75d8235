"""The words our pages share: dates, decisions, results, proofs, people. It draws nothing."""

from collections.abc import Sequence
from datetime import date

from casefiles.answers import FORMS
from casefiles.certification import Certification, Outcome
from casefiles.documents import Document
from casefiles.events import Decided, Juror, Person, Proof
from casefiles.rules.finding import Finding
from forms.typography import NO_BREAK

DASH = "—"
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
KINDS = {
    "CQP": "Certificat de qualification professionnelle",
    "CQPM": "Certificat de qualification paritaire de la métallurgie",
    "CQPI": "Certificat de qualification professionnelle interbranches",
}
_OUTCOMES = {
    Outcome.OBTENTION: "Obtention",
    Outcome.PARTIEL: "Obtention de blocs",
    Outcome.REFUS: "Refus",
    Outcome.AJOURNE: "Ajourné",
    Outcome.ABSENT: "Absent",
    Outcome.EXCUSE: "Excusé",
}
RESULTS = {
    "acquise": "acquise",
    "non_acquise": "non acquise",
    "divergence": "divergence",
    "non_evaluee": "non évaluée",
}
OPINIONS = {
    "favorable": "favorable",
    "defavorable": "défavorable",
    "non_observe": "non observé",
    "": DASH,
}
SEATS = {"president": "Président", "titulaire": "Titulaire", "suppleant": "Suppléant"}
_INDICATIONS = {
    "TOTAL-PASSED": "vérifiée",
    "INDETERMINATE": "à confirmer",
    "TOTAL-FAILED": "non valable",
}
_ORDER = ("refused", "office", "missing", "alert", "ok")


def in_words(day: date) -> str:
    """« 1ᵉʳ juin 2026 », the ordinal raised as one prints it."""
    number = "1ᵉʳ" if day.day == 1 else str(day.day)
    return f"{number}{NO_BREAK}{_MONTHS[day.month - 1]}{NO_BREAK}{day.year}"


def short(day: date) -> str:
    """« 01/06/2026 »."""
    return f"{day:%d/%m/%Y}"


def plural(count: int, one: str, many: str = "") -> str:
    """« 1 point », « 3 points »; zero is singular in French."""
    return f"{count}{NO_BREAK}{one if count < 2 else many or one + 's'}"


def outcome_words(outcome: str, certification: Certification) -> str:
    """A decision in the certification’s own words where it has some."""
    decided = Outcome(outcome)
    return certification.outcome_labels.get(decided, _OUTCOMES[decided])


def decision_words(decided: Decided, certification: Certification) -> str:
    """The same, with the blocs a partial decision grants."""
    words = outcome_words(decided.outcome, certification)
    if Outcome(decided.outcome) is Outcome.PARTIEL and decided.blocs:
        return f"{words} : {', '.join(decided.blocs)}"
    return words


def votes(decided: Decided) -> str:
    """« 3 voix pour, 1 contre, aucune abstention », or "" when nobody counted."""
    counts = (decided.votes_for, decided.votes_against, decided.abstentions)
    if all(c is None for c in counts):
        return ""
    for_, against, abstained = (c or 0 for c in counts)
    words = f"{plural(for_, 'voix', 'voix') if for_ else 'aucune voix'} pour, "
    words += f"{against or 'aucune'} contre, "
    words += plural(abstained, "abstention") if abstained else "aucune abstention"
    return words + (" ; voix prépondérante du président" if decided.casting_vote else "")


def proof_words(proof: Proof) -> str:
    """What stands behind a document, as a member of a jury would say it."""
    if proof.kind == "none":
        return "Sans signature"
    if proof.kind == "paper":
        return "Signature manuscrite, sur papier"
    kind = "Signature électronique" if proof.kind == "signature" else "Cachet électronique"
    words = f"{kind} de {proof.signer}" if proof.signer else kind
    found = _INDICATIONS.get(proof.indication, "")
    if found and proof.kind == "seal":
        found = found.replace("vérifiée", "vérifié")
    level = f"niveau {proof.level}" if proof.level else ""
    alone = "identité établie par le seul nom" if proof.by_name else ""
    detail = ", ".join(part for part in (found, level, alone) if part)
    return f"{words}, {detail}" if detail else words


def document_words(document: Document, certification: Certification) -> str:
    """« Grille d’évaluation, compétence 3 »."""
    title = FORMS[document.form].TITLE
    known = {c.id: c.number for c in certification.competences}
    if document.part in known:
        return f"{title}, {certification.unit} {known[document.part]}"
    return title


def documents_words(held: Sequence[Document], certification: Certification) -> str:
    """The same for all that one file holds: « Grille d’évaluation, compétences 1, 2, 3 »."""
    known = {c.id: str(c.number) for c in certification.competences}
    numbers = [known[one.part] for one in held if one.part in known]
    if len(numbers) < 2:
        return document_words(held[0], certification)
    return f"{FORMS[held[0].form].TITLE}, {certification.unit}s {', '.join(numbers)}"


def standing_words(document: Document) -> str:
    """Why a document does not count, or ""."""
    return {
        "to_confirm": "à confirmer par le bureau",
        "to_replace": "en attente d’une décision du bureau",
        "replaced": "remplacé",
        "set_aside": "écarté par le bureau",
        "overtaken": "dépassé : ce dont il était tiré a changé",
    }.get(document.standing, "")


def seat_words(member: Juror, certification: Certification) -> str:
    """« Titulaire, représentants des salariés »."""
    return f"{seat_name(member)}, {college_words(member, certification).lower()}"


def seat_name(member: Juror) -> str:
    """« Titulaire », « Titulaire (travail temporaire) »."""
    extra = " (travail temporaire)" if member.temporary_work else ""
    return SEATS.get(member.seat, member.seat) + extra


def college_words(member: Juror, certification: Certification) -> str:
    """The college’s label in the certification."""
    labels = {c.id: c.label for c in certification.deliberation.colleges}
    return {str(k): v for k, v in labels.items()}.get(member.college, member.college)


def civility(person: Person) -> str:
    """« Madame », « Monsieur » or ""."""
    return {"madame": "Madame", "monsieur": "Monsieur"}.get(person.civility, "")


def agreed(person: Person, stem: str) -> str:
    """« née » of « né », in the gender of the civility; « né(e) » when it is not known."""
    return stem + {"madame": "e", "monsieur": ""}.get(person.civility, "(e)")


def civil_name(person: Person) -> str:
    """« Zoé Marie EXEMPLE-GONÇALVES »: first names, then the birth name."""
    firsts = (
        f"{person.first_name} {person.other_names}" if person.other_names else person.first_name
    )
    return f"{firsts} {person.birth_name.upper()}"


def usage_words(person: Person) -> str:
    """« nom d’usage DUPONT », or "" when it does not differ."""
    if not person.usage_name or person.usage_name.casefold() == person.birth_name.casefold():
        return ""
    return f"nom d’usage {person.usage_name.upper()}"


def birth_words(person: Person) -> str:
    """« née le 3 avril 1991 à Lyon (France) »."""
    words = f"{agreed(person, 'né')} le {in_words(person.birth_date)}"
    if person.birth_place:
        words += f" à {person.birth_place}"
    if person.birth_country and person.birth_country.casefold() != "france":
        words += f" ({person.birth_country})"
    return words


def sentence(words: str) -> str:
    """The words with a capital first letter, the others as they are."""
    return words[:1].upper() + words[1:]


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """What cannot stand first, what is in order last; otherwise as given."""
    return sorted(findings, key=lambda f: _ORDER.index(f.status))
