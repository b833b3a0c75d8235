"""Whether a file that comes back is the one we sealed, with signatures added and nothing else."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Literal

from pyhanko.pdf_utils.reader import PdfFileReader

from signing import changes, opening
from signing.opening import Source

Additions = Literal["none", "signatures", "other", "undecidable"]
_BLOCK = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """begins_with_sealed: byte for byte. added: what the increments hold. signed: the fields that
    were signed, in order. stamped: document time-stamps. reasons: whole sentences, in French."""

    begins_with_sealed: bool
    added: Additions
    signed: tuple[str, ...] = ()
    stamped: tuple[str, ...] = ()
    lenient: bool = False
    reasons: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """The sealed file, with nothing added or only signatures and validation data."""
        return self.begins_with_sealed and self.added in {"none", "signatures"}


def compare(sealed: Source, returned: Source) -> Comparison:
    """What was done to `sealed` to make `returned`; signatures are recognised, not verified."""
    with opening.stream_of(returned) as stream:
        same_start = begins_with(stream, sealed)
        grown = stream.seek(0, io.SEEK_END) > opening.size_of(sealed)
    if not same_start:
        return Comparison(
            begins_with_sealed=False,
            added="other",
            reasons=(
                "Ce fichier ne commence pas, octet pour octet, par celui que nous avons scellé : "
                "il a été réenregistré, ou il vient d’une autre version.",
            ),
        )
    if not grown:
        return Comparison(begins_with_sealed=True, added="none")
    strictly = _additions(sealed, returned, lenient=False)
    return (
        strictly if strictly.added != "undecidable" else _additions(sealed, returned, lenient=True)
    )


def find(returned: Source, candidates: Iterable[tuple[str, Source]]) -> str | None:
    """The name of the longest sealed file that `returned` begins with, None when there is none."""
    found: tuple[int, str] | None = None
    with opening.stream_of(returned) as stream:
        for name, sealed in candidates:
            if begins_with(stream, sealed):
                found = max(found or (0, ""), (opening.size_of(sealed), name))
    return found[1] if found else None


def begins_with(stream: IO[bytes], sealed: Source) -> bool:
    """Whether the stream's first bytes are all those of `sealed`, read a block at a time."""
    stream.seek(0)
    with opening.stream_of(sealed) as reference:
        while block := reference.read(_BLOCK):
            if stream.read(len(block)) != block:
                return False
    return True


def revisions_within(reader: PdfFileReader, size: int) -> int:
    """How many of the document's revisions end within its first `size` bytes."""
    xrefs = reader.xrefs
    return sum(
        xrefs.get_xref_container_info(revision).end_location <= size
        for revision in range(xrefs.total_revisions)
    )


def _additions(sealed: Source, returned: Source, *, lenient: bool) -> Comparison:
    try:
        with opening.document(returned, lenient=lenient) as opened:
            first = revisions_within(opened.reader, opening.size_of(sealed))
            last = opened.reader.xrefs.total_revisions
            steps = [changes.review(opened.reader, number) for number in range(first, last)]
            was_lenient = opened.lenient
            stray = opening.trailing(opened.stream) or opening.unread(opened.reader)
    except Exception as error:  # hostile bytes raise anything
        return Comparison(
            begins_with_sealed=True,
            added="undecidable",
            lenient=lenient,
            reasons=(
                "Ce qui a été ajouté au fichier scellé n’a pas pu être lu "
                f"({type(error).__name__}) : non vérifiable.",
            ),
        )
    problems = [problem for step in steps for problem in step.problems]
    problems += [
        f"un champ de signature visible « {name} » a été ajouté"
        for step in steps
        for name in step.visible
    ]
    signed = tuple(name for step in steps for name in step.signed)
    stamped = tuple(name for step in steps for name in step.stamped)
    if stray or not steps:
        problems.append("des octets ont été ajoutés qui ne forment pas une révision")
    reasons = [f"Depuis le scellement, {problem}." for problem in dict.fromkeys(problems)]
    if was_lenient:
        reasons.append("La structure du fichier est irrégulière : il a été lu avec indulgence.")
    return Comparison(
        begins_with_sealed=True,
        added="other" if problems else "signatures",
        signed=signed,
        stamped=stamped,
        lenient=was_lenient,
        reasons=tuple(reasons),
    )
