"""Somebody who has the two volumes and no Parchemin checks them with the commands printed in them.

Every command is taken as it stands on the page; only names and numbers that it leaves open are put
in. Nothing of ours runs.
"""

import hashlib
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest

from forms.pages import checking
from forms.pages.checking import Check
from tests.pki import OpensslAuthority
from tests.stories.conftest import Stages
from tests.stories.seen import words


@dataclass(frozen=True)
class Desk:
    """Somebody’s folder, with what they were handed; their machine has only the Debian tools."""

    folder: Path

    def types(self, command: str) -> str:
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.folder, capture_output=True, timeout=120, check=False,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(self.folder)},
        )  # fmt: skip
        return (done.stdout + done.stderr).decode(errors="replace")

    def asks(self, check: Check, **said: str) -> str:
        commands = check.commands
        for left, right in said.items():
            commands = tuple(re.sub(rf"\b{left}\b", right, one) for one in commands)
        return "".join(self.types(one) for one in commands)


@pytest.fixture(scope="module")
def handed(
    stages: Stages, signed_pv: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Desk:
    space = stages.copy("en signature", tmp_path_factory.mktemp("bureau") / "espace")
    pieces = space.session().pieces
    assert pieces is not None
    folder = tmp_path_factory.mktemp("ailleurs")
    sealed = space.folder(space.session().reference) / pieces.path
    shutil.copyfile(sealed, folder / "VOLUME.pdf")
    shutil.copyfile(signed_pv["tous"], folder / "PV.pdf")
    authorities = [path.read_bytes() for path in space.office.settings.trust.authorities]
    (folder / "autorite.pem").write_bytes(b"\n".join(authorities))
    space.close()
    return Desk(folder)


@pytest.fixture
def desk(handed: Desk, tmp_path: Path) -> Desk:
    return Desk(Path(shutil.copytree(handed.folder, tmp_path / "bureau")))


def well(check: Check, answer: str) -> bool:
    return all(one in answer for one in check.shows)


def test_each_volume_prints_the_commands_that_check_it_one_a_line(desk: Desk) -> None:
    for name, asked in (("VOLUME.pdf", checking.OF_PIECES), ("PV.pdf", checking.OF_PV)):
        lines = [" ".join(line.split()) for line in words(desk.folder / name).splitlines()]
        for check in asked:
            assert check.asks in [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
            assert set(check.commands) <= set(lines)


def test_a_stranger_finds_the_seal_every_piece_and_its_signature_good(desk: Desk) -> None:
    seal, files, inside, who = checking.OF_PIECES
    said = desk.asks(seal)
    assert well(seal, said)
    assert "Signer Certificate Common Name: " in said
    told = desk.asks(files).strip().splitlines()
    with pikepdf.open(desk.folder / "VOLUME.pdf") as pdf:
        held = set(pdf.attachments) - {"manifeste.json", "empreintes.sha256"}
    assert {line for line in told if line.endswith(": OK")} == {f"{name}: OK" for name in held}
    assert len(told) >= len(held) >= 10
    (avis,) = [name for name in held if "Avis" in name]
    shutil.copyfile(desk.folder / "pieces" / avis, desk.folder / "pieces" / "PIECE.pdf")
    assert well(inside, desk.asks(inside))
    ((first, second),) = re.findall(r"Signed Ranges: \[0 - (\d+)\], \[(\d+) - \d+\]", said)
    assert well(who, desk.asks(who, A=first, B=str(int(second) + 1)))


def test_a_stranger_finds_every_signature_of_the_pv_good_and_the_volume_it_names(
    desk: Desk,
) -> None:
    signed, same = checking.OF_PV
    said = desk.asks(signed)
    assert well(signed, said)
    assert said.count("Signature is Valid") == said.count("Signature #") == 3
    assert said.rindex("Total document signed") > said.rindex("Signature #3")
    digest = desk.asks(same).split()[0]
    assert digest == hashlib.sha256((desk.folder / "VOLUME.pdf").read_bytes()).hexdigest()
    assert digest in words(desk.folder / "PV.pdf")


def test_a_stranger_sees_a_byte_changed_in_a_piece(desk: Desk) -> None:
    seal, files, _, who = checking.OF_PIECES
    volume = desk.folder / "VOLUME.pdf"
    said = desk.asks(seal)
    content = bytearray(volume.read_bytes())
    with pikepdf.open(volume) as pdf:
        (avis,) = [name for name in pdf.attachments if "Avis" in name]
        held = pdf.attachments[avis].get_file().read_bytes()
    content[content.index(held) + len(held) // 2] ^= 1
    volume.write_bytes(content)
    assert not well(seal, desk.asks(seal))
    told = desk.asks(files)
    assert f"{avis}: FAILED" in told
    assert f"{avis}: OK" not in told
    ((first, second),) = re.findall(r"Signed Ranges: \[0 - (\d+)\], \[(\d+) - \d+\]", said)
    assert not well(who, desk.asks(who, A=first, B=str(int(second) + 1)))


def test_another_authoritys_certificate_does_not_vouch_for_the_seal(
    desk: Desk, tmp_path: Path
) -> None:
    seal, _, _, who = checking.OF_PIECES
    other = OpensslAuthority(tmp_path / "ailleurs", "Autorité inconnue EXEMPLE")
    shutil.copyfile(other.root, desk.folder / "autorite.pem")
    ((first, second),) = re.findall(
        r"Signed Ranges: \[0 - (\d+)\], \[(\d+) - \d+\]", desk.asks(seal)
    )
    assert not well(who, desk.asks(who, A=first, B=str(int(second) + 1)))
