"""Twenty years on: an archive stamped anew before the certificate that stamped it ends."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from pyhanko_certvalidator.ltv import ades_past, poe

from signing import trust, verify
from signing.report import Report
from tests.pki import ServedAuthority
from tests.pki.served import SIGNER_ENDS, STAMPS_END
from tests.signing.tools import PdfSig, openssl_stamps
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from tests.stories.test_levels import ask, parchemin
from watch.office import now

pytestmark = pytest.mark.long

DAY = timedelta(days=1)


@pytest.fixture
def judged_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, Space, datetime], Report]:
    """The verdict of that day. The library looks at its own clock for some of it."""

    def judged(file: Path, space: Space, day: datetime) -> Report:
        class Then(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:
                return day.astimezone(tz)

        for module in (ades_past, poe):
            monkeypatch.setattr(module, "datetime", Then)
        known = trust.load(space.office.settings.trust.authorities)
        return verify.verify(file, at=day, trust=known, inside=False)

    return judged


def at(space: Space, served: ServedAuthority, moment: datetime) -> None:
    """The daemon’s round, and everybody’s services, at that moment."""
    space.office.clock = lambda: moment
    with served.living_at(moment):
        space.catch_up()


def archived(space: Space, served: ServedAuthority, signed_pv: dict[str, Path]) -> Path:
    """A parchemin at B-LTA whose signer, then whose time-stamp, come to their end."""
    ask(space, served, "B-LTA")
    brief = served.identity("certificateur-bref")

    def edit(text: str) -> str:
        text = text.replace(served.tsa_url, served.brief_tsa_url)
        return re.sub(
            r"(\[cles\.certificateur\]\n)fichier = .*\nphrase = .*",
            rf'\1fichier = "{brief.p12}"\nphrase = "{brief.phrase_file}"',
            text,
        )

    space.reopen(edit=edit)
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
    return parchemin(space)


def test_an_archive_is_stamped_anew_in_its_time_and_outlives_everybodys_certificate(
    as_told: AsTold,
    served: ServedAuthority,
    signed_pv: dict[str, Path],
    judged_at: Callable[[Path, Space, datetime], Report],
    tmp_path: Path,
) -> None:
    space = as_told("en signature")
    file = archived(space, served, signed_pv)
    began = now()
    number, first = space.numbers()[-1], file.read_bytes()
    at(space, served, began + STAMPS_END / 2 - 2 * DAY)
    assert parchemin(space).read_bytes() == first  # not before its day

    # On its day the signer’s certificate has ended already; the service has a new one.
    moment = began + STAMPS_END / 2 + 2 * DAY
    assert moment > began + SIGNER_ENDS
    space.reopen(edit=lambda text: text.replace(served.brief_tsa_url, served.tsa_url))
    at(space, served, moment)
    renewed = parchemin(space)
    assert renewed.read_bytes().startswith(first)
    assert renewed.read_bytes() != first
    assert "Preuves ajoutées à la signature, niveau B-LTA" in space.history(number)
    report = judged_at(renewed, space, moment)
    assert [(s.kind, s.integrity) for s in report.signatures] == [
        ("certification", "intact"),
        ("timestamp", "intact"),
        ("timestamp", "intact"),
    ]
    assert (report.verdict, report.signatures[0].level) == ("valid", "B-LTA")
    once_done = renewed.read_bytes()
    at(space, served, moment + 2 * DAY)
    assert parchemin(space).read_bytes() == once_done  # and not again the day after

    # After the first time-stamp’s certificate has ended: what was not renewed proves no more.
    long_after = began + STAMPS_END + 30 * DAY
    before = space.scratch / "non renouvelé.pdf"
    before.write_bytes(first)
    assert judged_at(before, space, long_after).verdict == "indeterminate"
    report = judged_at(renewed, space, long_after)
    signature, old, _ = report.signatures
    assert (report.verdict, signature.level) == ("valid", "B-LTA"), report
    assert old.indication == "TOTAL-PASSED"  # the later one proves it
    assert signature.proven_time is not None
    assert signature.proven_time - began < DAY

    # Others find the signature whole, and both time-stamps on the days they answer for.
    for day, stamps in ((moment, [True, True]), (long_after, [False, True])):
        assert openssl_stamps(renewed, served.root, tmp_path, at=day) == stamps
    said = PdfSig(tmp_path / "nss", served.root).says(renewed)  # it verifies no time-stamp
    assert "Signature is Valid." in said.split("Signature #2:")[0]
    assert said.count("Total document signed") == 1, said


@pytest.mark.parametrize("late", [1, 400])
def test_an_archive_nobody_renewed_in_time_says_so_and_is_kept(
    late: int, as_told: AsTold, served: ServedAuthority, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    file = archived(space, served, signed_pv)
    number, first = space.numbers()[-1], file.read_bytes()
    space.reopen(edit=lambda text: text.replace(served.brief_tsa_url, served.tsa_url))
    at(space, served, now() + STAMPS_END + late * DAY)
    assert parchemin(space).read_bytes() == first
    assert "Renouveler l’horodatage d’archivage du parchemin" in space.to_do(number)
    assert "a pris fin" in space.history(number)
