"""A disk that fails while a volume reads what it binds: nothing altered is ever handed on.

qpdf makes an empty object of what it could not read, and only warns.
"""

import hashlib
from pathlib import Path

from signing.pack import Original, Part, assemble
from tests.signing import documents
from tests.signing.conftest import now
from tests.stories import stepping

READS = ("pread64", "read")


def test_a_volume_that_could_not_read_all_its_pages_is_not_made(tmp_path: Path) -> None:
    """At each read there is, of the pages, of the piece joined to them and of the volume itself."""
    pages = documents.archival(tmp_path / "pages.pdf", pages=4)
    (piece := tmp_path / "preuve.txt").write_bytes(b"une preuve\r" * 400)
    sha256 = hashlib.sha256(piece.read_bytes()).hexdigest()
    made, at = tmp_path / "volume.pdf", now()

    def bind() -> None:
        parts = [Part(path=pages, title="Avis"), Part(path=pages, title="Grille")]
        joined = [Original(path=piece, name="preuve.txt", sha256=sha256, mime="text/plain")]
        assemble(made, title="Pièces", parts=parts, originals=joined, at=at)

    bind()
    whole = made.read_bytes()
    undisturbed = stepping.run(bind, tmp_path, f"trace={','.join(READS)}")
    reads = [(name, n) for name in READS for n in range(1, undisturbed.made(name) + 1)]
    refused = 0
    for name, number in reads:
        made.unlink()
        ended = stepping.failing(bind, tmp_path, (name,), "EIO", str(number))
        # Two runs may read once more, or once less.
        assert ended.injected or ended.made(name) < number, f"{name} n° {number} did not fail"
        refused += not made.exists()
        if made.exists():
            assert made.read_bytes() == whole, f"{name} n° {number} altered the volume unseen"
        else:
            bind()
    assert refused > len(reads) // 2
