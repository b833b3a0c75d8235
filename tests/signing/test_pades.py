import contextlib
import re
import subprocess
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf
import pytest

from casefiles.errors import LevelNotReached, SigningError
from signing import archival, keys, pades, trust, typeface
from signing.fetching import Fetcher
from signing.stamp import Stamp, in_french
from signing.timestamps import TimestampService
from signing.trust import Trust
from signing.verify import verify
from tests.pki import Identity, ServedAuthority
from tests.signing import documents
from tests.signing.conftest import loaded, now
from tests.signing.tools import PdfSig, openssl_verifies


def test_openssl_and_poppler_accept_what_we_sign(
    signed: Path, authority_root: Path, pdfsig: PdfSig, tmp_path: Path
) -> None:
    assert openssl_verifies(signed, authority_root, tmp_path)
    said = pdfsig.says(signed)
    assert "Signature is Valid" in said
    assert "Total document signed" in said


@pytest.mark.parametrize("kind", ["rsa:3072", "ec"])
def test_both_kinds_of_keys_sign_alike(
    kind: str, authority: object, form: Path, authority_root: Path, trusted: Trust, tmp_path: Path
) -> None:
    who = authority.issue("Types EXEMPLE", key=kind)  # type: ignore[attr-defined]
    pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=loaded(who), at=now())
    assert openssl_verifies(tmp_path / "s.pdf", authority_root, tmp_path)
    assert verify(tmp_path / "s.pdf", at=now(), trust=trusted).verdict == "valid"


def test_a_signature_is_an_increment_and_leaves_the_source_alone(form: Path, signed: Path) -> None:
    assert signed.read_bytes().startswith(form.read_bytes())
    assert not list(form.parent.glob(".parchemin-*"))


def test_the_objects_we_add_are_numbered_on_from_the_last(
    signed: Path, president: Identity, tmp_path: Path
) -> None:
    """A hole is where LibreOffice, which counts objects, writes over a signature."""
    both = tmp_path / "deux.pdf"
    pades.sign(signed, both, field="President", signer=loaded(president), at=now())
    for file in (signed, both):
        content = file.read_bytes()
        numbers = {int(n) for n in re.findall(rb"[\r\n](\d+) 0 obj", content)}
        size = int(re.findall(rb"/Size (\d+)", content)[-1])
        assert numbers == set(range(1, size))


def test_the_stamp_reads_in_french(form: Path, employer: Identity, tmp_path: Path) -> None:
    target, moment = tmp_path / "s.pdf", now().replace(hour=9, minute=5)
    stamp = Stamp(name="Zoé EXEMPLE-GONÇALVES", quality="Cheffe d’équipe à l’Œuvre")
    pades.sign(form, target, field="Employeur", signer=loaded(employer), at=moment, stamp=stamp)
    printed = subprocess.run(
        ["pdftotext", "-layout", target, "-"], capture_output=True, text=True, check=True
    ).stdout
    printed = printed.replace("\N{NO-BREAK SPACE}", " ")
    for words in ("Signé par", stamp.name, stamp.quality, in_french(moment.astimezone())):
        assert words.replace("\N{NO-BREAK SPACE}", " ") in printed
    assert "à 9\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05" in in_french(moment)
    with pikepdf.open(target) as pdf:
        (field,) = (f for f in pdf.Root.AcroForm.Fields if str(f.T) == "Employeur")
        for font in field.AP.N.Resources.Font.values():
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor


def test_the_stamp_tells_the_hour_of_where_people_are(
    form: Path, employer: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = now().replace(hour=22, minute=30)
    with monkeypatch.context() as paris:
        paris.setenv("TZ", "Europe/Paris")
        time.tzset()
        pades.sign(form, tmp_path / "s.pdf", field="Employeur",
                   signer=keys.load(employer.p12, employer.phrase, at=now()), at=at)  # fmt: skip
    time.tzset()
    printed = subprocess.run(["pdftotext", tmp_path / "s.pdf", "-"], capture_output=True, text=True,
                             check=True).stdout.replace("\N{NO-BREAK SPACE}", " ")  # fmt: skip
    there = at.astimezone(ZoneInfo("Europe/Paris"))
    assert there.hour != 22
    assert in_french(there).replace("\N{NO-BREAK SPACE}", " ") in printed


def test_a_name_beyond_french_is_drawn_too() -> None:
    cut = typeface.face("Semibold", "Nguyễn Łukasz")
    assert cut.known("Nguyễn Łukasz") == "Nguyễn Łukasz"
    assert typeface.face("Regular", "中").known("中") == "?"


def test_an_invisible_new_field_signs_a_document_without_a_form(
    centre: Identity, trusted: Trust, tmp_path: Path
) -> None:
    source = documents.flat(tmp_path / "plat.pdf")
    pades.sign(source, tmp_path / "s.pdf", field="Sceau", new_field=True, signer=loaded(centre),
               at=now(), certify=True, docmdp=1)  # fmt: skip
    (found,) = verify(tmp_path / "s.pdf", at=now(), trust=trusted).signatures
    assert (found.kind, found.docmdp, found.indication) == ("certification", 1, "TOTAL-PASSED")


def test_information_and_metadata_are_left_to_their_author(
    centre: Identity, tmp_path: Path
) -> None:
    source = documents.flat(tmp_path / "plat.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        with pdf.open_metadata() as xmp:
            xmp["dc:title"] = "Un titre"
        pdf.save(source)
        before = pdf.Root.Metadata.read_bytes(), dict(pdf.docinfo)
    pades.sign(source, tmp_path / "s.pdf", field="Sceau", new_field=True, signer=loaded(centre),
               at=now())  # fmt: skip
    with pikepdf.open(tmp_path / "s.pdf") as pdf:
        assert (pdf.Root.Metadata.read_bytes(), dict(pdf.docinfo)) == before


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"field": "Employeur"}, "déjà signé"),
        ({"field": "Inconnu"}, "n’a pas de champ de signature « Inconnu »"),
        ({"field": "observations"}, "n’a pas de champ de signature"),
        ({"field": "observations", "new_field": True}, "existe déjà"),
        ({"field": "President", "after": ("Employeur", "Membre")}, "se signe après « Membre »"),
        ({"field": "President", "certify": True}, "ne peut plus être certifié"),
        ({"field": "President", "level": "B-T"}, "demande un service d’horodatage"),
    ],
)
def test_what_should_not_be_signed_is_refused_with_the_reason(
    asked: dict[str, object], said: str, signed: Path, president: Identity, tmp_path: Path
) -> None:
    target = tmp_path / "s.pdf"
    with pytest.raises(SigningError, match=said):
        pades.sign(signed, target, signer=loaded(president), at=now(), **asked)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_the_right_order_is_accepted(signed: Path, president: Identity, tmp_path: Path) -> None:
    made = pades.sign(signed, tmp_path / "s.pdf", field="President", signer=loaded(president),
                      at=now(), after=("Employeur",))  # fmt: skip
    assert made.path.exists()


def test_nothing_is_signed_over_a_broken_signature(
    signed: Path, president: Identity, tmp_path: Path
) -> None:
    broken = tmp_path / "abime.pdf"
    broken.write_bytes(signed.read_bytes().replace(b"(Favorable)", b"(Defavorab)"))
    with pytest.raises(SigningError, match="n’est plus intègre"):
        pades.sign(broken, tmp_path / "s.pdf", field="President", signer=loaded(president),
                   at=now())  # fmt: skip


def test_a_locked_document_takes_no_more_signatures(
    form: Path, president: Identity, employer: Identity, tmp_path: Path
) -> None:
    last = tmp_path / "verrouille.pdf"
    pades.sign(form, last, field="President", signer=loaded(president), at=now())
    with pytest.raises(SigningError, match="a verrouillé le document"):
        pades.sign(last, tmp_path / "s.pdf", field="Employeur", signer=loaded(employer), at=now())


def test_a_sealed_document_takes_nothing_more(
    centre: Identity, employer: Identity, tmp_path: Path
) -> None:
    source = documents.form(tmp_path / "form.pdf", locks=False)
    pades.sign(source, tmp_path / "scelle.pdf", field="President", signer=loaded(centre), at=now(),
               certify=True, docmdp=1)  # fmt: skip
    with pytest.raises(SigningError, match="a verrouillé le document"):
        pades.sign(tmp_path / "scelle.pdf", tmp_path / "s.pdf", field="Employeur",
                   signer=loaded(employer), at=now())  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"bonjour", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_no_pdf_is_refused(content: bytes, employer: Identity, tmp_path: Path) -> None:
    source = tmp_path / "source.pdf"
    source.write_bytes(content)
    with pytest.raises(SigningError, match="ne peut pas être signé"):
        pades.sign(source, tmp_path / "s.pdf", field="Employeur", signer=loaded(employer), at=now())


@pytest.fixture(scope="module")
def services(served: ServedAuthority) -> tuple[keys.Key, TimestampService, Trust]:
    key = loaded(served.identity("employeur"))
    return key, TimestampService(served.tsa_url), trust.load(served.root)


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT", "B-LTA"])
def test_every_level_is_reached_and_recognised(
    level: pades.Level,
    form: Path,
    services: tuple[keys.Key, TimestampService, Trust],
    served: ServedAuthority,
    tmp_path: Path,
) -> None:
    key, tsa, roots = services
    target = tmp_path / "s.pdf"
    made = pades.sign(form, target, field="Employeur", signer=key, at=now(), level=level,
                      timestamper=tsa, trust=roots, fetcher=served.fetcher)  # fmt: skip
    report = verify(target, at=now(), trust=roots)
    first = report.signatures[0]
    assert made.level == level == first.level
    assert report.verdict == "valid"
    assert (first.proven_time is not None) is (level != "B-B")
    assert any("révocation" in reason for reason in first.reasons) is (level in {"B-B", "B-T"})
    if level in {"B-B", "B-T"}:
        assert openssl_verifies(target, served.root, tmp_path)


def test_an_archived_signature_can_be_renewed(
    form: Path, services: tuple[keys.Key, TimestampService, Trust], served: ServedAuthority,
    tmp_path: Path,
) -> None:  # fmt: skip
    key, tsa, roots = services
    pades.sign(form, tmp_path / "bb.pdf", field="Employeur", signer=key, at=now())
    archival.raise_to(
        tmp_path / "bb.pdf", tmp_path / "bt.pdf", level="B-T", at=now(), timestamper=tsa
    )
    archival.raise_to(tmp_path / "bt.pdf", tmp_path / "lta.pdf", level="B-LTA", at=now(),
                      timestamper=tsa, trust=roots, fetcher=served.fetcher)  # fmt: skip
    archival.raise_to(tmp_path / "lta.pdf", tmp_path / "again.pdf", level="B-LTA", at=now(),
                      timestamper=tsa, trust=roots, fetcher=served.fetcher)  # fmt: skip
    levels = {
        name: verify(tmp_path / f"{name}.pdf", at=now(), trust=roots).signatures[0].level
        for name in ("bb", "bt", "lta", "again")
    }
    assert levels == {"bb": "B-B", "bt": "B-T", "lta": "B-LTA", "again": "B-LTA"}


def test_a_revoked_signer_gets_no_validation_data(
    form: Path, services: tuple[keys.Key, TimestampService, Trust], served: ServedAuthority,
    tmp_path: Path,
) -> None:  # fmt: skip
    _, tsa, roots = services
    revoked = loaded(served.identity("revoque"))
    with pytest.raises(SigningError, match="a été révoqué"):
        pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=revoked, at=now(),
                   level="B-LT", timestamper=tsa, trust=roots, fetcher=served.fetcher,
                   or_lower=True)  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_a_silent_timestamp_service_leaves_nothing_half_signed(
    form: Path, employer: Identity, served: ServedAuthority, tmp_path: Path
) -> None:
    nobody = TimestampService(f"http://127.0.0.1:{served.port}/jury/rien", timeout=2)
    with pytest.raises(SigningError, match="rien n’a été signé"):
        pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=loaded(employer), at=now(),
                   level="B-T", timestamper=nobody)  # fmt: skip
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b"<p>En maintenance</p>"),
        ("application/timestamp-reply", b"<p>En maintenance</p>"),
        ("application/timestamp-reply", b"0" * 100_000),
    ],
)
def test_an_answer_that_is_no_timestamp_signs_nothing(
    kind: str, body: bytes, form: Path, employer: Identity, tmp_path: Path
) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        service = TimestampService(f"http://127.0.0.1:{server.server_port}/tsa", timeout=5)
        with pytest.raises(SigningError, match="rien n’a été signé"):
            pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=loaded(employer),
                       at=now(), level="B-T", timestamper=service)  # fmt: skip
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("level", ["B-T", "B-LTA"])
def test_a_level_that_cannot_be_reached_is_stated_and_reached_later(
    level: pades.Level, form: Path, services: tuple[keys.Key, TimestampService, Trust],
    served: ServedAuthority, tmp_path: Path,
) -> None:  # fmt: skip
    key, tsa, roots = services
    silent = TimestampService(f"http://127.0.0.1:{served.port}/jury/rien", timeout=2)
    made = pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=key, at=now(),
                      level=level, timestamper=silent, trust=roots, fetcher=served.fetcher,
                      or_lower=True)  # fmt: skip
    assert (made.level, made.wanted) == ("B-B", level)
    assert made.warnings == ("Le service d’horodatage n’a pas répondu correctement.",)
    before = verify(tmp_path / "s.pdf", at=now(), trust=roots).signatures[0]
    assert (before.level, before.proven_time) == ("B-B", None)
    with pytest.raises(LevelNotReached):
        archival.raise_to(tmp_path / "s.pdf", tmp_path / "r.pdf", level=level, at=now(),
                          timestamper=silent, trust=roots, fetcher=served.fetcher)  # fmt: skip
    assert not (tmp_path / "r.pdf").exists()
    done = archival.raise_to(tmp_path / "s.pdf", tmp_path / "r.pdf", level=level, at=now(),
                             timestamper=tsa, trust=roots, fetcher=served.fetcher)  # fmt: skip
    after = verify(tmp_path / "r.pdf", at=now(), trust=roots).signatures[0]
    assert after.level == level
    assert done.ends is not None
    assert done.ends.year == 2115  # the service's own certificate


def test_revocation_answers_out_of_reach_leave_a_stated_b_t(
    form: Path, services: tuple[keys.Key, TimestampService, Trust], tmp_path: Path
) -> None:
    key, tsa, roots = services
    made = pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=key, at=now(),
                      level="B-LT", timestamper=tsa, trust=roots, fetcher=Fetcher(),
                      or_lower=True)  # fmt: skip
    assert (made.level, made.wanted) == ("B-T", "B-LT")
    assert "preuves de validité" in made.warnings[0]
    assert verify(tmp_path / "s.pdf", at=now(), trust=roots).signatures[0].level == "B-T"


def test_an_archive_is_renewed_before_its_time_stamp_certificate_ends() -> None:
    made = now()
    assert archival.renewal(made + timedelta(days=1000), made) == made + timedelta(days=910)
    assert archival.renewal(made + timedelta(days=60), made) == made + timedelta(days=30)


def test_a_timestamp_address_must_be_a_web_address() -> None:
    with pytest.raises(SigningError, match="n’est pas une adresse web"):
        TimestampService("file:///etc/passwd")
