"""The candidate a list announced, when their inscription comes: whose, and what proves it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from casefiles import preregistration
from casefiles.events import BlocAcquired, PreregistrationClosed
from casefiles.journal import Append
from casefiles.preregistration import BIRTH_DATE, Preregistration
from watch.office import Office
from watch.reception.answer import Refused


def answered_by(
    office: Office, serial: str, values: Mapping[str, Any], code: str
) -> tuple[Preregistration, ...]:
    """The open préinscriptions an inscription answers: its own print’s, or the same person’s.

    serial: of the print that came back; code: the certification it asks for.
    """
    streams = (
        *(office.journal.find("serial", serial) if serial else ()),
        *office.journal.find("listed", preregistration.listed_key(values, code)),
    )
    found = []
    for stream in dict.fromkeys(streams):
        held = preregistration.fold(office.journal.read(stream))
        if held is None or held.closed:
            continue
        own = any(one.serial == serial for one in held.prints)
        if own or same_day(held.listed.values, values):
            found.append(held)
    return tuple(found)


def same_day(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether the birth dates may be one: the same, or one of them untold."""
    return len({values.get(BIRTH_DATE, "") for values in (one, other)} - {""}) <= 1


def entered_on(expected: Sequence[Preregistration]) -> date | None:
    """The day of an inscription older than this installation, as a reprise tells it."""
    days = (held.listed.entered_on for held in expected)
    return min((day for day in days if day), default=None)


def must_be_proven(what: str, expected: Sequence[Preregistration]) -> None:
    """Refused while a reprise waits for the proof of what it says."""
    awaited = [held.awaited_proof for held in expected if held.awaited_proof]
    if awaited:
        raise Refused(
            what,
            [f"La preuve annoncée par la liste n’est pas encore là : « {awaited[0]} »."],
            "Déposez-la dans « Bureau » sous ce nom, puis déposez de nouveau l’inscription.",
        )


def remarks(expected: Sequence[Preregistration]) -> Iterator[str]:
    """What the case’s history says of the list it came from."""
    for held in expected:
        listed = held.listed
        yield f"Annoncé par la liste « {listed.list_name} », ligne {listed.line} ({held.number})."
        if listed.entered_on:
            yield (
                f"Reprise : inscription du {listed.entered_on:%d/%m/%Y}, antérieure à "
                f"l’installation ; preuve : « {listed.proof} »."
            )


def acquired(expected: Sequence[Preregistration]) -> Iterator[BlocAcquired]:
    """The blocs a reprise brings to the case, with the proof kept for each."""
    for held in expected:
        told = held.listed.acquired
        if told is None or told.on is None:
            continue
        proof = held.proofs[-1]
        for bloc in told.blocs:
            yield BlocAcquired(
                bloc=bloc,
                origin="reprise",
                on=told.on,
                certification=held.listed.certification,
                session=told.session,
                proof_sha256=proof.sha256,
                document=proof.document,
                by="le bureau",
                because=f"liste « {held.listed.list_name} », ligne {held.listed.line}",
            )


def no_longer(office: Office, expected: Sequence[Preregistration], case: str) -> Iterator[Append]:
    """The end of the préinscriptions that case answers."""
    for held in expected:
        yield Append(
            stream=held.stream,
            after=len(office.journal.read(held.stream)),
            events=(PreregistrationClosed(case=case),),
            effect_key=f"inscrit/{held.number}",
        )
