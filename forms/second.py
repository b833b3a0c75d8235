"""A second, independent reading of signed documents, by pypdf.

Two parsers that disagree on a value are a warning no single parser gives. It never replaces the
first reading, and like it runs only inside the sandbox.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pypdf

from casefiles.answers.imprint import FIELD
from casefiles.errors import UnreadableFile

_RADIO = 1 << 15
_PUSH = 1 << 16


def second_reading(data: bytes) -> dict[str, Any]:
    """Values by field name, shaped as `read` gives them; UnreadableFile when pypdf cannot."""
    try:
        fields = pypdf.PdfReader(BytesIO(data)).get_fields() or {}
        return {
            name: _value(field)
            for name, field in fields.items()
            if name != FIELD and _is_answer(field)
        }
    except Exception as wrong:  # des octets hostiles lèvent n'importe quoi
        raise UnreadableFile(
            "La seconde lecture de ce document n’a pas abouti.",
            "Le bureau doit le comparer à l’œil avant de l’accepter.",
        ) from wrong


def disagreements(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[str, ...]:
    """One French sentence per field the two readings do not read alike."""
    lines = []
    for name in sorted({*first, *second}):
        one, other = _plain(first.get(name)), _plain(second.get(name))
        if one != other:
            lines.append(
                f"le champ « {name} » se lit « {_shown(one)} » ou « {_shown(other)} » selon le "
                "lecteur ; à vérifier sur l’original."
            )
    return tuple(lines)


def _is_answer(field: Any) -> bool:
    kind = field.get("/FT")
    pushed = kind == "/Btn" and int(field.get("/Ff", 0) or 0) & _PUSH
    return kind in ("/Tx", "/Ch", "/Btn") and not pushed


def _value(field: Any) -> Any:
    value = field.get("/V")
    if field.get("/FT") == "/Btn":
        state = str(value or "/Off").removeprefix("/")
        options = {s for s in field.get("/_States_", []) if s != "/Off"}
        if int(field.get("/Ff", 0) or 0) & _RADIO or len(options) > 1:
            return "" if state == "Off" else state
        return state != "Off"
    if isinstance(value, list):
        return [str(item) for item in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def _plain(value: Any) -> Any:
    """No answer is no answer, however a parser puts it; line breaks are one."""
    if value in (None, "", False, []):
        return None
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    return value


def _shown(value: Any) -> str:
    text = "rien" if value is None else "coché" if value is True else str(value)
    return text if len(text) < 80 else text[:79] + "…"
