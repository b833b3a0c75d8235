"""A database that was lost is never begun again as if the space were new: nobody else is given the
numbers of those it knew.
"""

import pytest

from casefiles.errors import JournalDamaged, ParcheminError, StoreAway
from tests.stories.conftest import AsTold
from tests.stories.test_keeping import heads, lose_the_database, seen
from watch.commands.doctor import examine
from watch.commands.migrate import migrate
from watch.keeping.restoring import rebuild
from watch.office import now, open_office
from watch.service import daemon
from watch.service.daemon import run
from watch.service.truth import Truth


def test_no_watch_begins_again_on_a_base_that_was_lost(as_told: AsTold) -> None:
    space = as_told("décidé")
    before, looked = heads(space), seen(space)
    lose_the_database(space)
    waiting = space.workspace.drop_here / "grille.pdf"
    waiting.write_bytes(b"%PDF-1.7")
    # Its tables may have been made again already: it is lost all the same.
    for _ in range(2):
        with pytest.raises(ParcheminError, match="est vide") as told:
            run(space.workspace, once=True, settling=0.0)
        assert "parchemin rebuild" in told.value.remedy
    waiting.unlink(missing_ok=True)
    assert seen(space) == looked
    assert rebuild(space.workspace).warnings == ()
    space.reopen()
    assert heads(space) == before


def test_no_command_either_and_doctor_says_it(as_told: AsTold) -> None:
    space = as_told("inscrit")
    lose_the_database(space)
    with pytest.raises(JournalDamaged, match="est vide"):
        open_office(space.workspace)
    with pytest.raises(JournalDamaged, match="est vide"):
        migrate(space.workspace, "postgresql:///rien?host=/nulle-part", at=now())
    assert [check.what for check in examine(space.workspace) if not check.good] == ["Réglages"]


def test_settings_that_name_an_empty_base_are_told_so(as_told: AsTold) -> None:
    space = as_told("inscrit")
    other = f'base_de_donnees = "sqlite:///{space.root / "autre.sqlite"}"'
    with pytest.raises(JournalDamaged, match="en nomment une autre"):
        space.reopen(edit=lambda text: text.replace('base_de_donnees = ""', other))


def test_a_watch_that_only_passes_does_not_wait_for_ever_for_its_base(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch
) -> None:
    space, asked = as_told("nouveau"), []

    def away(*_: object) -> tuple[str, ...]:
        asked.append(True)
        raise StoreAway("La base de données ne répond pas.")

    monkeypatch.setattr(Truth, "due", away)
    monkeypatch.setattr(daemon, "AWAY", 0.01)
    monkeypatch.setattr(daemon, "STARTING", 0.1)
    space.close()
    with pytest.raises(StoreAway):
        run(space.workspace, once=True, settling=0.0)
    assert len(asked) > 1
