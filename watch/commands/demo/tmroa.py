"""CQP TMROA: one compétence at 4 of 5, one at 3 of 4, plénier, final jury, specimen."""

from collections.abc import Iterator

from watch.commands.demo.chapter import TODAY, Chapter
from watch.commands.demo.stage import Stage
from watch.commands.rehearsal.course import him, three_epreuves

TITLE = "assainissement"


def _to_a_specimen(stage: Stage) -> Iterator[str]:
    yield "Maël, en poste dans la branche, s’inscrit ; l’organisme vérifie ses cinq prérequis"
    number = stage.enrol("inscription Maël.pdf", TITLE, him("Maël"))
    stage.walk(number)
    yield "Positionnement de trois heures, puis quatorze heures de préparation sur deux jours"
    stage.walk(number)
    stage.walk(number)
    yield "Trois épreuves : 4 critères sur 5 suffisent (80 %), 3 sur 4 ne suffisent pas"
    competences = [one.id for one in stage.people.certification(number).competences]
    papers = three_epreuves(competences)
    stage.walk(number, papers)
    yield "Le jury plénier stabilise ces résultats ; le récapitulatif les propose au jury final"
    stage.walk(number, papers)
    stage.summed_up(number)
    yield "Le jury final s’en écarte : il doit dire pourquoi"
    reference = stage.convene(number)
    stage.close(reference)
    stage.refused(stage.people.sheet(reference), "décisions sans motif.pdf")
    yield "Il le dit, les membres signent : il en sort un SPÉCIMEN, le référentiel est provisoire"
    motive = {f"candidates/{number}/motive": "L’étude de cas a été reprise devant le jury."}
    stage.decide(reference, changes=motive)
    stage.sign(reference, number)
    stage.finished(number, "Parchemin")


TO_A_SPECIMEN = Chapter(
    key="tmroa",
    title="Le CQP TMROA, jusqu’à son spécimen",
    setting=TODAY,
    scenes=_to_a_specimen,
    worth_opening=(
        "5 Terminés/*Maël/Produits/Parchemin*.pdf",
        "5 Terminés/*Maël/Produits/Récapitulatif*.pdf",
    ),
)
