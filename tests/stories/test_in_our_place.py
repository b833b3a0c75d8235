"""What is no file, put under the name of one of ours: ours comes back there, once, and the other is
set beside it and named.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories.conftest import AsTold
from tests.stories.space import Space
from tests.stories.test_astray import look
from watch.commands.status import report
from watch.share import board, strays, verification
from watch.share.workspace import CHECKING

ODD: dict[str, Callable[[Path], object]] = {
    "dossier": lambda place: (place / "vide").mkdir(parents=True),
    "lien": lambda place: place.symlink_to(place.with_name("LISEZ-MOI.txt")),
    "lien rompu": lambda place: place.symlink_to("/nulle/part"),
    "tube": os.mkfifo,
}


@pytest.fixture(params=ODD.values(), ids=ODD.keys())
def odd(request: pytest.FixtureRequest) -> Callable[[Path], object]:
    found: Callable[[Path], object] = request.param
    return found


def test_a_page_at_the_top_is_back_where_it_must_be_and_only_there(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch, odd: Callable[[Path], object]
) -> None:
    monkeypatch.setattr(strays, "PATIENCE", 0.0)
    space: Space = as_told("inscrit")
    verification.show(space.office)
    pages = [space.workspace.board, *(space.workspace.share / name for name in CHECKING)]
    for page in pages:
        page.unlink()
        odd(page)
    for _ in range(3):
        board.show(space.office)
        verification.show(space.office)
    assert all(page.is_file() and not page.is_symlink() for page in pages)
    for page in pages:
        beside = page.with_name(f"{page.stem} (2){page.suffix}")
        assert os.path.lexists(beside)
        assert not os.path.lexists(page.with_name(f"{page.stem} (3){page.suffix}"))
    look(space)
    if not any(page.with_name(f"{page.stem} (2){page.suffix}").is_dir() for page in pages):
        assert len(report(space.office)["astray"]) == len(pages)


@pytest.mark.parametrize("where", ["RESTE*", "Reçus/Dossier*"])
def test_a_file_of_a_case_too(
    as_told: AsTold,
    monkeypatch: pytest.MonkeyPatch,
    odd: Callable[[Path], object],
    where: str,
) -> None:
    monkeypatch.setattr(strays, "PATIENCE", 0.0)
    space: Space = as_told("inscrit")
    number = space.numbers()[-1]
    (file,) = space.folder(number).glob(where)
    file.unlink()
    odd(file)
    for _ in range(3):
        space.show(number)
    assert file.is_file()
    assert not file.is_symlink()
    beside = [one for one in os.listdir(file.parent) if file.stem in one and one != file.name]
    assert len(beside) == 1
