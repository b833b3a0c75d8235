"""A whole list of candidates read: its headings found, its lines taken, its twins told apart.

Pure: rows of a spreadsheet or of a CSV come in (watch/roster_file opens the file).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from casefiles.certification import Certification
from casefiles.roster.headings import NAMES, Row, head_of, names_people, remarks, understood
from casefiles.roster.lines import Reader
from casefiles.roster.model import Line, Roster
from casefiles.roster.words import clean, plain

MOST_LINES = 2_000


def read(
    readings: Sequence[Sequence[Row]],
    certifications: Mapping[str, Certification],
    *,
    today: date,
    default: str = "",
    given: Mapping[str, str] | None = None,
) -> Roster:
    """The list, judged on the day `today`.

    readings: the sheets of a workbook, or one CSV cut by each separator; the one whose headings are
    best understood is read. certifications: those offered, by code; default: the code of lines that
    name none (needless when only one is offered). given: answers to lines that leave them blank.
    """
    heads = [head_of(rows) for rows in readings]
    best = max(range(len(heads)), key=lambda n: understood(heads[n]), default=-1)
    if best < 0 or not names_people(heads[best]):
        return Roster(
            problems=(
                "Aucune ligne de titres n’a été reconnue : il faut au moins les colonnes « Nom de "
                "naissance » et « Prénom ».",
            ),
            headings=heads[best].names if best >= 0 else {},
        )
    head, rows = heads[best], readings[best]
    reader = Reader(head, certifications, today, default, given or {})
    filled = [
        (number, row)
        for number, row in enumerate(rows[head.row + 1 :], start=head.row + 2)
        if any(clean(cell) for cell in row)
    ]
    if len(filled) > MOST_LINES:
        return Roster(
            problems=(f"La liste compte plus de {MOST_LINES} lignes : coupez-la en plusieurs.",)
        )
    if not filled:
        return Roster(problems=("La liste ne contient aucun candidat sous ses titres.",))
    lines = tuple(_without_twins([reader.line(number, row) for number, row in filled]))
    return Roster(lines=lines, remarks=tuple(remarks(head)), headings=head.names)


def _without_twins(lines: Sequence[Line]) -> Iterator[Line]:
    """The same person twice for the same certification: the second line is refused."""
    seen: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for line in lines:
        key = (line.certification, plain(" ".join(line.values.get(n, "") for n in NAMES)))
        born = line.values.get("candidate/birth_date", "")
        twin, their_day = next(
            (
                (n, day)
                for n, day in seen.get(key, ())
                if key[1] and (day == born or "" in (day, born))
            ),
            (0, ""),
        )
        seen.setdefault(key, []).append((line.number, born))
        if not twin:
            yield line
            continue
        said = f"c’est la même personne qu’à la ligne {twin} ; " + (
            "gardez une seule des deux"
            if born and born == their_day
            else "gardez une seule des deux, ou donnez la date de naissance de chacune"
        )
        yield replace(line, problems=(*line.problems, said))
