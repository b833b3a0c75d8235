"""What we prepare for a case: its forms to fill, the message to its company, its récapitulatif."""

import textwrap
from collections.abc import Sequence

from casefiles import casefile
from casefiles.answers import Avis, Form, Grid
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import outline
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import FormIssued, ProductIssued, Recorded
from casefiles.journal import Append
from casefiles.prefilled import prefilled
from casefiles.rules import evidence
from casefiles.rules.consistency import consistency
from casefiles.rules.requirements import to_issue
from casefiles.rules.results import proposal
from watch.office import Office
from watch.reception.adoption import adopted_for, filled_for
from watch.reception.filing import progressed
from watch.share.drafts import draft
from watch.share.naming import safe_name
from watch.steps.letterhead import letterhead


def _case(recorded: Sequence[Recorded]) -> CaseFile:
    case = casefile.fold(recorded)
    if case is None:
        raise ValueError("the stream holds no case")
    return case


def issue_forms(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The forms whose time has come: grids one by one and in bundles, the avis with its message."""
    case = _case(recorded)
    certification = office.certification_of(case.certification_hash)
    asked = to_issue(case, certification)
    issued: list[FormIssued | ProductIssued] = []
    for requirement in asked:
        if requirement.over:
            issued += _grids(office, case, certification)
            continue
        form = requirement.form
        made = _issue(office, case, certification, form, "", f"{safe_name(form.TITLE)}.pdf")
        issued.append(made)
        if form is Avis:
            issued.append(_message(office, case, certification, made))
    names = "+".join(requirement.form.NAME for requirement in asked)
    return (
        Append(
            stream=case.stream,
            after=len(recorded),
            events=tuple(issued),
            effect_key=f"formulaires/{case.number}/{names}/{len(recorded)}",
        ),
    )


def _grids(office: Office, case: CaseFile, certification: Certification) -> list[FormIssued]:
    """One grid per compétence, and a bundle per bloc for who prints."""
    scope, several = case.scope(certification), certification.evaluators.minimum
    lacking = {
        row.key
        for row in scope.rows("competences")
        if len(case.standing(Grid.NAME, row.key)) < several
    }
    made = []
    for row in scope.rows("competences"):
        if row.key not in lacking:
            continue
        competence = certification.competence(row.key)
        name = f"Grilles/Grille {competence.number} - {_short(competence.title)}.pdf"
        made.append(_issue(office, case, certification, Grid, row.key, name))
    blocs = [b.id for b in certification.blocs if lacking & {c.id for c in b.competences}]
    return [*made, *(_bundle(office, case, certification, bloc) for bloc in blocs)]


def _issue(
    office: Office,
    case: CaseFile,
    certification: Certification,
    form: type[Form],
    part: str,
    path: str,
) -> FormIssued:
    from forms.render import make

    scope = case.scope(certification, part)
    laid_out = outline(form, scope)
    superseded, before = _overtaken(case, form), _former(case, form, part)
    values = prefilled(case, certification, form)
    imprint = _imprint(office, case, certification, form, part, laid_out.fingerprint)
    adopted = None if part else adopted_for(office, form, certification.code)
    if adopted is not None:
        values = {name: told for name, told in values.items() if name in adopted.mapping.reponses}
        data = filled_for(office, adopted, values, imprint)
    else:
        data = make(
            form,
            scope,
            imprint=imprint,
            key=office.imprint_key,
            values=values,
            case_line=_case_line(case, superseded, before),
            provisional=certification.provisional,
        )
    return FormIssued(
        form=form.NAME,
        part=part,
        serial=imprint.serial,
        supersedes=superseded,
        reprints=before,
        sha256=office.originals.put(data),
        path=f"À remplir/{path}",
        values=values,
        form_hash=laid_out.fingerprint,
    )


def _bundle(office: Office, case: CaseFile, certification: Certification, bloc: str) -> FormIssued:
    from forms.render import make_bundle

    competences = certification.bloc(bloc).competences
    values = prefilled(case, certification, Grid)
    imprint, before = (
        _imprint(office, case, certification, Grid, bloc, ""),
        _former(case, Grid, bloc),
    )
    data = make_bundle(
        Grid,
        [case.scope(certification, c.id) for c in competences],
        imprint=imprint,
        key=office.imprint_key,
        values={c.id: values for c in competences},
        case_line=_case_line(case, before=before),
        provisional=certification.provisional,
    )
    return FormIssued(
        form=Grid.NAME,
        part=bloc,
        serial=imprint.serial,
        sha256=office.originals.put(data),
        path=f"À remplir/Grilles/Bloc {bloc} - toutes les grilles.pdf",
        values=values,
        reprints=before,
    )


def _imprint(
    office: Office,
    case: CaseFile,
    certification: Certification,
    form: type[Form],
    part: str,
    form_hash: str,
) -> Imprint:
    return Imprint(
        serial=office.new_serial(),
        form=form.NAME,
        version=form.VERSION,
        case=case.number,
        part=part,
        certification=certification.code,
        certification_hash=case.certification_hash,
        form_hash=form_hash,
    )


def _case_line(case: CaseFile, superseded: tuple[str, ...] = (), before: str = "") -> str:
    replaced = " · remplace le tirage précédent" if before else ""
    replaces = f" · remplace le document {', '.join(superseded)}" if superseded else replaced
    return f"Dossier {case.number}{replaces}"


def _former(case: CaseFile, form: type[Form], part: str) -> str:
    """The serial of the print of that form, or of that part, still about under another name."""
    found = [i.serial for i in case.former if (i.form, i.part) == (form.NAME, part)]
    return found[-1] if found else ""


def _overtaken(case: CaseFile, form: type[Form]) -> tuple[str, ...]:
    """The last document of that form, when what it was drawn from has changed since."""
    last = [d for d in case.documents if d.form == form.NAME][-1:]
    return tuple(d.mark for d in last if d.standing == "overtaken")


def _short(title: str) -> str:
    """The first words of a title, for a file’s name: paths must stay short on shares."""
    kept = textwrap.shorten(title, width=44, placeholder="…")
    return safe_name(kept)


def _message(
    office: Office, case: CaseFile, certification: Certification, avis: FormIssued
) -> ProductIssued:
    """The ready-to-send message that carries the avis to the company."""
    organisation = office.settings.organisation.name
    company = case.company
    if company is None:
        raise ValueError("no company to write to")
    message = draft(
        f"Votre avis sur {case.candidate.full_name} — {certification.kind}", to=company.email
    )
    message.set_content(
        f"Bonjour,\n\n"
        f"{case.candidate.full_name} se présente au {certification.name}.\n"
        "Votre avis, en tant qu’entreprise, complète son évaluation : il prend dix minutes.\n\n"
        "1. Ouvrez le fichier joint et remplissez-le à l’écran.\n"
        f"{_how_to_sign(office)}\n\n"
        "Une explication n’est demandée que pour un avis défavorable.\n\n"
        f"Avec nos remerciements,\n{organisation}\n"
    )
    message.add_attachment(
        office.originals.get(avis.sha256),
        maintype="application",
        subtype="pdf",
        filename=f"Avis de l’entreprise - dossier {case.number}.pdf",
    )
    return ProductIssued(
        product="message-avis",
        sha256=office.originals.put(message.as_bytes()),
        path="À envoyer/Avis de l’entreprise - message.eml",
    )


def _how_to_sign(office: Office) -> str:
    """The two last steps of the avis: on screen, by hand where the settings take paper."""
    if "paper" in office.settings.proofs.accepted(Avis.NAME):
        return (
            "2. Signez-le dans le cadre prévu : à l’écran, avec votre certificat ou votre service "
            "de signature ;\n"
            "   ou, si vous n’en avez pas, imprimez-le, signez-le à la main et numérisez toutes "
            "ses pages.\n"
            "3. Renvoyez-le à cette adresse."
        )
    return (
        "2. Signez-le dans le cadre prévu, avec votre certificat ou votre service de signature.\n"
        "3. Renvoyez-le à cette adresse, sans l’imprimer."
    )


def cover(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The coverage of a dossier de preuves: situations, the files joined, what they show."""
    from forms.pages.coverage import coverage

    case = _case(recorded)
    certification = office.certification_of(case.certification_hash)
    held = evidence.described(case, certification)
    if held is None:
        raise ValueError("there is no dossier de preuves")
    data = coverage(case, certification, held, letterhead(office), office.today())
    issued = ProductIssued(
        product="couverture",
        sha256=office.originals.put(data),
        path="Produits/Couverture du dossier de preuves.pdf",
        basis=evidence.basis(case),
    )
    return (Append(stream=case.stream, after=len(recorded), events=(issued,)),)


def summarise(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The récapitulatif (F11): a proposal, its flags first."""
    from forms.pages.recapitulatif import recapitulatif

    case = _case(recorded)
    certification = office.certification_of(case.certification_hash)
    proposed = proposal(case, certification)
    findings = consistency(case, certification, proposed)
    data = recapitulatif(
        case, certification, proposed, findings, letterhead(office), office.today()
    )
    sha256 = office.originals.put(data)
    issued = ProductIssued(
        product="recapitulatif",
        sha256=sha256,
        path="Produits/Récapitulatif des évaluations.pdf",
        basis=case.basis,
        facts={"favourable": proposed.favourable, "proposal": proposed.sentence},
    )
    return (
        Append(
            stream=case.stream,
            after=len(recorded),
            events=(issued,),
            effect_key=f"recapitulatif/{case.number}/{case.basis}/{len(recorded)}",
        ),
        *progressed(office, case, sha256),
    )
