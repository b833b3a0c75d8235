"""What the certifier signed with software of its own is brought to the level the office asks."""

from pathlib import Path

import pytest

from signing import trust, verify
from tests.pki import ServedAuthority
from tests.signing.tools import openssl_verifies
from tests.stories.conftest import AsTold, certified_by
from tests.stories.space import Space
from tests.stories.test_levels import ask, later, parchemin

pytestmark = pytest.mark.long

FIELD = "signature/certificateur"


@pytest.fixture
def to_sign(
    as_told: AsTold, served: ServedAuthority, signed_pv: dict[str, Path]
) -> tuple[Space, Path]:
    """A parchemin gone out to a certifier whose authority answers and whose signatory is named."""
    space = as_told("en signature")
    ask(space, served, "B-LT")
    empowered = served.identity("certificateur")
    space.signers["certificateur"] = empowered
    space.reopen(edit=lambda t: certified_by(empowered, t))
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
    sent = space.case().to_sign
    assert sent is not None
    return space, space.office.originals.path(sent.sha256)


def proven(space: Space, file: Path) -> tuple[str, str | None, list[str]]:
    known = trust.load(space.office.settings.trust.authorities)
    report = verify.verify(file, at=space.office.clock(), trust=known, inside=False)
    return report.verdict, report.signatures[0].level, [s.kind for s in report.signatures]


@pytest.mark.parametrize(
    ("wanted", "brought", "kinds"),
    [
        ("B-T", "B-B", ["approval", "timestamp"]),
        ("B-LT", "B-B", ["approval", "timestamp"]),
        ("B-LT", "B-T", ["approval"]),
        ("B-LTA", "B-LTA", ["approval", "timestamp", "timestamp"]),
    ],
)
def test_a_parchemin_signed_elsewhere_is_raised_to_the_level_asked_for(
    wanted: str,
    brought: str,
    kinds: list[str],
    to_sign: tuple[Space, Path],
    served: ServedAuthority,
    tmp_path: Path,
) -> None:
    space, sent = to_sign
    space.reopen(edit=lambda text: text.replace('niveau = "B-LT"', f'niveau = "{wanted}"'))
    options = {
        "B-B": (),
        "B-T": ("--timestamp-url", served.tsa_url),
        "B-LTA": (
            *("--timestamp-url", served.tsa_url, "--with-validation-info", "--use-pades-lta"),
            *("--trust", str(served.root)),
        ),
    }[brought]
    signed = space.sign(sent, FIELD, "certificateur", *options)
    assert proven(space, signed)[:2] == ("valid", brought)
    number = space.numbers()[-1]
    assert space.hand_in(signed).outcome == "accepted"
    file = parchemin(space)
    assert file.read_bytes().startswith(signed.read_bytes())
    assert proven(space, file) == ("valid", wanted, kinds)
    assert openssl_verifies(file, served.root, tmp_path, cades=False, only_first=True)
    assert "Porter la signature" not in space.to_do(number)
    assert f"Preuves ajoutées à la signature, niveau {wanted}" in space.history(number)
    assert ("Renouveler l’horodatage" in space.to_do(number)) is (wanted == "B-LTA")


def test_while_nobody_stamps_it_stays_as_it_was_signed_and_the_step_stays_open(
    to_sign: tuple[Space, Path], served: ServedAuthority
) -> None:
    space, sent = to_sign
    signed, number = space.sign(sent, FIELD, "certificateur"), space.numbers()[-1]
    with served.time_stamping_stopped():
        assert space.hand_in(signed).outcome == "accepted"
        assert parchemin(space).read_bytes() == signed.read_bytes()
        assert "au niveau B-LT (niveau atteint : B-B)" in space.to_do(number)
    later(space, served, 1)
    assert proven(space, parchemin(space))[:2] == ("valid", "B-LT")
