"""The files that are no form of ours and that the jury reads all the same: what proves a reprise or
a dossier de preuves.

Joined as they came; shown by their pages where these can be drawn.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casefiles.casefile import CaseFile
from casefiles.errors import PackError
from casefiles.rules.acquired import proofs_of_reprise
from casefiles.rules.evidence import basis
from watch.office import Office
from watch.steps.received import shown

if TYPE_CHECKING:
    from signing.pack import Part


@dataclass(frozen=True, kw_only=True)
class Supporting:
    """One file. role: what it is for the jury; verdict: who answers for it, in words.

    pages: whether it was taken because its pages could be shown.
    """

    mark: str
    role: str
    verdict: str
    sha256: str
    pages: bool


def supporting(case: CaseFile) -> tuple[Supporting, ...]:
    """Those of a case, each once."""
    reprise = (
        Supporting(
            mark=mark,
            role="Preuve de reprise",
            verdict="Jointe par le bureau",
            sha256=sha256,
            pages=False,
        )
        for mark, sha256 in proofs_of_reprise(case).items()
    )
    evidence = (
        Supporting(
            mark=one.document,
            role=f"Preuve, situation {' et '.join(one.situations)}" if one.situations else "Preuve",
            verdict="Jointe par le candidat",
            sha256=one.sha256,
            pages=True,
        )
        for one in case.proofs
    )
    return (*reprise, *evidence)


def supporting_parts(office: Office, case: CaseFile, work: Path) -> list["Part"]:
    """Their pages, as parts of the volume; a reprise’s proof without pages is only joined.

    PackError names a candidate’s proof whose pages are lost: there is never a volume without them.
    """
    from signing.pack import Part

    parts: list[Part] = []
    if coverage := case.product("couverture", basis(case)):
        path = office.originals.path(coverage.sha256)
        parts.append(Part(path=path, title="Couverture du dossier de preuves", under=True))
    for one in supporting(case):
        try:
            parts += shown(office, one.mark, (one.sha256,), f"{one.role} ({one.mark})", work)
        except PackError:
            if one.pages:
                raise
    return parts
