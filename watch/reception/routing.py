"""A drop whose answers are known goes to whoever decides of its form; nothing is opened here."""

from dataclasses import replace
from typing import Any

from casefiles.answers import FORMS, Composition, Decisions, Emargement, Inscription, OfficeAct
from casefiles.answers.outline import outline
from casefiles.answers.reading import where
from casefiles.answers.vocabulary import Scope
from casefiles.errors import ParcheminError
from watch.office import Office
from watch.reception.altered import must_be_as_printed
from watch.reception.answer import Answer, Drop, Refused, must_be_whole, noticed
from watch.reception.countersigned import (
    ATTESTATION,
    PARCHEMIN,
    take_attestation,
    take_parchemin,
)
from watch.reception.emarging import take_emargement
from watch.reception.enrolling import enrol
from watch.reception.filing import CASE_FORMS, file_case_form
from watch.reception.juries import compose
from watch.reception.minutes import take_minutes
from watch.reception.office_desk import act_from_form
from watch.reception.sheets import record_decisions

PV = "pv"
UNKNOWN = "Fichier non reconnu"


def route(office: Office, drop: Drop) -> Answer:
    """What becomes of a drop whose print is known (`examined["imprint"]`); Refused says why not."""
    form = drop.examined["imprint"]["form"]
    try:
        answer = _decided(office, drop, form)
    except Refused as no:
        if form in FORMS:
            told = noticed(drop, _known_questions(office, drop.examined["imprint"]))
            no.reasons = (*no.reasons, *(one for one in told if one not in no.reasons))
        raise
    if form not in FORMS or form in CASE_FORMS or form == Inscription.NAME:
        return answer  # what was noticed of these is recorded with them
    told = noticed(drop, questions(office, drop.examined["imprint"]))
    return replace(answer, reasons=(*answer.reasons, *told))


def _decided(office: Office, drop: Drop, form: str) -> Answer:
    if form in FORMS and form not in CASE_FORMS:
        must_be_whole(drop.examined, FORMS[form].TITLE, questions(office, drop.examined["imprint"]))
    if form == Inscription.NAME:
        return enrol(office, drop)
    if form in FORMS and form not in CASE_FORMS:
        must_be_as_printed(office, drop, FORMS[form].TITLE)
    if form == OfficeAct.NAME:
        return act_from_form(office, drop)
    if form == Composition.NAME:
        return compose(office, drop)
    stream = stream_of(office, drop.examined["imprint"])
    try:
        return _of_a_stream(office, drop, form, stream)
    except Refused as no:
        no.about = stream
        raise


def _of_a_stream(office: Office, drop: Drop, form: str, stream: str) -> Answer:
    if form in CASE_FORMS:
        return file_case_form(office, drop, stream)
    if form == Decisions.NAME:
        return record_decisions(office, drop, stream)
    if form == Emargement.NAME:
        return take_emargement(office, drop, stream)
    if form == PV:
        return take_minutes(office, drop, stream)
    if form == PARCHEMIN:
        return take_parchemin(office, drop, stream)
    if form == ATTESTATION:
        return take_attestation(office, drop, stream)
    raise Refused(
        UNKNOWN,
        ["Ce document sort de ce bureau et n’attend pas de réponse."],
        "Rien à faire : il est déjà au dossier.",
    )


def questions(office: Office, imprint: dict[str, Any]) -> dict[str, str]:
    """The words of each field’s question, for a form that belongs to no case yet."""
    form = FORMS[imprint["form"]]
    if form in (Decisions, Emargement):
        return {}
    certification = office.printed_certification(
        imprint["certification"], imprint["certification_hash"]
    )
    laid_out = outline(form, Scope(certification=certification))
    return {q.name: where(laid_out, q.name) for q in laid_out.questions()}


def _known_questions(office: Office, imprint: dict[str, Any]) -> dict[str, str]:
    """The same of a form that was refused, perhaps because its certification is not known here."""
    try:
        return questions(office, imprint)
    except (Refused, ParcheminError):
        return {}


def stream_of(office: Office, imprint: dict[str, Any]) -> str:
    """The stream that issued a print; Refused when none of this office did."""
    if imprint["form"] == PV:
        return f"session/{imprint['part']}"
    if imprint["form"] in (ATTESTATION, PARCHEMIN):
        return f"dossier/{imprint['case']}"
    found = office.journal.find("serial", imprint["serial"])
    if not found:
        raise Refused(
            "Formulaire",
            ["Ce formulaire n’a pas été préparé par ce bureau, ou son dossier n’est pas ici."],
            "Prenez le formulaire dans « À remplir » du dossier du candidat.",
        )
    return found[0]
