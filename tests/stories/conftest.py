"""Offices at every stage of a story, each test its own copy of one made once."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.pki import Identity, OpensslAuthority
from tests.stories.space import Space
from watch.commands.rehearsal import answers as people
from watch.confinement.sandbox import Sandbox, SandboxServer

AsTold = Callable[[str], Space]

STAGES = ("nouveau", "inscrit", "complet", "en session", "clos", "en signature", "décidé")


@pytest.fixture(scope="session")
def sandbox(fork_server: SandboxServer) -> Sandbox:
    """One fork server for every office of the session."""
    return Sandbox(fork_server.address)


@pytest.fixture(scope="session")
def signers(authority: OpensslAuthority, stranger: Identity) -> Mapping[str, Identity]:
    """The people of the story, by role."""
    return {
        "employeur": authority.issue(people.EMPLOYER, organisation=people.COMPANY),
        "evaluateur": authority.issue(people.EVALUATOR, organisation="Centre EXEMPLE"),
        "president": authority.issue(people.PRESIDENT, organisation="Jury EXEMPLE"),
        "jury-1": authority.issue(people.MEMBERS[0], organisation="Jury EXEMPLE"),
        "jury-3": authority.issue("Aya EXEMPLE-NKEMBE", organisation="Jury EXEMPLE"),
        "jury-2": authority.issue(people.MEMBERS[1], organisation="Jury EXEMPLE"),
        "certificateur": authority.issue(
            "Hélène EXEMPLE-VASSEUR", organisation="Certificateur EXEMPLE"
        ),
        # poppler’s tool cannot count on the length of an ECDSA signature, and gives up by chance.
        "employeur, RSA": authority.issue(people.EMPLOYER, key="rsa:3072"),
        "inconnu": stranger,
    }


@pytest.fixture(autouse=True)
def opened_in_one_place(one_fork_server: None) -> None:
    """What a test asks of the command line opens files there too."""


class Stages:
    """Each stage continues the one before it, is made once, and is then only copied."""

    def __init__(self, root: Path, sandbox: Sandbox, people_: Mapping[str, Identity], ca: Path):
        self._root, self._sandbox, self._signers, self._ca = root, sandbox, people_, ca

    def office(self, root: Path) -> Space:
        return Space(root, sandbox=self._sandbox, signers=self._signers, trusted=self._ca)

    def copy(self, stage: str, root: Path) -> Space:
        shutil.copytree(self._made(stage), root, symlinks=True)
        return self.office(root)

    def _made(self, stage: str) -> Path:
        made = self._root / stage
        if not made.exists():
            place = STAGES.index(stage)
            draft = made.with_name(f"{stage}, en cours")
            shutil.rmtree(draft, ignore_errors=True)
            if place:
                shutil.copytree(self._made(STAGES[place - 1]), draft)
            space = self.office(draft)
            advance(space, stage)
            space.close()
            draft.rename(made)
        return made


def advance(space: Space, stage: str) -> None:
    """What happens to one candidate’s case to reach that stage from the one before."""
    match stage:
        case "inscrit":
            space.enrol()
        case "complet":
            space.complete(space.numbers()[-1])
        case "en session":
            space.open_session(space.numbers()[-1])
        case "clos":
            space.close_agenda(space.session().reference)
        case "en signature":
            assert space.hand_in(space.sheet()).outcome == "accepted"
        case "décidé":
            assert space.hand_in(space.signed_minutes()).outcome == "accepted"


@pytest.fixture(scope="session")
def stages(
    tmp_path_factory: pytest.TempPathFactory,
    sandbox: Sandbox,
    signers: Mapping[str, Identity],
    authority_root: Path,
) -> Stages:
    return Stages(tmp_path_factory.mktemp("étapes"), sandbox, signers, authority_root)


@pytest.fixture
def as_told(stages: Stages, tmp_path: Path) -> Iterator[AsTold]:
    """An office of one’s own where the story already went as far as that stage."""
    opened: list[Space] = []

    def copy(stage: str) -> Space:
        opened.append(stages.copy(stage, tmp_path / str(len(opened))))
        return opened[-1]

    yield copy
    for space in opened:
        space.close()


@pytest.fixture(scope="session")
def signed_avis(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The avis of the stage « inscrit », signed by the employer: good in every copy of it."""
    space = stages.copy("inscrit", tmp_path_factory.mktemp("avis") / "espace")
    signed = space.signed_avis(space.numbers()[-1])
    space.close()
    return signed


@pytest.fixture(scope="session")
def signed_pv(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The PV of the stage « en signature », in the copies that may come back."""
    space = stages.copy("en signature", tmp_path_factory.mktemp("pv") / "espace")
    member = space.signed_minutes(None, "m2")
    copies = {
        "un membre": member,
        "tous": space.signed_minutes(member, "m1"),
        "le président seul": space.signed_minutes(None, "m1"),
    }
    space.close()
    return copies


def without_the_certifier(settings: str) -> str:
    """An office that does not hold the certifier’s key."""
    kept = re.sub(r"\[cles\.certificateur\]\n(?:\w.*\n)*", "", settings)
    assert kept != settings
    return kept


def certified_by(empowered: Identity, settings: str) -> str:
    """The settings of an office whose certifier keeps its own key, and is named by certificate."""
    named = f'[[confiance.certificateurs]]\nnom = "{empowered.name}"\n'
    named += f'empreinte = "{empowered.fingerprint}"\n\n[signatures]\n'
    return without_the_certifier(settings).replace("[signatures]\n", named, 1)


@pytest.fixture
def to_be_signed(as_told: AsTold, signed_pv: dict[str, Path]) -> tuple[Space, Path]:
    """A decided case whose certifier keeps its own key, and the parchemin sent to be signed."""
    space = as_told("en signature")
    empowered = space.signers["certificateur"]
    space.reopen(edit=lambda t: certified_by(empowered, t))
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
    sent = space.case().to_sign
    assert sent is not None
    return space, space.office.originals.path(sent.sha256)


@pytest.fixture
def enrolled(as_told: AsTold) -> tuple[Space, str]:
    space = as_told("inscrit")
    return space, space.numbers()[-1]
