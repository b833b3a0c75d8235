"""What is past its term leaves everywhere; chain and register stay; a person’s own export."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from casefiles.answers import Modalities
from casefiles.answers.office_act import ActKind
from casefiles.errors import SettingsError, UnreadableFile
from casefiles.events import Purged
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.commands.deep import prove
from watch.commands.rehearsal import answers as people
from watch.keeping import daily, erased, purging, retention
from watch.keeping.backup import backup
from watch.keeping.person import export
from watch.keeping.restoring import restore
from watch.office import now

YEAR = timedelta(days=366)
PROOF = b"%PDF-1.4\n% l'accord, tel qu'il fut numerise\n"


def later(space: Space, years: float) -> None:
    """The same office, that many years on."""
    space.office.clock = lambda: now() + years * YEAR
    space.office.journal._clock = space.office.clock


def kinds(space: Space) -> list[str]:
    return sorted(one.kind for one in retention.due(space.office))


def telling(root: Path, words: str) -> Iterator[str]:
    """The files and folders under `root` whose name or bytes hold those words."""
    spelled = {words.encode(), json.dumps(words).strip('"').encode()}
    for path in root.rglob("*"):
        found = path.is_file() and any(one in path.read_bytes() for one in spelled)
        if words in path.name or found:
            yield path.relative_to(root).as_posix()


def test_a_case_past_its_term_leaves_everywhere_and_the_register_stays(as_told: AsTold) -> None:
    space = as_told("décidé")
    name, number = space.case().candidate.full_name, space.numbers()[-1]
    held = space.case().delivery
    assert held is not None
    safe = space.root / "sauvegarde"
    backup(space.office, safe)
    mine = [d.sha256 for d in space.case().documents]
    parchemin = space.case().product("parchemin")
    assert parchemin is not None
    later(space, 11)
    dues = retention.due(space.office)
    assert {one.kind for one in dues} == {"certifies", "sessions"}
    swept = purging.purge(space.office, dues)
    journal = space.office.journal
    assert not swept.left
    with journal.engine.connect() as connection:
        emptied = "SELECT stream FROM events WHERE payload IS NULL"
        assert len(connection.exec_driver_sql(emptied).all()) > 2 * len(mine)
        # With its salt, what was said could be guessed, and the guess proven.
        assert not connection.exec_driver_sql(f"{emptied} AND salt IS NOT NULL").all()
    assert not any(space.office.workspace.done.iterdir())
    assert isinstance(journal.read(f"dossier/{number}")[0].event, Purged)
    assert not any(sha256 in space.office.originals for sha256 in mine)
    assert held.number in journal.read(f"registre/{held.number}")[0].event.model_dump_json()
    assert parchemin.sha256 in space.office.originals
    assert list(prove(space.office)) == []
    space.catch_up()
    for side in (space.workspace.share, space.workspace.private):
        assert list(telling(side, name)) == []
    assert backup(space.office, safe).erased > len(set(mine)) - 1
    assert not any((safe / "originaux" / s[:2] / s[2:]).exists() for s in mine)
    assert (safe / "originaux" / parchemin.sha256[:2] / parchemin.sha256[2:]).exists()
    assert kinds(space) == []
    space.close()
    shutil.rmtree(space.workspace.private)
    restore(safe, space.workspace)
    space.reopen()
    assert parchemin.sha256 in space.office.originals
    assert not any(sha256 in space.office.originals for sha256 in mine)
    assert list(prove(space.office)) == []


def test_what_another_case_still_names_is_kept(as_told: AsTold) -> None:
    space = as_told("inscrit")
    first = space.numbers()[-1]
    second = space.enrol({"candidate/birth_name": "EXEMPLE-AUTRE", "candidate/first_name": "Lou"})
    proof = space.hand_in(PROOF, "accord de l’entreprise.pdf", door="bureau")
    facts = {"question": Modalities.TITLE, "day": people.fr(space.today)}
    for number in (first, second):
        taken = space.ask(ActKind.TAKEN, number, document=proof.document, **facts)
        assert taken.outcome == "accepted", taken
    shared, own = hashlib.sha256(PROOF).hexdigest(), space.case(first).documents[0].sha256
    space.act(ActKind.ABANDON, first)
    later(space, 3)
    dues = retention.due(space.office)
    gone = {stream for due in dues for stream in due.streams}
    assert f"dossier/{first}" in gone
    assert f"dossier/{second}" not in gone
    # It is on the list of what goes: the other case alone keeps it.
    purging.purge(space.office, dues)
    assert shared in erased.listed(space.workspace)
    assert own not in space.office.originals
    assert space.office.originals.get(shared) == PROOF
    shown = [file.read_bytes() for file in (space.folder(second) / "Reçus").iterdir()]
    assert PROOF in shown
    assert list(prove(space.office)) == []
    assert [row[2]["number"] for row in space.office.journal.summaries("dossier")] == [second]
    space.act(ActKind.ABANDON, second)
    later(space, 6)
    purging.purge(space.office, retention.due(space.office))
    assert shared not in space.office.originals
    assert list(prove(space.office)) == []


def test_a_sessions_pack_stays_as_long_as_the_longest_of_its_files(as_told: AsTold) -> None:
    space = as_told("décidé")
    space.reopen(edit=lambda text: text.replace("sessions = 10", "sessions = 1"))
    later(space, 2)
    assert kinds(space) == []
    later(space, 11)
    assert kinds(space) == ["certifies", "sessions"]


def test_a_case_that_goes_on_has_no_term_and_zero_is_for_ever(as_told: AsTold) -> None:
    space = as_told("complet")
    later(space, 90)
    assert kinds(space) == []
    space.act(ActKind.ABANDON, space.numbers()[-1])
    later(space, 93)
    assert kinds(space) == ["abandonnes"]
    space.reopen(edit=lambda text: text.replace("abandonnes = 2", "abandonnes = 0"))
    later(space, 180)
    assert kinds(space) == []


def test_a_drop_that_led_nowhere_leaves_with_its_receipt(as_told: AsTold) -> None:
    space = as_told("nouveau")
    answer = space.hand_in(b"%PDF-1.4 rien", "CV de Zoe EXEMPLE-NULLEPART.pdf")
    assert answer.outcome == "refused"
    later(space, 2)
    purging.purge(space.office, retention.due(space.office))
    assert answer.sha256 not in space.office.originals
    assert list(telling(space.workspace.share, "NULLEPART")) == []
    assert list(telling(space.workspace.private, "NULLEPART")) == []
    assert space.workspace.to_correct.is_dir()
    assert list(prove(space.office)) == []


def test_what_people_put_in_the_folder_is_left_and_named(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    folder = space.folder(number)
    (folder / "notes à moi.txt").write_text("appeler", encoding="utf-8")
    space.act(ActKind.ABANDON, number)
    later(space, 3)
    swept = purging.purge(space.office, retention.due(space.office))
    (left,) = swept.left
    assert [p.name for p in (space.workspace.share / left).rglob("*")] == ["notes à moi.txt"]


def test_an_older_backup_restored_is_purged_again(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number, name = space.numbers()[-1], space.case().candidate.full_name
    space.act(ActKind.ABANDON, number)
    safe = space.root / "sauvegarde"
    backup(space.office, safe, with_keys=True)
    mine = space.case(number).documents[0].sha256
    later(space, 3)
    purging.purge(space.office, retention.due(space.office))
    space.close()
    shutil.rmtree(space.workspace.private)
    restore(safe, space.workspace)
    space.reopen()
    assert isinstance(space.office.journal.read(f"dossier/{number}")[0].event, Purged)
    assert mine not in space.office.originals
    space.catch_up()
    assert list(prove(space.office)) == []
    assert list(telling(space.workspace.private, name)) == []


def test_a_purge_cut_short_is_finished_the_next_time(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = as_told("inscrit")
    space.act(ActKind.ABANDON, space.numbers()[-1])
    mine = space.case().documents[0].sha256
    later(space, 3)
    with monkeypatch.context() as broken:
        broken.setattr(purging, "sweep", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            purging.purge(space.office, retention.due(space.office))
    assert mine in space.office.originals
    assert mine in erased.listed(space.workspace)
    purging.purge(space.office, retention.due(space.office))
    assert mine not in space.office.originals


@pytest.mark.parametrize("automatic", [True, False])
def test_the_day_purges_only_when_it_was_asked_to(as_told: AsTold, automatic: bool) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    space.act(ActKind.ABANDON, number)
    word = str(automatic).lower()
    space.reopen(edit=lambda t: t.replace("automatique = false", f"automatique = {word}"))
    later(space, 3)
    daily.show(space.office)
    first = space.office.journal.read(f"dossier/{number}")[0].event
    assert isinstance(first, Purged) is automatic


def test_a_person_receives_all_that_is_kept_of_them(as_told: AsTold, tmp_path: Path) -> None:
    space = as_told("décidé")
    case, target = space.case(), tmp_path / "export.zip"
    export(space.office, case.number, target)
    with zipfile.ZipFile(target) as found:
        names = found.namelist()
        told = found.read(f"inscriptions/dossier {case.number}.json").decode()
        originals = [found.read(n) for n in names if n.startswith("originaux/")]
        register = found.read("registre.json").decode()
    pack = space.session().pieces
    assert pack is not None
    assert case.candidate.full_name.split()[-1] in told
    for document in case.documents:
        assert space.office.originals.get(document.sha256) in originals
    assert space.office.originals.get(pack.sha256) not in originals
    assert case.delivery is not None
    assert case.delivery.number in register
    assert sum(1 for n in names if n.startswith("accusés/")) > len(case.documents) - 1
    with pytest.raises(UnreadableFile, match="2020-0001"):
        export(space.office, "2020-0001", tmp_path / "autre.zip")


def classes(space: Space, text: str) -> None:
    space.reopen(edit=lambda t: t.replace("# grille = 3", text))


def test_a_class_of_documents_leaves_an_ended_case_before_it_and_the_pack_stays(
    as_told: AsTold,
) -> None:
    space = as_told("décidé")
    number, before = space.numbers()[-1], space.case()
    classes(space, "grille = 3")
    later(space, 2)
    assert kinds(space) == []
    later(space, 4)
    (due,) = retention.due(space.office)
    assert due.kind == "grille"
    grids = {d.sha256 for d in before.standing("grille")}
    others = {d.sha256 for d in before.documents} - grids
    pack, stage = space.session().pieces, space.office.journal.summary(f"dossier/{number}")
    assert pack is not None
    purging.purge(space.office, [due])
    case = space.case(number)
    assert case.standing("grille") == ()
    assert {d.sha256 for d in case.documents} == others
    assert not any(sha256 in space.office.originals for sha256 in grids)
    assert all(sha256 in space.office.originals for sha256 in (*others, pack.sha256))
    assert not [name for name in space.tree(space.folder(number)) if "Grille" in name]
    after = space.office.journal.summary(f"dossier/{number}")
    assert stage is not None
    assert after is not None
    assert (after["stage"], after["missing"]) == (stage["stage"], stage["missing"])
    assert case.moved_at == before.moved_at
    assert space.office.journal.damages() == []
    assert list(prove(space.office)) == []
    space.catch_up()
    assert kinds(space) == []
    # Its own term is still counted from its last event, and takes the rest.
    later(space, 11)
    assert kinds(space) == ["certifies", "sessions"]
    purging.purge(space.office, retention.due(space.office))
    assert space.office.journal.damages() == []
    assert list(prove(space.office)) == []


def test_documents_of_a_case_that_goes_on_stay_whatever_their_class(as_told: AsTold) -> None:
    space = as_told("complet")
    classes(space, "grille = 1")
    later(space, 30)
    assert kinds(space) == []


def test_a_class_that_is_no_form_is_refused_with_its_line(as_told: AsTold) -> None:
    space = as_told("nouveau")
    with pytest.raises(SettingsError, match="« griles », qui n’est pas un formulaire"):
        classes(space, "griles = 1")
