"""What a fillable PDF says: its fields, its signatures, and whatever looks wrong with them.

Walks the widgets of each page (not the form's own list, which half-saved files get wrong). Rules:
a button's /AS, which is what the person saw, comes before its /V; a field seen twice with two
values is told and named in `doubtful`; nothing is guessed. It reads foreign bytes, so it may only
run inside the sandbox's child process; the outcome is plain data.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import pikepdf
from pydantic import BaseModel, ConfigDict

from casefiles.answers.imprint import FIELD, Imprint
from casefiles.errors import UnreadableFile
from forms.opening import MAX_PAGES, open_pdf
from forms.recognise import imprint_of
from forms.strings import decode
from forms.suspicions import active_content, misplaced, overlapping, written_over

Value = str | bool | list[str]
Place = tuple[int, float, float, float, float]

_RADIO = 1 << 15
_PUSH = 1 << 16
_MULTI_SELECT = 1 << 21
_DEPTH = 32
_MAX_FIELDS = 20_000


class SignatureSeen(BaseModel):
    """A signature field, and whether something signs it."""

    model_config = ConfigDict(frozen=True)

    name: str
    signed: bool


class FieldsRead(BaseModel):
    """A fillable PDF as data.

    values: by field name, text as str, a tick as bool, a radio as its option's name ("" for none),
    several choices as a list; the imprint's own field is left out. doubtful: names of fields whose
    value must be confirmed. warnings: what was noticed, in French.
    """

    model_config = ConfigDict(frozen=True)

    how: Literal["fields"] = "fields"
    imprint: Imprint | None
    values: dict[str, Value]
    pages: int
    signatures: tuple[SignatureSeen, ...] = ()
    doubtful: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def read(data: bytes, *, max_pages: int = MAX_PAGES) -> FieldsRead:
    """Read every field of those bytes; UnreadableFile says why they cannot be."""
    try:
        with open_pdf(data, max_pages=max_pages) as pdf:
            return _read(pdf)
    except UnreadableFile:
        raise
    except Exception as wrong:  # des objets hostiles lèvent n'importe quoi
        raise UnreadableFile(
            "Ce PDF est endommagé : ses champs ne se lisent pas.",
            "Ouvrez-le dans votre lecteur, enregistrez-le sous un autre nom et déposez la copie.",
        ) from wrong


@dataclass
class _Widget:
    """One widget, with what it inherits."""

    dictionary: Any
    page: int
    kind: str
    flags: int
    value: Any
    options: Any


@dataclass
class _Seen:
    """One field: its widgets, in page order."""

    name: str
    widgets: list[_Widget] = field(default_factory=list)


def _read(pdf: pikepdf.Pdf) -> FieldsRead:
    fields: dict[str, _Seen] = {}
    places: list[tuple[str, Place]] = []
    warnings = _Findings()
    for number, page in enumerate(pdf.pages, start=1):
        for annotation in _annotations(page):
            widget = _widget(annotation, number)
            if widget is None:
                continue
            name = _full_name(annotation)
            if not name:
                warnings.add(f"un champ de la page {number} n’a pas de nom ; il n’est pas lu.")
                continue
            fields.setdefault(name, _Seen(name)).widgets.append(widget)
            if name != FIELD:
                places += misplaced(annotation, name, page, number, warnings.add)
    for name, seen in _without_page(pdf, fields):
        fields[name] = seen
    if not fields:
        raise _no_fields(pdf)
    overlapping(places, warnings.add)
    values: dict[str, Value] = {}
    signatures = []
    for name, seen in fields.items():
        kind = seen.widgets[0].kind
        if kind == "/Sig":
            signatures.append(SignatureSeen(name=name, signed=any(map(_signed, seen.widgets))))
        elif kind == "/Btn":
            if not any(w.flags & _PUSH for w in seen.widgets):
                values[name] = _button(seen, warnings)
        elif kind in ("/Tx", "/Ch"):
            values[name] = _text(seen, warnings)
        else:
            warnings.add(f"le champ « {name} » n’est d’aucun genre connu ; il n’est pas lu.")
    told = values.pop(FIELD, None)
    active_content(pdf, warnings.add)
    written_over(pdf, warnings.add)
    for line in pdf.get_warnings():
        warnings.add(f"le fichier est mal formé ({_plain(line)}).")
    return FieldsRead(
        imprint=imprint_of(pdf, told if isinstance(told, str) else None),
        values=values,
        pages=len(pdf.pages),
        signatures=tuple(signatures),
        doubtful=tuple(dict.fromkeys(warnings.doubtful)),
        warnings=tuple(dict.fromkeys(warnings.lines)),
    )


class _Findings:
    """Warnings, and the fields they put in doubt."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.doubtful: list[str] = []

    def add(self, line: str) -> None:
        """Something noticed."""
        self.lines.append(line)

    def doubt(self, name: str, line: str) -> None:
        """A value that must be confirmed."""
        self.doubtful.append(name)
        self.lines.append(f"le champ « {name} » {line}")


# Widgets


def _annotations(page: pikepdf.Page) -> Iterator[Any]:
    listed = page.obj.get("/Annots")
    if isinstance(listed, pikepdf.Array):
        for annotation in listed:
            if isinstance(annotation, pikepdf.Dictionary):
                yield annotation


def _widget(annotation: Any, page: int) -> _Widget | None:
    subtype = annotation.get("/Subtype")
    if subtype is not None and subtype != "/Widget":
        return None
    kind: Any = None
    flags: Any = None
    value: Any = None
    options: Any = None
    node, depth = annotation, 0
    while isinstance(node, pikepdf.Dictionary) and depth < _DEPTH:
        kind = node.get("/FT") if kind is None else kind
        flags = node.get("/Ff") if flags is None else flags
        value = node.get("/V") if value is None else value
        options = node.get("/Opt") if options is None else options
        node, depth = node.get("/Parent"), depth + 1
    if kind is None:
        # Un widget sans genre ni parent : ses états ou sa valeur disent ce qu'il est.
        kind = "/Btn" if "/AS" in annotation else "/Tx" if value is not None else None
        if kind is None:
            return None
    return _Widget(annotation, page, str(kind), _whole(flags), value, options)


def _full_name(node: Any) -> str:
    parts: list[str] = []
    depth = 0
    while isinstance(node, pikepdf.Dictionary) and depth < _DEPTH:
        part = node.get("/T")
        if isinstance(part, pikepdf.String):
            parts.append(decode(bytes(part)))
        node, depth = node.get("/Parent"), depth + 1
    return ".".join(reversed(parts))


def _without_page(pdf: pikepdf.Pdf, known: dict[str, _Seen]) -> list[tuple[str, _Seen]]:
    """Fields the form lists that stand on no page."""
    form = pdf.Root.get("/AcroForm")
    listed = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
    waiting = list(listed) if isinstance(listed, pikepdf.Array) else []
    found: dict[str, _Seen] = {}
    passed = 0
    while waiting and passed < _MAX_FIELDS:
        node, passed = waiting.pop(), passed + 1
        if not isinstance(node, pikepdf.Dictionary):
            continue
        kids = node.get("/Kids")
        name = _full_name(node)
        if isinstance(kids, pikepdf.Array) and len(kids) and "/FT" not in node:
            waiting.extend(kids)
        elif name and name not in known and (widget := _widget(node, 0)):
            found.setdefault(name, _Seen(name)).widgets.append(widget)
    return sorted(found.items())


# Values


def _text(seen: _Seen, findings: _Findings) -> Value:
    found: list[Value] = []
    for widget in seen.widgets:
        value = _written_value(widget)
        if value not in ("", []) and value not in found:
            found.append(value)
    if len(found) > 1:
        findings.doubt(seen.name, "porte plusieurs valeurs différentes ; la première est gardée.")
    if found:
        return found[0]
    if seen.widgets[0].kind == "/Tx" and any(_shows_text(w) for w in seen.widgets):
        findings.doubt(seen.name, "montre un texte qui n’est pas enregistré ; rien n’est lu.")
    multiple = seen.widgets[0].kind == "/Ch" and seen.widgets[0].flags & _MULTI_SELECT
    return [] if multiple else ""


def _written_value(widget: _Widget) -> Value:
    value = widget.value
    if isinstance(value, pikepdf.Array):
        return [text for item in value if (text := _string(item)) is not None]
    text = _string(value) or ""
    if widget.kind == "/Ch" and widget.flags & _MULTI_SELECT:
        return [text] if text else []
    return text


def _string(value: Any) -> str | None:
    if isinstance(value, pikepdf.String):
        return decode(bytes(value))
    if isinstance(value, pikepdf.Stream):
        return decode(value.read_bytes())
    if isinstance(value, pikepdf.Name):
        return str(value)[1:]
    return None


def _shows_text(widget: _Widget) -> bool:
    looks = widget.dictionary.get("/AP")
    normal = looks.get("/N") if isinstance(looks, pikepdf.Dictionary) else None
    if not isinstance(normal, pikepdf.Stream) or _whole(normal.get("/Length")) < 24:
        return False
    drawn = normal.read_bytes()
    return any(show in drawn for show in (b"Tj", b"TJ")) and b"()" not in drawn


def _button(seen: _Seen, findings: _Findings) -> Value:
    states = [_state(widget) for widget in seen.widgets]
    on = list(dict.fromkeys(state for state in states if state not in (None, "Off")))
    names = {state for widget in seen.widgets for state in _on_states(widget)}
    one_of = any(w.flags & _RADIO for w in seen.widgets) or len(names) > 1
    stored = next((_string(w.value) for w in seen.widgets if w.value is not None), None)
    if len(on) > 1:
        findings.doubt(seen.name, "a plusieurs réponses cochées ; la première est gardée.")
    elif on and stored not in (None, "", "Off", *on) and _option(seen, stored or "") not in on:
        findings.doubt(seen.name, "montre une réponse et en enregistre une autre.")
    elif not on and stored not in (None, "", "Off"):
        if any(state == "Off" for state in states):
            findings.doubt(seen.name, "enregistre une réponse qui n’est pas cochée à l’écran.")
        on = [stored or ""]
    if not one_of:
        return bool(on)
    return _option(seen, on[0] or "") if on else ""


def _state(widget: _Widget) -> str | None:
    state = widget.dictionary.get("/AS")
    return str(state)[1:] if isinstance(state, pikepdf.Name) else None


def _on_states(widget: _Widget) -> list[str]:
    looks = widget.dictionary.get("/AP")
    normal = looks.get("/N") if isinstance(looks, pikepdf.Dictionary) else None
    if not isinstance(normal, pikepdf.Dictionary) or isinstance(normal, pikepdf.Stream):
        return []
    return [key[1:] for key in normal.as_dict() if key != "/Off"]


def _option(seen: _Seen, state: str) -> str:
    """The option's own name when the form lists names apart from its states (/Opt)."""
    options = seen.widgets[0].options
    if isinstance(options, pikepdf.Array) and state.isdecimal() and int(state) < len(options):
        return _string(options[int(state)]) or state
    return state


def _signed(widget: _Widget) -> bool:
    return isinstance(widget.value, pikepdf.Dictionary) and "/Contents" in widget.value


# What it is when it has no field


def _no_fields(pdf: pikepdf.Pdf) -> UnreadableFile:
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        return UnreadableFile(
            "Ce formulaire est d’un genre (XFA) que seul Adobe Reader sait lire.",
            "Imprimez-le en PDF et déposez cette copie, ou demandez le formulaire ordinaire.",
        )
    if any(page.images and "/Font" not in page.resources for page in pdf.pages):
        return UnreadableFile(
            "Ce PDF est une numérisation : ses pages sont des images, sans aucun champ.",
            "Remplissez le formulaire à l’écran et enregistrez-le, au lieu de l’imprimer.",
        )
    return UnreadableFile(
        "Ce PDF n’a plus de champs : il a été imprimé en PDF ou aplati.",
        "Enregistrez le formulaire rempli (« Enregistrer sous ») au lieu de l’imprimer.",
    )


def _whole(value: Any) -> int:
    try:
        return int(value) if value is not None else 0
    except (TypeError, ValueError):
        return 0


def _plain(warning: object) -> str:
    return str(warning).strip().split(": ")[-1][:120]
