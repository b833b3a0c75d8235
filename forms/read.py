"""What a fillable PDF says: its fields, its signatures, and whatever looks wrong with them.

Walks the widgets of each page (not the form's own list, which half-saved files get wrong). Rules:
a button's /AS, which is what the person saw, comes before its /V; a field seen twice with two
values is told and named in `doubtful`; nothing is guessed. It reads foreign bytes, so it may only
run inside the sandbox's child process; the outcome is plain data.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pikepdf
from pydantic import BaseModel, ConfigDict

from casefiles.answers.imprint import FIELD, Imprint
from casefiles.errors import UnreadableFile
from forms import active
from forms.bounds import unpacked
from forms.opening import half_saved, open_pdf
from forms.recognise import imprint_of
from forms.strings import decode
from forms.suspicions import Suspicions
from forms.widgets import Walk, Widget, whole

Value = str | bool | list[str]

_RADIO = 1 << 15
_PUSH = 1 << 16
_MULTI_SELECT = 1 << 21
_UNSEEN = 2 | 32
# pdfium, so Chrome and Edge, writes 16 of a sign’s 21 bits: « 🙂 » (1F642) becomes F642, in the
# private use area, and other signs fall among ideographs and syllables French does not write.
_LOST = re.compile("[\ud400-\ufaff\ufffd]")
# pypdf leaves an incremental save so, and loses nothing by it.
_HARMLESS = "common error handled correctly by qpdf"


class SignatureSeen(BaseModel):
    """A signature field, and whether something signs it."""

    model_config = ConfigDict(frozen=True)

    name: str
    signed: bool


class FieldsRead(BaseModel):
    """A fillable PDF as data.

    values: by field name, text as str, a tick as bool, a radio as its option's name ("" for none),
    several choices as a list; the imprint's own field is left out. doubtful: names of fields whose
    value must be confirmed. damaged: the file had to be repaired to be read, so an answer may be
    missing that was given. inked: pages something that is no field lies over. bare: pages without
    any field, when others have some. put_together: the fields are those of several prints, made
    one file. unshown: whether an answer is stored that its page does not draw. warnings: what was
    noticed, in French.
    """

    model_config = ConfigDict(frozen=True)

    how: Literal["fields"] = "fields"
    imprint: Imprint | None
    values: dict[str, Value]
    pages: int
    signatures: tuple[SignatureSeen, ...] = ()
    doubtful: tuple[str, ...] = ()
    damaged: bool = False
    inked: tuple[int, ...] = ()
    bare: tuple[int, ...] = ()
    put_together: bool = False
    unshown: bool = False
    warnings: tuple[str, ...] = ()


def read(data: bytes, file: Path | None = None) -> FieldsRead:
    """Every field of those bytes; UnreadableFile says why not. `file` is as of `open_pdf`."""
    try:
        with open_pdf(data, file) as pdf:
            return _read(pdf, data)
    except UnreadableFile:
        raise
    except Exception as wrong:  # des objets hostiles lèvent n'importe quoi
        raise UnreadableFile(
            "Ce PDF est endommagé : ses champs ne se lisent pas.",
            "Ouvrez-le dans votre lecteur, enregistrez-le sous un autre nom et déposez la copie.",
        ) from wrong


class _Findings:
    """Warnings, and the fields they put in doubt."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.doubtful: list[str] = []
        self.inked: tuple[int, ...] = ()
        self.bare: tuple[int, ...] = ()

    def add(self, line: str) -> None:
        """Something noticed."""
        self.lines.append(line)

    def doubt(self, name: str, line: str) -> None:
        """A value that must be confirmed."""
        self.doubtful.append(name)
        self.lines.append(f"le champ « {name} » {line}")


def _read(pdf: pikepdf.Pdf, data: bytes) -> FieldsRead:
    findings = _Findings()
    fields = _fields(pdf, findings)
    if not fields:
        raise _no_fields(pdf)
    values: dict[str, Value] = {}
    signatures = []
    for name, widgets in fields.items():
        kind = widgets[0].kind
        if kind == "/Sig":
            signed = any(_signs(widget) for widget in widgets)
            signatures.append(SignatureSeen(name=name, signed=signed))
        elif kind == "/Btn":
            if not any(w.flags & _PUSH for w in widgets):
                values[name] = _button(name, widgets, findings)
        elif kind in ("/Tx", "/Ch"):
            values[name] = _text(name, widgets, findings)
        else:
            findings.add(f"le champ « {name} » n’est d’aucun genre connu ; il n’est pas lu.")
    for words in active.named(pdf, data):
        findings.add(f"le fichier contient {words} ; rien n’en est exécuté.")
    told = values.pop(FIELD, None)
    # Tools that join files rename the fields of the second: « 1.parchemin/… », « parchemin/…+1 ».
    joined = FIELD in findings.doubtful or any(FIELD in name for name in values)
    apart = joined or bool(findings.bare)
    cut_off = half_saved(data)
    repaired = any(_HARMLESS not in str(line) for line in pdf.get_warnings())
    if cut_off:
        findings.add(
            "Un enregistrement de ce fichier s’est interrompu avant sa fin ; une réponse peut y "
            "manquer."
        )
    elif repaired:
        findings.add(
            "Ce fichier est abîmé ou incomplet : il a fallu le réparer pour le lire, et une "
            "réponse peut y manquer."
        )
    return FieldsRead(
        imprint=imprint_of(pdf, told if isinstance(told, str) else None),
        values=values,
        pages=len(pdf.pages),
        signatures=tuple(signatures),
        doubtful=tuple(dict.fromkeys(findings.doubtful)),
        damaged=repaired or cut_off,
        inked=findings.inked,
        bare=findings.bare,
        put_together=joined,
        unshown=apart and any(_undrawn(w) for f in fields if FIELD not in f for w in fields[f]),
        warnings=tuple(dict.fromkeys(findings.lines)),
    )


def _fields(pdf: pikepdf.Pdf, findings: _Findings) -> dict[str, list[Widget]]:
    """Every field by name, its widgets in page order; then those that stand on no page."""
    fields: dict[str, list[Widget]] = {}
    walk, suspicions = Walk(), Suspicions(findings.add)
    filled: set[int] = set()
    for number, page in enumerate(pdf.pages, start=1):
        suspicions.open_page(page, number)
        for annotation in walk.on_page(page, number):
            if not isinstance(annotation, Widget):
                suspicions.look_at(annotation)
                continue
            filled.add(number)
            if not annotation.name:
                findings.add(f"un champ de la page {number} n’a pas de nom ; il n’est pas lu.")
                continue
            fields.setdefault(annotation.name, []).append(annotation)
            if annotation.name != FIELD:
                suspicions.look_at_place(annotation)
        suspicions.close_page()
    findings.inked = tuple(suspicions.inked)
    if filled:
        findings.bare = tuple(n for n in range(1, len(pdf.pages) + 1) if n not in filled)
    elsewhere: dict[str, list[Widget]] = {}
    for widget in walk.on_no_page(pdf):
        if widget.name and widget.name not in fields:
            elsewhere.setdefault(widget.name, []).append(widget)
    return fields | dict(sorted(elsewhere.items()))


def _text(name: str, widgets: Sequence[Widget], findings: _Findings) -> Value:
    found: list[Value] = []
    for widget in widgets:
        value = _written(widget)
        if value not in ("", []) and value not in found:
            found.append(value)
    if len(found) > 1:
        findings.doubt(name, "porte plusieurs valeurs différentes ; la première est gardée.")
    if found:
        if any(_LOST.search(text) for value in found for text in _texts(value)):
            findings.doubt(
                name,
                "contient un signe que le logiciel de remplissage n’a pas su enregistrer (une "
                "émoticône ?) ; écrivez-le autrement.",
            )
        return found[0]
    if widgets[0].kind == "/Tx" and any(w.shows_text for w in widgets):
        findings.doubt(name, "montre un texte qui n’est pas enregistré ; rien n’est lu.")
    return [] if widgets[0].kind == "/Ch" and widgets[0].flags & _MULTI_SELECT else ""


def _texts(value: Value) -> Sequence[str]:
    return value if isinstance(value, list) else [str(value)]


def _written(widget: Widget) -> Value:
    if isinstance(widget.value, pikepdf.Array):
        return [text for item in widget.value.as_list() if (text := _string(item)) is not None]
    text = _string(widget.value) or ""
    if widget.kind == "/Ch" and widget.flags & _MULTI_SELECT:
        return [text] if text else []
    return text


def _string(value: object) -> str | None:
    if isinstance(value, pikepdf.String):
        return decode(bytes(value))
    if isinstance(value, pikepdf.Stream):
        return decode(unpacked(value))
    if isinstance(value, pikepdf.Name):
        return str(value)[1:]
    return None


def _button(name: str, widgets: Sequence[Widget], findings: _Findings) -> Value:
    states = [widget.state for widget in widgets]
    on = [state for state in dict.fromkeys(states) if state not in (None, "Off")]
    one_of = bool(widgets[0].flags & _RADIO)
    if not one_of and len(widgets) > 1:
        one_of = len({state for widget in widgets for state in widget.on_states}) > 1
    stored = next((text for w in widgets if (text := _string(w.value))), "Off")
    if len(on) > 1:
        findings.doubt(name, "a plusieurs réponses cochées ; la première est gardée.")
    elif on and stored != "Off" and stored not in (on[0], option_named(widgets, on[0] or "")):
        findings.doubt(name, "montre une réponse et en enregistre une autre.")
    elif not on and stored != "Off":
        if "Off" in states:
            findings.doubt(name, "enregistre une réponse qui n’est pas cochée à l’écran.")
        on = [stored]
    if not one_of:
        return bool(on)
    return option_named(widgets, on[0] or "") if on else ""


def option_named(widgets: Sequence[Widget], state: str) -> str:
    """The option's own name when the form lists names apart from its states (/Opt)."""
    options = widgets[0].options
    if isinstance(options, pikepdf.Array) and state.isdecimal() and int(state) < len(options):
        return _string(options[int(state)]) or state
    return state


def _undrawn(widget: Widget) -> bool:
    """Whether its answer is stored without being drawn: who looks at its page misses it."""
    if widget.page == 0:
        return False  # the page that showed it was taken out
    if widget.kind == "/Btn":
        told = widget.state or _string(widget.value) or "Off"
        return told != "Off" and not widget.on_states
    if widget.kind != "/Tx" or whole(widget.own.get("/F")) & _UNSEEN:
        return False
    return _written(widget) not in ("", []) and not widget.shows_text


def _signs(widget: Widget) -> bool:
    return isinstance(widget.value, pikepdf.Dictionary) and "/Contents" in widget.value


def _no_fields(pdf: pikepdf.Pdf) -> UnreadableFile:
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        return UnreadableFile(
            "Ce formulaire est d’un genre (XFA) que seul Adobe Reader sait lire.",
            "Imprimez-le en PDF et déposez cette copie, ou demandez le formulaire ordinaire.",
        )
    if "/Collection" in pdf.Root:
        return UnreadableFile(
            "Ce PDF est un porte-documents : il ne montre rien lui-même et en contient d’autres.",
            "Ouvrez-le, enregistrez à part chaque document qu’il contient, et déposez-les.",
        )
    if any(_is_one_picture(page) for page in pdf.pages):
        return UnreadableFile(
            "Ce PDF est une numérisation : ses pages sont des images, sans aucun champ.",
            "Si c’est un formulaire de ce bureau, son repère (le carré de points, en haut à droite "
            "de chaque page) ne s’y lit pas : numérisez la page entière, à plat, à 150 points par "
            "pouce au moins.",
        )
    return UnreadableFile(
        "Ce PDF n’a aucun champ à remplir : ce n’est pas un formulaire, ou ce formulaire a été "
        "imprimé en PDF ou aplati.",
        "Si c’est un formulaire de ce bureau, enregistrez-le rempli (« Enregistrer sous ») au lieu "
        "de l’imprimer.",
    )


def _is_one_picture(page: pikepdf.Page) -> bool:
    resources = page.resources
    if "/Font" in resources:
        return False
    drawn = resources.get("/XObject")
    return isinstance(drawn, pikepdf.Dictionary) and any(
        isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        for one in drawn.as_dict().values()
    )
