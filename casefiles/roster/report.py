"""The report left beside a list of candidates, in plain French. Words only."""

from collections.abc import Mapping

from casefiles.roster.model import Roster

NOTHING: Mapping[int, str] = {}


def report(roster: Roster, name: str, known: Mapping[int, str] = NOTHING) -> str:
    """The report left beside a list, « rapport » in plain French; no personal value but names.

    known: what to say, by line, of people already followed.
    """
    if roster.problems:
        return "\n".join(
            (
                f"Liste « {name} » : elle n’a pas pu être lue.",
                "",
                *roster.problems,
                "",
                "Corrigez-la, puis déposez-la de nouveau.",
            )
        )
    good, bad = len(roster.accepted), len(roster.refused)
    text = [
        f"Liste « {name} » : {_count(len(roster.lines), 'ligne lue', 'lignes lues')}, "
        f"{_count(good, 'acceptée')}, {_count(bad, 'refusée')}."
    ]
    if roster.refused:
        text += ["", "LIGNES REFUSÉES"]
        for line in roster.refused:
            text += ["", f"Ligne {line.number}, {line.name}"]
            text += [f"  – {problem}." for problem in line.problems]
        text += [
            "",
            "Corrigez ces lignes dans votre fichier, puis déposez-le de nouveau : les lignes déjà "
            "suivies ne seront pas doublées.",
        ]
    if roster.accepted:
        text += ["", "LIGNES ACCEPTÉES"]
        for line in roster.accepted:
            wanted = f"à compléter : {', '.join(line.missing)}" if line.missing else ""
            said = known.get(line.number, wanted)
            text.append(f"Ligne {line.number}, {line.name}{f' ({said})' if said else ''}")
    if roster.remarks:
        text += ["", "À SAVOIR", *roster.remarks]
    return "\n".join(text) + "\n"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number < 2 else many or one + 's'}"
