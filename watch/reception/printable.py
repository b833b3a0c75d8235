"""Whether the parchemin can print what it repeats of an inscription: asked at the door."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from casefiles.answers import Inscription
from casefiles.answers.outline import outline
from casefiles.answers.reading import Problem, where
from casefiles.answers.vocabulary import Scope

# The civil status, which the parchemin shows as it was given.
REPEATED = ("birth_name", "usage_name", "first_name", "other_names", "birth_place", "birth_country")


def unprintable(values: Mapping[str, Any], scope: Scope) -> Iterator[Problem]:
    """The answers that hold a character our faces do not have, each with the first one."""
    from forms.fonts import lacking

    laid_out = outline(Inscription, scope)
    for name in (f"candidate/{key}" for key in REPEATED):
        words = " ".join(unicodedata.normalize("NFC", str(values.get(name) or "")).split())
        if found := lacking(words):
            yield Problem(
                field=name,
                where=where(laid_out, name),
                message=f"le caractère « {found} » (U+{ord(found):04X}) ne s’imprime pas sur le "
                "parchemin ; écrivez cette réponse sans lui, comme l’état civil français.",
            )
