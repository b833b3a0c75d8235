"""One candidate’s life while a case runs: renamed, married, arranged for, evaluated by two people,
then a parchemin lost, doubled, withdrawn; and what whoever takes the office over can read of it.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from casefiles.answers.office_act import ActKind
from casefiles.events import DropAnswered, DuplicateIssued, ParcheminWithdrawn
from tests.stories.conftest import Stages
from tests.stories.seen import words
from tests.stories.space import BECAUSE, Space, plain
from watch.commands.rehearsal import answers as people
from watch.share.verification import KEYS_FILE_NAME, LIST_FILE_NAME

SECOND = "Malo EXEMPLE-TANGUY"
RENAMED = "Forges EXEMPLE réunies"
MARRIED = "EXEMPLE-MARTIN"
GRANTED = "Énoncés en gros caractères"


@dataclass
class Life:
    space: Space
    number: str
    answers: dict[str, DropAnswered] = field(default_factory=dict)
    before: dict[str, bytes] = field(default_factory=dict)
    sheet: str = ""
    history: str = ""
    parchemin: str = ""
    codes: dict[str, dict[str, object]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def life(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    space = stages.copy("inscrit", tmp_path_factory.mktemp("vie") / "espace")
    yield tell(Life(space=space, number=space.numbers()[-1]))
    space.close()


def tell(life: Life) -> Life:
    space, number, said = life.space, life.number, life.answers
    today = people.fr(space.today)

    said["aménagement"] = space.ask(ActKind.ARRANGE, number, value=GRANTED, question="33 %")
    said["entreprise"] = space.act(
        ActKind.CHANGE, number, question="Raison sociale", value=RENAMED, day=today
    )
    (inscription,) = space.case(number).standing("inscription")
    said["siret"] = space.ask(
        ActKind.CORRECT,
        number,
        document=inscription.mark,
        question="SIRET (14 chiffres)",
        value="55208131766522",
    )
    life.before["inscription"] = space.office.originals.get(inscription.sha256)
    (arranged,) = [
        p for p in space.tree(space.folder(number)) if p.startswith("À remplir/Aménagement")
    ]
    life.sheet = words(space.folder(number) / arranged)

    # One evaluator begins, falls ill, and another one finishes; the first grid, which was signed,
    # is done again.
    signed = space.sign(space.grid(number, "BDC1.1"), "signature/evaluateur", "evaluateur")
    first = space.hand_in(signed)
    life.before["grille"] = signed.read_bytes()
    for part in space.competences(number)[1:]:
        assert space.hand_in(space.grid(number, part, SECOND)).outcome == "accepted"
    again = space.hand_in(space.grid(number, "BDC1.1", changes={"setting/place": "Atelier 3"}))
    said["première grille"], said["grille refaite"] = first, again
    said["remplacement"] = space.ask(ActKind.REPLACE, number, document=again.document)

    # Married while the avis was in her company’s hands: it comes back under the old name.
    avis = space.signed_avis(number)
    said["mariage"] = space.ask(
        ActKind.CHANGE,
        number,
        question="Nom d’usage, s’il diffère",
        value=MARRIED,
        day=people.fr(space.today - timedelta(days=8)),
    )
    said["avis"] = space.hand_in(avis)
    assert space.hand_in(space.modalities(number)).outcome == "accepted"

    reference = space.open_session(number)
    space.close_agenda(reference)
    assert space.hand_in(space.sheet()).outcome == "accepted"
    said["président"] = space.hand_in(space.signed_minutes())
    delivered = space.case(number).parchemin
    assert delivered is not None
    life.parchemin = delivered.sha256
    said["trop tard"] = space.act(
        ActKind.CHANGE, number, question="Nom de naissance", value="AUTRE", day=today
    )
    said["duplicata"] = space.ask(ActKind.DUPLICATE, number)
    life.codes["duplicata"] = verified(life, product(life, "duplicata"))
    said["retrait"] = space.act(ActKind.REVOKE, number)
    life.codes["retiré"] = verified(life, life.parchemin, "--withdrawn", LIST_FILE_NAME)
    said["duplicata d’un retiré"] = space.act(ActKind.DUPLICATE, number)
    life.history = space.history(number)
    return life


def product(life: Life, name: str) -> str:
    made = life.space.case(life.number).product(name)
    assert made is not None
    return made.sha256


def verified(life: Life, sha256: str, *more: str) -> dict[str, object]:
    """What `parchemin verify --code` answers, run apart with what the office publishes."""
    share = life.space.workspace.share
    copy = life.space.copy_of(sha256, "parchemin à vérifier.pdf")
    options = [str(share / m) if m == LIST_FILE_NAME else m for m in more]
    keys = ("--keys", str(share / KEYS_FILE_NAME))
    verify = ("-m", "watch.cli", "verify", str(copy), "--code", "--json")
    done = subprocess.run(
        [sys.executable, *verify, *keys, *options],
        capture_output=True,
        text=True,
        check=False,
    )
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_each_act_is_taken(life: Life) -> None:
    not_taken = ("trop tard", "grille refaite", "duplicata d’un retiré")
    for act, answer in life.answers.items():
        assert (answer.outcome == "accepted") is (act not in not_taken), answer


def test_the_parchemin_bears_the_name_of_the_day_and_old_documents_stay(life: Life) -> None:
    space = life.space
    text = words(space.office.originals.path(life.parchemin))
    assert f"nom d’usage {MARRIED}" in text
    assert "EXEMPLE-GONÇALVES" in text
    (inscription,) = space.case(life.number).standing("inscription")
    assert space.office.originals.get(inscription.sha256) == life.before["inscription"]
    assert inscription.values["candidate/birth_name"] == "EXEMPLE-GONÇALVES"
    assert not inscription.values.get("candidate/usage_name")
    assert len(inscription.corrected) == 1
    assert "SIRET" in inscription.corrected[0]


def test_the_pv_and_the_agenda_name_her_as_she_is_now(life: Life) -> None:
    held = life.space.session()
    assert held.signed is not None
    assert f"{MARRIED} Zoé" in held.names[life.number]
    assert MARRIED in words(life.space.office.originals.path(held.signed.sha256))


def test_the_arrangement_reaches_organisers_and_evaluators(life: Life) -> None:
    assert GRANTED in life.sheet
    assert "33 %" in life.sheet.replace("\N{NO-BREAK SPACE}", " ")
    assert GRANTED not in life.history


def test_the_arrangement_reaches_neither_jury_nor_parchemin_nor_board(life: Life) -> None:
    space, held = life.space, life.space.session()
    assert held.pieces is not None
    assert held.signed is not None
    recap = product(life, "recapitulatif")
    for sha256 in (held.pieces.sha256, held.signed.sha256, recap, life.parchemin):
        text = words(space.office.originals.path(sha256))
        assert GRANTED not in text
        assert "ménagement" not in text
    assert GRANTED not in plain(space.workspace.board)
    assert "ménagement" not in plain(space.workspace.board)


def test_a_signed_grid_done_again_names_the_one_it_replaces_and_why(life: Life) -> None:
    first, again = life.answers["première grille"], life.answers["grille refaite"]
    assert again.outcome == "waiting"
    (told,) = [line for line in life.history.splitlines() if "mis à la place de" in line]
    assert f"{again.document} mis à la place de {first.document}" in told
    assert BECAUSE in told
    assert f"Signé par {people.EVALUATOR}" in life.history
    # The one replaced is kept as it was signed, and no longer counts.
    case = life.space.case(life.number)
    (old,) = [d for d in case.documents if d.mark == first.document]
    assert life.space.office.originals.get(old.sha256) == life.before["grille"]
    assert old not in case.standing("grille")
    text = words(life.space.office.originals.path(product(life, "recapitulatif")))
    assert "KERMOAL" in text
    assert "TANGUY" in text


def test_after_the_delivery_a_name_changes_beside_the_parchemin(life: Life) -> None:
    late = life.answers["trop tard"]
    assert late.outcome == "refused"
    assert "reste juste" in late.reasons[0]


def test_a_duplicate_is_the_same_parchemin_and_says_what_it_is(life: Life) -> None:
    space = life.space
    text = words(space.office.originals.path(product(life, "duplicata")))
    number = str(life.codes["duplicata"]["award"]["number"])  # type: ignore[index]
    assert "DUPLICATA DU" in text
    assert number in text
    assert life.codes["duplicata"]["verdict"] == "valid"
    recorded = [r.event for r in space.office.journal.read(f"registre/{number}")]
    (made,) = [e for e in recorded if isinstance(e, DuplicateIssued)]
    assert (made.number, made.sha256) == (number, product(life, "duplicata"))


def test_a_withdrawn_parchemin_is_said_withdrawn_by_the_published_list(life: Life) -> None:
    assert life.codes["retiré"]["verdict"] == "invalid"
    assert life.codes["retiré"]["withdrawal"] == "withdrawn"
    number = str(life.codes["retiré"]["award"]["number"])  # type: ignore[index]
    recorded = [r.event for r in life.space.office.journal.read(f"registre/{number}")]
    (gone,) = [e for e in recorded if isinstance(e, ParcheminWithdrawn)]
    assert (gone.by, gone.because) == (people.OFFICE, BECAUSE)
    assert "Parchemin retiré" in life.space.to_do(life.number)
    assert life.answers["duplicata d’un retiré"].outcome == "refused"


def test_whoever_takes_the_office_over_reads_who_why_and_when(life: Life) -> None:
    history = life.history
    assert history.count(people.OFFICE) >= 7
    # The arrangement’s own reason is nowhere told: it might say what it must not.
    assert history.count(BECAUSE) >= 6
    for told in (
        "voie « Formation continue »",
        "la certification entière",
        f"« {people.COMPANY} » devient « {RENAMED} »",
        f"devient « {MARRIED} »",
        "corrigé en « 55208131766522 »",
        "Aménagement des épreuves noté",
        f"Signé par {people.EMPLOYER}",
        "Décision du jury",
        "numéroté au registre",
        "Duplicata du parchemin",
        "ne vaut plus rien depuis",
    ):
        assert told in history, told
