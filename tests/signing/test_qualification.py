"""What a signature is worth in law: from verified European lists alone, their age said."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casefiles.errors import SigningError
from casefiles.proving import called
from signing import pades, trust, trusted_lists
from signing.keys import Key
from signing.report import Report
from signing.timestamps import TimestampService
from signing.trust import NOBODY, Trust
from signing.trusted_lists import TrustedLists
from signing.verify import verify
from tests.pki import ServedAuthority
from tests.pki.qualified import WITHDRAWN, Scheme
from tests.signing.conftest import now


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture(scope="module")
def lists(scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> TrustedLists:
    folder = scheme.publish(tmp_path_factory.mktemp("listes"))
    found = trusted_lists.load(trusted_lists.files(folder), at=now())
    assert (found.territories, found.problems) == (("FR",), ())
    return found


def signed(form: Path, tmp_path: Path, key: Key) -> Path:
    pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=key, at=now())
    return tmp_path / "s.pdf"


def said(report: Report) -> str:
    (one,) = [s for s in report.signatures if s.kind != "timestamp"]
    return called("signature", one.qualification or "", one.timestamp or "", by_seal=one.by_seal)


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ({}, "Signature qualifiée, sans horodatage"),
        ({"seal": True}, "Cachet qualifié, sans horodatage"),
        ({"secure": False}, "Signature sur certificat qualifié, sans horodatage"),
        (
            {"compliant": False, "secure": False},
            "Signature électronique sur certificat non qualifié",
        ),
    ],
)
def test_each_kind_of_certificate_is_called_what_it_is(
    statements: dict[str, bool], words: str, scheme: Scheme, lists: TrustedLists, form: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    file = signed(form, tmp_path, scheme.holder("Zoé EXEMPLE-GONÇALVES", **statements))
    report = verify(file, at=now(), lists=lists)
    assert (report.verdict, report.signatures[0].trusted) == ("valid", True)
    assert said(report).startswith(words)
    assert report.notes[0].startswith("Listes de confiance de l’Union (FR), copie du ")
    assert "(il y a 12 jours)" in report.notes[0]


def test_a_qualified_time_stamp_is_told_from_another(
    scheme: Scheme, served: ServedAuthority, form: Path, tmp_path: Path
) -> None:
    served.identity("employeur")
    key = scheme.holder("Zoé EXEMPLE-GONÇALVES")
    pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=key, at=now(), level="B-T",
               timestamper=TimestampService(served.tsa_url))  # fmt: skip
    tsa = served.certificate("horodatage")
    known = scheme.publish(tmp_path / "avec", stamping=tsa)
    unknown = scheme.publish(tmp_path / "sans")
    for folder, words in ((known, "avec horodatage qualifié"), (unknown, "avec horodatage")):
        lists = trusted_lists.load(trusted_lists.files(folder), at=now())
        report = verify(tmp_path / "s.pdf", at=now(), lists=lists, trust=trust.load(served.root))
        assert said(report) == f"Signature qualifiée, {words}"


def test_the_authority_alone_makes_nothing_qualified(
    scheme: Scheme, lists: TrustedLists, form: Path, tmp_path: Path
) -> None:
    file = signed(form, tmp_path, scheme.holder("Zoé EXEMPLE-GONÇALVES"))
    ours = Trust(roots=(scheme.authority.der,))
    alone = verify(file, at=now(), trust=ours)
    assert (alone.verdict, alone.signatures[0].qualification) == ("valid", "undetermined")
    assert "sa qualification reste indéterminée" in alone.notes[0]
    assert "qualification indéterminée" in said(alone)
    both = verify(file, at=now(), trust=ours, lists=lists)
    assert both.signatures[0].qualification == "qualified_signature"


def test_a_service_withdrawn_qualifies_nothing_any_more(
    scheme: Scheme, form: Path, tmp_path: Path
) -> None:
    file = signed(form, tmp_path, scheme.holder("Zoé EXEMPLE-GONÇALVES"))
    folder = scheme.publish(tmp_path / "retire", status=WITHDRAWN)
    lists = trusted_lists.load(trusted_lists.files(folder), at=now())
    report = verify(file, at=now(), lists=lists, trust=Trust(roots=(scheme.authority.der,)))
    assert report.signatures[0].qualification == "other"


def test_a_service_granted_after_the_certificate_was_issued_does_not_qualify_it(
    scheme: Scheme, form: Path, tmp_path: Path
) -> None:
    file = signed(form, tmp_path, scheme.holder("Zoé EXEMPLE-GONÇALVES"))
    folder = scheme.publish(tmp_path / "apres", since=now() - timedelta(days=1))
    lists = trusted_lists.load(trusted_lists.files(folder), at=now())
    report = verify(file, at=now(), lists=lists, trust=Trust(roots=(scheme.authority.der,)))
    assert report.signatures[0].qualification == "other"


def altered(folder: Path) -> None:
    page = folder / "FR.xml"
    page.write_bytes(page.read_bytes().replace(b"Service EXEMPLE", b"Service FACTICE"))


def stale(scheme: Scheme, folder: Path) -> None:
    scheme.publish(folder, until=now() - timedelta(days=1))


def by_another(scheme: Scheme, folder: Path) -> None:
    scheme.publish(folder, signed_by=Scheme().national)


def elsewhere(scheme: Scheme, folder: Path) -> None:
    scheme.publish(folder, territory="DE")


@pytest.mark.parametrize("harm", ["altered", "stale", "by_another", "elsewhere"])
def test_a_list_that_cannot_be_verified_leaves_the_question_open(
    harm: str, scheme: Scheme, form: Path, tmp_path: Path
) -> None:
    folder = scheme.publish(tmp_path / "listes")
    file = signed(form, tmp_path, scheme.holder("Zoé EXEMPLE-GONÇALVES"))
    ours = Trust(roots=(scheme.authority.der,))
    good = trusted_lists.load(trusted_lists.files(folder), at=now())
    control = verify(file, at=now(), trust=ours, lists=good)
    assert control.signatures[0].qualification == "qualified_signature"
    if harm == "altered":
        altered(folder)
    else:
        {"stale": stale, "by_another": by_another, "elsewhere": elsewhere}[harm](scheme, folder)
    bad = trusted_lists.load(trusted_lists.files(folder), at=now())
    assert not bad
    report = verify(file, at=now(), trust=ours, lists=bad)
    assert report.signatures[0].qualification == "undetermined"
    assert any("n’a pas pu être vérifiée" in note for note in report.notes)


def test_a_folder_without_the_list_of_lists_says_what_to_fetch(tmp_path: Path) -> None:
    with pytest.raises(SigningError, match=r"liste des listes \(eu-lotl\.xml\)") as raised:
        trusted_lists.files(tmp_path)
    assert "Commission européenne" in raised.value.remedy


def test_the_operators_published_with_the_library_are_the_default(
    scheme: Scheme, tmp_path: Path
) -> None:
    folder = scheme.publish(tmp_path)
    (folder / "operateurs.pem").unlink()
    files = trusted_lists.files(folder)
    assert files[-1].name == "latest.cert.pem"
    found = trusted_lists.load(files, at=now())  # ours is not signed by the Commission
    assert not found
    assert "liste des listes" in found.problems[0]


def test_what_no_list_says_is_never_called_advanced() -> None:
    kinds = ("none", "paper", "signature", "seal")
    values = ("", "other", "undetermined", "qualified_certificate", "qualified_seal")
    words = {called(k, q, t) for k in kinds for q in values for t in ("", "plain", "qualified")}
    assert not [w for w in words if "avancé" in w.casefold()]
    assert called("seal") == "Cachet du prestataire, sans horodatage"
    assert called("paper") == "Signature manuscrite numérisée"


def test_the_age_of_the_lists_is_told_in_days() -> None:
    at = datetime(2026, 3, 7, 9, tzinfo=UTC)
    made = TrustedLists(issued=at - timedelta(days=1), territories=("FR",))
    assert made.age(at).endswith("copie du 06/03/2026 (il y a 1 jour).")
    assert NOBODY.roots == ()
