"""What one revision of a PDF changed from the one before; it judges no signature.

Only this may follow a signature: other signatures in fields that waited for them, time-stamps, and
validation data. Everything else is named, in French, as a problem. The harmless traces that signing
tools leave are listed in `traces`, tool by tool, and nowhere else.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, Reference
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler

from signing import mentions, traces
from signing import validation_shapes as validation
from signing.metadata import altered_information, altered_xmp
from signing.opening import value_at
from signing.traces import READ_ONLY, Place

_MAY_CHANGE = {place: traces.keys(place) for place in Place}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One revision (0 is the first). signed and stamped: fields that got a signature, or a
    document time-stamp. created: new signature fields, of which `visible` show on a page."""

    revision: int
    signed: tuple[str, ...] = ()
    stamped: tuple[str, ...] = ()
    created: tuple[str, ...] = ()
    visible: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass
class _Fields:
    """The fields of one revision: by name, and whose dictionary or widget each reference is."""

    types: dict[str, str] = field(default_factory=dict)
    dictionaries: dict[str, DictionaryObject] = field(default_factory=dict)
    owners: dict[Reference, str] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)

    def signature(self, name: str) -> DictionaryObject | None:
        value = value_at(self.dictionaries[name], "/V") if self.types.get(name) == "/Sig" else None
        return value if isinstance(value, DictionaryObject) else None


def review(reader: PdfFileReader, revision: int) -> Step:
    """Compare revision `revision` with the one before it. pyHanko's errors pass through."""
    return _Review(reader, revision).step()


class _Review:
    def __init__(self, reader: PdfFileReader, revision: int) -> None:
        self.revision = revision
        self._reader = reader
        self._existing = partial(_existed, reader, revision - 1)
        self.old: HistoricalResolver = reader.get_historical_resolver(revision - 1)
        self.new: HistoricalResolver = reader.get_historical_resolver(revision)
        self.before, self.after = _fields(self.old), _fields(self.new)
        self.problems: list[str] = []
        self._others: set[Reference] | None = None
        self._mentions: frozenset[int] | None = None

    def step(self) -> Step:
        created = [n for n in self.after.types if n not in self.before.types]
        signed: list[str] = []
        stamped: list[str] = []
        for name in self.after.types:
            value = self.after.signature(name)
            if value is None or (name in self.before.types and self.before.signature(name)):
                continue
            (stamped if value_at(value, "/Type") == "/DocTimeStamp" else signed).append(name)
            if not self._born_here(name):
                self._wrong(f"le champ « {name} » montre une signature posée ailleurs")
        for name in self.before.types.keys() - self.after.types.keys():
            self._wrong(f"le champ « {name} » a été retiré")
        for name in created:
            if self.after.types[name] != "/Sig":
                self._wrong(f"un champ « {name} » a été ajouté")
        self._trailer()
        self._metadata()
        for key in validation.strangers(self.new.root):
            self._wrong(f"les données de validation contiennent autre chose ({key})")
        if any(
            map(
                self._existing,
                validation.answers(self.new.root) - validation.answers(self.old.root),
            )
        ):
            self._wrong("les données de validation nomment autre chose qu’elles")
        for ref in sorted(self.new.explicit_refs_in_revision(), key=lambda r: r.idnum):
            if self._existing(ref):
                self._overridden(ref)
            elif ref.generation and self._existing(Reference(ref.idnum, 0)):
                self._wrong(f"le contenu du document a été modifié (objet {ref.idnum})")
            elif self._mentioned(ref):
                self._wrong(f"un objet qui manquait a été fourni après coup (objet {ref.idnum})")
        return Step(
            revision=self.revision,
            signed=tuple(signed),
            stamped=tuple(stamped),
            created=tuple(created),
            visible=tuple(n for n in created if n in self.after.visible),
            problems=tuple(dict.fromkeys(self.problems)),
        )

    def _wrong(self, what: str) -> None:
        self.problems.append(what)

    def _born_here(self, name: str) -> bool:
        """Whether the signature of that field appeared with this revision, and in it alone."""
        held = _reference(self.after.dictionaries[name], "/V")
        if held is None:
            return True
        holders = sum(_reference(one, "/V") == held for one in self.after.dictionaries.values())
        return holders == 1 and not self._existing(held)

    def _mentioned(self, ref: Reference) -> bool:
        """Whether an earlier revision speaks of it."""
        if self._mentions is None:
            self._mentions = mentions.before(self._reader, self.revision)
        return ref.idnum in self._mentions

    def _trailer(self) -> None:
        if any(ref.idnum for ref in self.new.refs_freed_in_revision()):
            self._wrong("des objets du document ont été supprimés")
        old, new = self.old.trailer_view, self.new.trailer_view
        if not same(old.raw_get("/Root"), new.raw_get("/Root")):
            self._wrong("le catalogue du document a été remplacé")
        if ("/Encrypt" in old) != ("/Encrypt" in new):
            self._wrong("le chiffrement du document a été modifié")
        before, after = _information(self.old), _information(self.new)
        if "/Info" in new and not same(before, after):
            for key in altered_information(before, after):
                self._wrong(f"les propriétés du document ont été modifiées ({key})")

    def _overridden(self, ref: Reference) -> None:
        old, new = self.old(ref), self.new(ref)
        if same(old, new) or ref in self._left_to_others():
            return
        owner = self.before.owners.get(ref)
        if ref == self.old.root_ref:
            self._catalog(old, new)
        elif ref == _reference(self.old.root, "/AcroForm"):
            self._form(old, new)
        elif owner is not None:
            self._field(owner, old, new)
        elif isinstance(old, generic.ArrayObject):
            self._array(old, new, "la liste des champs ou des annotations a été modifiée")
        elif isinstance(old, DictionaryObject) and value_at(old, "/Type") == "/Page":
            self._page(old, new)
        else:
            self._wrong(f"le contenu du document a été modifié (objet {ref.idnum})")

    def _left_to_others(self) -> set[Reference]:
        """What has its own examination, or none to fear: properties, metadata, validation data.

        Never by what merely leads to an object: a catalogue that named a page’s content among its
        validation data would otherwise hand that content over. An object is left to others for
        what it is, before and after, and validation data for having been born as such.
        """
        if self._others is None:
            shapes = (
                (_reference(self.old.trailer_view, "/Info"), validation.properties),
                (_reference(self.old.root, "/Extensions"), validation.extensions),
                (_reference(self.old.root, "/Metadata"), validation.metadata),
            )
            self._others = {
                ref
                for ref, shape in shapes
                if ref is not None and shape(self.old(ref)) and shape(self.new(ref))
            }
            self._others |= {r for r in validation.containers(self.old.root) if self._born(r)}
        return self._others

    def _born(self, ref: Reference) -> bool:
        """Whether the object was validation data as soon as it existed."""
        first = next(n for n in range(self.revision) if _existed(self._reader, n, ref))
        root = self._reader.get_historical_resolver(first).root
        return ref in validation.containers(root)

    def _metadata(self) -> None:
        before, after = (_reference(r.root, "/Metadata") for r in (self.old, self.new))
        old, new = (self.old(before) if before else None), (self.new(after) if after else None)
        if before == after and (before is None or same(old, new)):
            return
        if altered_xmp(old, new, value_at(self.old.trailer_view, "/Info")):
            self._wrong("les métadonnées du document (titre, auteur…) ont été modifiées")

    def _catalog(self, old: Any, new: Any) -> None:
        for key in _differing(old, new):
            if key not in _MAY_CHANGE[Place.CATALOG] or (key in old and key not in new):
                self._wrong(f"le document a été modifié au-delà d’une signature ({key})")
        if "/AcroForm" not in old:
            self._form(DictionaryObject(), value_at(new, "/AcroForm", DictionaryObject()))
        elif not isinstance(old.raw_get("/AcroForm"), IndirectObject):
            self._form(old["/AcroForm"], value_at(new, "/AcroForm"))
        elif "/AcroForm" in _differing(old, new):
            self._wrong("le formulaire a été remplacé")

    def _form(self, old: Any, new: Any) -> None:
        if not isinstance(new, DictionaryObject):
            self._wrong("le formulaire a été retiré")
            return
        for key in _differing(old, new) - ({"/DA", "/DR"} if not old else set()):
            if key == "/Fields":
                wrong = "la liste des champs a été modifiée"
                self._array(value_at(old, key, []), value_at(new, key), wrong)
            elif key not in _MAY_CHANGE[Place.FORM] or (
                key == "/NeedAppearances" and value_at(new, key)
            ):
                self._wrong(f"les réglages du formulaire ont été modifiés ({key})")

    def _field(self, name: str, old: Any, new: Any) -> None:
        if not isinstance(new, DictionaryObject):
            self._wrong(f"le champ « {name} » a été retiré")
            return
        changed = _differing(old, new)
        if value_at(new, "/Ff", 0) == value_at(old, "/Ff", 0) | READ_ONLY:
            changed -= _MAY_CHANGE[Place.OTHER_FIELDS]
        elif changed == {"/Ff"} and "/Parent" in old and value_at(new, "/Ff", 0) & READ_ONLY:
            changed = set()  # mupdf writes the inherited flags, made read-only, on each button
        if self.before.types[name] != "/Sig":
            if changed:
                self._wrong(f"la réponse « {name} » a été modifiée")
        elif self.before.signature(name) is not None:
            if changed:
                self._wrong(f"la signature « {name} » a été modifiée ou retirée")
        elif changed and (self.after.signature(name) is None or changed - self._gained(old, new)):
            self._wrong(f"le champ de signature « {name} » a été modifié")

    def _gained(self, old: Any, new: Any) -> frozenset[str]:
        """What a field may gain as it is signed; its widget may not be hidden meanwhile."""
        gained = _MAY_CHANGE[Place.SIGNED]
        flags = (value_at(holder, "/F", 0) for holder in (old, new))
        return gained if traces.only_printed_or_locked(*flags) else gained - {"/F"}

    def _page(self, old: Any, new: Any) -> None:
        if not isinstance(new, DictionaryObject) or _differing(old, new) - {"/Annots"}:
            self._wrong("une page a été modifiée")
        else:
            wrong = "des annotations ont été ajoutées ou retirées"
            self._array(value_at(old, "/Annots", []), value_at(new, "/Annots"), wrong)

    def _array(self, old: Any, new: Any, wrong: str) -> None:
        """Only widgets of new signature fields may be added, after what was there."""
        kept = isinstance(new, generic.ArrayObject) and len(new) >= len(old)
        if not kept or not all(same(a, b) for a, b in zip(old, new, strict=False)):
            self._wrong(wrong)
            return
        for added in list(new)[len(old) :]:
            reference = added.reference if isinstance(added, IndirectObject) else None
            name = self.after.owners.get(reference) if reference else None
            if name is None or name in self.before.types:
                self._wrong(wrong)


def fields_of(resolver: PdfHandler) -> dict[str, DictionaryObject]:
    """Every named field, by its full name."""
    return _fields(resolver).dictionaries


def _fields(resolver: PdfHandler) -> _Fields:
    found = _Fields()
    form = value_at(resolver.root, "/AcroForm")
    if isinstance(form, DictionaryObject):
        for item in value_at(form, "/Fields", ()):
            _walk(item, "", None, found, 0)
    return found


def _walk(item: Any, prefix: str, kind: str | None, found: _Fields, depth: int) -> None:
    entry = item.get_object() if isinstance(item, IndirectObject) else item
    reference = item.reference if isinstance(item, IndirectObject) else None
    if not isinstance(entry, DictionaryObject) or depth > 64 or reference in found.owners:
        raise ValueError("form tree is not a tree")
    part = value_at(entry, "/T")
    name = f"{prefix}.{part}" if prefix and part is not None else str(part or prefix)
    kind = value_at(entry, "/FT", kind)
    if reference is not None:
        found.owners[reference] = name
    if "/T" in entry:
        if name in found.dictionaries:
            raise ValueError("two fields bear the same name")
        found.dictionaries[name] = entry
        if kind is not None:
            found.types[name] = str(kind)
    if _area(value_at(entry, "/Rect")):
        found.visible.add(name)
    for kid in value_at(entry, "/Kids", ()):
        _walk(kid, name, kind, found, depth + 1)


def same(old: Any, new: Any) -> bool:
    """Whether two PDF values are written the same, references compared and not followed."""
    if isinstance(old, IndirectObject) or isinstance(new, IndirectObject):
        return isinstance(old, IndirectObject) and old == new
    if isinstance(old, generic.StreamObject) and isinstance(new, generic.StreamObject):
        return not _differing(old, new) and bool(old.encoded_data == new.encoded_data)
    if isinstance(old, DictionaryObject) and isinstance(new, DictionaryObject):
        return type(old) is type(new) and not _differing(old, new)
    if isinstance(old, generic.ArrayObject) and isinstance(new, generic.ArrayObject):
        return len(old) == len(new) and all(map(same, old, new))
    return type(old) is type(new) and bool(old == new)


def _differing(old: Any, new: Any) -> set[str]:
    return {
        str(key)
        for key in old.keys() | new.keys()
        if key not in old or key not in new or not same(old.raw_get(key), new.raw_get(key))
    }


def _information(resolver: HistoricalResolver) -> Any:
    """The information dictionary as that revision had it: a trailer’s own view shows the last."""
    reference = _reference(resolver.trailer_view, "/Info")
    if reference is None:
        return value_at(resolver.trailer_view, "/Info")
    return None if resolver.is_ref_unassignable(reference) else resolver(reference)


def _existed(reader: PdfFileReader, revision: int, ref: Reference) -> bool:
    """Whether the object was there; poppler reuses the numbers of objects that no longer are."""
    try:
        return reader.xrefs.get_historical_ref(ref, revision) is not None
    except KeyError:
        return False


def _reference(holder: DictionaryObject, key: str) -> Reference | None:
    value = holder.raw_get(key) if key in holder else None
    return value.reference if isinstance(value, IndirectObject) else None


def _area(rect: Any) -> bool:
    try:
        left, bottom, right, top = (float(side) for side in rect)
    except (TypeError, ValueError):
        return False
    return left != right and bottom != top
