"""The signed, dated list of withdrawn parchemins: all that may be said of a withdrawal offline.

A compact JWS by the key that signs the codes, so that any JOSE library checks it. It names numbers
and days, never people:

    {"at": instant, "organisation": name, "withdrawn": {number: day, …}}
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from casefiles.errors import SigningError, UnreadableFile
from signing.credential import jws
from signing.credential.keys import CodeKey, PublicKeys
from signing.credential.words import sentence

TYPE = "parchemin-retraits+jws"
_AGAIN = "Redemandez-la à l’organisme qui délivre les parchemins."


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """The numbers withdrawn, and since which day, as known at the aware instant `at`."""

    organisation: str
    at: datetime
    numbers: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))


def sign_list(withdrawn: Withdrawn, key: CodeKey) -> str:
    """The list as a file to publish; SigningError when its instant has no time zone."""
    if withdrawn.at.utcoffset() is None:
        raise SigningError(
            "La date de la liste des retraits est sans fuseau horaire.",
            "Donnez l’instant exact où elle est arrêtée.",
        )
    header = {"alg": "ES256", "kid": key.public.id.hex(), "typ": TYPE}
    said = {
        "at": withdrawn.at.isoformat(timespec="seconds"),
        "organisation": withdrawn.organisation,
        "withdrawn": {n: day.isoformat() for n, day in sorted(withdrawn.numbers.items())},
    }
    return jws.compact(header, said, key)


def read_list(text: str, keys: PublicKeys) -> Withdrawn:
    """The list, if one of the organisation's keys signed it; UnreadableFile otherwise."""
    try:
        return _list(jws.opened(text, keys, kind=TYPE))
    except jws.NotSigned as error:
        words = sentence("list_foreign", organisation=keys.organisation)
        raise UnreadableFile(words, _AGAIN) from error
    except Exception as error:  # hostile bytes raise anything; damaged is the answer
        raise UnreadableFile(sentence("list_damaged"), _AGAIN) from error


def _list(said: Mapping[str, Any]) -> Withdrawn:
    at = datetime.fromisoformat(said["at"])
    if at.utcoffset() is None:
        raise ValueError("an instant without its time zone")
    numbers = {str(n): date.fromisoformat(day) for n, day in said["withdrawn"].items()}
    return Withdrawn(
        organisation=str(said["organisation"]), at=at, numbers=MappingProxyType(numbers)
    )
