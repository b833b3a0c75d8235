"""A feuille d’émargement comes back signed by hand: whose hand the office saw, on which PV.

It is taken where the settings accept paper, from a scan alone, and only as what somebody at the
office confirmed on the picture of each place to sign. It never stands for whoever presided.
"""

from casefiles import session
from casefiles.answers import Emargement
from casefiles.answers.emargement import PREFIX
from casefiles.answers.outline import outline
from casefiles.answers.reading import accept, differences
from casefiles.answers.vocabulary import Row, Scope
from casefiles.certification import Certification
from casefiles.events import DecisionsFiled, EmargementConfirmed, FormIssued, PvIssued
from casefiles.journal import Append
from casefiles.session import Session
from forms.pages.wording import seat_words
from watch.office import Office
from watch.reception.answer import Answer, Drop, Refused, refused_problems
from watch.share.telling import counted

ON_SCREEN = "Faites signer le procès-verbal à l’écran : il se trouve dans le dossier de la session."


def emargement_scope(
    held: Session, certification: Certification, decided: DecisionsFiled, pv: PvIssued
) -> Scope:
    """The members who sat but for whoever presided, and the candidates the PV decides of."""
    members = tuple(
        Row(
            key=m.key,
            label=f"{m.key.removeprefix('m')}. {m.name} — {seat_words(m, certification)}, "
            f"{m.organisation}",
        )
        for m in held.members
        if m.key in pv.fields and m.key != pv.president
    )
    cases = {d.case for d in decided.decisions}
    judged = {case: name for case, name in held.names.items() if case in cases}
    candidates = tuple(Row(key=c, label=f"{c} — {name}") for c, name in judged.items())
    lists = {"members": members, "candidates": candidates}
    return Scope(certification=certification, lists=lists)


def check_awaited(office: Office, held: Session, serial: str) -> tuple[FormIssued, PvIssued]:
    """The sheet and its PV; Refused when nothing signed by hand may count for it now."""
    what = f"{Emargement.TITLE} — session {held.reference}"
    if "paper" not in office.settings.proofs.accepted(Emargement.NAME):
        raise Refused(
            what,
            [
                "Cette feuille est signée à la main, et les réglages de ce bureau demandent des "
                "signatures électroniques ([preuves], « emargement »)."
            ],
            ON_SCREEN,
        )
    sheet, pv = held.emargement, held.pv
    if held.over or held.doubted is not None:
        raise Refused(
            what,
            ["Le président a déjà signé le procès-verbal : plus personne ne signe après lui."],
            "Rien à faire.",
        )
    if sheet is None or pv is None or sheet.serial != serial or not held.pieces_stand:
        printed = next((i.part for i in held.issued if i.serial == serial), "")
        named = f"à la version {printed} du" if printed else "à un autre"
        raise Refused(
            what,
            [
                f"Cette feuille se rapporte {named} procès-verbal, que d’autres décisions, "
                "d’autres pièces ou une composition revue ont remplacé : ces signatures ne valent "
                "pas pour ce qui a suivi."
            ],
            "Imprimez et faites signer la feuille qui se trouve dans le dossier de la session.",
        )
    return sheet, pv


def take_emargement(office: Office, drop: Drop, stream: str) -> Answer:
    """Record whose hand signatures stand; their place on the PV will say « sur papier »."""
    recorded = office.journal.read(stream)
    held = session.fold(recorded)
    if held is None or held.decided is None:
        raise Refused(Emargement.TITLE, ["Sa session n’attend pas de signatures."])
    sheet, pv = check_awaited(office, held, drop.examined["imprint"]["serial"])
    what = f"{Emargement.TITLE} — session {held.reference}, procès-verbal version {pv.version}"
    paper = drop.paper
    if paper is None or not paper.by:
        raise Refused(
            what,
            ["Cette feuille n’est prise que signée à la main : imprimée, puis numérisée."],
            f"{ON_SCREEN} Ou imprimez cette feuille, faites-la signer, numérisez-la.",
        )
    certification = office.certification_of(held.certification_hash)
    scope = emargement_scope(held, certification, held.decided, pv)
    if changed := differences(outline(Emargement, scope), sheet.values, drop.values):
        raise Refused(
            what,
            (f"{p.where} : {p.message}" for p in changed),
            "Ce que la feuille imprime vient du procès-verbal et ne se modifie pas à la main.",
        )
    reading = accept(Emargement, scope, drop.values, today=drop.today)
    if reading.answers is None:
        raise refused_problems(what, reading.problems, drop)
    day = reading.answers.signing.day
    if day < held.decided.deliberated_on:
        raise Refused(
            what,
            [
                f"Elle est datée du {day:%d/%m/%Y}, avant la délibération du "
                f"{held.decided.deliberated_on:%d/%m/%Y} : ce procès-verbal n’existait pas."
            ],
            "Vérifiez la date écrite sur la feuille.",
        )
    places = {f"{PREFIX}{row.key}": row.key for row in scope.rows("members")}
    members = tuple(key for place, key in places.items() if paper.inked.get(place))
    if not members:
        raise Refused(
            what,
            ["Aucune signature manuscrite n’y a été vue dans les cadres prévus."],
            "Faites signer chaque membre dans son cadre, puis numérisez de nouveau la feuille.",
        )
    names = {m.key: m.name for m in held.members}
    there = held.returned.signed if held.returned else ()
    twice = [names[k] for k in members if k in there]
    seen = EmargementConfirmed(
        document=drop.mark,
        sha256=drop.sha256,
        dropped_as=drop.name,
        version=pv.version,
        members=members,
        signed_on=day,
        by=paper.by,
        seen_on=paper.day,
        also=paper.also,
        typed_in=paper.typed_in,
    )
    by_hand = ", ".join(names[key] for key in members)
    said = f"{counted(len(members), 'signature')} sur papier : {by_hand}."
    return Answer(
        outcome="accepted",
        what=what,
        reasons=(said, *[f"Déjà signé auparavant par {', '.join(twice)}."] * bool(twice)),
        remedy="Le procès-verbal du dossier de la session le dit à la place de ces membres ; le "
        "président le signe en dernier, à l’écran.",
        stream=stream,
        document=drop.mark,
        appends=(Append(stream=stream, after=len(recorded), events=(seen,)),),
    )
