"""What a refusal owes to people: the file whole beside its reason, and nothing else moved."""

import hashlib
from pathlib import Path

from casefiles.events import Event, FormIssued, ProductIssued
from tests.stories.space import Space


def refused(space: Space, source: Path | bytes, *words: str, name: str = "scan0001.pdf") -> str:
    """Drop it: it comes back with its reason, whole, and nothing else has moved; the reason."""
    before = moved(space)
    answer = space.hand_in(source, name)
    assert answer.outcome == "refused", answer
    assert moved(space) == before
    content = source if isinstance(source, bytes) else source.read_bytes()
    told = beside(space, content, "POURQUOI")
    for word in words:
        assert word in told, (word, told)
    return told


def moved(space: Space) -> dict[str, int]:
    """Every case and session, and how far it has come; copies sent back for correction apart."""
    journal = space.office.journal
    return {
        stream: sum(not _sent_back(one.event) for one in journal.read(stream))
        for stream in journal.positions()
        if not stream.startswith("depot/")
    }


def _sent_back(event: Event) -> bool:
    return isinstance(event, FormIssued | ProductIssued) and "/À corriger - " in event.path


def beside(space: Space, content: bytes, note: str) -> str:
    """What is written beside the file in « 3 À corriger », which must be the very file."""
    for file in space.workspace.to_correct.iterdir():
        if file.suffix != ".txt" and file.read_bytes() == content:
            text = file.with_name(f"{file.name} - {note}.txt").read_text(encoding="utf-8-sig")
            assert "QUE FAIRE" in text
            assert hashlib.sha256(content).hexdigest() in text
            return text
    raise AssertionError("the file is not in « 3 À corriger »")


def goes_on(space: Space, number: str) -> None:
    """The next file, a good one, is taken as if nothing had happened."""
    assert space.hand_in(space.modalities(number), "suivant.pdf").outcome == "accepted"
    assert not list(space.workspace.drop_here.iterdir())
    space.office.journal.verify()
