"""Members of the jury who sign by hand: the feuille d’émargement, from printer to verdict."""

import subprocess
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from casefiles.answers.emargement import PREFIX
from casefiles.answers.office_act import ActKind
from casefiles.events import DropAnswered, FormIssued
from forms.returns.geometry import layout_of
from tests.stories.answering import refused
from tests.stories.conftest import AsTold
from tests.stories.on_paper import (
    AGENT,
    copied,
    copy_and_save,
    scanned,
    text_of,
    to_copy,
    written_by_pen,
)
from tests.stories.space import Space
from tests.stories.test_the_jury_sits import EMPLOYER_SUBSTITUTE, absent, sheet
from watch.commands.deep import prove, unrecorded
from watch.commands.rehearsal import answers as people
from watch.commands.tools import show_verdict

pytestmark = pytest.mark.long

ASKED = "signing/day"


def printed(space: Space) -> FormIssued:
    issued = space.session().emargement
    assert issued is not None
    return issued


def signed_by_hand(space: Space, *keys: str) -> bytes:
    """The sheet, printed, signed by those members, and scanned."""
    data = space.office.originals.get(printed(space).sha256)
    wanted = {f"{PREFIX}{key}" for key in keys}
    blank = layout_of(data)
    spots = [f for f in blank.fields if f.kind == "signature" and f.name not in wanted]
    pages = written_by_pen(data, {ASKED: people.fr(space.today)})
    clean = written_by_pen(data, {}, signed=False)
    for field in spots:  # those who did not sign: the paper as it was
        box = field.spots[0].box
        page, scale = field.spots[0].page - 1, pages[0].shape[1] / 595.28
        rows = slice(int(box.y * scale), int(box.bottom * scale))
        columns = slice(int(box.x * scale), int(box.right * scale))
        pages[page][rows, columns] = clean[page][rows, columns]
    return scanned(pages)


def confirmed(space: Space, *keys: str) -> DropAnswered:
    """The sheet comes back signed by those; the office looks at it and says so."""
    answer = space.hand_in(signed_by_hand(space, *keys), "émargement.pdf")
    assert answer.outcome == "waiting", answer
    (form,) = to_copy(space)
    typed: dict[str, Any] = copied(space, form, {ASKED: people.fr(space.today)})
    for name in typed:
        if "/signature/" in name:
            typed[name] = "oui" if name.rsplit("/", 1)[-1] in keys else "non"
    form.write_bytes(space.filled(form, typed).read_bytes())
    (done,) = space.work()
    return done


def furthest(space: Space) -> Path:
    held = space.session()
    assert held.returned is not None
    return space.copy_of(held.returned.sha256, "le plus avancé.pdf")


def attached(message: Path) -> list[str | None]:
    """The names of what goes with a message to send."""
    told = BytesParser(policy=policy.default).parsebytes(message.read_bytes())
    return [part.get_filename() for part in told.iter_attachments()]  # type: ignore[attr-defined]


def as_shown(file: Path) -> str:
    """What poppler reads of it, the signatures’ own appearances included."""
    told = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True)
    return " ".join(told.stdout.split())


def test_a_member_signs_on_paper_and_the_president_electronically_last(as_told: AsTold) -> None:
    space = as_told("en signature")
    reference = space.session().reference
    folder = space.folder(reference)
    assert (folder / "À remplir/Feuille d’émargement (version 1).pdf").is_file()
    assert "à la main sur « À remplir/Feuille d’émargement (version 1).pdf »" in space.to_do(
        reference
    )
    text = text_of(folder / "À remplir/Feuille d’émargement (version 1).pdf")
    assert people.MEMBERS[0] in text
    assert people.PRESIDENT not in text

    answer = space.hand_in(signed_by_hand(space, "m2"), "scan0042.pdf")
    assert answer.outcome == "waiting", answer
    (form,) = to_copy(space)
    assert form.name in space.to_do(reference)
    assert space.session().by_hand == {}
    done = copy_and_save(space, form, {ASKED: people.fr(space.today)})
    assert done.outcome == "accepted", done
    assert done.document != answer.document

    held = space.session()
    assert held.pv is not None
    assert set(held.by_hand) == {"m2"}
    assert held.to_place == ()
    to_do = space.to_do(reference)
    assert people.MEMBERS[0] not in to_do
    assert people.PRESIDENT in to_do
    pv = folder / held.pv.path
    shown = as_shown(pv)
    assert "Qui signe à la main la feuille d’émargement de cette version" in shown
    assert "Signé à la main, sur papier" in shown
    assert f"Feuille d’émargement {answer.document}" in shown
    history = space.history(reference)
    assert "1 signature sur papier pour la version 1" in history
    assert f"confirmée par {AGENT}" in history

    assert not to_copy(space)

    # The president signs that very copy: it says who signed on paper for whoever opens it.
    final = space.signed_minutes(furthest(space), "m1")
    assert space.hand_in(final, "signé.pdf").outcome == "accepted"
    signed = space.session().signed
    assert signed is not None
    assert signed.by_hand == {"m2": answer.document}
    assert set(signed.signers) == {"m1"}
    (sent,) = folder.glob("À envoyer/Bordereau*.eml")
    assert f"Feuille d’émargement {reference} - {answer.document}.pdf" in attached(sent)
    assert "l’a signé sur papier" in space.history(reference)
    decision = space.case().decision
    assert decision is not None
    assert decision.decision.outcome == "obtention"
    received = [n for n in space.tree(folder) if answer.document in n]
    assert received == [f"Reçus/Feuille d’émargement - {answer.document}.pdf"]
    told = subprocess.run(
        ["pdfsig", "-nocert", space.copy_of(signed.sha256, "final.pdf")],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert told.count("Signature is Valid") == 3
    assert [fault.said for fault in prove(space.office)] == []
    assert unrecorded(space.office) == 0


def test_who_checks_the_signed_pv_reads_that_it_was_on_paper(
    as_told: AsTold, capsys: pytest.CaptureFixture[str]
) -> None:
    space = as_told("en signature")
    assert confirmed(space, "m2").outcome == "accepted"
    final = space.signed_minutes(furthest(space), "m1")
    report = space.office.examine(final)["report"]
    (member,) = [s for s in report["signatures"] if s["field"] == f"{PREFIX}m2"]
    assert member["integrity"] == "intact"
    assert member["by_seal"]
    assert member["stated"].startswith(f"Sur papier : signature manuscrite de {people.MEMBERS[0]}")
    show_verdict(final, report)
    assert "Motif écrit par le signataire : « Sur papier" in " ".join(
        capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ").split()
    )


def test_signatures_on_paper_and_on_screen_stand_side_by_side(as_told: AsTold) -> None:
    space = as_told("complet")
    space.close_agenda(space.open_session(space.numbers()[-1], changes=EMPLOYER_SUBSTITUTE))
    assert space.hand_in(sheet(space, there=absent())).outcome == "accepted"
    assert set(space.session().pv.fields) == {"m1", "m2", "m3", "m4"}  # type: ignore[union-attr]
    on_screen = space.signed_minutes(None, "m2")
    assert space.hand_in(on_screen).outcome == "accepted"
    assert confirmed(space, "m3").outcome == "accepted"
    assert confirmed(space, "m4").outcome == "accepted"
    held = space.session()
    assert held.returned is not None
    assert held.returned.signed == ("m2", "m3", "m4")
    assert held.placed is not None
    assert held.placed.members == ("m3", "m4")

    # A copy from before: it lacks what was received since.
    refused(space, space.signed_minutes(on_screen, "m1"), "ne porte pas")
    final = space.signed_minutes(furthest(space), "m1")
    assert space.hand_in(final).outcome == "accepted"
    assert set(space.session().signed.by_hand) == {"m3", "m4"}  # type: ignore[union-attr]


def test_the_settings_may_forbid_it(as_told: AsTold) -> None:
    space = as_told("en signature")
    scan = signed_by_hand(space, "m2")
    space.reopen(
        edit=lambda text: text.replace(
            'emargement = ["signature", "papier"]', 'emargement = ["signature"]'
        )
    )
    refused(space, scan, "demandent des signatures électroniques", "emargement", "à l’écran")
    assert not to_copy(space)
    # And no sheet is made for the next PV.
    motive = {f"candidates/{space.numbers()[-1]}/motive": "La commission retient un refus."}
    assert space.hand_in(space.sheet("refus", motive), "autre.pdf").outcome == "accepted"
    assert space.session().emargement is None
    assert "à la main" not in as_shown(space.copy_of(space.session().pv.sha256, "v2.pdf"))  # type: ignore[union-attr]
    assert "à la main" not in space.to_do(space.session().reference)


def test_other_decisions_void_what_was_signed_on_paper(as_told: AsTold) -> None:
    space = as_told("en signature")
    old = signed_by_hand(space, "m2")
    assert confirmed(space, "m2").outcome == "accepted"
    motive = {f"candidates/{space.numbers()[-1]}/motive": "La commission retient un refus."}
    assert space.hand_in(space.sheet("refus", motive), "autre.pdf").outcome == "accepted"
    held = space.session()
    assert held.pv is not None
    assert (held.pv.version, held.by_hand, held.returned) == (2, {}, None)
    assert people.MEMBERS[0] in space.to_do(held.reference)
    refused(space, old[:-1] + b"\n", "à la version 1 du procès-verbal", "ont remplacé")
    refused(space, space.signed_minutes(None, "m1"), people.MEMBERS[0], "en dernier")


def test_a_revised_composition_voids_it_too(as_told: AsTold) -> None:
    space = as_told("en signature")
    old = signed_by_hand(space, "m2")
    assert confirmed(space, "m2").outcome == "accepted"
    held = space.session()
    (form,) = [i for i in held.issued if i.form == "composition"]
    revised = space.filled(space.office.originals.path(form.sha256), {"sitting/place": "Salle 9"})
    assert space.hand_in(revised, "composition.pdf").outcome == "accepted"
    assert space.session().by_hand == {}
    refused(space, old[:-1] + b"\n", "ces signatures ne valent pas")


def test_the_president_never_signs_on_paper(as_told: AsTold) -> None:
    """Whoever presided has no place on the sheet, deputy or not."""
    space = as_told("complet")
    space.close_agenda(space.open_session(space.numbers()[-1], changes=EMPLOYER_SUBSTITUTE))
    assert space.hand_in(sheet(space, there=absent("m1", "m3"))).outcome == "accepted"
    held = space.session()
    assert held.pv is not None
    assert held.pv.president == "m2"
    layout = layout_of(space.office.originals.get(printed(space).sha256))
    places = [f.name for f in layout.fields if f.kind == "signature"]
    assert places == [f"{PREFIX}m4"]
    assert confirmed(space, "m4").outcome == "accepted"
    held = space.session()
    assert held.signed is None
    assert space.case().decision is None


def test_a_sheet_nobody_signed_or_dated_too_early_is_refused(as_told: AsTold) -> None:
    space = as_told("en signature")
    answer = space.hand_in(signed_by_hand(space), "vide.pdf")
    assert answer.outcome in ("refused", "waiting"), answer
    if answer.outcome == "waiting":
        (form,) = to_copy(space)
        done = copy_and_save(space, form, {ASKED: people.fr(space.today)}, signed=False)
        assert done.outcome != "accepted"
        assert "Aucune signature manuscrite" in done.reasons[0]
    assert space.session().by_hand == {}


def test_the_sheet_filled_on_screen_is_not_taken(as_told: AsTold) -> None:
    space = as_told("en signature")
    source = space.office.originals.path(printed(space).sha256)
    filled = space.filled(source, {ASKED: people.fr(space.today)})
    refused(space, filled, "signée à la main", "à l’écran")
    by_certificate = space.sign(filled, f"{PREFIX}m2", "jury-1")
    refused(space, by_certificate, "signée à la main", "à l’écran")


def test_a_scan_the_office_sets_aside_counts_for_nothing(as_told: AsTold) -> None:
    space = as_told("en signature")
    reference = space.session().reference
    answer = space.hand_in(signed_by_hand(space, "m2"), "émargement.pdf")
    assert len(to_copy(space)) == 1
    aside = space.ask(ActKind.SET_ASIDE, reference, document=answer.document)
    assert aside.outcome == "accepted", aside
    held = space.session()
    assert (held.held, held.by_hand) == ((), {})
    assert not to_copy(space)
    assert "revenu sur papier" not in space.to_do(reference)
    assert f"Document {answer.document} écarté" in space.history(reference)
