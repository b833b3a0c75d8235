"""A signed avis whose signer’s authority can be asked: the answer is fetched, kept, and decides."""

from pathlib import Path

import pytest

from casefiles.events import DocumentFiled
from tests.pki import Identity, ServedAuthority
from tests.signing.tools import pyhanko_sign
from tests.stories.conftest import AsTold
from tests.stories.space import Space, also_trust
from watch.commands.rehearsal import answers as people


def asking(space: Space, served: ServedAuthority, *machines: str) -> None:
    also_trust(space.workspace.settings_file, served.root)
    listed = ", ".join(f'"{one}"' for one in machines)
    space.reopen(edit=lambda text: text.replace("machines = []", f"machines = [{listed}]"))


def avis_by(space: Space, who: Identity, tmp_path: Path) -> Path:
    number = space.numbers()[-1]
    return pyhanko_sign(space.avis(number), tmp_path / "a.pdf", "signature/entreprise", who)


def filed(space: Space) -> DocumentFiled:
    recorded = space.office.journal.read(f"dossier/{space.numbers()[-1]}")
    return next(r.event for r in reversed(recorded) if isinstance(r.event, DocumentFiled))


def test_the_answers_are_kept_with_the_case(
    as_told: AsTold, served: ServedAuthority, tmp_path: Path
) -> None:
    space = as_told("inscrit")
    asking(space, served, served.host)
    space.hand_in(avis_by(space, served.identity("employeur"), tmp_path))
    proof = filed(space).proof
    assert proof.indication == "TOTAL-PASSED"
    assert not any("révocation" in reason for reason in proof.reasons)
    assert len(proof.evidence) == 2  # the responder's word, and the root's list
    for sha256 in proof.evidence:
        assert space.office.originals.path(sha256).is_file()


@pytest.mark.parametrize("asked", [True, False])
def test_a_revoked_signer_waits_for_the_office_once_the_answer_is_known(
    asked: bool, as_told: AsTold, served: ServedAuthority, tmp_path: Path
) -> None:
    space = as_told("inscrit")
    asking(space, served, *([served.host] if asked else []))
    answer = space.hand_in(avis_by(space, served.identity("revoque"), tmp_path))
    proof = filed(space).proof
    if asked:
        assert answer.outcome == "waiting"
        assert "a été révoqué" in " ".join(answer.reasons)
        assert proof.evidence
    else:  # nobody was asked: said, and the name still is not the one expected
        assert any("révocation" in reason for reason in proof.reasons)
        assert proof.evidence == ()
    assert people.EMPLOYER not in proof.signer
