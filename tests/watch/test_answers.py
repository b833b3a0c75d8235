"""What a refusal says, as its author reads it."""

from casefiles.rules.finding import Finding
from watch.reception.answer import refused_findings


def finding(rule: str, message: str, source: str) -> Finding:
    return Finding(rule=rule, status="refused", message=message, source=source)


def test_a_source_is_told_once_however_many_faults_it_makes() -> None:
    no = refused_findings(
        "Dossier d’inscription",
        (
            finding("R17", "Aucun bloc n’est coché.", "Référentiel, § 3"),
            finding("R17", "Les deux cases doivent être cochées.", "Référentiel, § 3"),
            finding("R62", "Il n’est pas inscrit au RNCP.", "Référentiel, § 3"),
        ),
        "",
    )
    assert no.reasons == (
        "Aucun bloc n’est coché. (Règle R17 ; source : Référentiel, § 3.)",
        "Les deux cases doivent être cochées. (Règle R17, même source.)",
        "Il n’est pas inscrit au RNCP. (Règle R62 ; source : Référentiel, § 3.)",
    )
