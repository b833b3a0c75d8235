"""What the jury reads of a case in *Pièces*, as one fingerprint: what moves it voids the volume.

Pure. The récapitulatif alone does not tell: a proof more, or a remark corrected, may leave it as it
was.
"""

import hashlib
import json

from casefiles.answers import Inscription
from casefiles.casefile import CaseFile


def basis(case: CaseFile) -> str:
    """Fingerprint of the documents that count and of the files joined, the inscription left out."""
    kept = [
        (d.mark, d.part, d.sha256, d.also, sorted(d.values.items()), d.proof.model_dump())
        for d in case.documents
        if d.standing == "accepted" and d.form != Inscription.NAME
    ]
    joined = [one.model_dump(mode="json") for one in (*case.carried, *case.taken, *case.proofs)]
    text = json.dumps([kept, joined], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
