"""YAML read with the line of every value; the only module that knows ruamel.

It knows nothing of certifications. Texts come out in French typography (no-break spaces, curly
apostrophes), so an editor may type them as on any keyboard.
"""

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

Location = tuple[str | int, ...]

FOLDED = (
    "Écrivez ce texte en bloc replié : « >- » après la clé ou le tiret, puis le texte à la ligne "
    "suivante, décalé de deux espaces."
)

_LARGEST, _MOST = 1_000_000, 20_000  # bytes, places; our longest certification has 528 of them

_PITFALLS: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "un deux-points suivi d’une espace coupe ce texte en deux",
        FOLDED,
    ),
    (
        "'\\t'",
        "la ligne contient une tabulation",
        "Remplacez-la par des espaces, deux par niveau.",
    ),
    (
        "cannot start any token",
        "ce texte commence par un signe que YAML se réserve",
        FOLDED,
    ),
    (
        "alias",
        "un texte qui commence par « * » ou « & » est pris pour un renvoi",
        FOLDED,
    ),
    (
        "quoted scalar",
        "un guillemet ouvert n’est pas refermé",
        "Fermez-le, ou retirez les guillemets droits autour de ce texte.",
    ),
    (
        "could not find expected ':'",
        "une clé attend son deux-points, ou un texte continue sans être décalé",
        "Vérifiez le décalage de cette ligne et de la précédente.",
    ),
    (
        "expected <block end>",
        "le décalage ne suit pas les lignes précédentes, ou un guillemet coupe le texte",
        "Alignez cette ligne sur ses voisines ; sinon, écrivez le texte en bloc replié (« >- »).",
    ),
    (
        "scanning a block scalar",
        "le texte d’un bloc replié commence sur la ligne de « >- »",
        "Écrivez « >- » seul, puis le texte à la ligne suivante, décalé de deux espaces.",
    ),
    (
        "parsing a flow",
        "un crochet ou une accolade n’est pas refermé, ou une virgule manque",
        "Écrivez une liste courte [ainsi, entre crochets], ou un élément par ligne après un tiret.",
    ),
    (
        "sequence entries are not allowed",
        "un tiret de liste suit autre chose sur la même ligne",
        "Mettez chaque élément sur sa propre ligne, après son tiret.",
    ),
    (
        "document",
        "le fichier recommence ici : décalage perdu, ou ligne « --- » en trop",
        "Alignez cette ligne sur les précédentes, ou effacez-la.",
    ),
    (
        "duplicate anchor",
        "un même renvoi (« & ») est posé deux fois",
        "Gardez le premier, et écrivez « * » devant son nom là où il sert.",
    ),
    (
        "special characters are not allowed",
        "le fichier contient un caractère de commande invisible",
        "Effacez-le, ou retapez la ligne.",
    ),
)


class Unreadable(Exception):
    """The text is not the YAML we read: the line (from 1), what is wrong, what to do."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, kw_only=True)
class Source:
    """The plain values of a file (dict, list, str, int, float, bool, None), and their lines."""

    values: Any
    lines: Mapping[Location, int]

    def locate(self, loc: Sequence[str | int]) -> Location:
        """The deepest place of the file on that path; steps the file does not know are skipped."""
        place: Location = ()
        for step in loc:
            if (*place, step) in self.lines:
                place = (*place, step)
        return place

    def line(self, loc: Sequence[str | int]) -> int:
        """The line of that path, or of the nearest place that holds it."""
        return self.lines.get(self.locate(loc), 1)


def parse(data: bytes) -> Source:
    """Read one YAML document; Unreadable when it is none, or says something twice."""
    from ruamel.yaml import YAML  # importé tard : 25 ms que la plupart des commandes évitent
    from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError

    if len(data) > _LARGEST:
        raise Unreadable(
            1, "le fichier pèse plus d’un mégaoctet", "Une certification tient en cent fois moins."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Unreadable(
            data.count(b"\n", 0, wrong.start) + 1,
            "le fichier n’est pas enregistré en UTF-8",
            "Enregistrez-le à nouveau en choisissant l’encodage UTF-8.",
        ) from wrong
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ReusedAnchorWarning)
            root = YAML(typ="safe", pure=True).compose(text)
    except ReusedAnchorWarning as wrong:
        second = re.findall(r"line (\d+), column", str(wrong))[-1]
        raise _explained(wrong, None, int(second)) from wrong
    except RecursionError as wrong:
        raise Unreadable(
            1, "le fichier s’emboîte trop profond", "Effacez les « [ » en trop."
        ) from (wrong)
    except MarkedYAMLError as wrong:
        unclosed = "quoted scalar" in (wrong.context or "")
        mark = wrong.context_mark if unclosed else wrong.problem_mark or wrong.context_mark
        raise _explained(wrong, mark) from wrong
    except YAMLError as wrong:
        raise _explained(wrong, None, _line_of_control_character(text)) from wrong
    lines: dict[Location, int] = {}
    values = None if root is None else _build(root, (), lines, ())
    return Source(values=values, lines=lines)


def _build(
    node: "Node", place: Location, lines: dict[Location, int], above: tuple["Node", ...]
) -> Any:
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    lines.setdefault(place, node.start_mark.line + 1)
    if len(lines) > _MOST:
        raise Unreadable(
            lines[place], "ces renvois se multiplient sans mesure", "Recopiez le texte."
        )
    if any(node is one for one in above):
        raise Unreadable(lines[place], "ce renvoi se contient lui-même", "Recopiez le texte.")
    inside = (*above, node)
    if isinstance(node, MappingNode):
        values: dict[str, Any] = {}
        for key, value in node.value:
            name, line = key.value, key.start_mark.line + 1
            if not isinstance(name, str):
                raise Unreadable(line, "une clé est un mot, pas une liste", FOLDED)
            if name in values:
                raise Unreadable(
                    line,
                    f"la clé « {name} » figure deux fois (déjà ligne {lines[(*place, name)]})",
                    "Gardez-en une seule.",
                )
            lines[(*place, name)] = line
            values[name] = _build(value, (*place, name), lines, inside)
        return values
    if isinstance(node, SequenceNode):
        return [_build(v, (*place, i), lines, inside) for i, v in enumerate(node.value)]
    return _scalar(str(node.tag), str(node.value))


def _scalar(tag: str, text: str) -> Any:
    kind = tag.rsplit(":", 1)[-1]
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int" and re.fullmatch(r"[-+]?\d{1,18}", text):
        return int(text)
    if kind == "float":
        return float(text)
    return french(text)


def french(text: str) -> str:
    """No-break spaces where French wants them, curly apostrophes; idempotent."""
    text = re.sub(r" (?=[:;?!»%])", "\u00a0", text)
    text = text.replace("« ", "«\u00a0")
    return re.sub(r"(?<=\w)'(?=\w)", "’", text)


def _explained(wrong: Exception, mark: Any, line: int = 1) -> Unreadable:
    said = " ".join(str(wrong).split())
    line = mark.line + 1 if mark is not None else line
    for clue, message, remedy in _PITFALLS:
        if clue in said:
            return Unreadable(line, message, remedy)
    return Unreadable(
        line,
        "cette ligne ne se lit pas comme du YAML",
        "Comparez-la aux lignes voisines : décalage, tirets, guillemets.",
    )


def _line_of_control_character(text: str) -> int:
    found = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    return text.count("\n", 0, found.start()) + 1 if found else 1
