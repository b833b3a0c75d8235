"""A certification’s file changes while cases run: each keeps the version it began under."""

from importlib.resources import files

from casefiles.answers.office_act import ActKind
from tests.stories.conftest import AsTold
from tests.stories.seen import words
from tests.stories.space import BECAUSE, Space
from watch.commands.rehearsal import answers as people
from watch.share import blanks

TITLE = "Technicien(ne) de maintenance productive"
NEW_TITLE = "Technicien(ne) de maintenance productive et connectée"


def own_file(space: Space, code: str, *changes: tuple[str, str]) -> None:
    """The organisation’s own file, read from now on instead of the one shipped."""
    text = (files("templates") / "certifications" / f"{code}.yaml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    folder = space.workspace.private / "certifications"
    folder.mkdir(exist_ok=True)
    (folder / f"{code}.yaml").write_text(text, encoding="utf-8")
    space.reopen(edit=lambda t: t.replace("# dossier_certifications", "dossier_certifications"))
    blanks.show(space.office)


def test_a_case_keeps_its_version_and_forms_in_circulation_are_still_read(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    began = space.case(number).certification_hash
    grid, old_blank = (
        space.grid(number, "BDC1.1"),
        space.blank("Dossier d’inscription").read_bytes(),
    )
    own_file(space, "cqpm-tmp", (f"title: {TITLE}", f"title: {NEW_TITLE}"))

    assert space.hand_in(grid).outcome == "accepted"
    assert space.case(number).certification_hash == began
    assert NEW_TITLE not in space.to_do(number)

    (new_blank,) = [
        p for p in space.workspace.blanks.glob("Dossier d’inscription*") if "connectée" in p.name
    ]
    answers = people.inscription(space.today) | {"candidate/birth_name": "EXEMPLE-AUTRE"}
    newcomer = space.hand_in(space.filled(new_blank, answers))
    assert newcomer.outcome == "accepted", newcomer
    assert space.case().certification_hash != began
    assert NEW_TITLE in space.to_do(space.numbers()[-1])

    copy = space.scratch / "inscription d’avant.pdf"
    copy.write_bytes(old_blank)
    answers |= {"candidate/birth_name": "EXEMPLE-TROISIÈME"}
    late = space.hand_in(space.filled(copy, answers))
    assert late.outcome == "accepted", late
    assert space.case().certification_hash == began


def test_what_changes_elsewhere_than_on_the_inscription_holds_for_whoever_enters_next(
    as_told: AsTold,
) -> None:
    space = as_told("inscrit")
    before = space.case().certification_hash
    blank = space.blank("Dossier d’inscription")
    old = blank.read_bytes()
    own_file(space, "cqpm-tmp", ("casting_vote: false", "casting_vote: true"))
    assert blank.read_bytes() != old
    number = space.enrol({"candidate/birth_name": "EXEMPLE-AUTRE"})
    now = space.office.certification("cqpm-tmp").fingerprint
    assert now != before
    assert space.case(number).certification_hash == now


def test_without_a_company_the_avis_is_waived_with_its_reason_and_the_jury_reads_it(
    as_told: AsTold,
) -> None:
    space = as_told("nouveau")
    own_file(
        space,
        "cqpm-tmp",
        (
            "  candidature_individuelle:\n    open: false\n    company: optional\n",
            "  candidature_individuelle:\n    open: true\n    company: optional\n"
            "    forms: [modalites, grille, avis, recapitulatif]\n",
        ),
    )
    alone = {k: None for k in people.inscription(space.today) if k.startswith("company/")}
    number = space.enrol({"wish/route": "candidature_individuelle", **alone})
    assert "Sans entreprise, l’avis n’est pas attendu" in space.to_do(number)
    answer = space.ask(ActKind.WAIVE, number, question="Avis de l’entreprise")
    assert answer.outcome == "accepted", answer
    space.drop(space.modalities(number), "modalités.pdf")
    for bloc in ("BDC1", "BDC2", "BDC3"):
        space.drop(space.bundle(number, bloc), f"{bloc}.pdf")
    assert {a.outcome for a in space.work()} == {"accepted"}
    recap = space.case(number).product("recapitulatif")
    assert recap is not None
    text = words(space.office.originals.path(recap.sha256))
    assert "Pièce dispensée par Mireille" in text
    assert BECAUSE in " ".join(text.split())
    assert "Pièce dispensée : Avis de l’entreprise, règle R56" in space.history(number)
