"""The harmless traces that signing tools leave in a document, as data: the only list there is.

`changes` lets these pass after a signature and names everything else as a problem. What each does
to a reader is nothing: no page, no answer and no earlier signature reads otherwise with it than
without. docs/outils-de-signature.md shows this list to people; a test holds the two together.
"""

from dataclasses import dataclass
from enum import Enum

READ_ONLY = 1
_PRINTED, _LOCKED = 4, 128


class Place(Enum):
    """Where a tool writes, in the words of the page that shows the list."""

    SIGNED = "champ signé"
    OTHER_FIELDS = "autres champs"
    FORM = "formulaire"
    CATALOG = "catalogue"
    PROPERTIES = "propriétés"
    OBJECTS = "objets du fichier"


@dataclass(frozen=True, kw_only=True)
class Trace:
    """keys: the entries that may change there, empty where the shape and not a key is judged.
    tools: seen doing it. left: what they write. within: on what condition it is let pass."""

    place: Place
    left: str
    within: str
    tools: tuple[str, ...]
    keys: frozenset[str] = frozenset()


ACROBAT, MUPDF, POPPLER, PYHANKO = "Acrobat", "MuPDF", "poppler", "pyHanko"
PARCHEMIN = "Parchemin"

TRACES = (
    Trace(
        place=Place.SIGNED,
        keys=frozenset({"/V", "/AP", "/AS"}),
        left="la signature et son dessin",
        within="dans un champ qui attendait une signature, et qui en reçoit une",
        tools=(ACROBAT, MUPDF, POPPLER, PYHANKO, PARCHEMIN),
    ),
    Trace(
        place=Place.SIGNED,
        keys=frozenset({"/M"}),
        left="la date de modification du champ",
        within="seulement là où une signature arrive",
        tools=(POPPLER,),
    ),
    Trace(
        place=Place.SIGNED,
        keys=frozenset({"/F"}),
        left="les marques « imprimé » et « verrouillé » du cadre",
        within="ajoutées, jamais retirées ; un cadre caché est refusé",
        tools=(ACROBAT,),
    ),
    Trace(
        place=Place.SIGNED,
        keys=frozenset({"/DA", "/Q"}),
        left="la police et l’alignement par défaut du cadre",
        within="seulement là où une signature arrive, qui a son propre dessin",
        tools=(ACROBAT,),
    ),
    Trace(
        place=Place.OTHER_FIELDS,
        keys=frozenset({"/Ff"}),
        left="la marque « lecture seule » des champs que la signature verrouille",
        within="la marque seule, ajoutée ; une réponse changée avec elle est refusée",
        tools=(ACROBAT, MUPDF),
    ),
    Trace(
        place=Place.FORM,
        keys=frozenset({"/SigFlags"}),
        left="l’annonce que le document porte des signatures",
        within="toujours",
        tools=(ACROBAT, PYHANKO, PARCHEMIN),
    ),
    Trace(
        place=Place.FORM,
        keys=frozenset({"/NeedAppearances"}),
        left="les dessins des champs déclarés à jour",
        within="retiré ou mis à faux ; à vrai, il ferait redessiner les réponses",
        tools=(ACROBAT,),
    ),
    Trace(
        place=Place.FORM,
        keys=frozenset({"/Fields"}),
        left="un champ pour un horodatage ou une signature sans dessin",
        within="ajouté après les autres et invisible ; visible, personne ne l’avait préparé",
        tools=(ACROBAT, PYHANKO, PARCHEMIN),
    ),
    Trace(
        place=Place.CATALOG,
        keys=frozenset({"/AcroForm", "/DSS", "/Extensions", "/Version"}),
        left="les données de validation, la version et les extensions du format",
        within="ajoutées ou complétées, jamais retirées",
        tools=(ACROBAT, PYHANKO, PARCHEMIN),
    ),
    Trace(
        place=Place.CATALOG,
        keys=frozenset({"/Metadata"}),
        left="les métadonnées XMP réécrites",
        within="tant que titre, auteur, sujet et mots-clés y restent les mêmes",
        tools=(ACROBAT, PYHANKO),
    ),
    Trace(
        place=Place.PROPERTIES,
        keys=frozenset({"/ModDate", "/Producer"}),
        left="la date de modification et le nom du logiciel",
        within="ces deux-là seulement",
        tools=(ACROBAT, PYHANKO),
    ),
    Trace(
        place=Place.OBJECTS,
        left="le numéro d’un objet libre repris pour la signature",
        within="un numéro qui ne servait plus ; celui d’un objet présent est refusé",
        tools=(POPPLER,),
    ),
)


def keys(place: Place) -> frozenset[str]:
    """The entries that may change in that place."""
    return frozenset().union(*(trace.keys for trace in TRACES if trace.place is place))


def only_printed_or_locked(old: int, new: int) -> bool:
    """Whether a widget's flags gained nothing but « printed » and « locked » (/F)."""
    return new in {old | _PRINTED, old | _LOCKED, old | _PRINTED | _LOCKED, old}
