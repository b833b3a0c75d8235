"""The candidate a list announces, until their inscription comes back: fold, steps, summary. Pure.

A préinscription promises nothing: no rule has judged it, no case number is spent on it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from casefiles import events as e
from casefiles.answers import Inscription
from casefiles.events import Recorded
from casefiles.failure import Failure, failure
from casefiles.naming import name_key
from casefiles.next_steps import Step

FORM, MESSAGE = Inscription.NAME, "message-inscription"
# The mark of a receipt whose inscription, opening no case, went back in a corrected copy.
SENT_BACK = "sent_back"
BIRTH_DATE = "candidate/birth_date"


@dataclass(frozen=True, kw_only=True)
class Preregistration:
    """One line of a list, followed. `listed` is what the line said; `earlier` are the prints whose
    place the `issued` one took."""

    listed: e.CandidateListed
    settled: bool = False
    issued: e.FormIssued | None = None
    earlier: tuple[e.FormIssued, ...] = ()
    message: e.ProductIssued | None = None
    proofs: tuple[e.ProofDeposited, ...] = ()
    closed: e.PreregistrationClosed | None = None
    failures: dict[str, Failure] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """« I2026-0042 »."""
        return self.listed.number

    @property
    def stream(self) -> str:
        """« preinscription/I2026-0042 »."""
        return f"preinscription/{self.number}"

    @property
    def prints(self) -> tuple[e.FormIssued, ...]:
        """Every inscription printed for them, the one in force last."""
        return (*self.earlier, *([self.issued] if self.issued else ()))

    @property
    def asked(self) -> bool:
        """Whether the office must say first that this is nobody already known."""
        return bool(self.listed.likeness) and not self.settled

    @property
    def awaited_proof(self) -> str:
        """The name of the file a reprise still waits for; "" when it waits for none."""
        wanted = self.listed.proof
        return "" if self.proofs else wanted

    @property
    def who(self) -> str:
        """Who holds the inscription: the candidate, or whoever wrote the list when no address."""
        return "le candidat" if address(self.listed.values) else "le bureau"

    @property
    def title(self) -> str:
        """« I2026-0042 EXEMPLE Zoé », as files are named."""
        return f"{self.number} {self.listed.name}"


def address(values: Mapping[str, Any]) -> str:
    """Where the inscription is sent: the candidate’s own address first, their company’s else."""
    return str(values.get("candidate/email") or values.get("company/email") or "")


def fold(recorded: Sequence[Recorded]) -> Preregistration | None:
    """The préinscription those events tell; None when they tell none."""
    held: Preregistration | None = None
    for one in recorded:
        match one.event:
            case e.CandidateListed() as listed:
                held = Preregistration(listed=listed)
            case event if held is not None:
                held = _after(held, event)
            case _:
                return None
    return held


def _after(held: Preregistration, event: e.Event) -> Preregistration:
    match event:
        case e.LikenessSettled():
            return replace(held, settled=True)
        case e.FormIssued():
            earlier = (*held.earlier, *([held.issued] if held.issued else ()))
            return replace(held, issued=event, earlier=earlier, failures={})
        case e.ProductIssued():
            return replace(held, message=event)
        case e.ProofDeposited():
            return replace(held, proofs=(*held.proofs, event))
        case e.PreregistrationClosed():
            return replace(held, closed=event)
        case e.StepFailed():
            return replace(held, failures={**held.failures, event.step: failure(event)})
        case e.StepRetried():
            return replace(held, failures={})
        case _:
            return held


def steps(held: Preregistration) -> tuple[Step, ...]:
    """What remains before the case opens."""
    return tuple(_steps(held))


def _steps(held: Preregistration) -> Iterator[Step]:
    if held.closed:
        return
    if held.asked:
        yield Step(
            key="ressemblance",
            what=f"{held.listed.likeness} Si une autre candidature est voulue : demande du bureau "
            f"« Ouvrir malgré une ressemblance », repère {held.number} ; sinon : « Écarter », même "
            "repère.",
            who="le bureau",
        )
        return
    if held.issued is None:
        yield Step(key="inscription", what="Préparer l’inscription préremplie.")
    if held.awaited_proof:
        yield Step(
            key="preuve",
            what=f"Déposer dans « Bureau » la preuve annoncée par la liste : "
            f"« {held.awaited_proof} ».",
            who="le bureau",
        )
    if held.issued is not None:
        yield Step(
            key="retour",
            what="Compléter et rendre l’inscription préremplie.",
            who=held.who,
            form=FORM,
        )


def stage(held: Preregistration) -> str:
    """Where the line stands, in the words of TABLEAU."""
    if held.closed:
        return f"Inscrit : dossier {held.closed.case}" if held.closed.case else "Écarté"
    if held.asked:
        return "Préinscription à trancher"
    return "Préinscrit"


def summary(held: Preregistration) -> dict[str, Any]:
    """What TABLEAU and `status` show of it."""
    listed, due = held.listed, steps(held)
    keys = {step.key for step in due}
    return {
        "number": held.number,
        "candidate": listed.name,
        "certification": listed.certification,
        "stage": stage(held),
        "list": listed.list_name,
        "line": listed.line,
        "case": held.closed.case if held.closed else "",
        "open": held.closed is None,
        "missing": [{"form": s.form, "who": s.who, "why": s.what} for s in due if not s.ours],
        "blocked": [f.error for f in held.failures.values() if f.blocked and f.step in keys],
    }


def marks(held: Preregistration) -> Iterator[tuple[str, str]]:
    """How it is found again: by its form’s serial, by who is expected, by the proof awaited."""
    listed = held.listed
    yield "number", held.number
    if not held.closed:
        yield "listed", listed_key(listed.values, listed.certification)
        if held.awaited_proof:
            yield "proof", name_key(held.awaited_proof)
    for proof in held.proofs:
        yield "bytes", proof.sha256
    for issued in held.prints:
        yield "serial", issued.serial
        yield "made", issued.sha256
    if held.message:
        yield "made", held.message.sha256


def listed_key(values: Mapping[str, Any], certification: str) -> str:
    """Who is expected for what, however their name was typed."""
    name = f"{values.get('candidate/birth_name', '')} {values.get('candidate/first_name', '')}"
    return f"{name_key(name)}|{certification}"


def sent_back(receipt: Sequence[Recorded]) -> tuple[e.FormIssued, str] | None:
    """The corrected copy of the inscription that receipt answers, and its certification’s code."""
    events = [one.event for one in receipt[1:]]
    copy = next((one for one in events if isinstance(one, e.FormIssued)), None)
    message = next((one for one in events if isinstance(one, e.ProductIssued)), None)
    if copy is None or message is None or copy.form != FORM:
        return None
    return copy, str(message.facts.get("certification", ""))
