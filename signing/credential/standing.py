"""What a signed parchemin’s own PDF is worth today: the withdrawal of the credential it carries.

Its signature says who issued it, not whether it still holds; only a signed, dated list says that.
Reads foreign bytes: call it where time, memory and network are bounded.
"""

import json
from dataclasses import dataclass
from typing import Any

from casefiles.errors import SigningError, UnreadableFile
from signing.credential import verdict
from signing.credential.keys import read_keys
from signing.credential.reading import credential
from signing.credential.words import sentence

NO_LIST = "Retrait non vérifié : donnez la liste des retraits que publie l’organisme (--withdrawn)."
_OTHER_KEYS = "Donnez aussi les clés que l’organisme publie (--keys)."
_NOTHING = (
    "Retrait non vérifié : ce fichier ne porte pas les mentions d’un parchemin, qu’une liste des "
    "retraits nomme par son numéro."
)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """withdrawn: a list we believe names it. unknown: a list was given and could not answer.
    notes: whole sentences, in French, for people."""

    withdrawn: bool = False
    unknown: bool = False
    notes: tuple[str, ...] = ()


def standing(data: bytes, *, keys: str | None, withdrawn: str | None) -> Standing:
    """How the parchemin of these bytes stands. keys, withdrawn: the texts the organisation
    publishes; without keys, the list must be signed by the key the parchemin carries itself."""
    said = credential(data)
    if said is None:
        return Standing(unknown=True, notes=(_NOTHING,)) if withdrawn else Standing()
    if withdrawn is None:
        # A specimen is as well signed as a parchemin: only its own words tell them apart.
        worthless = (sentence("specimen"),) if said.get("specimen") is True else ()
        return Standing(notes=(*worthless, NO_LIST))
    try:
        found = verdict.verify(str(said["code"]), read_keys(keys or _carried(said)), withdrawn)
    except (SigningError, UnreadableFile) as no:
        return Standing(unknown=True, notes=(no.message, no.remedy))
    except Exception:  # hostile bytes raise anything: what is attached says nothing
        return Standing(unknown=True, notes=(_NOTHING,))
    if found.withdrawal == "not_checked":
        told = (*found.reasons, *(() if keys else (_OTHER_KEYS,)))
        return Standing(unknown=True, notes=told)
    return Standing(withdrawn=found.withdrawal == "withdrawn", notes=found.reasons[1:])


def _carried(said: dict[str, Any]) -> str:
    return json.dumps({"organisation": said["organisation"], "keys": [said["key"]]})
