"""One line of a list taken to the values of an inscription, and everything wrong with it.

Pure: the form itself judges its values; nothing is guessed where a line does not say.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from casefiles import identifiers
from casefiles.answers.inscription import Extent, Inscription
from casefiles.answers.outline import field_name, outline
from casefiles.answers.reading import accept
from casefiles.answers.vocabulary import Scope
from casefiles.certification import Certification, RouteName
from casefiles.events import Acquired
from casefiles.roster.headings import NAMES, Head, Row
from casefiles.roster.model import Line
from casefiles.roster.words import (
    ACQUIRED,
    ACQUIRED_AT,
    ACQUIRED_ON,
    BLOCS,
    CERTIFICATION,
    ENTERED,
    MORE,
    POSTCODE,
    PROOF,
    READINGS,
    REPRISE,
    STREET,
    TOWN,
    WHOLE_NAME,
    choice,
    clean,
    parted_name,
    plain,
    typed,
)

_WHOLE = {"entiere", "la certification entiere", "tous", "toutes", "tout", "complet", "complete"}


class Reader:
    """Reads the lines of one list."""

    def __init__(
        self,
        head: Head,
        certifications: Mapping[str, Certification],
        today: date,
        default: str,
        given: Mapping[str, str],
    ) -> None:
        self._head = head
        self._certifications = certifications
        self._today = today
        self._default = default or (next(iter(certifications)) if len(certifications) == 1 else "")
        self._given = given

    def line(self, number: int, row: Row) -> Line:
        """The line of that row (from 1), with everything wrong in it."""
        problems: list[str] = []
        told = dict(self._told(row, problems))
        certification = self._certification(told.pop(CERTIFICATION, ""), problems)
        _join_address(told)
        self._part_name(told, problems)
        blocs = told.pop(BLOCS, "")
        earlier = {name: told.pop(name, "") for name in REPRISE}
        values = {**self._given, **{name: text for name, text in told.items() if text}}
        missing: list[str] = []
        entered_on, acquired = None, None
        if certification is not None:
            problems += _blocs(blocs, certification, values)
            entered_on, acquired = self._earlier(earlier, certification, problems)
            problems += _closed(values, certification)
            found, missing = self._judged(values, certification)
            problems += found
            problems += [
                self._at(name, wrong)
                for name, (check, _, _) in identifiers.CHECKS.items()
                if (said := values.get(name, "")) and (wrong := check(said))
            ]
        problems += [
            f"il manque {what}"
            for name, what in zip(NAMES, ("le nom de naissance", "le prénom"), strict=True)
            if not values.get(name) and WHOLE_NAME not in self._head.columns
        ]
        return Line(
            number=number,
            name=_full_name(values) or f"ligne {number}",
            certification=certification.code if certification else "",
            values=values,
            problems=tuple(dict.fromkeys(problems)),
            missing=tuple(missing),
            entered_on=entered_on,
            acquired=acquired,
            proof=earlier[PROOF] if entered_on or acquired else "",
        )

    def _earlier(
        self, told: Mapping[str, str], certification: Certification, problems: list[str]
    ) -> tuple[date | None, Acquired | None]:
        """What the line says of before this installation, each with the proof it needs."""
        if not (told[ENTERED] or told[ACQUIRED]):
            return None, None
        if not told[PROOF]:
            problems.append(
                "ce qui date d’avant demande sa preuve : écrivez le nom de son fichier dans une "
                "colonne « Preuve »"
            )
        entered_on = self._past(told, ENTERED, problems)
        if not told[ACQUIRED]:
            return entered_on, None
        found, unknown = _named_blocs(told[ACQUIRED], certification)
        problems += [self._at(ACQUIRED, said) for said in unknown]
        on = self._past(told, ACQUIRED_ON, problems)
        if not told[ACQUIRED_ON]:
            problems.append("dites quand ces blocs ont été acquis, colonne « Acquis le »")
        return entered_on, Acquired(
            blocs=tuple(found), on=on, session=told[ACQUIRED_AT], proof=told[PROOF]
        )

    def _past(self, told: Mapping[str, str], name: str, problems: list[str]) -> date | None:
        said = told[name]
        if not said:
            return None
        try:
            found = datetime.strptime(said, "%d/%m/%Y").date()
        except ValueError:
            problems.append(self._at(name, f"« {said} » n’est pas une date (attendu : 07/03/2021)"))
            return None
        if found > self._today:
            problems.append(self._at(name, f"« {said} » est dans l’avenir"))
        return found

    def _told(self, row: Row, problems: list[str]) -> Iterator[tuple[str, str]]:
        for name, column in self._head.columns.items():
            reading = READINGS.get(name)
            try:
                cell = typed(row[column] if column < len(row) else None)
                text = reading(cell, self._today) if reading else clean(cell)
            except ValueError as wrong:
                problems.append(self._at(name, str(wrong)))
                continue
            yield name, choice(name, text) if text else ""

    def _certification(self, said: str, problems: list[str]) -> Certification | None:
        if not said:
            if self._default in self._certifications:
                return self._certifications[self._default]
            problems.append(
                "la certification n’est pas dite : ajoutez une colonne « Certification » avec l’un "
                f"de ces codes : {', '.join(self._certifications)}"
            )
            return None
        told = plain(said)
        for one in self._certifications.values():
            if told in _names_of(one):
                return one
        problems.append(
            self._at(
                CERTIFICATION,
                f"« {said} » n’est pas une certification proposée ici ; codes : "
                f"{', '.join(self._certifications)} (une autre s’ajoute aux réglages, "
                "parchemin.toml, ligne « certifications »)",
            )
        )
        return None

    def _part_name(self, told: dict[str, str], problems: list[str]) -> None:
        whole = told.pop(WHOLE_NAME, "")
        if not whole or any(told.get(name) for name in NAMES):
            return
        parted = parted_name(whole)
        if parted is None:
            problems.append(
                self._at(
                    WHOLE_NAME,
                    f"« {whole} » ne se partage pas sûrement entre nom et prénom ; écrivez le nom "
                    "en capitales, ou faites-en deux colonnes",
                )
            )
        else:
            told.update(zip(NAMES, parted, strict=True))

    def _judged(
        self, values: Mapping[str, str], certification: Certification
    ) -> tuple[list[str], list[str]]:
        """What the form itself refuses of these values, and what it still waits for."""
        scope = Scope(certification=certification)
        labels = {q.name: q.label for q in outline(Inscription, scope).questions()}
        problems, missing = [], []
        for problem in accept(Inscription, scope, values, today=self._today).problems:
            label = labels.get(problem.field, problem.where)
            if problem.missing:
                if not problem.field.startswith("agreement/"):
                    missing.append(label)
            elif values.get(problem.field) and problem.field != "wish/route":
                problems.append(self._at(problem.field, problem.message.rstrip(".")))
            elif problem.field not in values:
                missing.append(label)
        return problems, list(dict.fromkeys(missing))

    def _at(self, name: str, message: str) -> str:
        heading = self._head.names.get(name)
        return f"colonne « {heading} » : {message.rstrip('.')}" if heading else message.rstrip(".")


def _names_of(certification: Certification) -> set[str]:
    registered = certification.registration.code if certification.registration else ""
    names = {certification.code, certification.title, certification.name}
    names |= {f"{registered}", f"RNCP{registered}", f"RNCP {registered}"} if registered else set()
    return {plain(one) for one in names}


def _join_address(told: dict[str, str]) -> None:
    parts = {name: told.pop(name, "") for name in (STREET, MORE, POSTCODE, TOWN)}
    street = ", ".join(part for part in (parts[STREET], parts[MORE]) if part)
    town = " ".join(part for part in (parts[POSTCODE], parts[TOWN]) if part)
    told["candidate/address"] = "\n".join(part for part in (street, town) if part)


def _blocs(said: str, certification: Certification, values: dict[str, str]) -> Iterator[str]:
    if not said:
        return
    if plain(said) in _WHOLE:
        values["wish/extent"] = Extent.WHOLE.value
        return
    found, unknown = _named_blocs(said, certification)
    yield from unknown
    for bloc in found:
        values["wish/extent"] = Extent.BLOCS.value
        values[field_name("blocs", bloc, "wanted")] = "oui"


def _named_blocs(said: str, certification: Certification) -> tuple[list[str], list[str]]:
    """The blocs those words name, and what to say of the words that name none."""
    ids = {plain(bloc.id): bloc.id for bloc in certification.blocs}
    found, unknown = [], []
    for part in said.replace(";", ",").replace("+", ",").replace(" et ", ",").split(","):
        if not (told := part.strip()):
            continue
        bloc = ids.get(plain(told)) or ids.get(plain(f"BDC{told.lower().removeprefix('bloc')}"))
        if bloc is None:
            unknown.append(
                f"« {told} » n’est pas un bloc du {certification.name} ; blocs : "
                f"{', '.join(bloc.id for bloc in certification.blocs)}"
            )
        else:
            found.append(bloc)
    return found, unknown


def _closed(values: Mapping[str, str], certification: Certification) -> Iterator[str]:
    said = values.get("wish/route", "")
    if not said:
        return
    opened = [name for name, route in certification.routes.items() if route.open]
    if said in {name.value for name in opened}:
        return
    names = ", ".join(f"« {name.label} »" for name in opened)
    known = {name.value: name for name in RouteName}.get(said)
    if known is None:
        yield f"« {said} » n’est pas une voie d’accès ; voies ouvertes : {names}"
        return
    route = certification.routes.get(known)
    because = f" ({route.source})" if route else ""
    yield (
        f"la voie « {known.label} » n’est pas ouverte pour le {certification.name}{because} ; "
        f"voies ouvertes : {names}"
    )


def _full_name(values: Mapping[str, str]) -> str:
    name = values.get("candidate/usage_name") or values.get("candidate/birth_name", "")
    return f"{name.upper()} {values.get('candidate/first_name', '')}".strip()
