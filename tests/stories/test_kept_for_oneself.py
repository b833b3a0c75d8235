"""Somebody saves, over a file of ours, one that the office may not read, as some programs do: the
case goes on being shown, and nothing of theirs is lost.
"""

import errno
import os
from pathlib import Path

import pytest

from tests.stories.conftest import AsTold
from tests.stories.space import Space


def keep_for_oneself(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes that stand there now are refused to the office, under whatever name."""
    file.write_bytes(b"%PDF-1.7 le mien")
    kept, opened = os.stat(file).st_ino, os.open

    def refusing(path: str | Path | int, *asked: int, **also: int) -> int:
        if not isinstance(path, int) and os.path.exists(path) and os.stat(path).st_ino == kept:
            raise PermissionError(errno.EACCES, "refusé", str(path))
        return opened(path, *asked, **also)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refusing)


@pytest.mark.parametrize(
    ("stage", "where"),
    [("inscrit", "Reçus/Dossier*"), ("décidé", "Produits/Parchemin*"), ("inscrit", "RESTE*")],
)
def test_it_is_set_beside_and_ours_is_back(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch, stage: str, where: str
) -> None:
    space: Space = as_told(stage)
    number = space.numbers()[-1]
    (file,) = space.folder(number).glob(where)
    before = file.read_bytes()
    with monkeypatch.context() as theirs:
        keep_for_oneself(file, theirs)
        space.show(number)
        space.show(number)
    there = [one for one in file.parent.iterdir() if one.is_file()]
    (beside,) = [one for one in there if one.read_bytes() == b"%PDF-1.7 le mien"]
    assert beside != file
    # RESTE À FAIRE is written anew; the others are what was shown.
    assert file.read_bytes() == before or file.name.startswith("RESTE À FAIRE")
