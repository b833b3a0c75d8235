"""Files that two readers read in two ways: never valid; beside each, the file that reads in one.

A program that mends what it reads finds objects that no table names; of a key said twice, some
keep the first value and some the last.
"""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from signing import pades, seals
from signing.trust import Trust
from signing.verify import verify
from tests.pki import Identity
from tests.signing.conftest import loaded, now
from tests.signing.test_structure import OVER, last_table, plain, renumbered, verdict
from tests.signing.tools import pyhanko_sign

Forged = Callable[[bytes], bytes]


def revision(content: bytes, objects: dict[int, bytes], *, previous: int | None = None) -> bytes:
    """One more classic revision with those objects."""
    size = int(re.findall(rb"/Size (\d+)", content)[-1])
    root = re.findall(rb"/Root (\d+) 0 R", content)[-1]
    out, places = content, {}
    for number, told in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, told)
    table = len(out)
    lines = b"".join(b"%d 1\n%010d 00000 n \n" % one for one in sorted(places.items()))
    trailer = b"<</Size %d /Root %b 0 R /Prev %d>>" % (
        max(size, *(n + 1 for n in places)),
        root,
        last_table(content) if previous is None else previous,
    )
    return out + b"xref\n%btrailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (lines, trailer, table)


def page_covered(content: bytes) -> bytes:
    """An ordinary forgery: the page’s content is another."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        number = pdf.pages[0].Contents.objgen[0]
    drawn = b"<</Length %d>>\nstream\n%b\nendstream" % (len(OVER), OVER)
    return revision(content, {number: drawn})


def named_then_denied(content: bytes) -> bytes:
    """The forged table is named, and the former one after it, before the one end."""
    forged = page_covered(content)
    head = forged.rpartition(b"startxref")[0]
    return head + b"startxref\n%d\nstartxref\n%d\n%%%%EOF\n" % (
        last_table(forged),
        last_table(content),
    )


def ended_twice(content: bytes) -> bytes:
    """The forged revision is whole; the former table is named again after its end."""
    return page_covered(content) + b"startxref\n%d\n%%%%EOF\n" % last_table(content)


def only_objects(content: bytes) -> bytes:
    """Objects without any table; the former one is named again."""
    return content + b"16 0 obj\n<</Length 0>>\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        last_table(content)
    )


def named_again(content: bytes) -> bytes:
    return content + b"startxref\n%d\n%%%%EOF\n" % last_table(content)


HIDDEN: list[Forged] = [named_then_denied, ended_twice, only_objects, named_again]


@pytest.mark.parametrize("kind", ["signed", "signed_unlocked", "certified", "sealed"])
@pytest.mark.parametrize("forged", HIDDEN)
def test_objects_no_table_names_do_not_follow_a_signature(
    forged: Forged, kind: str, trusted: Trust, request: pytest.FixtureRequest
) -> None:
    control = request.getfixturevalue(kind).read_bytes()
    assert verdict(control, trusted) == "valid"
    attack = forged(control)
    assert verdict(attack, trusted) == "invalid"
    assert seals.compare(control, attack).accepted is False


@pytest.mark.parametrize("forged", HIDDEN)
def test_nor_do_they_follow_the_signatures_of_a_sealed_file(
    forged: Forged, sealed: Path, member: Identity, trusted: Trust, tmp_path: Path
) -> None:
    control = pyhanko_sign(sealed, tmp_path / "1.pdf", "Membre 1", member).read_bytes()
    assert verdict(control, trusted) == "valid"
    assert seals.compare(sealed, control).accepted
    attack = forged(control)
    assert verdict(attack, trusted) == "invalid"
    assert seals.compare(sealed, attack).accepted is False
    ours = verify(attack, at=now(), trust=trusted, sealed=sealed)
    assert ours.verdict == "invalid"


def repeated(key: bytes, value: bytes, other: bytes) -> Callable[[bytes], bytes]:
    def doubled(content: bytes) -> bytes:
        assert content.count(key + b" " + value) == 1
        return content.replace(key + b" " + value, key + b" " + value + b" " + key + b" " + other)

    return doubled


def with_another_content(content: bytes) -> bytes:
    (number,) = re.findall(rb"/Contents (\d+) 0 R", content)
    return repeated(b"/Contents", number + b" 0 R", b"1 0 R")(content)


TWICE = {
    "the page’s content": with_another_content,
    "an answer": repeated(b"/V", b"(Favorable)", b"(Defavorable)"),
    "the page’s size": repeated(b"/MediaBox", b"[ 0 0 595 842 ]", b"[ 0 0 10 10 ]"),
}


@pytest.mark.parametrize("case", TWICE)
def test_a_key_said_twice_before_the_signature_is_never_valid(
    case: str, employer: Identity, trusted: Trust, tmp_path: Path
) -> None:
    """Signed as it was: nothing was changed since, and yet nobody knows what was seen."""
    once = plain(tmp_path / "une.pdf", lambda _: None)
    for path, content, expected in (
        (once, once.read_bytes(), "valid"),
        (tmp_path / "deux.pdf", TWICE[case](once.read_bytes()), "indeterminate"),
    ):
        path.write_bytes(renumbered(content))
        signed = pyhanko_sign(path, tmp_path / f"{expected}.pdf", "Employeur", employer,
                              "--no-strict-syntax")  # fmt: skip
        report = verify(signed, at=now(), trust=trusted)
        assert report.verdict == expected
    assert "y est dite deux fois" in " ".join(report.signatures[0].reasons)


@pytest.mark.parametrize("turn", ["itself", "the first", "beyond", "negative"])
def test_tables_that_go_round_or_nowhere_are_never_valid(
    turn: str, signed_unlocked: Path, trusted: Trust
) -> None:
    content = signed_unlocked.read_bytes()
    assert verdict(content, trusted) == "valid"
    places = [int(n) for n in re.findall(rb"startxref\s+(\d+)", content)]
    # The first revision’s table, named after the last one’s, forgets the signed revision.
    target = {"itself": len(content), "the first": places[0], "beyond": 10**9, "negative": -1}
    forged = revision(content, {500: b"null"}, previous=target[turn])
    assert verdict(forged, trusted) in {"invalid", "indeterminate", "unsigned", "unreadable"}


@pytest.mark.parametrize("which", ["Kids", "Count"])
def test_the_pages_are_not_spliced_through_the_objects_that_list_them(
    which: str, employer: Identity, trusted: Trust, tmp_path: Path
) -> None:
    """The list of pages, or their number, stands in an object of its own, replaced afterwards."""

    source, target = plain(tmp_path / "a.pdf", lambda _: None), tmp_path / "s.pdf"
    content = source.read_bytes()
    held = re.findall(rb"/%b (\[[^]]*\]|1)" % which.encode(), content)[0]  # the pages come first
    apart = max(int(n) for n in re.findall(rb"\n(\d+) 0 obj", content)) + 1
    named = b"/%b " % which.encode()
    table = content.rindex(b"\nxref\n")
    content = content[:table] + b"\n%d 0 obj\n%b\nendobj" % (apart, held) + content[table:]
    content = content.replace(named + held, named + b"%d 0 R" % apart, 1)
    content = re.sub(rb"/Size \d+", b"/Size %d" % (apart + 1), content)
    source.write_bytes(renumbered(content))
    pades.sign(source, target, field="Employeur", signer=loaded(employer), at=now())
    control = target.read_bytes()
    assert verdict(control, trusted) == "valid"
    with pikepdf.open(target) as pdf:
        pages = pdf.Root.Pages.objgen[0]
    page = b"<</Type /Page /Parent %d 0 R /MediaBox [0 0 595 842]>>" % pages
    told = b"[ 900 0 R ]" if which == "Kids" else b"0"
    forged = revision(control, {apart: told, 900: page})
    assert verdict(forged, trusted) == "invalid"
    assert seals.compare(control, forged).accepted is False


@pytest.mark.parametrize("hybrid", [False, True])
def test_a_file_of_two_kinds_of_tables_is_read_and_said(
    hybrid: bool, employer: Identity, trusted: Trust, tmp_path: Path
) -> None:
    """Object streams are well; a table beside them that says otherwise is for nobody."""
    source = plain(tmp_path / "a.pdf", lambda _: None)
    with pikepdf.open(source) as pdf:
        pdf.pages[0].obj.Marque = Dictionary(Name=Name.Essai)
        pdf.save(tmp_path / "b.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    signed = pyhanko_sign(tmp_path / "b.pdf", tmp_path / "s.pdf", "Employeur", employer)
    content = signed.read_bytes()
    assert verdict(content, trusted) == "valid"
    if not hybrid:
        return
    with pikepdf.open(signed) as pdf:
        number = pdf.pages[0].Contents.objgen[0]
    drawn = b"<</Length %d>>\nstream\n%b\nendstream" % (len(OVER), OVER)
    forged = revision(content, {number: drawn})
    assert verdict(forged, trusted) != "valid"
    assert seals.compare(content, forged).accepted is False
