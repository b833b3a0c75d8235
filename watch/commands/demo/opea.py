"""RNCP 28245: partial then the missing bloc; by VAE under `deliver_until`; asked for too late."""

from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageDraw

from watch.commands.demo.chapter import TODAY, Chapter
from watch.commands.demo.stage import Setting, Stage
from watch.commands.rehearsal.course import ALONE, him

TITLE = "polyvalent"
CODE = "cqpm-opea"

_LEVEL = {"unit: capacité\n": 'unit: capacité\nlevel: "3"\neuropean_level: "3"\n'}
_LATER = {"deliver_until: 2022-04-21": "deliver_until: 2022-12-31"}
_CLOCK = (
    "Le bureau de ce chapitre vit en 2021 : son horloge, ses clés et ses signatures sont de "
    "cette année-là. "
)


def _in_two_attempts(stage: Stage) -> Iterator[str]:
    people = stage.people
    yield "Mars 2021. Zoé s’inscrit ; un bloc est démontré, l’autre non"
    first = stage.enrol("inscription Zoé.pdf", TITLE)
    stage.drop(people.modalities(first), "modalités.pdf")
    stage.drop(people.bundle(first, "BDC1"), "grilles bloc 1.pdf")
    missed = {
        "BDC2.C9": {
            "conclusion/verdict": "non_acquise",
            "conclusion/comment": "L’audit n’a pas été mené à son terme.",
        }
    }
    stage.drop(people.bundle(first, "BDC2", missed), "grilles bloc 2.pdf")
    stage.drop(people.avis(first), "avis.pdf")
    stage.summed_up(first)
    yield "Le jury accorde le premier bloc : attestation et notification"
    reference = stage.convene(first)
    stage.close(reference)
    stage.decide(reference, "partiel", _granted(first, "BDC1"))
    stage.sign(reference, first)
    stage.finished(first, "Attestation BDC1", "Notification")
    yield "Mars 2022. Zoé redemande le bloc qu’elle a déjà"
    stage.pass_to(2022, 3, 1)
    stage.refused(people.inscription(_wishes("BDC1")), "inscription, bloc 1.pdf")
    yield "Elle demande le bloc manquant : ses formulaires ne portent que sur lui"
    second = stage.enrol("inscription, bloc 2.pdf", TITLE, _wishes("BDC2"))
    stage.drop(people.modalities(second), "modalités 2022.pdf")
    stage.drop(people.bundle(second, "BDC2"), "grilles 2022.pdf")
    stage.drop(people.avis(second), "avis 2022.pdf")
    stage.summed_up(second)
    yield "Le jury accorde le second ; les deux réunis font la certification, et son parchemin"
    reference = stage.convene(second)
    stage.close(reference)
    stage.decide(reference, changes=_unanimous(second))
    stage.sign(reference, second)
    stage.finished(second, "Parchemin")


def _by_vae(stage: Stage) -> Iterator[str]:
    yield "Mars 2021. Noé entre en VAE : recevabilité, dossier de preuves, entretien"
    number = stage.enrol(
        "inscription Noé.pdf",
        TITLE,
        {**him("Noé"), "wish/route": "vae", **ALONE},
    )
    while [step for step in stage.people.steps(number) if step.form]:
        stage.walk(number)
    stage.summed_up(number)
    yield "Il joint la preuve de sa situation : une image, enregistrée dans son dossier"
    stage.join(number, _readings(), "Situation 1 - arrêts de la ligne 3.png")
    yield "Juin 2022, l’enregistrement est échu depuis avril : le jury siège, il délivre encore"
    stage.pass_to(2022, 6, 10)
    reference = stage.convene(number)
    stage.close(reference)
    yield "Une voix contre une : celle du président l’emporte, et le parchemin est délivré"
    card = f"candidates/{number}"
    tie = {f"{card}/votes_for": "1", f"{card}/votes_against": "1", f"{card}/casting_vote": True}
    stage.decide(reference, changes=tie)
    stage.sign(reference, number)
    stage.finished(number, "Parchemin")


def _readings() -> bytes:
    """A picture of somebody’s own: the stops of a line, month after month."""
    picture, out = Image.new("L", (900, 600), 255), BytesIO()
    pen = ImageDraw.Draw(picture)
    for month, stops in enumerate((9, 8, 9, 5, 3, 1, 1)):
        pen.rectangle((90 + 110 * month, 520 - 48 * stops, 160 + 110 * month, 520), fill=90)
    pen.line((60, 520, 860, 520), fill=0, width=3)
    picture.save(out, "PNG")
    return out.getvalue()


def _too_late(stage: Stage) -> Iterator[str]:
    yield "Aujourd’hui, Lou demande la certification RNCP 28245 : les dates et la source répondent"
    stage.ask(TITLE)
    asked = stage.people.inscription({"candidate/first_name": "Lou"})
    stage.refused(asked, "inscription Lou, 28245.pdf")


def _wishes(bloc: str) -> dict[str, object]:
    return {"wish/extent": "blocs", f"blocs/{bloc}/wanted": True}


def _granted(number: str, bloc: str) -> dict[str, object]:
    return {**_unanimous(number), f"candidates/{number}/blocs/{bloc}/granted": True}


def _unanimous(number: str) -> dict[str, object]:
    return {f"candidates/{number}/votes_for": "2", f"candidates/{number}/votes_against": "0"}


IN_TWO_ATTEMPTS = Chapter(
    key="28245",
    title="La certification RNCP 28245, en deux fois",
    foreword=_CLOCK + "La fiche RNCP ne dit pas le niveau : l’exemple en suppose un.",
    setting=Setting(
        name="Partage de 2021", offers=(CODE,), begins=(2021, 3, 1), supposed={CODE: _LEVEL}
    ),
    scenes=_in_two_attempts,
    worth_opening=(
        "*/2021*/Produits/Attestation*.pdf",
        "*/2022*/Produits/Parchemin*.pdf",
        "3 À corriger/*bloc 1*POURQUOI.txt",
    ),
)
BY_VAE = Chapter(
    key="vae",
    title="La même, par VAE, jugée après la fin de l’enregistrement",
    foreword=_CLOCK + "La fiche ne dit ni le niveau, ni jusqu’à quand délivrer à qui est entré à "
    "temps : l’exemple suppose le 31 décembre 2022.",
    setting=Setting(
        name="Partage de 2021 (VAE)",
        offers=(CODE,),
        begins=(2021, 3, 15),
        supposed={CODE: _LEVEL | _LATER},
    ),
    scenes=_by_vae,
    worth_opening=(
        "5 Terminés/*/Produits/Parchemin*.pdf",
        "5 Terminés/*/Produits/Couverture*.pdf",
        "5 Terminés/*/Reçus/Preuve*.png",
        "4 Jurys/*/Pièces*.pdf",
        "4 Jurys/*/Procès-verbal signé*.pdf",
    ),
)
TOO_LATE = Chapter(
    key="2026",
    title="La même, demandée aujourd’hui",
    setting=TODAY,
    scenes=_too_late,
    worth_opening=("3 À corriger/*28245*POURQUOI.txt",),
)
