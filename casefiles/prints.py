"""What a print was laid out for: the case as it stood when that form was made. Pure.

A bloc taken over later narrows what the case is about, never what somebody signed before.
"""

from collections.abc import Sequence

from casefiles.answers.scope import Scope
from casefiles.casefile import CaseFile, fold
from casefiles.certification import Certification
from casefiles.documents import Document
from casefiles.events import FormIssued, Recorded


def scope_printed(
    recorded: Sequence[Recorded], case: CaseFile, certification: Certification, document: Document
) -> Scope:
    """The scope of the print a document came back on; the case’s own where none is known."""
    for position, one in enumerate(recorded):
        if isinstance(one.event, FormIssued) and one.event.serial == document.serial:
            case = fold(recorded[:position]) or case
            break
    return case.scope(certification, document.part, document.form)
