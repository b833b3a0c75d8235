"""Pages put back together into prints: in any order, from any sheet, twice or not at all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from casefiles.answers.imprint import Imprint
from forms.read import FieldsRead
from forms.returns import ink
from forms.returns.geometry import Layout
from forms.returns.one_page import PageSeen
from forms.returns.outcome import Crop, Doubt, How, PrintReturned, Returned, SignaturePlace
from forms.returns.seen import FieldSeen, doubtful

_PAPER: tuple[How, ...] = ("scan", "ink", "flattened", "fields")


@dataclass
class _Print:
    imprint: Imprint
    hows: set[How] = field(default_factory=set)
    pages: dict[int, int] = field(default_factory=dict)
    fields: dict[str, FieldSeen] = field(default_factory=dict)
    crops: dict[str, Crop] = field(default_factory=dict)
    signatures: dict[str, SignaturePlace] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)


class Gathering:
    """What has been seen so far of each print."""

    def __init__(self, layouts: Mapping[str, Layout]) -> None:
        self._layouts = layouts
        self._prints: dict[str, _Print] = {}
        self._strangers: dict[str, Imprint] = {}
        self._reasons: list[str] = []
        self._before: dict[str, frozenset[int]] | None = None

    def only_missing(self) -> None:
        """From here on, pages already seen are passed over, and other prints too."""
        self._before = {serial: frozenset(one.pages) for serial, one in self._prints.items()}

    def has(self, imprint: Imprint) -> bool:
        """Whether that page is to be passed over."""
        if self._before is None:
            return False
        known = self._before.get(imprint.serial)
        return known is None or imprint.page in known

    # Pages that were not read

    def lost(self, sheet: int) -> None:
        """A sheet without any code of ours."""
        self._reasons.append(
            f"feuille {sheet} : aucun repère de tirage (le carré de points, en haut à droite) n’y "
            "est lisible ; elle n’est pas lue."
        )

    def stranger(self, imprint: Imprint) -> None:
        """A print nobody gave a layout for."""
        self._strangers.setdefault(imprint.serial, imprint)

    def no_marks(self, imprint: Imprint, sheet: int) -> None:
        """A page whose corner marks are not to be found."""
        self._print(imprint).reasons.append(
            f"feuille {sheet} : la page {imprint.page} est reconnue, mais les carrés noirs de ses "
            "coins ne se voient pas tous ; numérisez-la à plat et entière."
        )

    def unlike(self, imprint: Imprint, sheet: int) -> None:
        """A page its print does not have."""
        self._print(imprint).reasons.append(
            f"feuille {sheet} : le tirage {imprint.serial} n’a pas de page {imprint.page}."
        )

    # Pages that were

    def add(self, imprint: Imprint, page: PageSeen) -> None:
        """A page of a picture or of a printed copy."""
        self._add(imprint, page, page.fields, page.how)

    def add_inked(
        self, imprint: Imprint, page: PageSeen, fields: Mapping[str, FieldSeen], named: str
    ) -> None:
        """A page of a fillable file, written over."""
        self._add(imprint, page, fields, "ink")
        self.remark(imprint, named)

    def remark(self, imprint: Imprint, words: str) -> None:
        """Something to be told of a print."""
        self._print(imprint).reasons.append(words)

    def fields_of(self, read: FieldsRead, hidden: Collection[int] = ()) -> None:
        """The pages of a fillable file that nothing was written over.

        hidden: those something was written over that could not be looked at.
        """
        imprint = read.imprint
        if imprint is None:
            return
        layout = self._layouts.get(imprint.serial)
        if layout is None:
            self.stranger(imprint)
            return
        one = self._print(imprint)
        for asked in layout.fields:
            if asked.kind != "signature" and asked.name not in one.fields:
                page = asked.spots[0].page
                seen = ink.from_fields(read, asked, page)
                if page in hidden:
                    why = "la page est annotée, et ses repères ne se voient plus."
                    seen = doubtful(seen.value.value, "ink", page, why)
                one.fields[asked.name] = seen
        for page in range(1, read.pages + 1):
            one.pages.setdefault(page, 1)
        one.hows.add("fields")
        one.reasons += read.warnings

    def _add(
        self, imprint: Imprint, page: PageSeen, fields: Mapping[str, FieldSeen], how: How
    ) -> None:
        one = self._print(imprint)
        one.hows.add(how)
        before = one.pages.get(page.page, 0)
        one.pages[page.page] = before + 1
        if before:
            one.reasons.append(f"la page {page.page} figure plusieurs fois.")
        for name, seen in fields.items():
            known = one.fields.get(name)
            one.fields[name] = seen if known is None else _both(known, seen)
            if name in page.crops and name not in one.crops:
                one.crops[name] = page.crops[name]
        for place in page.signatures:
            known_place = one.signatures.get(place.name)
            if known_place is None or place.inked:
                one.signatures[place.name] = place
                if place.name in page.crops:
                    one.crops[place.name] = page.crops[place.name]
        for number, note in enumerate(page.notes, start=1):
            one.crops[f"hors des cases, page {page.page}, {number}"] = note
        if page.notes:
            one.reasons.append(
                f"page {page.page} : quelque chose est écrit hors des cases ; à regarder."
            )
        if page.unlike:
            one.reasons.append(f"page {page.page} : elle ne ressemble plus à son tirage.")

    def _print(self, imprint: Imprint) -> _Print:
        return self._prints.setdefault(imprint.serial, _Print(imprint=imprint))

    # The whole

    def returned(self, sheets: int) -> Returned:
        """Everything gathered."""
        return Returned(
            sheets=sheets,
            prints=tuple(self._whole(one) for one in self._prints.values()),
            strangers=tuple(self._strangers.values()),
            reasons=tuple(self._reasons),
        )

    def _whole(self, one: _Print) -> PrintReturned:
        layout = self._layouts[one.imprint.serial]
        seen = {f.name: one.fields[f.name] for f in layout.fields if f.name in one.fields}
        words = {f.name: f.words for f in layout.fields}
        missing = tuple(p for p in range(1, len(layout.pages) + 1) if p not in one.pages)
        reasons = [*one.reasons]
        if missing:
            named = ", ".join(str(page) for page in missing)
            which = "la page" if len(missing) == 1 else "les pages"
            reasons.append(f"il manque {which} {named}.")
        return PrintReturned(
            imprint=one.imprint,
            how=next((how for how in _PAPER if how in one.hows), "scan"),
            pages=tuple(sorted(one.pages)),
            missing=missing,
            repeated=tuple(sorted(page for page, times in one.pages.items() if times > 1)),
            values={name: field_.value for name, field_ in seen.items()},
            crops=one.crops,
            doubts=tuple(
                Doubt(field=name, words=words[name], page=f.value.page, message=f.why)
                for name, f in seen.items()
                if f.why
            ),
            signatures=tuple(one.signatures.values()),
            reasons=tuple(dict.fromkeys(reasons)),
        )


def _both(one: FieldSeen, other: FieldSeen) -> FieldSeen:
    """A field seen on two copies of its page."""
    sure = ("certain", "likely")
    if one.value.sure in sure and other.value.sure in sure:
        if one.value.value == other.value.value:
            return one
        why = "la page figure deux fois, avec deux réponses différentes."
        return doubtful(None, one.value.how, one.value.page, why)
    return one if one.value.sure not in sure else other
