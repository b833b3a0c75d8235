"""What becomes of one dropped file: the answer its receipt gives, and the events that carry it.

The modules that decide (`filing`, `enrolling`, `juries`, `office_desk`) return an `Answer` or raise
`Refused`; `intake` records it. Nothing here touches the share or the store.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from casefiles.answers.reading import Problem
from casefiles.events import Event, Obtained
from casefiles.journal import Append
from casefiles.rules.finding import Finding

_IN_THE_FILE = (
    "Complétez ou corrigez ces réponses dans le même fichier, enregistrez-le, puis déposez-le "
    "dans « 1 À déposer ici » (dans « À remplir », l’enregistrer suffit)."
)
_ANEW = {
    "scan": "Faites compléter ou corriger la feuille par la personne qui l’a remplie, numérisez à "
    "nouveau toutes ses pages, puis déposez-les dans « 1 À déposer ici ».",
    "flattened": "Complétez ou corrigez ces réponses à l’écran, dans le formulaire d’avant son "
    "impression, enregistrez-le (sans l’imprimer), puis déposez-le dans « 1 À déposer ici ».",
}

Outcome = Literal["accepted", "waiting", "duplicate", "refused", "draft"]


@dataclass(frozen=True, kw_only=True)
class Drop:
    """One dropped file, examined: where it came from, its bytes’ hash, what was found in it.

    door: as in `watch.doors.seen`; origin: its path under the share, where it still stands if
    `in_place`; file: the bytes, kept; examined: what the sandbox said, JSON-like;
    wrapped: whether it came inside an archive or a message; folders: those it stood in there.
    """

    claim: str
    mark: str
    name: str
    door: str
    origin: str
    in_place: bool
    file: Path
    sha256: str
    size: int
    at: datetime
    today: date
    examined: dict[str, Any]
    wrapped: bool = False
    folders: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """The raw values of its fields, the imprint’s own left out."""
        return {k: v for k, v in self.examined["values"].items() if not k.startswith("parchemin/")}

    @property
    def paper(self) -> "Paper | None":
        """What was read of its pages; None when its fields say it all."""
        return self.examined.get("paper")


@dataclass(frozen=True, kw_only=True)
class Paper:
    """How the answers of a return on paper were obtained, for the event that files it.

    inked: whether something is written in each place to sign; by, day: who at the office read it
    again, and when (« 07/03/2026 »), "" when nobody had to; also: the SHA-256 of the drops that
    hold its other pages; typed_in: that of the transcription.
    """

    obtained: dict[str, Obtained]
    inked: dict[str, bool]
    by: str = ""
    day: str = ""
    also: tuple[str, ...] = ()
    typed_in: str = ""

    def kept(self) -> dict[str, Any]:
        """The same as plain data, for a receipt; `of_kept` takes it back."""
        obtained = {name: one.model_dump(mode="json") for name, one in self.obtained.items()}
        return {**asdict(replace(self, obtained={})), "obtained": obtained}

    @classmethod
    def of_kept(cls, kept: Mapping[str, Any]) -> "Paper":
        """What `kept` gave."""
        obtained = {name: Obtained.model_validate(one) for name, one in kept["obtained"].items()}
        return cls(**{**kept, "obtained": obtained, "also": tuple(kept["also"])})

    def facts(self) -> dict[str, Any]:
        """The fields of `DocumentFiled` that say it."""
        return {
            "obtained": self.obtained,
            "also": self.also,
            "typed_by": self.by,
            "typed_in": self.typed_in,
        }


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is said of the drop, and what is recorded beside it in the same transaction.

    held: what is kept until the office’s word; report: of a list, what stands beside it in « 3 À
    corriger » until it is corrected; moved: streams that its pieces already moved; unkept: whether
    its bytes are let go, for what they may say concerns nobody here; back: what goes back to its
    author, recorded after the receipt on the drop’s own stream; opened: it only held the pieces,
    which have answers of their own; about: of a refused file, the stream it was printed for.
    """

    outcome: Outcome
    what: str
    reasons: tuple[str, ...] = ()
    remedy: str = ""
    stream: str = ""
    document: str = ""
    appends: tuple[Append, ...] = ()
    held: dict[str, Any] = field(default_factory=dict)
    report: str = ""
    moved: tuple[str, ...] = ()
    unkept: bool = False
    back: tuple[Event, ...] = ()
    opened: bool = False
    about: str = ""


class Refused(Exception):
    """The file cannot be taken; `what` it is, the reasons, and what to do, in French.

    draft: nothing in it is wrong, answers are only missing yet. appends: what is recorded with the
    refusal (a corrected copy to send back), on `stream`. about, unkept, back: as of an `Answer`.
    """

    def __init__(
        self,
        what: str,
        reasons: Iterable[str],
        remedy: str = "",
        *,
        draft: bool = False,
        appends: tuple[Append, ...] = (),
    ) -> None:
        super().__init__(what)
        self.what = what
        self.reasons = tuple(reasons)
        self.remedy = remedy
        self.draft = draft
        self.appends = appends
        self.about = ""
        self.unkept = False
        self.back: tuple[Event, ...] = ()


def refused_problems(what: str, problems: Iterable[Problem], drop: Drop | None = None) -> Refused:
    """The refusal that lists each question in the words of the form, and what is expected."""
    listed = tuple(problems)
    return Refused(
        what,
        (f"{p.where} : {p.message}" for p in listed),
        _answered_anew(drop),
        draft=all(p.missing for p in listed),
    )


def _answered_anew(drop: Drop | None) -> str:
    """How such answers are given again: in the file’s own fields, or on the sheet."""
    paper = drop.paper if drop is not None else None
    how = drop.examined["how"] if drop is not None and paper is not None else "fields"
    copied = (
        "Si l’erreur vient de la recopie, corrigez la transcription et enregistrez-la à sa place. "
        "Sinon : "
        if paper is not None and paper.by
        else ""
    )
    said = _ANEW.get(how, _IN_THE_FILE)
    return copied + (said[0].lower() + said[1:] if copied else said)


def in_words(lines: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """The lines as sentences, each field they quote named by its question instead."""
    quoted = re.compile("«(\\s)([^«»]+)(\\s)»")
    said = (quoted.sub(lambda m: f"«{m[1]}{names.get(m[2], m[2])}{m[3]}»", line) for line in lines)
    return tuple(line[:1].upper() + line[1:] for line in said)


def noticed(drop: Drop, names: Mapping[str, str]) -> tuple[str, ...]:
    """What its file holds besides plain answers: what would act, hides, or lies over them."""
    return in_words(drop.examined.get("warnings", ()), names)


def must_be_whole(examined: Mapping[str, Any], what: str, names: Mapping[str, str]) -> None:
    """Refused when a form’s file is cut off or says two things: an older answer could be read."""
    if not examined["damaged"] and not examined["doubtful"]:
        return
    raise Refused(
        what,
        in_words(examined["warnings"], names),
        "Rouvrez le formulaire, vérifiez les réponses, enregistrez-le de nouveau, puis déposez-le.",
    )


def refused_findings(what: str, findings: Iterable[Finding], remedy: str) -> Refused:
    """The refusal that names each rule, and its source once."""
    said, cited = [], set[tuple[str, str]]()
    for f in findings:
        again = (f.rule, f.source) in cited
        where = ", même source" if again else f" ; source : {f.source}"
        said.append(f"{f.message} (Règle {f.rule}{where}.)")
        cited.add((f.rule, f.source))
    return Refused(what, said, remedy)
