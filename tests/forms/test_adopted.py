"""A form of others, adopted by a mapping file: checked by line, prefilled, read as ours."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from casefiles.answers import Inscription
from casefiles.answers.outline import outline
from casefiles.answers.reading import accept
from casefiles.answers.vocabulary import Scope
from forms.adopted import prefilled, their_fields
from forms.read import read
from templates.adopted import Adopted, MappingFaults, adopt, read_mapping
from tests.engines.chromium import PdfJs
from tests.engines.pdfium import Pdfium
from tests.forms import branch, samples

TYPED: dict[str, Any] = {
    "NOM": "Nguyễn-D'Œuvre",
    "Nom d'usage": "L’Haÿ",
    "PRENOM": "Łukasz",
    "JJ": "03",
    "MM": "04",
    "AAAA": "1991",
    "VILLE NAISSANCE": "Saint-Œuf (02)",
    "PAYS NAISSANCE": "France",
    "ADRESSE": r"12, rue de l’Exemple \ bât. 5",
    "MEL": "zoe@exemple.invalid",
    "ENTREPRISE": "Ateliers EXEMPLE",
    "AVIS DE": "Solène EXEMPLE-ŒUVRARD",
    "MEL AVIS": "solene@exemple.invalid",
    "ORGANISME": "École des Essais",
    "CENTRE": "Centre EXEMPLE",
    "DATE": "07/03/2026",
    "Salarié": True,
    "Exact": True,
    "RGPD": True,
    "CIVILITE": "M",
    "VOIE": "Formation continue",
}


def loaded(text: str = branch.MAPPING) -> Adopted:
    found = adopted(text)
    assert isinstance(found, Adopted), found
    return found


def adopted(text: str) -> object:
    mapping, source = read_mapping("branche.yaml", text.encode())
    scope = Scope(certification=samples.cqpm())
    return adopt(
        "branche.yaml", mapping, source, outline(Inscription, scope), their_fields(branch.form())
    )


def faults(old: str, new: str) -> list[str]:
    assert old in branch.MAPPING
    try:
        found = adopted(branch.MAPPING.replace(old, new))
    except MappingFaults as wrong:
        found = wrong.faults
    assert isinstance(found, tuple)
    return [str(one).replace("\N{NO-BREAK SPACE}", " ") for one in found]


@pytest.mark.parametrize("engine", ["pdf.js", "pdfium"])
def test_filled_in_a_viewer_it_is_accepted_as_our_own_model(
    engine: str, request: pytest.FixtureRequest
) -> None:
    filler: PdfJs | Pdfium = request.getfixturevalue("pdfjs") if engine == "pdf.js" else Pdfium()
    found = read(filler.fill(branch.form(), TYPED))
    form = loaded()
    assert form.recognises(found.values)
    values, doubts = form.ours(found.values)
    assert doubts == {}
    reading = accept(
        Inscription, Scope(certification=samples.cqpm()), values, today=date(2026, 6, 1)
    )
    assert reading.problems == ()
    assert reading.answers is not None
    assert reading.answers.candidate.birth_name == "Nguyễn-D'Œuvre"
    assert reading.answers.candidate.birth_date == date(1991, 4, 3)
    assert reading.answers.candidate.status == "salarie"
    assert reading.answers.candidate.civility == "monsieur"
    assert reading.answers.wish.route == "formation_continue"


def test_what_we_know_is_written_in_it_and_comes_back() -> None:
    known = {
        "candidate/birth_name": "Nguyễn",
        "candidate/birth_date": "03/04/1991",
        "candidate/civility": "madame",
        "candidate/status": "jeune",
        "wish/route": "formation_continue",
        "agreement/exact": True,
    }
    form = loaded()
    print_ = samples.imprint(Inscription).signed(samples.KEY)
    found = read(prefilled(branch.form(), form.theirs(known), imprint=print_))
    values, _ = form.ours(found.values)
    assert {name: values[name] for name in known} == known
    assert found.imprint == print_
    assert found.warnings == ()


def test_two_boxes_ticked_for_one_answer_are_asked_back() -> None:
    values = dict.fromkeys(their_fields(branch.form()), "")
    _, doubts = loaded().ours({**values, "Salarié": True, "Jeune": True})
    assert "plusieurs cases" in doubts["candidate/status"]


def test_a_prefilled_copy_has_nothing_left_that_acts() -> None:
    with pikepdf.open(BytesIO(branch.form())) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        pdf.Root.OpenAction = script
        pdf.pages[0].obj.Annots[0].A = script
        pdf.attachments["piege.exe"] = b"MZ"
        out = BytesIO()
        pdf.save(out)
    active = out.getvalue()
    assert len(read(active).warnings) == 2
    data = prefilled(active, {}, imprint=samples.imprint(Inscription))
    assert read(data).warnings == ()
    assert b"app.alert" not in data
    assert b"piege.exe" not in data


LINES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "question inconnue": (
        "candidate/first_name:",
        "candidate/firstname:",
        ("ligne 11 : « candidate/firstname »", "« candidate/first_name »"),
    ),
    "champ absent du PDF": (
        ": MEL\n",
        ": MAIL\n",
        ("ligne 18", "pas de champ « MAIL »", "« MEL »"),
    ),
    "champ pris deux fois": ("ORGANISME\n", "CENTRE\n", ("ligne 36", "répond déjà")),
    "option inconnue": ("jeune: Jeune", "enfant: Jeune", ("ligne 23", "« enfant » n’est pas")),
    "état absent du PDF": ("monsieur: M}", "monsieur: Mr}", ("ligne 6", "la valeur « Mr »")),
    "réponse attendue oubliée": ("  candidate/email: MEL\n", "", ("Courriel", "« MEL »")),
    "champ ni repris ni laissé": ("  - RESERVE BRANCHE", "  []", ("RESERVE BRANCHE",)),
    "genre impossible": ("agreement/exact: Exact", "agreement/exact: DATE", ("genre",)),
    "deux façons": ("    toujours: entiere", "    champ: X\n    toujours: entiere", ("un seul",)),
    "clé inconnue": ("titre:", "nom:", ("ligne 3", "« nom » n’existe pas")),
    "YAML": ("valeurs: {madame", "valeurs: {{madame", ("ligne",)),
}


@pytest.mark.parametrize("fault", LINES)
def test_a_faulty_mapping_is_refused_by_line_with_what_to_do(fault: str) -> None:
    old, new, words = LINES[fault]
    told = "\n".join(faults(old, new))
    for word in words:
        assert word in told, told


def test_the_example_of_the_guide_is_the_one_tested() -> None:
    guide = Path(__file__).parents[2] / "docs" / "formulaires-adoptes.md"
    assert branch.MAPPING in guide.read_text(encoding="utf-8")
