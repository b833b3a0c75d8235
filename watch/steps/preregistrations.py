"""What we prepare for a candidate a list announced: a prefilled inscription, and its message."""

from collections.abc import Sequence

from casefiles import preregistration
from casefiles.answers import Inscription
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import outline
from casefiles.answers.vocabulary import Scope
from casefiles.certification import Certification
from casefiles.events import FormIssued, ProductIssued, Recorded
from casefiles.journal import Append
from casefiles.preregistration import Preregistration
from watch.office import Office
from watch.share.drafts import draft
from watch.share.naming import safe_name


def announce(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The prefilled inscription, and the message that carries it when there is an address."""
    held = preregistration.fold(recorded)
    if held is None:
        raise ValueError("the stream holds no préinscription")
    certification = office.certification_of(held.listed.certification_hash)
    form = _form(office, held, certification)
    events: list[FormIssued | ProductIssued] = [form]
    if preregistration.address(held.listed.values):
        events.append(_message(office, held, certification, form))
    return (
        Append(
            stream=held.stream,
            after=len(recorded),
            events=tuple(events),
            effect_key=f"inscription-preremplie/{held.number}",
        ),
    )


def _form(office: Office, held: Preregistration, certification: Certification) -> FormIssued:
    from forms.render import make

    scope = Scope(certification=certification)
    laid_out = outline(Inscription, scope)
    asked = {question.name for question in laid_out.questions()}
    values = {name: said for name, said in held.listed.values.items() if name in asked}
    imprint = Imprint(
        serial=office.new_serial(),
        form=Inscription.NAME,
        version=Inscription.VERSION,
        certification=certification.code,
        certification_hash=held.listed.certification_hash,
        form_hash=laid_out.fingerprint,
    )
    data = make(
        Inscription,
        scope,
        imprint=imprint,
        key=office.imprint_key,
        values=values,
        case_line=f"Préinscription {held.number}",
        provisional=certification.provisional,
    )
    return FormIssued(
        form=Inscription.NAME,
        serial=imprint.serial,
        sha256=office.originals.put(data),
        path=f"À remplir/{safe_name(f'Inscription {held.title}')}.pdf",
        values=values,
        form_hash=laid_out.fingerprint,
    )


def _message(
    office: Office, held: Preregistration, certification: Certification, form: FormIssued
) -> ProductIssued:
    """Ready to send: to the candidate, or to their company when only its address is known."""
    listed = held.listed
    own = bool(listed.values.get("candidate/email"))
    first_name = listed.values.get("candidate/first_name", "")
    message = draft(
        f"Inscription au {certification.name} — {listed.name}",
        to=preregistration.address(listed.values),
    )
    whom = (
        f"Bonjour {first_name},\n\nVous êtes attendu(e) au {certification.name}. "
        if own
        else f"Bonjour,\n\n{listed.name} est attendu(e) au {certification.name}. "
    )
    wanted = "".join(f"   – {label}\n" for label in listed.missing)
    message.set_content(
        f"{whom}L’inscription jointe est préremplie avec ce que nous savons déjà.\n\n"
        "1. Ouvrez le fichier joint à l’écran et vérifiez chaque réponse : le parchemin reprendra "
        "l’orthographe de l’état civil.\n"
        f"2. Complétez ce qui manque{f' :{chr(10)}{wanted}' if wanted else f'.{chr(10)}'}"
        "3. Cochez les engagements, datez, enregistrez le fichier et renvoyez-le à cette "
        "adresse, sans l’imprimer.\n\n"
        f"Avec nos remerciements,\n{office.settings.organisation.name}\n"
    )
    message.add_attachment(
        office.originals.get(form.sha256),
        maintype="application",
        subtype="pdf",
        filename=safe_name(f"Inscription {held.title}") + ".pdf",
    )
    return ProductIssued(
        product=preregistration.MESSAGE,
        sha256=office.originals.put(message.as_bytes()),
        path=f"À envoyer/{safe_name(held.title)} - message.eml",
    )
