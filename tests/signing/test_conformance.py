"""Signing keeps a conforming document PDF/A-2a and PDF/UA-1, as page-validation judges it.

veraPDF is not to be had where these tests run. page-validation wants a signature's ByteRange to end
with the file: true of the last one only, so that one rule is set aside once something follows.
"""

from pathlib import Path

import page
import pytest

from casefiles.answers.vocabulary import Form, Scope
from forms.render import flat, make
from signing import pades, trust
from signing.stamp import Stamp
from signing.timestamps import TimestampService
from tests.forms import samples
from tests.pki import Identity, ServedAuthority
from tests.signing.conftest import loaded, now

ENDS_WITH_THE_FILE = "PDFA2A-SIGNATURE-BYTERANGE-001"


def failures(path: Path, *, followed: bool = False) -> set[str]:
    return {
        f"{profile}: {failure.rule_id} {failure.message}"
        for profile in ("2a", "ua1")
        for failure in page.validate_pdf_bytes(path.read_bytes(), profile=profile).failures
        if not (followed and failure.rule_id == ENDS_WITH_THE_FILE)
    }


SIGNED = [
    form
    for form in samples.every_form()
    if form.signatures(samples.scopes(form, samples.cqpm())[0])
]


@pytest.mark.parametrize("form", SIGNED, ids=lambda form: form.NAME)
def test_every_form_still_conforms_once_signed_and_loses_nothing_but_one_rule_when_signed_again(
    form: type[Form], employer: Identity, tmp_path: Path
) -> None:
    scope = samples.scopes(form, samples.cqpm())[0]
    spots = sorted(form.signatures(scope), key=lambda spot: spot.locks == "all")
    path, told = tmp_path / "0.pdf", {"imprint": samples.imprint(form), "key": samples.KEY}
    path.write_bytes(make(form, scope, values=samples.answers(form, scope), **told))
    for count, spot in enumerate(spots):
        after, stamp = tmp_path / f"{count + 1}.pdf", Stamp(name="Nguyễn Łukasz", quality="Tuteur")
        pades.sign(path, after, field=spot.name, signer=loaded(employer), at=now(), stamp=stamp)
        assert failures(after, followed=count > 0) == set()
        path = after


@pytest.fixture(scope="module")
def avis(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real avis, filled by us, waiting for the company's signature."""
    form = next(f for f in samples.every_form() if f.NAME == "avis")
    scope: Scope = next(iter(samples.scopes(form, samples.cqpm())))
    path = tmp_path_factory.mktemp("avis") / "avis.pdf"
    path.write_bytes(
        make(form, scope, values=samples.answers(form, scope), imprint=samples.imprint(form),
             key=samples.KEY, case_line=samples.CASE_LINE)
    )  # fmt: skip
    assert failures(path) == set()
    return path


def test_a_stamped_form_still_conforms(avis: Path, employer: Identity, tmp_path: Path) -> None:
    stamp = Stamp(name="Nguyễn Łukasz-Œuvre", quality="Tuteur", note="« Lu et approuvé »")
    pades.sign(avis, tmp_path / "s.pdf", field="signature/entreprise", signer=loaded(employer),
               at=now(), stamp=stamp)  # fmt: skip
    assert failures(tmp_path / "s.pdf") == set()


def test_a_form_archived_with_a_time_stamp_still_conforms(
    avis: Path, served: ServedAuthority, tmp_path: Path
) -> None:
    key, tsa = loaded(served.identity("employeur")), TimestampService(served.tsa_url)
    pades.sign(avis, tmp_path / "lta.pdf", field="signature/entreprise", signer=key, at=now(),
               level="B-LTA", timestamper=tsa, trust=trust.load(served.root),
                   fetcher=served.fetcher)  # fmt: skip
    assert failures(tmp_path / "lta.pdf", followed=True) == set()


def test_an_invisible_signature_leaves_finished_pages_conforming(
    centre: Identity, tmp_path: Path
) -> None:
    form = next(f for f in samples.every_form() if f.NAME == "avis")
    scope: Scope = next(iter(samples.scopes(form, samples.cqpm())))
    pages = tmp_path / "pages.pdf"
    pages.write_bytes(
        flat(form, scope, samples.answers(form, scope), imprint=samples.imprint(form),
             key=samples.KEY, case_line=samples.CASE_LINE)
    )  # fmt: skip
    pades.sign(pages, tmp_path / "s.pdf", field="Sceau", new_field=True, signer=loaded(centre),
               at=now(), certify=True)  # fmt: skip
    assert failures(tmp_path / "s.pdf") == set()
