"""What in a foreign PDF would act, or lead out of it: named wherever it hangs, or taken away.

Every object is looked at, whoever names it: actions of a page, a field, a bookmark, those that
follow another, files inside, contents fetched elsewhere. Nothing is run or followed. Foreign bytes:
sandbox only.
"""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

_ACTIONS = {
    "/JavaScript": "du code JavaScript",
    "/Launch": "un ordre de lancer un programme",
    "/SubmitForm": "un ordre d’envoi de ses réponses",
    "/ImportData": "un ordre d’importation de données",
    "/GoToR": "un renvoi à un autre fichier",
    "/GoToE": "un renvoi à un fichier joint",
    "/URI": "un lien vers une adresse",
    "/Rendition": "un son ou une vidéo",
}
_SCRIPT, _FILES, _MEDIA = _ACTIONS["/JavaScript"], "des fichiers joints", _ACTIONS["/Rendition"]
_XFA = "une seconde version de ses champs (XFA), qui n’est pas lue"
_ELSEWHERE = "un contenu à prendre dans un autre fichier"
_ANNOTATIONS = {
    "/FileAttachment": _FILES,
    **dict.fromkeys(("/Movie", "/Sound", "/Screen", "/RichMedia", "/3D"), _MEDIA),
}
_ALWAYS = {
    "/JS": _SCRIPT, "/JavaScript": _SCRIPT, "/EF": _FILES, "/RF": _FILES, "/EmbeddedFiles": _FILES,
    "/Collection": _FILES, "/XFA": _XFA,
}  # fmt: skip
_SILENT = ("/AA", "/OpenAction", "/PA", "/AF", "/CO", "/Next")
_OF_A_STREAM = ("/F", "/FFilter", "/FDecodeParms", "/Ref", "/OPI")

# In the bytes of a file that has any of it: none of these, and nobody need look at each object.
# A name may be written with « # », an object packed with others.
_SIGN = re.compile(
    rb"/(?:(?:J(?:S|avaScript)|Launch|S(?:ubmitForm|ound|creen)|ImportData|GoTo[RE]|URI|"
    rb"R(?:endition|ichMedia|F|ef)|F(?:ileAttachment|Filter|DecodeParms)|Movie|3D|"
    rb"E(?:F|mbeddedFiles)|Collection|XFA|O(?:PI|bjStm))\b|F\s*[(<])"
)
_DISGUISE = re.compile(rb"#[0-9A-Fa-f]{2}")
_NAME = re.compile(rb"/[A-Za-z]*\Z")
_LONGEST_NAME = 127
_DEPTH = 40


def named(pdf: pikepdf.Pdf, data: bytes) -> tuple[str, ...]:
    """Each kind of thing that acts or leads elsewhere, in words; `data`: the file’s bytes."""
    if _SIGN.search(data) is None and not _disguised(data):
        return ()
    found: set[str] = set()
    for one in _every(pdf):
        found.update(words for key, words in _ALWAYS.items() if key in one)
        if words := _ACTIONS.get(_kind(one, "/S")) or _ANNOTATIONS.get(_kind(one, "/Subtype")):
            found.add(words)
        if isinstance(one, pikepdf.Stream) and any(key in one for key in _OF_A_STREAM):
            found.add(_ELSEWHERE)
    return tuple(sorted(found))


def _disguised(data: bytes) -> bool:
    """Whether a name is written otherwise than in letters (« /J#53 »)."""
    return any(
        _NAME.search(data, max(0, sign.start() - _LONGEST_NAME), sign.start())
        for sign in _DISGUISE.finditer(data)
    )


def strip(pdf: pikepdf.Pdf) -> None:
    """Take away everything that acts or leads elsewhere, in place."""
    for page in pdf.pages:
        listed = page.obj.get("/Annots")
        if isinstance(listed, pikepdf.Array):
            kept = [one for one in listed.as_list() if not _is_media(one)]
            page.obj.Annots = pikepdf.Array(kept)
    for one in _every(pdf):
        if _kind(one, "/S") in _ACTIONS or _is_media(one):
            _without(one, tuple(one.keys()))
            continue
        _without(one, (*_ALWAYS, *_SILENT))
        if isinstance(one, pikepdf.Stream):
            _without(one, _OF_A_STREAM)
        action = one.get("/A")  # an action where it says which (/S), else attributes
        if isinstance(action, pikepdf.Dictionary) and ("/S" in action or not action.keys()):
            del one["/A"]


def _every(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Each dictionary and stream of the file, those inside another too."""
    yield from _inside(pdf.trailer, 0)
    for one in pdf.objects:
        yield from _inside(one, 0)


def _inside(one: Any, depth: int) -> Iterator[Any]:
    if depth > _DEPTH:
        return
    held: list[Any] = []
    if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        yield one
        held = [one.get(key) for key in list(one.keys())]
    elif isinstance(one, pikepdf.Array):
        held = list(one.as_list())
    for value in held:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            yield from _inside(value, depth + 1)


def _kind(one: Any, key: str) -> str:
    value = one.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _is_media(one: Any) -> bool:
    return isinstance(one, pikepdf.Dictionary) and _kind(one, "/Subtype") in _ANNOTATIONS


def _without(holder: Any, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in holder:
            del holder[key]
