"""Certifications are found, loaded and, when faulty, refused by line in French."""

from importlib.resources import files
from pathlib import Path

import pytest

from casefiles.certification import Certification
from casefiles.errors import CertificationError
from templates.catalog import Fault, check, codes, from_canonical, load, schema

SHIPPED = files("templates") / "certifications"
TMP = (SHIPPED / "cqpm-tmp.yaml").read_text(encoding="utf-8")


def _written(folder: Path, text: str, name: str = "cqpm-tmp.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _broken(folder: Path, before: str, after: str, mark: str = "") -> tuple[Fault, int]:
    """The one fault of the CQPM once `before` is `after`, and the line of `mark` in the result."""
    assert before in TMP
    text = TMP.replace(before, after, 1)
    (fault,) = check(_written(folder, text))
    return fault, text.count("\n", 0, text.index(mark or after)) + 1


def test_the_shipped_certifications_are_known_by_their_codes() -> None:
    assert codes() == ("cqp-tmroa", "cqpm-opea", "cqpm-tmp", "exemple-cqpi")


@pytest.mark.parametrize("code", ["cqp-tmroa", "cqpm-opea", "cqpm-tmp", "exemple-cqpi"])
def test_every_shipped_file_has_nothing_to_correct(code: str) -> None:
    assert check(Path(str(SHIPPED)) / f"{code}.yaml") == ()


def test_the_organisation_s_own_file_stands_before_the_shipped_one(tmp_path: Path) -> None:
    _written(tmp_path, TMP.replace('version: "1"', 'version: "2026-maison"', 1))
    own = TMP.replace("code: cqpm-tmp", "code: cqp-maison", 1)
    _written(tmp_path, own, "cqp-maison.yaml")
    assert load("cqpm-tmp", tmp_path).version == "2026-maison"
    assert load("cqpm-tmp").version == "1"
    assert load("cqpm-opea", tmp_path).code == "cqpm-opea"
    assert "cqp-maison" in codes(tmp_path)
    assert "cqp-maison" not in codes()


def test_an_edited_file_is_read_anew_and_changes_the_fingerprint(tmp_path: Path) -> None:
    path = _written(tmp_path, TMP)
    before = load("cqpm-tmp", tmp_path)
    assert before.fingerprint == load("cqpm-tmp").fingerprint
    path.write_text(TMP.replace("Les règles de sécurité", "Les règles de sûreté"), "utf-8")
    after = load("cqpm-tmp", tmp_path)
    assert after.blocs[0].knowledge[-1] == "Les règles de sûreté"
    assert after.fingerprint != before.fingerprint


def test_an_unchanged_file_is_parsed_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _written(tmp_path, TMP.replace('version: "1"', 'version: "une-fois"', 1))
    first = load("cqpm-tmp", tmp_path)
    monkeypatch.setattr("templates.catalog.parse", None)
    assert load("cqpm-tmp", tmp_path) is first
    assert check(path) == ()


def test_comments_and_spacing_do_not_make_another_version(tmp_path: Path) -> None:
    _written(tmp_path, "# relu par le bureau\n" + TMP.replace("\n\n", "\n\n\n"))
    assert load("cqpm-tmp", tmp_path).fingerprint == load("cqpm-tmp").fingerprint


def test_french_typography_is_put_in_whatever_was_typed(tmp_path: Path) -> None:
    typed = TMP.replace("L’analyse fonctionnelle", "L'analyse \u00ab fonctionnelle \u00bb")
    _written(tmp_path, typed)
    read = load("cqpm-tmp", tmp_path).blocs[0].knowledge[3]
    assert read == "L’analyse «\u00a0fonctionnelle\u00a0»"


@pytest.mark.parametrize("code", codes())
def test_an_archived_version_reads_back_the_same(code: str) -> None:
    certification = load(code)
    again = from_canonical(certification.canonical())
    assert again == certification
    assert again.fingerprint == certification.fingerprint


def test_a_field_added_later_changes_no_fingerprint() -> None:
    class Later(Certification):
        added: str = "par défaut"

    later = Later.model_validate_json(load("cqpm-tmp").canonical())
    assert later.fingerprint == load("cqpm-tmp").fingerprint


def test_a_damaged_archive_is_refused_with_what_to_do() -> None:
    with pytest.raises(CertificationError, match=r"ne se relit plus.*sauvegarde"):
        from_canonical(b'{"code": "cqpm-tmp"}')


def test_the_json_schema_beside_the_files_is_up_to_date() -> None:
    assert (SHIPPED / "schema.json").read_bytes() == schema()


@pytest.mark.parametrize("code", ["cqpm-inconnue", "../cqpm-tmp", ""])
def test_an_unknown_code_is_refused_with_the_known_ones(code: str) -> None:
    with pytest.raises(CertificationError, match=r"Codes connus : cqp-tmroa, cqpm-opea"):
        load(code)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CertificationError, match=r"absent\.yaml ne peut pas être ouvert"):
        check(tmp_path / "absent.yaml")


def test_loading_a_faulty_file_names_file_line_and_remedy(tmp_path: Path) -> None:
    text = TMP.replace("kind: judgment", "kind: jugement", 1).replace("open: true", "open: oui", 1)
    _written(tmp_path, text)
    line = text[: text.index("open: oui")].count("\n") + 1
    with pytest.raises(CertificationError) as refused:
        load("cqpm-tmp", tmp_path)
    assert refused.value.message.startswith(f"cqpm-tmp.yaml, ligne {line} : pour « open »")
    assert "(et 1 autre erreur)" in refused.value.message
    assert refused.value.remedy


def test_an_identifier_used_twice_is_refused_at_its_second_line(tmp_path: Path) -> None:
    fault, line = _broken(tmp_path, "id: BDC1.2.Mo1", "id: BDC1.1.Mo1", "id: BDC1.1.Mo1\n")
    assert TMP.count("id: BDC1.1.Mo1\n") == 1
    assert fault.line > line
    assert TMP.splitlines()[fault.line - 1].strip() == "- id: BDC1.2.Mo1"
    assert "« BDC1.1.Mo1 » sert déjà" in fault.message


def test_a_key_written_twice_is_refused_at_its_second_line(tmp_path: Path) -> None:
    fault, line = _broken(
        tmp_path, 'version: "1"', 'version: "1"\ntitle: Un autre titre', "title: Un autre"
    )
    assert fault.line == line
    assert "« title » figure deux fois" in fault.message


@pytest.mark.parametrize(
    ("before", "after", "key", "suggested"),
    [
        ("    knowledge:", "    knowlege:", "knowlege", "knowledge"),
        ("  signatory_quality:", "  signatary_quality:", "signatary_quality", "signatory_quality"),
        ("          count: 2", "          count: 2\n          counts: 2", "counts", "count"),
        ("  parity: true", "  parity: true\n  paritys: true", "paritys", "parity"),
        ("threshold:\n", "threshold:\n  sources: R61\n", "sources", "source"),
    ],
)
def test_an_unknown_key_is_refused_at_its_line_with_the_nearest_one(
    tmp_path: Path, before: str, after: str, key: str, suggested: str
) -> None:
    text = TMP.replace(before, after, 1)
    faults = check(_written(tmp_path, text))
    found = next(f for f in faults if f"« {key} »" in f.message)
    assert text.splitlines()[found.line - 1].strip().startswith(key)
    assert found.remedy == f"Vouliez-vous « {suggested} » ?"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "      - Les règles de sécurité\n",
            "      - Les règles de sécurité : les consignes\n",
        ),
        (
            "      - Les règles de sécurité\n",
            "      - Les règles de sécurité\u00a0: les consignes\n",
        ),
        (
            "title: La surveillance et suivi",
            "title: La surveillance : et suivi",
        ),
    ],
)
def test_a_colon_inside_a_text_is_explained_with_the_folded_block(
    tmp_path: Path, before: str, after: str
) -> None:
    fault, line = _broken(tmp_path, before, after)
    assert fault.line == line
    assert "deux-points" in fault.message
    assert "« >- »" in fault.remedy


def test_a_folded_block_keeps_the_colon(tmp_path: Path) -> None:
    folded = "      - >-\n        Les règles de sécurité :\n        les consignes\n"
    _written(tmp_path, TMP.replace("      - Les règles de sécurité\n", folded))
    read = load("cqpm-tmp", tmp_path).blocs[0].knowledge[-1]
    assert read == "Les règles de sécurité\u00a0: les consignes"


@pytest.mark.rule("R44")
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("  parity: true", "\tparity: true", "tabulation"),
        ("  place: Paris", "  place: @Paris", "se réserve"),
        ("  place: Paris", "  place: 'Paris", "guillemet"),
        ("  place: Paris", "  place: *Paris", "renvoi"),
        ("  place: Paris", "  place: [Paris", "crochet"),
        ("  place: Paris", "  place: - Paris", "tiret"),
        ("  place: Paris", "  place: >- Paris", "bloc replié commence"),
        ("  place: Paris", "--- Paris", "le fichier recommence ici"),
        ("  place: Paris", "  place: [Paris]", "il y a une liste"),
        ("  place: Paris", "  place: 75", "« 75 » se lit comme un nombre"),
        ("  place: Paris", "  place:", "il n’y a rien"),
        ("  place: Paris", "  lieu: Paris", "« lieu » n’existe pas ici"),
        ("          count: 2", "          count: deux", "un nombre entier est attendu"),
        ("          count: 2", "          count: 0", "le plus petit admis est 1"),
        ("heading: methodes", "heading: methode", "« methode » n’est pas une valeur admise"),
        ("forms: [modalites,", "forms: [modalité,", "« modalité » n’est pas une valeur admise"),
        ("        number: 4", "        number: 5", "le numéro 5 devrait être 4"),
        ("  - [d]", "  - [z]", "« z » n’est pas une valeur admise"),
        ("  - [a, b, c]", "  - a", "une liste est attendue"),
        ("id: BDC1.3.C2", "id: BDC1..3", "n’a pas la forme attendue"),
        ("    - id: salaries", "    - id: employeurs", "les deux collèges"),
    ],
)
def test_each_mistake_is_named_in_french_at_its_line(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    text = TMP.replace(before, after, 1)
    faults = check(_written(tmp_path, text))
    line = text.count("\n", 0, text.index(after)) + 1
    named = [f for f in faults if said in f.message]
    assert named, [str(f) for f in faults]
    assert abs(named[0].line - line) <= 1
    assert all(f.remedy for f in faults)


@pytest.mark.rule("R13", "R62")
def test_vae_without_rncp_and_blocs_apart_without_rncp_are_contradictions(tmp_path: Path) -> None:
    fault, _ = _broken(tmp_path, "  vae:\n    open: false", "  vae:\n    open: true")
    assert "(R13)" in fault.message
    fault, line = _broken(tmp_path, "blocs_separately: false", "blocs_separately: true")
    assert "(R62)" in fault.message
    assert fault.line == line


def test_a_form_is_waited_for_or_proposed_never_both(tmp_path: Path) -> None:
    before = "company: employed\n    alongside: [positionnement]"
    fault, _ = _broken(tmp_path, before, before.replace("positionnement", "avis"))
    assert "« avis » est déjà parmi les pièces que cette voie attend" in fault.message


@pytest.mark.rule("R56")
def test_no_avis_is_asked_for_by_vae(tmp_path: Path) -> None:
    forms = "forms: [recevabilite, preuves, entretien, grille, "
    fault, _ = _broken(tmp_path, forms, f"{forms}avis, ")
    assert "aucun avis de l’entreprise n’est demandé sur cette voie (R56)" in fault.message


@pytest.mark.rule("R57")
def test_a_competence_without_criteria_must_say_why(tmp_path: Path) -> None:
    opea = (SHIPPED / "cqpm-opea.yaml").read_text(encoding="utf-8")
    start, end = opea.index("criteria_missing:"), opea.index("evaluators:")
    path = _written(tmp_path, opea[:start] + opea[end:], "cqpm-opea.yaml")
    assert "« BDC1.C1 » n’a aucun critère" in check(path)[0].message


def test_a_code_that_is_not_the_file_s_name_is_refused(tmp_path: Path) -> None:
    path = _written(tmp_path, TMP, "cqpm-copie.yaml")
    assert "n’est pas le nom du fichier" in check(path)[0].message


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"- une\n- liste\n",
        "titre: été".encode("latin-1"),
        b"a: \x00",
        b"\xff\xfe",
        b"a: &x [*x]",
        b"a: &x 1\nb: &x 2\n",
        b"? [a, b]\n: c\n",
        b"[" * 1500,
        b"level: " + b"9" * 5000,
        b"code: !!python/object/apply:os.abort []",
        b"a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
        + b"".join(b"%c: &%c [%b]\n" % (n, n, b", ".join([b"*%c" % (n - 1)] * 9))
                   for n in b"bcdefghij"),
        b"a: " + b"x" * 2_000_000,
    ],
)  # fmt: skip
def test_anything_else_is_a_fault_and_never_a_crash(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "autre.yaml"
    path.write_bytes(data)
    faults = check(path)
    assert faults
    assert all(f.line >= 1 and f.message for f in faults)
