"""The « rapport de vérification »: what was found of a file, on one page, for a stranger.

Drawn from the report’s own JSON. It says the answer first, then who signed, what that is worth,
what was checked and what was not.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from casefiles.proving import FOR_MACHINES, called
from forms.flow import Cell, Flow, Head
from forms.pages import parts
from forms.pages.letterhead import Letterhead, begin
from forms.pages.wording import in_words, plural
from forms.style import CELL_STRONG, MM, SMALL

TITLE = "Rapport de vérification"
_ANSWERS = {
    "valid": (
        "Valide : ce fichier est signé, et rien n’y a changé depuis.",
        "Chaque signature est intacte et mène à une autorité reconnue.",
    ),
    "invalid": (
        "Non valide : ne vous fiez pas à ce fichier.",
        "Une signature est rompue, le document a été modifié après elle, une signature attendue "
        "manque, ou le parchemin a été retiré.",
    ),
    "indeterminate": (
        "Indéterminé : rien ne montre une altération, mais il manque une preuve.",
        "Les raisons sont dites ci-dessous ; demandez ce qui manque avant de vous y fier.",
    ),
    "unsigned": (
        "Sans signature : rien ne dit de qui ce fichier vient.",
        "Aucun champ de signature n’y est rempli.",
    ),
}
_INTEGRITY = {"intact": "Intacte", "broken": "Rompue", "undecidable": "Non vérifiable"}
_CHANGES = {
    "none": "rien n’a suivi",
    "allowed": "seules des signatures ou leurs preuves ont suivi",
    "suspicious": "le document a été modifié ensuite",
}
_WORDS = {
    "certificat non qualifié": "un certificat dont rien ici ne montre qu’il est « qualifié » au "
    "sens du règlement européen eIDAS.",
    "sans horodatage": "la date est celle que le signataire a écrite ; aucun tiers n’en répond.",
}
_LEVELS = {
    "B-B": "la signature seule.",
    "B-T": "la signature, datée par un tiers.",
    "B-LT": "datée par un tiers, avec ce qui montre que le certificat n’était pas révoqué.",
    "B-LTA": "comme B-LT, gardé par un horodatage d’archive qui se renouvelle.",
}
_MOST = 8


def verification_report(
    report: Mapping[str, Any], *, name: str, sha256: str, at: datetime, organisation: str = ""
) -> bytes:
    """The page for one file; `report` as `verify --json` gives it, `at` aware."""
    local = at.astimezone()
    flow = begin(
        Letterhead(organisation=organisation or "Parchemin"),
        local.date(),
        title=TITLE,
        subtitle=name,
        reference=("Vérification de signatures",),
        subject=name,
    )
    answer, more = _ANSWERS[report["verdict"]]
    parts.notice(flow, answer, more)
    parts.facts(
        flow,
        [
            ("Vérifié le", f"{in_words(local.date())} à {local.hour} h {local.minute:02d}", 4),
            ("Empreinte du fichier (SHA-256)", sha256, 8),
        ],
        after=1 * MM,
    )
    if report["signatures"]:
        _signatures(flow, report["signatures"])
    if report["embedded"]:
        _embedded(flow, report["embedded"])
    _limits(flow, report)
    return flow.sheet.finish()


def _signatures(flow: Flow, signatures: Sequence[Mapping[str, Any]]) -> None:
    flow.heading(2, "Signatures, de la première à la dernière")
    flow.table(
        (
            Head(text="Signataire et champ", share=34),
            Head(text="Ce que c’est", share=34),
            Head(text="Constat", share=52),
        ),
        [
            [
                Cell(
                    text=f"{one['signer'] or 'Illisible'}\n{one['field']}",
                    head=True,
                    style=CELL_STRONG,
                ),
                _what(one),
                _found(one),
            ]
            for one in signatures
        ],
    )


def _what(one: Mapping[str, Any]) -> str:
    if one["kind"] == "timestamp":
        kind = "qualifié" if one.get("timestamp") == "qualified" else "du document"
        return f"Horodatage {kind}"
    words = called(
        "signature",
        one.get("qualification") or "",
        one.get("timestamp") or "",
        by_seal=bool(one.get("by_seal")),
    )
    level = f"\nNiveau {one['level']}" if one["level"] else ""
    return f"{words}{level}"


def _found(one: Mapping[str, Any]) -> str:
    state = _INTEGRITY[one["integrity"]]
    if (changes := one["changes_after"]) and one["integrity"] == "intact":
        state += f" ; {_CHANGES[changes]}"
    known = "reconnu" if one["trusted"] else "non reconnu"
    lines = [f"{state}. Certificat {known}."]
    if one["proven_time"]:
        lines.append(f"Existait le {_moment(one['proven_time'])} (prouvé).")
    elif one["claimed_time"]:
        lines.append(f"Datée du {_moment(one['claimed_time'])} par son signataire (non prouvé).")
    if one.get("stated"):
        lines.append(f"Motif écrit par le signataire : « {one['stated']} »")
    return "\n".join([*lines, *one["reasons"]])


def _embedded(flow: Flow, files: Sequence[Mapping[str, Any]]) -> None:
    machines = [one for one in files if one["matches"] is None and one["name"] in FOR_MACHINES]
    said = [f"{one['name']} : {FOR_MACHINES[one['name']]}." for one in machines]
    same = sum(one["matches"] is True for one in files)
    bare = sum(one["verdict"] == "unsigned" for one in files)
    if others := len(files) - len(machines):
        said.append(f"{plural(others, 'pièce')}, dont {same} à l’empreinte annoncée.")
    if bare:
        said.append(f"Sans signature : {bare}.")
    for words, named in (
        ("Signature valide dans", [f for f in files if f["verdict"] == "valid"]),
        ("Empreinte fausse ou pièce absente", [f for f in files if f["matches"] is False]),
        ("Signature rompue ou refusée dans", [f for f in files if f["verdict"] == "invalid"]),
        ("Signature à examiner dans", [f for f in files if f["verdict"] == "indeterminate"]),
    ):
        if named:
            more = f" et {len(named) - _MOST} autres" if len(named) > _MOST else ""
            said.append(f"{words} : {', '.join(f['name'] for f in named[:_MOST])}{more}.")
    flow.heading(2, "Pièces jointes")
    flow.items(said)


def _limits(flow: Flow, report: Mapping[str, Any]) -> None:
    flow.heading(2, "Ce qui a été vérifié, et ce qui ne l’a pas été")
    flow.items(
        [
            "Vérifié : que chaque signature couvre tout ce qu’elle prétend signer, que rien "
            "d’autre que des signatures et leurs preuves n’a suivi, que le certificat mène à une "
            "autorité reconnue ici.",
            "Non vérifié : que le signataire a lu le document, qu’il en avait le pouvoir, qu’il "
            "détenait seul sa clé. Une inspection de fichier ne le montre pas.",
            *report.get("notes", ()),
            *_glossary(report["signatures"]),
        ],
        SMALL,
    )


def _glossary(signatures: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the words of this page mean, those it uses and no other."""
    used = [_what(one) for one in signatures]
    said = [
        f"« {word} » : {means}" for word, means in _WORDS.items() if any(word in u for u in used)
    ]
    levels = {one["level"] for one in signatures}
    return said + [f"Niveau {level} : {told}" for level, told in _LEVELS.items() if level in levels]


def _moment(text: str) -> str:
    local = datetime.fromisoformat(text).astimezone()
    return f"{in_words(local.date())} à {local.hour} h {local.minute:02d}"
