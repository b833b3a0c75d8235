"""The structure tree of a tagged PDF: what is heading, paragraph, cell, field, in reading order.

Elements are grown while pages are drawn and written at the end. Nothing here draws.
"""

from dataclasses import dataclass, field
from typing import Any

from forms.objects import Name, Objects, Ref


@dataclass(frozen=True, slots=True)
class Content:
    """A marked piece of a page: its page index and its number there."""

    page: int
    mcid: int


@dataclass(frozen=True, slots=True)
class Widget:
    """An annotation that belongs to an element; `key` is its entry in the parent tree."""

    page: int
    annotation: Ref
    key: int


@dataclass(slots=True, eq=False)
class Element:
    """One structure element. `actual`: the words a drawn mark stands for.

    `attributes` are « Table », « List » or « Layout » attributes.
    """

    role: str
    alt: str = ""
    actual: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    identity: str = ""
    kids: list["Element | Content | Widget"] = field(default_factory=list)

    def child(self, role: str, **entries: Any) -> "Element":
        """A new element, last under this one."""
        element = Element(role, **entries)
        self.kids.append(element)
        return element


def write(
    objects: Objects, root: Element, pages: list[Ref], page_keys: list[int], next_key: int
) -> Ref:
    """The StructTreeRoot of `root`; page i has the parent-tree key page_keys[i]."""
    tree = objects.reserve()
    contents: list[list[Ref]] = [[] for _ in pages]
    entries_by_key: dict[int, Any] = {}
    identities: dict[str, Ref] = {}

    def describe(element: Element, parent: Ref) -> Ref:
        ref = objects.reserve()
        kids: list[Any] = []
        for kid in element.kids:
            if isinstance(kid, Element):
                if kid.kids or kid.role in _MAY_BE_EMPTY:
                    kids.append(describe(kid, ref))
            elif isinstance(kid, Content):
                on_page = contents[kid.page]
                on_page.extend([ref] * (kid.mcid + 1 - len(on_page)))
                on_page[kid.mcid] = ref
                kids.append({"Type": _MCR, "Pg": pages[kid.page], "MCID": kid.mcid})
            else:
                entries_by_key[kid.key] = ref
                kids.append({"Type": _OBJR, "Pg": pages[kid.page], "Obj": kid.annotation})
        entries: dict[str, Any] = {"Type": _ELEMENT, "S": Name(element.role), "P": parent}
        if kids:
            entries["K"] = kids[0] if len(kids) == 1 else kids
        if element.alt:
            entries["Alt"] = element.alt
        if element.actual:
            entries["ActualText"] = element.actual
        if element.attributes:
            entries["A"] = element.attributes
        if element.identity:
            entries["ID"] = element.identity.encode()
            identities[element.identity] = ref
        return objects.put(ref, entries)

    top = describe(root, tree)
    numbers: list[Any] = []
    for key, refs in zip(page_keys, contents, strict=True):
        entries_by_key[key] = objects.add(refs)
    for key in sorted(entries_by_key):
        numbers += [key, entries_by_key[key]]
    entries: dict[str, Any] = {
        "Type": Name("StructTreeRoot"),
        "K": top,
        "ParentTree": objects.add({"Nums": numbers}),
        "ParentTreeNextKey": next_key,
    }
    if identities:
        names: list[Any] = []
        for identity in sorted(identities, key=str.encode):
            names += [identity.encode(), identities[identity]]
        entries["IDTree"] = {"Names": names}
    return objects.put(tree, entries)


_ELEMENT = Name("StructElem")
_MCR = Name("MCR")
_OBJR = Name("OBJR")
_MAY_BE_EMPTY = frozenset({"TD", "TH"})
