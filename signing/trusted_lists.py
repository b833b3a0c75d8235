"""The European trusted lists, from a local copy: each verified before it is believed, its age said.

The folder holds the list of the lists (`eu-lotl.xml`, as the Commission publishes it), the national
lists wanted (`FR.xml`…) and, if the operators’ certificates that come with the library are too old,
`operateurs.pem`. A list that cannot be verified, or is past its date, is left out and named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509

from casefiles.errors import SigningError

LOTL, OPERATORS = "eu-lotl.xml", "operateurs.pem"
_NS = "{http://uri.etsi.org/02231/v2#}"
_LARGEST = 32 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class TrustedLists:
    """registry: pyHanko’s, of the qualified services of every list verified. issued: when the
    oldest of them was. problems: the lists left out and why, whole sentences in French."""

    registry: Any = field(default=None, repr=False, compare=False)
    issued: datetime | None = None
    territories: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether a national list was verified."""
        return bool(self.territories)

    def age(self, at: datetime) -> str:
        """« Listes de confiance de l’Union (FR), copie du 3 février 2026, il y a 12 jours. »"""
        if self.issued is None:
            return "Aucune liste de confiance de l’Union n’a été consultée."
        days = max((at - self.issued).days, 0)
        since = "du jour" if days == 0 else f"il y a {days} jour{'s' if days > 1 else ''}"
        return (
            f"Listes de confiance de l’Union ({', '.join(self.territories)}), copie du "
            f"{self.issued:%d/%m/%Y} ({since})."
        )


NONE = TrustedLists()


def files(folder: Path) -> list[Path]:
    """What a folder of lists holds, the list of the lists first; SigningError without it."""
    first = folder / LOTL
    if not first.is_file():
        raise SigningError(
            f"« {folder.name} » ne contient pas la liste des listes ({LOTL}).",
            "Téléchargez-la auprès de la Commission européenne, avec les listes nationales.",
        )
    others = sorted(p for p in folder.glob("*.xml") if p != first)
    operators = folder / OPERATORS
    if not operators.is_file():
        bundled = resources.files("pyhanko.sign.validation.qualified") / "lotl-certs"
        operators = Path(str(bundled / "latest.cert.pem"))
    return [first, *others, operators]


def load(paths: Sequence[Path], *, at: datetime) -> TrustedLists:
    """The lists of those files (as `files` gives them), verified at the aware instant `at`."""
    if not paths:
        return NONE
    from pyhanko.sign.validation.qualified import eutl_parse, tsp

    problems: list[str] = []
    pages = [path for path in paths if path.suffix == ".xml"]
    try:
        known = _certificates(paths[-1])
        text, issued = _verified(pages[0], known, at)
        index = {
            one.territory: one.tlso_certs for one in eutl_parse.parse_lotl_unsafe(text).references
        }
    except Exception as error:  # an XML of any origin raises anything
        said = f"La liste des listes « {pages[0].name} » n’a pas pu être vérifiée ({_why(error)})."
        return TrustedLists(problems=(said,))
    registry = tsp.TSPRegistry()
    dates, territories = [issued], []
    for page in pages[1:]:
        try:
            territory = page.stem.upper()
            text, issued = _verified(page, index.get(territory, []), at)
            if _facts(text)[0] != territory:
                raise ValueError("another territory")
            eutl_parse.trust_list_to_registry_unsafe(text, registry)
        except Exception as error:
            problems.append(
                f"La liste de confiance « {page.name} » n’a pas pu être vérifiée ({_why(error)})."
            )
            continue
        dates.append(issued)
        territories.append(territory)
    return TrustedLists(
        registry=registry,
        issued=min(dates),
        territories=tuple(territories),
        problems=tuple(problems),
    )


class _OutOfDate(ValueError):
    """The list says it should have been replaced already."""


def _verified(page: Path, operators: list[x509.Certificate], at: datetime) -> tuple[str, datetime]:
    """What is signed in that file by one of the operators, and when it was issued."""
    from pyhanko.sign.validation.qualified import eutl_parse

    if page.stat().st_size > _LARGEST or not operators:
        raise ValueError("too long, or nobody may sign it")
    text: str = eutl_parse._validate_and_extract_tl_data_multiple_certs(
        page.read_text(encoding="utf-8"), operators, validation_time=None
    )
    _, issued, until = _facts(text)
    if until is None or until < at:
        raise _OutOfDate
    return text, issued


def _facts(text: str) -> tuple[str, datetime, datetime | None]:
    """(territory, issued, to be replaced by) of the signed XML of a list."""
    from lxml import etree  # type: ignore[import-untyped]

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    scheme = etree.fromstring(text.encode(), parser=parser).find(f"{_NS}SchemeInformation")
    until = scheme.findtext(f"{_NS}NextUpdate/{_NS}dateTime")
    return (
        str(scheme.findtext(f"{_NS}SchemeTerritory")).strip(),
        datetime.fromisoformat(scheme.findtext(f"{_NS}ListIssueDateTime").strip()),
        datetime.fromisoformat(until.strip()) if until else None,
    )


def _certificates(path: Path) -> list[x509.Certificate]:
    return list(_loaded(path.read_bytes()))


def _loaded(content: bytes) -> Iterator[x509.Certificate]:
    for kind, _, der in pem.unarmor(content, multiple=True):
        if kind == "CERTIFICATE":
            yield x509.Certificate.load(der)


def _why(error: Exception) -> str:
    if isinstance(error, _OutOfDate):
        return "elle n’est plus à jour"
    return "signature ou contenu inattendus"
