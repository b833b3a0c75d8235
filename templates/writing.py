"""A certification written as the YAML file the catalogue reads; the inverse of its loading.

It needs no YAML library: what it writes is the small part of the language an editor can read, and
`catalog` reads it back to the same fingerprint. Comments of an earlier file are not known here.
"""

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casefiles.certification import Certification

_WIDTH = 100
_PLAIN = re.compile(r"[A-Za-zÀ-ÿ][\w’ À-ÿ.()/,\-]*")
_WORDS_OF_YAML = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_INVISIBLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_HEAD = "# yaml-language-server: $schema=schema.json\n"


def as_yaml(certification: Certification) -> bytes:
    """The file to keep as « code.yaml » in the organisation’s folder."""
    data = json.loads(certification.canonical())
    ordered = {name: data[name] for name in Certification.model_fields if name in data}
    return (_HEAD + "\n".join(_mapping(ordered, "")) + "\n").encode()


def _mapping(data: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, value in data.items():
        yield from _entry(f"{indent}{name}:", value, f"{indent}  ")


def _sequence(data: Sequence[Any], indent: str) -> Iterator[str]:
    for value in data:
        if isinstance(value, Mapping) and value:
            first, *others = _mapping(value, f"{indent}  ")
            yield f"{indent}- {first.strip()}"
            yield from others
        else:
            yield from _entry(f"{indent}-", value, f"{indent}  ")


def _entry(start: str, value: Any, inside: str) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        yield start
        yield from _mapping(value, inside)
    elif isinstance(value, list) and value:
        yield start
        yield from _sequence(value, inside)
    elif isinstance(value, str) and _foldable(value, inside):
        yield f"{start} >-"
        for line in _folded(value, inside):
            yield f"{inside}{line}"
    else:
        yield f"{start} {_scalar(value)}"


def _foldable(text: str, inside: str) -> bool:
    """A text that a folded block gives back exactly, and too long to stand on its line."""
    if (
        len(text) < 60
        or text != text.strip()
        or re.search(r"[\x00-\x1f\x7f\u2028\u2029\x85]", text)
    ):
        return False
    return " ".join(_folded(text, inside)) == text


def _folded(text: str, inside: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH - len(inside),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _scalar(value: Any) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and value[-1] != " " and value.lower() not in _WORDS_OF_YAML:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
