"""`parchemin export`: everything kept of one person, for that person: readable, and as it came.

Every case of theirs that continues another, what announced it, what was dropped for it, refused
or not, its originals and receipts, their lines in the register. Not what tells of others as well:
the session’s pack and minutes, of which the case holds the part that is theirs.
"""

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from casefiles import casefile, preregistration
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
_TOLD_APART = ("candidate/birth_place", "candidate/email")
_OF_OTHERS = {"certification_hash"}


def export(office: Office, number: str, target: Path) -> int:
    """Write the archive; how many files it holds.

    number: of a case, or of somebody that a list announced, or the mark of an inscription that was
    sent back. UnreadableFile when nothing is kept of one person under it.
    """
    line = preregistration.fold(office.journal.read(f"preinscription/{number}"))
    case = _case(office, line.closed.case if line and line.closed else number)
    if case is not None:
        name, attempts = case.candidate.full_name, _attempts(office, case)
        told = {s: rows for one in attempts for s, rows in _of_case(office, one).items()}
        # Of the same name and born the same day: whether they are the same person, the office says.
        others = set(office.journal.find("person", person_key(case.candidate))) - told.keys()
    elif line is not None:
        name, attempts, others = line.listed.name, [], set[str]()
        told = {line.stream: office.journal.read(line.stream), **_dropped(office, line.stream)}
    elif back := _refused(office, number):
        name, attempts, others = f"qui a rendu le document {number}", [], set[str]()
        told = {stream: office.journal.read(stream) for stream in back}
    else:
        raise UnreadableFile(
            f"Rien n’est gardé d’une personne sous « {number} », ou ce fut effacé.",
            "Donnez le numéro d’un dossier ou d’une préinscription, ou le repère d’une inscription "
            "refusée.",
        )
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as out:
        out.writestr("LISEZ-MOI.txt", french(_read_me(name, sorted(others))))
        for stream, rows in told.items():
            out.writestr(f"inscriptions/{stream.replace('/', ' ')}.json", _readable(rows))
            first = rows[0].event
            if isinstance(first, e.DropAnswered):
                out.writestr(f"accusés/{stream[6:]}.txt", mirror.receipt_of(first, rows[0].at))
        lines = [line for one in attempts for line in _registered(office, one.number)]
        out.writestr("registre.json", _readable(lines))
        for sha256 in sorted(_bytes(told.values()) - _of_sessions(office, told.values())):
            if sha256 in office.originals:
                kept = office.originals.path(sha256)
                out.write(kept, f"originaux/{sha256[:16]}{ending_of(kept)}")
        return len(out.namelist())


def _refused(office: Office, mark: str) -> list[str]:
    """The drops under that mark whose inscription went back, and opened no case."""
    marked = office.journal.find("document", mark) if mark else ()
    drops = [one for one in marked if one.startswith("depot/")]
    return [one for one in drops if preregistration.sent_back(office.journal.read(one))]


def _of_case(office: Office, case: CaseFile) -> dict[str, Sequence[Recorded]]:
    """The case, what announced it, what was dropped for it, the inscriptions that went back."""
    return {
        case.stream: office.journal.read(case.stream),
        **_announced(office, case.number),
        **_dropped(office, case.stream),
        **{s: office.journal.read(s) for s in _sent_back(office, case)},
    }


def _sent_back(office: Office, case: CaseFile) -> Iterator[str]:
    """The drops whose inscription opened no case: known by the print that went back and came again,
    or by the name, birth place and address they gave. No copy has a date.
    """
    for filed in case.documents:
        found = office.journal.find("serial", filed.serial)
        yield from (s for s in found if s.startswith("depot/"))
        if filed.form != preregistration.FORM:
            continue
        key = preregistration.listed_key(filed.values, case.certification)
        for stream in office.journal.find(preregistration.SENT_BACK, key):
            back = preregistration.sent_back(office.journal.read(stream))
            if back and all(
                back[0].values.get(one) == filed.values.get(one) for one in _TOLD_APART
            ):
                yield stream


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
            found |= {stream: rows, **_dropped(office, stream)}
    return found


def _dropped(office: Office, stream: str) -> dict[str, Sequence[Recorded]]:
    found: dict[str, Sequence[Recorded]] = {}
    for drop in office.journal.positions():
        if drop.startswith("depot/"):
            rows = office.journal.read(drop)
            first = rows[0].event
            if isinstance(first, e.DropAnswered) and stream in (first.stream, first.about):
                found[drop] = rows
    return found


def _registered(office: Office, number: str) -> list[Recorded]:
    lines = office.journal.find("numbered", number)
    return [one for stream in lines for one in office.journal.read(stream)]


def _of_sessions(office: Office, told: Iterable[Sequence[Recorded]]) -> set[str]:
    """What the sessions named there keep: each of these tells of everybody who was there."""
    named = {getattr(one.event, "session", "") or "" for rows in told for one in rows}
    return _bytes(office.journal.read(f"session/{name}") for name in named if name)


def _bytes(told: Iterable[Sequence[Recorded]]) -> set[str]:
    found: set[str] = set()
    for rows in told:
        for one in rows:
            kept = one.event.model_dump_json(exclude=_OF_OTHERS)
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
        "personnes ; la décision qui la concerne est dans ses inscriptions. N’y est pas non plus "
        "un fichier refusé que rien ne rattache à elle, comme une photo qu’on n’a pas su lire : "
        f"l’organisme le cherche dans « 3 À corriger ».\n{also}"
    )
