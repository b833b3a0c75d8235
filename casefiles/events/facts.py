"""What events are made of: people, companies, proofs, decisions, jurors."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Fact(BaseModel):
    """Base of every event and of what it holds."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Person(Fact):
    """The candidate as the case knows them."""

    civility: str = ""
    birth_name: str
    usage_name: str | None = None
    first_name: str
    other_names: str | None = None
    birth_date: date
    birth_place: str = ""
    birth_country: str = ""
    email: str = ""

    @property
    def full_name(self) -> str:
        """« GONÇALVES Zoé »."""
        return f"{(self.usage_name or self.birth_name).upper()} {self.first_name}"

    @property
    def names(self) -> tuple[str, ...]:
        """What they may be called by: under the name of birth, and under the one in use."""
        surnames = dict.fromkeys((self.birth_name, self.usage_name or self.birth_name))
        return tuple(f"{surname} {self.first_name}" for surname in surnames)


class Firm(Fact):
    """The company, and who will give its avis."""

    name: str
    siret: str | None = None
    contact: str = ""
    email: str = ""


class Proof(Fact):
    """What stands behind a document: a signature and what was found of it, paper, or nothing.

    fingerprint: SHA-256 of the signer’s certificate, hexadecimal. qualification and timestamp: as
    `signing.report` says them. evidence: SHA-256 of the revocation answers kept with the case.
    by_name: the certificate is known by the name it bears alone, the settings do not name it.
    beside: (name, fingerprint) of those who signed the same form in its other boxes.
    """

    kind: Literal["none", "signature", "seal", "paper"] = "none"
    signer: str = ""
    fingerprint: str = ""
    indication: str = ""
    level: str | None = None
    reasons: tuple[str, ...] = ()
    qualification: str = ""
    timestamp: str = ""
    evidence: tuple[str, ...] = ()
    by_name: bool = False
    beside: tuple[tuple[str, str], ...] = ()

    @property
    def people(self) -> tuple[tuple[str, str], ...]:
        """(name, fingerprint) of every certificate that signed."""
        return ((self.signer, self.fingerprint), *self.beside) if self.fingerprint else self.beside


class Settled(Fact):
    """How the jury settled one divergence: « acquise » or « non_acquise »."""

    competence: str
    result: str
    because: str | None = None


class Obtained(Fact):
    """How one answer was obtained, and how sure that is.

    how: « flattened » (a page printed to PDF), « scan », « ink » (written over a field), « print »
    (what we had printed, untouched) or « typed » (by the office, from its picture). sure:
    « certain » or « likely ». An answer without one is a field’s own value.
    """

    how: str
    sure: str = "certain"
    page: int = 0


class Decided(Fact):
    """One candidate’s decision, as the PV states it.

    `recused` are the keys of the members who stepped back for this candidate alone.
    """

    case: str
    outcome: str
    blocs: tuple[str, ...] = ()
    motive: str | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    abstentions: int | None = None
    casting_vote: bool = False
    recused: tuple[str, ...] = ()
    settled: tuple[Settled, ...] = ()


class Juror(Fact):
    """One member of a jury. `key` is stable within a composition: « m1 », « m2 »…

    temporary_work: holds the extra seat of temporary work (R81, R82); deputy: presides in the
    president’s absence.
    """

    key: str
    name: str
    organisation: str
    college: str
    seat: str
    independent: bool
    temporary_work: bool = False
    deputy: bool = False
