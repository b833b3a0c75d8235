"""What happened to a document after each of its revisions; it knows fields, not certificates.

Two examinations: ours (`changes`), exact about fields and words, and pyHanko's difference analysis,
which also proves that a replaced object is used nowhere else. The second is spared where the
document begins with bytes we sealed ourselves: tests/signing/test_stricter.py holds that over
those, ours refuses whatever the second refuses, but for the written traces of signing tools.
"""

from dataclasses import dataclass, replace

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification
from pyhanko.sign.diff_analysis.constants import VALUE_UPDATE_KEYS
from pyhanko.sign.diff_analysis.form_rules_api import FormUpdatingRule
from pyhanko.sign.diff_analysis.policies import StandardDiffPolicy
from pyhanko.sign.diff_analysis.rules.file_structure_rules import (
    CatalogModificationRule,
    ObjectStreamRule,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.rules.form_field_rules import (
    DSSCompareRule,
    GenericFieldModificationRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
)
from pyhanko.sign.diff_analysis.rules.metadata_rules import DocInfoRule, MetadataUpdateRule
from pyhanko.sign.fields import FieldMDPSpec

from signing import changes, opening
from signing.report import Changes

# Appearances written before the signed revision would count as changed (and a valid signature under
# a field lock as invalid) if streams could be replaced in place. Poppler adds /M to what it signs.
_KEYS = VALUE_UPDATE_KEYS | {"/M"}
_POLICY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),
        *(
            rule.as_qualified(ModificationLevel.LTA_UPDATES)
            for rule in (
                DocInfoRule(),
                XrefStreamRule(),
                ObjectStreamRule(),
                DSSCompareRule(),
                MetadataUpdateRule(),
            )
        ),
    ],
    form_rule=FormUpdatingRule(
        field_rules=[
            SigFieldCreationRule(),
            SigFieldModificationRule(False, value_update_keys=_KEYS),
            GenericFieldModificationRule(False),
        ]
    ),
)


@dataclass(frozen=True)
class After:
    """What followed a revision: nothing, what may follow a signature, or something else. doubts:
    what may have covered the page as it was signed, where no program can tell."""

    verdict: Changes
    problems: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class History:
    """The revisions of one document. ours: it begins byte for byte with a file we made. steps: what
    is known already of its revisions, to which what is examined adds itself."""

    def __init__(
        self,
        reader: PdfFileReader,
        *,
        ours: bool = False,
        steps: dict[int, changes.Step] | None = None,
    ) -> None:
        self.reader = reader
        self.revisions: int = reader.xrefs.total_revisions
        self._ours = ours
        self._steps = steps if steps is not None else {}

    def step(self, revision: int) -> changes.Step:
        """What revision `revision` (from 1) changed, examined once."""
        if revision not in self._steps:
            step = changes.review(self.reader, revision)
            if not step.problems and not self._ours:
                step = self._proven(step)
            self._steps[revision] = step
        return self._steps[revision]

    def after(
        self,
        revision: int,
        *,
        docmdp: int | None = None,
        lock: FieldMDPSpec | None = None,
        covered: bool = False,
    ) -> After:
        """What followed `revision`, under the level and the field lock its signature set. covered:
        that signature is over every byte of the file."""
        steps = [self.step(later) for later in range(revision + 1, self.revisions)]
        if not covered and opening.unread(self.reader):
            return After("suspicious", ("des octets ont été ajoutés que rien n’annonce",))
        if opening.trailing(self.reader.stream):
            return After("suspicious", ("des octets ont été ajoutés à la fin du fichier",))
        if not steps:
            return After("none")
        problems = [problem for step in steps for problem in step.problems]
        signed = tuple(name for step in steps for name in step.signed)
        if docmdp == 1 and signed:
            problems.append(f"une signature (« {signed[0]} ») a suivi un verrouillage complet")
        visible = {name for step in steps for name in step.visible}
        if visible and (docmdp is not None or lock is not None):
            problems.append("un champ visible a été ajouté à un document certifié ou verrouillé")
        elif visible - set(signed):  # a drawing over the page, that nobody answers for
            problems.append("un cadre visible que personne n’a signé a été ajouté")
        if lock is not None:
            problems += [
                f"le champ « {name} », verrouillé par cette signature, a été signé ensuite"
                for name in signed
                if lock.is_locked(name)
            ]
        verdict: Changes = "suspicious" if problems else "allowed"
        doubts = tuple(
            f"le cadre « {name} », que rien ne prévoyait, a été posé sur la page, et signé : il "
            "peut recouvrir ce qui fut signé ; comparez avec la page telle qu’elle fut signée"
            for name in sorted(visible)
        )
        return After(verdict, tuple(dict.fromkeys(problems)), signed, doubts)

    def _proven(self, step: changes.Step) -> changes.Step:
        old = self.reader.get_historical_resolver(step.revision - 1)
        new = self.reader.get_historical_resolver(step.revision)
        try:
            result = _POLICY.apply(old, new)
        except SuspiciousModification:
            return _with(step, "un objet du document a été remplacé sans raison reconnue")
        strangers = set(result.changed_form_fields) - {*step.signed, *step.created}
        if result.modification_level > ModificationLevel.FORM_FILLING or strangers:
            named = ", ".join(f"« {name} »" for name in sorted(strangers))
            return _with(step, f"des champs ont été modifiés {named}".rstrip())
        return step


def _with(step: changes.Step, problem: str) -> changes.Step:
    return replace(step, problems=(*step.problems, problem))
