"""Where a certification itself states a rule that several certifications are under.

A rule is known by the document it was first read in; whoever is judged reads their own
certification’s, wherever its file gives one.
"""

from collections.abc import Iterable
from dataclasses import replace

from casefiles.certification import Certification, RouteName
from casefiles.rules.finding import ATTESTED, HOUSE, Finding, source

_EVALUATED = ("R42", "R49", "R50", "R51", "R52", "R54", "R55", "R56")
_ACQUIRED = ("R59", "R60", "R61", "R68", "R69")
_DELIBERATED = ("R44", "R71", "R79", "R80", "R81", "R82", "R83")


def where(rule: str, certification: Certification) -> str:
    """The passage that rule stands in, for that certification."""
    jury, first = certification.deliberation, source(rule)
    if first.startswith(certification.origin.document):
        return first
    match rule:
        case "R43" | "R76":
            stated = certification.evaluators.source
        case "R78" if certification.plenary:
            stated = certification.plenary.source
        case "R14" if certification.vae:
            stated = certification.vae.source
        case "R64" if RouteName.VAE in certification.routes:
            stated = certification.routes[RouteName.VAE].source
        case "R84":
            # Where it names no duty, what we ask of the jury is ours.
            stated = jury.source if jury.duties else HOUSE
        case "R77":
            stated = HOUSE  # another branch wrote it; we ask it of every jury
        case "R17":
            stated = certification.inscription_source or HOUSE
        case "R58":
            stated = certification.blocs_source or ATTESTED
        case "R62" | "R88":
            stated = certification.outcomes_source or HOUSE
        case _ if rule in _EVALUATED:
            stated = certification.modality_rule_source
        case _ if rule in _ACQUIRED:
            stated = certification.threshold.source
        case _ if rule in _DELIBERATED:
            stated = jury.source
        case _:
            stated = ""
    return stated or first


def as_stated(found: Iterable[Finding], certification: Certification) -> tuple[Finding, ...]:
    """The findings that cite a rule where it was first read, citing their certification instead."""
    return tuple(
        replace(f, source=where(f.rule, certification)) if f.source == source(f.rule) else f
        for f in found
    )
