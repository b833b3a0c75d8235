"""`parchemin export`: everything kept of one person, for that person: readable, and as it came.

Every case of theirs that continues another, what announced it, what was dropped for it, its
originals and receipts, their lines in the register. Not what tells of others as well: the session’s
pack and minutes, of which the case holds the part that is theirs.
"""

import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from casefiles import casefile
from casefiles import events as e
from casefiles.casefile import CaseFile
from casefiles.errors import UnreadableFile
from casefiles.events import Recorded
from casefiles.naming import person_key
from forms.typography import french
from watch.office import Office
from watch.share import mirror
from watch.share.naming import ending_of

_HASH = re.compile(r'"([0-9a-f]{64})"')
_OF_OTHERS = ("pv_sha256", "certification_hash")


def export(office: Office, number: str, target: Path) -> int:
    """Write the archive; how many files it holds. UnreadableFile when there is no such case."""
    case = _case(office, number)
    if case is None:
        raise UnreadableFile(
            f"Aucun dossier « {number} », ou il a été effacé.", "Vérifiez son numéro."
        )
    told: dict[str, Sequence[Recorded]] = {}
    attempts = _attempts(office, case)
    for one in attempts:
        told[one.stream] = office.journal.read(one.stream)
        told |= _announced(office, one.number) | _dropped(office, one.stream)
    # Of the same name and born the same day: whether they are the same person, the office says.
    others = set(office.journal.find("person", person_key(case.candidate))) - told.keys()
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as out:
        out.writestr("LISEZ-MOI.txt", french(_read_me(case.candidate.full_name, sorted(others))))
        for name, rows in told.items():
            out.writestr(f"inscriptions/{name.replace('/', ' ')}.json", _readable(rows))
            first = rows[0].event
            if isinstance(first, e.DropAnswered):
                out.writestr(f"accusés/{name[6:]}.txt", mirror.receipt_of(first, rows[0].at))
        lines = [line for one in attempts for line in _registered(office, one.number)]
        out.writestr("registre.json", _readable(lines))
        for sha256 in sorted(_bytes(told.values())):
            if sha256 in office.originals:
                kept = office.originals.path(sha256)
                out.write(kept, f"originaux/{sha256[:16]}{ending_of(kept)}")
        return len(out.namelist())


def _attempts(office: Office, case: CaseFile) -> list[CaseFile]:
    """The case, and those of the attempts before and after it that are still kept."""
    found, asked = {case.number: case}, [case.previous, case.followed_by]
    while asked:
        number = asked.pop()
        if number and number not in found and (one := _case(office, number)) is not None:
            found[number] = one
            asked += [one.previous, one.followed_by]
    return [found[number] for number in sorted(found)]


def _case(office: Office, number: str) -> CaseFile | None:
    return casefile.fold(office.journal.read(f"dossier/{number}"))


def _announced(office: Office, number: str) -> dict[str, Sequence[Recorded]]:
    """The list’s line the person was enrolled from."""
    found: dict[str, Sequence[Recorded]] = {}
    for stream, _, _ in office.journal.summaries("preinscription"):
        rows = office.journal.read(stream)
        if any(
            isinstance(r.event, e.PreregistrationClosed) and r.event.case == number for r in rows
        ):
            found[stream] = rows
    return found


def _dropped(office: Office, stream: str) -> dict[str, Sequence[Recorded]]:
    found: dict[str, Sequence[Recorded]] = {}
    for drop in office.journal.positions():
        if drop.startswith("depot/"):
            rows = office.journal.read(drop)
            first = rows[0].event
            if isinstance(first, e.DropAnswered) and first.stream == stream:
                found[drop] = rows
    return found


def _registered(office: Office, number: str) -> list[Recorded]:
    lines = office.journal.find("numbered", number)
    return [one for stream in lines for one in office.journal.read(stream)]


def _bytes(told: Any) -> set[str]:
    found: set[str] = set()
    for rows in told:
        for one in rows:
            kept = one.event.model_dump_json(exclude=set(_OF_OTHERS))
            found |= set(_HASH.findall(kept))
    return found


def _readable(rows: Sequence[Recorded]) -> str:
    lines = [
        {
            "inscription": one.position,
            "le": one.at.isoformat(),
            "nature": one.event.type,
            "contenu": one.event.model_dump(mode="json", exclude={"type"}),
        }
        for one in rows
    ]
    return json.dumps(lines, ensure_ascii=False, indent=2)


def _read_me(name: str, others: Sequence[str]) -> str:
    also = f"\nAu même nom, né le même jour : {', '.join(others)}." if others else ""
    return (
        f"Tout ce qui est gardé au sujet de {name}.\n\n"
        "inscriptions : ce qui s’est passé, et les réponses données, en JSON.\n"
        "originaux : les documents reçus ou établis, tels quels, nommés par leur empreinte.\n"
        "accusés : la réponse donnée à chaque dépôt.\n"
        "registre.json : ses lignes au registre des parchemins.\n\n"
        "N’y sont pas les pièces et le procès-verbal de la session, qui parlent aussi d’autres "
        f"personnes ; la décision qui la concerne est dans ses inscriptions.\n{also}"
    )
