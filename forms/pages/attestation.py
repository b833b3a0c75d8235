"""F15, the attestation of one bloc (R58, R87): a page of the certifier’s, never like a parchemin.

It names the bloc and says what it is not: the certification whole. RNCP words only when registered.
"""

from collections.abc import Sequence
from datetime import date

from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import BlocAcquired
from forms.flow import Flow
from forms.pages import parts
from forms.pages.boxes import Signatory, signature_boxes
from forms.pages.letterhead import Letterhead, begin, fitted
from forms.pages.letters import TEXT, body, measure, points
from forms.pages.mentions import registration_words
from forms.pages.wording import birth_words, civil_name, civility, in_words, usage_words
from forms.style import MM, Face, TextStyle
from forms.typography import NO_BREAK

TITLES = {"bloc": "Attestation de bloc de compétences", "épreuve": "Attestation d’épreuve"}
FIELD, CACHET = "signature/certificateur", "cachet/certificateur"
CACHET_WORDS = "Facultatif : il s’ajoute à la signature et ne la remplace pas"
_HOLDER = TextStyle(face=Face.DISPLAY, size=22, leading=27)
_BLOC = TextStyle(face=Face.DISPLAY_STRONG, size=17, leading=21.5)


def number(case: CaseFile, bloc: str) -> str:
    """What the attestation is quoted by: « 2026-0042/BDC1 »."""
    return f"{case.number}/{bloc}"


def attestation(
    case: CaseFile,
    certification: Certification,
    held: BlocAcquired,
    delivered_on: date,
    place: str,
    imprint: str = "",
    *,
    cachet: bool = False,
    trial: bool = False,
) -> bytes:
    """The attestation of that bloc, with the certifier’s field, as a finished PDF.

    imprint: what says which it is, when it goes out to be signed elsewhere. cachet: whether the
    certifier’s seal has a place beside the signature of a person, which it never replaces. trial:
    made with demonstration keys, and says so. Check `mentions.attested` before it is signed.
    """
    certifier, person = certification.certifier, case.candidate
    bloc = certification.bloc(held.bloc)
    title = TITLES[certification.part]
    flow = begin(
        Letterhead(organisation=certifier.name, address=certifier.address),
        delivered_on,
        title=title,
        subtitle=certification.name,
        reference=(f"F15 · n° {number(case, bloc.id)}",),
        subject=f"{certification.name}, {bloc.id}, {person.full_name}",
        imprint=imprint,
    )
    parts.provisional(flow, certification)
    if trial:
        parts.notice(flow, parts.TRIAL)
    flow.space(3 * MM)
    body(flow, f"Le certificateur, {certifier.name}, atteste que")
    name = f"{civility(person)} {civil_name(person)}".strip()
    room = flow.frame.width
    style = fitted(name, _HOLDER, room, lines=2, smallest=14)
    flow.paragraph(name, style, width=room, after=1 * MM)
    known = ", ".join(filter(None, (usage_words(person), birth_words(person))))
    body(flow, f"{known},")
    flow.space(2 * MM)
    body(
        flow,
        f"a acquis, par décision du {certification.deliberation.name} en date du "
        f"{in_words(held.on)}, {_the(certification.part)} suivant"
        f"{'e' if certification.part == 'épreuve' else ''} du {certification.name} :",
    )
    words = f"{bloc.id} — {bloc.title}"
    style = fitted(words, _BLOC, room, lines=3, smallest=12)
    flow.paragraph(words, style, width=room, after=3 * MM)
    points(flow, [f"{c.title}" for c in bloc.competences])
    flow.space(1 * MM)
    body(flow, *_worth(certification))
    _signed(flow, certification, delivered_on, place, cachet=cachet)
    return flow.sheet.finish()


def _the(part: str) -> str:
    return "le bloc de compétences" if part == "bloc" else "l’épreuve"


def _worth(certification: Certification) -> Sequence[str]:
    """What the attestation is worth, how long, and what it is not."""
    months = certification.components_valid_months
    kept = f"pendant {months}{NO_BREAK}mois" if months else "sans limite de durée"
    registered = registration_words(certification)
    told = f"Le {certification.kind} est une certification {registered}." if registered else ""
    which = "Cette épreuve reste acquise"
    if certification.part == "bloc":
        which = "Ce bloc reste acquis"
    return (
        told,
        f"{which} {kept}. Cette attestation ne vaut pas délivrance de la certification entière.",
    )


def _signed(
    flow: Flow, certification: Certification, delivered_on: date, place: str, *, cachet: bool
) -> None:
    flow.need(46 * MM)
    flow.space(3 * MM)
    flow.paragraph(
        f"Délivrée à {place}, le {in_words(delivered_on)}", TEXT, width=measure(flow), after=3 * MM
    )
    certifier = certification.certifier
    places = [
        Signatory(field=FIELD, name="Pour le certificateur", quality=certifier.signatory_quality)
    ]
    if cachet:
        places.append(
            Signatory(
                field=CACHET, name="Cachet du certificateur", quality=CACHET_WORDS, closes=True
            )
        )
    signature_boxes(flow, places, columns=6)
