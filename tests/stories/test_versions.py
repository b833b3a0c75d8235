"""A certification’s file changes while cases run: each keeps the version it began under."""

from importlib.resources import files
from pathlib import Path

import pytest

from casefiles.answers.office_act import ActKind
from casefiles.events import ParcheminNumbered
from tests.casefiles.cases import decision, filed, opened
from tests.stories.conftest import AsTold
from tests.stories.seen import words
from tests.stories.space import BECAUSE, Space
from tests.stories.test_second_attempt import commit
from watch.commands import demo_answers as people
from watch.confinement.sandbox import Sandbox
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


REGISTERED = """\
registration:
  directory: RNCP
  code: "99999"
  decision: Décision d’essai du directeur général de France compétences
  decided_on: 2027-01-10
  effective_from: 2027-02-01
  expires_on: 2099-01-31
  nsf: [230n Etudes et projets]
  source: Fiche d’essai
"""


@pytest.mark.rule("R35")
def test_a_terminated_specimen_gets_its_definitive_parchemin_when_its_registration_comes(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    space = Space(
        tmp_path,
        sandbox=sandbox,
        edit=lambda text: text.replace('["cqpm-tmp"]', '["cqp-tmroa"]'),
    )
    office, number = space.office, "2026-0001"
    certification = office.certification("cqp-tmroa")
    office.archive_certification(certification)
    sheet = office.originals.put(space.blank("Dossier d’inscription").read_bytes())
    commit(
        space,
        f"dossier/{number}",
        opened(certification, number=number),
        filed("inscription", {}, sha256=sheet),
        decision("obtention", pv="0" * 64),
    )
    first = space.case(number).parchemin
    assert first is not None
    assert "SPÉCIMEN" in words(office.originals.path(first.sha256)).upper()
    assert space.folder(number).parent == space.workspace.done

    early = space.ask(ActKind.REISSUE, number)
    assert early.outcome == "refused"
    assert "toujours provisoire" in " ".join(early.reasons)
    assert "R35" in " ".join(early.reasons)

    own_file(
        space,
        "cqp-tmroa",
        ("provisional: true", 'provisional: false\nlevel: "4"\neuropean_level: "4"'),
        ("routes:\n", f"{REGISTERED}routes:\n"),
    )
    answer = space.ask(ActKind.REISSUE, number)
    assert answer.outcome == "accepted", answer
    second = space.case(number).parchemin
    assert second is not None
    assert second.facts["number"] != first.facts["number"]
    text = " ".join(words(space.office.originals.path(second.sha256)).split())
    for told in ("Niveau de qualification : 4", "sous le numéro 99999"):
        assert told in text, told
    assert "SPÉCIMEN" not in text.upper()

    # The first keeps its record: in the folder, in the history, in the register.
    tree = space.tree(space.folder(number))
    assert {first.path, second.path} <= set(tree)
    assert BECAUSE in space.history(number)
    year = first.facts["number"][:6]
    numbered = [
        one.event
        for one in space.office.journal.read(f"registre/{year}")
        if isinstance(one.event, ParcheminNumbered)
    ]
    assert [(n.number, n.replaces) for n in numbered] == [
        (first.facts["number"], ""),
        (second.facts["number"], first.facts["number"]),
    ]
    again = space.act(ActKind.REISSUE, number)
    assert again.outcome == "refused"
    assert "définitif" in again.reasons[0]
    space.close()


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
