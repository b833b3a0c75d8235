"""Over a file we sealed, our own examination runs alone: it must refuse whatever pyHanko refuses.

Increments are made at random over a sealed PV, each from a few small changes of the kinds an
attacker has: an entry of any object, an object anywhere, validation data, a field’s signature. The
only ones pyHanko refuses and we let pass are the written traces of signing tools (`traces`).
"""

import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import IndirectObject, Reference, pdf_name, pdf_string
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification

from signing import changes, history
from signing.traces import TRACES
from tests.pki import Identity
from tests.signing import harm
from tests.signing.tools import mutool_sign, pyhanko_sign

Dice = random.Random
KEYS = (
    "/V", "/AP", "/Annots", "/Contents", "/Resources", "/Kids", "/Rotate", "/MediaBox", "/Type",
    "/Parent", "/T", "/FT", "/Lock", "/Perms", "/AcroForm", "/OCProperties", "/XFA", "/Names",
    "/OpenAction", "/AA", "/StructTreeRoot", "/Fields", "/SigFlags", "/DA", "/DR", "/Rect", "/F",
    "/Ff", "/M", "/Metadata", "/Title", "/Pages", "/Count", "/Length", "/Font", "/Encoding",
)  # fmt: skip


def target(writer: harm._Silent, dice: Dice) -> tuple[int, generic.PdfObject]:
    """One object of the file, whichever."""
    reader = writer.prev
    known = [
        ref
        for number in range(reader.xrefs.total_revisions)
        for ref in reader.get_historical_resolver(number).explicit_refs_in_revision()
    ]
    ref = dice.choice(sorted(known, key=lambda r: r.idnum))
    return ref.idnum, writer.get_object(Reference(ref.idnum, ref.generation, writer))


def value(writer: harm._Silent, dice: Dice) -> generic.PdfObject:
    number, _ = target(writer, dice)
    return dice.choice(
        (
            generic.NumberObject(dice.randrange(600)),
            generic.NullObject(),
            generic.BooleanObject(True),
            pdf_string("autre"),
            pdf_name("/Autre"),
            generic.ArrayObject(),
            generic.DictionaryObject(),
            IndirectObject(number, 0, writer),
            IndirectObject(dice.randrange(1, 400), 0, writer),
        )
    )


def an_entry(writer: harm._Silent, dice: Dice) -> None:
    number, held = target(writer, dice)
    if isinstance(held, generic.DictionaryObject):
        held[pdf_name(dice.choice([*KEYS, *map(str, held)]))] = value(writer, dice)
        writer.objects[(0, number)] = held


def an_entry_less(writer: harm._Silent, dice: Dice) -> None:
    number, held = target(writer, dice)
    if isinstance(held, generic.DictionaryObject) and held:
        del held[dice.choice(list(held))]
        writer.objects[(0, number)] = held


def an_item(writer: harm._Silent, dice: Dice) -> None:
    number, held = target(writer, dice)
    lists = [held] if isinstance(held, generic.ArrayObject) else []
    if isinstance(held, generic.DictionaryObject):
        lists = [v for v in (held.raw_get(k) for k in held) if isinstance(v, generic.ArrayObject)]
    if lists:
        chosen = dice.choice(lists)
        if chosen and dice.random() < 0.3:
            chosen.pop(dice.randrange(len(chosen)))
        else:
            chosen.insert(dice.randrange(len(chosen) + 1), value(writer, dice))
        writer.objects[(0, number)] = held


def a_stream(writer: harm._Silent, dice: Dice) -> None:
    number, held = target(writer, dice)
    if isinstance(held, generic.StreamObject):
        kept = {k: held.raw_get(k) for k in held if k not in ("/Filter", "/Length")}
        writer.objects[(0, number)] = generic.StreamObject(kept, stream_data=b"0 0 9 9 re f")


def another_object(writer: harm._Silent, dice: Dice) -> None:
    number, _ = target(writer, dice)
    writer.objects[(0, number)] = dice.choice(
        (generic.DictionaryObject(), generic.StreamObject(stream_data=b"q Q"), pdf_string("x"))
    )


def validation_data(writer: harm._Silent, dice: Dice) -> None:
    number, _ = target(writer, dice)
    listed = generic.ArrayObject([IndirectObject(number, 0, writer)])
    held = dice.choice((listed, IndirectObject(number, 0, writer), generic.ArrayObject()))
    key = dice.choice(("/Certs", "/CRLs", "/OCSPs", "/VRI", "/Z"))
    store = generic.DictionaryObject({pdf_name(key): held})
    writer.root[pdf_name("/DSS")] = dice.choice((store, writer.add_object(store)))
    writer.update_root()


def a_signature(writer: harm._Silent, dice: Dice) -> None:
    fields = [reference.get_object() for reference in writer.root["/AcroForm"]["/Fields"]]
    chosen, other = dice.choice(fields), dice.choice(fields)
    if isinstance(other.get("/V"), generic.DictionaryObject) and dice.random() < 0.6:
        held = other.raw_get("/V")
    else:
        shape = {pdf_name("/Type"): pdf_name("/Sig"), pdf_name("/M"): pdf_string("D:2026")}
        held = writer.add_object(generic.DictionaryObject(shape))
    chosen[pdf_name("/V")] = held
    writer.objects[(0, chosen.container_ref.idnum)] = chosen


ACTS: tuple[Callable[[harm._Silent, Dice], None], ...] = (
    an_entry, an_entry_less, an_item, a_stream, another_object, validation_data, a_signature,
)  # fmt: skip


@pytest.fixture(scope="module")
def countersigned(
    sealed: Path, member: Identity, rsa_member: Identity, tmp_path_factory: pytest.TempPathFactory
) -> bytes:
    folder = tmp_path_factory.mktemp("contresigné")
    one = pyhanko_sign(sealed, folder / "1.pdf", "Membre 1", member)
    return mutool_sign(one, folder / "2.pdf", "Membre 2", rsa_member).read_bytes()


def forged(content: bytes, seed: int) -> bytes | None:
    dice = Dice(seed)
    writer = harm._Silent(io.BytesIO(content), strict=False)
    out = io.BytesIO()
    try:
        for act in dice.choices(ACTS, k=dice.randint(1, 2)):
            act(writer, dice)
        writer.write(out)
    except Exception:  # the first act broke what the second needs: no file, no attack
        return None
    return out.getvalue()


def both(content: bytes) -> tuple[bool, bool]:
    """Whether ours, then pyHanko’s, let the last revision pass; an error is a refusal."""
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    last = reader.xrefs.total_revisions - 1
    try:
        step = changes.review(reader, last)
        ours = not step.problems and not step.visible
    except Exception:
        ours = False
    old, new = reader.get_historical_resolver(last - 1), reader.get_historical_resolver(last)
    try:
        history._POLICY.apply(old, new)
        theirs = True
    except SuspiciousModification:
        theirs = False
    except Exception:
        theirs = False
    return ours, theirs


def only_traces(content: bytes) -> bool:
    """Whether the last revision holds nothing but written traces: entries of `TRACES`."""
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    last = reader.xrefs.total_revisions - 1
    old, new = reader.get_historical_resolver(last - 1), reader.get_historical_resolver(last)
    written = frozenset().union(*(trace.keys for trace in TRACES))
    for ref in new.explicit_refs_in_revision():
        try:
            before = old(ref)
        except Exception:
            continue
        after = new(ref)
        if not isinstance(before, generic.DictionaryObject):
            continue
        if changes._differing(before, after) - written:
            return False
    return True


@pytest.mark.parametrize("over", ["sealed", "countersigned"])
def test_an_increment_the_library_refuses_is_refused_by_ours(
    over: str, sealed: Path, countersigned: bytes
) -> None:
    content = sealed.read_bytes() if over == "sealed" else countersigned
    seen = {True: 0, False: 0}

    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(st.integers(min_value=0, max_value=2**32))
    def stricter(seed: int) -> None:
        attack = forged(content, seed)
        if attack is None:
            return
        ours, theirs = both(attack)
        seen[theirs] += 1
        if ours and not theirs:
            assert only_traces(attack), seed

    stricter()
    assert seen[False] > 40, "the attacks should mostly be attacks"
