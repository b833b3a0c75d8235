"""The level a policy asks for, through the folder: reached at once, or said and reached later."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from casefiles import casefile, next_steps
from casefiles.answers.office_act import ActKind
from casefiles.evaluation import Outcome
from signing import trust, verify
from tests.pki import Identity, ServedAuthority
from tests.stories.conftest import AsTold
from tests.stories.space import Space, also_trust
from watch.office import now

pytestmark = pytest.mark.long


def ask(space: Space, served: ServedAuthority, level: str, *, deaf: bool = False) -> None:
    """That level for everything, by an authority that answers; `deaf`: no machine may be asked."""
    also_trust(space.workspace.settings_file, served.root)
    keys = {"cachet": served.identity("centre"), "certificateur": served.identity("certificateur")}

    def edited(text: str) -> str:
        for section, who in keys.items():
            text = re.sub(
                rf"(\[cles\.{section}\]\n)fichier = .*\nphrase = .*",
                rf'\1fichier = "{who.p12}"\nphrase = "{who.phrase_file}"',
                text,
            )
        hosts = "" if deaf else f'"{served.host}"'
        return (
            text.replace('niveau = "B-B"', f'niveau = "{level}"')
            .replace('horodatage = ""', f'horodatage = "{served.tsa_url}"')
            .replace("machines = []", f"machines = [{hosts}]")
        )

    space.reopen(edit=edited)


def level_of(space: Space, file: Path) -> str | None:
    found = verify.verify(
        file,
        at=space.office.clock(),
        trust=trust.load(space.office.settings.trust.authorities),
        inside=False,
    )
    assert found.verdict == "valid", found
    return [s for s in found.signatures if s.kind != "timestamp"][-1].level


def parchemin(space: Space) -> Path:
    number = space.numbers()[-1]
    product = space.case(number).product("parchemin")
    assert product is not None, space.history(number)
    return space.folder(number) / product.path


@pytest.mark.parametrize("level", ["B-LT", "B-LTA"])
def test_a_whole_session_is_signed_at_the_level_asked_for(
    level: str, as_told: AsTold, served: ServedAuthority
) -> None:
    space = as_told("en session")
    ask(space, served, level)
    space.close_agenda(space.session().reference)
    assert space.hand_in(space.sheet()).outcome == "accepted"
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    space.catch_up()
    held = space.session()
    assert held.pieces is not None
    assert held.signed is not None
    folder = space.folder(held.reference)
    assert level_of(space, folder / held.pieces.path) == level
    assert level_of(space, parchemin(space)) == level
    completed = folder / "Procès-verbal signé (version 1) - avec preuves d’archivage.pdf"
    assert level_of(space, completed) == level
    assert completed.read_bytes().startswith((folder / held.signed.path).read_bytes())
    to_do = space.to_do(held.reference)
    assert ("Renouveler l’horodatage d’archivage du volume des pièces." in to_do) is (
        level == "B-LTA"
    )


def test_a_silent_time_stamping_service_is_said_and_made_up_for(
    as_told: AsTold, served: ServedAuthority, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    ask(space, served, "B-LT")
    with served.time_stamping_stopped():
        assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
        number = space.numbers()[-1]
        signed = parchemin(space)
        before = signed.read_bytes()
        assert level_of(space, signed) == "B-B"
        assert "Signé au niveau B-B, alors que B-LT est demandé" in space.history(number)
        assert "au niveau B-LT (niveau atteint : B-B)" in space.to_do(number)
        for _ in range(7):  # it is never given up, nor blocked
            clock = now() + timedelta(days=1 + _)
            space.office.clock = lambda at=clock: at  # type: ignore[misc]
            space.catch_up()
        to_do = space.to_do(number)
        assert "au niveau B-LT (niveau atteint : B-B)" in to_do
        assert "BLOQUÉE" not in to_do
        assert "Le service d’horodatage n’a pas répondu" in space.history(number)
        assert signed.read_bytes() == before
    later(space, served, 9)
    after = parchemin(space)
    assert after.read_bytes().startswith(before)
    assert level_of(space, after) == "B-LT"
    assert "PREUVES À COMPLÉTER" not in space.to_do(number)
    assert "Preuves ajoutées à la signature, niveau B-LT" in space.history(number)


def test_revocation_answers_are_asked_only_where_the_settings_say(
    as_told: AsTold, served: ServedAuthority, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    ask(space, served, "B-LT", deaf=True)
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
    assert level_of(space, parchemin(space)) == "B-T"
    assert "niveau atteint : B-T" in space.to_do(space.numbers()[-1])


def test_an_archive_is_stamped_again_before_its_certificate_ends(
    as_told: AsTold, served: ServedAuthority, signed_pv: dict[str, Path], employer: Identity
) -> None:
    space = as_told("en signature")
    ask(space, served, "B-LTA")
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
    number = space.numbers()[-1]
    recorded = space.office.journal.read(f"dossier/{number}")
    case = casefile.fold(recorded)
    assert case is not None
    certification = space.office.certification_of(case.certification_hash)
    (renewal,) = next_steps.of_case(case, certification)
    assert renewal.key == "renouveler/parchemin"
    assert renewal.due is not None
    assert renewal.due.year == 2114  # its certificate ends on the first day of 2115
    first = parchemin(space).read_bytes()
    space.catch_up()
    assert parchemin(space).read_bytes() == first  # not before its day
    (row,) = next_steps.open_steps((renewal,), {})
    assert row.due_at is not None
    assert row.due_at.startswith("2114-")
    stream = f"dossier/{number}"
    assert stream not in space.office.journal.due(now())
    assert stream in space.office.journal.due(now().replace(year=2114, month=12))


def later(space: Space, served: ServedAuthority, days: int) -> None:
    """The daemon’s round, and everybody’s services, that many days from now."""
    moment = now() + timedelta(days=days)
    space.office.clock = lambda: moment
    with served.living_at(moment):
        space.catch_up()


def test_attestations_and_their_notification_are_completed_like_a_parchemin(
    as_told: AsTold, served: ServedAuthority
) -> None:
    space = as_told("en session")
    ask(space, served, "B-LTA")
    number = space.numbers()[-1]
    granting_blocs(space, number)
    space.close_agenda(space.session().reference)
    granted = ("BDC1", "BDC2")
    card = f"candidates/{number}"
    partial = {f"{card}/blocs/{bloc}/granted": True for bloc in granted}
    votes = {f"{card}/votes_for": "2", f"{card}/votes_against": "0"}
    motive = {f"{card}/motive": "Le troisième bloc n’est pas démontré."}
    assert space.hand_in(space.sheet("partiel", partial | votes | motive)).outcome == "accepted"
    with served.time_stamping_stopped():
        assert space.hand_in(space.signed_minutes()).outcome == "accepted"
        said = [f"de l’attestation {bloc}" for bloc in granted] + ["de la notification"]
        to_do = space.to_do(number)
        for words in said:
            assert f"Porter la signature {words} au niveau B-LTA (niveau atteint : B-B)" in to_do
        before = {p.name: p.read_bytes() for p in signed_products(space, number)}
        assert len(before) == len(granted) + 1
        later(space, served, 1)
        assert {p.name: p.read_bytes() for p in signed_products(space, number)} == before
    later(space, served, 2)
    for path in signed_products(space, number):
        assert level_of(space, path) == "B-LTA"
        assert path.read_bytes().startswith(before[path.name])
    to_do = space.to_do(number)
    assert "Porter la signature" not in to_do
    for words in said:
        assert f"Renouveler l’horodatage d’archivage {words}. Le " in to_do


def granting_blocs(space: Space, number: str) -> None:
    """The case’s certification, as if it granted its blocs apart."""
    kept = space.case(number).certification_hash
    whole = space.office.certification_of(kept)
    more = {"outcomes": (*whole.outcomes, Outcome.PARTIEL), "blocs_separately": True}
    space.office._archived[kept] = whole.model_copy(update=more)


def signed_products(space: Space, number: str) -> list[Path]:
    made = (space.folder(number) / "Produits").iterdir()
    return sorted(p for p in made if p.name.startswith(("Attestation", "Notification")))


def test_each_duplicate_is_completed_too_and_follows_the_parchemins_level(
    as_told: AsTold, served: ServedAuthority
) -> None:
    space = as_told("décidé")
    number = space.numbers()[-1]
    ask(space, served, "B-B")
    space.reopen(edit=lambda text: text.replace('# parchemin = "B-LT"', 'parchemin = "B-LT"'))
    with served.time_stamping_stopped():
        assert space.act(ActKind.DUPLICATE, number).outcome == "accepted"
        assert "du duplicata du " in space.to_do(number)
        assert "au niveau B-LT (niveau atteint : B-B)" in space.to_do(number)
    later(space, served, 1)
    duplicate = space.case(number).product("duplicata")
    assert duplicate is not None
    assert level_of(space, space.folder(number) / duplicate.path) == "B-LT"
    assert "PREUVES À COMPLÉTER" not in space.to_do(number)
