"""Letters are ordinary Word documents: what they do not know is refused by name, before sending."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from casefiles.events import Decided, DecisionsFiled
from casefiles.next_steps import Step
from templates import letters
from templates.letters import LetterError, recipe
from templates.letters.rendering import dateless
from templates.letters.variables import VARIABLES, samples
from tests.pages import samples as people

NAMES = letters.names()
SENDER = letters.Sender(
    name="École des Essais",
    address="3, place de l’Invention, 99000 Essai-la-Forêt",
    town="Essai-la-Forêt",
    declaration="99 99 99999 99",
    email="bureau@essais.invalid",
)
ON = date(2026, 5, 12)


def words(docx: bytes) -> str:
    """All the text of a letter, header and footer included, tables in their place."""
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        parts = [
            archive.read(name).decode()
            for name in sorted(archive.namelist())
            if re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", name)
        ]
    text = re.sub(r"</w:p>|<w:br/>", "\n", " ".join(parts))
    return re.sub(r"[\u00a0 ]+", " ", re.sub(r"<[^>]+>", "", text))


def edited(tmp_path: Path, name: str, change: Callable[[Any], object]) -> Path:
    """A folder of the organisation’s own, with that letter changed."""
    document = Document(BytesIO(letters.packaged(name)))
    change(document)
    document.save(str(tmp_path / f"{name}.docx"))
    return tmp_path


def with_paragraph(tmp_path: Path, typed: str) -> Path:
    return edited(tmp_path, "relance", lambda document: document.add_paragraph(typed))


def refusal(name: str, folder: Path, facts: Any = None) -> LetterError:
    with pytest.raises(LetterError) as refused:
        letters.render(name, facts or samples(name), folder)
    assert refused.value.remedy
    return refused.value


UNSAID = {"convocation": set(), "relance": set(), "bordereau": {"heure", "lieu", "jury_titre"}}


@pytest.mark.parametrize("name", NAMES)
def test_each_letter_we_ship_says_all_it_is_told(name: str) -> None:
    text = words(letters.render(name, samples(name)).docx)
    assert "{" not in text
    unsaid = {
        key
        for key, variable in VARIABLES[name].items()
        for sample in (variable.fields.values() if variable.fields else [variable.sample])
        if isinstance(sample, str) and not all(line in text for line in sample.split("\n"))
    }
    assert unsaid == UNSAID[name]


def test_a_mark_does_not_break_at_its_hyphen() -> None:
    owed = {"quoi": "La grille (repère D-ABCDEFGH).", "source": ""}
    text = words(letters.render("relance", {**samples("relance"), "manquants": (owed,)}).docx)
    assert "repère D\N{NON-BREAKING HYPHEN}ABCDEFGH" in text
    assert "de nous l’adresser" in text, "one paper"
    many = words(letters.render("relance", {**samples("relance"), "manquants": (owed,) * 2}).docx)
    assert "de nous les adresser" in many


@pytest.mark.parametrize("name", NAMES)
def test_the_letters_we_ship_are_those_of_the_recipe(name: str) -> None:
    assert dateless(recipe.make(name)) == letters.packaged(name)


def test_the_same_facts_give_the_same_bytes() -> None:
    twice = [letters.render("relance", samples("relance")).docx for _ in range(2)]
    assert twice[0] == twice[1]


def test_the_organisation_s_own_letter_comes_first(tmp_path: Path) -> None:
    folder = with_paragraph(tmp_path, "Bien à vous, {{ organisme }}.")
    letter = letters.render("relance", samples("relance"), folder)
    assert letter.own
    assert "Bien à vous, École des Essais." in words(letter.docx)
    assert not letters.render("bordereau", samples("bordereau"), folder).own


def test_an_unknown_variable_is_refused_by_its_name_with_the_likeliest_one(tmp_path: Path) -> None:
    folder = with_paragraph(tmp_path, "{{ candidta }}")
    said = refusal("relance", folder)
    assert said.message == "La lettre relance.docx emploie une variable inconnue : « candidta »."
    assert said.remedy.startswith("Vouliez-vous « candidat » ? Variables de cette lettre : ")


@pytest.mark.parametrize(
    "typed",
    [
        "{% if candidat == '' %}{{ inconnu }}{% endif %}",
        "{{ candidat|upper }} {{ inconnu|default('') }}",
        "{% for m in manquants %}{{ inconnu }}{% endfor %}",
        "{{ range(3) }} {{ inconnu }}",
    ],
)
def test_it_is_refused_wherever_it_hides(tmp_path: Path, typed: str) -> None:
    folder = with_paragraph(tmp_path, typed)
    assert "« inconnu »" in refusal("relance", folder).message


def test_it_is_refused_in_the_header_in_the_footer_and_in_the_title(tmp_path: Path) -> None:
    def header(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "{{ entete }}"
        document.sections[0].footer.paragraphs[0].text = "{{ pied }}"
        document.core_properties.title = "{{ titre }}"

    said = refusal("relance", edited(tmp_path, "relance", header))
    assert "des variables inconnues : « entete », « pied », « titre »" in said.message


def test_a_field_a_line_does_not_hold_is_refused_even_when_there_is_no_line(
    tmp_path: Path,
) -> None:
    typed = "{% for m in manquants %}{{ m.qoi }}{% endfor %}{{ candidat.nom }}"
    folder = with_paragraph(tmp_path, typed)
    facts = {**samples("relance"), "manquants": ()}
    said = refusal("relance", folder, facts)
    assert "« candidat.nom », « m.qoi »" in said.message


def test_a_tag_that_is_not_closed_is_refused(tmp_path: Path) -> None:
    folder = with_paragraph(tmp_path, "{% if candidat %} et puis")
    assert "balise mal écrite" in refusal("relance", folder).message
    folder = with_paragraph(tmp_path, "{ { candidat }} ")
    assert "pas remplacée" in refusal("relance", folder).message


def test_a_template_does_not_reach_into_the_program(tmp_path: Path) -> None:
    for typed in (
        "{{ ''.__class__.__mro__ }}",
        "{% for m in manquants %}{{ m.__class__ }}{% endfor %}",
        "{{ candidat.__class__ }}",
        "{{ manquants.append }}",
    ):
        refusal("relance", with_paragraph(tmp_path, typed))


def test_what_is_no_word_document_or_could_act_is_refused(tmp_path: Path) -> None:
    (tmp_path / "relance.docx").write_bytes(b"bonjour")
    assert "n’est pas un fichier .docx" in refusal("relance", tmp_path).message
    for name in ("word/vbaProject.bin", "word/embeddings/oleObject1.bin"):
        with zipfile.ZipFile(tmp_path / "relance.docx", "w") as archive:
            with zipfile.ZipFile(BytesIO(letters.packaged("relance"))) as source:
                for one in source.namelist():
                    archive.writestr(one, source.read(one))
            archive.writestr(name, b"x")
        refusal("relance", tmp_path)


def test_an_image_from_elsewhere_is_refused(tmp_path: Path) -> None:
    def linked(document: Any) -> None:
        document.part.relate_to(
            "http://exemple.invalid/logo.png",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image",
            is_external=True,
        )

    assert "ailleurs" in refusal("relance", edited(tmp_path, "relance", linked)).message


def test_what_people_are_called_never_becomes_markup() -> None:
    name = '<w:p/> & {{ date }} {% if %} \x0b\x07 "O’Œuvré"'
    docx = letters.render("relance", {**samples("relance"), "candidat": name}).docx
    text = Document(BytesIO(docx)).core_properties.title and words(docx)
    assert "&lt;w:p/&gt; &amp; { { date } } { % if % }" in text


def test_every_variable_must_be_given() -> None:
    facts = dict(samples("relance"))
    del facts["candidat"]
    with pytest.raises(ValueError, match="candidat"):
        letters.render("relance", facts)


def test_the_guide_names_every_variable() -> None:
    said = letters.guide()
    for name, known in VARIABLES.items():
        assert f"{name}.docx" in said
        assert all(f"{{{{ {key} }}}}" in said for key in known)


def test_a_session_convenes_its_members_and_its_candidates() -> None:
    session, certification = people.session(), people.tmp()
    other = replace(session, names={**session.names, "2026-0099": "AUTRE Candidat"})
    member = letters.summons(other, certification, other.members[0], SENDER, on=ON)
    assert member.keys() == VARIABLES["convocation"].keys()
    text = words(letters.render("convocation", member).docx)
    assert "vendredi 12 juin 2026" in text
    assert "AUTRE Candidat" in text
    assert "présidence, " in text
    assert "suppléant puisse siéger" in text
    candidate = letters.candidate_summons(
        other, certification, people.case(), SENDER, on=ON, postponed=True
    )
    text = words(letters.render("convocation", candidate).docx)
    assert "Convocation modifiée" in text
    assert "pièce d’identité" in text
    assert "AUTRE Candidat" not in text
    assert "lien personnel" not in text


def test_a_reminder_lists_what_is_missing_with_its_source() -> None:
    missing = [
        Step(key="attendu/1", what="L’avis de l’entreprise manque.", source="Référentiel, § 2"),
        Step(key="attendu/2", what="La grille 4 manque."),
    ]
    facts = letters.reminder(
        people.case(), people.tmp(), missing, SENDER, to="Paul MODÈLE", on=ON, rank=1
    )
    assert facts.keys() == VARIABLES["relance"].keys()
    text = words(letters.render("relance", facts).docx)
    for told in ("Premier rappel", "L’avis de l’entreprise manque.", "Référentiel, § 2"):
        assert told in text
    assert "La grille 4 manque." in text
    assert "dès que possible" in text
    assert "Le jury se réunit" not in text


def test_a_bordereau_lists_the_decisions_and_the_pieces_with_their_hashes() -> None:
    session = replace(
        people.session(),
        decided=DecisionsFiled(
            document="D-1",
            sha256=people.sha("d"),
            dropped_as="feuille.pdf",
            deliberated_on=people.DAY,
            conform=False,
            reserve="une grille tardive",
            present=("m1", "m2"),
            decisions=(Decided(case="2026-0042", outcome="refus"),),
        ),
    )
    piece = letters.Attachment(what="Procès-verbal", file="PV.pdf", sha256=people.sha("pv"))
    facts = letters.transmittal(session, people.tmp(), [piece], SENDER, on=ON)
    assert facts.keys() == VARIABLES["bordereau"].keys()
    text = words(letters.render("bordereau", facts).docx)
    assert people.sha("pv") in text.replace("\n", "")
    assert "MODÈLE Zoé" in text
    assert "Refus" in text
    assert "une grille tardive" in text
