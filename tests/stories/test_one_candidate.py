"""One candidate, from a dropped inscription to a signed parchemin, on real files."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

import pytest

from signing import trust, verify
from tests.engines.chromium import PdfJs
from tests.engines.poppler import Poppler
from tests.pki import Identity, ServedAuthority
from tests.signing.tools import PdfSig, openssl_verifies
from tests.stories.conftest import AsTold, Stages
from tests.stories.one_candidate import Story, play
from tests.stories.seen import message, words
from tests.stories.space import Space, also_trust
from watch.commands.rehearsal import answers as people
from watch.office import now
from watch.reception.identities import BY_NAME


@pytest.fixture(scope="module")
def story(
    stages: Stages, tmp_path_factory: pytest.TempPathFactory, pdfjs: PdfJs, poppler: Poppler
) -> Iterator[Story]:
    space = stages.office(tmp_path_factory.mktemp("récit"))
    yield play(space, pdfjs, poppler)
    space.close()


@pytest.fixture(scope="module")
def everyone(story: Story, authority_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both authorities of the story in one PEM file: the jury’s, and the office’s own."""
    both = tmp_path_factory.mktemp("autorités") / "toutes.pem"
    ours = story.space.office.settings.trust.authorities
    both.write_bytes(b"".join(p.read_bytes() for p in dict.fromkeys([*ours, authority_root])))
    return both


def owed(story: Story, chapter: str) -> list[str]:
    """What RESTE À FAIRE lists, one line each."""
    return re.findall(r"^\d+\. (.+?)\r?$", story.chapters[chapter].to_do, re.MULTILINE)


def test_every_file_was_taken_for_what_it_is_whatever_its_name(story: Story) -> None:
    outcomes = {n: [(a.outcome, a.reasons) for a in c.answers] for n, c in story.chapters.items()}
    assert outcomes == {
        "inscription": [("accepted", ())],
        "plusieurs à la fois": [("accepted", (BY_NAME,)), *[("accepted", ())] * 3],
        "brouillon": [("draft", outcomes["brouillon"][0][1])],
        "sur place": [("accepted", ())] * 2,
        "complet": [("accepted", ())] * 2,
        "en session": [],
        "clos": [],
        "procès-verbal": [("accepted", ())],
        "un membre a signé": [
            ("accepted", ("Signatures reçues : 1. Il manque : Camille EXEMPLE-PRÉVOST.",))
        ],
        "décidé": [
            (
                "accepted",
                (
                    "Toutes les signatures sont là, celle du président en dernier.",
                    "Identité établie par le seul nom : Camille EXEMPLE-PRÉVOST, "
                    "Inès EXEMPLE-DUŁAK.",
                ),
            )
        ],
    }


@pytest.mark.rule("R17", "R95")
def test_a_dropped_inscription_opens_a_numbered_case_with_its_forms(story: Story) -> None:
    assert re.fullmatch(r"20\d\d-0001", story.number)
    tree = story.chapters["inscription"].tree
    grids = [name for name in tree if re.match(r"À remplir/Grilles/Grille \d - ", name)]
    bundles = [name for name in tree if re.match(r"À remplir/Grilles/Bloc BDC\d - ", name)]
    assert (len(grids), len(bundles)) == (8, 3)
    assert {
        "À remplir/Modalités d’évaluation.pdf",
        "À remplir/Avis de l’entreprise.pdf",
        "À envoyer/Avis de l’entreprise - message.eml",
        "RESTE À FAIRE.txt",
        "HISTORIQUE.txt",
    } <= set(tree)


def test_the_forms_hold_the_eight_competences_and_the_forty_criteria(story: Story) -> None:
    criteria = [
        q
        for competence in story.space.competences(story.number)
        for q in story.space.outline(story.number, "grille", competence).questions()
        if q.name.startswith("criteria/") and q.name.endswith("/mark")
    ]
    assert len(story.space.competences(story.number)) == 8
    assert len(criteria) == 40


def test_what_remains_to_be_done_is_right_after_every_drop(story: Story) -> None:
    at_first = owed(story, "inscription")
    assert len(at_first) == 10
    assert at_first[0].startswith("Les modalités d’évaluation")
    assert [w for w in at_first if w.startswith("La grille de la compétence")] == at_first[1:9]
    assert at_first[9] == "L’avis de l’entreprise, signé."

    numbers = re.compile(r"La grille de la compétence (\d)\.")
    after = {n: [m[1] for w in owed(story, n) if (m := numbers.match(w))] for n in story.chapters}
    assert after["plusieurs à la fois"] == ["2", "3", "7", "8"]
    assert after["brouillon"] == ["2", "3", "7", "8"]
    assert after["sur place"] == ["7", "8"]
    assert after["complet"] == []
    assert not any("avis" in w for w in owed(story, "plusieurs à la fois"))
    (ready,) = owed(story, "complet")
    assert ready.startswith("Inscrire le dossier à une session de jury")
    (awaited,) = owed(story, "clos")
    assert awaited == f"Décision du jury, session {story.reference}."
    assert owed(story, "décidé") == []
    assert "Rien pour vous." in story.chapters["décidé"].to_do


def test_the_board_and_the_status_say_the_same_as_the_folder(story: Story) -> None:
    for name, chapter in story.chapters.items():
        (case,) = chapter.status["cases"]
        assert case["number"] == story.number
        assert [m["why"] for m in case["missing"]] == owed(story, name)
        for missing in case["missing"]:
            assert missing["why"] in unescape(chapter.board)
            assert missing["who"].casefold() in unescape(chapter.board).casefold()
        assert case["stage"] in chapter.to_do
    stages = [c.status["cases"][0]["stage"] for c in story.chapters.values()]
    assert list(dict.fromkeys(stages)) == [
        "En évaluation",
        "Prêt pour un jury",
        f"Au jury {story.reference}",
        "Terminé : parchemin délivré",
    ]


def test_the_history_tells_each_step_in_order_with_the_marks_people_quote(story: Story) -> None:
    told = story.chapters["décidé"].history
    steps = [
        "Dossier ouvert",
        "Dossier d’inscription, repère D-",
        "14 formulaires préparés",
        "Avis de l’entreprise, repère D-",
        "Récapitulatif des évaluations.pdf",
        f"session {story.reference}",
        "Décision du jury",
        "Parchemin numéroté au registre",
        "Produits/Parchemin P-",
    ]
    places = [told.index(step) for step in steps]
    assert places == sorted(places)
    assert f"Signé par {people.EMPLOYER}" in told


def test_an_unfinished_form_saved_in_place_stays_a_draft(story: Story) -> None:
    tree = story.chapters["brouillon"].tree
    (note,) = [name for name in tree if name.endswith(" - BROUILLON.txt")]
    assert note.removesuffix(" - BROUILLON.txt") in tree
    assert not any("BROUILLON" in name for name in story.chapters["sur place"].tree)
    assert not any(
        "À corriger" in str(p) for p in story.space.workspace.to_correct.rglob("*") if p.is_file()
    )


def test_the_message_to_the_company_opens_and_carries_the_very_avis(story: Story) -> None:
    (product,) = [p for p in story.space.case().products if p.product == "message-avis"]
    letter = message(story.space.copy_of(product.sha256, "message.eml"))
    assert letter["To"] == "solene@exemple.invalid"
    assert "EXEMPLE-GONÇALVES Zoé" in letter["Subject"]
    told = letter.get_body(("plain",))
    assert told is not None
    assert "imprimez-le, signez-le à la main" in told.get_content(), "paper is taken by default"
    assert "sans l’imprimer" not in told.get_content()
    (attached,) = letter.iter_attachments()
    assert attached.get_filename() == f"Avis de l’entreprise - dossier {story.number}.pdf"
    assert (
        attached.get_payload(decode=True) == story.space.issued(story.number, "avis").read_bytes()
    )


def test_what_people_handed_in_is_kept_byte_for_byte(story: Story) -> None:
    received = {
        hashlib.sha256(p.read_bytes()).hexdigest()
        for p in story.space.everything()
        if "Reçus" in p.parts or p.name.startswith("Procès-verbal signé")
    }
    for name, content in story.handed_in.items():
        digest = hashlib.sha256(content).hexdigest()
        assert story.space.office.originals.get(digest) == content, name
        if name != "PV signé Inès.pdf":  # the final copy stands for it
            assert digest in received, name


@pytest.mark.rule("R75")
def test_no_document_says_obtained_before_the_president_signs(story: Story) -> None:
    assert len(story.before_the_decision) > 60
    for file in story.before_the_decision:
        if file.exists():
            found = re.search(r"obtenue?s?\b.{0,80}", words(file), re.IGNORECASE)
            assert not found, (file, found)
    for name, chapter in story.chapters.items():
        if name != "décidé":
            assert "obten" not in (chapter.to_do + chapter.history + chapter.board).lower()


def test_the_recapitulatif_shows_the_result_of_each_competence(story: Story) -> None:
    recap = story.space.case().product("recapitulatif")
    assert recap is not None
    assert recap.facts["favourable"] is True
    text = words(story.space.office.originals.path(recap.sha256))
    assert text.lower().count("acquise") >= 8
    assert text.count("KERMOAL") >= 8


def test_the_pieces_hold_every_original_byte_for_byte(story: Story, everyone: Path) -> None:
    space = story.space
    pieces = space.session().pieces
    assert pieces is not None
    report = verify.verify(
        space.office.originals.path(pieces.sha256), at=now(), trust=trust.load(everyone)
    )
    assert report.verdict == "valid"
    embedded = {e.sha256 for e in report.embedded}
    judged = {d.sha256 for d in space.case().documents if d.form != "inscription"}
    assert judged <= embedded
    # Nothing there of what is not the jury’s: address, telephone, arrangement.
    assert not {d.sha256 for d in space.case().standing("inscription")} & embedded
    assert all(e.matches for e in report.embedded)
    (avis,) = [e for e in report.embedded if "Avis" in e.name]
    assert avis.verdict == "valid"


@pytest.mark.parametrize("document", ["avis", "procès-verbal", "parchemin"])
def test_signatures_are_checked_a_second_time_by_openssl_and_poppler(
    story: Story, document: str, everyone: Path, tmp_path: Path
) -> None:
    file, signed_by = signed(story, document)
    assert openssl_verifies(file, everyone, tmp_path)
    said = PdfSig(tmp_path / "nss", everyone).says(file)
    assert said.count("Signature is Valid.") == len(signed_by)
    for name in signed_by:
        assert f"Signer Certificate Common Name: {name}" in said
    report = verify.verify(file, at=now(), trust=trust.load(everyone))
    assert report.verdict == "valid"
    assert [s.signer for s in report.signatures] == signed_by


def signed(story: Story, document: str) -> tuple[Path, list[str]]:
    """The file, and the names of its signatures in order."""
    space = story.space
    seal, certifier = space.office.seal_key.holder, space.office.certifier_key
    assert certifier is not None
    if document == "avis":
        (avis,) = space.case().standing("avis")
        return space.office.originals.path(avis.sha256), [people.EMPLOYER]
    if document == "parchemin":
        product = space.case().product("parchemin")
        assert product is not None
        return space.folder(story.number) / product.path, [certifier.holder]
    final = space.session().signed
    assert final is not None
    jury = [people.MEMBERS[0], people.PRESIDENT]
    return space.folder(story.reference) / final.path, [seal, *jury]


def test_an_altered_parchemin_is_refused_by_all_three(
    story: Story, everyone: Path, tmp_path: Path
) -> None:
    file, _ = signed(story, "parchemin")
    content = bytearray(file.read_bytes())
    content[content.index(b"stream") + 40] ^= 1
    altered = tmp_path / "parchemin.pdf"
    altered.write_bytes(content)
    assert not openssl_verifies(altered, everyone, tmp_path)
    assert "Signature is Valid." not in PdfSig(tmp_path / "nss", everyone).says(altered)
    report = verify.verify(altered, at=now(), trust=trust.load(everyone))
    assert report.verdict == "invalid"


def test_the_parchemin_carries_its_mandatory_mentions_and_its_number(story: Story) -> None:
    product = story.space.case().product("parchemin")
    assert product is not None
    text = words(story.space.folder(story.number) / product.path)
    number = product.facts["number"]
    assert re.fullmatch(r"P-20\d\d-00001", number)
    flat = " ".join(text.split())
    for mention in (number, "EXEMPLE-GONÇALVES", "Zoé", "1994", "L’Haÿ-les-Roses"):
        assert mention.casefold() in flat.casefold(), mention


def test_the_case_ends_in_its_folder_with_nothing_left_to_fill(story: Story) -> None:
    folder = story.space.folder(story.number)
    assert folder.parent == story.space.workspace.done
    tree = story.chapters["décidé"].tree
    assert not [name for name in tree if name.startswith(("À remplir", "À envoyer"))]
    assert not list(story.space.workspace.cases.iterdir())
    assert not list(story.space.workspace.drop_here.iterdir())
    assert not list(story.space.workspace.to_correct.iterdir())


def test_each_drop_has_its_receipt(story: Story) -> None:
    receipts = sorted(p.name for p in story.space.workspace.receipts.rglob("*.txt"))
    for name in story.handed_in:
        if "sur place" not in name and name != "procès-verbal signé":
            assert [r for r in receipts if f"accepté - {name}.txt" in r], name


def test_the_journal_of_the_whole_story_verifies_and_rebuilds(story: Story) -> None:
    journal = story.space.office.journal
    journal.verify()
    before = (journal.summaries("dossier"), journal.summaries("session"), journal.positions())
    journal.rebuild()
    assert (journal.summaries("dossier"), journal.summaries("session"), journal.positions()) == (
        before
    )


def test_a_refusal_becomes_a_sealed_notification_and_no_parchemin(
    as_told: AsTold,
) -> None:
    space = as_told("clos")
    number = space.numbers()[-1]
    motive = "Les pièces ne permettent pas d’apprécier la compétence 4."
    sheet = space.sheet("refus", {f"candidates/{number}/motive": motive})
    assert space.hand_in(sheet).outcome == "accepted"
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    folder = space.folder(number)
    assert folder.parent == space.workspace.done
    assert "Terminé : refus notifié" in space.to_do(number)
    assert not [name for name in space.tree(folder) if "Parchemin" in name]
    notice = folder / "Produits/Notification de la décision.pdf"
    authorities = trust.load(space.office.settings.trust.authorities)
    assert verify.verify(notice, at=now(), trust=authorities).verdict == "valid"
    assert motive in " ".join(words(notice).split())
    assert space.office.journal.count("registre") == 0


def test_with_a_time_stamping_service_what_the_office_signs_is_proven_in_time(
    as_told: AsTold, served: ServedAuthority, signed_pv: dict[str, Path]
) -> None:
    """Level B-T, the time given by certomancer’s service on loopback."""
    space = as_told("en signature")
    also_trust(space.workspace.settings_file, served.root)
    space.reopen(
        edit=lambda text: text.replace('niveau = "B-B"', 'niveau = "B-T"').replace(
            'horodatage = ""', f'horodatage = "{served.tsa_url}"'
        )
    )
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
    number = space.numbers()[-1]
    product = space.case(number).product("parchemin")
    assert product is not None, space.history(number)
    report = verify.verify(
        space.folder(number) / product.path,
        at=now(),
        trust=trust.load(space.office.settings.trust.authorities),
    )
    (signature,) = [s for s in report.signatures if s.kind != "timestamp"]
    assert (report.verdict, signature.level) == ("valid", "B-T")
    assert signature.proven_time is not None


def test_the_people_who_sign_are_not_known_to_the_office_beforehand(
    signers: Mapping[str, Identity], as_told: AsTold
) -> None:
    """The stories prove nothing if the keys were the office’s own."""
    space: Space = as_told("nouveau")
    ours = {p.read_bytes() for p in space.workspace.keys.rglob("*.p12")}
    assert not ours & {who.p12.read_bytes() for who in signers.values()}
