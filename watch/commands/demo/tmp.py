"""CQPM Technicien(ne) de maintenance productive: obtained; asked for by blocs; before a jury."""

from collections.abc import Iterator

from watch.commands.demo.chapter import TODAY, Chapter
from watch.commands.demo.stage import Stage
from watch.commands.rehearsal.course import SECOND, him

TITLE = "maintenance productive"


def _obtained(stage: Stage) -> Iterator[str]:
    yield "Zoé s’inscrit : son dossier s’ouvre, ses formulaires sont prêts"
    number = stage.enrol("inscription Zoé.pdf", TITLE)
    yield "Positionnement, modalités et huit grilles reviennent remplis, tous à la fois"
    stage.drop(stage.people.paper(number, "positionnement"), "entretien.pdf")
    stage.drop(stage.people.modalities(number), "modalites.pdf")
    grids = stage.people.grids(number)
    for count, grid in enumerate(grids, start=1):
        stage.drop(grid, f"scan{count:04d}.pdf")
    stage.received(number, 2 + len(grids))
    yield "L’entreprise remplit et signe son avis : le récapitulatif est prêt"
    stage.drop(stage.people.avis(number), "avis entreprise.pdf")
    stage.summed_up(number)
    yield "Le jury est composé, l’ordre du jour dressé"
    reference = stage.convene(number)
    yield "Le bureau clôt l’ordre du jour : les pièces sont scellées"
    stage.close(reference)
    yield "Le jury délibère ; le procès-verbal est dressé et certifié"
    stage.decide(reference)
    yield "Les membres signent, le président en dernier : la décision est prise"
    stage.sign(reference, number)
    yield "Le parchemin est numéroté, dressé, signé et classé"
    stage.finished(number, "Parchemin")


def _by_blocs(stage: Stage) -> Iterator[str]:
    yield "Inès demande un seul bloc du CQPM : son inscription revient, avec la règle et sa source"
    stage.ask(TITLE)
    wish = {
        "candidate/first_name": "Inès",
        "wish/extent": "blocs",
        "blocs/BDC1/wanted": True,
    }
    stage.refused(stage.people.inscription(wish), "inscription Inès, un bloc.pdf")


_AGAINST = {
    "evaluator/name": SECOND,
    "conclusion/verdict": "non_acquise",
    "conclusion/comment": "La comparaison aux valeurs attendues manque.",
}


def _before_a_jury(stage: Stage) -> Iterator[str]:
    yield "Ilan s’inscrit ; modalités, grilles par bloc et avis reviennent"
    number = stage.enrol("inscription Ilan.pdf", TITLE, him("Ilan"))
    stage.drop(stage.people.modalities(number), "modalités Ilan.pdf")
    for bloc in stage.people.certification(number).blocs:
        stage.drop(stage.people.bundle(number, bloc.id), f"grilles {bloc.id}.pdf")
    stage.drop(stage.people.avis(number), "avis Ilan.pdf")
    stage.summed_up(number)
    yield "Un second évaluateur conclut à l’inverse du premier sur la compétence 1"
    before = len(stage.case(number).documents)
    grid = stage.people.paper(number, "grille", "BDC1.1", _AGAINST)
    stage.drop(grid, "seconde grille.pdf")
    stage.received(number, before)
    stage.until(lambda: not [s for s in stage.people.steps(number) if s.ours], "le récapitulatif")
    yield "Un jury de deux salariés pour un employeur est proposé : il n’est pas paritaire"
    uneven = {"members/3/seat": "titulaire"}
    stage.refused(stage.people.composition(number, uneven), "jury impair.pdf")
    yield "Le jury, paritaire, est convoqué ; sa feuille montre la divergence"
    reference = stage.convene(number)
    stage.close(reference)
    yield "Il ne peut rien accorder avant de l’avoir tranchée"
    stage.refused(stage.people.sheet(reference), "decisions, divergence non tranchée.pdf")
    yield "Il la tranche — non acquise — et refuse ; les membres signent, la notification part"
    divergence = f"candidates/{number}/divergences/BDC1-1"
    settled = {
        f"{divergence}/result": "non_acquise",
        f"{divergence}/because": "Le relevé n’est comparé à rien.",
    }
    stage.decide(reference, "refus", settled)
    stage.sign(reference, number)
    stage.finished(number, "Notification")


OBTAINED = Chapter(
    key="tmp",
    title="Le CQPM Technicien(ne) de maintenance productive, obtenu",
    setting=TODAY,
    scenes=_obtained,
    worth_opening=(
        "5 Terminés/*Zoé/Produits/Parchemin*.pdf",
        "4 Jurys/*S2026-001*/Procès-verbal signé*.pdf",
        "4 Jurys/*/Pièces*.pdf",
        "5 Terminés/*Zoé/Produits/Récapitulatif*.pdf",
        "5 Terminés/*Zoé/Reçus/Avis*.pdf",
        "5 Terminés/*Zoé/HISTORIQUE.txt",
        "TABLEAU.html",
    ),
)
BY_BLOCS = Chapter(
    key="blocs",
    title="Le même, demandé par blocs",
    setting=TODAY,
    scenes=_by_blocs,
    worth_opening=("3 À corriger/*un bloc*POURQUOI.txt",),
)
BEFORE_A_JURY = Chapter(
    key="jury",
    title="Un jury : la parité, une divergence tranchée, un refus",
    setting=TODAY,
    scenes=_before_a_jury,
    worth_opening=(
        "3 À corriger/*jury impair*POURQUOI.txt",
        "5 Terminés/*Ilan/Produits/Notification*.pdf",
    ),
)
