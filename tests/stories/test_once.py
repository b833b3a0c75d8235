"""`parchemin watch --once` leaves the share as the journal says, whatever was deleted meanwhile."""

from tests.engines import rewriters
from tests.returns.test_wrapped import mailed, zipped
from tests.stories.conftest import AsTold
from watch.service.daemon import run


def test_what_people_deleted_is_back_after_one_run(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    folder = space.folder(number)
    (received,) = [folder / n for n in space.tree(folder) if n.startswith("Reçus/")]
    history = space.history(number)
    for file in (folder / "HISTORIQUE.txt", folder / "RESTE À FAIRE.txt", received):
        file.unlink()
    space.close()
    found = run(space.workspace, once=True, settling=0.0)
    assert found is not None
    assert space.history(number).startswith(history.rstrip())
    assert received.is_file()
    assert (folder / "RESTE À FAIRE.txt").is_file()
    again = run(space.workspace, once=True, settling=0.0)
    assert again is not None


def test_a_form_already_filed_is_known_again_inside_an_archive(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    forms = {
        "inscription.pdf": space.office.originals.get(space.case(number).documents[0].sha256),
        "modalités.pdf": space.modalities(number).read_bytes(),
        "grille.pdf": space.grid(number, "BDC1.1").read_bytes(),
        "avis.pdf": space.signed_avis(number).read_bytes(),
        "avis bis.pdf": space.signed_avis(number, "inconnu").read_bytes(),
    }
    for name, data in list(forms.items())[1:]:
        assert space.hand_in(data, name).outcome in ("accepted", "waiting")
    before = space.history(number)
    answer = space.hand_in(zipped(forms), "tout.zip")
    assert len(answer.reasons) == len(forms)
    for reason in answer.reasons:
        assert "déjà reçu" in reason, reason
    again = space.hand_in(mailed(*forms.items()), "tout.eml")
    for reason in again.reasons:
        assert "déjà reçu" in reason, reason
    assert space.history(number) == before
    assert not [p for p in space.workspace.to_correct.iterdir() if "EN ATTENTE" in p.name]


def test_the_same_answers_saved_again_are_known_too(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    first = space.hand_in(space.modalities(number), "modalités.pdf")
    again = rewriters.qpdf(space.modalities(number).read_bytes())
    answer = space.hand_in(zipped({"modalités.pdf": again}), "encore.zip")
    assert "déjà reçu" in answer.reasons[0], answer
    assert [d.mark for d in space.case(number).documents if d.form == "modalites"] == [
        first.document
    ]
    other = space.modalities(number, {"consent/partner": "Quelqu’un d’EXEMPLE"})
    assert space.hand_in(other, "autre.pdf").outcome == "waiting"
