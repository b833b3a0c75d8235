"""Rebuilds the letters we ship: `python -m templates.letters.recipe`.

A letter is an ordinary Word document: an organisation copies it into its own folder, restyles it,
changes its words, puts its logo in. What is said is here, how it looks in stationery.
"""

import sys
from importlib.resources import files
from pathlib import Path

from templates.letters.stationery import Stationery


def make(name: str) -> bytes:
    """The letter of that name, as a .docx template; KeyError when there is none."""
    letter = Stationery(_TITLES[name])
    _BODIES[name](letter)
    return letter.finished()


_TITLES = {
    "convocation": "Convocation",
    "relance": "Pièces attendues",
    "bordereau": "Bordereau d’envoi",
}


def _convocation(letter: Stationery) -> None:
    letter.masthead("Session {{ session }}", "{{ certification }}")
    letter.titled(
        "{% if report %}Convocation modifiée{% else %}Convocation{% endif %}",
        "{{ jury_titre }}",
    )
    letter.addressed("destinataire", "destinataire_precision")
    letter.say("Objet", "Objet : {{ certification }}, session du {{ jour }}")
    letter.say("Corps", "Madame, Monsieur,")
    letter.when("if report")
    letter.say(
        "Corps",
        "Cette convocation remplace celle que vous avez reçue pour la session {{ session }}.",
    )
    letter.when("endif")
    letter.when("if membre")
    letter.say(
        "Corps",
        "{{ convocateur }} vous convoque à la réunion du {{ jury }} du {{ certification }}, où "
        "vous siégez au titre suivant : {{ qualite }}.",
    )
    letter.when("endif")
    letter.when("if suppleant")
    letter.say("Corps", "Vous siégerez si un membre titulaire de votre collège est absent.")
    letter.when("endif")
    letter.when("if candidat")
    letter.say(
        "Corps",
        "{{ convocateur }} vous convoque devant le {{ jury }} pour le {{ certification }}.",
    )
    letter.when("endif")
    letter.facts(
        ("", "Date", "{{ jour }}"),
        ("heure", "Heure", "{{ heure }}"),
        ("", "Lieu", "{{ lieu }}, {{ ville }}"),
    )
    letter.when("if candidats")
    letter.say("Corps", "L’ordre du jour est, à cette date, le suivant.")
    letter.when("endif")
    letter.when("if candidats")
    letter.table(
        "candidats",
        (
            ("Dossier", 34, "Tableau", "dossier"),
            ("Candidat", 70, "Tableau, fort", "nom"),
            ("Entreprise", 70, "Tableau", "entreprise"),
        ),
        one="inscrit",
    )
    letter.when("endif")
    letter.when("if membre")
    letter.say(
        "Corps",
        "Si un lien personnel ou professionnel vous unit à l’un des candidats, dites-le-nous vite, "
        "pour qu’un suppléant puisse siéger à votre place.",
    )
    letter.when("endif")
    letter.when("if candidat")
    letter.say(
        "Corps",
        "Munissez-vous de cette convocation et d’une pièce d’identité. Si vous êtes empêché, "
        "prévenez-nous dès que possible, justificatif à l’appui.",
    )
    letter.when("endif")
    letter.say("Corps", "Le fichier d’agenda joint inscrit cette séance dans votre calendrier.")
    letter.close("convocateur")


def _relance(letter: Stationery) -> None:
    letter.masthead("Dossier {{ dossier }}", "{{ certification }}")
    letter.titled(
        "Pièces attendues", "{% if rappel %}{{ rappel }}{% else %}{{ candidat }}{% endif %}"
    )
    letter.addressed("destinataire", "destinataire_precision")
    letter.say("Objet", "Objet : dossier de {{ candidat }}, {{ certification }}")
    letter.say("Corps", "Madame, Monsieur,")
    letter.say(
        "Corps",
        "Le dossier de {{ candidat }} ne peut pas avancer : à ce jour, il manque ce qui suit.",
    )
    letter.when("for manquant in manquants")
    letter.item("{{ manquant.quoi }}")
    letter.when("if manquant.source")
    letter.say("Source", "{{ manquant.source }}")
    letter.when("endif")
    letter.when("endfor")
    them = "{% if manquants|length > 1 %}les adresser{% else %}l’adresser{% endif %}"
    letter.when("if echeance")
    letter.say("Corps", f"Nous vous remercions de nous {them} avant le {{{{ echeance }}}}.")
    letter.when("else")
    letter.say("Corps", f"Nous vous remercions de nous {them} dès que possible.")
    letter.when("endif")
    letter.when("if jury_le")
    letter.say(
        "Corps",
        "Le jury se réunit le {{ jury_le }} : un dossier incomplet ne peut pas lui être présenté.",
    )
    letter.when("endif")
    letter.when("if organisme_contact")
    letter.say(
        "Corps",
        "Un formulaire rempli à l’écran suffit, sans l’imprimer ; renvoyez-le à l’adresse "
        "suivante : {{ organisme_contact }}. Si c’est déjà fait, ne tenez pas compte de cette "
        "lettre.",
    )
    letter.when("endif")
    letter.close("organisme")


def _bordereau(letter: Stationery) -> None:
    letter.masthead("Session {{ session }}", "{{ certification }}")
    letter.titled("Bordereau d’envoi", "{{ certification }}")
    letter.addressed("certificateur", "certificateur_qualite", "certificateur_adresse")
    letter.say("Objet", "Objet : décisions du {{ jury }}, session du {{ jour }}")
    letter.say("Corps", "Madame, Monsieur,")
    letter.say(
        "Corps",
        "Le {{ jury }} s’est réuni le {{ jour }} à {{ ville }} (session {{ session }}). "
        "{{ conformite }}",
    )
    letter.when("if candidats")
    letter.say("Corps", "Ses décisions sont les suivantes.")
    letter.when("endif")
    letter.when("if candidats")
    letter.table(
        "candidats",
        (
            ("Dossier", 34, "Tableau", "dossier"),
            ("Candidat", 80, "Tableau, fort", "nom"),
            ("Décision", 60, "Tableau", "decision"),
        ),
        one="inscrit",
    )
    letter.when("endif")
    letter.say(
        "Corps",
        "Vous trouverez joints les documents suivants ; l’empreinte permet de vérifier que chacun "
        "est bien celui que nous avons envoyé.",
    )
    letter.table(
        "pieces",
        (
            ("N°", 10, "Tableau", "rang"),
            ("Document", 55, "Tableau, fort", "quoi"),
            ("Fichier", 56, "Tableau", "fichier"),
            ("SHA-256", 53, "Empreinte", "empreinte"),
        ),
        one="piece",
    )
    letter.close("organisme")


_BODIES = {"convocation": _convocation, "relance": _relance, "bordereau": _bordereau}


def main(folder: Path | None = None) -> None:
    """Write every letter into that folder; beside this file by default."""
    from templates.letters.rendering import dateless

    where = folder or Path(str(files("templates") / "letters"))
    for name in _TITLES:
        (where / f"{name}.docx").write_bytes(dateless(make(name)))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
