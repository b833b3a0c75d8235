"""A proof of the dossier de preuves joined to its case: saved in the case’s folder, or by an act.

It is no form: it is kept whole, shown to the jury by its pages, and opened in the sandbox only.
"""

from pathlib import PurePosixPath

from casefiles.casefile import CaseFile, fold
from casefiles.errors import UnreadableFile
from casefiles.events import ProofJoined
from casefiles.journal import Append
from casefiles.rules.evidence import asked, described, told_by_name
from watch.office import Office
from watch.reception.acts.request import Request, answered, case_of, done_to_case
from watch.reception.answer import Answer, Drop, Refused
from watch.reception.filing import progressed
from watch.reception.kept import proof
from watch.share.folder_names import of_place
from watch.share.workspace import TO_FILL

WHAT = "Preuve du dossier de preuves"


def by_place(office: Office, drop: Drop) -> Answer | None:
    """A file saved in « À remplir » of a case that has a dossier de preuves; None elsewhere."""
    case = _case_of_folder(office, drop)
    if case is None or not _asks_for_proofs(office, case):
        return None
    what = f"{WHAT} — dossier {case.number} {case.candidate.full_name}"
    after = len(office.journal.read(case.stream))
    acting = _may_join(office, case, drop.sha256, what)
    told = (drop.name, *_folders(drop))
    joined = _joined(office, case, drop.mark, drop.sha256, drop.name, told, "")
    return Answer(
        outcome="accepted",
        what=what,
        reasons=(_said(joined), *acting),
        stream=case.stream,
        document=drop.mark,
        appends=(
            Append(stream=case.stream, after=after, events=(joined,)),
            *progressed(office, case, ""),
        ),
    )


def by_act(office: Office, request: Request, what: str) -> Answer:
    """The same, of a file the office dropped in « Bureau »; the act may say which situation."""
    case, after = case_of(office, request.number, what)
    if not _asks_for_proofs(office, case):
        raise Refused(
            what,
            ["La voie de ce dossier n’a pas de dossier de preuves."],
            "Seule une VAE en demande un.",
        )
    sha256 = proof(office, request.document, what)
    acting = _may_join(office, case, sha256, what)
    receipt = answered(office, request.document)
    name = str(receipt.held.get("name", "")) if receipt else ""
    told = (request.question or name,)
    joined = _joined(office, case, request.document.strip(), sha256, name, told, request.by)
    return done_to_case(office, case, after, joined, " ".join((_said(joined), *acting)))


def _case_of_folder(office: Office, drop: Drop) -> CaseFile | None:
    place = PurePosixPath(drop.origin)
    if drop.door != "a_remplir" or TO_FILL not in place.parts:
        return None
    folder = place.parts[place.parts.index(TO_FILL) - 1]
    numbers = (folder.split(" ", 1)[0], of_place(office.workspace.share, drop.origin))
    return next(filter(None, (fold(office.journal.read(f"dossier/{n}")) for n in numbers)), None)


def _folders(drop: Drop) -> tuple[str, ...]:
    """The folders it stood in, below « À remplir » and within its archive, the innermost first."""
    parts = PurePosixPath(drop.origin).parts
    below = parts[parts.index(TO_FILL) + 1 :]
    # The archive itself may be named after a situation.
    around = below if drop.wrapped else below[:-1]
    return tuple(reversed((*around, *drop.folders)))


def _asks_for_proofs(office: Office, case: CaseFile) -> bool:
    return asked(case, office.certification_of(case.certification_hash))


def _may_join(office: Office, case: CaseFile, sha256: str, what: str) -> tuple[str, ...]:
    """What in it would act, in sentences; Refused when it may not join the case."""
    if case.abandoned or case.is_decided:
        raise Refused(
            what,
            ["Plus aucune pièce n’entre dans ce dossier."],
            "Une erreur constatée après coup se règle avec le certificateur.",
        )
    if any(one.sha256 == sha256 for one in case.proofs):
        raise Refused(what, ["Cette preuve est déjà jointe à ce dossier."], "Rien à faire.")
    try:
        acts = office.reproduce(sha256, 0)["acts"]
    except UnreadableFile as wrong:
        raise Refused(
            what,
            [f"Ses pages ne peuvent pas être montrées au jury. {wrong.message}"],
            "Enregistrez-la en PDF ou en image (JPEG, PNG), puis déposez-la de nouveau.",
        ) from wrong
    return tuple(f"Le fichier contient {one} ; rien n’en est exécuté." for one in acts)


def _joined(
    office: Office,
    case: CaseFile,
    mark: str,
    sha256: str,
    name: str,
    told: tuple[str, ...],
    by: str,
) -> ProofJoined:
    held = described(case, office.certification_of(case.certification_hash))
    return ProofJoined(
        document=mark,
        sha256=sha256,
        name=name,
        situations=told_by_name(held, *told),
        by=by,
    )


def _said(joined: ProofJoined) -> str:
    if not joined.situations:
        return (
            "Jointe au dossier de preuves, sans dire laquelle des situations elle prouve : "
            "commencez le nom du fichier, ou de son dossier, par « Situation 1 - »."
        )
    plural = "s" if len(joined.situations) > 1 else ""
    return f"Jointe à la preuve de la situation{plural} {' et '.join(joined.situations)}."
