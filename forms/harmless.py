"""A copy of somebody else’s PDF without anything that acts: scripts, launches, links out, files.

It names what it takes away and never runs it. Foreign bytes: sandbox only.
"""

from typing import Any

import pikepdf

_ACTING = ("/AA", "/OpenAction", "/PA", "/JS")
_EMBEDDED = ("/EmbeddedFiles", "/JavaScript")
_ANNOTATIONS = frozenset({"/FileAttachment", "/Movie", "/Sound", "/Screen", "/RichMedia", "/3D"})
_ELSEWHERE = "/F"


def strip(pdf: pikepdf.Pdf) -> int:
    """Take away everything that acts, in place; how many entries were taken."""
    taken = _without(pdf.Root, (*_ACTING, "/AF", "/Collection"))
    names = pdf.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        taken += _without(names, _EMBEDDED)
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        taken += _without(form, ("/XFA", "/CO"))
    for page in pdf.pages:
        listed = page.obj.get("/Annots")
        if isinstance(listed, pikepdf.Array):
            kept = [one for one in listed.as_list() if not _acts(one)]
            taken += sum(_quieted(one) for one in kept if isinstance(one, pikepdf.Dictionary))
            taken += len(listed) - len(kept)
            if len(kept) < len(listed):
                page.obj.Annots = pikepdf.Array(kept)
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream):
            # Un flux peut aller chercher son contenu dans un autre fichier.
            taken += _without(one, (_ELSEWHERE, "/FFilter", "/FDecodeParms"))
        if isinstance(one, pikepdf.Dictionary):
            taken += _quieted(one)
    return taken


def _quieted(one: Any) -> int:
    """The same for one object; /A is an action only where it says which (/S), else attributes."""
    action = one.get("/A")
    hung = isinstance(action, pikepdf.Dictionary) and "/S" in action
    return _without(one, (*_ACTING, "/A") if hung else _ACTING)


def _acts(annotation: Any) -> bool:
    return (
        isinstance(annotation, pikepdf.Dictionary)
        and str(annotation.get("/Subtype")) in _ANNOTATIONS
    )


def _without(holder: Any, keys: tuple[str, ...]) -> int:
    found = [key for key in keys if key in holder]
    for key in found:
        del holder[key]
    return len(found)
