"""The files joined to a dossier de preuves: which situation each proves, which has none (R64).

Pure. The form lists its proofs in words; the files that come are told by their names.
"""

import hashlib
import json
import re
from collections.abc import Iterator

from casefiles.answers import Evidence
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.naming import name_key
from casefiles.rules.conclusions import latest
from casefiles.rules.requirements import required

_NUMBERED = re.compile(r"(?:situations?|sit|s) ?(\d)(?: (?:et )?(\d))*\b")


def told_by_name(held: Evidence | None, name: str, *folders: str) -> tuple[str, ...]:
    """The situations a file’s name or a sentence points at: « Situation 2 », « S1 relevés.pdf ».

    Else those of the nearest of its folders that names one; else those whose list of proofs quotes
    the name; else the only one there is.
    """
    words = name_key(name.rpartition(".")[0] or name)
    for told in (words, *(name_key(one) for one in folders)):
        if found := _NUMBERED.match(told):
            return tuple(dict.fromkeys(re.findall(r"\d", found[0])))
    if held is None:
        return ()
    quoted = [
        number
        for number, situation in held.situations.items()
        if len(words) > 3 and words in name_key(situation.proofs)
    ]
    only = list(held.situations) if len(held.situations) == 1 else []
    return tuple(quoted or only)


def asked(case: CaseFile, certification: Certification) -> bool:
    """Whether the route has a dossier de preuves, to which files may be joined."""
    return any(one.form is Evidence for one in required(case, certification))


def described(case: CaseFile, certification: Certification) -> Evidence | None:
    """The dossier de preuves that stands."""
    return latest(case, Evidence, certification)


def unproven(case: CaseFile, certification: Certification) -> tuple[str, ...]:
    """The situations described to which no file is joined."""
    held = described(case, certification)
    proven = {s for proof in case.proofs for s in proof.situations}
    return tuple(n for n in (held.situations if held else ()) if n not in proven)


def basis(case: CaseFile) -> str:
    """What the coverage is drawn from; "" while there is no dossier de preuves."""
    standing = case.standing(Evidence.NAME)
    if not standing:
        return ""
    known = [(d.mark, sorted(d.values.items())) for d in standing]
    joined = [(p.document, p.name, p.situations) for p in case.proofs]
    text = json.dumps([known, joined], default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def showing(case: CaseFile, situations: tuple[str, ...]) -> Iterator[str]:
    """The marks of the files that prove those situations."""
    for proof in case.proofs:
        if set(proof.situations) & set(situations):
            yield proof.document
